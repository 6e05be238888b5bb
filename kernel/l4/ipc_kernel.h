/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IPC inside the kernel: what its parts (send and receive, transfer, faults, clans) need of each other.
 */
#pragma once
#include "l4/ipc.h"
#include "l4/tcb.h"

/* --- ipc.c --- */
/* An IPC of the current thread, its registers in tcb.ipc and tcb.receive; the results go there too. */
void ipc(void);
/* The same for an IPC that the kernel makes in the middle of something else (framed). */
void ipc_as(bool framed);
/* Called where a receiving thread goes on: handles page faults for the sender as long as it asks. */
void ipc_resumed(void);
/* A sender out of the queue it waits in, READY, its send ended by this error. */
void ipc_stop_sending(struct tcb *sender, l4_u32 error);
/* All that wait to send to this thread are told that it is not there. */
void ipc_refuse_senders(struct tcb *thread);
/* Every receive from a thread that does not exist any more ends. */
void ipc_release_orphans(void);
/* Whatever transfer the thread has a part in is broken off: the other side learns it. */
void ipc_break_transfer(struct tcb *thread);
/* The time of a thread that waits is over. */
void ipc_time_is_over(struct tcb *thread);
/* Gives a receiver its result, without a sender that transfers: an interrupt's message, or an error. READY, not run. */
void ipc_deliver(struct tcb *to, l4_threadid_t from, l4_u32 word0, l4_u32 word1, l4_msgdope_t dope);
/* Microseconds of an exponent and a mantissa; the exponent is not 0. */
static inline uint64_t ipc_timeout_us(l4_u32 exponent, l4_u32 mantissa)
{
	return (uint64_t)mantissa << 2 * (15 - exponent);
}

/* --- transfer.c --- */
/* Carries the current thread's message, beyond its two words, to a receiver that is LOCKED to it.
 * Result: the sender's error, and the bits that the receiver's dope gets. */
l4_u32 transfer(struct tcb *me, struct tcb *to, l4_msgdope_t *dope);
/* Reads a user's memory in the current thread's own space. 0, or an error. */
l4_u32 transfer_read_own(struct tcb *me, l4_u32 address, void *to, l4_u32 bytes);

/* --- fault.c --- */
/* IPC that the kernel makes for the current thread: two words to its pager, and the answer, which may map anything
 * anywhere. `pfault`: exponent of a timeout, 0 never. Result: 0 or the error. */
l4_u32 fault_ipc(l4_u32 word0, l4_u32 word1, l4_u32 pfault);
/* The pager of the current thread is asked for a page; sigma0's is the kernel. */
l4_u32 fault_resolve(l4_u32 address, bool write, l4_u32 pfault);

/* --- clan.c --- */
struct route {
	struct tcb *to;           /* NULL: nobody is there */
	bool redirected;          /* to is a chief on the way, not the destination */
	l4_u32 kind;              /* of id_nearest */
};
/* The first hop on the way from a thread to an id. */
struct route clan_route(const struct tcb *from, l4_threadid_t to);
/* Whether messages from `as` to `to` pass through the task of `chief`: then it may send in that name. */
bool clan_may_deceive(const struct tcb *chief, l4_threadid_t as, const struct tcb *to);
/* Whether a task is in the clan (or a clan within) of a chief. */
bool clan_contains(l4_u32 chief_task, l4_u32 task);
