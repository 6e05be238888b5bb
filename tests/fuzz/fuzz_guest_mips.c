/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hostile MIPS guests.  An input becomes code in kseg0 and a model; whatever the guest does, it ends in order or at the
 * limit, and how it is run changes nothing: every access seen, the gear that the model gives, in slices, and from a
 * snapshot gone on with in another machine.
 *
 *   0x80000000   the vectors: a refill of any page by a frame that follows from it, a general handler that goes on behind
 *                the instruction and sees to interrupts; now and then bytes of the input in their place
 *   0x80010000   the 8259s and the 8254 made ready, bases of all kinds of addresses in s0 to s7, then instructions that
 *                are made from the input (the last byte even: its bytes)
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sim/arch/mips/cpu.h"
#include "sim/core/error.h"
#include "sim/machine/machine.h"
#include "tests/fuzz/hostile/choices.h"

enum { LIMIT = 400000 /* cycles */, MEMORY = 1 << 20, VECTORS = 0, CODE = 0x10000, CODE_SIZE = 0x8000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* --- models --- */

static const struct tlb_geometry tlbs[] = {
	{ 64, 64, TLB_RANDOM, 6, 0, 12 }, { 16, 16, TLB_RANDOM, 0, 0, 12 }, { 64, 4, TLB_LRU, 6, 0, 12 },
	{ 32, 2, TLB_PSEUDO_LRU, 3, 0, 12 }, { 32, 32, TLB_FIFO, 6, 0, 12 }, { 64, 8, TLB_ROUND_ROBIN, 1, 0, 12 },
	{ 48, 48, TLB_RANDOM, 6, 0, 12 }, { 16, 4, TLB_LRU, 0, 0, 12 },
};

static void make_model(struct model *model, struct choices *choices)
{
	const struct cache_geometry cache = { .size = 1024, .ways = 1, .line = 16 };
	uint32_t factor = 1 + choose(choices, 16);

	*model = (struct model){ .arch = ARCH_MIPS, .generation = 2 + choose(choices, 3), .hertz = 25000000,
		                 .memory = MEMORY };
	model->tlb = tlbs[choose(choices, sizeof tlbs / sizeof *tlbs)];
	model->tlb_wired = model->generation == 4 ? 0 : choose(choices, 2) * 8;
	model->tlb_global = !rarely(choices, 4);
	model->tlb_refill_hardware = rarely(choices, 4);
	model->split_cache = true;
	model->cache_enabled = rarely(choices, 5);
	model->code_cache = model->data_cache = cache;
	model->data_cache.write = model->generation == 4 ? CACHE_WRITE_BACK : CACHE_WRITE_THROUGH;
	for (unsigned n = 0; n < MIPS_COST_COUNT; n++)
		model->cost[n] = n * factor % 11;
	model->cost[MIPS_COST_ISSUE] = 1 + choose(choices, 2);
	model->cost[MIPS_COST_WRITE_RETIRE]++;
}

/* --- code --- */

struct writer {
	uint8_t *at;
	struct choices *choices;
	bool r4000;
};

static void put(struct writer *writer, uint32_t word)
{
	memcpy(writer->at, &word, 4);
	writer->at += 4;
}

static uint32_t with_immediate(uint32_t opcode, unsigned rs, unsigned rt, uint32_t immediate)
{
	return opcode << 26 | rs << 21 | rt << 16 | (immediate & 0xffff);
}

static uint32_t special(unsigned function, unsigned rs, unsigned rt, unsigned rd, unsigned shift)
{
	return rs << 21 | rt << 16 | rd << 11 | shift << 6 | function;
}

enum { SYSCALL = 0x0c, BREAK = 0x0d, SYNC = 0x0f }; /* with opcode 0 */
enum { LUI = 0x0f, ORI = 0x0d, ANDI = 0x0c, ADDIU = 0x09, SB = 0x28, LW = 0x23, SLL = 0, SRL = 2, JR = 8 };
enum { MFC0 = 0x40000000, MTC0 = 0x40800000, CO_TLBR = 0x42000001, CO_TLBWI, CO_TLBWR = 0x42000006, CO_TLBP = 0x42000008,
	CO_RFE = 0x42000010, CO_ERET = 0x42000018 };

static uint32_t move_from(unsigned rt, unsigned cp0) { return (uint32_t)MFC0 | rt << 16 | cp0 << 11; }
static uint32_t move_to(unsigned rt, unsigned cp0) { return (uint32_t)MTC0 | rt << 16 | cp0 << 11; }

static void load_constant(struct writer *writer, unsigned reg, uint32_t value)
{
	put(writer, with_immediate(LUI, 0, reg, value >> 16));
	put(writer, with_immediate(ORI, reg, reg, value));
}

static void come_back(struct writer *writer, unsigned behind)
{
	put(writer, move_from(R_K1, CP0_EPC));
	put(writer, 0);
	put(writer, with_immediate(ADDIU, R_K1, R_K1, behind));
	if (writer->r4000) {
		put(writer, move_to(R_K1, CP0_EPC));
		put(writer, (uint32_t)CO_ERET);
	} else {
		put(writer, special(JR, R_K1, 0, 0, 0));
		put(writer, (uint32_t)CO_RFE);
	}
}

static void put_refill(struct writer *writer)
{
	put(writer, move_from(R_K0, CP0_BADVADDR));
	put(writer, 0);
	put(writer, special(SRL, 0, R_K0, R_K0, writer->r4000 ? 13 : 12));
	put(writer, with_immediate(ANDI, R_K0, R_K0, 0x7f));
	put(writer, special(SLL, 0, R_K0, R_K0, writer->r4000 ? 7 : 12));
	put(writer, with_immediate(ORI, R_K0, R_K0, writer->r4000 ? 0x1e : 0x600));
	put(writer, move_to(R_K0, CP0_ENTRYLO0));
	if (writer->r4000)
		put(writer, with_immediate(ORI, R_K0, R_K0, 0x40)), put(writer, move_to(R_K0, CP0_ENTRYLO1));
	put(writer, (uint32_t)CO_TLBWR);
	come_back(writer, 0);
}

static void put_general(struct writer *writer)
{
	put(writer, with_immediate(LUI, 0, R_K1, 0xbbe0));
	put(writer, with_immediate(LW, R_K1, R_K1, 0x0c34));
	put(writer, with_immediate(ORI, 0, R_K0, 0x20));
	put(writer, with_immediate(LUI, 0, R_K1, 0xb800));
	put(writer, with_immediate(SB, R_K1, R_K0, 0x20));
	come_back(writer, 4);
}

static void put_start(struct writer *writer)
{
	static const struct { uint8_t port, value; } ready[] = {
		{ 0x20, 0x11 }, { 0x21, 0x20 }, { 0x21, 4 }, { 0x21, 1 }, { 0x21, 0xfe },
		{ 0x43, 0x34 }, { 0x40, 0x40 }, { 0x40, 0 },
	};
	static const uint32_t base[] = { 0x80020000, 0xa0020100, 0x00001000, 0x7ffff000, 0xc0003000, 0x80010000, 0x00400ffc,
	                                 0xb8000000 };

	put(writer, with_immediate(LUI, 0, R_T0, 0xb800));
	for (unsigned n = 0; n < sizeof ready / sizeof *ready; n++) {
		put(writer, with_immediate(ORI, 0, R_T1, ready[n].value));
		put(writer, with_immediate(SB, R_T0, R_T1, ready[n].port));
	}
	for (unsigned n = 0; n < 8; n++)
		load_constant(writer, R_S0 + n, base[n]);
	load_constant(writer, R_T0, 0x10000000 | SR_IM | 1);
	put(writer, move_to(R_T0, CP0_STATUS));
}

/* Any register but those with the bases, mostly. */
static unsigned any_register(struct choices *choices)
{
	unsigned reg = choose(choices, 32);

	return reg >= R_S0 && reg <= R_S7 && !rarely(choices, 16) ? R_T0 + reg % 8 : reg;
}

static uint32_t an_access(struct choices *choices)
{
	static const uint8_t opcode[] = { 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x28, 0x29, 0x2a, 0x2b, 0x2e, 0x30, 0x38 };
	uint32_t offset = rarely(choices, 4) ? choose(choices, 65536) : choose(choices, 64) * 4;

	return with_immediate(opcode[choose(choices, sizeof opcode)], R_S0 + choose(choices, 8), any_register(choices),
	                      offset + (rarely(choices, 8) ? choose(choices, 4) : 0));
}

static uint32_t a_branch(struct choices *choices)
{
	static const uint8_t opcode[] = { 1, 4, 5, 6, 7, 0x14, 0x15, 0x16, 0x17 };
	unsigned which = opcode[choose(choices, sizeof opcode)];
	uint32_t offset = (uint32_t)choose(choices, 48) - 16;

	if (rarely(choices, 8))
		return (rarely(choices, 2) ? 2u : 3u) << 26 | ((uint32_t)CODE >> 2) | choose(choices, CODE_SIZE / 4);
	unsigned rt = which == 1 ? choose(choices, 32) & 0x13 : any_register(choices);
	return with_immediate(which, any_register(choices), rt, offset);
}

static uint32_t of_the_system(struct choices *choices)
{
	static const uint32_t co[] = { CO_TLBR, CO_TLBWI, CO_TLBWR, CO_TLBP, CO_RFE, CO_ERET, SYSCALL, BREAK, SYNC };

	switch (choose(choices, 4)) {
	case 0: return move_from(any_register(choices), choose(choices, 32));
	case 1: return move_to(any_register(choices), choose(choices, 32));
	case 2: return with_immediate(0x2f, R_S0 + choose(choices, 8), choose(choices, 32), choose(choices, 65536));
	default: return co[choose(choices, sizeof co / sizeof *co)];
	}
}

static uint32_t instruction(struct choices *choices)
{
	uint32_t kind = choose(choices, 32);

	if (kind < 10)
		return an_access(choices);
	if (kind < 14)
		return a_branch(choices);
	if (kind < 16)
		return of_the_system(choices);
	if (kind == 16)
		return choose_word(choices);
	if (kind < 24)
		return with_immediate(8 + choose(choices, 8), any_register(choices), any_register(choices), choose(choices, 65536));
	return special(choose(choices, 64) & (kind == 24 ? 63 : 0x2b), any_register(choices), any_register(choices),
	               any_register(choices), choose(choices, 32));
}

static void make_image(struct image *image, struct choices *choices, bool r4000, bool raw)
{
	static uint8_t memory[PAGE_SIZE + CODE_SIZE];
	static struct image_segment segment[2];
	struct writer writer = { memory, choices, r4000 };

	memset(memory, 0, sizeof memory);
	put_refill(&writer);
	writer.at = memory + (r4000 ? 0x180 : 0x80);
	put_general(&writer);
	if (rarely(choices, 6))
		for (unsigned n = 0; n < 16; n++)
			memory[choose(choices, 0x200)] = choose_byte(choices);
	writer.at = memory + PAGE_SIZE;
	put_start(&writer);
	while (writer.at < memory + sizeof memory)
		put(&writer, raw ? choose_word(choices) : instruction(choices));
	segment[0] = (struct image_segment){ VECTORS, KSEG0, PAGE_SIZE, PAGE_SIZE, memory, 0, PAGE_SIZE };
	segment[1] = (struct image_segment){ CODE, KSEG0 + CODE, CODE_SIZE, CODE_SIZE, memory + PAGE_SIZE, 0, CODE_SIZE };
	*image = (struct image){ .name = "hostile", .machine = IMAGE_MIPS, .isa = 1, .entry = KSEG0 + CODE,
		                 .segment = segment, .segments = 2 };
}

/* --- running --- */

struct way {
	const char *name;
	enum engine_mode gear;
	cycle_t slice, snapshot; /* 0: none */
};

struct outcome {
	enum machine_status status;
	cycle_t cycles;
	uint64_t instructions;
	struct digest digest;
	char reason[256];
};

static struct machine *make_machine(const struct model *model, const struct image *image)
{
	struct machine_config config = { .model = model, .kernel = image };
	struct muk_error error = { 0 };
	struct machine *machine;

