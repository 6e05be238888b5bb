/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Copies with their pages at hand, for devices and for the kernel as a manager's customer (GD91 §5.5, §5.6).
 *
 *   any --vm_map_copy_pages--> PAGE_LIST --vm_map_copy_release_pages--> ENTRY_LIST, OBJECT
 *                                  '--vm_map_copy_entries--> ENTRY_LIST
 *
 * Pages that are not stolen stay in their objects, busy, and each object is kept from ending or collapsing by a paging
 * in progress.  Stolen ones are busy, wired (that is: on no queue) and of no object.  A page is taken as it is only if
 * nobody else can see it: its object is temporary, this copy's entry has the only reference to it.
 */
#include "base/memory.h"
#include "kern/zalloc.h"
#include "machine/pcb.h"
#include "vm/vm_fault.h"
#include "vm/vm_map_copy.h"

/* The page of the object, busy; or of what it shadows. The object of the page has a paging in progress. */
static kern_return_t get_page(vm_object_t object, vm_offset_t offset, vm_page_t *page)
{
	for (;;) {
		vm_prot_t prot = VM_PROT_READ;
		vm_object_paging_begin(object);
		switch (vm_fault_page(object, offset, VM_PROT_READ, true, &prot, page)) {
		case VM_FAULT_SUCCESS:
			return KERN_SUCCESS;
		case VM_FAULT_MEMORY_ERROR:
			return KERN_MEMORY_ERROR;
		case VM_FAULT_MEMORY_SHORTAGE:
			vm_page_wait(NULL);
			break;
		case VM_FAULT_INTERRUPTED:
			return KERN_ABORTED;
		case VM_FAULT_RETRY:
			break;
		}
	}
}

/* A page of no object, busy and wired; waits for it. */
static vm_page_t new_page(void)
{
	vm_page_t page;
	while ((page = vm_page_grab()) == VM_PAGE_NULL)
		vm_page_wait(NULL);
	vm_page_wire(page);
	page->busy = true;
	return page;
}

/* Whether the entry of the copy is all that refers to the page. A page may be wired for being on its way to or from the
 * default pager (GD91 §5.5): that goes along with it. */
static bool is_private(vm_page_t page, const struct vm_map_entry *entry)
{
	vm_object_t object = page->object;
	return object == entry->object && object->ref_count == 1 && object->temporary && object->internal &&
	       object->copy == VM_OBJECT_NULL && page->wire_count <= 1;
}

/* Takes a busy page out of its object, or a copy of it. */
static vm_page_t steal_page(vm_page_t page, const struct vm_map_entry *entry)
{
	if (is_private(page, entry)) {
		vm_object_t object = page->object;
		pmap_page_protect(page->phys_addr, VM_PROT_NONE);
		if (page->wire_count == 0)
			vm_page_wire(page);
		vm_page_remove(page);
		vm_object_paging_end(object);
		return page;
	}
	vm_page_t copy = new_page();
	vm_page_copy(page, copy);
	vm_fault_release(page);
	return copy;
}

static void release_page(vm_page_t page, bool stolen)
{
	if (stolen)
		vm_page_free(page);
	else
		vm_fault_release(page);
}

void vm_map_copy_release_pages(vm_map_copy_t copy)
{
	for (natural_t i = 0; i < copy->npages; i++)
		release_page(copy->page_list[i], copy->stolen);
	kfree(copy->page_list, copy->npages * sizeof copy->page_list[0]);
	copy->page_list = NULL;
	copy->npages = 0;
	copy->type = copy->object != VM_OBJECT_NULL ? VM_MAP_COPY_OBJECT : VM_MAP_COPY_ENTRY_LIST;
}

/* The OBJECT becomes an entry whose addresses are offsets in it. */
static void object_to_entries(vm_map_copy_t copy)
{
	vm_map_entry_t entry = vm_map_entry_create();
	*entry = (struct vm_map_entry){.start = vm_map_copy_start(copy), .end = vm_map_copy_end(copy),
		.object = copy->object, .offset = vm_map_copy_start(copy)};
	list_append(&copy->entries, &entry->link);
	copy->nentries = 1;
	copy->object = VM_OBJECT_NULL;
	copy->type = VM_MAP_COPY_ENTRY_LIST;
}

/* Stolen pages get an object again. */
static void pages_to_object(vm_map_copy_t copy)
{
	vm_offset_t within = copy->offset & VM_PAGE_MASK;
	vm_object_t object = vm_object_allocate(copy->npages * VM_PAGE_SIZE);
	for (natural_t i = 0; i < copy->npages; i++) {
		vm_page_t page = copy->page_list[i];
		vm_page_insert(page, object, i * VM_PAGE_SIZE);
		page->dirty = true;
		vm_page_unwire(page);
		page_wakeup_done(page);
	}
	kfree(copy->page_list, copy->npages * sizeof copy->page_list[0]);
	copy->page_list = NULL;
	copy->npages = 0;
	copy->object = object;
	copy->offset = within;
	copy->type = VM_MAP_COPY_OBJECT;
}

