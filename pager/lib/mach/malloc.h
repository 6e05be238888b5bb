/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory of a program (GD91 §5.4): pages from the kernel, pieces of them by size.
 */
#pragma once
#include "mach/kern_return.h"

/* Zeroed pages anywhere, at an address in which the bits of mask are 0. */
kern_return_t memory_allocate(vm_offset_t *address, vm_size_t size, vm_offset_t mask);
/* From now on, what memory_allocate (and so malloc and new stacks) gives is wired: it never faults (vm_wire). */
void memory_wire(mach_port_t host_priv);

/* NULL without memory; not zeroed; aligned to 8 bytes. */
void *malloc(vm_size_t size);
void free(void *memory);
/* Bytes that malloc has from the kernel. */
extern vm_size_t malloc_total;
