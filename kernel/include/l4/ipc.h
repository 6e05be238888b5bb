/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IPC as programs call it (L4 version 2): in go a send and a receive descriptor, timeouts, two words and a partner; out
 * come a message dope (0: fine, two words), two words, the sender, and the destination meant, if the message was
 * redirected.  Which registers these are is the architecture's (l4/ipc_stubs.h).
 *
 * Send descriptor: -1 nothing is sent; 0 two words; else the address of a struct l4_message, and
 *   bit 0 deceit: the chief sends in another's name, whose id lies where the user's stack pointer is (low, high);
 *   bit 1 map: words 0 and 1 are a hot spot and an fpage (and pairs of further dwords, up to an fpage of size 0).
 * Receive descriptor: -1 nothing is received; 0 two words; else the address of a struct l4_message, or with
 *   bit 1 a receive window (an fpage); and bit 0 for a message from anybody, not just the partner.
 */
#pragma once
#include "l4/types.h"

enum { L4_IPC_DECEIT = 1, L4_IPC_MAP = 2, L4_IPC_OPEN = 1, L4_IPC_WINDOW = 2 };
#define L4_IPC_NONE 0xffffffffu
#define L4_IPC_SHORT 0u
#define L4_IPC_SHORT_MAP ((l4_u32)L4_IPC_MAP)
#define L4_IPC_MEMORY(message_) ((l4_u32)(message_))
#define L4_IPC_RECEIVE_WINDOW(fpage_) (((fpage_) & ~3u) | L4_IPC_WINDOW)

/* What does not fit into registers that inline assembly may name. */
struct l4_ipc_words {
	l4_timeout_t timeouts;
	l4_u32 receive;           /* in: descriptor; out: unused */
	l4_threadid_t meant;      /* out: the destination, if the message was redirected */
};

/* l4_ipc_full, l4_ipc_deceive, l4_ipc_call_registers, l4_ipc_reply_and_wait_registers. */
#include "l4/ipc_stubs.h"

static inline l4_msgdope_t l4_ipc(l4_threadid_t *partner, l4_u32 send, l4_u32 *w0, l4_u32 *w1, l4_u32 receive,
                                  l4_timeout_t timeouts)
{
	struct l4_ipc_words words = { timeouts, receive, { 0, 0 } };
	return l4_ipc_full(partner, send, w0, w1, &words);
}

static inline l4_u32 l4_ipc_send(l4_threadid_t to, l4_u32 send, l4_u32 w0, l4_u32 w1, l4_timeout_t timeouts)
{
	return l4_dope_error(l4_ipc(&to, send, &w0, &w1, L4_IPC_NONE, timeouts));
}

static inline l4_msgdope_t l4_ipc_call(l4_threadid_t to, l4_u32 send, l4_u32 *w0, l4_u32 *w1, l4_u32 receive,
                                       l4_timeout_t timeouts)
{
	return l4_ipc(&to, send, w0, w1, receive & ~(l4_u32)L4_IPC_OPEN, timeouts);
}

static inline l4_msgdope_t l4_ipc_reply_and_wait(l4_threadid_t *partner, l4_u32 send, l4_u32 *w0, l4_u32 *w1,
                                                 l4_u32 receive, l4_timeout_t timeouts)
{
	return l4_ipc(partner, send, w0, w1, receive | L4_IPC_OPEN, timeouts);
}

static inline l4_msgdope_t l4_ipc_wait(l4_threadid_t *from, l4_u32 *w0, l4_u32 *w1, l4_u32 receive,
                                       l4_timeout_t timeouts)
{
	*w0 = *w1 = 0;
	*from = L4_NIL_ID;
	return l4_ipc(from, L4_IPC_NONE, w0, w1, receive | L4_IPC_OPEN, timeouts);
}

static inline l4_msgdope_t l4_ipc_receive(l4_threadid_t from, l4_u32 *w0, l4_u32 *w1, l4_u32 receive,
                                          l4_timeout_t timeouts)
{
	*w0 = *w1 = 0;
	return l4_ipc(&from, L4_IPC_NONE, w0, w1, receive & ~(l4_u32)L4_IPC_OPEN, timeouts);
}

/* --- What the kernel sends by itself ---
 * Page fault, to the faulting thread's pager: word 0 = address & ~3 | 2 if it was a write, word 1 = PC; the reply
 * may map anywhere into the faulter's space, and restarts the thread.
 * Exception, to the same pager: word 0 = L4_EXCEPTION | vector << 4, word 1 = PC; a reply restarts the thread at the
 * PC it then has (lthread_ex_regs may have moved it); a thread whose pager does not answer is halted.
 * Interrupt: both words 0, from L4_INTERRUPT_ID(irq). */
#define L4_EXCEPTION 0xffffe001u
static inline int l4_is_exception(l4_u32 w0) { return (w0 & 0xfffff00fu) == L4_EXCEPTION; }
static inline l4_u32 l4_exception_vector(l4_u32 w0) { return w0 >> 4 & 0xff; }
static inline int l4_is_write_fault(l4_u32 w0) { return (w0 & 2) != 0; }
static inline l4_u32 l4_fault_address(l4_u32 w0) { return w0 & ~3u; }

/* --- What the kernel takes itself ---
 * A short message from a thread of root to L4_KERNEL_ID ends the run: word 0 = L4_KERNEL_SHUTDOWN, word 1 = code. It
 * is a send to nobody (ENOT_EXISTENT) from anybody else or with another word. */
#define L4_KERNEL_SHUTDOWN 0x0ff0u
