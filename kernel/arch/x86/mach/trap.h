/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Entries into the kernel, and the tables that lead to them.
 */
#pragma once
#include "machine_pcb.h"
#include <stdbool.h>

enum {
	TRAP_DIVIDE = 0, TRAP_DEBUG = 1, TRAP_BREAKPOINT = 3, TRAP_OVERFLOW = 4, TRAP_BOUND = 5,
	TRAP_INVALID_OPCODE = 6, TRAP_NO_FPU = 7, TRAP_TSS = 10, TRAP_SEGMENT = 11, TRAP_STACK = 12, TRAP_GP = 13,
	TRAP_PAGE_FAULT = 14, TRAP_FPU = 16, TRAP_ALIGNMENT = 17, TRAP_VECTORS = 48
};
enum { FAULT_PRESENT = 1, FAULT_WRITE = 2, FAULT_USER = 4 };

/* entry.S: the entry of each vector, NULL for none. */
extern const void *const trap_entry[TRAP_VECTORS];
/* What the call gate leads to. */
void syscall_entry(void);

/* Called by the entries, with interrupts off.  frame: on the kernel stack, or the current thread's own. */
void trap_from_user(struct trap_frame *frame);
void trap_from_kernel(struct trap_frame *frame);

/* tables.c: builds GDT, LDT, IDT and TSS, and loads the processor's registers from them. */
void tables_init(void);
extern uint32_t *const tables_esp0;
/* Entries from user mode push their frame below this address from now on. */
static inline void tables_set_frame_end(void *end) { *tables_esp0 = (uint32_t)end; }

/* interrupt.c: all lines masked, the controller and the processor know of each other. */
void interrupt_init(void);
/* One interrupt of the board: its handler, with interrupts off. user_mode: what it came upon. */
void interrupt(unsigned line, bool user_mode);
/* Whether the interrupt that is being handled came upon user mode: the clock asks. */
extern bool interrupt_of_user;
