/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The six kernel calls beside IPC (L4 version 2).  How each is made, and in which registers, is the architecture's
 * (l4/call_stubs.h).
 *
 *   id_nearest       id                                -> kind, first hop to it (for nil: own id)
 *   fpage_unmap      fpage, flags                      ->
 *   thread_switch    id, nil: anybody                  ->
 *   thread_schedule  parameters, id                    -> old parameters (-1: refused), state
 *   lthread_ex_regs  lthread, PC, SP, pager (-1: as it is)
 *                                                      -> old flags, old PC, old SP, old pager
 *   task_new         mcp or new chief, PC, SP, pager, task
 *                                                      -> the new task's thread 0 (nil: refused)
 */
#pragma once
#include "l4/types.h"

/* kinds of id_nearest */
enum { L4_SAME_CLAN = 0x00, L4_OUTER_CLAN = 0x04, L4_INNER_CLAN = 0x0c };

enum {
	L4_UNMAP_WRITE = 0,              /* take the right to write only */
	L4_UNMAP_ALL = 2,                /* take the page */
	L4_UNMAP_OTHERS = 0,             /* from those who have it from here */
	L4_UNMAP_SELF = (int)0x80000000u /* and from this space */
};

/* Parameters of thread_schedule: priority 8 | small 8 | zero 4 | exponent 4 | mantissa 8. The timeslice is a timeout
 * of that exponent and mantissa: 0 leaves it, mantissa 0 with an exponent makes it endless.  -1: just ask.
 * Allowed to tasks whose maximum controlled priority is not below the thread's old and new priority. */
enum {
	L4_SMALL_KEEP = 0,
	L4_SMALL_SMALL = 1,      /* the thread's task goes into a small address space, if there are such and it fits */
	L4_SMALL_LARGE = 2,
};
#define L4_SCHEDULE(priority_, small_, exponent_, mantissa_) \
	((l4_u32)(priority_) | (l4_u32)(small_) << 8 | (l4_u32)(exponent_) << 20 | (l4_u32)(mantissa_) << 24)
#define L4_SCHEDULE_ASK 0xffffffffu
/* States. */
enum {
	L4_THREAD_ABSENT,
	L4_THREAD_READY,
	L4_THREAD_SENDING,
	L4_THREAD_RECEIVING,
	L4_THREAD_TRANSFER,      /* in the middle of a message in memory */
	L4_THREAD_HALTED,
};

struct l4_registers {
	l4_u32 pc, sp;           /* in: -1 leaves it */
	l4_threadid_t pager;     /* in: L4_INVALID_ID leaves it */
	l4_u32 flags;            /* out: x86's EFLAGS; MIPS has none */
};

/*
 * l4_id_nearest, l4_fpage_unmap, l4_thread_switch, l4_thread_schedule;
 * l4_lthread_ex_regs: sets a thread of the caller's own task, creating it if it was not there; an IPC of it is aborted;
 * l4_task_new: task numbers have an owner, at first root.  The owner can
 *   create  (pager not nil): kills the task if it is active, and makes a new one of the next version whose thread 0
 *           starts at pc, sp; the owner is its chief; mcp is its maximum controlled priority, at most the owner's;
 *   kill    (pager nil): kills the task, and gives the number to the task mcp_or_chief names, if that is not 0.
 * Only the task's number in `task` counts.
 */
#include "l4/call_stubs.h"

static inline l4_threadid_t l4_myself(void)
{
	l4_threadid_t id = L4_NIL_ID;
	l4_id_nearest(&id);
	return id;
}

static inline void l4_thread_start(l4_u32 lthread, l4_u32 pc, l4_u32 sp, l4_threadid_t pager)
{
	struct l4_registers r = { pc, sp, pager, 0 };
	l4_lthread_ex_regs(lthread, &r);
}

static inline l4_threadid_t l4_task_id(l4_u32 task)
{
	return (l4_threadid_t){ L4_ID_LOW(task, 0, 0), 0 };
}
