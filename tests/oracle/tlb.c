/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The TLB: a list of entries, searched from its begin to its end for each access.
 *
 * Kane, chapter 6 (R2000, R3000: 64 entries of one page); R4000 manual, chapter 4 (48 entries of two pages each).
 * The laboratory's TLBs differ in number, in ways (an entry of index way * sets + set holds pages of its set only), in
 * the ASID's bits, in having a global bit, and in who chooses what tlbwr replaces (T10).
 */
#include "inside.h"

enum { KSEG0 = 0x80000000u, KSEG1 = 0xa0000000u, KSEG2 = 0xc0000000u, KSEG3 = 0xe0000000u };

/* --- fields --- */

static uint32_t asid_mask(const struct oracle *o) { return (1u << o->model.asid_bits) - 1; }

uint32_t oracle_current_asid(const struct oracle *o)
{
	return o->cp0[ENTRYHI] >> (is_r4000(o) ? 0 : 6) & asid_mask(o);
}

static unsigned index_shift(const struct oracle *o) { return is_r4000(o) ? 0 : 8; }

static uint32_t wired(const struct oracle *o) { return is_r4000(o) ? o->cp0[WIRED] : o->model.wired; }

static uint32_t sets(const struct oracle *o) { return o->model.entries / o->model.ways; }

static uint32_t set_of(const struct oracle *o, uint32_t page) { return (is_r4000(o) ? page >> 1 : page) % sets(o); }

/* T10, of so many of which the first `kept` are wired. */
static uint32_t random_of(const struct oracle *o, uint32_t number, uint32_t kept)
{
	uint64_t n = is_r4000(o) ? o->retired - o->wired_written : o->now;

	return kept < number ? number - 1 - (uint32_t)(n % (number - kept)) : number - 1;
}

uint32_t oracle_random_register(const struct oracle *o)
{
	return random_of(o, o->model.entries, wired(o)) << index_shift(o);
}

/* How many of a set's ways are wired. */
static uint32_t wired_ways(const struct oracle *o, uint32_t set)
{
	uint32_t ways = 0;

	while (ways < o->model.ways && ways * sets(o) + set < wired(o))
		ways++;
	return ways;
}

/* --- matching --- */

static bool matches(const struct oracle_entry *entry, uint32_t page, uint32_t asid)
{
	return !((entry->page ^ page) & ~entry->mask) && (entry->global || entry->asid == asid);
}

/* The first entry that matches, -1 for none; *number of them all. */
static int find(const struct oracle *o, uint32_t page, uint32_t asid, unsigned *number)
{
	int found = -1;

	*number = 0;
	for (unsigned n = 0; n < o->model.entries; n++)
		if (matches(&o->tlb[n], page, asid) && !(*number)++)
			found = (int)n;
	return found;
}

/* --- replacement: who must go when it is not Random that says so --- */

static void tree_touch(struct oracle *o, uint32_t set, uint32_t way)
{
	uint32_t node = 1;

	for (uint32_t half = o->model.ways / 2; half; half /= 2) {
		bool upper = way & half;

		o->tree[set] = (o->tree[set] & ~(1ull << node)) | (uint64_t)!upper << node;
		node = 2 * node + upper;
	}
}

static void touch(struct oracle *o, unsigned n, bool fill)
{
	o->touched[n] = ++o->touches;
	if (fill)
		o->filled[n] = o->touches;
	if (o->model.policy == ORACLE_PSEUDO_LRU)
		tree_touch(o, n % sets(o), n / sets(o));
}

void oracle_tlb_power_on(struct oracle *o)
{
	o->touches = 0;
	for (unsigned n = 0; n < ORACLE_TLB_MOST; n++) {
		o->tree[n] = 0;
		o->next_way[n] = 0;
	}
	for (unsigned way = 0; way < o->model.ways; way++)
		for (unsigned set = 0; set < sets(o); set++)
			touch(o, way * sets(o) + set, true);
}

