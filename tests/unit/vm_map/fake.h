/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What stands around the address maps in their test: zones that count, pmaps that keep what they are told, objects with
 * shadows, and a fault handler; all as simple as the contracts of kernel/mach/vm allow.
 *
 * A page's contents are one number.  An access goes by the pmap's translation if there is one that allows it, as the
 * processor's would: what the maps forget to take away shows as a wrong number, or as a page used after its end.
 */
#pragma once
#include "vm/vm_map.h"

enum { FAKE_PAGES = 40, FAKE_BASE = 0x10000 };   /* of each space: FAKE_BASE.. */

/* A task's address space, empty. */
vm_map_t fake_space(void);
/* A manager's object of this many pages, whose contents are first, first + 1, ..; the caller's reference. */
vm_object_t fake_manager_object(unsigned pages, uint32_t first);
/* Its manager's port, as vm_map takes it. */
struct ipc_port *fake_port(vm_object_t object);

/* A user's access: KERN_SUCCESS, or what the fault is answered with. */
kern_return_t fake_read(vm_map_t map, vm_offset_t address, uint32_t *value);
kern_return_t fake_write(vm_map_t map, vm_offset_t address, uint32_t value);

/* Wired faults and slow copies fail at the n-th page from now on; 0: never. */
extern unsigned fake_fail_after;
/* Called while the maps must not be locked: in faults for wiring, and in slow copies. */
extern void (*fake_meanwhile)(void);

/* What is left: 0 at the end of a test. */
struct fake_counts { unsigned elements, objects, pages, pmaps; };
extern struct fake_counts fake_counts;
