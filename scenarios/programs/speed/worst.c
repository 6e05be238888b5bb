/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is worst for each way in which a simulator may run a program
 *   memory     nothing but loads and stores: worst for looking at every access
 *   conflict   two pages of data and the page of code take turns in one set of the TLB (of 8 or 16 sets)
 *   thrash     six pages of one set of four ways, again and again: no access hits
 *   calls      nothing but calls of the kernel: worst for recording events
 */
#include "scenarios/programs/speed/speed.h"

enum { FREE_MEMORY = 8 << 20, SETS = 16, LOADS = 16, PAGES = 6 };

/* A page of free memory in the set of an address; n-th of them. */
static volatile uint32_t *page_in_set_of(const void *address, unsigned n)
{
	uintptr_t set = (uintptr_t)address / PAGE % SETS;

	return (volatile uint32_t *)(FREE_MEMORY + (n * SETS + set) * PAGE);
}

uint32_t work_memory(uint32_t count)
{
	volatile uint32_t *from = page_in_set_of((const void *)(uintptr_t)work_memory, 0), *to = from + 256;
	uint32_t sum = 0;

	for (uint32_t i = 0; i < count; i++) {
		to[0] = from[0], to[1] = from[1], to[2] = from[2], to[3] = from[3];
		to[4] = from[4], to[5] = from[5], to[6] = from[6], to[7] = from[7];
		to[8] = from[8], to[9] = from[9], to[10] = from[10], to[11] = from[11];
		to[12] = from[12], to[13] = from[13], to[14] = from[14], to[15] = from[15];
		from[i % LOADS] = i;
	}
	for (unsigned i = 0; i < LOADS; i++)
		sum = sum * 31 + to[i];
	return sum;
}

uint32_t work_conflict(uint32_t count)
{
	volatile uint32_t *a = page_in_set_of((const void *)(uintptr_t)work_conflict, 0);
	volatile uint32_t *b = page_in_set_of((const void *)(uintptr_t)work_conflict, 1);
	uint32_t sum = 0;

	for (uint32_t i = 0; i < count; i++) {
		sum += a[0], sum += b[1], sum += a[2], sum += b[3];
		sum += a[4], sum += b[5], sum += a[6], sum += b[7];
		a[i % LOADS] = sum;
	}
	return sum;
}

uint32_t work_thrash(uint32_t count)
{
	volatile uint32_t *page[PAGES];
	uint32_t sum = 0;

	for (unsigned n = 0; n < PAGES; n++)
		page[n] = page_in_set_of(NULL, n);
	for (uint32_t i = 0; i < count; i++) {
		sum += *page[0], sum += *page[1], sum += *page[2];
		sum += *page[3], sum += *page[4], sum += *page[5];
		*page[i % PAGES] = i;
	}
	return sum;
}

uint32_t work_calls(uint32_t count)
{
	uint32_t sum = 0;

	for (uint32_t i = 0; i < count; i++)
		sum = sum * 31 + speed_call(SPEED_LOOKUP, i % 8 + 1, 0);
	return sum;
}
