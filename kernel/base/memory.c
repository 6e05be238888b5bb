/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Freed pages are kept in a list threaded through themselves; pages never yet used are taken from the top of the pool
 * down.
 */
#include "base/memory.h"

static void *free_list;
static uintptr_t pool_begin, pool_top;
static size_t free_pages;

void kmem_init(uintptr_t begin, uintptr_t end)
{
	pool_begin = begin;
	pool_top = end;
	free_list = NULL;
	free_pages = (end - begin) / PAGE_SIZE;
}

void *kmem_page(void)
{
	void *page = free_list;
	if (page)
		free_list = *(void **)page;
	else if (pool_top - pool_begin >= PAGE_SIZE)
		page = (void *)(pool_top -= PAGE_SIZE);
	else
		return NULL;
	free_pages--;
	return memset(page, 0, PAGE_SIZE);
}

void kmem_page_free(void *page)
{
	*(void **)page = free_list;
	free_list = page;
	free_pages++;
}

size_t kmem_pages_free(void) { return free_pages; }
