/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the TLB keeps, and what tlbr, tlbp and matching say of it (KANE, chapter 6; R4000, chapter 4). */
#include "tlb.h"
#include "trial.h"

SNIPPET(do_load, "lw $2, 0($4)\nnop");
SNIPPET(do_store, "sw $5, 0($4)");

enum { OTHER_ASID = 5 };

static volatile uint32_t *const word = (volatile uint32_t *)data;

static struct entry entry_of(uint32_t hi, uint32_t lo0, uint32_t lo1)
{
	return (struct entry){ .hi = hi, .lo = { lo0, PAGES_PER_ENTRY == 2 ? lo1 : 0 } };
}

static bool same(unsigned index, const struct entry *expected)
{
	struct entry got;

	read_entry(index, &got);
	return got.hi == expected->hi && got.lo[0] == expected->lo[0] && got.lo[1] == expected->lo[1] &&
	       got.mask == expected->mask;
}

/* Every entry by its own value: none is written but the one that Index names. */
static void kept(void)
{
	bool all = true;

	chapter("tlbwi and tlbr");
	for (unsigned index = WIRED; index < tlb_entries; index++) {
		struct entry entry = entry_of((FREE_1 + index * PAGE * PAGES_PER_ENTRY) | (index & 63) << ASID_SHIFT,
		                              lo_of(index * 0x3000, LO_VALID | (index & 1 ? LO_DIRTY : 0)),
		                              lo_of(index * 0x5000, LO_DIRTY | (index & 2 ? LO_VALID : 0)));

		write_entry(index, &entry);
	}
	for (unsigned index = WIRED; index < tlb_entries; index++) {
		struct entry entry = entry_of((FREE_1 + index * PAGE * PAGES_PER_ENTRY) | (index & 63) << ASID_SHIFT,
		                              lo_of(index * 0x3000, LO_VALID | (index & 1 ? LO_DIRTY : 0)),
		                              lo_of(index * 0x5000, LO_DIRTY | (index & 2 ? LO_VALID : 0)));

		all = all && same(index, &entry);
	}
	claim("all entries keep what they are given", all);
	struct entry global = entry_of(FREE_2, lo_of(0x7000, LO_GLOBAL | LO_VALID), lo_of(0x8000, LO_GLOBAL | LO_VALID));
	write_entry(WIRED, &global);
	claim("G", same(WIRED, &global));
	struct entry uncached = entry_of(FREE_2, lo_of(0x7000, LO_UNCACHED), lo_of(0x8000, LO_UNCACHED));
	write_entry(WIRED, &uncached);
	claim("uncached", same(WIRED, &uncached));
	unmap_all();
}

static void probing(void)
{
	unsigned last = tlb_entries - 1;

	chapter("tlbp");
	map(last, FREE_1, 0, OTHER_ASID, LO_VALID);
	claim_equal("finds the entry", probe((FREE_1 & VPN_MASK) | OTHER_ASID << ASID_SHIFT), last << INDEX_SHIFT);
	claim("not with another ASID", probe((FREE_1 & VPN_MASK) | 6 << ASID_SHIFT) >> PROBE_FAILED_BIT);
	claim("not with another page",
	      probe(((FREE_1 + PAGE * PAGES_PER_ENTRY) & VPN_MASK) | OTHER_ASID << ASID_SHIFT) >> PROBE_FAILED_BIT);
	map(last, FREE_1, 0, OTHER_ASID, LO_GLOBAL);
	claim_equal("a global one with any ASID, and though it is not valid", probe((FREE_1 & VPN_MASK) | 6 << ASID_SHIFT),
	            last << INDEX_SHIFT);
	unmap(last);
	claim("not what was written over", probe((FREE_1 & VPN_MASK) | OTHER_ASID << ASID_SHIFT) >> PROBE_FAILED_BIT);
}

/* A load at an address with an ASID: its value, or 0 after a refill, 1 after another exception. */
static uint32_t look(uint32_t address, unsigned asid, bool user)
{
	struct frame frame = user ? in_user(do_load) : in_kernel(do_load);

	frame.entry_hi = asid << ASID_SHIFT;
	frame.reg[A0] = address;
	run(&frame);
	return is_done() ? outcome.reg[V0] : outcome.vector ? 1 : 0;
}

