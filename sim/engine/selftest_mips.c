/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The self-test of the MIPS engine: once a process, a few milliseconds.  See selftest_x86.c for why.
 *
 * Memory of the tests: code in the frame CODE, data in the frame DATA, seen at addresses that are far from both.
 */
#include <stdlib.h>
#include <string.h>
#include "sim/engine/private.h"

enum { RAM = 0x8000, CODE = 0x2000, DATA = 0x5000 };
#define AT_CODE 0x00401000u
#define AT_DATA 0x00803000u
enum { T0 = 8, T1, T2, T3 };

/* Words of programs. */
enum {
	NOP = 0, SYSCALL = 0x0c, LW_T0 = (int)0x8d680000 /* lw t0,0(t3) */, SW_T0 = (int)0xad680000,
	ADDIU_T0 = 0x25080001 /* t0,t0,1 */,
	ADDIU_T1 = 0x25290001, BRANCH_2 = 0x10000002 /* b two words behind the slot */, MFC0 = 0x40086000,
	JR_T2 = 0x01400008, ADD_T1 = 0x01084820 /* add t1,t0,t0 */, RFE = 0x42000010
};

struct trial {
	struct engine *engine;
	uint8_t *ram;
	struct engine_mips_cpu cpu;
	bool refuse_data;
	unsigned data_fills, interrupts, marks_met, blocks;
	uint32_t vector;         /* the last interrupt's */
	laddr_t block, marked;   /* the last ones met */
	uint32_t block_size;
};

static bool trial_fill(void *ctx, laddr_t page, enum access access, struct engine_fill *fill)
{
	struct trial *trial = ctx;
	fill->read = fill->fetch = true;
	fill->frame = page == AT_DATA ? DATA : CODE;
	if (page != AT_DATA)
		return page == AT_CODE;
	trial->data_fills++;
	fill->write = access == ACCESS_WRITE;
	return !trial->refuse_data;
}

static void trial_block(void *unused, uint64_t address, uint32_t size, void *ctx)
{
	struct trial *trial = ctx;
	(void)unused;
	if (engine_mips_drains(trial->engine, (laddr_t)address))
		return;
	trial->blocks++;
	trial->block = (laddr_t)address;
	trial->block_size = size;
}

static void trial_interrupt(void *ctx, uint32_t vector)
{
	struct trial *trial = ctx;
	trial->interrupts++;
	trial->vector = vector;
	engine_stop(trial->engine);
}

static void trial_mark(void *unused, uint64_t address, uint32_t size, void *ctx)
{
	struct trial *trial = ctx;
	(void)unused;
	(void)size;
	trial->marks_met++;
	trial->marked = (laddr_t)address;
	engine_stop(trial->engine);
}

static void trial_reset(struct trial *trial, bool user)
{
	trial->cpu = (struct engine_mips_cpu){ .user = user };
	trial->cpu.reg[T3] = AT_DATA;
	trial->cpu.reg[T2] = AT_CODE + 16;
	trial->interrupts = trial->data_fills = trial->marks_met = trial->blocks = 0;
	trial->refuse_data = false;
}

static enum engine_stop trial_go(struct trial *trial, uint32_t pc)
{
	engine_mips_load(trial->engine, &trial->cpu);
	enum engine_stop stop = engine_run(trial->engine, pc);
	engine_mips_store(trial->engine, &trial->cpu, ENGINE_MIPS_ALL);
	return stop;
}

static void trial_program(struct trial *trial, const uint32_t *word, size_t size)
{
	memset(trial->ram + CODE, 0, PAGE_SIZE);
	memcpy(trial->ram + CODE, word, size);
	engine_forget_code(trial->engine, CODE, 0, PAGE_MASK);
}
#define PROGRAM(trial, ...) \
	trial_program(trial, (const uint32_t[]){ __VA_ARGS__ }, sizeof(const uint32_t[]){ __VA_ARGS__ })

static uint32_t data_word(const struct trial *trial)
{
	uint32_t word;
	memcpy(&word, trial->ram + DATA, 4);
	return word;
}

