/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fake.h"
#include <assert.h>
#include <stdlib.h>
#include "base/panic.h"
#include "ipc/ipc_port.h"
#include "kern/startup.h"
#include "kern/thread.h"
#include "kern/zalloc.h"
#include "vm/vm_fault.h"
#include "mach_server.h"
#include "vm/vm_kern.h"

struct pmap {
	unsigned references;
	struct { vm_page_t page; vm_prot_t prot; } at[FAKE_PAGES];
};

/* A page and its contents. */
struct fake_page {
	struct vm_page page;
	uint32_t value;
};

enum { PMAPS_MOST = 16 };
static struct pmap *pmaps[PMAPS_MOST];
static struct thread boot_thread = {.vm_privilege = true};
static struct ipc_port manager_port;
static vm_object_t manager_object;   /* whose port that is */

struct thread *current_thread_ = &boot_thread;
vm_size_t memory_size = 64 << 20;
struct fake_counts fake_counts;
unsigned fake_fail_after;
void (*fake_meanwhile)(void);
vm_map_t kernel_map;
static struct vm_object no_kernel_memory;
vm_object_t kernel_object = &no_kernel_memory;
pmap_t kernel_pmap;

/* --- What must never happen --- */

void panic(const char *text)
{
	(void)text;
	abort();
}

enum wait_result thread_sleep(event_t event, bool interruptible)
{
	(void)event, (void)interruptible;
	abort();
}

void thread_wakeup(event_t event) { (void)event; }
void interrupt_window(void) {}
void vm_page_wait(void (*continuation)(void)) { (void)continuation; abort(); }

/* --- Zones --- */

struct zone { vm_size_t size; natural_t used; };

zone_t zinit(vm_size_t size, vm_size_t max, const char *name)
{
	(void)max, (void)name;
	zone_t zone = calloc(1, sizeof *zone);
	zone->size = size;
	return zone;
}

void *zalloc(zone_t zone)
{
	fake_counts.elements++;
	zone->used++;
	return malloc(zone->size);
}

void zfree(zone_t zone, void *element)
{
	fake_counts.elements--;
	zone->used--;
	free(element);
}

void zfill(zone_t zone, natural_t elements) { (void)zone, (void)elements; }
natural_t zone_in_use(zone_t zone) { return zone->used; }
void *kalloc(vm_size_t size) { fake_counts.elements++; return malloc(size); }
void kfree(void *data, vm_size_t size) { (void)size; fake_counts.elements--; free(data); }

/* --- Physical maps --- */

static unsigned index_of(vm_offset_t address)
{
	assert(address >= FAKE_BASE && (address - FAKE_BASE) / VM_PAGE_SIZE < FAKE_PAGES);
	return (address - FAKE_BASE) / VM_PAGE_SIZE;
}

pmap_t pmap_create(void)
{
	for (unsigned i = 0; i < PMAPS_MOST; i++)
		if (pmaps[i] == NULL) {
			pmaps[i] = calloc(1, sizeof *pmaps[i]);
			pmaps[i]->references = 1;
			fake_counts.pmaps++;
			return pmaps[i];
		}
	return NULL;
}

void pmap_destroy(pmap_t pmap)
{
	if (--pmap->references != 0)
		return;
	for (unsigned i = 0; i < FAKE_PAGES; i++)
		assert(pmap->at[i].page == NULL);
	for (unsigned i = 0; i < PMAPS_MOST; i++)
		if (pmaps[i] == pmap)
			pmaps[i] = NULL;
	fake_counts.pmaps--;
	free(pmap);
}

void pmap_remove(pmap_t pmap, vm_offset_t start, vm_offset_t end)
{
	for (; start < end; start += VM_PAGE_SIZE)
		pmap->at[index_of(start)].page = NULL;
}

void pmap_protect(pmap_t pmap, vm_offset_t start, vm_offset_t end, vm_prot_t prot)
{
	for (; start < end; start += VM_PAGE_SIZE) {
		pmap->at[index_of(start)].prot &= prot;
		if (prot == VM_PROT_NONE)
			pmap->at[index_of(start)].page = NULL;
	}
}

static void page_protect(vm_page_t page, vm_prot_t prot)
{
	for (unsigned i = 0; i < PMAPS_MOST; i++)
		for (unsigned j = 0; pmaps[i] != NULL && j < FAKE_PAGES; j++)
			if (pmaps[i]->at[j].page == page) {
				pmaps[i]->at[j].prot &= prot;
				if (prot == VM_PROT_NONE)
					pmaps[i]->at[j].page = NULL;
			}
}

/* --- Pages --- */

