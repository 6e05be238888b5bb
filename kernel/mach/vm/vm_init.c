/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The order in which memory comes up.
 *
 *   pages        pmap_next_page says what the boot has left; the targets of pageout by it
 *   objects      kernel_object, and the zone of objects: zones grow by pages of kernel_map, as soon as there is one
 *   maps         kernel_map over all addresses that are left to the kernel
 */
#include "vm/vm_init.h"
#include "kern/zalloc.h"
#include "vm/vm_fault.h"
#include "vm/vm_kern.h"
#include "vm/vm_pageout.h"

void vm_mem_bootstrap(void)
{
	vm_offset_t start, end;
	vm_page_bootstrap();
	pmap_virtual_space(&start, &end);
	vm_object_bootstrap();
	vm_map_init();
	kmem_init(start, end);
	kalloc_init();
}

void vm_mem_init(void) { vm_pageout_set_targets(); }
