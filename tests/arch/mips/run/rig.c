/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See rig.h. */
#include "rig.h"
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

extern const uint8_t guest_begin[], guest_end[];

enum { PROGRAM_TABLE = 0x400, DEVICE = 0x18000000, DEVICE_LOWER = 0x20, DEVICE_COUNT = 0x40, DEVICE_ABSENT = 0x80 };

void rig_model(struct model *model)
{
	memset(model, 0, sizeof *model);
	model->arch = ARCH_MIPS;
	model->generation = 3;
	model->hertz = 25000000;
	model->memory = RIG_RAM;
	model->tlb = (struct tlb_geometry){ 64, 64, TLB_RANDOM, 6, 1, PAGE_SHIFT };
	model->tlb_global = true;
	model->tlb_wired = 8;
	model->split_cache = true;
	model->code_cache = (struct cache_geometry){ 4096, 1, 16, CACHE_WRITE_THROUGH };
	model->data_cache = (struct cache_geometry){ 2048, 1, 4, CACHE_WRITE_THROUGH };
	for (unsigned n = 0; n < MIPS_COST_COUNT; n++)
		model->cost[n] = 2 + n * 7 % 11;
	model->cost[MIPS_COST_ISSUE] = 1;
	model->cost[MIPS_COST_LOAD_USE] = 2;
	model->cost[MIPS_COST_BRANCH_TAKEN] = 1;
	model->cost[MIPS_COST_WRITE_DEPTH] = 4;
	model->cost[MIPS_COST_WRITE_RETIRE] = 5;
}

/* --- the bus --- */

static bool bus_load(void *ctx, paddr_t address, unsigned size, uint32_t *value)
{
	struct rig *rig = ctx;
	(void)size;
	*value = address == DEVICE + DEVICE_COUNT ? ++rig->loads : (uint32_t)rig->ledger.now;
	return address - DEVICE < DEVICE_ABSENT;
}

static bool bus_store(void *ctx, paddr_t address, unsigned size, uint32_t value)
{
	struct rig *rig = ctx;
	(void)size;
	(void)value;
	if (address == DEVICE + DEVICE_LOWER)
		rig->line = false;
	return address - DEVICE < DEVICE_ABSENT;
}

static bool bus_pending(void *ctx) { return ((struct rig *)ctx)->line; }

static cycle_t bus_next(void *ctx) { return ((struct rig *)ctx)->ledger.deadline; }

static void bus_events(void *ctx)
{
	struct rig *rig = ctx;
	while (rig->ledger.now >= rig->ledger.deadline) {
		rig->line = true;
		rig->ledger.deadline += rig->period;
	}
}

static int map_probe(void *ctx, paddr_t address)
{
	const struct rig *rig = ctx;
	for (unsigned n = 0; n < rig->probes; n++)
		if (rig->probe_at[n] == address)
			return (int)n;
	return -1;
}

static void map_fire(void *ctx, int probe)
{
	struct rig *rig = ctx;
	if (rig->fires == 64)
		return;
	rig->fired[rig->fires] = probe;
	rig->fired_at[rig->fires++] = rig->ledger.now;
}

/* --- memory --- */

void rig_put(struct rig *rig, paddr_t address, uint32_t word) { memcpy(rig->mips.ram + address, &word, 4); }

uint32_t rig_word(const struct rig *rig, paddr_t address)
{
	uint32_t word;
	memcpy(&word, rig->mips.ram + address, 4);
	return word;
}

uint32_t rig_address(enum program program)
{
	uint32_t address;
	memcpy(&address, guest_begin + PROGRAM_TABLE + 4 * program, 4);
	return address;
}

void rig_map(struct rig *rig, vaddr_t page, paddr_t frame, bool valid, bool writable)
{
	uint32_t lo4 = (frame >> PAGE_SHIFT) << LO4_PFN_SHIFT | 3u << 3 | (valid ? LO4_V : 0) | (writable ? LO4_D : 0);
	uint32_t number = page >> PAGE_SHIFT;
	if (rig->model.generation == 4)
		rig_put(rig, RIG_TABLE4 + number / 2 * 16 + number % 2 * 8, lo4);
	else
		rig_put(rig, RIG_TABLE + number * 4, frame | (valid ? LO3_V : 0) | (writable ? LO3_D : 0));
}

