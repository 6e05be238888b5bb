/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What nothing comes between. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

static inline uint32_t exchange(volatile void *at, uint32_t value)
{
	__asm__ volatile("xchgl %0, %1" : "+r"(value), "+m"(*(volatile uint32_t *)at) : : "memory");
	return value;
}

/* Sets *at to new if it is old; says whether it was. */
static inline bool compare_exchange(volatile void *at, uint32_t old, uint32_t new)
{
	bool was;

	__asm__ volatile("lock cmpxchgl %3, %1\n\tsete %0"
	                 : "=q"(was), "+m"(*(volatile uint32_t *)at), "+a"(old) : "r"(new) : "memory", "cc");
	return was;
}

/* Writes what is there already: so that the page must be writable. */
static inline void write_same(volatile uint32_t *word)
{
	__asm__ volatile("lock orl $0, %0" : "+m"(*word) : : "cc");
}
