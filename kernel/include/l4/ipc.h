/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IPC as programs call it: int 0x30 (L4 version 2).
 *
 *          in                                            out
 *   EAX    send descriptor                               message dope (0: fine, two words in registers)
 *   EBP    receive descriptor                            high word of the destination meant, if redirected; else 0
 *   ECX    timeouts                                      low word of it; else 0
 *   EDX    word 0                                        word 0
 *   EBX    word 1                                        word 1
 *   ESI    partner, low word                             sender, low word
 *   EDI    partner, high word                            sender, high word
 *
 * Send descriptor: -1 nothing is sent; 0 two words; else the address of a struct l4_message, and
 *   bit 0 deceit: the chief sends in another's name, whose id lies at the user's ESP (low, high);
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

/* Everything: `partner` becomes the sender, *w0 and *w1 the words received. Returns the dope. */
static inline l4_msgdope_t l4_ipc_full(l4_threadid_t *partner, l4_u32 send, l4_u32 *w0, l4_u32 *w1,
                                       struct l4_ipc_words *words)
{
	l4_msgdope_t dope;
	l4_u32 low, high;
	__asm__ volatile("pushl %%ecx\n\tpushl %%ebp\n\t"
	                 "movl 4(%%ecx),%%ebp\n\tmovl (%%ecx),%%ecx\n\t"
	                 "int $0x30\n\t"
	                 "xchgl %%ebp,(%%esp)\n\txchgl %%ecx,4(%%esp)\n\t"
	                 "popl 12(%%ecx)\n\tpopl 8(%%ecx)"
	                 : "=a"(dope), "=d"(*w0), "=b"(*w1), "=S"(low), "=D"(high), "+c"(words)
	                 : "a"(send), "d"(*w0), "b"(*w1), "S"(partner->low), "D"(partner->high)
	                 : "memory", "cc");
	*partner = (l4_threadid_t){ low, high };
	return dope;
}

/* Sends to `to` in the name of `as` (as a chief may), then receives if asked to. */
static inline l4_msgdope_t l4_ipc_deceive(l4_threadid_t *partner, l4_threadid_t as, l4_u32 send, l4_u32 *w0, l4_u32 *w1,
                                          l4_u32 receive, l4_timeout_t timeouts)
{
	const l4_u32 in[4] = { timeouts, receive, as.low, as.high };
	l4_msgdope_t dope;
	l4_u32 low, high, clobbered;
	__asm__ volatile("pushl %%ebp\n\tpushl 12(%%ecx)\n\tpushl 8(%%ecx)\n\t"
	                 "movl 4(%%ecx),%%ebp\n\tmovl (%%ecx),%%ecx\n\t"
	                 "int $0x30\n\t"
	                 "leal 8(%%esp),%%esp\n\tpopl %%ebp"
	                 : "=a"(dope), "=d"(*w0), "=b"(*w1), "=S"(low), "=D"(high), "=c"(clobbered)
	                 : "a"(send | L4_IPC_DECEIT), "d"(*w0), "b"(*w1), "S"(partner->low), "D"(partner->high), "c"(in)
	                 : "memory", "cc");
	*partner = (l4_threadid_t){ low, high };
	return dope;
}

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

/* The shortest call there is: two words in registers, for ever, no memory touched (needs -fomit-frame-pointer). */
static inline l4_msgdope_t l4_ipc_call_registers(l4_threadid_t to, l4_u32 *w0, l4_u32 *w1)
{
	l4_msgdope_t dope;
	l4_u32 clobbered;
	__asm__ volatile("xorl %%ebp,%%ebp\n\tint $0x30"
	                 : "=a"(dope), "=d"(*w0), "=b"(*w1), "+S"(to.low), "+D"(to.high), "=c"(clobbered)
	                 : "a"(0), "d"(*w0), "b"(*w1), "c"(0)
	                 : "ebp", "memory", "cc");
	return dope;
}

static inline l4_msgdope_t l4_ipc_reply_and_wait_registers(l4_threadid_t *partner, l4_u32 *w0, l4_u32 *w1)
{
	l4_msgdope_t dope;
	l4_u32 clobbered;
	__asm__ volatile("movl $1,%%ebp\n\tint $0x30"
	                 : "=a"(dope), "=d"(*w0), "=b"(*w1), "+S"(partner->low), "+D"(partner->high), "=c"(clobbered)
	                 : "a"(0), "d"(*w0), "b"(*w1), "c"(0)
	                 : "ebp", "memory", "cc");
	return dope;
}

/* --- What the kernel sends by itself ---
 * Page fault, to the faulting thread's pager: word 0 = address & ~3 | 2 if it was a write, word 1 = EIP; the reply
 * may map anywhere into the faulter's space, and restarts the thread.
 * Exception, to the same pager: word 0 = L4_EXCEPTION | vector << 4, word 1 = EIP; a reply restarts the thread at the
 * EIP it then has (lthread_ex_regs may have moved it); a thread whose pager does not answer is halted.
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
