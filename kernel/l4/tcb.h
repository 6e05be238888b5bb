/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Thread control blocks: virtual objects at addresses computed from thread ids, each with its kernel stack in the
 * same page (L95 §5).  The size, 1024 or 4096 bytes, is chosen at boot; the stack grows down from the end, and the
 * deepest way through the kernel (a page fault of the sender in the middle of a string) takes about 700 bytes of it.
 *
 * A block that nobody has written yet reads as zeroes: an ABSENT thread.
 *
 *                    thread_create              (a message comes)
 *   ABSENT ------------------------> READY <------------------------ RECEIVE_OPEN, RECEIVE_TIMED, a thread's id
 *      ^      thread_kill             | |  ----------------------->
 *      '------ (from any state) ------' |        ipc_receive
 *                                       |---- ipc_send ----> SENDING --- the receiver takes it, timeout --> READY
 *                                       |---- ipc_send ----> PAGING_PARTNER --- ipc_resumed --> READY
 *   RECEIVE_... --- ipc_lock (a sender begins) ---> LOCKED --- ipc_deliver, or a fault to handle ---> READY
 *                                       '---- fault_halt --> HALTED --- thread_ex_regs --> READY
 *
 * A thread in RECEIVE_OPEN, or in the state that is the low word of an id (it receives from that thread only), has
 * nothing on its kernel stack that matters but the five words of the user's return, and nothing to undo: no timeout, no
 * nested transfer.  That is what lets the assembly path wake it by just returning to its user.  All other
 * receiving is RECEIVE_TIMED.
 */
#pragma once
#include "base/list.h"
#include "base/timeout.h"
#include "l4/space.h"
#include "l4/types.h"
#include "tcb_layout.h"

enum thread_state {
	ABSENT = 0,
	RECEIVE_OPEN = STATE_RECEIVE_OPEN,
	READY = STATE_READY,
	SENDING,         /* in the partner's queue */
	RECEIVE_TIMED,   /* open, or from tcb.from */
	LOCKED,          /* tcb.sender is transferring to this thread */
	PAGING_PARTNER,  /* the receiver of this thread's message handles a page fault for it */
	HALTED,
	RECEIVE_CLOSED_LEAST = 1 << 17, /* from here on: the low word of the id received from */
};

/* tcb.attention: why an IPC of this thread cannot take the short path: somebody waits to send to it, it has an
 * interrupt, its page directory has ports that a small space must not run with. */
enum { ATTENTION_SENDERS = 1, ATTENTION_INTERRUPT = 2, ATTENTION_PORTS = 4 };

/* An IPC's registers, in and out. */
struct ipc_registers {
	l4_u32 send, word0, word1;
	l4_threadid_t partner; /* in: to and from whom; out: the sender */
	l4_msgdope_t dope;
	l4_threadid_t meant;   /* out: destination of a redirected message */
};

struct tcb {
	TCB_FIRST_WORDS          /* of them an architecture may have more than all have (tcb_layout.h) */

	struct space *space;
	l4_threadid_t pager;
	l4_threadid_t from;      /* RECEIVE_TIMED: from whom, nil: anybody */
	l4_threadid_t as;        /* SENDING: the id that the receiver will see */
	l4_u32 flags;            /* SENDING: dope bits that go with that id */
	struct list senders;     /* threads SENDING to this one; a zeroed head is an empty queue */
	struct list on_senders;
	struct tcb *queued_at;   /* SENDING: whose queue */
	struct tcb *sender;      /* LOCKED: who transfers */
	struct tcb *receiver;    /* transferring: to whom */
	struct tcb *serving;     /* handling a page fault for this sender */
	l4_u32 fault_address;    /* what to handle: address | 2 to write | 1: there is something */
	l4_u32 error;            /* how a wait inside the kernel ended; 0: well */
	l4_u32 lost;             /* the other side of a transfer is gone */

	struct list on_ready;    /* in the run queue */
	struct timeout timeout;
	l4_u8 priority, mcp, irq_plus_1;
	l4_u32 slice_ticks;      /* 0: endless */
	l4_u32 slice_parameter;  /* the same as thread_schedule has it */
};
_Static_assert(sizeof(struct tcb) <= 256, "768 bytes are left for the stack");

/* Chosen at boot. */
extern l4_u32 tcb_size, tcb_mask; /* mask: ~(size - 1) */
extern l4_u32 tcb_shift;

static inline l4_u32 *tcb_stack_top(struct tcb *t) { return (l4_u32 *)((char *)t + tcb_size); }

/* What the architecture knows of a thread: tcb_current(), tcb_at(), tcb_make(), the return frame's words. */
#include "context.h"

/* The block of a task's thread, whether or not the thread exists. */
struct tcb *tcb_of(l4_u32 task, l4_u32 lthread);
/* The thread of an id, NULL if there is none or it is of another version or clan. */
struct tcb *tcb_find(l4_threadid_t id);
