/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The processor that stands between physical maps and their model: a TLB which keeps translations until it is told to
 * forget them, and what the processor, or the kernel's own refill, makes of page tables.  So a flush that is missing shows
 * as an access that should have faulted, went to another page, or left no trace.
 */
#pragma once
#include "machine/pmap.h"
#include "tests/unit/random.h"
#include <stdbool.h>

/* Kinds of the processor that the same tables must do for; their names, for messages. */
extern const unsigned processor_variants;
/* Power on, as this variant; before pmap_bootstrap. */
void processor_begin(unsigned variant);
/* Whether the kernel's map can have a page that may only be read. */
bool processor_write_protects(void);
/* An access of the running program: the frame that it reached, or 0 for a fault. */
paddr_t access_memory(vm_offset_t va, bool write, struct random *random);
/* The entry for a present page lets a user reach it: what the processor is to know of whose it is. */
bool entry_is_users(pmap_t pmap, vm_offset_t va);
/* Page tables that a map with one page in each 16 MiB below USER_END has. */
enum { TABLES_IN_ALL = USER_END >> 24 };
