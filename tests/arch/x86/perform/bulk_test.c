/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Strings in bulk against strings element by element (single step), on the real MMU: memory, registers, clock, TLB and
 * cache must be the same to the bit, for every replacement policy, with caches and without.
 */
#include "bed.h"

struct geometry {
	struct tlb_geometry tlb;
	bool caches;
};

#define TLB_OF(entries_, ways_, policy_) \
	{ .entries = entries_, .ways = ways_, .policy = policy_, .seed = 7, .page_shift = 12 }

static const struct geometry geometry[] = {
	{ TLB_OF(32, 4, TLB_PSEUDO_LRU), false }, { TLB_OF(32, 4, TLB_PSEUDO_LRU), true },
	{ TLB_OF(4, 1, TLB_LRU), false },         { TLB_OF(1, 1, TLB_LRU), false },
	{ TLB_OF(2, 2, TLB_FIFO), true },         { TLB_OF(4, 4, TLB_RANDOM), false },
	{ TLB_OF(4, 2, TLB_ROUND_ROBIN), true },  { TLB_OF(2, 1, TLB_RANDOM), true },
};
enum { GEOMETRIES = sizeof(geometry) / sizeof(geometry[0]) };

static struct bed *bed_with(const struct geometry *with)
{
	struct bed *bed = bed_create(4, 0);

	x86_mmu_free(&bed->x86);
	bed->model.tlb = with->tlb;
	bed->model.cost[COST_WALK_HIT] = 13;
	bed->model.cost[COST_WALK_AD] = 5;
	bed->model.cost[COST_MEMORY_READ_WAIT] = 3; /* where no cache is */
	bed->model.cost[COST_MEMORY_WRITE_WAIT] = 2;
	bed->model.cache_enabled = with->caches;
	bed->model.cache = (struct cache_geometry){ .size = 1024, .ways = 2, .line = 16, .write = CACHE_WRITE_BACK };
	cr_assert(x86_mmu_init(&bed->x86));
	bed_paging(bed);
	for (unsigned i = 0; i < 0x4000; i++)
		bed->ram[0x20000 + i] = (uint8_t)(i * 11 + 3);
	return bed;
}

struct string {
	uint8_t opcode;
	bool down;
	uint32_t esi, edi, count;
};

/* Runs it twice: the second time the TLB is warm where it can be. */
static void run(struct bed *bed, const struct string *string, bool single, cycle_t stride)
{
	struct x86_cpu *cpu = &bed->x86.cpu;

	cpu->eflags |= (string->down ? EFLAGS_DF : 0) | (single ? EFLAGS_TF : 0);
	for (unsigned turn = 0; turn < 2; turn++) {
		cpu->eip = BED_CODE;
		cpu->reg[EAX] = 0x11223344;
		cpu->reg[ESI] = string->esi;
		cpu->reg[EDI] = string->edi;
		cpu->reg[ECX] = string->count;
		while (cpu->eip == BED_CODE) {
			if (stride)
				bed->ledger.deadline = bed->ledger.now + stride;
			cr_assert_eq(DO(bed, 0xf3, string->opcode), -1);
		}
	}
}

struct entries {
	unsigned count;
	struct tlb_entry entry[64];
};

static void collect(void *ctx, const struct tlb_entry *entry)
{
	struct entries *entries = ctx;
	entries->entry[entries->count++] = *entry;
}

