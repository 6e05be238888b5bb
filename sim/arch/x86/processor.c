/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The x86 as machines see it: the class of sim/arch/processor.h. */
#include <stdio.h>
#include <stdlib.h>

#include "sim/arch/x86/x86.h"
#include "sim/core/error.h"

_Static_assert((int)X86_COUNTER_COUNT <= (int)PROCESSOR_COUNTERS_MOST, "machines hold all counters");

static struct x86 *of(struct processor *processor)
{
	return (struct x86 *)(void *)processor;
}

static const struct x86 *of_const(const struct processor *processor)
{
	return (const struct x86 *)(const void *)processor;
}

static void destroy(struct processor *processor)
{
	struct x86 *x86 = of(processor);

	x86_runner_destroy(x86);
	x86_mmu_free(x86);
	free(x86);
}

static enum muk_err create(struct processor **out, const struct processor_config *config, struct muk_error *error)
{
	struct x86 *x86 = calloc(1, sizeof *x86);

	*out = NULL;
	if (!x86)
		return error_set(error, MUK_ERR_NOMEM, "no memory for a processor");
	x86->class = &x86_processor;
	x86->model = config->model;
	x86->ledger = config->ledger;
	x86->journal = config->journal;
	x86->ram = config->ram;
	x86->ram_size = config->ram_size;
	x86->bus = config->bus;
	x86->code_map = config->code_map;
	enum muk_err err = x86_mmu_init(x86) ? MUK_OK : error_set(error, MUK_ERR_NOMEM, "no memory for a processor");

	x86_reset(x86, 0, 0, 0);
	if (!err)
		err = x86_runner_create(x86, error);
	if (err)
		destroy((struct processor *)(void *)x86);
	else
		*out = (struct processor *)(void *)x86;
	return err;
}

static void reset(struct processor *processor, const struct processor_boot *boot)
{
	x86_reset(of(processor), boot->entry, boot->argument[0], boot->argument[1]);
}

static enum processor_stop run(struct processor *processor, cycle_t until, const char **what)
{
	return x86_run(of(processor), until, what);
}

static void ask_stop(struct processor *processor)
{
	x86_ask_stop(of(processor));
}

static void state(struct stream *stream, struct processor *processor)
{
	x86_state(stream, of(processor));
}

static void memory_written(struct processor *processor, paddr_t address, uint32_t size)
{
	x86_memory_written(of(processor), address, size);
}

static const uint64_t *counts(const struct processor *processor)
{
	return of_const(processor)->count;
}

static uint32_t register_value(const struct processor *processor, unsigned reg)
{
	return reg < 8 ? of_const(processor)->cpu.reg[reg] : 0;
}

static laddr_t data_address(const struct processor *processor, vaddr_t address, unsigned base)
{
	const struct x86_cpu *cpu = &of_const(processor)->cpu;

	return cpu->seg[base == ESP || base == EBP ? SS : DS].base + address;
}

static laddr_t pc(const struct processor *processor)
{
	const struct x86_cpu *cpu = &of_const(processor)->cpu;

	return cpu->seg[CS].base + cpu->eip;
}

static bool look_translate(const struct processor *processor, laddr_t address, paddr_t *out)
{
	return x86_look_translate(of_const(processor), address, out);
}

static unsigned look_read(const struct processor *processor, laddr_t address, void *data, unsigned size)
{
	return x86_look_read(of_const(processor), address, data, size);
}

static void describe(const struct processor *processor, char *text, size_t size)
{
	const struct x86_cpu *cpu = &of_const(processor)->cpu;

	snprintf(text, size, "cpl %u, cr2 %#x", cpu->cpl, cpu->cr2);
}

static const char *const counter[] = {
#define X(id, text) [COUNT_##id] = text,
	X86_COUNTERS(X)
#undef X
};

const struct processor_class x86_processor = {
	.name = "x86",
	.counter = counter,
	.counters = X86_COUNTER_COUNT,
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