static void set_data(struct trial *trial, uint32_t word) { memcpy(trial->ram + DATA, &word, 4); }

static const char *translates(struct trial *trial)
{
	PROGRAM(trial, LW_T0, NOP, ADDIU_T0, SW_T0, SYSCALL);
	trial_reset(trial, false);
	set_data(trial, 41);
	if (trial_go(trial, AT_CODE) != ENGINE_STOPPED || trial->vector != ENGINE_MIPS_SYSCALL)
		return "syscall does not stop it";
	if (data_word(trial) != 42 || trial->cpu.reg[T0] != 42)
		return "it does not translate the addresses of data";
	return trial->block == AT_CODE && trial->block_size == 20 ? NULL : "blocks are not reported whole";
}

static const char *stops_precisely(struct trial *trial)
{
	PROGRAM(trial, ADDIU_T1, NOP, LW_T0, ADDIU_T1, SYSCALL);
	trial_reset(trial, true);
	engine_flush(trial->engine);
	trial->refuse_data = true;
	set_data(trial, 5);
	enum engine_stop stop = trial_go(trial, AT_CODE);
	if (stop != ENGINE_REFUSED || trial->cpu.pc != AT_CODE + 8 || trial->cpu.reg[T1] != 1 || trial->cpu.reg[T0] != 0)
		return "a refused translation does not stop it precisely";
	trial->refuse_data = false;
	if (trial_go(trial, AT_CODE + 8) != ENGINE_STOPPED || trial->cpu.reg[T0] != 5 || trial->cpu.reg[T1] != 2)
		return "an instruction is not restarted rightly";
	return NULL;
}

/* The slot's load is filled while the branch waits. */
static const char *fills_in_slots(struct trial *trial)
{
	PROGRAM(trial, BRANCH_2, LW_T0, ADDIU_T1, SYSCALL, ADDIU_T0, SYSCALL);
	trial_reset(trial, true);
	engine_flush(trial->engine);
	set_data(trial, 7);
	trial_go(trial, AT_CODE);
	bool right = trial->interrupts == 1 && trial->cpu.reg[T0] == 7 && trial->cpu.reg[T1] == 0;
	return right ? NULL : "a translation that is wanted in a delay slot disturbs the branch";
}

static const char *leaves_slots(struct trial *trial)
{
	PROGRAM(trial, BRANCH_2, LW_T0, NOP, SYSCALL, NOP, SYSCALL, ADDIU_T1, SYSCALL);
	trial_reset(trial, false);
	engine_flush(trial->engine);
	trial->refuse_data = true;
	if (trial_go(trial, AT_CODE) != ENGINE_REFUSED || trial->cpu.pc != AT_CODE + 4)
		return "a refused translation in a delay slot does not stop it precisely";
	engine_mips_drain(trial->engine);
	trial->blocks = 0;
	trial_go(trial, AT_CODE + 24);
	bool left = trial->blocks == 1 && trial->block == AT_CODE + 24 && trial->cpu.reg[T1] == 1 && trial->interrupts == 1;
	return left ? NULL : "a delay slot cannot be left";
}

/* Supervisor's and user's translations live apart, and a change of modes keeps both. */
static const char *changes_modes(struct trial *trial)
{
	PROGRAM(trial, LW_T0, NOP, SYSCALL);
	trial_reset(trial, false);
	trial_go(trial, AT_CODE);
	trial_reset(trial, true);
	trial_go(trial, AT_CODE);
	if (trial->data_fills == 0)
		return "a user's access is served by a kernel's translation";
	trial_reset(trial, false);
	trial_go(trial, AT_CODE);
	return trial->data_fills ? "a change of modes loses translations" : NULL;
}

