/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bare engine on MIPS: from the work's beginning to speed_end the program executes ordinary instructions and
 * syscall (scenarios/programs/speed/mips).  Of the small kernel only what is between speed_call_entry and
 * speed_call_return runs, which is ordinary too: what is around it reads and writes coprocessor 0, and a bare engine
 * needs none of it.
 *
 *   fill        page n is frame n, or kseg0: there is no TLB and no right
 *   interrupt   syscall: the engine comes back, and goes on at speed_call_entry
 *   mark        at speed_call_return, and at the end
 */
#include <stdlib.h>
#include <string.h>

#include "bench/workload.h"
#include "sim/arch/mips/mips.h"
#include "sim/core/error.h"
#include "sim/engine/engine.h"
#include "sim/machine/private.h"

enum { SLICE = 20000, SLICES_MOST = 1000 };

struct bare {
	const struct mips *mips;    /* at the work's beginning; only its memory is used */
	struct engine *engine;
	uint32_t entry, back, end;  /* speed_call_entry, speed_call_return, speed_end */
	uint32_t pc;                /* where the user goes on */
	struct engine_mips_cpu cpu;
	uint32_t met;               /* the mark that was met, 0: a syscall */
	bool failed;
};

static bool fill(void *ctx, laddr_t page, enum access access, struct engine_fill *answer)
{
	const struct bare *bare = ctx;
	paddr_t frame = page & UNMAPPED_PHYSICAL;

	(void)access;
	*answer = (struct engine_fill){frame, true, true, true};
	return frame < bare->mips->ram_size;
}

static void interrupt(void *ctx, uint32_t vector)
{
	struct bare *bare = ctx;

	bare->failed = vector != ENGINE_MIPS_SYSCALL;
	bare->met = 0;
	engine_stop(bare->engine);
}

static void mark(void *unused, uint64_t address, uint32_t size, void *ctx)
{
	struct bare *bare = ctx;

	(void)unused;
	(void)size;
	bare->met = (uint32_t)address;
	engine_stop(bare->engine);
}

/* Runs until the checksum is there, crossing between user and kernel.  False: something else came. */
static bool run_to_end(struct bare *bare)
{
	uint32_t pc = bare->pc;

	for (;;) {
		engine_mips_load(bare->engine, &bare->cpu);
		if (engine_run(bare->engine, pc) != ENGINE_STOPPED || bare->failed)
			return false;
		engine_mips_store(bare->engine, &bare->cpu, ENGINE_MIPS_ALL);
		if (bare->met == bare->end)
			return true;
		bare->cpu.user = bare->met != 0;
		if (bare->met) {
			pc = bare->pc;
			continue;
		}
		bare->pc = bare->cpu.pc; /* of a syscall, and of nothing else, the engine says where it is: behind it */
		pc = bare->entry;
	}
}

/* --- setting up --- */

static enum muk_err look_up(struct bare *bare, const struct image *image, struct muk_error *error)
{
	const struct image_symbol *entry = image_symbol_named(image, "speed_call_entry");
	const struct image_symbol *back = image_symbol_named(image, "speed_call_return");
	const struct image_symbol *end = image_symbol_named(image, "speed_end");

	if (!entry || !back || !end)
		return error_set(error, MUK_ERR_DEFECT, "the program \"speed\" is not as bench knows it");
	bare->entry = entry->address;
	bare->back = back->address;
	bare->end = end->address;
	return MUK_OK;
}

static void load(struct bare *bare)
{
	const struct mips_cpu *from = &bare->mips->cpu;

	memcpy(bare->cpu.reg, from->reg, sizeof bare->cpu.reg);
	bare->cpu.hi = from->hi;
	bare->cpu.lo = from->lo;
	bare->cpu.user = true;
	bare->pc = from->pc;
}

static enum muk_err open(struct bare *bare, const struct image *image, struct muk_error *error)
{
	const struct engine_hooks hooks = {.ctx = bare, .fill = fill, .interrupt = interrupt, .mark = mark};
	enum muk_err err = look_up(bare, image, error);

	if (!err)
		err = engine_open_mips(&bare->engine, bare->mips->ram, bare->mips->ram_size, &hooks, error);
	if (err)
		return err;
	if (!engine_mark(bare->engine, bare->back, bare->back & UNMAPPED_PHYSICAL & ~PAGE_MASK) ||
	    !engine_mark(bare->engine, bare->end, bare->end & UNMAPPED_PHYSICAL & ~PAGE_MASK))
		return error_set(error, MUK_ERR_NOMEM, "out of memory");
	load(bare);
	return MUK_OK;
}

/* Simulates up to where user code is at work. */
static bool reach_work(struct machine *machine, const struct mips *mips)
{
	for (unsigned n = 1; n < SLICES_MOST; n++) {
		if (machine_run(machine, (cycle_t)n * SLICE) != MACHINE_RUNNING)
			return false;
		for (unsigned span = 0; span < machine->spans; span++)
			if (machine->open[span].open && mips_user_mode(mips))
				return true;
	}
	return false;
}

static enum muk_err run(struct bare *bare, struct measure *measure, struct muk_error *error)
{
	double begin = host_seconds();
	bool ended = run_to_end(bare);

	measure->seconds = host_seconds() - begin;
	measure->checksum = (int32_t)bare->cpu.reg[R_A0];
	return ended ? MUK_OK : error_set(error, MUK_ERR_DEFECT, "the bare engine did not end its work: an exception");
}

enum muk_err bare_mips_run(const struct image *image, const struct model *model, const struct workload *workload,
                           uint64_t instructions, struct measure *measure, struct muk_error *error)
{
	struct machine *machine;
	struct bare bare = {0};
	enum muk_err err = workload_machine(&machine, image, model, workload, NULL, error);

	if (err)
		return err;
	bare.mips = (const struct mips *)(const void *)machine->processor;
	if (!reach_work(machine, bare.mips))
		err = error_set(error, MUK_ERR_DEFECT, "speed work=%s never began", workload->work);
	if (!err)
		err = open(&bare, image, error);
	if (!err)
		err = run(&bare, measure, error);
	measure->instructions = instructions - machine->ledger.instructions;
	engine_close(bare.engine);
	machine_destroy(machine);
	return err;
}
