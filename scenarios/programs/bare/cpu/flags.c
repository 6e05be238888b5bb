/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pushf and popf (I386, their pages; 4.1.1): who may change IF and IOPL; a refused change is silent. */
#include "cpu.h"

SNIPPET(pop_flags, "popfl\npushfl\npopl %eax");
SNIPPET(pop_flags_16, "popfw\npushfl\npopl %eax");
SNIPPET(push_flags, "pushfl\npopl %eax");

static uint32_t popped(unsigned ring, const char *code, uint32_t before, uint32_t image)
{
	struct frame frame = in_ring(ring, code);
	frame.eflags |= before;
	frame.esp -= 4;
	*(uint32_t *)frame.esp = image;
	run(&frame);
	return outcome.vector == DONE ? outcome.eax : 0xffffffff;
}

void chapter_flags(void)
{
	const uint32_t system = FLAG_IF | FLAG_IOPL_3;
	chapter("flags");
	claim_equal("popf in ring 3, IOPL 0, leaves IF and IOPL", popped(3, pop_flags, 0, system) & system, 0);
	claim_equal("popf in ring 3, IOPL 0, leaves IF set too", popped(3, pop_flags, FLAG_IF, 0) & system, FLAG_IF);
	claim_equal("popf in ring 3, IOPL 3, changes IF", popped(3, pop_flags, FLAG_IOPL_3, system) & system, system);
	claim_equal("popf in ring 3, IOPL 3, leaves IOPL", popped(3, pop_flags, FLAG_IOPL_3, 0) & system, FLAG_IOPL_3);
	claim_equal("popf in ring 1, IOPL 1, changes IF and leaves IOPL",
	            popped(1, pop_flags, FLAG_IOPL_1, system) & system, FLAG_IF | FLAG_IOPL_1);
	claim_equal("popf in ring 0 changes both", popped(0, pop_flags, 0, FLAG_IOPL_3) & system, FLAG_IOPL_3);
	claim_equal("popf in ring 3 changes the arithmetic flags",
	            popped(3, pop_flags, 0, FLAG_CF | FLAG_ZF | FLAG_OF) &
	            (FLAG_CF | FLAG_ZF | FLAG_OF), FLAG_CF | FLAG_ZF | FLAG_OF);
	claim_equal("popf in ring 3 changes DF and NT",
	            popped(3, pop_flags, 0, FLAG_DF | FLAG_NT) & (FLAG_DF | FLAG_NT), FLAG_DF | FLAG_NT);
	claim_equal("popf does not set VM", popped(0, pop_flags, 0, 1 << 17) & 1 << 17, 0);
	claim_equal("bit 1 is always set, bits 3, 5 and 15 never", popped(3, pop_flags, 0, 0x8028) & 0x802a, 2);
	claim_equal("popf of 16 bits leaves the upper half", popped(3, pop_flags_16, 0, FLAG_CF) & FLAG_CF, FLAG_CF);
	if (family == 3)
		claim_equal("the i386 has no AC", popped(3, pop_flags, 0, FLAG_AC) & FLAG_AC, 0);
	else
		claim_equal("the i486 has AC", popped(3, pop_flags, 0, FLAG_AC) & FLAG_AC, FLAG_AC);
	struct frame frame = in_ring(3, push_flags);
	frame.eflags |= FLAG_RF | FLAG_IF | FLAG_CF;
	run(&frame);
	claim_equal("pushf shows IF in any ring", outcome.eax & FLAG_IF, FLAG_IF);
	claim_equal("pushf shows RF as 0", outcome.eax & FLAG_RF, 0);
}