vm_page_t vm_page_lookup(vm_object_t object, vm_offset_t offset)
{
	for (struct list *link = object->memq.next; link != &object->memq; link = link->next) {
		vm_page_t page = LIST_OWNER(link, struct vm_page, listq);
		if (page->offset == offset)
			return page;
	}
	return VM_PAGE_NULL;
}

static uint32_t *value_of(vm_page_t page) { return &((struct fake_page *)page)->value; }

static vm_page_t new_page(vm_object_t object, vm_offset_t offset, uint32_t value)
{
	vm_page_t page = calloc(1, sizeof(struct fake_page));
	page->object = object;
	page->offset = offset;
	*value_of(page) = value;
	list_append(&object->memq, &page->listq);
	fake_counts.pages++;
	return page;
}

static void end_page(vm_page_t page)
{
	assert(page->wire_count == 0);
	page_protect(page, VM_PROT_NONE);
	list_remove(&page->listq);
	fake_counts.pages--;
	free(page);
}

/* --- Objects --- */

vm_object_t vm_object_allocate(vm_size_t size)
{
	vm_object_t object = calloc(1, sizeof *object);
	object->size = size;
	object->ref_count = 1;
	object->internal = object->temporary = object->alive = true;
	list_init(&object->memq);
	fake_counts.objects++;
	return object;
}

void vm_object_reference(vm_object_t object)
{
	assert(object->ref_count != 0);
	object->ref_count++;
}

/* A page that is mapped somewhere when its object ends was forgotten by a map: nobody can reach the object any more. */
static void assert_not_mapped(vm_page_t page)
{
	for (unsigned i = 0; i < PMAPS_MOST; i++)
		for (unsigned j = 0; pmaps[i] != NULL && j < FAKE_PAGES; j++)
			assert(pmaps[i]->at[j].page != page);
}

void vm_object_deallocate(vm_object_t object)
{
	while (object != VM_OBJECT_NULL && --object->ref_count == 0) {
		vm_object_t shadow = object->shadow;
		while (!list_is_empty(&object->memq)) {
			vm_page_t page = LIST_OWNER(object->memq.next, struct vm_page, listq);
			assert_not_mapped(page);
			end_page(page);
		}
		assert(object->paging_in_progress == 0);
		fake_counts.objects--;
		free(object);
		object = shadow;
	}
}

void vm_object_shadow(vm_object_t *object, vm_offset_t *offset, vm_size_t length)
{
	vm_object_t shadow = vm_object_allocate(length);
	shadow->shadow = *object;
	shadow->shadow_offset = *offset;
	*object = shadow;
	*offset = 0;
}

bool vm_object_coalesce(vm_object_t previous, vm_object_t next, vm_offset_t previous_offset, vm_offset_t next_offset,
                        vm_size_t previous_size, vm_size_t next_size)
{
	(void)next_offset;
	assert(next == VM_OBJECT_NULL);
	if (previous->ref_count != 1 || previous->shadow != VM_OBJECT_NULL || !previous->internal)
		return false;
	for (vm_offset_t offset = previous_offset + previous_size; offset < previous_offset + previous_size + next_size;
	     offset += VM_PAGE_SIZE) {
		vm_page_t page = vm_page_lookup(previous, offset);
		if (page != VM_PAGE_NULL) {
			assert_not_mapped(page);
			end_page(page);
		}
	}
	return true;
}

bool vm_object_copy_temporary(vm_object_t *object, vm_offset_t *offset, bool *source_needs_copy, bool *needs_copy)
{
	(void)offset;
	if (!(*object)->temporary)
		return false;
	vm_object_reference(*object);
	*source_needs_copy = *needs_copy = true;
	return true;
}

/* The page at the offset, in the object or what it shadows; a zeroed one in the object if there is none. */
static vm_page_t find_page(vm_object_t first, vm_offset_t first_offset)
{
	vm_offset_t offset = first_offset;
	vm_page_t page;
	for (vm_object_t object = first; object != VM_OBJECT_NULL; object = object->shadow) {
		if ((page = vm_page_lookup(object, offset)) != VM_PAGE_NULL)
			return page;
		offset += object->shadow_offset;
	}
	return new_page(first, first_offset, 0);
}

static vm_page_t find_own_page(vm_object_t first, vm_offset_t first_offset)
{
	vm_page_t page = find_page(first, first_offset);
	if (page->object == first)
		return page;
	page_protect(page, VM_PROT_NONE);
	return new_page(first, first_offset, *value_of(page));
}

static bool fails_now(void) { return fake_fail_after != 0 && --fake_fail_after == 0; }

