/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A naive memory for the tests of performing: it walks the page tables at every access, has no TLB and charges
 * nothing.  The same tests run on the real mmu.c too.
 */
#include <string.h>
#include "sim/arch/x86/x86.h"

bool x86_mmu_init(struct x86 *x86)
{
	(void)x86;
	return true;
}

void x86_mmu_free(struct x86 *x86)
{
	(void)x86;
}

void x86_mmu_flush(struct x86 *x86)
{
	(void)x86;
}

void x86_mmu_load_cr3(struct x86 *x86)
{
	(void)x86;
}

void x86_mmu_invlpg(struct x86 *x86, laddr_t address)
{
	(void)x86, (void)address;
}

void x86_cache_access(struct x86 *x86, paddr_t address, unsigned size, enum access access)
{
	(void)x86, (void)address, (void)size, (void)access;
}

static uint32_t *word(struct x86 *x86, paddr_t address)
{
	return (uint32_t *)(void *)(x86->ram + (address & (x86->ram_size - 4)));
}

bool x86_translate(struct x86 *x86, laddr_t address, enum access access, enum x86_privilege as,
                   struct tlb_entry *entry, struct x86_fault *fault)
{
	bool protect = as == AS_USER || (x86->cpu.cr0 & CR0_WP);
	uint32_t *directory, *table, both;

	entry->frame = PAGE_OF(address);
	if (!(x86->cpu.cr0 & CR0_PG))
		return true;
	directory = word(x86, (x86->cpu.cr3 & ~PAGE_MASK) + 4 * (address >> 22));
	table = word(x86, (*directory & ~PAGE_MASK) + 4 * (address >> 12 & 0x3ff));
	both = *directory & 1 ? *directory & *table : 0;
	if (!(both & 1) || (as == AS_USER && !(both & 4)) || (access == ACCESS_WRITE && protect && !(both & 2))) {
		*fault = (struct x86_fault){ VECTOR_PF, true,
		                             (both & 1 ? PF_PRESENT : 0) | (access == ACCESS_WRITE ? PF_WRITE : 0) |
		                             (as == AS_USER ? PF_USER : 0), address };
		return false;
	}
	*directory |= 0x20;
	*table |= access == ACCESS_WRITE ? 0x60 : 0x20;
	entry->frame = PAGE_OF(*table);
	return true;
}

static bool each(struct x86 *x86, laddr_t address, uint8_t *data, unsigned size, enum access access,
                 enum x86_privilege as, struct x86_fault *fault)
{
	paddr_t at[16];
	struct tlb_entry entry;

	for (unsigned i = 0; i < size; i++) {
		if (!x86_translate(x86, address + i, access, as, &entry, fault))
			return false;
		at[i] = entry.frame << PAGE_SHIFT | ((address + i) & PAGE_MASK);
	}
	for (unsigned i = 0; data && i < size; i++) {
		if (at[i] >= x86->ram_size && access == ACCESS_READ)
			data[i] = 0xff;
		else if (at[i] < x86->ram_size && access == ACCESS_READ)
			data[i] = x86->ram[at[i]];
		else if (at[i] < x86->ram_size)
			x86->ram[at[i]] = data[i];
	}
	return true;
}

bool x86_read(struct x86 *x86, laddr_t address, void *data, unsigned size, enum x86_privilege as,
              struct x86_fault *fault)
{
	return each(x86, address, data, size, ACCESS_READ, as, fault);
}

bool x86_write(struct x86 *x86, laddr_t address, const void *data, unsigned size, enum x86_privilege as,
               struct x86_fault *fault)
{
	uint8_t bytes[16];

	memcpy(bytes, data, size);
	return each(x86, address, bytes, size, ACCESS_WRITE, as, fault);
}

bool x86_probe_write(struct x86 *x86, laddr_t address, unsigned size, enum x86_privilege as, struct x86_fault *fault)
{
	return each(x86, address, NULL, size, ACCESS_WRITE, as, fault);
}
