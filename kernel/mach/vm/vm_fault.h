/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Page faults (Y87 §5.5).
 */
#pragma once
#include "vm/vm_map.h"

void vm_fault_init(void);
/* Makes the page behind the address accessible; continuation: where the thread goes on with the result if it has to
 * block (NULL: it keeps its stack). KERN_SUCCESS, KERN_INVALID_ADDRESS, KERN_PROTECTION_FAILURE, KERN_MEMORY_FAILURE,
 * KERN_MEMORY_ERROR, KERN_ABORTED. */
kern_return_t vm_fault(vm_map_t map, vm_offset_t address, vm_prot_t fault_type, bool change_wiring, bool resume,
                       void (*continuation)(kern_return_t));
/* All pages of a wired entry, and back. */
kern_return_t vm_fault_wire(vm_map_t map, vm_map_entry_t entry);
void vm_fault_unwire(vm_map_t map, vm_map_entry_t entry);

/* A page of an object, busy, found in it, its shadows or by asking its manager.
 * *protection: in, the access; out, what may be granted. top_page: a busy placeholder in the first object, or NULL. */
enum vm_fault_result {
	VM_FAULT_SUCCESS, VM_FAULT_RETRY, VM_FAULT_INTERRUPTED, VM_FAULT_MEMORY_SHORTAGE, VM_FAULT_FICTITIOUS_SHORTAGE,
	VM_FAULT_MEMORY_ERROR
};
enum vm_fault_result vm_fault_page(vm_object_t first_object, vm_offset_t first_offset, vm_prot_t fault_type,
                                   bool must_be_resident, bool interruptible, vm_prot_t *protection,
                                   vm_page_t *result_page, vm_page_t *top_page, bool resume,
                                   void (*continuation)(void));
void vm_fault_cleanup(vm_object_t object, vm_page_t top_page);
/* Copies between objects page by page (vm_map_copy_overwrite): *size in bytes, out: what was done. */
kern_return_t vm_fault_copy(vm_object_t source, vm_offset_t source_offset, vm_size_t *size, vm_object_t target,
                            vm_offset_t target_offset, vm_map_t map, const vm_map_version_t *version,
                            bool interruptible);
