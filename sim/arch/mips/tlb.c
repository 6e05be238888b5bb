/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The TLB as a table: see tlb.h. */
#include "sim/arch/mips/tlb.h"
#include <stdlib.h>
#include <string.h>

enum { KSEG0_PAGE = KSEG0 >> PAGE_SHIFT, FRAME_MASK = 0xfffff };

/* --- keys --- */

static uint64_t key_of(uint32_t page, uint32_t asid)
{
	return (uint64_t)asid << 32 | page;
}

static uint64_t care_of(const struct mips_tlb *tlb, const struct mips_tlb_entry *entry)
{
	return key_of(~entry->mask, entry->global ? 0 : tlb->asid_mask);
}

static bool matches(const struct mips_tlb *tlb, uint32_t slot, uint64_t want)
{
	return !((tlb->key[slot] ^ want) & tlb->care[slot]);
}

/* Pages of kseg0 and kseg1 are never looked up. */
static bool is_unmapped(uint32_t page)
{
	return page >> 18 == KSEG0_PAGE >> 18;
}

/* Some access could match both; the one in `slot`, and one with this key. */
static bool overlaps(const struct mips_tlb *tlb, uint32_t slot, uint64_t key, uint64_t care)
{
	return !((tlb->key[slot] ^ key) & tlb->care[slot] & care);
}

/* --- life --- */

static void place(struct mips_tlb *tlb, uint32_t slot, const struct mips_tlb_entry *entry)
{
	tlb->entry[slot] = *entry;
	tlb->entry[slot].asid &= (uint16_t)tlb->asid_mask;
	tlb->key[slot] = key_of(entry->page, tlb->entry[slot].asid);
	tlb->care[slot] = care_of(tlb, entry);
}

static void power_on(struct mips_tlb *tlb)
{
	for (uint32_t index = 0; index < tlb->entries; index++) {
		struct mips_tlb_entry entry = {
			.page = KSEG0_PAGE + (tlb->pairs ? 2 * index : index), .mask = tlb->pairs,
			.half = { { .cached = true }, { .cached = true } } /* as EntryLo of 0 says */
		};
		place(tlb, mips_tlb_slot(tlb, index), &entry);
	}
	tlb->conflicts = 0;
	memset(tlb->hint, 0, sizeof tlb->hint);
}

struct mips_tlb *mips_tlb_create(const struct tlb_geometry *geometry, bool pairs)
{
	struct mips_tlb *tlb = calloc(1, sizeof *tlb);

	if (!tlb)
		return NULL;
	tlb->entries = geometry->entries;
	tlb->ways = geometry->ways;
	tlb->sets = geometry->entries / geometry->ways;
	tlb->pairs = pairs;
	tlb->asid_mask = (1u << geometry->tag_bits) - 1;
	tlb->entry = calloc(tlb->entries, sizeof *tlb->entry);
	tlb->key = calloc(tlb->entries, sizeof *tlb->key);
	tlb->care = calloc(tlb->entries, sizeof *tlb->care);
	if (!tlb->entry || !tlb->key || !tlb->care ||
	    !replacement_init(&tlb->replacement, geometry->policy, tlb->sets, tlb->ways, geometry->seed)) {
		mips_tlb_destroy(tlb);
		return NULL;
	}
	power_on(tlb);
	return tlb;
}

void mips_tlb_destroy(struct mips_tlb *tlb)
{
	if (!tlb)
		return;
	replacement_free(&tlb->replacement);
	free(tlb->entry);
	free(tlb->key);
	free(tlb->care);
	free(tlb);
}

/* --- looking up --- */

/* From a slot of a set on: the first that matches; -1: none. */
static int scan(const struct mips_tlb *tlb, uint32_t from, uint32_t end, uint64_t want)
{
	for (uint32_t slot = from; slot < end; slot++)
		if (matches(tlb, slot, want))
			return (int)slot;
	return -1;
}

int mips_tlb_peek(const struct mips_tlb *tlb, uint32_t page, uint32_t asid)
{
	uint32_t first = mips_tlb_set(tlb, page) * tlb->ways;

	return scan(tlb, first, first + tlb->ways, key_of(page, asid));
}

int mips_tlb_find(struct mips_tlb *tlb, uint32_t page, uint32_t asid, int *second)
{
	uint16_t *hint = &tlb->hint[page % TLB_HINTS];
	uint32_t first = mips_tlb_set(tlb, page) * tlb->ways;
	uint64_t want = key_of(page, asid);
	int found;

	if (second)
		*second = -1;
	if (!tlb->conflicts && *hint - first < tlb->ways && matches(tlb, *hint, want))
		return *hint;
	found = scan(tlb, first, first + tlb->ways, want);
	if (found < 0)
		return -1;
	*hint = (uint16_t)found;
	if (tlb->conflicts && second)
		*second = scan(tlb, (uint32_t)found + 1, first + tlb->ways, want);
	return found;
}

