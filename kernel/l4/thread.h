/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Threads: their making, changing and ending.
 */
#pragma once
#include "l4/tcb.h"

/* 1024 or 4096. Before anything else here. */
void thread_init(l4_u32 size);
/* The kernel's own thread, which idles: its block, made. */
struct tcb *thread_create_idle(void);
/* A thread of an existing task, READY to begin at pc; false without memory for its block. */
bool thread_create(struct tcb *thread, l4_threadid_t id, struct space *space, l4_u32 pc, l4_u32 sp,
                   l4_threadid_t pager, l4_u8 priority, l4_u8 mcp);
/* Out of all queues and relations; ABSENT. */
void thread_kill(struct tcb *thread);
/* An IPC that the thread is in ends with an error, as soon as it runs. */
void thread_cancel_ipc(struct tcb *thread);
/* A receiving thread is about to be dealt with in C: its timeout stops, and its stack holds something to switch to. */
void thread_stop_receiving(struct tcb *thread);
bool thread_is_receiving(const struct tcb *thread);
/* Whether it would take a message from this id now. */
bool thread_accepts(const struct tcb *thread, l4_threadid_t id);
/* The kernel stack of a thread that is to go on at this place when it is switched to. */
void thread_continue_at(struct tcb *thread, void (*place)(void));
/* The calls 0x33, 0x34, 0x35. */
struct trap_frame;
void thread_switch_call(struct trap_frame *frame);
void thread_schedule_call(struct trap_frame *frame);
void lthread_ex_regs_call(struct trap_frame *frame);
