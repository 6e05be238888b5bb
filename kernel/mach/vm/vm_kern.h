/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's own memory: ranges of the kernel's map.  Single pages and zones need none of it: they are seen through
 * the window on all memory (phystokv).
 */
#pragma once
#include "vm/vm_map.h"

/* The kernel's map over the kernel's virtual space [start, end); after vm_page_bootstrap and vm_map_init. */
void kmem_init(vm_offset_t start, vm_offset_t end);
/* Wired, zeroed memory in the kernel's map; waits for pages. size: bytes, rounded up to pages.
 * KERN_NO_SPACE (no addresses are left, or a size of 0). */
kern_return_t kmem_alloc(vm_map_t map, vm_offset_t *address, vm_size_t size);
void kmem_free(vm_map_t map, vm_offset_t address, vm_size_t size);
/* Between the kernel's memory and any task's, which need not be the current one: bytes to, and from, its map, faulting
 * and waiting as its own accesses would. KERN_INVALID_ADDRESS, KERN_PROTECTION_FAILURE, errors of managers; then part
 * may have been copied. */
kern_return_t copyoutmap(vm_map_t map, const void *from, vm_offset_t to, vm_size_t bytes);
kern_return_t copyinmap(vm_map_t map, vm_offset_t from, void *to, vm_size_t bytes);
