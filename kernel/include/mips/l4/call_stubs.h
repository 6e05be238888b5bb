/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernel calls are syscalls with a number in v0; all registers but those named as results are kept.
 *
 *   1 id_nearest       t2/t3 id                        -> a0 kind, t2/t3 first hop
 *   2 fpage_unmap      a0 fpage, a1 flags              ->
 *   3 thread_switch    t2/t3 id                        ->
 *   4 thread_schedule  a0 parameters, t2/t3 id         -> a0 old parameters, a1 state
 *   5 lthread_ex_regs  a0 lthread, a1 PC, a2 SP, t2/t3 pager
 *                                                      -> a0 0, a1 old PC, a2 old SP, t2/t3 old pager
 *   6 task_new         a0 mcp or new chief, a1 PC, a2 SP, t4/t5 pager, t2/t3 task
 *                                                      -> t2/t3 the new task's thread 0
 * A number that is none of these, nor 0 (IPC), is an exception: L4_SYSCALL_EXCEPTION.
 *
 * For l4/syscalls.h.
 */
#pragma once

enum { L4_SYSCALL_EXCEPTION = 8 };

static inline l4_u32 l4_id_nearest(l4_threadid_t *id)
{
	register l4_u32 number __asm__("$2") = 1, kind __asm__("$4");
	register l4_u32 low __asm__("$10") = id->low, high __asm__("$11") = id->high;
	__asm__ volatile("syscall" : "=r"(kind), "+r"(low), "+r"(high) : "r"(number) : "memory");
	*id = (l4_threadid_t){ low, high };
	return kind;
}

/* Only the call of id_nearest, for nil; the id is not looked at: what is measured of a kernel call. */
static inline __attribute__((always_inline)) void l4_null_call(l4_threadid_t *id)
{
	l4_id_nearest(id);
}

static inline void l4_fpage_unmap(l4_fpage_t fpage, l4_u32 flags)
{
	register l4_u32 number __asm__("$2") = 2, a0 __asm__("$4") = fpage, a1 __asm__("$5") = flags;
	__asm__ volatile("syscall" : : "r"(number), "r"(a0), "r"(a1) : "memory");
}

static inline void l4_thread_switch(l4_threadid_t to)
{
	register l4_u32 number __asm__("$2") = 3, low __asm__("$10") = to.low, high __asm__("$11") = to.high;
	__asm__ volatile("syscall" : : "r"(number), "r"(low), "r"(high) : "memory");
}

static inline l4_u32 l4_thread_schedule(l4_threadid_t thread, l4_u32 parameters, l4_u32 *state)
{
	register l4_u32 number __asm__("$2") = 4, a0 __asm__("$4") = parameters, a1 __asm__("$5");
	register l4_u32 low __asm__("$10") = thread.low, high __asm__("$11") = thread.high;
	__asm__ volatile("syscall" : "+r"(a0), "=r"(a1) : "r"(number), "r"(low), "r"(high) : "memory");
	*state = a1;
	return a0;
}

static inline void l4_lthread_ex_regs(l4_u32 lthread, struct l4_registers *r)
{
	register l4_u32 number __asm__("$2") = 5, a0 __asm__("$4") = lthread, a1 __asm__("$5") = r->pc;
	register l4_u32 a2 __asm__("$6") = r->sp;
	register l4_u32 low __asm__("$10") = r->pager.low, high __asm__("$11") = r->pager.high;
	__asm__ volatile("syscall" : "+r"(a0), "+r"(a1), "+r"(a2), "+r"(low), "+r"(high) : "r"(number) : "memory");
	r->flags = a0;
	r->pc = a1;
	r->sp = a2;
	r->pager = (l4_threadid_t){ low, high };
}

static inline l4_threadid_t l4_task_new(l4_threadid_t task, l4_u32 mcp_or_chief, l4_u32 pc, l4_u32 sp,
                                        l4_threadid_t pager)
{
	register l4_u32 number __asm__("$2") = 6, a0 __asm__("$4") = mcp_or_chief, a1 __asm__("$5") = pc;
	register l4_u32 a2 __asm__("$6") = sp, low __asm__("$10") = task.low, high __asm__("$11") = task.high;
	register l4_u32 pager_low __asm__("$12") = pager.low, pager_high __asm__("$13") = pager.high;
	__asm__ volatile("syscall"
	                 : "+r"(low), "+r"(high)
	                 : "r"(number), "r"(a0), "r"(a1), "r"(a2), "r"(pager_low), "r"(pager_high)
	                 : "memory");
	return (l4_threadid_t){ low, high };
}
