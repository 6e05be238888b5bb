/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The TLB's entries as pairs of pages, of sizes that PageMask chooses (R4000, chapter 4). */
#include "chapters.h"
#include "tlb.h"
#include "trial.h"

SNIPPET(do_load, "lw $2, 0($4)\nnop");
SNIPPET(do_store, "sw $5, 0($4)\nnop");

enum { MASK_16K = 0x6000, MASK_64K = 0x1e000, MASK_1M = 0x1fe000, ASID = 3 };

static volatile uint32_t *const word = (volatile uint32_t *)data;

static uint32_t look(uint32_t address)
{
	struct frame frame = in_user(do_load);

	frame.entry_hi = ASID;
	frame.reg[A0] = address;
	run(&frame);
	return is_done() ? outcome.reg[V0] : outcome.vector ? 1 : 0;
}

static void put(uint32_t address, uint32_t mask, uint32_t lo0, uint32_t lo1)
{
	struct entry entry = { .hi = (address & VPN_MASK) | ASID, .lo = { lo0, lo1 }, .mask = mask };

	write_entry(WIRED, &entry);
}

static void halves(void)
{
	uint32_t even = lo_of(PHYSICAL(data), LO_VALID), odd = lo_of(PHYSICAL(data) + PAGE, LO_VALID);

	chapter("pairs");
	word[0] = 0xe0e0;
	word[PAGE / 4] = 0x0d0d;
	put(FREE_1, 0, even, odd);
	claim_equal("the even page", look(FREE_1), 0xe0e0);
	claim_equal("the odd page", look(FREE_1 + PAGE), 0x0d0d);
	put(FREE_1, 0, even, 0);
	claim_equal("the odd one is not valid", look(FREE_1 + PAGE), 1);
	claim_equal("the even one is", look(FREE_1), 0xe0e0);
	put(FREE_1, 0, odd, even);
	claim_equal("exchanged: the even page", look(FREE_1), 0x0d0d);
	claim_equal("exchanged: the odd page", look(FREE_1 + PAGE), 0xe0e0);
}

/* G counts only where both halves have it, and is read so from both. */
static void global(void)
{
	struct entry entry;

	chapter("a pair's G");
	put(FREE_1, 0, lo_of(PHYSICAL(data), LO_VALID | LO_GLOBAL), lo_of(PHYSICAL(data), LO_VALID));
	read_entry(WIRED, &entry);
	claim_equal("one of two is none", (entry.lo[0] | entry.lo[1]) & LO_GLOBAL, 0);
	struct frame frame = in_user(do_load);
	frame.entry_hi = ASID + 1;
	frame.reg[A0] = FREE_1;
	run(&frame);
	claim("and other ASIDs miss", !is_done() && outcome.vector == 0);
	put(FREE_1, 0, lo_of(PHYSICAL(data), LO_VALID | LO_GLOBAL), lo_of(PHYSICAL(data), LO_VALID | LO_GLOBAL));
	run(&frame);
	claim("two of two are", is_done() && outcome.reg[V0] == 0xe0e0);
}

static void sizes(void)
{
	static const struct { const char *text; uint32_t mask, half; } size[] = {
		{ "16 KiB", MASK_16K, 0x4000 }, { "64 KiB", MASK_64K, 0x10000 }, { "1 MiB", MASK_1M, 0x100000 },
	};
	uint32_t base = 0x01000000, lo = lo_of(0, LO_VALID | LO_DIRTY);

	for (unsigned n = 0; n < sizeof size / sizeof *size; n++) {
		uint32_t offset = PHYSICAL(data) & (size[n].half - 1), frame = PHYSICAL(data) & -size[n].half;

		chapter(size[n].text);
		put(base, size[n].mask, lo | lo_of(frame, 0), 0);
		claim_equal("the first page of the even half", look(base + offset), 0xe0e0);
		claim_equal("the next page", look(base + offset + PAGE), 0x0d0d);
		claim_equal("the odd half is not valid", look(base + size[n].half + offset), 1);
		claim_equal("after the pair nothing is there", look(base + 2 * size[n].half + offset), 0);
		put(base, size[n].mask, 0, lo | lo_of(frame, 0));
		claim_equal("the odd half", look(base + size[n].half + offset), 0xe0e0);
		claim_equal("tlbp finds any page of it", probe((base + 2 * size[n].half - PAGE * 2) | ASID), WIRED);
	}
	unmap(WIRED);
}

void claims_of_pairs(void)
{
	halves();
	global();
	sizes();
}
