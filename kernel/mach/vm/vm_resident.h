/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files about resident pages share among themselves.
 */
#pragma once
#include "vm/vm_page.h"

extern struct vm_page *vm_pages;
extern natural_t vm_pages_end, vm_pages_count;
extern natural_t vm_page_withheld_count;
extern vm_page_t vm_page_free_list;                     /* by next */
extern struct list vm_page_queue_active, vm_page_queue_inactive;

/* How many threads wait for memory: the pageout daemon goes on until there is none. It sleeps at this address. */
extern natural_t vm_page_free_wanted;
/* The page that has just become free was in the laundry. */
void vm_page_laundered(void);
void vm_page_deactivate_first(vm_page_t page);
