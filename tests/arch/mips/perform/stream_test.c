/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random words on random states: whatever comes, an exception leaves the processor and memory as they were, register 0 is
 * 0, the ledger's causes sum to the clock, and a snapshot taken anywhere goes on to the same end.
 */
#include "bed.h"

enum { ROUNDS = 3000, STEPS = 40 };

/* Mostly what is defined, with registers that often hold addresses. */
static uint32_t random_word(uint64_t *random)
{
	static const uint8_t opcodes[] = { 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 15, 16, 16, 20, 32, 33, 34, 35, 36, 37, 38, 40,
		41, 42, 43, 46, 47, 48, 56 };
	uint32_t word = bed_random(random), small = word & ~0x7f00u;

	if (bed_random(random) % 8 == 0)
		return word;
	word = (small & 0x03ffffff) | (uint32_t)opcodes[bed_random(random) % sizeof opcodes] << 26;
	if (word >> 26 != 16)
		return word;
	return bed_random(random) % 2 ? MFC0(word >> 16 & 31, word >> 11 & 31) | (word & 1) << 23
	                              : 0x42000000 | (bed_random(random) % 4 ? (uint32_t[]){ 1, 2, 6, 8, 16, 24, 32, 5 }[word & 7] : word & 63);
}

static uint32_t random_value(uint64_t *random)
{
	static const uint32_t base[] = { 0, 0x00400000, 0x7fffffff, 0x80010000, 0xa0010000, 0xb8000000, 0xb9000000, 0xc0000000,
		0xffffffff };

	return base[bed_random(random) % 9] + (bed_random(random) % 4 ? 4 * (bed_random(random) % 64) : bed_random(random) % 9);
}

static void random_state(struct bed *bed, uint64_t *random)
{
	uint32_t status = bed_random(random) & (bed->model.generation == 4 ? 0x1040001f : 0x1043003f);

	for (unsigned n = 1; n < 32; n++)
		bed_reg(bed)[n] = random_value(random);
	bed_cp0(bed)[CP0_STATUS] = status & (bed_random(random) % 2 ? 0xffffffff : 0x1000ffe0);
	bed_cp0(bed)[CP0_CONTEXT] = random_value(random) & 0xff800000;
	for (unsigned n = 0; n < 6; n++)
		bed_map(bed, n, (n < 3 ? 0x400 : 0xc0000) + 2 * n, bed_random(random) % 2, 0x10 + 2 * n,
		        bed_random(random) & (LO3_V | LO3_D | LO3_G | LO3_N));
	bed->mips.cpu.pc = 0x80001000;
	bed->mips.cpu.in_slot = bed_random(random) % 8 == 0;
	bed->mips.cpu.slot_target = random_value(random) & ~3u;
}

static struct bed *random_bed(uint64_t *random)
{
	struct bed *bed = bed_new(2 + bed_random(random) % 3);

	bed->model.cache_enabled = bed->model.split_cache = bed_random(random) % 2;
	bed->model.data_cache = (struct cache_geometry){ 1024, 1, 16, CACHE_WRITE_ALLOCATE };
	bed->model.code_cache = (struct cache_geometry){ 1024, 2, 16, CACHE_WRITE_THROUGH };
	bed->model.tlb_refill_hardware = bed_random(random) % 4 == 0;
	bed->model.cost[MIPS_COST_LOAD_USE] = 2;
	bed->model.cost[MIPS_COST_MULT_LATENCY] = 1000;
	bed->model.cost[MIPS_COST_WRITE_DEPTH] = bed_random(random) % 3;
	bed_power_on(bed);
	random_state(bed, random);
	return bed;
}

/* One instruction; an exception must have changed nothing of the processor. */
static void perform_checked(struct bed *bed, uint32_t word, uint8_t *copy)
{
	struct mips_cpu before = bed->mips.cpu;
	uint64_t instructions = bed->ledger.instructions;
	int code;

	memcpy(copy, bed->ram, BED_RAM);
	code = bed_do(bed, word);
	cr_assert_eq(bed_reg(bed)[R_ZERO], 0);
	if (code < 0) {
		cr_assert_eq(bed->ledger.instructions, instructions + 1);
		return;
	}
	before.shutdown = bed->mips.cpu.shutdown;
	before.cp0[CP0_STATUS] |= bed->mips.cpu.shutdown ? SR3_TS : 0;
	cr_assert_eq(memcmp(&before, &bed->mips.cpu, sizeof before), 0, "%#x, exception %d", word, code);
	cr_assert_eq(memcmp(copy, bed->ram, BED_RAM), 0, "%#x, exception %d", word, code);
	cr_assert_eq(bed->ledger.instructions, instructions);
	mips_trap(&bed->mips, &bed->fault);
}

Test(mips_stream, exceptions_leave_the_processor_as_it_was)
{
	static uint8_t copy[BED_RAM];
	uint64_t random = 21;
	unsigned exceptions = 0, steps = 0;

	for (unsigned round = 0; round < ROUNDS; round++) {
		struct bed *bed = random_bed(&random);

		for (unsigned n = 0; n < STEPS && !bed->mips.cpu.shutdown; n++, steps++) {
			perform_checked(bed, random_word(&random), copy);
			exceptions += bed->fault.code >= 0;
			if (bed_random(&random) % 8 == 0)
				random_state(bed, &random);
		}
		ledger_settle(&bed->ledger);
		bed_free(bed);
	}
	cr_assert(exceptions > steps / 10 && exceptions < steps * 9 / 10, "%u of %u", exceptions, steps);
}

/* Runs n instructions of a stream of words. */
static void run(struct bed *bed, uint64_t random, unsigned n)
{
	while (n-- && !bed->mips.cpu.shutdown)
		if (bed_do(bed, random_word(&random)) >= 0)
			mips_trap(&bed->mips, &bed->fault);
}

static void move_state(struct bed *from, struct bed *to)
{
	struct stream stream;

	stream_init(&stream);
	mips_core_state(&stream, &from->mips);
	ledger_state(&stream, &from->ledger);
	stream_rewind(&stream);
	mips_core_state(&stream, &to->mips);
	ledger_state(&stream, &to->ledger);
	cr_assert(!stream.failed && stream.at == stream.size);
	stream_free(&stream);
	memcpy(to->ram, from->ram, BED_RAM);
}

Test(mips_stream, a_snapshot_goes_on_to_the_same_end)
{
	for (unsigned round = 0; round < 300; round++) {
		uint64_t random = round, again = round;
		struct bed *one = random_bed(&random), *two = random_bed(&again);

		run(one, random, 50);
		move_state(one, two);
		run(one, round + 1000, 50);
		run(two, round + 1000, 50);
		cr_assert_eq(memcmp(&one->mips.cpu, &two->mips.cpu, sizeof one->mips.cpu), 0, "round %u", round);
		cr_assert_eq(memcmp(one->ram, two->ram, BED_RAM), 0);
		cr_assert_eq(memcmp(one->mips.count, two->mips.count, sizeof one->mips.count), 0);
		ledger_settle(&one->ledger);
		ledger_settle(&two->ledger);
		cr_assert_eq(memcmp(one->ledger.total, two->ledger.total, sizeof one->ledger.total), 0);
		bed_free(one);
		bed_free(two);
	}
}
