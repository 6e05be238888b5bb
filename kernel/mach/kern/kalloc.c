/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernel memory of any size (Mach kern/kalloc): zones by powers of two, the last of half a page; from there up to a
 * page a page of its own, seen through the window; and above that pages of the kernel's map.
 */
#include "base/panic.h"
#include "kern/thread.h"
#include "kern/zalloc.h"
#include "vm/vm_kern.h"

enum { SMALLEST = 16, ZONES = 8, ZONE_MEMORY_MOST = 16 << 20 };

static zone_t zones[ZONES];   /* 16, 32, .. 1024, 2032 */

void kalloc_init(void)
{
	for (natural_t i = 0; i < ZONES; i++)
		zones[i] = zinit(i == ZONES - 1 ? (vm_size_t)ZONE_ELEMENT_MOST : (vm_size_t)SMALLEST << i,
		                 ZONE_MEMORY_MOST, "kalloc");
}

static zone_t zone_of(vm_size_t size)
{
	natural_t i = 0;
	while (i < ZONES - 1 && size > (vm_size_t)SMALLEST << i)
		i++;
	return zones[i];
}

static void *get_page(void)
{
	vm_page_t page = vm_page_grab();
	if (page == VM_PAGE_NULL)
		return NULL;
	vm_page_wire(page);
	return phystokv(page->phys_addr);
}

void *kget(vm_size_t size)
{
	if (size <= ZONE_ELEMENT_MOST)
		return zget(zone_of(size));
	kernel_assert(size <= VM_PAGE_SIZE);
	return get_page();
}

void *kalloc(vm_size_t size)
{
	vm_offset_t address;
	void *page;
	if (size <= ZONE_ELEMENT_MOST)
		return zalloc(zone_of(size));
	if (size > VM_PAGE_SIZE)
		return kmem_alloc(kernel_map, &address, size) == KERN_SUCCESS ? (void *)address : NULL;
	while ((page = get_page()) == NULL)
		vm_page_wait(NULL);
	return page;
}

void kfree(void *data, vm_size_t size)
{
	if (size <= ZONE_ELEMENT_MOST)
		zfree(zone_of(size), data);
	else if (size <= VM_PAGE_SIZE)
		vm_page_free(vm_page_of(kvtophys(data)));
	else
		kmem_free(kernel_map, (vm_offset_t)data, size);
}
