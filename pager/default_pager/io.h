/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pages between objects and the disk.
 */
#pragma once
#include "pager/default_pager/object.h"

/* Answers the kernel's request for one page (offset: bytes): data_supply, data_unavailable for one that was never
 * written, data_error for one that cannot be read or is lost. */
void page_supply(struct object *object, mach_port_t control, vm_offset_t offset);
/* Writes one page to its place, or to a new one. Where the paging space is full, or the disk has refused several
 * places, the page is lost: who asks for it gets an error, and not something else. only_new: unless it has a place. */
void page_store(struct object *object, vm_offset_t offset, vm_offset_t data, bool only_new);
