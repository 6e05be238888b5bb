/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory management: segments of the address space, translating, and refilling without software.
 *
 * Kane, "MIPS RISC Architecture", chapter 4; R4000 User's Manual, chapter 4.
 *
 *                    kuseg            kseg0          kseg1            kseg2
 *   R2000, R3000     mapped, user     physical       physical,        mapped
 *   R4000            the same; ERL:   the same       uncached         sseg (supervisor), kseg3
 *                    physical, uncached
 *
 * Invariants
 *   1. mips_translate that fails has changed nothing but (T12) the TLB.
 *   2. a fault says what the exception will be; nothing of coprocessor 0 is changed here but Status.TS.
 */
#include <stdlib.h>
#include <string.h>
#include "sim/arch/mips/cp0.h"
#include "sim/arch/mips/tlb.h"

/* --- life --- */

static bool isolated_init(struct mips_isolated *isolated, uint32_t size)
{
	isolated->byte = size ? calloc(1, size) : NULL;
	isolated->size = size;
	return !size || isolated->byte;
}

static bool caches_init(struct mips *mips)
{
	const struct model *model = mips->model;
	const struct cache_geometry *data = model->split_cache ? &model->data_cache : &model->cache;
	const struct cache_geometry *code = model->split_cache ? &model->code_cache : &model->cache;

	if (!mips_is_r4000(mips) &&
	    (!isolated_init(&mips->isolated[0], data->size) || !isolated_init(&mips->isolated[1], code->size)))
		return false;
	if (!model->cache_enabled)
		return true;
	mips->data_cache = cache_create(data);
	mips->code_cache = model->split_cache ? cache_create(code) : mips->data_cache;
	return mips->data_cache && mips->code_cache;
}

bool mips_mmu_init(struct mips *mips)
{
	mips->tlb = mips_tlb_create(&mips->model->tlb, mips_is_r4000(mips));
	return mips->tlb && caches_init(mips);
}

void mips_mmu_free(struct mips *mips)
{
	mips_tlb_destroy(mips->tlb);
	if (mips->code_cache != mips->data_cache)
		cache_destroy(mips->code_cache);
	cache_destroy(mips->data_cache);
	free(mips->isolated[0].byte);
	free(mips->isolated[1].byte);
	mips->tlb = NULL;
	mips->code_cache = mips->data_cache = NULL;
	memset(mips->isolated, 0, sizeof mips->isolated);
}

unsigned mips_tlb_entries(const struct mips *mips)
{
	return mips->tlb->entries;
}

struct mips_tlb_entry mips_tlb_entry(const struct mips *mips, unsigned index)
{
	return mips->tlb->entry[mips_tlb_slot(mips->tlb, index)];
}

/* --- segments --- */

enum privilege { USER, SUPERVISOR, KERNEL };

static enum privilege privilege_of(const struct mips *mips)
{
	uint32_t status = mips->cpu.cp0[CP0_STATUS];

	if (mips_user_mode(mips))
		return USER;
	return mips_is_r4000(mips) && !(status & (SR4_EXL | SR4_ERL)) && status & SR4_KSU ? SUPERVISOR : KERNEL;
}

/* By the address's top three bits. */
static const struct segment {
	enum privilege least, least4; /* who may access it; R4000 */
	bool mapped, cached;
} segment[8] = {
	{ USER, USER, true, true }, { USER, USER, true, true }, { USER, USER, true, true }, { USER, USER, true, true },
	{ KERNEL, KERNEL, false, true },      /* kseg0 */
	{ KERNEL, KERNEL, false, false },     /* kseg1 */
	{ KERNEL, SUPERVISOR, true, true },   /* kseg2; sseg */
	{ KERNEL, KERNEL, true, true },       /* kseg2; kseg3 */
};

static bool allowed(const struct mips *mips, vaddr_t address, enum privilege as)
{
	const struct segment *in = &segment[address >> 29];

	return as >= (mips_is_r4000(mips) ? in->least4 : in->least);
}

