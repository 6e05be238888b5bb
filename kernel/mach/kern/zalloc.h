/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Zones: free lists of equal elements, in wired kernel memory that grows by pages (Mach kern/zalloc); and kalloc, a
 * family of zones by size for everything else.
 */
#pragma once
#include "mach/types.h"

typedef struct zone *zone_t;

/* max: bytes that it may grow to. name: a literal. */
zone_t zinit(vm_size_t size, vm_size_t max, const char *name);
/* Waits for memory if there is none, unless the zone is at its maximum: then NULL. Not zeroed. */
void *zalloc(zone_t zone);
/* Never waits. */
void *zget(zone_t zone);
void zfree(zone_t zone, void *element);
/* So many elements set aside now: a promise for those that may not wait. */
void zfill(zone_t zone, natural_t elements);
/* Gives whole free pages back to the machine (the pageout daemon, before it pages). */
void consider_zone_gc(void);

void kalloc_init(void);
/* NULL if the kernel is at its limit of memory. size must be given back. */
void *kalloc(vm_size_t size);
void *kget(vm_size_t size);
void kfree(void *data, vm_size_t size);