static void matching(void)
{
	chapter("who sees a page");
	word[0] = 0xaaaa0001;
	word[PAGE / 4] = 0xbbbb0002;
	map(WIRED, FREE_1, PHYSICAL(data), OTHER_ASID, LO_VALID);
	claim_equal("its own ASID does", look(FREE_1, OTHER_ASID, true), 0xaaaa0001);
	claim_equal("in kernel mode too", look(FREE_1, OTHER_ASID, false), 0xaaaa0001);
	claim_equal("another one does not", look(FREE_1, OTHER_ASID + 1, true), 0);
	claim_equal("the greatest one does not", look(FREE_1, ASID_MOST, true), 0);
	claim_equal("nor in kernel mode", look(FREE_1, 0, false), 0);
	map(WIRED + 1, FREE_1, PHYSICAL(data) + PAGE, ASID_MOST, LO_VALID);
	claim_equal("two pages at one address: the first", look(FREE_1, OTHER_ASID, true), 0xaaaa0001);
	claim_equal("the second", look(FREE_1, ASID_MOST, true), 0xbbbb0002);
	claim_equal("the first again", look(FREE_1, OTHER_ASID, true), 0xaaaa0001);
	unmap(WIRED + 1);
	map(WIRED, FREE_1, PHYSICAL(data), OTHER_ASID, LO_VALID | LO_GLOBAL);
	claim_equal("a global one: all do", look(FREE_1, OTHER_ASID + 1, true), 0xaaaa0001);
	claim_equal("all do, in kernel mode", look(FREE_1, ASID_MOST, false), 0xaaaa0001);
	unmap(WIRED);
	claim_equal("and none when it is gone", look(FREE_1, OTHER_ASID, true), 0);
}

static void changing(void)
{
	chapter("what is written over");
	map(WIRED, FREE_1, PHYSICAL(data), 0, LO_VALID);
	claim_equal("one frame", look(FREE_1, 0, true), 0xaaaa0001);
	map(WIRED, FREE_1, PHYSICAL(data) + PAGE, 0, LO_VALID);
	claim_equal("another frame in the same entry", look(FREE_1, 0, true), 0xbbbb0002);
	map(WIRED, FREE_1, PHYSICAL(data) + PAGE, 0, 0);
	claim_equal("no longer valid", look(FREE_1, 0, true), 1);
	map(WIRED, FREE_1, PHYSICAL(data), 0, LO_VALID);
	claim_equal("valid again", look(FREE_1, 0, true), 0xaaaa0001);
	map(WIRED, FREE_1 + PAGE * PAGES_PER_ENTRY, PHYSICAL(data), 0, LO_VALID);
	claim_equal("the entry is another page's", look(FREE_1, 0, true), 0);
	claim_equal("and serves it", look(FREE_1 + PAGE * PAGES_PER_ENTRY, 0, true), 0xaaaa0001);
	unmap(WIRED);
}

static void one_memory(void)
{
	struct frame frame = in_user(do_store);

	chapter("one memory");
	map(WIRED, FREE_1, PHYSICAL(data), 0, LO_VALID | LO_DIRTY);
	map(WIRED + 1, FREE_2, PHYSICAL(data), 0, LO_VALID);
	frame.reg[A0] = FREE_1 + 8;
	frame.reg[A1] = 0x13579bdf;
	run(&frame);
	claim_done("a store through the TLB");
	claim_equal("is seen in kseg0", word[2], 0x13579bdf);
	claim_equal("and at another address of the frame", look(FREE_2 + 8, 0, true), 0x13579bdf);
	word[2] = 0x2468ace0;
	claim_equal("and the other way round", look(FREE_1 + 8, 0, true), 0x2468ace0);
	unmap(WIRED);
	unmap(WIRED + 1);
}

/* As many pages as there are entries, each with its own frame's contents. */
static void full(void)
{
	bool all = true;

	chapter("a full TLB");
	for (unsigned index = WIRED; index < tlb_entries; index++)
		map(index, FREE_2 + index * PAGE * PAGES_PER_ENTRY, PHYSICAL(data) + index % 4 * PAGE, 1, LO_VALID);
	for (unsigned page = 0; page < 4; page++)
		word[page * PAGE / 4] = 0xc0de0000 + page;
	for (unsigned turn = 0; turn < 2; turn++)
		for (unsigned index = WIRED; index < tlb_entries; index++)
			all = all && look(FREE_2 + index * PAGE * PAGES_PER_ENTRY, 1, true) == 0xc0de0000 + index % 4;
	claim("every entry translates its page", all);
	unmap_all();
}

void chapter_tlb(void)
{
	kept();
	probing();
	matching();
	changing();
	one_memory();
	full();
}