/* Of a set's ways that are not wired, the one with the least number in `when`. */
static uint32_t eldest(const struct oracle *o, const uint64_t *when, uint32_t set)
{
	int best = -1;

	for (uint32_t n = set; n < o->model.entries; n += sets(o))
		if (n >= wired(o) && (best < 0 || when[n] < when[best]))
			best = (int)n;
	return best < 0 ? (o->model.ways - 1) * sets(o) + set : (uint32_t)best;
}

static uint32_t round_robin(struct oracle *o, uint32_t set)
{
	uint32_t n;

	do {
		n = o->next_way[set] * sets(o) + set;
		o->next_way[set] = (o->next_way[set] + 1) % o->model.ways;
	} while (n < wired(o));
	return n;
}

/* The pointers are followed, but not into a half of wired ways. */
static uint32_t tree_victim(const struct oracle *o, uint32_t set)
{
	uint32_t node = 1, lowest = 0, kept = wired_ways(o, set);

	if (kept == o->model.ways)
		return (kept - 1) * sets(o) + set;
	for (uint32_t half = o->model.ways / 2; half; half /= 2) {
		bool upper = (o->tree[set] >> node & 1) || lowest + half <= kept;

		lowest += upper ? half : 0;
		node = 2 * node + upper;
	}
	return lowest * sets(o) + set;
}

/* The entry that a random write of a page replaces. */
static uint32_t victim(struct oracle *o, uint32_t page)
{
	uint32_t set = set_of(o, page);

	switch (o->model.policy) {
	case ORACLE_LRU:
		return eldest(o, o->touched, set);
	case ORACLE_FIFO:
		return eldest(o, o->filled, set);
	case ORACLE_ROUND_ROBIN:
		return round_robin(o, set);
	case ORACLE_PSEUDO_LRU:
		return tree_victim(o, set);
	default:
		return random_of(o, o->model.ways, wired_ways(o, set)) * sets(o) + set;
	}
}

/* --- the TLB's instructions --- */

static struct oracle_entry entry_of_registers(const struct oracle *o)
{
	uint32_t hi = o->cp0[ENTRYHI], lo[2] = { o->cp0[ENTRYLO], o->cp0[ENTRYLO1] };
	struct oracle_entry e = { .asid = oracle_current_asid(o) };

	if (!is_r4000(o)) {
		e.page = hi >> 12;
		e.global = o->model.global && (lo[0] >> 8 & 1);
		e.frame[0] = lo[0] >> 12;
		e.valid[0] = lo[0] >> 9 & 1;
		e.dirty[0] = lo[0] >> 10 & 1;
		e.uncached[0] = lo[0] >> 11 & 1;
		return e;
	}
	e.mask = o->cp0[PAGEMASK] >> 12 | 1;
	e.page = hi >> 12 & ~e.mask;
	e.global = o->model.global && (lo[0] & lo[1] & 1);
	for (int half = 0; half < 2; half++) {
		e.frame[half] = lo[half] >> 6 & 0xfffff;
		e.valid[half] = lo[half] >> 1 & 1;
		e.dirty[half] = lo[half] >> 2 & 1;
		e.coherency[half] = lo[half] >> 3 & 7;
		e.uncached[half] = e.coherency[half] == 2;
	}
	return e;
}

/* Two entries of an R4000 that some address could match both. */
static bool overlap(const struct oracle_entry *a, const struct oracle_entry *b)
{
	bool never = a->page >= KSEG0 >> 12 && a->page < KSEG2 >> 12; /* not mapped */

	return !never && !((a->page ^ b->page) & ~(a->mask | b->mask)) && (a->global || b->global || a->asid == b->asid);
}

static void put(struct oracle *o, uint32_t n, const struct oracle_entry *entry)
{
	for (uint32_t other = 0; other < o->model.entries && is_r4000(o); other++)
		if (other != n && overlap(&o->tlb[other], entry))
			o->shutdown = true;
	if (o->shutdown)
		return;
	o->tlb[n] = *entry;
	touch(o, n, true);
}

