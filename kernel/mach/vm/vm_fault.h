/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Page faults (Y87 §5.5).
 */
#pragma once
#include "vm/vm_map.h"

/* Makes the page behind the address accessible, and enters it.
 *   fault_type     the access; VM_PROT_NONE with change_wiring
 *   change_wiring  the entry's wiring has changed: the page's goes along with it
 *   continuation   where a user's thread goes on, with the result, if it has to block: it gives its stack away, and
 *                  vm_fault does not return (NULL: it keeps its stack)
 * The caller holds no lock of the map. KERN_SUCCESS, KERN_INVALID_ADDRESS, KERN_PROTECTION_FAILURE,
 * KERN_MEMORY_FAILURE (the object's manager has gone), KERN_MEMORY_ERROR (its manager gave an error), KERN_ABORTED
 * (thread_abort: a user's thread just goes back to its instruction; a call of the kernel's fails). */
kern_return_t vm_fault(vm_map_t map, vm_offset_t address, vm_prot_t fault_type, bool change_wiring,
                       void (*continuation)(kern_return_t));
/* All pages of an entry that is wired, and back. The caller has no lock of the map; the entry stays (in transition). */
kern_return_t vm_fault_wire(vm_map_t map, vm_map_entry_t entry);
void vm_fault_unwire(vm_map_t map, vm_map_entry_t entry);

/*
 * A page of an object, busy, found in it, in its shadows or by asking its manager.
 * Before: the caller holds a reference and vm_object_paging_begin on first_object.
 * VM_FAULT_SUCCESS: *result_page is busy, and resident in an object that vm_object_paging_begin is held on instead:
 *   vm_fault_release ends both.  *protection: in, the access; out, what may be granted (no writing if it is another's).
 * Anything else: the paging is ended already.  RETRY: it has waited, begin anew (with vm_object_paging_begin).
 *   MEMORY_SHORTAGE: vm_page_wait, then the same.
 */
enum vm_fault_result {
	VM_FAULT_SUCCESS, VM_FAULT_RETRY, VM_FAULT_INTERRUPTED, VM_FAULT_MEMORY_SHORTAGE, VM_FAULT_MEMORY_ERROR
};
enum vm_fault_result vm_fault_page(vm_object_t first_object, vm_offset_t first_offset, vm_prot_t fault_type,
                                   bool interruptible, vm_prot_t *protection, vm_page_t *result_page);
/* The page is on a queue again, not busy, and its waiters wake; its object's paging ends. */
void vm_fault_release(vm_page_t page);

/* Copies between objects page by page (vm_map_copy_overwrite): *size in bytes, out: what was done.  source NULL: zeros.
 * The caller holds references to both objects. map, version: the target's, which is checked before each page; another
 * one now: KERN_SUCCESS with less done. KERN_MEMORY_ERROR, KERN_ABORTED as vm_fault. */
kern_return_t vm_fault_copy(vm_object_t source, vm_offset_t source_offset, vm_size_t *size, vm_object_t target,
                            vm_offset_t target_offset, vm_map_t map, const vm_map_version_t *version,
                            bool interruptible);
