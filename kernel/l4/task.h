/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tasks: an address space, up to 128 threads, a chief.
 */
#pragma once
#include "l4/tcb.h"

struct task {
	l4_u16 chief;            /* of an active task; the owner of an inactive number */
	l4_u16 version;          /* the last one used: 0 none */
	bool active;
	l4_u8 nest;
	struct space *space;
};
extern struct task task_table[L4_TASKS];

/* All numbers are root's, but for the kernel's and sigma0's and root's own. */
void task_init(void);
/* A new task of the number's next version; its thread 0 is READY. False: no version is left, or no memory. */
bool task_create(l4_u32 task, l4_u32 chief, l4_u32 pc, l4_u32 sp, l4_threadid_t pager, l4_u8 priority, l4_u8 mcp);
struct trap_frame;
void task_new_call(struct trap_frame *frame);
/* The calls 0x31, 0x32. */
void id_nearest_call(struct trap_frame *frame);
