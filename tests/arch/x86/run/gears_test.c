/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All gears leave the same: memory, misses, cycles, events, on random programs under random TLBs.
 *
 * A program is chunks of code spread over CODE_PAGES pages, chained by jumps, gone through several times; it accesses
 * DATA_PAGES pages at random (crossing ones included), takes pages away and has them mended by the fault handler,
 * reloads CR3, moves strings, and is interrupted by a timer; as supervisor, or as a user who calls the kernel for what
 * is the kernel's.
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <string.h>
#include "rig.h"

enum { DATA_PAGES = 48, CODE_PAGES = 12, CHUNKS = 60, ROUNDS = 12, RIG_DEMAND = 0x20ff4, COUNTER = 0x34000 };
#define CODE_BASE (RIG_USER + (DATA_PAGES << PAGE_SHIFT))

/* --- a generator of numbers, and of code --- */

struct maker {
	uint32_t seed;
	uint8_t *ram;
	uint32_t at;        /* linear, in the code pages */
	uint32_t chunk[CHUNKS + 1];
	bool user;
};

static uint32_t number(struct maker *maker, uint32_t below)
{
	maker->seed = maker->seed * 1664525u + 1013904223u;
	return (maker->seed >> 8) % below;
}

static void byte(struct maker *maker, uint8_t value) { maker->ram[maker->at++ - RIG_USER + RIG_USER_FRAMES] = value; }

static void word(struct maker *maker, uint32_t value)
{
	for (unsigned n = 0; n < 4; n++)
		byte(maker, (uint8_t)(value >> (8 * n)));
}

/* Registers but esp, ebp and ecx. */
static uint8_t some_register(struct maker *maker)
{
	static const uint8_t reg[] = { 0, 2, 3, 6, 7 };
	return reg[number(maker, 5)];
}

static uint32_t some_place(struct maker *maker)
{
	uint32_t page = number(maker, DATA_PAGES), offset = number(maker, 8) ? number(maker, 1023) * 4 : 4093;
	if (page == DATA_PAGES - 1 && offset > 4092)
		offset = 0;
	return RIG_USER + (page << PAGE_SHIFT) + offset;
}

/* opcode, modrm with disp32 and a register */
static void with_memory(struct maker *maker, uint8_t opcode, uint32_t place)
{
	byte(maker, opcode);
	byte(maker, (uint8_t)(0x05 | some_register(maker) << 3));
	word(maker, place);
}

/* mov eax, cr3; mov cr3, eax; or int 0x33, which does that */
static void forget_translations(struct maker *maker)
{
	if (maker->user) {
		byte(maker, 0xcd), byte(maker, 0x33);
		return;
	}
	byte(maker, 0x0f), byte(maker, 0x20), byte(maker, 0xd8);
	byte(maker, 0x0f), byte(maker, 0x22), byte(maker, 0xd8);
}

static void take_page_away(struct maker *maker)
{
	uint32_t page = number(maker, DATA_PAGES);
	/* and dword [pte], ~(P | W or just W); invlpg */
	byte(maker, 0x83);
	byte(maker, 0x25);
	word(maker, RIG_TABLE_USER + 4 * page);
	byte(maker, number(maker, 2) ? 0xfe : 0xfd);
	if (maker->user) {
		forget_translations(maker);
		return;
	}
	byte(maker, 0x0f);
	byte(maker, 0x01);
	byte(maker, 0x3d);
	word(maker, RIG_USER + (page << PAGE_SHIFT));
}

static void move_string(struct maker *maker)
{
	byte(maker, 0x60); /* pusha */
	byte(maker, 0xbe);
	word(maker, some_place(maker) & ~3u);
	byte(maker, 0xbf);
	word(maker, (some_place(maker) & ~3u) - 256 > RIG_USER ? some_place(maker) & ~0xfffu : RIG_USER);
	byte(maker, 0xb9);
	word(maker, number(maker, 20));
	byte(maker, 0xf3);
	byte(maker, 0xa5); /* rep movsd */
	byte(maker, 0xb9);
	word(maker, number(maker, 9));
	byte(maker, 0xf3);
	byte(maker, 0xa6); /* repe cmpsb */
	byte(maker, 0x61); /* popa */
}

