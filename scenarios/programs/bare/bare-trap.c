/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bare-trap: what entering and leaving the kernel costs when the kernel does
 * nothing at all (L95 §4.1.1: 107 cycles on the 486; Table 3, row trap).
 *
 * The handler is one iret.  Spans, each one trap and its return:
 *   trap        ring 3 -> 0 -> 3
 *   trap_ring1  ring 1 -> 0 -> 1
 *   trap_same   ring 0 -> 0 -> 0
 * Each loop runs once before it is measured: code, stack, gate and TSS are in TLB and cache then.
 * Argument: count=N (100).
 */
#include "scenarios/programs/bare/bare.h"

static uint32_t count;
static volatile uint32_t traps;

#define TRAP_SPAN(name_)                                                                                        \
	__asm__ volatile(MUK_PROBE_SITE(name_ ":begin", 0, "") "int %0\n" MUK_PROBE_SITE(name_ ":end", 0, "")   \
	                 : : "i"(VECTOR_NULL) : "memory")

static void trap_warm(void)
{
	__asm__ volatile("int %0" : : "i"(VECTOR_NULL) : "memory");
}

static void done(void)
{
	__asm__ volatile("int %0" : : "i"(VECTOR_DONE));
}

static void measure_ring3(void)
{
	trap_warm();
	trap_warm();
	for (uint32_t i = 0; i < count; i++, traps++)
		TRAP_SPAN("trap");
	done();
}

static void measure_ring1(void)
{
	trap_warm();
	trap_warm();
	for (uint32_t i = 0; i < count; i++, traps++)
		TRAP_SPAN("trap_ring1");
	done();
}

static void measure_ring0(void)
{
	trap_warm();
	trap_warm();
	for (uint32_t i = 0; i < count; i++, traps++)
		TRAP_SPAN("trap_same");
}

int program_main(void)
{
	count = argument_number("count", 100);
	bare_paging_on(bare_new_directory());
	bare_call_user(measure_ring3);
	print("bare-trap: %u traps from ring 3\n", traps);
	bare_call_ring1(measure_ring1);
	print("bare-trap: %u traps from ring 1 and 3\n", traps);
	measure_ring0();
	print("bare-trap: %u traps in all\n", traps);
	MUK_VALUE("traps", traps);
	return traps == 3 * count ? 0 : 1;
}
