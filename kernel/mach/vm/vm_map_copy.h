/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Copies of memory, for the files of this room that make them and use them up.
 */
#pragma once
#include "vm/vm_map_entry.h"

/* The zone of copies. */
void vm_map_copy_init(void);
/* An empty copy of this type; NULL without memory. */
vm_map_copy_t vm_map_copy_create(int type, vm_offset_t offset, vm_size_t size);
/* The structure alone; what was in it is elsewhere by now. */
void vm_map_copy_dispose(vm_map_copy_t copy);
/* Gives back the pages of a PAGE_LIST: stolen ones are freed, others no longer busy; it is again what it was before. */
void vm_map_copy_release_pages(vm_map_copy_t copy);
/* Makes an ENTRY_LIST of a PAGE_LIST or OBJECT, in place. Not of a KERNEL_BUFFER. */
void vm_map_copy_entries(vm_map_copy_t copy);

/* The pages that it touches. */
static inline vm_offset_t vm_map_copy_start(vm_map_copy_t copy) { return trunc_page(copy->offset); }
static inline vm_offset_t vm_map_copy_end(vm_map_copy_t copy) { return round_page(copy->offset + copy->size); }

/* Where a piece of memory is. */
struct vm_map_piece {
	vm_map_t owner;            /* locked for writing: the map, or the sharing map under it, which is also locked */
	vm_map_entry_t entry;      /* of the owner: just the piece */
};

/* The piece that begins at the address of a locked map and ends at the latest at *end; *end: where it does. An entry
 * in transition to be unwired is waited for: its pages still belong to its wiring.
 * KERN_INVALID_ADDRESS, KERN_PROTECTION_FAILURE. */
kern_return_t vm_map_find_piece(vm_map_t map, vm_offset_t address, vm_offset_t *end, vm_prot_t prot,
                                struct vm_map_piece *piece);
/* Unlocks the sharing map, if it is of one. */
void vm_map_unlock_piece(vm_map_t map, const struct vm_map_piece *piece);
/* Whether the range is all there and allows prot: KERN_INVALID_ADDRESS, KERN_PROTECTION_FAILURE. */
kern_return_t vm_map_check_range(vm_map_t map, vm_offset_t start, vm_offset_t end, vm_prot_t prot);
