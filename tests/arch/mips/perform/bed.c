/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bed: see bed.h. */
#include "bed.h"
#include <stdlib.h>
#include <string.h>

enum { DEVICE_PHYSICAL = 0x18000000, DEVICE_SIZE = 0x100 };

uint32_t bed_word(const struct bed *bed, vaddr_t kseg0)
{
	uint32_t value;

	memcpy(&value, bed->ram + (kseg0 & UNMAPPED_PHYSICAL), 4);
	return value;
}

void bed_put(struct bed *bed, vaddr_t kseg0, uint32_t value)
{
	memcpy(bed->ram + (kseg0 & UNMAPPED_PHYSICAL), &value, 4);
}

/* --- the board --- */

static bool note_access(struct bed *bed, paddr_t address, unsigned size)
{
	bed->address = address;
	bed->size = size;
	bed->seen = bed->ledger.now;
	if (address < DEVICE_PHYSICAL || address >= DEVICE_PHYSICAL + DEVICE_SIZE)
		return false;
	bed->accesses++;
	return true;
}

static bool device_load(void *ctx, paddr_t address, unsigned size, uint32_t *value)
{
	struct bed *bed = ctx;

	*value = bed->answer;
	return note_access(bed, address, size);
}

static bool device_store(void *ctx, paddr_t address, unsigned size, uint32_t value)
{
	struct bed *bed = ctx;

	bed->written = value;
	return note_access(bed, address, size);
}

static bool interrupt_pending(void *ctx)
{
	return ((struct bed *)ctx)->interrupt;
}

/* --- the engine --- */

static void flush_all(void *ctx)
{
	((struct bed *)ctx)->flushes++;
}

static void flush_page(void *ctx, uint32_t page)
{
	((struct bed *)ctx)->page_flushes++;
	((struct bed *)ctx)->flushed_page = page;
}

static void written(void *ctx, paddr_t address, unsigned size)
{
	(void)address;
	(void)size;
	((struct bed *)ctx)->writes++;
}

/* --- life --- */

static void build_model(struct model *model, uint32_t generation)
{
	uint32_t entries = generation == 4 ? 48 : 64;

	model->arch = ARCH_MIPS;
	model->generation = generation;
	model->hertz = 1000000;
	model->memory = BED_RAM;
	model->tlb = (struct tlb_geometry){ .entries = entries, .ways = entries, .policy = TLB_RANDOM,
		.tag_bits = generation == 4 ? 8 : 6, .page_shift = 12 };
	model->tlb_global = true;
	model->tlb_wired = 8;
	for (unsigned key = 0; key < MIPS_COST_COUNT; key++)
		model->cost[key] = 100 + 3 * key;
	model->cost[MIPS_COST_WRITE_DEPTH] = model->cost[MIPS_COST_LOAD_USE] = 0;
	model->cost[MIPS_COST_MULT_LATENCY] = model->cost[MIPS_COST_DIV_LATENCY] = 0;
}

void bed_power_on(struct bed *bed)
{
	const struct processor_boot boot = { .entry = BED_PC, .argument = { 1, 2, 3, 4 } };

	mips_mmu_free(&bed->mips);
	cr_assert(mips_mmu_init(&bed->mips));
	mips_reset(&bed->mips, &boot);
	bed_cp0(bed)[CP0_STATUS] &= ~SR_BEV;
}

struct bed *bed_new(uint32_t generation)
{
	struct bed *bed = calloc(1, sizeof *bed);

	cr_assert_not_null(bed);
	bed->ram = calloc(1, BED_RAM);
	cr_assert_not_null(bed->ram);
	build_model(&bed->model, generation);
	cr_assert(ledger_init(&bed->ledger));
	journal_init(&bed->journal, &bed->ledger, (struct journal_sink){ 0 });
	bed->mips = (struct mips){
		.model = &bed->model, .ledger = &bed->ledger, .journal = &bed->journal, .ram = bed->ram, .ram_size = BED_RAM,
		.bus = { .ctx = bed, .load = device_load, .store = device_store, .interrupt_pending = interrupt_pending },
		.engine = { bed, flush_all, flush_page, written }
	};
	bed_power_on(bed);
	return bed;
}

void bed_free(struct bed *bed)
{
	mips_mmu_free(&bed->mips);
	ledger_free(&bed->ledger);
	free(bed->ram);
	free(bed);
}

/* --- running --- */

int bed_do(struct bed *bed, uint32_t word)
{
	struct mips_instruction insn;

	mips_decode(word, bed->model.generation, &insn);
	mips_perform(&bed->mips, &insn, &bed->fault);
	return bed->fault.code;
}

int bed_step(struct bed *bed)
{
	uint32_t word;

	bed->fault.code = -1;
	if (mips_fetch(&bed->mips, &word, &bed->fault) && bed_do(bed, word) < 0)
		return -1;
	mips_trap(&bed->mips, &bed->fault);
	return bed->fault.code;
}

void bed_user(struct bed *bed)
{
	bed_cp0(bed)[CP0_STATUS] |= bed->model.generation == 4 ? SR4_KSU_USER : SR3_KUC;
}

void bed_map(struct bed *bed, unsigned index, uint32_t page, unsigned asid, uint32_t frame, uint32_t bits)
{
	uint32_t *cp0 = bed_cp0(bed), hi = cp0[CP0_ENTRYHI];
	bool r4000 = bed->model.generation == 4;

	cp0[CP0_INDEX] = index << (r4000 ? 0 : 8);
	cp0[CP0_ENTRYHI] = page << 12 | asid << (r4000 ? 0 : HI3_ASID_SHIFT);
	if (r4000) {
		uint32_t low = (bits & LO3_N ? 2u << 3 : 3u << 3) | (bits & LO3_D ? LO4_D : 0) | (bits & LO3_V ? LO4_V : 0) |
		               (bits & LO3_G ? LO4_G : 0);
		cp0[CP0_ENTRYLO0] = frame << LO4_PFN_SHIFT | low;
		cp0[CP0_ENTRYLO1] = (frame + 1) << LO4_PFN_SHIFT | low;
	} else {
		cp0[CP0_ENTRYLO0] = frame << 12 | bits;
	}
	mips_tlb_write_indexed(&bed->mips);
	cp0[CP0_ENTRYHI] = hi;
}

uint32_t bed_random(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*state >> 32);
}