static void some_instruction(struct maker *maker)
{
	switch (number(maker, 20)) {
	case 0: case 1: case 2: case 3: case 4:
		with_memory(maker, 0x8b, some_place(maker)); /* mov r, m */
		break;
	case 5: case 6: case 7:
		with_memory(maker, 0x89, some_place(maker)); /* mov m, r */
		break;
	case 8: case 9:
		with_memory(maker, 0x01, some_place(maker)); /* add m, r */
		break;
	case 10:
		with_memory(maker, 0x33, some_place(maker)); /* xor r, m */
		break;
	case 11:
		byte(maker, 0x50 | some_register(maker));    /* push, pop */
		byte(maker, 0x58 | some_register(maker));
		break;
	case 12:
		byte(maker, 0x85);                            /* test; jnz over a store */
		byte(maker, 0xc0);
		byte(maker, 0x75);
		byte(maker, 6);
		with_memory(maker, 0x89, some_place(maker));
		break;
	case 13:
		take_page_away(maker);
		break;
	case 14:
		move_string(maker);
		break;
	case 15:
		byte(maker, 0xcd);                            /* int 0x31 */
		byte(maker, 0x31);
		break;
	case 16:
		if (number(maker, 4) == 0)
			forget_translations(maker);
		break;
	default:
		byte(maker, 0x81);                            /* add r, imm32 */
		byte(maker, (uint8_t)(0xc0 | some_register(maker)));
		word(maker, maker->seed);
		break;
	}
}

static void jump(struct maker *maker, uint8_t opcode, uint32_t to)
{
	if (opcode != 0xe9)
		byte(maker, 0x0f);
	byte(maker, opcode);
	word(maker, to - (maker->at + 4));
}

/* Chunks are of at most 500 bytes, eight places a page; the last ones of a page may run over into the next. */
static void make_program(struct rig *rig, uint32_t seed, bool user)
{
	struct maker maker = { .seed = seed, .ram = rig->x86.ram, .user = user };
	for (unsigned n = 0; n < CHUNKS; n++)
		maker.chunk[n] = CODE_BASE + (n * 7 % CODE_PAGES << PAGE_SHIFT) + n / CODE_PAGES * 800 + 90;
	maker.chunk[CHUNKS] = CODE_BASE + (CODE_PAGES << PAGE_SHIFT);
	for (unsigned n = 0; n < CHUNKS; n++) {
		maker.at = maker.chunk[n];
		for (unsigned count = number(&maker, 14) + 1; count; count--)
			some_instruction(&maker);
		jump(&maker, 0xe9, maker.chunk[n + 1]);
	}
	maker.at = maker.chunk[CHUNKS];
	byte(&maker, 0xff), byte(&maker, 0x0d), word(&maker, COUNTER); /* dec dword [COUNTER] */
	jump(&maker, 0x85, maker.chunk[0]);                             /* jnz */
	byte(&maker, 0xcd), byte(&maker, 0x30);                         /* int 0x30: done */
}

/* --- models --- */

struct kind {
	enum tlb_policy policy;
	uint32_t entries, ways, tag_bits;
	bool split, pentium;
};

static const struct kind kind[] = {
	{ TLB_PSEUDO_LRU, 32, 4, 0, false, false }, { TLB_LRU, 32, 4, 0, false, false },
	{ TLB_LRU, 16, 16, 0, false, false },       { TLB_PSEUDO_LRU, 32, 4, 0, true, true },
	{ TLB_ROUND_ROBIN, 32, 4, 0, false, false }, { TLB_FIFO, 8, 8, 0, false, true },
	{ TLB_RANDOM, 32, 32, 0, false, false },    { TLB_RANDOM, 16, 4, 0, true, false },
	{ TLB_LRU, 4, 2, 0, false, false },         { TLB_PSEUDO_LRU, 64, 4, 6, true, true },
	{ TLB_LRU, 1, 1, 0, false, false },         { TLB_ROUND_ROBIN, 2, 2, 3, false, false },
};
enum { KINDS = sizeof kind / sizeof *kind };

static bool looks_at_hits(enum tlb_policy policy) { return policy == TLB_LRU || policy == TLB_PSEUDO_LRU; }

static void set_model(struct model *model, unsigned which, enum engine_mode gear)
{
	rig_model(model);
	model->tlb = (struct tlb_geometry){ kind[which].entries, kind[which].ways, kind[which].policy,
	                                    kind[which].tag_bits, 7, 12 };
	model->code_tlb = model->data_tlb = model->tlb;
	model->split_tlb = kind[which].split;
	model->family = kind[which].pentium ? 5 : 4;
	model->pairing = model->branch_prediction = kind[which].pentium;
	model->btb_entries = 256;
	model->btb_ways = 4;
	model->engine = gear;
}

