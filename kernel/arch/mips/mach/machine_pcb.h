/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A thread's machine state: the user's registers, where the entries save them, so that a thread which has no kernel
 * stack loses nothing; and the kernel context of one that blocked on its stack.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "mach/thread_status.h"
#include "pcb_layout.h"

struct trap_frame {
	struct mips_thread_state registers;
	uint32_t cause, badvaddr;    /* of the exception */
	uint32_t status;             /* of an exception in the kernel only: there it is what it was */
	uint32_t unused;             /* a multiple of 8 bytes */
};

struct pcb {
	struct trap_frame user;
	uint32_t kernel_sp;          /* blocked without a continuation: its context on its kernel stack */
	uint32_t fault_address;      /* of its last page fault in user mode */
	bool fault_writes;
};

#define FRAME_HAS_(register_, offset_) \
	_Static_assert(offsetof(struct trap_frame, registers.register_) == (offset_), "as entry.S has it")
FRAME_HAS_(at, FRAME_AT);
FRAME_HAS_(v0, FRAME_V0);
FRAME_HAS_(a0, FRAME_A0);
FRAME_HAS_(t0, FRAME_T0);
FRAME_HAS_(s0, FRAME_S0);
FRAME_HAS_(t8, FRAME_T8);
FRAME_HAS_(gp, FRAME_GP);
FRAME_HAS_(sp, FRAME_SP);
FRAME_HAS_(s8, FRAME_S8);
FRAME_HAS_(ra, FRAME_RA);
FRAME_HAS_(lo, FRAME_LO);
FRAME_HAS_(hi, FRAME_HI);
FRAME_HAS_(pc, FRAME_PC);
_Static_assert(offsetof(struct trap_frame, cause) == FRAME_CAUSE &&
               offsetof(struct trap_frame, badvaddr) == FRAME_BADVADDR &&
               offsetof(struct trap_frame, status) == FRAME_STATUS && sizeof(struct trap_frame) == FRAME_SIZE &&
               offsetof(struct pcb, user) == 0, "as entry.S has it");
#undef FRAME_HAS_
