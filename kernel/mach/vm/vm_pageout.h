/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pageout daemon: FIFO with second chance, targets and reserves of Mach 3.0.
 */
#pragma once
#include "vm/vm_page.h"

/* The targets, by the pages that are free now: while booting, and when pages have been withheld. */
void vm_pageout_set_targets(void);
/* The daemon's thread (start it with vm_privilege and stack_privilege); never returns. */
void vm_pageout(void *unused);
/* Writes one page out: a message with it goes to its object's manager.  The page is busy, its object has a manager;
 * dirty or precious says what it is.
 *   initial  the manager may have data already, which is then better (memory_object_data_initialize)
 *   flush    the page itself goes, and its place is free; else a copy goes, and it stays (busy)
 * May wait for memory. */
void vm_pageout_page(vm_page_t page, bool initial, bool flush);
/* A page of the laundry has come back. */
void vm_pageout_laundered(void);
/* So little memory is left that no manager but the default one can be relied on. */
bool vm_pageout_is_tight(void);
