/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A thread's machine state: the user's registers, saved where the processor and the entries push them, so that a thread
 * which has no kernel stack loses nothing; and the kernel context of one that blocked on its stack.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include "pcb_layout.h"

struct trap_frame {
	uint32_t ds, es;             /* low halves */
	uint32_t edi, esi, ebp, kernel_esp, ebx, edx, ecx, eax;
	uint32_t vector, error;
	uint32_t eip, cs, eflags;
	uint32_t esp, ss;            /* of an entry from user mode only */
};

struct pcb {
	uint32_t room[PCB_ROOM];     /* an interrupt at the very entry of a kernel call needs more than a frame */
	struct trap_frame user;      /* the processor's stack pointer at an entry from user mode is its end */
	uint32_t kernel_sp;          /* blocked without a continuation: its context on its kernel stack */
	uint32_t fs_gs;              /* while it does not run: FS low, GS high */
	uint32_t fault_address;      /* of its last page fault in user mode */
};

_Static_assert(offsetof(struct trap_frame, edi) == FRAME_EDI && offsetof(struct trap_frame, esi) == FRAME_ESI &&
               offsetof(struct trap_frame, ebp) == FRAME_EBP && offsetof(struct trap_frame, ebx) == FRAME_EBX &&
               offsetof(struct trap_frame, eax) == FRAME_EAX && offsetof(struct trap_frame, eip) == FRAME_EIP &&
               offsetof(struct trap_frame, cs) == FRAME_CS && offsetof(struct trap_frame, eflags) == FRAME_EFLAGS &&
               offsetof(struct trap_frame, esp) == FRAME_ESP && offsetof(struct trap_frame, es) == FRAME_ES &&
               offsetof(struct pcb, user) == PCB_USER, "as entry.S has it");
