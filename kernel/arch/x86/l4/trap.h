/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Entries into the kernel, and what they leave on the stack.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

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

struct trap_frame {
	uint32_t gs, fs, es, ds;
	uint32_t edi, esi, ebp, kernel_esp, ebx, edx, ecx, eax;
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

/* Called by every entry but those of ipc_fast.S, with interrupts off. */
void trap(struct trap_frame *frame);

/* Saves the callee's registers and the stack pointer at *save, and goes on where `load` had been saved. */
void switch_stack(uint32_t *save, uint32_t load);
enum { SWITCH_WORDS = 5 };       /* what it pops: EBP EDI ESI EBX and where to go */

/* Where a thread goes on in the kernel: */
void thread_begin(void);         /* at its user's first instruction */
void ipc_resume(void);           /* ipc_resumed, and back to the user with tcb.ipc in registers */
/* The instructions that return to users: each may fault by an EIP outside of the segment. */
extern const uint8_t trap_iret[], ipc_iret[], thread_iret[];