/* User code is the programs' own frames.  Of the data's pages each 16th is read-only, each 23rd not valid. */
static void make_table(struct rig *rig)
{
	for (uint32_t n = 0; n < 5; n++)
		rig_map(rig, RIG_CODE + (n << PAGE_SHIFT), n << PAGE_SHIFT, true, false);
	for (uint32_t n = 0; n < RIG_USER_PAGES; n++)
		rig_map(rig, RIG_DATA + (n << PAGE_SHIFT), RIG_FRAMES + (n << PAGE_SHIFT), n % 23 != 22, n % 16 != 15);
}

/* See guest.S. */
static void use_r4000_handlers(uint8_t *ram)
{
	memcpy(ram, ram + 0xf80, 0x40);
	memcpy(ram + 0xf00, ram + 0xf40, 0x40);
}

void rig_init(struct rig *rig, const struct model *model, bool engine)
{
	struct muk_error error = { 0 };
	const struct processor_boot boot = { 0 };
	struct mips *mips = &rig->mips;
	memset(rig, 0, sizeof *rig);
	rig->model = *model;
	cr_assert(ledger_init(&rig->ledger));
	rig->ledger.deadline = CYCLE_NEVER;
	journal_init(&rig->journal, &rig->ledger, (struct journal_sink){ 0 });
	mips->model = &rig->model;
	mips->ledger = &rig->ledger;
	mips->journal = &rig->journal;
	mips->ram_size = RIG_RAM;
	mips->ram = aligned_alloc(PAGE_SIZE, RIG_RAM);
	cr_assert(mips->ram);
	memset(mips->ram, 0, RIG_RAM);
	mips->bus = (struct processor_bus){ .ctx = rig, .load = bus_load, .store = bus_store,
		                            .interrupt_pending = bus_pending, .next_event = bus_next, .run_events = bus_events };
	mips->code_map = (struct processor_code_map){ rig, NULL, NULL, map_probe, map_fire };
	cr_assert(mips_mmu_init(mips));
	mips_reset(mips, &boot);
	if (engine)
		cr_assert_eq(mips_runner_create(mips, &error), MUK_OK, "%s", error.text);
	memcpy(mips->ram, guest_begin, (size_t)(guest_end - guest_begin));
	if (model->generation == 4)
		use_r4000_handlers(mips->ram);
	make_table(rig);
}

void rig_free(struct rig *rig)
{
	mips_runner_destroy(&rig->mips);
	mips_mmu_free(&rig->mips);
	ledger_free(&rig->ledger);
	free(rig->mips.ram);
}

/* --- running --- */

void rig_begin(struct rig *rig, vaddr_t pc, bool user)
{
	struct mips_cpu *cpu = &rig->mips.cpu;
	cpu->pc = pc;
	bool r4000 = rig->model.generation == 4;
	cpu->cp0[CP0_CONTEXT] = KSEG0 | (r4000 ? RIG_TABLE4 : RIG_TABLE);
	cpu->cp0[CP0_STATUS] = !user ? 0 : CAUSE_IP2 | (r4000 ? SR4_KSU_USER | SR4_IE : SR3_KUC | SR3_IEC);
	if (rig->period)
		rig->ledger.deadline = rig->ledger.now + rig->period;
}

enum processor_stop rig_run(struct rig *rig, cycle_t cycles)
{
	const char *what;
	return mips_run(&rig->mips, rig->ledger.now + cycles, &what);
}

enum processor_stop rig_program(struct rig *rig, enum program program)
{
	rig_begin(rig, rig_address(program), false);
	return rig_run(rig, 10000000);
}

uint32_t rig_log(const struct rig *rig, unsigned n, unsigned word)
{
	return rig_word(rig, RIG_LOG + 4 + 16 * n + 4 * word);
}

