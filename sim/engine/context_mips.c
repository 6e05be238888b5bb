/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engine's MIPS: registers, and the way out of a delay slot.
 *
 * The engine's own status register says but one thing here: which of its modes runs.  A guest's kernel runs in the
 * engine's supervisor mode, where coprocessor 0 is not usable, so that each of its instructions is reported; a guest's
 * user in its user mode.  The engine keeps the translations of the two apart.
 *
 * Registers go to and fro often, and few of them change in between: what the engine has is remembered, and only what
 * differs is written.
 *
 *   stopped in a slot --engine_mips_drain--> the stub's first instruction is the slot's, then the branch is
 *     carried out: its target is not fetched (on_fill) or its block is stopped (the block hook) --> stopped, in no slot
 */
#include <string.h>
#include "sim/engine/private.h"

enum { STATUS_SUPERVISOR = 1 << 3, STATUS_USER = 2 << 3 };
enum { BATCH = 34 };

static void write32(struct engine *engine, int reg, uint32_t value) { uc_reg_write(engine->uc, reg, &value); }

static void write_all(struct engine *engine, const struct engine_mips_cpu *cpu)
{
	for (int n = 1; n < 32; n++)
		write32(engine, UC_MIPS_REG_0 + n, cpu->reg[n]);
	write32(engine, UC_MIPS_REG_HI, cpu->hi);
	write32(engine, UC_MIPS_REG_LO, cpu->lo);
	write32(engine, UC_MIPS_REG_CP0_STATUS, cpu->user ? STATUS_USER : STATUS_SUPERVISOR);
}

static void write_changed(struct engine *engine, const struct engine_mips_cpu *cpu)
{
	const struct engine_mips_cpu *known = &engine->known;
	for (int n = 1; n < 32; n++)
		if (cpu->reg[n] != known->reg[n])
			write32(engine, UC_MIPS_REG_0 + n, cpu->reg[n]);
	if (cpu->hi != known->hi)
		write32(engine, UC_MIPS_REG_HI, cpu->hi);
	if (cpu->lo != known->lo)
		write32(engine, UC_MIPS_REG_LO, cpu->lo);
	if (cpu->user != known->user)
		write32(engine, UC_MIPS_REG_CP0_STATUS, cpu->user ? STATUS_USER : STATUS_SUPERVISOR);
}

void engine_mips_load(struct engine *engine, const struct engine_mips_cpu *cpu)
{
	if (engine->is_known)
		write_changed(engine, cpu);
	else
		write_all(engine, cpu);
	engine->known = *cpu;
	engine->is_known = true;
}

void engine_mips_store(struct engine *engine, struct engine_mips_cpu *cpu, uint32_t which)
{
	struct engine_mips_cpu *known = &engine->known;
	void *value[BATCH];
	int reg[BATCH], count = 0;
	for (uint32_t left = which & ~1u; left; left &= left - 1) {
		int n = __builtin_ctz(left);
		reg[count] = UC_MIPS_REG_0 + n;
		value[count++] = &known->reg[n];
	}
	if (which & 1) {
		reg[count] = UC_MIPS_REG_HI;
		value[count++] = &known->hi;
		reg[count] = UC_MIPS_REG_LO;
		value[count++] = &known->lo;
	}
	reg[count] = UC_MIPS_REG_PC;
	value[count++] = &known->pc;
	uc_reg_read_batch(engine->uc, reg, value, count);
	*cpu = *known;
}

void engine_mips_drain(struct engine *engine)
{
	engine->flushing = true;
	uc_emu_start(engine->uc, ENGINE_STUB, 0, 0, 0); /* however it ends: the branch is over */
	engine->flushing = false;
}

bool engine_mips_drains(struct engine *engine, laddr_t address)
{
	if (engine->flushing && PAGE_OF(address) != PAGE_OF(ENGINE_STUB))
		uc_emu_stop(engine->uc);
	return engine->flushing;
}

/* The stub is no-ops. */
static void write_stub(uint8_t *page) { memset(page, 0, PAGE_SIZE); }

/* The branch that is drained went to no multiple of 4. */
static void stop_stub(struct engine *engine) { uc_emu_stop(engine->uc); }

static const char *prepare(struct engine *engine)
{
	uint32_t hi = 0x5a310001, lo = 0x5a310002;
	struct engine_mips_cpu cpu = { .hi = hi, .lo = lo }, back;
	engine_mips_load(engine, &cpu);
	engine_mips_store(engine, &back, ENGINE_MIPS_ALL);
	return back.hi == hi && back.lo == lo ? NULL : "HI and LO cannot be set";
}

const struct engine_kind engine_mips = {
	.arch = UC_ARCH_MIPS, .mode = (uc_mode)(UC_MODE_MIPS32 | UC_MODE_LITTLE_ENDIAN), .cpu = UC_CPU_MIPS32_4KC,
	.prepare = prepare, .self_test = engine_mips_self_test, .write_stub = write_stub, .stub_ended = stop_stub
};
