/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IPC is int 0x30:
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
 * For l4/ipc.h.
 */
#pragma once

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