static const char *stops_at(struct trial *trial, uint32_t word, uint32_t vector, const char *failed)
{
	for (unsigned user = 0; user < 2; user++) {
		PROGRAM(trial, ADDIU_T1, word, ADDIU_T1, SYSCALL);
		trial_reset(trial, user);
		trial->cpu.reg[T0] = 0x7fffffff;
		trial_go(trial, AT_CODE);
		if (trial->interrupts != 1 || trial->vector != vector || trial->cpu.reg[T1] != 1)
			return failed;
	}
	return NULL;
}

static const char *reports_exceptions(struct trial *trial)
{
	const char *failed = stops_at(trial, MFC0, ENGINE_MIPS_COPROCESSOR, "coprocessor 0 is not reported");
	if (!failed)
		failed = stops_at(trial, RFE, ENGINE_MIPS_COPROCESSOR, "rfe is not reported");
	if (!failed)
		failed = stops_at(trial, 0x7fffffff, ENGINE_MIPS_RESERVED, "a reserved instruction is not reported");
	if (!failed)
		failed = stops_at(trial, ADD_T1, ENGINE_MIPS_OVERFLOW, "overflow is not reported");
	return failed;
}

static const char *jumps_astray(struct trial *trial)
{
	PROGRAM(trial, JR_T2, NOP, NOP, NOP, NOP, SYSCALL);
	trial_reset(trial, true);
	trial->cpu.reg[T2] = AT_CODE + 18;
	trial_go(trial, AT_CODE);
	bool right = trial->interrupts == 1 && trial->vector == ENGINE_MIPS_LOAD_ALIGNMENT;
	return right ? NULL : "a jump to a misaligned address is not reported";
}

static const char *stops_at_marks(struct trial *trial)
{
	PROGRAM(trial, ADDIU_T1, ADDIU_T0, ADDIU_T1, SYSCALL);
	trial_reset(trial, false);
	trial_go(trial, AT_CODE);
	if (!engine_mark(trial->engine, AT_CODE + 4, CODE))
		return "it refuses a mark";
	trial_reset(trial, false);
	trial_go(trial, AT_CODE);
	bool left = trial->marks_met == 1 && trial->marked == AT_CODE + 4 && trial->cpu.reg[T0] == 0 &&
	            trial->cpu.reg[T1] == 1 && !trial->interrupts;
	engine_unmark_all(trial->engine);
	return left ? NULL : "a marked instruction cannot be left before it runs";
}

static const char *forgets_code(struct trial *trial)
{
	PROGRAM(trial, ADDIU_T1, ADDIU_T0, SYSCALL);
	trial_reset(trial, false);
	trial_go(trial, AT_CODE);
	memset(trial->ram + CODE + 4, 0, 4);
	engine_forget_code(trial->engine, CODE, 4, 7);
	trial_reset(trial, false);
	trial_go(trial, AT_CODE);
	return trial->cpu.reg[T0] == 0 && trial->cpu.reg[T1] == 1 ? NULL : "it runs code that was written over";
}

static const char *try_all(struct trial *trial)
{
	static const char *(*const test[])(struct trial *) = {
		translates, stops_precisely, fills_in_slots, leaves_slots, changes_modes, reports_exceptions, jumps_astray,
		stops_at_marks, forgets_code,
	};
	const char *failed = NULL;
	for (unsigned n = 0; n < sizeof test / sizeof *test && !failed; n++)
		failed = test[n](trial);
	return failed;
}

const char *engine_mips_self_test(void)
{
	static char text[256];
	struct trial trial = { .ram = aligned_alloc(PAGE_SIZE, RAM) };
	if (!trial.ram)
		return "no memory for its self-test";
	memset(trial.ram, 0, RAM);
	struct engine_hooks hooks = { &trial, trial_fill, trial_block, trial_interrupt, trial_mark, NULL, &trial, NULL };
	struct muk_error error = { 0 };
	const char *failed;
	if (engine_open_untested(&trial.engine, &engine_mips, trial.ram, RAM, &hooks, &error) == MUK_OK) {
		failed = try_all(&trial);
	} else {
		memcpy(text, error.text, sizeof text - 1);
		failed = text;
	}
	engine_close(trial.engine);
	free(trial.ram);
	return failed;
}