void vm_map_copy_entries(vm_map_copy_t copy)
{
	if (copy->type == VM_MAP_COPY_PAGE_LIST && copy->stolen)
		pages_to_object(copy);
	else if (copy->type == VM_MAP_COPY_PAGE_LIST)
		vm_map_copy_release_pages(copy);
	if (copy->type == VM_MAP_COPY_OBJECT)
		object_to_entries(copy);
}

/* Pages for the bytes of a KERNEL_BUFFER, which goes. */
static void buffer_to_pages(vm_map_copy_t copy, vm_page_t *list)
{
	for (vm_size_t done = 0; done < copy->size; done += VM_PAGE_SIZE) {
		vm_page_t page = new_page();
		vm_size_t bytes = copy->size - done < VM_PAGE_SIZE ? copy->size - done : VM_PAGE_SIZE;
		char *to = phystokv(page->phys_addr);
		memcpy(to, (char *)copy->kdata + done, bytes);
		memset(to + bytes, 0, VM_PAGE_SIZE - bytes);
		*list++ = page;
	}
	kfree(copy->kdata, copy->size);
	copy->kdata = NULL;
}

/* Pages of the entries, in order. On failure those that were got are let go. */
static kern_return_t entries_to_pages(vm_map_copy_t copy, vm_page_t *list, bool steal)
{
	natural_t count = 0;
	for (struct list *link = copy->entries.next; link != &copy->entries; link = link->next) {
		vm_map_entry_t entry = vm_map_entry_of(link);
		vm_map_entry_materialize(entry, false);
		for (vm_offset_t offset = 0; offset < entry->end - entry->start; offset += VM_PAGE_SIZE) {
			interrupt_window();
			kern_return_t result = get_page(entry->object, entry->offset + offset, &list[count]);
			if (result != KERN_SUCCESS) {
				while (count-- != 0)
					release_page(list[count], steal);
				return result;
			}
			if (steal)
				list[count] = steal_page(list[count], entry);
			count++;
		}
	}
	return KERN_SUCCESS;
}

kern_return_t vm_map_copy_pages(vm_map_copy_t copy, bool steal)
{
	kern_return_t result = KERN_SUCCESS;
	natural_t npages = (vm_map_copy_end(copy) - vm_map_copy_start(copy)) >> VM_PAGE_SHIFT;
	if (copy->type == VM_MAP_COPY_PAGE_LIST)
		return KERN_SUCCESS;
	vm_page_t *list = kalloc(npages * sizeof *list);
	if (list == NULL)
		return KERN_RESOURCE_SHORTAGE;
	if (copy->type == VM_MAP_COPY_KERNEL_BUFFER) {
		buffer_to_pages(copy, list);
		steal = true;
	} else {
		vm_map_copy_entries(copy);
		result = entries_to_pages(copy, list, steal);
	}
	if (result != KERN_SUCCESS) {
		kfree(list, npages * sizeof *list);
		return result;
	}
	copy->type = VM_MAP_COPY_PAGE_LIST;
	copy->page_list = list;
	copy->npages = npages;
	copy->stolen = steal;
	if (steal)
		vm_map_entries_release(&copy->entries);
	return KERN_SUCCESS;
}

/* The first page of the copy's entries is no more. */
static void drop_first_page(vm_map_copy_t copy)
{
	vm_map_entry_t entry = vm_map_entry_of(copy->entries.next);
	vm_size_t bytes = VM_PAGE_SIZE - (copy->offset & VM_PAGE_MASK);
	copy->offset += bytes;
	copy->size -= bytes < copy->size ? bytes : copy->size;
	entry->start += VM_PAGE_SIZE;
	entry->offset += VM_PAGE_SIZE;
	if (entry->start == entry->end) {
		struct list dead;
		list_init(&dead);
		list_remove(&entry->link);
		list_append(&dead, &entry->link);
		vm_map_entries_release(&dead);
	}
}

kern_return_t vm_map_copy_take_page(vm_map_copy_t copy, vm_page_t *page)
{
	kern_return_t result = KERN_SUCCESS;
	if (copy->type == VM_MAP_COPY_KERNEL_BUFFER)
		result = vm_map_copy_pages(copy, true);
	if (result != KERN_SUCCESS)
		return result;
	vm_map_copy_entries(copy);
	if (page != NULL) {
		vm_map_entry_t entry = vm_map_entry_of(copy->entries.next);
		vm_map_entry_materialize(entry, false);
		result = get_page(entry->object, entry->offset, page);
		if (result != KERN_SUCCESS)
			return result;
		*page = steal_page(*page, entry);
	}
	drop_first_page(copy);
	return KERN_SUCCESS;
}
