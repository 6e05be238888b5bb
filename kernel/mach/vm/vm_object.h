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
	vm_size_t size;                         /* bytes; of others than internal ones, the most that was mapped */
	natural_t ref_count;
	struct vm_object *copy, *shadow;        /* a shadow is referenced, a copy is not */
	vm_offset_t shadow_offset;              /* offset in shadow = offset here + shadow_offset */
	struct ipc_port *pager;                 /* the memory object: a send right */
	vm_offset_t paging_offset;              /* offset at the manager = offset here + paging_offset */
	struct ipc_port *pager_request;         /* memory control: the kernel receives */
	struct ipc_port *pager_name;
	memory_object_copy_strategy_t copy_strategy;
	natural_t paging_in_progress;           /* threads that need the object to stay as it is, pages under way */
	natural_t absent_count;                 /* pages asked for and not answered, or answered by "unavailable" */
	natural_t pager_created : 1,            /* it has, or had, a manager */
		pager_initialized : 1,          /* which was told so */
		pager_ready : 1,                /* and has said that it is ready */
		can_persist : 1,                /* kept in the cache when nobody maps it */
		internal : 1,                   /* made by the kernel: temporary memory */
		temporary : 1,                  /* contents die with it */
		alive : 1,                      /* false: it is being terminated */
		use_old_pageout : 1,            /* its manager takes data_write, not data_return */
		used_for_pageout : 1,           /* carries pages in transit, for the default manager if they stay */
		cached : 1;
	natural_t wanted_events;                /* bits: somebody waits for that event */
	struct list cached_list;
	vm_offset_t last_alloc;                 /* the page last inserted: for vm_page_deactivate_behind */
	uint8_t *existence;                     /* a bit a page that the default manager has; NULL: not known */
	vm_size_t existence_size;               /* bytes */
} *vm_object_t;
#define VM_OBJECT_NULL ((vm_object_t)0)

extern vm_object_t kernel_object;

void vm_object_bootstrap(void);
vm_object_t vm_object_allocate(vm_size_t size);
void vm_object_reference(vm_object_t object);
void vm_object_deallocate(vm_object_t object);
/* The object of a manager's port, with a reference, made and announced to it (memory_object_init) if it is new.  Does
 * not wait for the manager to say that it is ready: faults do (Y87 §4.2). pager: the caller keeps its right.
 * size: bytes from the object's beginning on, with the offset of what is to be mapped. */
vm_object_t vm_object_enter(struct ipc_port *pager, vm_size_t size);
/* The object that a memory control port stands for, with a reference; NULL. */
vm_object_t vm_object_lookup(struct ipc_port *port);
/* A manager's port dies (ipc_kobject_destroy for IKOT_PAGER), or the manager lets go of it: who waits for the object's
 * data, or will ask for it, gets KERN_MEMORY_FAILURE. */
void vm_object_destroy(struct ipc_port *pager);
/* The manager itself lets go (memory_object_destroy): the same, and it is told that the object has ended. */
void vm_object_abandon(vm_object_t object);
/* An internal object gets a manager: the default one (memory_object_create). False: there is no port to be had. */
bool vm_object_pager_create(vm_object_t object);

/*
 * Copying, lazily (vm_object_copy.c says who copies what, and when).
 *
 * strategically: the copy of a range of an object, by the strategy that its manager has set; waits until it has.
 *   *object, *new_offset: the copy, with a reference; *needs_copy: who maps it must shadow it before it is written.
 * temporary: in an instant, for objects that allow it (false: not): *object may become another one, with a reference
 *   in each case. *source_needs_copy: who maps the source must shadow it, too, and lower its pmap's rights now.
 * slowly: now, page by page.  KERN_MEMORY_ERROR, KERN_ABORTED. */
kern_return_t vm_object_copy_strategically(vm_object_t source, vm_offset_t offset, vm_size_t size, vm_object_t *object,
                                           vm_offset_t *new_offset, bool *needs_copy);
bool vm_object_copy_temporary(vm_object_t *object, vm_offset_t *offset, bool *source_needs_copy, bool *needs_copy);
kern_return_t vm_object_copy_slowly(vm_object_t source, vm_offset_t offset, vm_size_t size, bool interruptible,
                                    vm_object_t *object);
/* *object becomes a new object, of this length, that shadows it from *offset on; the reference goes along. */
void vm_object_shadow(vm_object_t *object, vm_offset_t *offset, vm_size_t length);
/* Shadows that nobody else needs are taken in, or passed by (vm_object_collapse.c). */
void vm_object_collapse(vm_object_t object);
/* Whether `previous` could be made longer, in place of a `next` (which must be NULL) that follows it: if so, it is. */
bool vm_object_coalesce(vm_object_t previous, vm_object_t next, vm_offset_t previous_offset, vm_offset_t next_offset,
                        vm_size_t previous_size, vm_size_t next_size);

/* The pages in [start, end): freed; in all pmaps, or in one, lowered to these rights; removed from all pmaps. */
void vm_object_page_remove(vm_object_t object, vm_offset_t start, vm_offset_t end);
void vm_object_pmap_protect(vm_object_t object, vm_offset_t offset, vm_size_t size, pmap_t pmap, vm_offset_t start,
                            vm_prot_t prot);
void vm_object_pmap_remove(vm_object_t object, vm_offset_t start, vm_offset_t end);

static inline void vm_object_paging_begin(vm_object_t object) { object->paging_in_progress++; }
void vm_object_paging_end(vm_object_t object);
/* Sleeps while there is any; false: interrupted. */
bool vm_object_paging_wait(vm_object_t object, bool interruptible);

/* What happens to an object, as events to wait for. */
enum vm_object_event {
	VM_OBJECT_EVENT_INITIALIZED, VM_OBJECT_EVENT_PAGER_READY, VM_OBJECT_EVENT_PAGING_IN_PROGRESS,
	VM_OBJECT_EVENT_ABSENT_COUNT, VM_OBJECT_EVENT_GONE
};
void vm_object_assert_wait(vm_object_t object, enum vm_object_event event, bool interruptible);
void vm_object_wakeup(vm_object_t object, enum vm_object_event event);
/* A page is absent no more. */
void vm_object_absent_release(vm_object_t object);

/* What is known of a page that is not resident: whether the manager has it (vm_object_existence.c). */
enum vm_existence { VM_EXISTENCE_ABSENT, VM_EXISTENCE_EXISTS, VM_EXISTENCE_UNKNOWN };
enum vm_existence vm_object_existence(const struct vm_object *object, vm_offset_t offset);
void vm_object_existence_create(vm_object_t object);
void vm_object_existence_set(vm_object_t object, vm_offset_t offset);

/* Within the room. */
void vm_object_free(vm_object_t object);
void vm_object_terminate(vm_object_t object);
/* The ports of an object that has a manager, with a reference to each. False: it has none, or has lost it. */
struct vm_object_ports { struct ipc_port *pager, *request, *name; };
bool vm_object_ports_hold(vm_object_t object, struct vm_object_ports *ports);
void vm_object_ports_release(struct vm_object_ports *ports);
void vm_object_pager_detach(vm_object_t object);
void vm_object_pager_release(vm_object_t object);
void vm_object_pager_move(vm_object_t from, vm_object_t to);
void vm_object_cache_enter(vm_object_t object);
void vm_object_cache_leave(vm_object_t object);
void vm_object_existence_free(vm_object_t object);
