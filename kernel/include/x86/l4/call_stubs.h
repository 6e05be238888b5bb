/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernel calls are software interrupts; registers not named as results are undefined after the call.
 *
 *   0x31 id_nearest       ESI/EDI id                     -> EAX kind, ESI/EDI first hop
 *   0x32 fpage_unmap      EAX fpage, ECX flags           ->
 *   0x33 thread_switch    ESI/EDI id                     ->
 *   0x34 thread_schedule  EAX parameters, ESI/EDI id     -> EAX old parameters, ECX state
 *   0x35 lthread_ex_regs  EAX lthread, ECX EIP, EDX ESP, ESI/EDI pager
 *                                                        -> EAX old EFLAGS, ECX old EIP, EDX old ESP, ESI/EDI old pager
 *   0x36 task_new         EAX mcp or new chief, ECX EIP, EDX ESP, EBX/EBP pager, ESI/EDI task
 *                                                        -> ESI/EDI the new task's thread 0
 *
 * For l4/syscalls.h.
 */
#pragma once

static inline l4_u32 l4_id_nearest(l4_threadid_t *id)
{
	l4_u32 kind;
	__asm__ volatile("int $0x31" : "=a"(kind), "+S"(id->low), "+D"(id->high) : : "ecx", "edx", "memory", "cc");
	return kind;
}

/* Only the call of id_nearest, for nil; the id is not looked at: what is measured of a kernel call. */
static inline __attribute__((always_inline)) void l4_null_call(l4_threadid_t *id)
{
	__asm__ volatile("int $0x31" : "+S"(id->low), "+D"(id->high) : : "eax", "ecx", "edx", "memory", "cc");
}

static inline void l4_fpage_unmap(l4_fpage_t fpage, l4_u32 flags)
{
	__asm__ volatile("int $0x32" : "+a"(fpage), "+c"(flags) : : "ebx", "edx", "esi", "edi", "memory", "cc");
}

static inline void l4_thread_switch(l4_threadid_t to)
{
	__asm__ volatile("int $0x33" : "+S"(to.low), "+D"(to.high) : : "eax", "ebx", "ecx", "edx", "memory", "cc");
}

static inline l4_u32 l4_thread_schedule(l4_threadid_t thread, l4_u32 parameters, l4_u32 *state)
{
	__asm__ volatile("int $0x34"
	                 : "+a"(parameters), "=c"(*state), "+S"(thread.low), "+D"(thread.high)
	                 :
	                 : "ebx", "edx", "memory", "cc");
	return parameters;
}

static inline void l4_lthread_ex_regs(l4_u32 lthread, struct l4_registers *r)
{
	__asm__ volatile("int $0x35"
	                 : "=a"(r->flags), "+c"(r->pc), "+d"(r->sp), "+S"(r->pager.low), "+D"(r->pager.high)
	                 : "a"(lthread)
	                 : "ebx", "memory", "cc");
}

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
