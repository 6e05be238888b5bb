/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Regions: parts of this program's address space that other servers page.  A thread has one pager; so the threads that
 * use regions have the region mapper for their pager, a thread of the same address space.  It passes a fault on, as a
 * call, to the manager of the region in which it lies (or to the program's own pager), receives the mapping into the
 * space that it shares with the faulting thread, and restarts that.
 *
 *     worker --fault--> mapper --call--> manager
 *            <-restart-        <--map---
 */
#pragma once
#include "pager/lib/l4/program.h"

enum { REGION_MAPPER = 2, REGIONS_AT_MOST = 8 };

/* Starts the mapper, and makes it the calling thread's pager. */
void region_open(void);
/* The region [begin, end) is paged by manager. Returns its number; REGIONS_AT_MOST: no room. */
unsigned region_add(uintptr_t begin, uintptr_t end, l4_threadid_t manager);
/* How many faults its manager has resolved. */
uint32_t region_faults(unsigned region);
/* Asks a manager for a page as a fault there would: true if a mapping came, at the address. */
bool region_request(l4_threadid_t manager, uintptr_t address, bool write);
