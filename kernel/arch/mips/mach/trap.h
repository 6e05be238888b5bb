/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Entries into the kernel.
 */
#pragma once
#include "machine_pcb.h"
#include <stdbool.h>

/* Called by the entries, with interrupts off.  frame: on the kernel stack, or the current thread's own. */
void trap_from_user(struct trap_frame *frame);
void trap_from_kernel(struct trap_frame *frame);

/* tables.c: the vectors, and what the processor's refill handler stands on. */
void tables_init(void);

/* interrupt.c: all lines masked, the controller and the processor know of each other. */
void interrupt_init(void);
/* One interrupt of the board: its handler, with interrupts off. user_mode: what it came upon. */
void interrupt(unsigned line, bool user_mode);
/* Whether the interrupt that is being handled came upon user mode: the clock asks. */
extern bool interrupt_of_user;
