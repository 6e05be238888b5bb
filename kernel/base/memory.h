/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernel memory: pages out of a pool at the top of memory, set aside at boot.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PAGE_SHIFT = 12, PAGE_SIZE = 1 << PAGE_SHIFT };

void *memset(void *to, int byte, size_t bytes);
void *memcpy(void *restrict to, const void *restrict from, size_t bytes);
void *memmove(void *to, const void *from, size_t bytes);

/* The pool is [begin, end), kernel addresses, page-aligned. */
void kmem_init(uintptr_t begin, uintptr_t end);
/* A zeroed page, NULL if there is none. */
void *kmem_page(void);
void kmem_page_free(void *page);
/* How many pages are left: so that an operation can make sure before it begins. */
size_t kmem_pages_free(void);
