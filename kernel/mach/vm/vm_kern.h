/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's own memory.
 */
#pragma once
#include "vm/vm_map.h"

void kmem_init(vm_offset_t start, vm_offset_t end);
/* Wired, zeroed memory in the kernel's map; waits for pages. KERN_NO_SPACE. */
kern_return_t kmem_alloc(vm_map_t map, vm_offset_t *address, vm_size_t size);
kern_return_t kmem_alloc_pageable(vm_map_t map, vm_offset_t *address, vm_size_t size);
void kmem_free(vm_map_t map, vm_offset_t address, vm_size_t size);
vm_map_t kmem_suballoc(vm_map_t parent, vm_offset_t *min, vm_offset_t *max, vm_size_t size, bool pageable);
/* Data of the current task moved to or from kernel memory in a copy object. */
kern_return_t copyoutmap(vm_map_t map, const void *from, vm_offset_t to, vm_size_t bytes);
kern_return_t copyinmap(vm_map_t map, vm_offset_t from, void *to, vm_size_t bytes);
