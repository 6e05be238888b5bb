/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first words of a thread control block, and where assembly finds them (context.h asserts that C agrees); and the
 * frame in which a user's registers are kept, at the end of the block's page.
 */
#pragma once

#define TCB_SIZE 4096
#define TCB_ID_LOW 0
#define TCB_ID_HIGH 4
#define TCB_STATE 8
#define TCB_ROOT 12
#define TCB_ATTENTION 16
#define TCB_RECEIVE 20
#define TCB_TIMEOUTS 24
#define TCB_TASK 28
#define TCB_NUMBER 32
#define TCB_SEND 36
#define TCB_WORD0 40
#define TCB_WORD1 44
#define TCB_PARTNER_LOW 48
#define TCB_PARTNER_HIGH 52
#define TCB_DOPE 56
#define TCB_MEANT_LOW 60
#define TCB_MEANT_HIGH 64
#define TCB_STACK_POINTER 68

#ifndef __ASSEMBLER__
#define TCB_FIRST_WORDS                                                                               \
	l4_threadid_t id;                                                                             \
	l4_u32 state;                                                                                 \
	struct space_root *root; /* of the page tables; NULL: any will do (the idle thread) */        \
	l4_u32 attention;                                                                             \
	l4_u32 receive;          /* receive descriptor */                                             \
	l4_timeout_t timeouts;                                                                        \
	l4_u32 task;                                                                                  \
	l4_u32 number;           /* task * 128 + lthread */                                           \
	struct ipc_registers ipc;                                                                     \
	l4_u32 stack_pointer;    /* of the kernel stack, while the thread does not run */
#endif

/* States (l4/tcb.h). */
#define STATE_RECEIVE_OPEN 1
#define STATE_READY 2

/* A user's registers, as struct trap_frame (trap.h) has them: the last words of the page.  Of a thread that has come by
 * an IPC only the last two count. */
#define FRAME_SIZE 144
#define FRAME_AT 0
#define FRAME_V0 4
#define FRAME_V1 8
#define FRAME_A0 12
#define FRAME_A1 16
#define FRAME_A2 20
#define FRAME_A3 24
#define FRAME_T0 28
#define FRAME_S0 60
#define FRAME_T8 92
#define FRAME_T9 96
#define FRAME_GP 100
#define FRAME_FP 104
#define FRAME_RA 108
#define FRAME_HI 112
#define FRAME_LO 116
#define FRAME_VECTOR 120
#define FRAME_CAUSE 124
#define FRAME_ADDRESS 128
#define FRAME_USER_SP 136
#define FRAME_USER_PC 140

/* What a function may store of its arguments above its stack. */
#define ARGUMENT_AREA 16
/* The stack of a kernel that has just been entered, below the frame. */
#define STACK_BEGIN (TCB_SIZE - FRAME_SIZE - ARGUMENT_AREA)

/* struct space_root. */
#define ROOT_ENTRY_HI 2048
