/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Global pages: the kernel's own pages stay in the TLB when CR3 is loaded (the G bit of page table entries and CR4.PGE,
 * of which CPUID tells).  The Pentium has no such thing, its successors have; a model can (global_pages).
 *
 * This is a kernel of its own, l4-global: the same objects, and the linker puts what is here around two of their
 * functions (--wrap).  So the kernel without it stays the same to the byte and to the cycle.
 *
 *   1. Only pages on which all directories agree are global: the window, the table page and the control blocks.
 *   2. CR4.PGE is set when nothing of the kernel's is mapped below USER_END any more (pmap_init): a global page there
 *      would be seen by all tasks.
 *   3. Where the processor has no global pages, the bits mean nothing to it, and CR4 is not written.
 */
#include "arch/x86/cpu.h"
#include "arch/x86/l4/layout.h"
#include "arch/x86/l4/space_tables.h"
#include "arch/x86/tlb.h"
#include "base/memory.h"
#include "l4/space.h"

enum { PRESENT = 1, GLOBAL = 0x100, ENTRIES = 1024, TABLE_SHIFT = 22 };
#define FRAME_MASK 0xfffff000u
#define EFLAGS_ID (1u << 21)
#define CPUID_PGE (1u << 13)
#define CR4_PGE (1u << 7)

extern uint32_t boot_directory[ENTRIES];

static bool has_cpuid(void)
{
	uint32_t before, after;

	__asm__ volatile("pushfl\n\tpopl %0\n\tmovl %0,%1\n\txorl %2,%1\n\tpushl %1\n\tpopfl\n\tpushfl\n\tpopl %1\n\t"
	                 "pushl %0\n\tpopfl"
	                 : "=&r"(before), "=&r"(after)
	                 : "i"(EFLAGS_ID));
	return (before ^ after) & EFLAGS_ID;
}

static bool has_global_pages(void)
{
	uint32_t leaf = 1, features;

	if (!has_cpuid())
		return false;
	__asm__ volatile("cpuid" : "+a"(leaf), "=d"(features) : : "ebx", "ecx");
	return features & CPUID_PGE;
}

static uint32_t *table_of(uint32_t address)
{
	return (uint32_t *)((boot_directory[address >> TABLE_SHIFT] & FRAME_MASK) + WINDOW_BASE);
}

static void make_global(uint32_t address)
{
	uint32_t *entry = &table_of(address)[address >> PAGE_SHIFT & (ENTRIES - 1)];

	if (*entry & PRESENT)
		*entry |= GLOBAL;
}

void __real_pmap_init(uint32_t memory_size, uint32_t small);
void __wrap_pmap_init(uint32_t memory_size, uint32_t small);
void __wrap_pmap_init(uint32_t memory_size, uint32_t small)
{
	__real_pmap_init(memory_size, small);
	if (!has_global_pages())
		return;
	for (uint32_t at = 0; at < WINDOW_SIZE; at += PAGE_SIZE)
		make_global(WINDOW_BASE + at);
	make_global(TABLE_PAGE);
	__asm__ volatile("movl %%cr4,%%eax\n\torl %0,%%eax\n\tmovl %%eax,%%cr4" : : "i"(CR4_PGE) : "eax", "memory");
}

/* A control block's page. Its frame may change later on, by this function again, which tells the TLB. */
bool __real_pmap_touch_tcb(uint32_t address, bool write);
bool __wrap_pmap_touch_tcb(uint32_t address, bool write);
bool __wrap_pmap_touch_tcb(uint32_t address, bool write)
{
	if (!__real_pmap_touch_tcb(address, write))
		return false;
	make_global(address);
	tlb_forget(address);
	return true;
}
