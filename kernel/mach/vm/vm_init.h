/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The order in which memory comes up; called by kern/startup.c.
 */
#pragma once

/* After pmap_bootstrap: pages, zones and kalloc, objects, maps, the kernel's map (kmem_init over
 * pmap_virtual_space). */
void vm_mem_bootstrap(void);
/* After ipc_bootstrap: faults, external memory management, the default manager. */
void vm_mem_init(void);