kern_return_t vm_object_copy_slowly(vm_object_t source, vm_offset_t offset, vm_size_t size, bool interruptible,
                                    vm_object_t *copy)
{
	(void)interruptible;
	if (fake_meanwhile != NULL)
		fake_meanwhile();
	*copy = vm_object_allocate(size);
	for (vm_offset_t at = 0; at < size; at += VM_PAGE_SIZE) {
		if (fails_now()) {
			vm_object_deallocate(*copy);
			return KERN_MEMORY_ERROR;
		}
		new_page(*copy, at, *value_of(find_page(source, offset + at)));
	}
	return KERN_SUCCESS;
}

kern_return_t vm_object_copy_strategically(vm_object_t source, vm_offset_t offset, vm_size_t size, vm_object_t *copy,
                                           vm_offset_t *new_offset, bool *needs_copy)
{
	*new_offset = 0;
	*needs_copy = false;
	return vm_object_copy_slowly(source, offset, size, false, copy);
}

void vm_object_pmap_protect(vm_object_t object, vm_offset_t offset, vm_size_t size, pmap_t pmap, vm_offset_t start,
                            vm_prot_t prot)
{
	(void)start;
	assert(pmap == NULL);
	for (vm_offset_t at = offset; at < offset + size; at += VM_PAGE_SIZE) {
		vm_page_t page = vm_page_lookup(object, at);
		if (page != VM_PAGE_NULL)
			page_protect(page, prot);
	}
}

void vm_object_pmap_remove(vm_object_t object, vm_offset_t start, vm_offset_t end)
{
	vm_object_pmap_protect(object, start, end - start, NULL, 0, VM_PROT_NONE);
}

void vm_object_page_remove(vm_object_t object, vm_offset_t start, vm_offset_t end)
{
	(void)object, (void)start, (void)end;
	abort();
}

vm_object_t fake_manager_object(unsigned pages, uint32_t first)
{
	vm_object_t object = vm_object_allocate(pages * VM_PAGE_SIZE);
	object->internal = object->temporary = false;
	for (unsigned i = 0; i < pages; i++)
		new_page(object, i * VM_PAGE_SIZE, first + i);
	return object;
}

struct ipc_port *fake_port(vm_object_t object)
{
	manager_object = object;
	return &manager_port;
}

vm_object_t vm_object_enter(struct ipc_port *port, vm_size_t size)
{
	(void)size;
	if (port != &manager_port)
		return VM_OBJECT_NULL;
	vm_object_reference(manager_object);
	return manager_object;
}

ipc_port_t ipc_port_make_send(ipc_port_t port) { return port; }
void ipc_port_release_send(ipc_port_t port) { (void)port; }
void vm_statistics_now(struct vm_statistics *statistics) { *statistics = (struct vm_statistics){0}; }

/* --- Pages of no object --- */

vm_page_t vm_page_grab(void)
{
	static struct vm_object nobody;
	list_init(&nobody.memq);
	vm_page_t page = new_page(&nobody, 0, 0);
	vm_page_remove(page);
	return page;
}

void vm_page_remove(vm_page_t page)
{
	list_remove(&page->listq);
	page->object = NULL;
}

void vm_page_insert(vm_page_t page, vm_object_t object, vm_offset_t offset)
{
	page->object = object;
	page->offset = offset;
	list_append(&object->memq, &page->listq);
}

void vm_page_wire(vm_page_t page) { page->wire_count++; }
void vm_page_unwire(vm_page_t page) { assert(page->wire_count-- != 0); }
void page_wakeup_done(vm_page_t page) { page->busy = false; }
void vm_page_copy(vm_page_t from, vm_page_t to) { *value_of(to) = *value_of(from); }
void pmap_page_protect(paddr_t address, vm_prot_t prot) { (void)address, (void)prot; }

void vm_page_free(vm_page_t page)
{
	page->wire_count = 0;
	end_page(page);
}

void *phystokv(paddr_t address) { (void)address; abort(); }

kern_return_t copyoutmap(vm_map_t map, const void *from, vm_offset_t to, vm_size_t bytes)
{
	(void)map, (void)from, (void)to, (void)bytes;
	abort();
}

/* --- Faults --- */

/* One fault; wiring: by how much the page's count changes. */
static kern_return_t fault(vm_map_t map, vm_offset_t address, vm_prot_t access, int wiring)
{
	vm_map_version_t version;
	vm_object_t object;
	vm_offset_t offset;
	vm_prot_t prot;
	bool wired;
	kern_return_t result = vm_map_lookup(&map, address, access, &version, &object, &offset, &prot, &wired);
	if (result != KERN_SUCCESS)
		return result;
	assert(wiring == 0 || wired == (wiring > 0));
	bool own = ((wired ? prot : access) & VM_PROT_WRITE) != 0;
	vm_page_t page = own ? find_own_page(object, offset) : find_page(object, offset);
	assert(!wired || wiring > 0 || page->wire_count != 0);
	if (page->object != object)
		prot &= ~VM_PROT_WRITE;
	map->pmap->at[index_of(address)].page = prot == VM_PROT_NONE ? NULL : page;
	map->pmap->at[index_of(address)].prot = prot;
	assert(wiring >= 0 || page->wire_count != 0);
	page->wire_count += wiring;
	vm_map_verify_done(map, &version);
	assert(vm_map_verify(map, &version));
	vm_map_verify_done(map, &version);
	return KERN_SUCCESS;
}

