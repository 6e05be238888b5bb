/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A thread's registers, as thread_get_state and thread_set_state have them (Mach 3.0 mach/i386/thread_status.h).
 */
#pragma once
#include "mach/types.h"

#define i386_THREAD_STATE 1
struct i386_thread_state {
	natural_t gs, fs, es, ds;
	natural_t edi, esi, ebp;
	natural_t esp;                  /* of the kernel: meaningless to others */
	natural_t ebx, edx, ecx, eax;
	natural_t eip, cs, efl;
	natural_t uesp, ss;
};
#define i386_THREAD_STATE_COUNT (sizeof(struct i386_thread_state) / sizeof(natural_t))

/* A list of the flavors that there are. */
#define THREAD_STATE_FLAVOR_LIST 0

/* The same by names that each architecture has. */
#define MACHINE_THREAD_STATE i386_THREAD_STATE
#define MACHINE_THREAD_STATE_COUNT i386_THREAD_STATE_COUNT
typedef struct i386_thread_state machine_thread_state_t;
#define MACHINE_STATE_PC eip
#define MACHINE_STATE_SP uesp