	if (machine_create(&machine, &config, &error) != MUK_OK) {
		fprintf(stderr, "fuzz_guest_mips: %s\n", error.text);
		abort();
	}
	return machine;
}

static struct machine *move_machine(struct machine *from, const struct model *model, const struct image *image)
{
	struct machine *to = make_machine(model, image);
	struct muk_error error = { 0 };
	struct stream stream;

	stream_init(&stream);
	muk_assert(machine_snapshot(from, &stream, &error) == MUK_OK);
	muk_assert(machine_restore(to, &stream, &error) == MUK_OK);
	stream_free(&stream);
	machine_destroy(from);
	return to;
}

static void run(const struct way *way, struct model *model, const struct image *image, struct outcome *outcome)
{
	struct machine_reading reading;

	model->engine = way->gear;
	struct machine *machine = make_machine(model, image);
	if (way->snapshot && machine_run(machine, way->snapshot) == MACHINE_RUNNING)
		machine = move_machine(machine, model, image);
	for (cycle_t until = way->slice; way->slice && until < LIMIT; until += way->slice)
		if (machine_run(machine, until) != MACHINE_RUNNING)
			break;
	machine_run(machine, LIMIT);
	machine_finish(machine, MACHINE_LIMIT);
	machine_read(machine, &reading);
	*outcome = (struct outcome){ machine_status(machine), reading.cycles, reading.instructions, machine_digest(machine),
		                     "" };
	snprintf(outcome->reason, sizeof outcome->reason, "%s", machine_reason(machine));
	machine_destroy(machine);
}

static void tell(const char *name, const struct outcome *outcome)
{
	fprintf(stderr, "  %-16s %s, cycles %llu, instructions %llu: %s\n", name, machine_status_name(outcome->status),
	        (unsigned long long)outcome->cycles, (unsigned long long)outcome->instructions, outcome->reason);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct way first = { "every access", ENGINE_EVERY_ACCESS, 0, 0 };
	static struct model model;
	struct choices choices;
	struct outcome expected, outcome;
	struct image image;

	choices_init(&choices, data, size);
	make_model(&model, &choices);
	make_image(&image, &choices, model.generation == 4, size && data[size - 1] % 2 == 0);
	run(&first, &model, &image, &expected);
	if (getenv("FUZZ_GUEST_TELL"))
		tell(first.name, &expected);
	const struct way ways[] = {
		{ "the model's gear", ENGINE_AUTO, 0, 0 },
		{ "slices", ENGINE_AUTO, 500 + choose(&choices, 10000), 0 },
		{ "from a snapshot", ENGINE_AUTO, 0, 1 + choose(&choices, 65536) * expected.cycles / 65536 },
	};
	for (unsigned n = 0; n < 3; n++) {
		run(&ways[n], &model, &image, &outcome);
		if (outcome.status == expected.status && outcome.cycles == expected.cycles &&
		    memcmp(&outcome.digest, &expected.digest, sizeof outcome.digest) == 0)
			continue;
		fprintf(stderr, "fuzz_guest_mips: %s is not as %s (R%u000)\n", ways[n].name, first.name, model.generation);
		tell(first.name, &expected);
		tell(ways[n].name, &outcome);
		abort();
	}
	return 0;
}
