/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The processor's own view of memory: linear accesses through the model's TLB,
 * as the simulator makes them when it performs an instruction or delivers a
 * trap.  They touch the TLB and the caches and are charged like any access.
 * The look_ functions are quiet: no TLB, no A/D bit, no cycle.
 */
#pragma once
#include "sim/arch/x86/cpu.h"

struct x86; /* the processor with its MMU: sim/arch/x86/x86.h */

enum x86_privilege { AS_SUPERVISOR = 0, AS_USER = 1 };

/*
 * Reads or writes size (1..16) bytes at a linear address; an access may cross a page.  Everything is translated
 * before anything is written: on a page fault nothing is done, *fault says which, and false is returned.
 * charges: tlb_walk for misses, cache where caches are modelled.
 */
bool x86_read(struct x86 *x86, laddr_t address, void *data, unsigned size, enum x86_privilege as,
              struct x86_fault *fault);
bool x86_write(struct x86 *x86, laddr_t address, const void *data, unsigned size, enum x86_privilege as,
               struct x86_fault *fault);
/* Whether a write would succeed: touches the TLB as the write would (a processor's probe before it commits). */
bool x86_probe_write(struct x86 *x86, laddr_t address, unsigned size, enum x86_privilege as, struct x86_fault *fault);

/* Quiet: translates as the page tables (not the TLB) say; false if not present. */
bool x86_look_translate(const struct x86 *x86, laddr_t address, paddr_t *out);
/* Quiet: copies what is there; returns how many bytes could be read. */
unsigned x86_look_read(const struct x86 *x86, laddr_t address, void *data, unsigned size);
