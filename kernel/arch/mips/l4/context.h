/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A thread, as this architecture knows it: its block is a page of kseg0 that two tables lead to, by its number; at the
 * end of that page, on top of the kernel stack, the user's registers are kept.  For l4/tcb.h.
 */
#pragma once

#define TCB_WORD_AT(member_, offset_) _Static_assert(offsetof(struct tcb, member_) == (offset_), #member_)
TCB_WORD_AT(id.low, TCB_ID_LOW);
TCB_WORD_AT(id.high, TCB_ID_HIGH);
TCB_WORD_AT(state, TCB_STATE);
TCB_WORD_AT(root, TCB_ROOT);
TCB_WORD_AT(attention, TCB_ATTENTION);
TCB_WORD_AT(receive, TCB_RECEIVE);
TCB_WORD_AT(timeouts, TCB_TIMEOUTS);
TCB_WORD_AT(task, TCB_TASK);
TCB_WORD_AT(number, TCB_NUMBER);
TCB_WORD_AT(ipc.send, TCB_SEND);
TCB_WORD_AT(ipc.word0, TCB_WORD0);
TCB_WORD_AT(ipc.word1, TCB_WORD1);
TCB_WORD_AT(ipc.partner, TCB_PARTNER_LOW);
TCB_WORD_AT(ipc.dope, TCB_DOPE);
TCB_WORD_AT(ipc.meant, TCB_MEANT_LOW);
TCB_WORD_AT(stack_pointer, TCB_STACK_POINTER);

/* Words of the return to a user, from the end of the page; FLAGS: there are none, always 0. */
enum { FRAME_PC = -1, FRAME_SP = -2, FRAME_FLAGS = -3 };

/* Threads are numbered through all tasks; a group has the blocks of TCB_GROUP of them, in order.  A group, or a block,
 * that is not there is one of zeroes that nobody writes to: an ABSENT thread. */
enum { TCB_GROUP = 1024, TCB_GROUPS = L4_TASKS * L4_LTHREADS / TCB_GROUP };
extern struct tcb **tcb_group[TCB_GROUPS];

static inline struct tcb *tcb_current(void)
{
	register l4_u32 sp __asm__("$29");
	__asm__("" : "=r"(sp));
	return (struct tcb *)(sp & ~(l4_u32)(TCB_SIZE - 1));
}

static inline struct tcb *tcb_at(l4_u32 task, l4_u32 lthread)
{
	const l4_u32 number = task * L4_LTHREADS + lthread;
	return tcb_group[number / TCB_GROUP][number % TCB_GROUP];
}

/* Memory for the block that tcb_at has given for the thread of this id; it may move by that. False: there is none. */
bool tcb_make(struct tcb **thread, l4_threadid_t id);

/* A new thread's way to its user. */
static inline void tcb_set_user_frame(struct tcb *thread, l4_u32 pc, l4_u32 sp)
{
	l4_u32 *top = tcb_stack_top(thread);
	top[FRAME_PC] = pc;
	top[FRAME_SP] = sp;
	top[FRAME_FLAGS] = 0;
}

/* What switch_stack finds: s0 to s7, fp, and in ra where to go. */
static inline void tcb_set_switch_frame(struct tcb *thread, void (*place)(void))
{
	enum { SWITCH_WORDS = 10, SWITCH_RA = 9 };
	l4_u32 *stack = (l4_u32 *)((char *)thread + STACK_BEGIN) - SWITCH_WORDS;
	stack[SWITCH_RA] = (l4_u32)place;
	thread->stack_pointer = (l4_u32)stack;
}

static inline bool thread_is_small(const struct tcb *thread)
{
	(void)thread;
	return false;
}
