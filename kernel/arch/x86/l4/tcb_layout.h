/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first words of a thread control block, in an order of this architecture's, and where assembly finds them
 * (context.h asserts that C agrees). The first four are all that the IPC path reads of the partner: one cache line of
 * the 486.
 */
#pragma once

#define TCB_ID_LOW 0
#define TCB_ID_HIGH 4
#define TCB_STATE 8
#define TCB_CR3 12
#define TCB_ATTENTION 16
#define TCB_RECEIVE 20
#define TCB_TIMEOUTS 24
#define TCB_TASK 28
#define TCB_SLOT 32
#define TCB_CODE_SEGMENT 36
#define TCB_DATA_SEGMENT 44
#define TCB_NUMBER 52
#define TCB_SEND 56
#define TCB_WORD0 60
#define TCB_WORD1 64
#define TCB_PARTNER_LOW 68
#define TCB_PARTNER_HIGH 72
#define TCB_DOPE 76
#define TCB_MEANT_LOW 80
#define TCB_MEANT_HIGH 84
#define TCB_STACK_POINTER 88

#ifndef __ASSEMBLER__
#define TCB_FIRST_WORDS                                                                                       \
	l4_threadid_t id;                                                                                     \
	l4_u32 state;                                                                                         \
	l4_u32 cr3;              /* of the page directory; 0: any will do (kernel threads, small spaces) */   \
	l4_u32 attention;                                                                                     \
	l4_u32 receive;          /* receive descriptor */                                                     \
	l4_timeout_t timeouts;                                                                                \
	l4_u32 task;                                                                                          \
	l4_u32 slot;             /* small space, 0: large */                                                  \
	l4_u32 code_segment[2], data_segment[2];                                                              \
	l4_u32 number;           /* task * 128 + lthread */                                                   \
	struct ipc_registers ipc;                                                                             \
	l4_u32 stack_pointer;    /* of the kernel stack, while the thread does not run */
#endif

/* States (l4/tcb.h). */
#define STATE_RECEIVE_OPEN 1
#define STATE_READY 2

/* What the processor pushes when it enters the kernel from a user: EIP CS EFLAGS ESP SS. */
#define ENTRY_FRAME 20