static void begin(struct rig *rig, const struct model *model, uint32_t seed)
{
	rig_init(rig, model);
	make_program(rig, seed, seed % 2);
	rig->period = 5000;
	rig_put(rig, RIG_DEMAND, RIG_TABLE_USER);
	rig_put(rig, COUNTER, ROUNDS);
	rig_begin(rig, CODE_BASE + 90, seed % 2);
	rig->x86.cpu.eflags |= EFLAGS_IF;
}

static uint64_t end(struct rig *rig)
{
	cr_assert_eq(rig_word(rig, COUNTER), 0, "it went through all rounds");
	uint64_t print = rig_print(rig);
	rig_free(rig);
	return print;
}

static uint64_t run_once(unsigned which, uint32_t seed, enum engine_mode gear, uint64_t *misses)
{
	static struct rig rig;
	struct model model;
	set_model(&model, which, gear);
	begin(&rig, &model, seed);
	cr_assert_eq(rig_run(&rig), PROCESSOR_STOP_HALTED);
	*misses = rig.x86.count[COUNT_TLB_MISSES];
	return end(&rig);
}

/* The same in slices of so many cycles; afresh: the processor is saved and restored between them. */
static uint64_t run_in_slices(unsigned which, uint32_t seed, enum engine_mode gear, cycle_t slice, bool afresh)
{
	static struct rig rig;
	struct model model;
	enum processor_stop stop;
	const char *what;
	set_model(&model, which, gear);
	begin(&rig, &model, seed);
	while ((stop = x86_run(&rig.x86, rig.ledger.now + slice, &what)) == PROCESSOR_STOP_LIMIT) {
		struct stream stream;
		if (!afresh)
			continue;
		stream_init(&stream);
		x86_state(&stream, &rig.x86);
		stream_rewind(&stream);
		x86_state(&stream, &rig.x86);
		cr_assert(!stream.failed);
		stream_free(&stream);
	}
	cr_assert_eq(stop, PROCESSOR_STOP_HALTED);
	return end(&rig);
}

static struct criterion_test_params parameters(void)
{
	static unsigned index[KINDS];
	for (unsigned n = 0; n < KINDS; n++)
		index[n] = n;
	return cr_make_param_array(unsigned, index, KINDS);
}

ParameterizedTestParameters(gears, agree_on_random_programs) { return parameters(); }

ParameterizedTest(unsigned *which, gears, agree_on_random_programs)
{
	for (uint32_t seed = 1; seed <= 4; seed++) {
		uint64_t misses, other;
		uint64_t print = run_once(*which, seed, ENGINE_EVERY_ACCESS, &misses);
		cr_assert_gt(misses, 100);
		cr_assert_eq(run_once(*which, seed, ENGINE_SET_MRU, &other), print,
		             "set-mru, kind %u, seed %u: %lu misses, not %lu", *which, seed, (unsigned long)other,
		             (unsigned long)misses);
		if (looks_at_hits(kind[*which].policy))
			continue;
		cr_assert_eq(run_once(*which, seed, ENGINE_SUBSET, &other), print,
		             "subset, kind %u, seed %u: %lu misses, not %lu", *which, seed, (unsigned long)other,
		             (unsigned long)misses);
	}
}

Test(gears, give_the_same_twice)
{
	uint64_t misses;
	uint64_t print = run_once(0, 9, ENGINE_AUTO, &misses);
	cr_assert_eq(run_once(0, 9, ENGINE_AUTO, &misses), print);
}

Test(gears, stopping_changes_nothing)
{
	static const unsigned some[] = { 0, 3, 4, 9 };
	uint64_t misses;
	for (unsigned n = 0; n < 4; n++) {
		uint64_t print = run_once(some[n], n, ENGINE_AUTO, &misses);
		cr_assert_eq(run_in_slices(some[n], n, ENGINE_AUTO, 37, false), print, "kind %u in slices", some[n]);
		cr_assert_eq(run_in_slices(some[n], n, ENGINE_AUTO, 9001, true), print, "kind %u saved and restored",
		             some[n]);
	}
}
