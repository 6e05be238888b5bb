/* SPDX-License-Identifier: GPL-2.0-or-later */
/* MIPS as machines see it: the class of sim/arch/processor.h. */
#include <stdio.h>
#include <stdlib.h>

#include "sim/arch/mips/runner.h"
#include "sim/core/error.h"

_Static_assert((int)MIPS_COUNTER_COUNT <= (int)PROCESSOR_COUNTERS_MOST, "machines hold all counters");

static struct mips *of(struct processor *processor) { return (struct mips *)(void *)processor; }

static const struct mips *of_const(const struct processor *processor)
{
	return (const struct mips *)(const void *)processor;
}

static void destroy(struct processor *processor)
{
	struct mips *mips = of(processor);

	mips_runner_destroy(mips);
	mips_mmu_free(mips);
	free(mips);
}

static enum muk_err create(struct processor **out, const struct processor_config *config, struct muk_error *error)
{
	struct mips *mips = calloc(1, sizeof *mips);
	const struct processor_boot nowhere = { 0 };

	*out = NULL;
	if (!mips)
		return error_set(error, MUK_ERR_NOMEM, "no memory for a processor");
	mips->class = &mips_processor;
	mips->model = config->model;
	mips->ledger = config->ledger;
	mips->journal = config->journal;
	mips->ram = config->ram;
	mips->ram_size = config->ram_size;
	mips->bus = config->bus;
	mips->code_map = config->code_map;
	enum muk_err err = mips_mmu_init(mips) ? MUK_OK : error_set(error, MUK_ERR_NOMEM, "no memory for a processor");

	if (!err) {
		mips_reset(mips, &nowhere);
		err = mips_runner_create(mips, error);
	}
	if (err)
		destroy((struct processor *)(void *)mips);
	else
		*out = (struct processor *)(void *)mips;
	return err;
}

static void reset(struct processor *processor, const struct processor_boot *boot) { mips_reset(of(processor), boot); }

static enum processor_stop run(struct processor *processor, cycle_t until, const char **what)
{
	return mips_run(of(processor), until, what);
}

static void ask_stop(struct processor *processor) { mips_ask_stop(of(processor)); }

static void state(struct stream *stream, struct processor *processor)
{
	struct mips *mips = of(processor);

	mips_core_state(stream, mips);
	if (stream->loading)
		mips_runner_reset(mips);
}

static void memory_written(struct processor *processor, paddr_t address, uint32_t size)
{
	mips_code_written(of(processor), address, size);
}

static const uint64_t *counts(const struct processor *processor) { return of_const(processor)->count; }

static uint32_t register_value(const struct processor *processor, unsigned reg)
{
	return reg < 32 ? of_const(processor)->cpu.reg[reg] : 0;
}

static laddr_t data_address(const struct processor *processor, vaddr_t address, unsigned base)
{
	(void)processor;
	(void)base;
	return address;
}

static laddr_t pc(const struct processor *processor) { return of_const(processor)->cpu.pc; }

static bool look_translate(const struct processor *processor, laddr_t address, paddr_t *out)
{
	const struct mips *mips = of_const(processor);
	struct mips_place place;

	if (!mips_look(mips, address, ACCESS_READ, false, &place))
		return false;
	*out = place.address;
	return true;
}

static unsigned look_read(const struct processor *processor, laddr_t address, void *data, unsigned size)
{
	return mips_look_read(of_const(processor), address, data, size);
}

static void describe(const struct processor *processor, char *text, size_t size)
{
	const uint32_t *cp0 = of_const(processor)->cpu.cp0;

	snprintf(text, size, "status %#x, cause %#x, epc %#x, badvaddr %#x", cp0[CP0_STATUS], cp0[CP0_CAUSE], cp0[CP0_EPC],
	         cp0[CP0_BADVADDR]);
}

static const char *const counter[] = {
#define X(id, text) [MIPS_COUNT_##id] = text,
	MIPS_COUNTERS(X)
#undef X
};

const struct processor_class mips_processor = {
	.name = "mips",
	.counter = counter,
	.counters = MIPS_COUNTER_COUNT,
	.create = create,
	.destroy = destroy,
	.reset = reset,
	.run = run,
	.ask_stop = ask_stop,
	.state = state,
	.memory_written = memory_written,
	.counts = counts,
	.register_value = register_value,
	.data_address = data_address,
	.pc = pc,
	.look_translate = look_translate,
	.look_read = look_read,
	.describe = describe,
};