void oracle_tlb_write(struct oracle *o, bool random)
{
	struct oracle_entry entry = entry_of_registers(o);
	uint32_t n, index = (o->cp0[INDEX] & 0x7fffffff) >> index_shift(o);

	if (!random && index >= o->model.entries)
		return;
	if (random)
		n = victim(o, entry.page);
	else
		n = index / sets(o) * sets(o) + set_of(o, entry.page);
	o->count.writes++;
	put(o, n, &entry);
}

void oracle_tlb_read(struct oracle *o)
{
	uint32_t index = (o->cp0[INDEX] & 0x7fffffff) >> index_shift(o);
	const struct oracle_entry *e = &o->tlb[index];

	if (index >= o->model.entries)
		return;
	if (!is_r4000(o)) {
		oracle_set_entry_hi(o, e->page << 12 | e->asid << 6);
		o->cp0[ENTRYLO] = e->frame[0] << 12 | (uint32_t)e->uncached[0] << 11 | (uint32_t)e->dirty[0] << 10 |
		                  (uint32_t)e->valid[0] << 9 | (uint32_t)e->global << 8;
		return;
	}
	oracle_set_entry_hi(o, e->page << 12 | e->asid);
	o->cp0[PAGEMASK] = (e->mask & ~1u) << 12;
	for (int half = 0; half < 2; half++)
		o->cp0[ENTRYLO + half] = e->frame[half] << 6 | e->coherency[half] << 3 |
		                         (uint32_t)e->dirty[half] << 2 | (uint32_t)e->valid[half] << 1 | e->global;
}

void oracle_tlb_probe(struct oracle *o)
{
	unsigned number;
	int found = find(o, o->cp0[ENTRYHI] >> 12, oracle_current_asid(o), &number);

	o->shutdown |= number > 1;
	o->cp0[INDEX] = found < 0 ? 0x80000000u : (uint32_t)found << index_shift(o);
}

/* --- translation --- */

static bool address_error(struct fault *fault, uint32_t address, enum access access)
{
	*fault = (struct fault){ .code = access == STORE ? ADES : ADEL, .has_address = true, .address = address };
	return false;
}

static bool tlb_fault(struct fault *fault, enum code code, uint32_t address, bool missed)
{
	*fault = (struct fault){ .code = code, .missed = missed, .has_address = true, .address = address };
	return false;
}

/* Whether the mode may use the segment of an address. R4000 manual 4.2; Kane 6. */
static bool allowed(const struct oracle *o, uint32_t address)
{
	if (address < KSEG0)
		return true;
	if (oracle_user_mode(o))
		return false;
	if (is_r4000(o) && (o->cp0[STATUS] >> 3 & 3) == 1 && !(o->cp0[STATUS] & 6)) /* supervisor */
		return address >= KSEG2 && address < KSEG3;
	return true;
}

static bool mapped(const struct oracle *o, uint32_t address)
{
	if (address < KSEG0)
		return !(is_r4000(o) && o->cp0[STATUS] & 4); /* ERL: kuseg as it is, uncached */
	return address >= KSEG2;
}

/* T12: the processor's own refill, what the handler of nine instructions does without the instructions. */
static bool hardware_refill(struct oracle *o, uint32_t address, enum access access);

static bool use_entry(struct oracle *o, unsigned n, uint32_t address, enum access access, struct place *place,
                      struct fault *fault)
{
	const struct oracle_entry *e = &o->tlb[n];
	uint32_t within = is_r4000(o) ? e->mask >> 1 : 0; /* page bits inside one page of the pair */
	unsigned half = is_r4000(o) && address >> 12 & (within + 1);

	if (!e->valid[half])
		return tlb_fault(fault, access == STORE ? TLBS : TLBL, address, false);
	if (access == STORE && !e->dirty[half])
		return tlb_fault(fault, MOD, address, false);
	*place = (struct place){ .address = ((e->frame[half] & ~within) | (address >> 12 & within)) << 12 | (address & 0xfff),
	                         .cached = !e->uncached[half], .writable = e->dirty[half] };
	return true;
}