/* True if an address is not mapped by the TLB: *place is where it goes. */
static bool direct(const struct mips *mips, vaddr_t address, struct mips_place *place)
{
	const struct segment *in = &segment[address >> 29];
	bool error_level = mips_is_r4000(mips) && mips->cpu.cp0[CP0_STATUS] & SR4_ERL && address < KSEG0;

	if (in->mapped && !error_level)
		return false;
	*place = (struct mips_place){
		.address = error_level ? address : address & UNMAPPED_PHYSICAL, .cached = in->cached && !error_level,
		.writable = true, .entry = -1
	};
	place->memory = place->address < mips->ram_size;
	return true;
}

/* --- translating --- */

static bool fault_address(struct mips_fault *fault, int code, vaddr_t address, enum access access, bool refill)
{
	*fault = (struct mips_fault){ .code = code, .address = address, .refill = refill, .fetch = access == ACCESS_FETCH };
	return false;
}

/* Which half of an entry a page is in: of pairs, by the bit above the page's own. */
static unsigned half_of(const struct mips_tlb_entry *entry, uint32_t page)
{
	return (page & (entry->mask + 1) >> 1) != 0;
}

static void place_in(const struct mips *mips, uint32_t slot, vaddr_t address, struct mips_place *place)
{
	const struct mips_tlb_entry *entry = &mips->tlb->entry[slot];
	unsigned n = half_of(entry, PAGE_OF(address));
	uint32_t inside = entry->mask >> 1; /* page bits that are within a page larger than 4 KiB */
	uint32_t frame = (entry->half[n].frame & ~inside) | (PAGE_OF(address) & inside);

	*place = (struct mips_place){
		.address = frame << PAGE_SHIFT | (address & PAGE_MASK), .cached = entry->half[n].cached,
		.writable = entry->half[n].dirty, .entry = (int)mips_tlb_index(mips->tlb, slot)
	};
	place->memory = place->address < mips->ram_size;
}

/* What an entry that matches says of an access: -1, or the exception. */
static int refusal(const struct mips_tlb_entry *entry, vaddr_t address, enum access access)
{
	unsigned n = half_of(entry, PAGE_OF(address));

	if (!entry->half[n].valid)
		return access == ACCESS_WRITE ? EXC_TLBS : EXC_TLBL;
	return access == ACCESS_WRITE && !entry->half[n].dirty ? EXC_MOD : -1;
}

/* --- refilling without software (T12) --- */

/* Reads a word of a table as the kernel would; false: an exception, or not memory. */
static bool table_word(struct mips *mips, vaddr_t address, uint32_t *word)
{
	struct mips_place place;

	if (!mips_look(mips, address, ACCESS_READ, false, &place) || !place.memory)
		return false;
	if (place.entry >= 0 && tlb_find_running(mips, PAGE_OF(address)) < 0)
		return false; /* two match */
	if (place.entry >= 0)
		mips_tlb_touch(mips->tlb, mips_tlb_slot(mips->tlb, (uint32_t)place.entry));
	memcpy(word, mips->ram + place.address, 4);
	return true;
}

static void note_walk(struct mips *mips, vaddr_t address, enum access access)
{
	uint32_t cycles = mips->model->cost[MIPS_COST_WALK_HIT], arg[] = { address, access, cycles };

	mips->count[MIPS_COUNT_TLB_MISSES]++;
	mips->count[access == ACCESS_FETCH ? MIPS_COUNT_CODE_TLB_MISSES : MIPS_COUNT_DATA_TLB_MISSES]++;
	ledger_charge(mips->ledger, CAUSE_TLB_WALK, cycles);
	journal_append(mips->journal, EVENT_TLB_MISS, mips->cpu.pc, 3, arg);
}

/* Whether the processor refills for a miss at an address: its exception would go through the refill vector. */
static bool refills(const struct mips *mips, vaddr_t address)
{
	bool nested = mips_is_r4000(mips) && mips->cpu.cp0[CP0_STATUS] & SR4_EXL;

	return mips->model->tlb_refill_hardware && address < KSEG0 && !nested;
}