kern_return_t vm_fault_wire(vm_map_t map, vm_map_entry_t entry)
{
	assert(entry->wired_count != 0 && entry->in_transition);
	if (fake_meanwhile != NULL)
		fake_meanwhile();
	if (fails_now())
		return KERN_MEMORY_ERROR;
	for (vm_offset_t address = entry->start; address < entry->end; address += VM_PAGE_SIZE) {
		kern_return_t result = fault(map, address, VM_PROT_NONE, 1);
		assert(result == KERN_SUCCESS);
	}
	return KERN_SUCCESS;
}

/* As the fault handler's: by the entry's object where it has one. */
void vm_fault_unwire(vm_map_t map, vm_map_entry_t entry)
{
	assert(entry->wired_count == 0 && entry->in_transition);
	if (fake_meanwhile != NULL)
		fake_meanwhile();
	for (vm_offset_t address = entry->start; address < entry->end; address += VM_PAGE_SIZE) {
		if (entry->is_a_map) {
			kern_return_t result = fault(map, address, VM_PROT_NONE, -1);
			assert(result == KERN_SUCCESS);
			continue;
		}
		vm_page_t page = find_page(entry->object, entry->offset + (address - entry->start));
		assert(page->wire_count != 0);
		page->wire_count--;
	}
}

enum vm_fault_result vm_fault_page(vm_object_t object, vm_offset_t offset, vm_prot_t fault_type, bool interruptible,
                                   vm_prot_t *protection, vm_page_t *page)
{
	(void)interruptible, (void)protection;
	*page = fault_type & VM_PROT_WRITE ? find_own_page(object, offset) : find_page(object, offset);
	vm_object_paging_end(object);
	vm_object_paging_begin((*page)->object);
	(*page)->busy = true;
	return VM_FAULT_SUCCESS;
}

void vm_object_paging_end(vm_object_t object) { assert(object->paging_in_progress-- != 0); }

void vm_fault_release(vm_page_t page)
{
	page->busy = false;
	vm_object_paging_end(page->object);
}

kern_return_t vm_fault_copy(vm_object_t source, vm_offset_t source_offset, vm_size_t *size, vm_object_t target,
                            vm_offset_t target_offset, vm_map_t map, const vm_map_version_t *version,
                            bool interruptible)
{
	(void)interruptible;
	if (fake_meanwhile != NULL)
		fake_meanwhile();
	for (vm_offset_t done = 0; done < *size; done += VM_PAGE_SIZE) {
		if (!vm_map_verify(map, version)) {
			*size = done;
			return KERN_SUCCESS;
		}
		vm_page_t page = find_own_page(target, target_offset + done);
		*value_of(page) = source == VM_OBJECT_NULL ? 0 : *value_of(find_page(source, source_offset + done));
		vm_map_verify_done(map, version);
	}
	return KERN_SUCCESS;
}

static kern_return_t access_page(vm_map_t map, vm_offset_t address, vm_prot_t access, vm_page_t *page)
{
	unsigned i = index_of(address);
	if (map->pmap->at[i].page == NULL || (map->pmap->at[i].prot & access) != access) {
		kern_return_t result = fault(map, trunc_page(address), access, 0);
		if (result != KERN_SUCCESS)
			return result;
	}
	assert((map->pmap->at[i].prot & access) == access);
	*page = map->pmap->at[i].page;
	return KERN_SUCCESS;
}

kern_return_t fake_read(vm_map_t map, vm_offset_t address, uint32_t *value)
{
	vm_page_t page;
	kern_return_t result = access_page(map, address, VM_PROT_READ, &page);
	if (result == KERN_SUCCESS)
		*value = *value_of(page);
	return result;
}

kern_return_t fake_write(vm_map_t map, vm_offset_t address, uint32_t value)
{
	vm_page_t page;
	kern_return_t result = access_page(map, address, VM_PROT_READ | VM_PROT_WRITE, &page);
	if (result == KERN_SUCCESS)
		*value_of(page) = value;
	return result;
}

vm_map_t fake_space(void)
{
	return vm_map_create(pmap_create(), FAKE_BASE, FAKE_BASE + FAKE_PAGES * VM_PAGE_SIZE);
}