/* --- writing --- */

int mips_tlb_conflict(const struct mips_tlb *tlb, uint32_t slot, const struct mips_tlb_entry *entry)
{
	uint32_t first = slot - slot % tlb->ways;
	uint64_t key = key_of(entry->page, entry->asid & tlb->asid_mask), care = care_of(tlb, entry);

	if (is_unmapped(entry->page))
		return -1;
	for (uint32_t other = first; other < first + tlb->ways; other++)
		if (other != slot && overlaps(tlb, other, key, care))
			return (int)other;
	return -1;
}

/* With how many entries of its set the one of a slot is in conflict. */
static uint32_t conflicts_of(const struct mips_tlb *tlb, uint32_t slot)
{
	uint32_t first = slot - slot % tlb->ways, count = 0;
	uint64_t key = tlb->key[slot], care = tlb->care[slot];

	if (is_unmapped(tlb->entry[slot].page))
		return 0;
	for (uint32_t other = first; other < first + tlb->ways; other++)
		count += overlaps(tlb, other, key, care);
	return count - 1; /* itself */
}

void mips_tlb_put(struct mips_tlb *tlb, uint32_t slot, const struct mips_tlb_entry *entry)
{
	tlb->conflicts -= conflicts_of(tlb, slot);
	place(tlb, slot, entry);
	tlb->conflicts += conflicts_of(tlb, slot);
	replacement_fill(&tlb->replacement, slot / tlb->ways, slot % tlb->ways);
}

void mips_tlb_touch(struct mips_tlb *tlb, uint32_t slot)
{
	uint32_t set = slot / tlb->ways, way = slot % tlb->ways;

	if (tlb->replacement.recent && tlb->replacement.recent[set] != way)
		replacement_touch(&tlb->replacement, set, way);
}

uint32_t mips_tlb_wired_ways(const struct mips_tlb *tlb, uint32_t set, uint32_t wired)
{
	uint32_t ways = wired > set ? (wired - set + tlb->sets - 1) / tlb->sets : 0;

	return ways < tlb->ways ? ways : tlb->ways;
}

/* --- snapshots --- */

static void half_state(struct stream *stream, struct mips_tlb_entry *entry, unsigned n)
{
	stream_field(stream, entry->half[n].frame);
	stream_field(stream, entry->half[n].coherency);
	stream_flag(stream, &entry->half[n].valid);
	stream_flag(stream, &entry->half[n].dirty);
	stream_flag(stream, &entry->half[n].cached);
	entry->half[n].frame &= FRAME_MASK;
}

static void entry_state(struct stream *stream, struct mips_tlb_entry *entry)
{
	stream_field(stream, entry->page);
	stream_field(stream, entry->mask);
	stream_field(stream, entry->asid);
	stream_flag(stream, &entry->global);
	half_state(stream, entry, 0);
	half_state(stream, entry, 1);
}

/* Masks that a processor can have: of pairs 1, 7, 31, ..., 8191, a power of 4 doubled and less 1; else 0. */
static bool is_mask(const struct mips_tlb *tlb, uint32_t mask)
{
	return tlb->pairs ? !((mask + 1) & mask) && (mask + 1) & 0x2aaa : mask == 0;
}

static bool fits(const struct mips_tlb *tlb, uint32_t slot, const struct mips_tlb_entry *entry)
{
	return entry->page <= FRAME_MASK && is_mask(tlb, entry->mask) && !(entry->page & entry->mask) &&
	       mips_tlb_set(tlb, entry->page) == slot / tlb->ways &&
	       !(tlb->pairs && mips_tlb_conflict(tlb, slot, entry) >= 0);
}

static void count_conflicts(struct mips_tlb *tlb)
{
	tlb->conflicts = 0;
	for (uint32_t slot = 0; slot < tlb->entries; slot++)
		tlb->conflicts += conflicts_of(tlb, slot);
	tlb->conflicts /= 2;
}

void mips_tlb_state(struct stream *stream, struct mips_tlb *tlb)
{
	if (stream->loading)
		power_on(tlb);
	for (uint32_t slot = 0; slot < tlb->entries && !stream->failed; slot++) {
		struct mips_tlb_entry entry = tlb->entry[slot];

		entry_state(stream, &entry);
		if (!stream->loading || stream->failed)
			continue;
		if (fits(tlb, slot, &entry))
			place(tlb, slot, &entry);
		else
			stream->failed = true;
	}
	replacement_state(stream, &tlb->replacement);
	count_conflicts(tlb);
	if (stream->loading && stream->failed)
		power_on(tlb);
}
