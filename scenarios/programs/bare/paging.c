/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Page directories for a program without a kernel. A and D stand from the start: no walk ever has to set them. */
#include "scenarios/programs/bare/bare.h"

enum { TABLES = 24, TABLE_ENTRIES = 1024, IDENTITY = 16 << 20 };
#define CR0_WP (1u << 16)
#define CR0_PG (1u << 31)

static uint32_t pool[TABLES][TABLE_ENTRIES] __attribute__((aligned(PAGE)));
static unsigned taken;

static uint32_t *new_table(void)
{
	if (taken == TABLES) {
		print("out of page tables\n");
		bare_exit(1);
	}
	return pool[taken++];
}

void bare_map(uint32_t *directory, uint32_t address, uint32_t frame, uint32_t rights)
{
	uint32_t *entry = &directory[address >> 22];
	uint32_t *table;

	if (!(*entry & PTE_PRESENT))
		*entry = (uint32_t)(uintptr_t)new_table() | PTE_PRESENT | PTE_WRITE | PTE_USER | PTE_ACCESSED;
	table = (uint32_t *)(uintptr_t)(*entry & ~(uint32_t)(PAGE - 1));
	table[address >> 12 & (TABLE_ENTRIES - 1)] = frame | rights | PTE_PRESENT | PTE_ACCESSED | PTE_DIRTY;
}

uint32_t *bare_new_directory(void)
{
	uint32_t *directory = new_table();

	for (uint32_t address = 0; address < IDENTITY; address += PAGE)
		bare_map(directory, address, address, PTE_WRITE | PTE_USER);
	return directory;
}

void bare_paging_on(uint32_t *directory)
{
	uint32_t cr0;

	__asm__ volatile("movl %0, %%cr3" : : "r"(directory) : "memory");
	__asm__ volatile("movl %%cr0, %0" : "=r"(cr0));
	__asm__ volatile("movl %0, %%cr0\njmp 1f\n1:" : : "r"(cr0 | CR0_PG | CR0_WP) : "memory");
}