unsigned rig_exceptions(const struct rig *rig) { return rig_word(rig, RIG_LOG); }

/* --- comparing --- */

static void agree_on_registers(const struct mips *one, const struct mips *two, const char *what)
{
	for (unsigned n = 0; n < 32; n++) {
		cr_assert_eq(one->cpu.reg[n], two->cpu.reg[n], "%s: register %u: %#x, %#x", what, n, one->cpu.reg[n],
		             two->cpu.reg[n]);
		cr_assert_eq(one->cpu.cp0[n], two->cpu.cp0[n], "%s: coprocessor 0's %u: %#x, %#x", what, n, one->cpu.cp0[n],
		             two->cpu.cp0[n]);
	}
	cr_assert_eq(one->cpu.hi, two->cpu.hi, "%s: HI", what);
	cr_assert_eq(one->cpu.lo, two->cpu.lo, "%s: LO", what);
	for (unsigned n = 0; n < MIPS_COUNTER_COUNT; n++)
		cr_assert_eq(one->count[n], two->count[n], "%s: counter %u: %llu, %llu", what, n,
		             (unsigned long long)one->count[n], (unsigned long long)two->count[n]);
}

static void agree_on_tlb(const struct mips *one, const struct mips *two, const char *what)
{
	for (unsigned n = 0; n < mips_tlb_entries(one); n++) {
		struct mips_tlb_entry a = mips_tlb_entry(one, n), b = mips_tlb_entry(two, n);
		cr_assert(a.page == b.page && a.asid == b.asid && a.half[0].frame == b.half[0].frame &&
		          a.half[0].valid == b.half[0].valid && a.half[0].dirty == b.half[0].dirty &&
		          a.half[1].frame == b.half[1].frame && a.half[1].valid == b.half[1].valid,
		          "%s: TLB entry %u", what, n);
	}
}

static cycle_t busy_or_idle(const struct rig *rig)
{
	const uint64_t *total = rig->ledger.total;
	return total[CAUSE_INSTRUCTION] + total[CAUSE_TLB_REFILL] + total[CAUSE_IDLE];
}

void rig_agree(const struct rig *one, const struct rig *two, const char *what)
{
	struct digest first = journal_digest(&one->journal), second = journal_digest(&two->journal);
	cr_assert_eq(one->mips.cpu.pc, two->mips.cpu.pc, "%s: pc %#x, %#x", what, one->mips.cpu.pc, two->mips.cpu.pc);
	cr_assert_eq(one->ledger.instructions, two->ledger.instructions, "%s: instructions %llu, %llu", what,
	             (unsigned long long)one->ledger.instructions, (unsigned long long)two->ledger.instructions);
	cr_assert_eq(one->ledger.now, two->ledger.now, "%s: cycles %llu, %llu", what, (unsigned long long)one->ledger.now,
	             (unsigned long long)two->ledger.now);
	agree_on_registers(&one->mips, &two->mips, what);
	agree_on_tlb(&one->mips, &two->mips, what);
	bool same = memcmp(one->mips.ram, two->mips.ram, RIG_RAM) == 0;
	for (paddr_t at = 0; at < RIG_RAM && !same; at += 4)
		cr_assert_eq(rig_word(one, at), rig_word(two, at), "%s: memory at %#x", what, at);
	/* Rounds that do nothing are idle time, where somebody looks for them: not so the twin. */
	cr_assert_eq(busy_or_idle(one), busy_or_idle(two), "%s: cycles of instructions and idle", what);
	for (unsigned n = CAUSE_INSTRUCTION + 1; n < CAUSE_COUNT; n++)
		cr_assert(n == CAUSE_IDLE || n == CAUSE_TLB_REFILL || one->ledger.total[n] == two->ledger.total[n],
		          "%s: cycles of cause %u: %llu, %llu", what, n,
		             (unsigned long long)one->ledger.total[n], (unsigned long long)two->ledger.total[n]);
	cr_assert(first.low == second.low && first.high == second.high, "%s: events", what);
}
