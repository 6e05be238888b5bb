/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Offsets in struct trap_frame, for C and assembly (machine_pcb.h checks them). */
#pragma once

#define FRAME_AT 0
#define FRAME_V0 4
#define FRAME_V1 8
#define FRAME_A0 12
#define FRAME_A1 16
#define FRAME_A2 20
#define FRAME_A3 24
#define FRAME_T0 28                /* to t7 */
#define FRAME_S0 60                /* to s7 */
#define FRAME_T8 92
#define FRAME_T9 96
#define FRAME_GP 100
#define FRAME_SP 104
#define FRAME_S8 108
#define FRAME_RA 112
#define FRAME_LO 116
#define FRAME_HI 120
#define FRAME_PC 124
#define FRAME_CAUSE 128
#define FRAME_BADVADDR 132
#define FRAME_STATUS 136
#define FRAME_SIZE 144

#define SYSCALL_REFUSED 4          /* KERN_INVALID_ARGUMENT: no such call, or no arguments where they should be */
#define SYSCALL_WORDS_MOST 7       /* of arguments */
