/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Entries into the kernel, and what they leave on the stack.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "l4/tcb.h"

enum {
	TRAP_BREAKPOINT = 3,
	TRAP_OVERFLOW = 4,
	TRAP_INVALID_OPCODE = 6,
	TRAP_SS = 12,
	TRAP_GP = 13,
	TRAP_PAGE_FAULT = 14,
	TRAP_IPC = 0x30,
	TRAP_ID_NEAREST = 0x31,
	TRAP_LAST_CALL = 0x36,
	TRAP_VECTORS = 64,
};
enum { FAULT_PRESENT = 1, FAULT_WRITE = 2, FAULT_USER = 4 };

/* With the names that kernel calls give to their words. */
struct trap_frame {
	uint32_t gs, fs, es, ds;
	union { uint32_t edi, id_high; };
	union { uint32_t esi, id_low; };
	union { uint32_t ebp, pager_high; };
	uint32_t kernel_esp;
	union { uint32_t ebx, pager_low; };
	union { uint32_t edx, third; };
	union { uint32_t ecx, second; };
	union { uint32_t eax, first; };
	uint32_t vector, error;
	uint32_t eip, cs, eflags;
	uint32_t esp, ss;        /* from a user only */
};

/* entry.S: the entry of each vector, NULL for none. */
extern const void *const trap_entry[TRAP_VECTORS];
/* ipc_fast.S: the entry of int 0x30, the variant that fits. */
const void *trap_ipc_entry(bool segments, uint32_t tcb_size);
const void *trap_id_nearest_entry(uint32_t tcb_size);
static inline bool trap_is_users(unsigned vector)
{
	return vector == TRAP_BREAKPOINT || vector == TRAP_OVERFLOW || (vector >= TRAP_IPC && vector <= TRAP_LAST_CALL);
}

static inline bool trap_is_write(const struct trap_frame *frame) { return frame->error & FAULT_WRITE; }
/* The address, as the thread sees it, of a page fault at a linear one. */
static inline uint32_t trap_user_address(const struct tcb *thread, uint32_t linear)
{
	return thread->slot ? linear - pmap_slot_base(thread->slot) : linear;
}
/* Whether an exception says no more than that a small space is small. */
#define trap_is_segment_limit(thread_, vector_, error_) \
	((thread_)->slot && !(error_) && ((vector_) == TRAP_GP || (vector_) == TRAP_SS))

/* Called by every entry but those of ipc_fast.S, with interrupts off. */
void trap(struct trap_frame *frame);

/* Saves the callee's registers and the stack pointer at *save, and goes on where `load` had been saved. */
void switch_stack(uint32_t *save, uint32_t load);

/* Where a thread goes on in the kernel: */
void thread_begin(void);         /* at its user's first instruction */
void ipc_resume(void);           /* ipc_resumed, and back to the user with tcb.ipc in registers */
/* The instructions that return to users: each may fault by an EIP outside of the segment. */
extern const uint8_t trap_iret[], ipc_iret[], thread_iret[];
