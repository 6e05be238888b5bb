/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who may address what (KANE, chapter 6; R4000, chapter 4): user mode has kuseg alone; and what nothing answers. */
#include "trial.h"

SNIPPET_AT(reach_load, "nop\nreach_load_at: lw $2, 0($4)\nnop");
SNIPPET_AT(reach_store, "nop\nreach_store_at: sw $2, 0($4)\nnop");
SNIPPET_AT(reach_byte, "nop\nreach_byte_at: lbu $2, 0($4)\nnop");
SNIPPET_AT(reach_jump, "nop\nreach_jump_at: jr $4\nnop");

struct segment {
	const char *name;
	uint32_t address;
};

static const struct segment segments[] = {
	{ "kseg0", KSEG0 }, { "kseg0's end", KSEG1 - 4 }, { "kseg1", KSEG1 }, { "kseg1's devices", 0xb80003f8 },
	{ "kseg2", KSEG2 }, { "kseg2's end", 0xfffffffc },
};

static void from_user_mode(const struct segment *segment)
{
	struct frame frame = in_user(reach_load);

	chapter(segment->name);
	frame.reg[A0] = segment->address;
	frame.reg[V0] = 0x33333333;
	run(&frame);
	claim_trap("user mode cannot load", ADEL, USER(reach_load_at), false);
	claim_equal("BadVAddr", outcome.address, segment->address);
	claim("the register is as it was", only_changed(&frame, 0));
	frame.pc = USER(reach_byte);
	run(&frame);
	claim_trap("nor a byte", ADEL, USER(reach_byte_at), false);
	frame.pc = USER(reach_store);
	run(&frame);
	claim_trap("nor store", ADES, USER(reach_store_at), false);
	claim_equal("BadVAddr of the store", outcome.address, segment->address);
	frame.pc = USER(reach_jump);
	run(&frame);
	claim_trap("nor execute", ADEL, segment->address, false);
	claim_equal("BadVAddr of the jump", outcome.address, segment->address);
}

/* --- bus errors: physical addresses at which nothing is, the second one beyond kseg1's reach --- */

enum { NOWHERE = 0x1a000000, FAR_NOWHERE = 0x30000000 };

static void by_kseg1(void)
{
	struct frame frame = in_kernel(reach_load);

	chapter("bus errors in kseg1");
	frame.reg[A0] = KSEG1 + NOWHERE;
	frame.reg[V0] = 0x33333333;
	run(&frame);
	not_in_qemu("its Malta answers at all addresses below 512 MiB");
	claim_trap("a load", DBE, (uint32_t)reach_load_at, false);
	not_in_qemu("its Malta answers at all addresses below 512 MiB");
	claim("the register is as it was", only_changed(&frame, 0));
	frame.pc = (uint32_t)reach_byte;
	run(&frame);
	not_in_qemu("its Malta answers at all addresses below 512 MiB");
	claim_trap("a load of a byte", DBE, (uint32_t)reach_byte_at, false);
}

static void by_tlb(void)
{
	struct frame frame = in_kernel(reach_load);

	chapter("bus errors through the TLB");
	map(WIRED, FREE_1, FAR_NOWHERE, 0, LO_VALID | LO_DIRTY | LO_UNCACHED);
	frame.reg[A0] = FREE_1;
	frame.reg[V0] = 0x33333333;
	run(&frame);
	claim_trap("a load in kernel mode", DBE, (uint32_t)reach_load_at, false);
	claim("the register is as it was", only_changed(&frame, 0));
	frame = in_user(reach_load);
	frame.reg[A0] = FREE_1;
	run(&frame);
	claim_trap("a load in user mode", DBE, USER(reach_load_at), false);
	frame.pc = USER(reach_byte);
	run(&frame);
	claim_trap("a load of a byte", DBE, USER(reach_byte_at), false);
	frame.pc = USER(reach_jump);
	run(&frame);
	claim_trap("a fetch", IBE, FREE_1, false);
	unmap(WIRED);
}

void chapter_addresses(void)
{
	unlike_gxemul("what kernel mode has touched, its user mode can touch");
	for (unsigned n = 0; n < sizeof segments / sizeof *segments; n++)
		from_user_mode(&segments[n]);
	unlike_gxemul("it has no bus errors");
	by_kseg1();
	by_tlb();
	unlike_gxemul(NULL);
}