static void assert_same(struct bed *one, struct bed *other, unsigned row, unsigned which)
{
	struct entries a = { 0 }, b = { 0 };

	tlb_each(one->x86.mmu.data, collect, &a);
	tlb_each(other->x86.mmu.data, collect, &b);
	cr_assert_eq(a.count, b.count);
	for (unsigned i = 0; i < a.count; i++)
		cr_assert(a.entry[i].page == b.entry[i].page && a.entry[i].dirty == b.entry[i].dirty, "TLB, %u %u",
		          row, which);
	cr_assert_arr_eq(one->x86.cpu.reg, other->x86.cpu.reg, sizeof(one->x86.cpu.reg));
	cr_assert_eq(one->ledger.now, other->ledger.now, "clock, %u %u: %u %u", row, which, (unsigned)one->ledger.now,
	             (unsigned)other->ledger.now);
	cr_assert_eq(one->x86.count[COUNT_TLB_MISSES], other->x86.count[COUNT_TLB_MISSES], "misses, %u %u", row, which);
	cr_assert_eq(one->x86.count[COUNT_CACHE_MISSES], other->x86.count[COUNT_CACHE_MISSES]);
	cr_assert(memcmp(one->ram, other->ram, BED_RAM) == 0, "memory, %u %u", row, which);
}

static const struct string string[] = {
	{ 0xa5, false, 0x20000, 0x28000, 2500 },
	{ 0xa5, false, 0x20003, 0x28001, 2500 },
	{ 0xa5, true, 0x23000, 0x2b002, 2500 },
	{ 0xa4, false, 0x20000, 0x20001, 5000 },
	{ 0xa4, true, 0x22000, 0x21fff, 5000 },
	{ 0xa5, false, 0x20000, 0x20800, 2000 },
	/* the source comes to a page that shares the destination's set */
	{ 0xa5, false, 0x20800, 0x25000, 1024 },
	{ 0xa5, false, 0x20ffc, 0x25000, 500 },
	{ 0xa5, true, 0x25000, 0x22ffc, 500 },
	{ 0xab, false, 0, 0x27ffd, 3000 },
	{ 0xaa, true, 0, 0x2afff, 5000 },
	{ 0xad, false, 0x20000, 0, 1500 },
};

Test(bulk, is_the_same_as_element_after_element)
{
	for (unsigned row = 0; row < GEOMETRIES; row++)
		for (unsigned i = 0; i < sizeof(string) / sizeof(string[0]); i++) {
			struct bed *bulk = bed_with(&geometry[row]), *single = bed_with(&geometry[row]);
			run(bulk, &string[i], false, 0);
			run(single, &string[i], true, 0);
			single->x86.cpu.eflags &= ~(uint32_t)EFLAGS_TF;
			assert_same(bulk, single, row, i);
			bed_destroy(single);
			bed_destroy(bulk);
		}
}

Test(bulk, waits_for_memory_at_each_element)
{
	static const struct { uint8_t opcode; unsigned waits, key; } kind[] = {
		{ 0xa5, 3 + 2, COST_REP_MOVS }, { 0xab, 2, COST_REP_STOS }, { 0xad, 3, COST_REP_LODS }
	};

	for (unsigned i = 0; i < 3; i++) {
		struct bed *bed = bed_with(&geometry[0]);
		const struct string once = { kind[i].opcode, false, 0x20000, 0x28000, 1024 };
		run(bed, &once, false, 0); /* twice */
		cycle_t misses = bed->x86.count[COUNT_TLB_MISSES];
		/* A walk reads two entries and, the first time, sets A in both: in the directory's once only. */
		cr_assert_eq(misses, i ? 1 : 2);
		cycle_t walks = misses * (13 + 5 + 2 * 3 + 2) + 2;
		cr_assert_eq(bed->ledger.now, walks + 2 * (100u + kind[i].key + 1024 * (101u + kind[i].key + kind[i].waits)));
		bed_destroy(bed);
	}
}

Test(bulk, is_the_same_however_often_deadlines_interrupt_it)
{
	for (unsigned row = 0; row < GEOMETRIES; row++)
		for (unsigned i = 0; i < sizeof(string) / sizeof(string[0]); i++) {
			struct bed *often = bed_with(&geometry[row]), *never = bed_with(&geometry[row]);
			run(often, &string[i], false, 997);
			run(never, &string[i], false, 0);
			assert_same(often, never, row, i);
			bed_destroy(never);
			bed_destroy(often);
		}
}
