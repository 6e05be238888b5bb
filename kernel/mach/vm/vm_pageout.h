/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pageout daemon: FIFO with second chance, targets and reserves of Mach 3.0.
 */
#pragma once
#include "vm/vm_page.h"

void vm_pageout_init(void);
/* The daemon's thread; never returns. */
void vm_pageout(void *unused);
/* Writes one page out: it moves to a message for its manager. initial: it was never paged before
 * (memory_object_data_initialize). flush: it is to go; else a copy. */
void vm_pageout_page(vm_page_t page, bool initial, bool flush);
/* A page that was in transit has come free, or the laundry has shrunk. */
void vm_pageout_wakeup(void);
