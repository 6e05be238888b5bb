/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory objects as the kernel knows them (Y87 §5.2): resident pages, a manager's ports, a shadow.
 *
 *   shadow: the object that has what this one lacks (copy-on-write); copy: the one that must get the old contents
 *   before they change here (asymmetric copy of objects that others write, MEMORY_OBJECT_COPY_DELAY).
 */
#pragma once
#include "base/list.h"
#include "mach/kern_return.h"
#include "mach/memory_object.h"
#include "vm/vm_page.h"

struct ipc_port;

typedef struct vm_object {
	struct list memq;                       /* its resident pages */
	natural_t resident_page_count;
	vm_size_t size;                         /* bytes; only if internal */
	natural_t ref_count;
	struct vm_object *copy, *shadow;
	vm_offset_t shadow_offset;
	struct ipc_port *pager;                 /* the memory object: a send right */
	struct ipc_port *pager_request;         /* memory control: the kernel receives */
	struct ipc_port *pager_name;
	memory_object_copy_strategy_t copy_strategy;
	natural_t paging_in_progress;           /* pages under way, and others who need the object to stay */
	natural_t absent_count;                 /* pages asked for and not answered */
	natural_t pager_created : 1, pager_initialized : 1, pager_ready : 1,
		can_persist : 1,                /* kept in the cache when nobody maps it */
		internal : 1,                   /* made by the kernel: temporary memory */
		temporary : 1,                  /* contents die with it */
		alive : 1,
		use_shared_copy : 1,
		shadowed : 1,
		used_for_pageout : 1,           /* carries pages in transit, for the default pager if they stay */
		cached : 1;
	natural_t wanted_events;                /* bits: somebody waits for ready, progress, absent count, copy */
	struct list cached_list;
	vm_offset_t last_alloc;                 /* for vm_page_deactivate_behind */
	vm_page_t overwriting_page;
} *vm_object_t;
#define VM_OBJECT_NULL ((vm_object_t)0)

extern vm_object_t kernel_object;

void vm_object_bootstrap(void);
void vm_object_init(void);
vm_object_t vm_object_allocate(vm_size_t size);
void vm_object_reference(vm_object_t object);
void vm_object_deallocate(vm_object_t object);
/* The object of a manager's port, made and announced to it (memory_object_init) if it is new; waits until it is ready.
 * internal: the kernel's own, whose manager is the default one. */
vm_object_t vm_object_enter(struct ipc_port *pager, vm_size_t size, bool internal);
/* The object that a memory control, or name, or pager port stands for, with a reference; NULL. */
vm_object_t vm_object_lookup(struct ipc_port *port);
/* Its manager is gone, or has let go: what is absent becomes an error. */
void vm_object_destroy(struct ipc_port *pager);
void vm_object_pager_wakeup(struct ipc_port *pager);
/* An internal object gets a manager: the default one (memory_object_create). */
void vm_object_pager_create(vm_object_t object);

/* Copying, lazily. A new reference to, or a copy of, [offset, offset+size): see vm_object.c for who does which. */
kern_return_t vm_object_copy_strategically(vm_object_t source, vm_offset_t offset, vm_size_t size, vm_object_t *object,
                                           vm_offset_t *new_offset, bool *needs_copy);
bool vm_object_copy_temporary(vm_object_t *object, vm_offset_t *offset, bool *source_needs_copy, bool *needs_copy);
kern_return_t vm_object_copy_slowly(vm_object_t source, vm_offset_t offset, vm_size_t size, bool interruptible,
                                    vm_object_t *object);
void vm_object_shadow(vm_object_t *object, vm_offset_t *offset, vm_size_t length);
void vm_object_collapse(vm_object_t object);
bool vm_object_coalesce(vm_object_t previous, vm_object_t next, vm_offset_t previous_offset, vm_offset_t next_offset,
                        vm_size_t previous_size, vm_size_t next_size);
/* Pages from offset on: freed; made read-only in every pmap; removed from or lowered in all pmaps. */
void vm_object_page_remove(vm_object_t object, vm_offset_t start, vm_offset_t end);
void vm_object_pmap_protect(vm_object_t object, vm_offset_t offset, vm_size_t size, pmap_t pmap, vm_offset_t start,
                            vm_prot_t prot);
void vm_object_pmap_remove(vm_object_t object, vm_offset_t start, vm_offset_t end);

static inline void vm_object_paging_begin(vm_object_t object) { object->paging_in_progress++; }
void vm_object_paging_end(vm_object_t object);
void vm_object_paging_wait(vm_object_t object, bool interruptible);
