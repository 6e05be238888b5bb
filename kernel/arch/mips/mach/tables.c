/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the processor stands on: its vectors, which are copied to where it looks for them, its TLB, and Context.
 */
#include "base/memory.h"
#include "cache.h"
#include "cp0.h"
#include "pmap_private.h"
#include "tlb.h"
#include "trap.h"

bool pmap_tlb_is_global;

extern const uint8_t refill_vector[], refill_vector_end[], general_vector[], general_vector_end[];

static void place(uint32_t address, const uint8_t *code, const uint8_t *end)
{
	memcpy((void *)address, code, (size_t)(end - code));
	cache_code_written(address, (uint32_t)(end - code));
}

/* An entry of one ASID is looked for with another. */
static bool heeds_global(void)
{
	const pte_t pair[2] = { PTE_GLOBAL, PTE_GLOBAL };
	if (tlb_asids == 1)
		return true;
	cp0_entry_hi_write(VIRTUAL_BASE | 1 << ENTRY_HI_ASID_SHIFT);
	tlb_entry_load(pair);
	cp0_index_write(0);
	tlbwi();
	cp0_entry_hi_write(VIRTUAL_BASE);
	tlbp();
	const bool found = !(cp0_index_read() >> INDEX_NO_MATCH_SHIFT);
	tlb_flush();
	return found;
}

void tables_init(void)
{
	place(REFILL_VECTOR, refill_vector, refill_vector_end);
	place(GENERAL_VECTOR, general_vector, general_vector_end);
	tlb_init();
	pmap_tlb_is_global = heeds_global();
	cp0_context_write(CONTEXT_BASE);
}
