/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * speed: arguments work=usual|memory|conflict|thrash|calls (usual), count=N (100) rounds.
 * Span "work", value "checksum".
 */
#include "scenarios/programs/speed/speed.h"

static const struct {
	const char *name;
	uint32_t (*work)(uint32_t count);
} works[] = {
	{ "usual", work_usual }, { "memory", work_memory }, { "conflict", work_conflict }, { "thrash", work_thrash },
	{ "calls", work_calls },
};
enum { WORKS = sizeof works / sizeof works[0] };

static unsigned chosen;
static uint32_t count, checksum;

void __attribute__((regparm(1))) speed_end(uint32_t sum);

static void speed_user(void)
{
	MUK_SPAN_BEGIN("work");
	checksum = works[chosen].work(count);
	speed_end(checksum);
	MUK_SPAN_END("work");
	__asm__ volatile("int %0" : : "i"(VECTOR_DONE));
}

/* Adds the gate of the calls to the table that descriptors_init made. */
static void add_gate(void)
{
	struct {
		uint16_t limit;
		uint32_t base;
	} __attribute__((packed)) idtr;
	uint32_t entry = (uint32_t)(uintptr_t)speed_call_entry;
	uint32_t *gate;

	__asm__("sidt %0" : "=m"(idtr));
	gate = (uint32_t *)(uintptr_t)(idtr.base + 8 * VECTOR_SPEED);
	gate[0] = (uint32_t)SELECTOR_CODE0 << 16 | (entry & 0xffff);
	gate[1] = (entry & 0xffff0000) | 0xee00; /* present, DPL 3, 32-bit interrupt gate */
}

int program_main(void)
{
	count = argument_number("count", 100);
	for (unsigned i = 0; i < WORKS; i++)
		if (argument_is("work", works[i].name))
			chosen = i;
	add_gate();
	bare_paging_on(bare_new_directory());
	bare_call_user(speed_user);
	MUK_VALUE("checksum", checksum);
	return 0;
}
