/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where assembly finds the words of a thread control block (l4/tcb.h asserts that C agrees). The first four are all
 * that the IPC path reads of the partner: one cache line of the 486.
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
#define TCB_ESP 88

/* States (l4/tcb.h). */
#define STATE_RECEIVE_OPEN 1
#define STATE_READY 2

/* What the processor pushes when it enters the kernel from a user: EIP CS EFLAGS ESP SS. */
#define ENTRY_FRAME 20
