/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The six kernel calls beside IPC (L4 version 2), each a software interrupt; registers not named as results are
 * undefined after the call.
 *
 *   0x31 id_nearest       ESI/EDI id                     -> EAX kind, ESI/EDI first hop to it (for nil: own id)
 *   0x32 fpage_unmap      EAX fpage, ECX flags           ->
 *   0x33 thread_switch    ESI/EDI id, nil: anybody       ->
 *   0x34 thread_schedule  EAX parameters, ESI/EDI id     -> EAX old parameters (-1: refused), ECX state
 *   0x35 lthread_ex_regs  EAX lthread, ECX EIP, EDX ESP, ESI/EDI pager (-1: as it is)
 *                                                        -> EAX old EFLAGS, ECX old EIP, EDX old ESP, ESI/EDI old pager
 *   0x36 task_new         EAX mcp or new chief, ECX EIP, EDX ESP, EBX/EBP pager, ESI/EDI task
 *                                                        -> ESI/EDI the new task's thread 0 (nil: refused)
 */
#pragma once
#include "l4/types.h"

/* kinds of id_nearest */
enum { L4_SAME_CLAN = 0x00, L4_OUTER_CLAN = 0x04, L4_INNER_CLAN = 0x0c };

static inline l4_u32 l4_id_nearest(l4_threadid_t *id)
{
	l4_u32 kind;
	__asm__ volatile("int $0x31" : "=a"(kind), "+S"(id->low), "+D"(id->high) : : "ecx", "edx", "memory", "cc");
	return kind;
}

static inline l4_threadid_t l4_myself(void)
{
	l4_threadid_t id = L4_NIL_ID;
	l4_id_nearest(&id);
	return id;
}

enum {
	L4_UNMAP_WRITE = 0,              /* take the right to write only */
	L4_UNMAP_ALL = 2,                /* take the page */
	L4_UNMAP_OTHERS = 0,             /* from those who have it from here */
	L4_UNMAP_SELF = (int)0x80000000u /* and from this space */
};
static inline void l4_fpage_unmap(l4_fpage_t fpage, l4_u32 flags)
{
	__asm__ volatile("int $0x32" : "+a"(fpage), "+c"(flags) : : "ebx", "edx", "esi", "edi", "memory", "cc");
}

static inline void l4_thread_switch(l4_threadid_t to)
{
	__asm__ volatile("int $0x33" : "+S"(to.low), "+D"(to.high) : : "eax", "ebx", "ecx", "edx", "memory", "cc");
}

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
/* States in ECX. */
enum {
	L4_THREAD_ABSENT,
	L4_THREAD_READY,
	L4_THREAD_SENDING,
	L4_THREAD_RECEIVING,
	L4_THREAD_TRANSFER,      /* in the middle of a message in memory */
	L4_THREAD_HALTED,
};

static inline l4_u32 l4_thread_schedule(l4_threadid_t thread, l4_u32 parameters, l4_u32 *state)
{
	__asm__ volatile("int $0x34"
	                 : "+a"(parameters), "=c"(*state), "+S"(thread.low), "+D"(thread.high)
	                 :
	                 : "ebx", "edx", "memory", "cc");
	return parameters;
}

struct l4_registers {
	l4_u32 eip, esp;         /* in: -1 leaves it */
	l4_threadid_t pager;     /* in: L4_INVALID_ID leaves it */
	l4_u32 eflags;           /* out */
};
/* Sets a thread of the caller's own task, creating it if it was not there; an IPC of it is aborted. */
static inline void l4_lthread_ex_regs(l4_u32 lthread, struct l4_registers *r)
{
	__asm__ volatile("int $0x35"
	                 : "=a"(r->eflags), "+c"(r->eip), "+d"(r->esp), "+S"(r->pager.low), "+D"(r->pager.high)
	                 : "a"(lthread)
	                 : "ebx", "memory", "cc");
}

static inline void l4_thread_start(l4_u32 lthread, l4_u32 eip, l4_u32 esp, l4_threadid_t pager)
{
	struct l4_registers r = { eip, esp, pager, 0 };
	l4_lthread_ex_regs(lthread, &r);
}

/*
 * Task numbers have an owner, at first root.  The owner can
 *   create  (pager not nil): kills the task if it is active, and makes a new one of the next version whose thread 0
 *           starts at eip, esp; the owner is its chief; mcp is its maximum controlled priority, at most the owner's;
 *   kill    (pager nil): kills the task, and gives the number to the task mcp_or_chief names, if that is not 0.
 * Only the task's number in `task` counts.
 */
static inline l4_threadid_t l4_task_new(l4_threadid_t task, l4_u32 mcp_or_chief, l4_u32 eip, l4_u32 esp,
                                        l4_threadid_t pager)
{
	const l4_u32 in[3] = { mcp_or_chief, pager.low, pager.high };
	const void *at = in;
	__asm__ volatile("pushl %%ebp\n\t"
	                 "movl 4(%%eax),%%ebx\n\tmovl 8(%%eax),%%ebp\n\tmovl (%%eax),%%eax\n\t"
	                 "int $0x36\n\t"
	                 "popl %%ebp"
	                 : "+a"(at), "+c"(eip), "+d"(esp), "+S"(task.low), "+D"(task.high)
	                 :
	                 : "ebx", "memory", "cc");
	return task;
}
static inline l4_threadid_t l4_task_id(l4_u32 task)
{
	return (l4_threadid_t){ L4_ID_LOW(task, 0, 0), 0 };
}
