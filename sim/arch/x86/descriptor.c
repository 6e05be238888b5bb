/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptors in guest memory: fetched from the GDT and LDT, marked accessed and busy.
 *
 * Source: i386 §5.1.3, §5.1.4, §7.2.
 *
 * Invariants
 *   1. tables are read and marked as the supervisor, whatever CPL is.
 *   2. a bit is written only if it changes: a table that is mapped read-only and whose bits are right is never written.
 */
#include "sim/arch/x86/performing.h"

static const struct x86_table *table_of(const struct x86 *x86, uint16_t selector, struct x86_table *ldt)
{
	if (!(selector & SELECTOR_TI))
		return &x86->cpu.gdtr;
	if (!x86->cpu.ldtr.usable)
		return NULL;
	uint32_t limit = x86->cpu.ldtr.limit;
	*ldt = (struct x86_table){ x86->cpu.ldtr.base, limit > 0xffff ? 0xffff : (uint16_t)limit };
	return ldt;
}

bool descriptor_find(struct x86 *x86, uint16_t selector, int vector, uint32_t ext, struct x86_found *found,
                     struct x86_fault *fault)
{
	struct x86_table ldt;
	const struct x86_table *table = table_of(x86, selector, &ldt);
	uint32_t offset = selector & 0xfff8u;

	if (!table || offset + 7 > table->limit)
		return fault_selector(fault, vector, selector, ext);
	found->selector = selector;
	found->address = table->base + offset;
	return x86_read(x86, found->address, &found->descriptor, sizeof(found->descriptor), AS_SUPERVISOR, fault);
}

void descriptor_to_cache(const struct x86_found *found, struct x86_segment_cache *cache)
{
	struct x86_descriptor descriptor = found->descriptor;
	uint32_t limit = descriptor_limit_low(descriptor) | descriptor_limit_high(descriptor) << 16;

	cache->selector = found->selector;
	cache->usable = true;
	cache->base = descriptor_base_low(descriptor) | descriptor_base_middle(descriptor) << 16 |
	              descriptor_base_high(descriptor) << 24;
	cache->limit = descriptor_granular(descriptor) ? limit << PAGE_SHIFT | PAGE_MASK : limit;
	cache->rights = descriptor.high & RIGHTS_MASK;
}

/* Writes the byte of the second word that holds the type, after bits were changed in *found. */
static bool write_type(struct x86 *x86, struct x86_found *found, uint32_t high, struct x86_fault *fault)
{
	uint8_t byte = (uint8_t)(high >> 8);

	if (high == found->descriptor.high)
		return true;
	if (!x86_write(x86, found->address + 5, &byte, 1, AS_SUPERVISOR, fault))
		return false;
	found->descriptor.high = high;
	return true;
}

bool descriptor_mark_accessed(struct x86 *x86, struct x86_found *found, struct x86_fault *fault)
{
	return write_type(x86, found, found->descriptor.high | RIGHTS_ACCESSED, fault);
}

bool descriptor_mark_busy(struct x86 *x86, struct x86_found *found, bool busy, struct x86_fault *fault)
{
	uint32_t high = found->descriptor.high & ~((uint32_t)TYPE_BUSY << 8);
	return write_type(x86, found, busy ? high | (uint32_t)TYPE_BUSY << 8 : high, fault);
}
