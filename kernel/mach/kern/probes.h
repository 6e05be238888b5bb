/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's events, by name, for whoever watches: each a no-op in the code (probe.h).
 *
 * Tasks and threads are given by number (the kernel's task is 0; thread 0 is nobody: the processor idles), ports and
 * objects by the kernel's address of them, text by its address, sizes in bytes.
 */
#pragma once
#include "probe.h"

/* scheduling (kern/sched_prim.c, kern/thread.c) */
#define probe_thread_switch(task_, thread_) MUK_PROBE("thread_switch(task,thread)", task_, thread_)
#define probe_task_name(task_, text_) MUK_PROBE("task_name(task,text)", task_, text_)
#define probe_thread_name(thread_, text_) MUK_PROBE("thread_name(thread,text)", thread_, text_)
#define probe_thread_wait(thread_, event_, reason_) \
	MUK_PROBE("thread_wait(thread,event,reason)", thread_, event_, reason_)
#define probe_thread_run(thread_) MUK_PROBE("thread_run(thread)", thread_)
#define probe_thread_daemon(thread_) MUK_PROBE("thread_daemon(thread)", thread_)
#define probe_idle(timeouts_) MUK_PROBE("idle(timeouts)", timeouts_)
#define probe_thread_create(task_, thread_) MUK_PROBE("thread_create(task,thread)", task_, thread_)
#define probe_thread_terminate(thread_) MUK_PROBE("thread_terminate(thread)", thread_)
#define probe_task_create(parent_, task_) MUK_PROBE("task_create(parent,task)", parent_, task_)
#define probe_task_terminate(task_) MUK_PROBE("task_terminate(task)", task_)

/* memory (vm/) */
#define probe_fault(address_, type_) MUK_PROBE("fault(address,type)", address_, type_)
#define probe_zero_fill(object_, offset_) MUK_PROBE("zero_fill(object,offset)", object_, offset_)
#define probe_cow_fault(object_, offset_) MUK_PROBE("cow_fault(object,offset)", object_, offset_)
#define probe_page_in(object_, offset_) MUK_PROBE("page_in(object,offset)", object_, offset_)
#define probe_page_out(object_, offset_) MUK_PROBE("page_out(object,offset)", object_, offset_)

/* messages (ipc/) */
#define probe_msg_send(port_, id_, bytes_) MUK_PROBE("msg_send(port,id,bytes)", port_, id_, bytes_)
#define probe_msg_receive(port_, id_, bytes_) MUK_PROBE("msg_receive(port,id,bytes)", port_, id_, bytes_)
#define probe_exception(thread_, exception_, code_, subcode_) \
	MUK_PROBE("exception(thread,exception,code,subcode)", thread_, exception_, code_, subcode_)

/* devices (device/): a request by its address; write: 1 or 0; the first record, bytes; a D_ code */
#define probe_io_start(request_, write_, record_, bytes_) \
	MUK_PROBE("io_start(request,write,record,bytes)", request_, write_, record_, bytes_)
#define probe_io_done(request_, error_) MUK_PROBE("io_done(request,error)", request_, error_)
