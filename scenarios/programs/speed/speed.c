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

int program_main(void)
{
	count = argument_number("count", 100);
	for (unsigned i = 0; i < WORKS; i++)
		if (argument_is("work", works[i].name))
			chosen = i;
	speed_page_init();
	bare_paging_on(bare_new_directory());
	bare_call_user(speed_user);
	MUK_VALUE("checksum", checksum);
	return 0;
}
