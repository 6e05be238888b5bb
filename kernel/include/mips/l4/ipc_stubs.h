/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IPC is a syscall with 0 in v0:
 *
 *          in                                            out
 *   v0     0                                             message dope (0: fine, two words in registers)
 *   a0     send descriptor                               0
 *   a1     receive descriptor                            0
 *   a2     timeouts                                      0
 *   t0     word 0                                        word 0
 *   t1     word 1                                        word 1
 *   t2     partner, low word                             sender, low word
 *   t3     partner, high word                            sender, high word
 *   t4     -                                             low word of the destination meant, if redirected; else 0
 *   t5     -                                             high word of it; else 0
 *
 * sp is kept, everything else comes back 0: the kernel saves no register that may not be in use, and lets nobody see
 * what another had in it.  So it is the compiler that saves, around the call, what is live
 * (gp never is: programs have no small data).  For l4/ipc.h.
 */
#pragma once

#define L4_IPC_CLOBBERS                                                                                      \
	"$1", "$3", "$7", "$14", "$15", "$16", "$17", "$18", "$19", "$20", "$21", "$22", "$23", "$24", "$25", \
	"$30", "$31", "hi", "lo", "memory"

/* Everything: `partner` becomes the sender, *w0 and *w1 the words received. Returns the dope. */
static inline l4_msgdope_t l4_ipc_full(l4_threadid_t *partner, l4_u32 send, l4_u32 *w0, l4_u32 *w1,
                                       struct l4_ipc_words *words)
{
	register l4_u32 dope __asm__("$2") = 0, a0 __asm__("$4") = send, a1 __asm__("$5") = words->receive;
	register l4_u32 a2 __asm__("$6") = words->timeouts, t0 __asm__("$8") = *w0, t1 __asm__("$9") = *w1;
	register l4_u32 low __asm__("$10") = partner->low, high __asm__("$11") = partner->high;
	register l4_u32 meant_low __asm__("$12"), meant_high __asm__("$13");
	__asm__ volatile("syscall"
	                 : "+r"(dope), "+r"(a0), "+r"(a1), "+r"(a2), "+r"(t0), "+r"(t1), "+r"(low), "+r"(high),
	                   "=r"(meant_low), "=r"(meant_high)
	                 :
	                 : L4_IPC_CLOBBERS);
	*w0 = t0;
	*w1 = t1;
	*partner = (l4_threadid_t){ low, high };
	words->meant = (l4_threadid_t){ meant_low, meant_high };
	return dope;
}

/* Sends to `to` in the name of `as` (as a chief may), then receives if asked to. */
static inline l4_msgdope_t l4_ipc_deceive(l4_threadid_t *partner, l4_threadid_t as, l4_u32 send, l4_u32 *w0, l4_u32 *w1,
                                          l4_u32 receive, l4_timeout_t timeouts)
{
	register l4_u32 dope __asm__("$2") = 0, a0 __asm__("$4") = send | L4_IPC_DECEIT, a1 __asm__("$5") = receive;
	register l4_u32 a2 __asm__("$6") = timeouts, t0 __asm__("$8") = *w0, t1 __asm__("$9") = *w1;
	register l4_u32 low __asm__("$10") = partner->low, high __asm__("$11") = partner->high;
	register l4_u32 as_low __asm__("$12") = as.low, as_high __asm__("$13") = as.high;
	__asm__ volatile("addiu\t$29,$29,-8\n\tsw\t$12,0($29)\n\tsw\t$13,4($29)\n\t"
	                 "syscall\n\t"
	                 "addiu\t$29,$29,8"
	                 : "+r"(dope), "+r"(a0), "+r"(a1), "+r"(a2), "+r"(t0), "+r"(t1), "+r"(low), "+r"(high),
	                   "+r"(as_low), "+r"(as_high)
	                 :
	                 : L4_IPC_CLOBBERS);
	*w0 = t0;
	*w1 = t1;
	*partner = (l4_threadid_t){ low, high };
	return dope;
}

/* Two words there and back, for ever; what is not wanted is not looked at. */
static inline l4_msgdope_t l4_ipc_registers(l4_threadid_t *partner, l4_u32 receive, l4_u32 *w0, l4_u32 *w1)
{
	register l4_u32 dope __asm__("$2") = 0, a0 __asm__("$4") = L4_IPC_SHORT, a1 __asm__("$5") = receive;
	register l4_u32 a2 __asm__("$6") = L4_NEVER, t0 __asm__("$8") = *w0, t1 __asm__("$9") = *w1;
	register l4_u32 low __asm__("$10") = partner->low, high __asm__("$11") = partner->high;
	__asm__ volatile("syscall"
	                 : "+r"(dope), "+r"(a0), "+r"(a1), "+r"(a2), "+r"(t0), "+r"(t1), "+r"(low), "+r"(high)
	                 :
	                 : "$12", "$13", L4_IPC_CLOBBERS);
	*w0 = t0;
	*w1 = t1;
	*partner = (l4_threadid_t){ low, high };
	return dope;
}

/* The shortest call there is: two words in registers, for ever, no memory touched. */
static inline l4_msgdope_t l4_ipc_call_registers(l4_threadid_t to, l4_u32 *w0, l4_u32 *w1)
{
	return l4_ipc_registers(&to, 0, w0, w1);
}

static inline l4_msgdope_t l4_ipc_reply_and_wait_registers(l4_threadid_t *partner, l4_u32 *w0, l4_u32 *w1)
{
	return l4_ipc_registers(partner, L4_IPC_OPEN, w0, w1);
}