/* The EntryLo, or the pair of them, that the linear table has for a page.  False: there is no table, or no such word. */
static bool table_entry(struct mips *mips, vaddr_t address, uint32_t lo[2])
{
	uint32_t context = cp0_context(mips, address);
	vaddr_t pair = context >> 1 | (context & KSEG0);

	if (context < KSEG0)
		return false;
	if (!mips_is_r4000(mips))
		return table_word(mips, context, &lo[0]);
	if (!table_word(mips, pair, &lo[0]) || !table_word(mips, pair + 4, &lo[1]))
		return false;
	lo[0] >>= TABLE4_SHIFT;
	lo[1] >>= TABLE4_SHIFT;
	return true;
}

/* After a miss: true if the processor has written an entry for the page. */
static bool refill_by_itself(struct mips *mips, vaddr_t address, enum access access)
{
	uint32_t asid = cp0_asid_field(mips, cp0_asid(mips, mips->cpu.cp0[CP0_ENTRYHI])), lo[2] = { 0, 0 };
	struct mips_tlb_entry entry;

	if (!refills(mips, address) || !table_entry(mips, address, lo))
		return false;
	entry = tlb_entry_of(mips, (address & ~PAGE_MASK) | asid, lo, mips->cpu.cp0[CP0_PAGEMASK]);
	tlb_write_entry(mips, tlb_victim(mips, entry.page), &entry);
	note_walk(mips, address, access);
	return true;
}

static bool mapped(struct mips *mips, vaddr_t address, enum access access, struct mips_place *place,
                   struct mips_fault *fault)
{
	int found = tlb_find_running(mips, PAGE_OF(address)), code;

	if (found < 0 && !mips->cpu.shutdown && refill_by_itself(mips, address, access))
		found = tlb_find_running(mips, PAGE_OF(address));
	if (found < 0)
		return fault_address(fault, access == ACCESS_WRITE ? EXC_TLBS : EXC_TLBL, address, access, true);
	code = refusal(&mips->tlb->entry[found], address, access);
	if (code >= 0)
		return fault_address(fault, code, address, access, false);
	mips_tlb_touch(mips->tlb, (uint32_t)found);
	place_in(mips, (uint32_t)found, address, place);
	return true;
}

/* See mips.h.  charges tlb_walk (T12). */
bool mips_translate(struct mips *mips, vaddr_t address, unsigned size, enum access access, struct mips_place *place,
                    struct mips_fault *fault)
{
	if (address & (size - 1) || !allowed(mips, address, privilege_of(mips)))
		return fault_address(fault, access == ACCESS_WRITE ? EXC_ADES : EXC_ADEL, address, access, false);
	return direct(mips, address, place) || mapped(mips, address, access, place, fault);
}

/* See mips.h.  Charges nothing. */
bool mips_look(const struct mips *mips, vaddr_t address, enum access access, bool user, struct mips_place *place)
{
	int found;

	if (!allowed(mips, address, user ? USER : KERNEL))
		return false;
	if (direct(mips, address, place))
		return true;
	found = mips_tlb_peek(mips->tlb, PAGE_OF(address), cp0_asid(mips, mips->cpu.cp0[CP0_ENTRYHI]));
	if (found < 0 || refusal(&mips->tlb->entry[found], address, access) >= 0)
		return false;
	place_in(mips, (uint32_t)found, address, place);
	return true;
}

/* --- snapshots --- */

void mips_mmu_state(struct stream *stream, struct mips *mips)
{
	mips_tlb_state(stream, mips->tlb);
	if (mips->data_cache)
		cache_state(stream, mips->data_cache);
	if (mips->code_cache != mips->data_cache)
		cache_state(stream, mips->code_cache);
	for (unsigned n = 0; n < 2; n++)
		if (mips->isolated[n].size)
			stream_bytes(stream, mips->isolated[n].byte, mips->isolated[n].size);
}
