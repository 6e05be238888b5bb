/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The naive TLB: see twin.h. */
#include "twin.h"
#include <string.h>
#include "sim/arch/mips/cpu.h"

static unsigned set_of(const struct twin *twin, vaddr_t base)
{
	return base / (twin->pairs ? 8192 : 4096) % twin->sets;
}

static unsigned way_of(const struct twin *twin, unsigned index) { return index / twin->sets; }

static uint32_t span(const struct twin *twin, const struct twin_entry *entry)
{
	return entry->size * (twin->pairs ? 2 : 1);
}

/* --- pseudo-lru: intervals of ways, halved --- */

static void tree_touch(struct twin *twin, unsigned set, unsigned way)
{
	unsigned begin = 0, size = twin->ways;

	while (size > 1) {
		bool above = way >= begin + size / 2;

		twin->upper[set][begin + size / 2] = !above;
		begin += above ? size / 2 : 0;
		size /= 2;
	}
}

static unsigned tree_victim(const struct twin *twin, unsigned set, unsigned least)
{
	unsigned begin = 0, size = twin->ways;

	while (size > 1) {
		bool above = twin->upper[set][begin + size / 2] || begin + size / 2 <= least;

		begin += above ? size / 2 : 0;
		size /= 2;
	}
	return begin;
}

/* --- life --- */

static void touch(struct twin *twin, unsigned index, bool fill)
{
	twin->entry[index].used = ++twin->time;
	if (fill)
		twin->entry[index].filled = twin->time;
	if (twin->policy == TLB_PSEUDO_LRU)
		tree_touch(twin, index % twin->sets, way_of(twin, index));
}

void twin_init(struct twin *twin, unsigned entries, unsigned ways, bool pairs, enum tlb_policy policy)
{
	memset(twin, 0, sizeof *twin);
	twin->entries = entries;
	twin->ways = ways;
	twin->sets = entries / ways;
	twin->pairs = pairs;
	twin->policy = policy;
	for (unsigned index = 0; index < entries; index++) {
		twin->entry[index].base = KSEG0 + index * (pairs ? 8192 : 4096);
		twin->entry[index].size = 4096;
		touch(twin, index, true);
	}
}

/* --- looking --- */

static bool covers(const struct twin *twin, const struct twin_entry *entry, vaddr_t address)
{
	return address - entry->base < span(twin, entry) && (entry->global || entry->asid == twin->asid);
}

int twin_find(const struct twin *twin, vaddr_t address)
{
	int found = -1;

	for (unsigned index = 0; index < twin->entries; index++)
		if (covers(twin, &twin->entry[index], address)) {
			if (found >= 0)
				return -2;
			found = (int)index;
		}
	return found;
}

bool twin_conflicts(const struct twin *twin, unsigned index, const struct twin_entry *entry)
{
	for (unsigned other = 0; other < twin->entries; other++) {
		const struct twin_entry *it = &twin->entry[other];
		bool same_space = it->global || entry->global || it->asid == entry->asid;
		bool overlap = it->base - entry->base < span(twin, entry) || entry->base - it->base < span(twin, it);

		if (other != index && same_space && overlap)
			return true;
	}
	return false;
}

struct twin_answer twin_access(struct twin *twin, vaddr_t address, bool write)
{
	int found = twin_find(twin, address);
	struct twin_answer answer = { .exception = write ? EXC_TLBS : EXC_TLBL, .miss = found < 0, .two = found == -2,
	                              .entry = found };
	const struct twin_entry *entry;
	unsigned half;

	if (found < 0)
		return answer;
	entry = &twin->entry[found];
	half = (address - entry->base) / entry->size;
	if (!entry->valid[half])
		return answer;
	answer.exception = write && !entry->dirty[half] ? EXC_MOD : -1;
	if (answer.exception >= 0)
		return answer;
	answer.address = (entry->frame[half] & ~(entry->size - 1)) | (address & (entry->size - 1));
	answer.cached = entry->cached[half];
	answer.dirty = entry->dirty[half];
	touch(twin, (unsigned)found, false);
	return answer;
}

/* --- writing --- */

unsigned twin_place(const struct twin *twin, unsigned index, vaddr_t base)
{
	return way_of(twin, index) * twin->sets + set_of(twin, base);
}

/* The way of a set that is wired no more, with the earliest time. */
static unsigned oldest(const struct twin *twin, unsigned set, bool by_filling)
{
	unsigned best = 0;
	uint64_t when = UINT64_MAX;

	for (unsigned index = set; index < twin->entries; index += twin->sets) {
		uint64_t time = by_filling ? twin->entry[index].filled : twin->entry[index].used;

		if (index >= twin->wired && time < when) {
			best = index;
			when = time;
		}
	}
	return way_of(twin, best);
}

static unsigned in_turn(struct twin *twin, unsigned set, unsigned least)
{
	unsigned way = twin->turn[set] < least ? least : twin->turn[set];

	twin->turn[set] = (way + 1) % twin->ways;
	return way;
}

unsigned twin_victim(struct twin *twin, vaddr_t base, uint64_t clock)
{
	unsigned set = set_of(twin, base), least = 0, way;

	while (least < twin->ways && least * twin->sets + set < twin->wired)
		least++;
	if (least == twin->ways)
		way = twin->ways - 1;
	else if (twin->policy == TLB_RANDOM)
		way = twin->ways - 1 - (unsigned)(clock % (twin->ways - least));
	else if (twin->policy == TLB_ROUND_ROBIN)
		way = in_turn(twin, set, least);
	else if (twin->policy == TLB_PSEUDO_LRU)
		way = tree_victim(twin, set, least);
	else
		way = oldest(twin, set, twin->policy == TLB_FIFO);
	return way * twin->sets + set;
}

void twin_put(struct twin *twin, unsigned index, const struct twin_entry *entry)
{
	twin->entry[index] = *entry;
	touch(twin, index, true);
}
