/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Entries into the kernel, and what they leave on the stack.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "l4/tcb.h"
#include "registers.h"

/* The exception that a pager is told of for a page fault at an address that is no user's. (There are address errors for
 * those, before it comes to that.) */
enum { TRAP_PAGE_FAULT = CODE_TLB_LOAD };

/* All of a user's registers, at the end of its block's page; with the names that kernel calls give to their words. */
struct trap_frame {
	uint32_t at;
	uint32_t number, v1;             /* v0 */
	uint32_t first, second, third, a3;
	uint32_t t0, t1;
	uint32_t id_low, id_high;        /* t2, t3 */
	uint32_t pager_low, pager_high;  /* t4, t5 */
	uint32_t t6, t7;
	uint32_t s[8];
	uint32_t t8, t9, gp, fp, ra, hi, lo;
	uint32_t vector;                 /* exception code */
	uint32_t cause;
	uint32_t error;                  /* BadVAddr */
	uint32_t flags, sp, pc;
};
_Static_assert(sizeof(struct trap_frame) == FRAME_SIZE, "as entry.S has it");
_Static_assert(offsetof(struct trap_frame, vector) == FRAME_VECTOR, "as entry.S has it");
_Static_assert(offsetof(struct trap_frame, pc) == FRAME_USER_PC, "as entry.S has it");

static inline bool trap_is_write(const struct trap_frame *frame)
{
	return frame->vector == CODE_TLB_STORE || frame->vector == CODE_MODIFIED;
}
static inline uint32_t trap_user_address(const struct tcb *thread, uint32_t address)
{
	(void)thread;
	return address;
}
/* Whether an exception says no more than that a small space is small. */
#define trap_is_segment_limit(thread_, vector_, error_) ((void)(thread_), (void)(vector_), (void)(error_), false)

/* Called by every entry of a user but those of ipc_fast.S. */
void trap(struct trap_frame *frame);
/* Called when an interrupt has come while the processor was idle. */
void trap_interrupt(void);
/* Called for anything else that comes in kernel mode, at this address. */
_Noreturn void trap_in_kernel(uint32_t pc);

/* Saves the callee's registers and the stack pointer at *save, and goes on where `load` had been saved. */
void switch_stack(uint32_t *save, uint32_t load);

/* Where a thread goes on in the kernel: */
void thread_begin(void);         /* at its user's first instruction */
void ipc_resume(void);           /* ipc_resumed, and back to the user with tcb.ipc in registers */
