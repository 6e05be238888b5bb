/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TLB exceptions: which one, which vector, and what BadVAddr, Context and EntryHi say (KANE, chapter 6; R4000,
 * chapter 5).
 *
 *   no entry matches, kuseg    -> refill vector, TLBL or TLBS
 *   no entry matches, kseg2    -> R2000, R3000: general vector; R4000: refill vector
 *   one matches, not valid     -> general vector, TLBL or TLBS
 *   valid, not dirty, a store  -> general vector, Mod
 */
#include "trial.h"

SNIPPET_AT(miss_load, "nop\nmiss_load_at: lw $2, 0($4)\nnop");
SNIPPET_AT(miss_store, "nop\nmiss_store_at: sw $5, 0($4)\nnop");
SNIPPET_AT(miss_byte, "nop\nmiss_byte_at: sb $5, 0($4)\nnop");
SNIPPET_AT(miss_jump, "nop\nmiss_jump_at: jr $4\nnop");
SNIPPET_AT(miss_part, "nop\nmiss_part_at: swl $5, 3($4)\nnop");

enum { ASID = 9, BASE = 0x01800000 }; /* Context's software part: bits that all generations have there */

static struct frame at(const uint32_t *code, uint32_t address, bool user)
{
	struct frame frame = user ? in_user(code) : in_kernel(code);

	frame.entry_hi = ASID << ASID_SHIFT;
	frame.reg[A0] = address;
	frame.reg[A1] = 0x0badcafe;
	frame.reg[V0] = 0x44444444;
	return frame;
}

static uint32_t place(const uint32_t *code, bool user)
{
	return user ? USER(code) : (uint32_t)code;
}

/* What the fault says of its address. */
static void claim_address(const char *which, uint32_t address)
{
	chapter(which);
	claim_equal("BadVAddr", outcome.address, address);
	claim_equal("EntryHi is made ready for the entry", outcome.entry_hi, (address & VPN_MASK) | ASID << ASID_SHIFT);
	claim_equal("Context has the page", outcome.context & ~CONTEXT_BASE, CONTEXT_OF(address));
	claim_equal("and leaves what is software's", outcome.context & CONTEXT_BASE, CONTEXT_BASE & 0x5a800000u);
}

static void misses(uint32_t address, bool user)
{
	struct frame frame = at(miss_load, address, user);

	chapter(user ? "a miss in user mode" : "a miss in kernel mode");
	CP0_WRITE(4, 0x5a800000u & CONTEXT_BASE);
	run(&frame);
	claim_refill("a load", TLBL, place(miss_load_at, user), false);
	claim("nothing is written", only_changed(&frame, 0));
	claim_address("after a load's miss", address);
	frame = at(miss_store, address + 0x124, user);
	run(&frame);
	claim_refill("a store", TLBS, place(miss_store_at, user), false);
	claim_address("after a store's miss", address + 0x124);
	frame = at(miss_byte, address + 0x127, user);
	run(&frame);
	claim_refill("a byte's store", TLBS, place(miss_byte_at, user), false);
	claim_equal("its BadVAddr is the byte's", outcome.address, address + 0x127);
	frame = at(miss_part, address, user);
	run(&frame);
	claim_refill("swl", TLBS, place(miss_part_at, user), false);
	not_in_gxemul("it says the word");
	claim_equal("its BadVAddr is the byte that it names", outcome.address, address + 3);
	frame = at(miss_jump, address + 0x40, user);
	run(&frame);
	claim_refill("a fetch: EPC is the target", TLBL, address + 0x40, false);
	claim_address("after a fetch's miss", address + 0x40);
}

static void not_valid(bool user)
{
	struct frame frame = at(miss_load, FREE_1, user);

	chapter(user ? "not valid, user mode" : "not valid, kernel mode");
	map(WIRED, FREE_1, PHYSICAL(data), ASID, LO_DIRTY);
	run(&frame);
	claim_trap("a load", TLBL, place(miss_load_at, user), false);
	claim_address("after a load of what is not valid", FREE_1);
	frame = at(miss_store, FREE_1 + 8, user);
	run(&frame);
	claim_trap("a store", TLBS, place(miss_store_at, user), false);
	claim_address("after a store to what is not valid", FREE_1 + 8);
	frame = at(miss_jump, FREE_1 + 16, user);
	run(&frame);
	claim_trap("a fetch", TLBL, FREE_1 + 16, false);
	unmap(WIRED);
}

