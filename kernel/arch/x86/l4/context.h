/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A thread, as this architecture knows it: its block lies at an address computed from its id, in linear memory that has
 * a page once it is touched; the processor itself leaves five words for the return to a user at the top of the kernel
 * stack.  For l4/tcb.h.
 */
#pragma once
#include "layout.h"

#define TCB_AT(member_, offset_) _Static_assert(offsetof(struct tcb, member_) == (offset_), #member_)
TCB_AT(id.low, TCB_ID_LOW);
TCB_AT(id.high, TCB_ID_HIGH);
TCB_AT(state, TCB_STATE);
TCB_AT(cr3, TCB_CR3);
TCB_AT(attention, TCB_ATTENTION);
TCB_AT(receive, TCB_RECEIVE);
TCB_AT(task, TCB_TASK);
TCB_AT(number, TCB_NUMBER);
TCB_AT(slot, TCB_SLOT);
TCB_AT(code_segment, TCB_CODE_SEGMENT);
TCB_AT(data_segment, TCB_DATA_SEGMENT);
TCB_AT(ipc.send, TCB_SEND);
TCB_AT(timeouts, TCB_TIMEOUTS);
TCB_AT(ipc.word0, TCB_WORD0);
TCB_AT(ipc.word1, TCB_WORD1);
TCB_AT(ipc.partner, TCB_PARTNER_LOW);
TCB_AT(ipc.dope, TCB_DOPE);
TCB_AT(ipc.meant, TCB_MEANT_LOW);
TCB_AT(stack_pointer, TCB_STACK_POINTER);


/* The user's return frame at the top of a kernel stack. */
enum { FRAME_SS = -1, FRAME_SP = -2, FRAME_FLAGS = -3, FRAME_CS = -4, FRAME_PC = -5 };

static inline struct tcb *tcb_current(void)
{
	l4_u32 esp;
	__asm__("movl %%esp,%0" : "=r"(esp));
	return (struct tcb *)(esp & tcb_mask);
}

static inline struct tcb *tcb_at(l4_u32 task, l4_u32 lthread)
{
	return (struct tcb *)(TCB_BASE + ((task * L4_LTHREADS + lthread) << tcb_shift));
}

/* Memory for the block that tcb_at has given for the thread of this id; it may move by that. False: there is none. */
static inline bool tcb_make(struct tcb **thread, l4_threadid_t id)
{
	(void)id;
	return pmap_touch_tcb((l4_u32)*thread, true);
}

/* A new thread's way to its user. */
static inline void tcb_set_user_frame(struct tcb *thread, l4_u32 pc, l4_u32 sp)
{
	enum { INTERRUPTS_ON = 0x202 };
	l4_u32 *top = tcb_stack_top(thread);
	top[FRAME_PC] = pc;
	top[FRAME_CS] = USER_CODE;
	top[FRAME_FLAGS] = INTERRUPTS_ON;
	top[FRAME_SP] = sp;
	top[FRAME_SS] = USER_DATA;
}

/* What switch_stack finds: the registers that it pops, and where to go. */
static inline void tcb_set_switch_frame(struct tcb *thread, void (*place)(void))
{
	enum { SWITCH_WORDS = 5 };
	l4_u32 *stack = tcb_stack_top(thread) - ENTRY_FRAME / 4;
	*--stack = (l4_u32)place;
	thread->stack_pointer = (l4_u32)(stack - (SWITCH_WORDS - 1));
}

static inline bool thread_is_small(const struct tcb *thread) { return thread->slot != 0; }
