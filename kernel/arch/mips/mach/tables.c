/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the processor stands on: its vectors, which are copied to where it looks for them, its TLB, and Context.
 */
#include "base/memory.h"
#include "cache.h"
#include "cp0.h"
#include "layout.h"
#include "pte.h"
#include "tlb.h"
#include "trap.h"

extern const uint8_t refill_vector[], refill_vector_end[], general_vector[], general_vector_end[];

static void place(uint32_t address, const uint8_t *code, const uint8_t *end)
{
	memcpy((void *)address, code, (size_t)(end - code));
	cache_code_written(address, (uint32_t)(end - code));
}

void tables_init(void)
{
	place(REFILL_VECTOR, refill_vector, refill_vector_end);
	place(GENERAL_VECTOR, general_vector, general_vector_end);
	tlb_init();
	cp0_context_write(CONTEXT_BASE);
}
