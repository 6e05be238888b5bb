/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A thread's registers, as thread_get_state and thread_set_state have them (after Mach 3.0 mach/mips/thread_status.h):
 * all but $0, and $26 and $27, which are the kernel's.
 */
#pragma once
#include "mach/types.h"

#define MIPS_THREAD_STATE 1
struct mips_thread_state {
	natural_t at, v0, v1, a0, a1, a2, a3;
	natural_t t0, t1, t2, t3, t4, t5, t6, t7;
	natural_t s0, s1, s2, s3, s4, s5, s6, s7;
	natural_t t8, t9, gp, sp, s8, ra;
	natural_t lo, hi;
	natural_t pc;
};
#define MIPS_THREAD_STATE_COUNT (sizeof(struct mips_thread_state) / sizeof(natural_t))

/* A list of the flavors that there are. */
#define THREAD_STATE_FLAVOR_LIST 0

/* The same by names that each architecture has. */
#define MACHINE_THREAD_STATE MIPS_THREAD_STATE
#define MACHINE_THREAD_STATE_COUNT MIPS_THREAD_STATE_COUNT
typedef struct mips_thread_state machine_thread_state_t;
#define MACHINE_STATE_PC pc
#define MACHINE_STATE_SP sp
