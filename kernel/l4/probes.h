/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's events, by name, for whoever watches: each a no-op in the code (probe.h).
 *
 * Threads are given by number (task * 128 + lthread), addresses as the space sees them, sizes in pages (or ports).
 */
#pragma once
#include "probe.h"

#define probe_thread_switch(task_, thread_) MUK_PROBE("thread_switch(task,thread)", task_, thread_)
#define probe_ipc_send(from_, to_, word0_) MUK_PROBE("ipc_send(from,to,word0)", from_, to_, word0_)
#define probe_ipc_receive(thread_, from_) MUK_PROBE("ipc_receive(thread,from)", thread_, from_)
#define probe_ipc_error(thread_, dope_) MUK_PROBE("ipc_error(thread,dope)", thread_, dope_)
#define probe_page_fault(address_, pc_, pager_) MUK_PROBE("page_fault(address,eip,pager)", address_, pc_, pager_)
#define probe_exception(vector_, pc_, pager_) MUK_PROBE("exception(vector,eip,pager)", vector_, pc_, pager_)
#define probe_map(from_, to_, address_, pages_) MUK_PROBE("map(from,to,address,pages)", from_, to_, address_, pages_)
#define probe_grant(from_, to_, address_, pages_) \
	MUK_PROBE("grant(from,to,address,pages)", from_, to_, address_, pages_)
#define probe_flush(task_, address_, pages_, flags_) \
	MUK_PROBE("flush(task,address,pages,flags)", task_, address_, pages_, flags_)
#define probe_irq(line_) MUK_PROBE("irq(line)", line_)
#define probe_timeout(thread_) MUK_PROBE("timeout(thread)", thread_)
#define probe_thread_create(thread_, pc_) MUK_PROBE("thread_create(thread,eip)", thread_, pc_)
#define probe_task_create(task_, chief_) MUK_PROBE("task_create(task,chief)", task_, chief_)
#define probe_task_kill(task_) MUK_PROBE("task_kill(task)", task_)
#define probe_task_name(task_, text_) MUK_PROBE("task_name(task,text)", task_, text_)
