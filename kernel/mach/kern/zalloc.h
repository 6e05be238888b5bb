/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Zones: free lists of equal elements, in wired kernel memory that grows by pages (Mach kern/zalloc); and kalloc, a
 * family of zones by size for everything else.
 *
 * Zones live in single pages that are seen through the window on all memory: they need no address map.
 */
#pragma once
#include "mach/types.h"

typedef struct zone *zone_t;

/* size: bytes of an element, at most ZONE_ELEMENT_MOST. max: bytes that it may grow to. name: a literal. Never NULL:
 * zones are made while booting. */
zone_t zinit(vm_size_t size, vm_size_t max, const char *name);
/* Waits for memory if there is none, unless the zone is at its maximum: then NULL. Not zeroed, aligned to 4 bytes. */
void *zalloc(zone_t zone);
/* Never waits. */
void *zget(zone_t zone);
void zfree(zone_t zone, void *element);
/* So many elements set aside now, waiting for memory: for those that may not wait later. */
void zfill(zone_t zone, natural_t elements);
/* Elements in use. */
natural_t zone_in_use(zone_t zone);
/* Gives whole free pages back to the machine (the pageout daemon, before it pages). */
void consider_zone_gc(void);

enum { ZONE_ELEMENT_MOST = 2032 };

/* The zones of kalloc: from here on it works. */
void kalloc_init(void);
/* NULL if the kernel is at its limit of memory. size must be given back. */
void *kalloc(vm_size_t size);
/* Never waits. */
void *kget(vm_size_t size);
void kfree(void *data, vm_size_t size);