static bool through_tlb(struct oracle *o, uint32_t address, enum access access, struct place *place,
                        struct fault *fault)
{
	unsigned number;
	int found = find(o, address >> 12, oracle_current_asid(o), &number);

	if (found < 0 && !o->quiet && hardware_refill(o, address, access))
		found = find(o, address >> 12, oracle_current_asid(o), &number);
	if (number > 1 && !o->quiet)
		o->shutdown = true;
	if (found < 0 || o->shutdown)
		return tlb_fault(fault, access == STORE ? TLBS : TLBL, address, true);
	if (!use_entry(o, (unsigned)found, address, access, place, fault))
		return false;
	if (!o->quiet)
		touch(o, (unsigned)found, false);
	return true;
}

bool oracle_translate(struct oracle *o, uint32_t address, unsigned size, enum access access, struct place *place,
               struct fault *fault)
{
	if (address % size || !allowed(o, address))
		return address_error(fault, address, access);
	if (mapped(o, address))
		return through_tlb(o, address, access, place, fault);
	*place = (struct place){ .address = address < KSEG0 ? address : address & 0x1fffffff,
	                         .cached = address >= KSEG0 && address < KSEG1, .writable = true };
	return true;
}

bool oracle_look(struct oracle *o, uint32_t address, unsigned size, enum access access, struct place *place)
{
	struct fault fault;
	bool found;

	o->quiet = true;
	found = oracle_translate(o, address, size, access, place, &fault);
	o->quiet = false;
	return found;
}

/* As a load of the kernel's; false: it would be an exception. */
static bool read_table(struct oracle *o, uint32_t address, uint32_t *word)
{
	struct place place;
	struct fault fault;
	uint32_t status = o->cp0[STATUS];
	bool found;

	o->model.hardware_refill = false;
	o->cp0[STATUS] &= is_r4000(o) ? ~0x18u : ~2u;
	found = oracle_translate(o, address, 4, LOAD, &place, &fault);
	o->cp0[STATUS] = status;
	o->model.hardware_refill = true;
	if (!found || !oracle_is_memory(o, place.address))
		return false;
	*word = oracle_memory_get(o, place.address, 4);
	return true;
}

static bool hardware_refill(struct oracle *o, uint32_t address, enum access access)
{
	uint32_t hi = o->cp0[ENTRYHI], lo[2] = { o->cp0[ENTRYLO], o->cp0[ENTRYLO1] }, word[2] = { 0, 0 };
	bool pair = is_r4000(o);
	uint32_t table = pair ? ((o->cp0[CONTEXT] & 0xff800000) | (address >> 13 << 4)) >> 1 | 0x80000000
	                      : (o->cp0[CONTEXT] & 0xffe00000) | (address >> 12 << 2);

	if (!o->model.hardware_refill || address >= KSEG0 || (pair && o->cp0[STATUS] & 2) || o->cp0[CONTEXT] < KSEG0)
		return false;
	if (!read_table(o, table, &word[0]) || (pair && !read_table(o, table + 4, &word[1])))
		return false;
	o->cp0[ENTRYLO] = pair ? word[0] >> 6 : word[0];
	o->cp0[ENTRYLO1] = word[1] >> 6;
	o->cp0[ENTRYHI] = (address & (pair ? ~0x1fffu : ~0xfffu)) | (hi & 0xfff);
	oracle_tlb_write(o, true);
	o->count.writes--; /* counts those of instructions */
	(*(access == FETCH ? &o->count.code_misses : &o->count.data_misses))++;
	o->cp0[ENTRYHI] = hi;
	o->cp0[ENTRYLO] = lo[0];
	o->cp0[ENTRYLO1] = lo[1];
	oracle_spend(o, ORACLE_TLB_WALK, o->model.cost.walk_hit);
	return true;
}