static void not_dirty(bool user)
{
	volatile uint32_t *word = (volatile uint32_t *)data;
	struct frame frame = at(miss_store, FREE_1 + 4, user);

	chapter(user ? "not dirty, user mode" : "not dirty, kernel mode");
	word[1] = 0x1111;
	map(WIRED, FREE_1, PHYSICAL(data), ASID, LO_VALID);
	run(&frame);
	claim_trap("a store", MOD, place(miss_store_at, user), false);
	claim_address("after a store to a clean page", FREE_1 + 4);
	claim_equal("memory is as it was", word[1], 0x1111);
	frame = at(miss_load, FREE_1 + 4, user);
	run(&frame);
	claim_equal("a load is free to", outcome.reg[V0], 0x1111);
	frame = at(miss_store, FREE_1 + 4, user);
	run(&frame);
	claim_trap("a store after the load", MOD, place(miss_store_at, user), false);
	map(WIRED, FREE_1, PHYSICAL(data), ASID, LO_VALID | LO_DIRTY);
	run(&frame);
	claim_done("and goes on when the page is dirty");
	claim_equal("memory has it", word[1], 0x0badcafe);
	map(WIRED, FREE_1, PHYSICAL(data), ASID, LO_VALID);
	run(&frame);
	claim_trap("clean again", MOD, place(miss_store_at, user), false);
	unmap(WIRED);
}

static void kernel_segment(void)
{
	struct frame frame = at(miss_load, KSEG2 + 0x5008, false);

	chapter("kseg2");
	CP0_WRITE(4, 0x5a800000u & CONTEXT_BASE);
	run(&frame);
	if (KSEG2_REFILL)
		claim_refill("a miss", TLBL, (uint32_t)miss_load_at, false);
	else
		claim_trap("a miss", TLBL, (uint32_t)miss_load_at, false);
	claim_address("after a miss in kseg2", KSEG2 + 0x5008);
	*(volatile uint32_t *)(data + 8) = 0x5e62;
	map(WIRED, KSEG2 + 0x5000, PHYSICAL(data), ASID, LO_VALID | LO_DIRTY | LO_GLOBAL);
	run(&frame);
	claim_equal("mapped, it is memory", outcome.reg[V0], 0x5e62);
	frame.entry_hi = (ASID + 1) << ASID_SHIFT;
	run(&frame);
	claim_equal("of all address spaces", outcome.reg[V0], 0x5e62);
	frame = at(miss_load, KSEG2 + 0x5008, true);
	run(&frame);
	not_in_gxemul("what kernel mode has touched, its user mode can touch");
	claim_trap("but not of user mode", ADEL, USER(miss_load_at), false);
	unmap(WIRED);
}

/* A miss, mended, and the instruction executed again: code at an address that was not there. */
static void fetched(void)
{
	struct frame frame = at(miss_load, 0, true);

	chapter("code behind a miss");
	frame.pc = FREE_1 + (USER(miss_load) & (PAGE - 1));
	frame.reg[A0] = USER(data);
	*(volatile uint32_t *)data = 0xf00d;
	run(&frame);
	claim_refill("the first instruction misses", TLBL, frame.pc, false);
	map(WIRED, FREE_1, PHYSICAL(miss_load) & -PAGE, ASID, LO_VALID);
	run(&frame);
	claim_equal("and runs when its page is there", outcome.reg[V0], 0xf00d);
	claim_equal("to its end there", outcome.pc & -PAGE, FREE_1);
	unmap(WIRED);
}

/* Straight-line code that runs into the next page. */
static void runs_over(void)
{
	volatile uint32_t *code = (volatile uint32_t *)(data + 3 * PAGE);
	struct frame frame = at(miss_load, 0, true);

	chapter("code that runs into a page that is not there");
	for (unsigned n = PAGE / 4 - 4; n < PAGE / 4; n++)
		code[n] = 0x24420001; /* addiu v0, v0, 1 */
	flush_code();
	map(WIRED, FREE_1 + PAGE * (PAGES_PER_ENTRY - 1), PHYSICAL(code), ASID, LO_VALID);
	frame.pc = FREE_1 + PAGE * PAGES_PER_ENTRY - 16;
	frame.reg[V0] = 0;
	run(&frame);
	claim_refill("misses there", TLBL, FREE_1 + PAGE * PAGES_PER_ENTRY, false);
	claim_equal("and has run to its end", outcome.reg[V0], 4);
	unmap(WIRED);
}

void chapter_faults(void)
{
	unmap_all();
	misses(FREE_1, true);
	misses(FREE_1, false);
	misses(FREE_2 + 0x3000, true);
	not_valid(true);
	not_valid(false);
	not_dirty(true);
	not_dirty(false);
	kernel_segment();
	fetched();
	runs_over();
}
