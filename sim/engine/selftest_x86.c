/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The self-test of the x86 engine: once a process, a few milliseconds.
 *
 * Versions of Unicorn differ in just those points on which a simulator stands
 * (translation thrown away, wrong place of a fault, lost stores), and a version
 * number says little.  So each is tried, on tiny programs, and an engine that
 * fails is refused with a sentence.
 *
 * Memory of the tests: code in the frame CODE, data in the frame DATA, seen at
 * linear addresses that are far from both.
 */
#include <stdlib.h>
#include <string.h>
#include "sim/engine/private.h"

enum { RAM = 0x8000, CODE = 0x2000, DATA = 0x5000 };
#define AT_CODE 0x40001000u
#define AT_DATA 0x00803000u
enum { RIGHTS_CODE0 = 0xcf9b00, RIGHTS_DATA0 = 0xcf9300, DPL3 = 3 << 13 };
enum { FLAG_CF = 1, FLAG_ZF = 1 << 6, FLAG_TF = 1 << 8, FLAG_OF = 1 << 11 };

struct trial {
	struct engine *engine;
	uint8_t *ram;
	struct engine_cpu cpu;
	bool refuse_write;       /* of the data page */
	unsigned data_fills, interrupts, marks_met;
	uint32_t vector;         /* the last interrupt's */
	laddr_t block, marked;   /* the last ones met */
	uint32_t jump_to;        /* where the mark hook goes, 0: nowhere */
};

static bool trial_fill(void *ctx, laddr_t page, enum access access, struct engine_fill *fill)
{
	struct trial *trial = ctx;
	fill->read = fill->fetch = true;
	if (page == AT_DATA) {
		trial->data_fills++;
		if (access == ACCESS_WRITE && trial->refuse_write)
			return false;
		fill->write = access == ACCESS_WRITE;
		fill->frame = DATA;
		return true;
	}
	fill->frame = CODE;
	return page == AT_CODE;
}

static void trial_block(void *unused, uint64_t address, uint32_t size, void *ctx)
{
	struct trial *trial = ctx;
	(void)unused;
	(void)size;
	trial->block = (laddr_t)address;
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
	if (!trial->jump_to)
		return;
	engine_store(trial->engine, &trial->cpu);
	trial->cpu.reg[3] = 77;
	trial->cpu.eip = trial->jump_to;
	engine_load(trial->engine, &trial->cpu);
	engine_jump(trial->engine, trial->jump_to);
}

/* Registers at a program's start, at privilege cpl, code with a segment base. */
static void trial_reset(struct trial *trial, uint32_t cpl, uint32_t code_base)
{
	uint32_t dpl = cpl == 3 ? DPL3 : 0;
	memset(&trial->cpu, 0, sizeof trial->cpu);
	for (unsigned n = 0; n < 6; n++)
		trial->cpu.seg[n] = (struct engine_segment){ .selector = (uint16_t)(0x10 | cpl), .limit = 0xffffffff,
		                                             .rights = RIGHTS_DATA0 | dpl };
	trial->cpu.seg[1].selector = (uint16_t)(0x08 | cpl);
	trial->cpu.seg[1].base = code_base;
	trial->cpu.seg[1].rights = RIGHTS_CODE0 | dpl;
	trial->cpu.cpl = cpl;
	trial->cpu.eip = AT_CODE - code_base;
	trial->interrupts = trial->data_fills = trial->marks_met = 0;
}

static enum engine_stop trial_run(struct trial *trial, const void *code, size_t size)
{
	if (code) {
		memcpy(trial->ram + CODE, code, size);
		engine_forget_code(trial->engine, CODE, 0, PAGE_MASK);
	}
	engine_load(trial->engine, &trial->cpu);
	enum engine_stop stop = engine_run(trial->engine, trial->cpu.eip);
	engine_store(trial->engine, &trial->cpu);
	return stop;
}

static uint32_t data_word(const struct trial *trial)
{
	uint32_t word;
	memcpy(&word, trial->ram + DATA, 4);
	return word;
}

/* mov eax,[AT_DATA]; inc eax; mov [AT_DATA],eax; int 0x80 */
static const uint8_t add_one[] = { 0xa1, 0x00, 0x30, 0x80, 0x00, 0x40, 0xa3, 0x00, 0x30, 0x80, 0x00, 0xcd, 0x80 };

static const char *translates(struct trial *trial)
{
	trial_reset(trial, 0, 0);
	memcpy(trial->ram + DATA, &(uint32_t){ 41 }, 4);
	if (trial_run(trial, add_one, sizeof add_one) != ENGINE_STOPPED || trial->vector != 0x80)
		return "int n does not stop it";
	if (data_word(trial) != 42)
		return "it does not translate the addresses of data";
	if (trial->cpu.eip != AT_CODE + sizeof add_one)
		return "EIP after int n is wrong";
	return NULL;
}

/* nop; inc dword [AT_DATA]; int 0x80 */
static const uint8_t increment[] = { 0x90, 0xff, 0x05, 0x00, 0x30, 0x80, 0x00, 0xcd, 0x80 };

static const char *stops_precisely(struct trial *trial)
{
	trial_reset(trial, 3, 0);
	memcpy(trial->ram + DATA, &(uint32_t){ 5 }, 4);
	trial->refuse_write = true;
	enum engine_stop stop = trial_run(trial, increment, sizeof increment);
	trial->refuse_write = false;
	if (stop != ENGINE_REFUSED || trial->cpu.eip != AT_CODE + 1 || data_word(trial) != 5)
		return "a refused translation does not stop it precisely";
	if (trial_run(trial, NULL, 0) != ENGINE_STOPPED || data_word(trial) != 6)
		return "an instruction is not restarted rightly";
	return NULL;
}

/* Supervisor's and user's translations live apart, and loading a context changes the ring. */
static const char *changes_rings(struct trial *trial)
{
	trial_reset(trial, 0, 0);
	trial_run(trial, add_one, sizeof add_one);
	trial_reset(trial, 3, 0);
	trial_run(trial, NULL, 0);
	if (trial->data_fills == 0)
		return "a user's access is served by a supervisor's translation";
	trial_reset(trial, 0, 0);
	trial_run(trial, NULL, 0);
	return trial->data_fills ? "a change of rings loses translations" : NULL;
}

static const char *forgets_pages(struct trial *trial)
{
	trial_reset(trial, 0, 0);
	trial_run(trial, add_one, sizeof add_one);
	trial_reset(trial, 0, 0);
	engine_flush_page(trial->engine, AT_DATA + PAGE_SIZE);
	trial_run(trial, NULL, 0);
	if (trial->data_fills)
		return "it forgets another page than it was told to";
	trial_reset(trial, 0, 0);
	engine_flush_page(trial->engine, AT_DATA + 2 * PAGE_SIZE);
	engine_flush_page(trial->engine, AT_DATA);
	trial_run(trial, NULL, 0);
	if (!trial->data_fills)
		return "it does not forget a page";
	bool undisturbed = trial->interrupts == 1 && trial->cpu.eip == AT_CODE + sizeof add_one;
	return undisturbed ? NULL : "forgetting a page disturbs it";
}

/* cli */
static const uint8_t privileged[] = { 0xfa };

static const char *repeats_faults(struct trial *trial)
{
	for (unsigned n = 0; n < 2; n++) {
		trial_reset(trial, 3, 0);
		trial_run(trial, privileged, sizeof privileged);
		if (trial->interrupts != 1 || trial->vector != 13 || trial->cpu.eip != AT_CODE)
			return "a protection fault is not reported alike twice";
		if (engine_old_exception(trial->engine) != 13)
			return "the exception before is not where it is known to be in its context";
	}
	return NULL;
}

static const char *keeps_code_base(struct trial *trial)
{
	trial_reset(trial, 0, 0x1000000);
	trial_run(trial, add_one, sizeof add_one);
	if (trial->block != AT_CODE || trial->cpu.eip != AT_CODE - 0x1000000 + sizeof add_one)
		return "a code segment's base is not respected";
	return NULL;
}

static const char *keeps_flags(struct trial *trial)
{
	static const uint32_t set[] = { 0, FLAG_CF, FLAG_ZF | FLAG_OF, ENGINE_FLAGS & ~FLAG_TF };
	for (unsigned n = 0; n < sizeof set / sizeof *set; n++) {
		trial_reset(trial, 0, 0);
		trial->cpu.eflags = set[n];
		engine_load(trial->engine, &trial->cpu);
		engine_store(trial->engine, &trial->cpu);
		if ((trial->cpu.eflags & ENGINE_FLAGS) != set[n])
			return "arithmetic flags are not loaded rightly";
	}
	return NULL;
}

static const char *steps(struct trial *trial)
{
	trial_reset(trial, 0, 0);
	trial->cpu.eflags = FLAG_TF;
	trial_run(trial, increment, sizeof increment);
	if (trial->vector != 1 || trial->cpu.eip != AT_CODE + 1)
		return "it does not stop after a single step";
	return NULL;
}

/* nop; inc ecx; inc edx; int 0x80: the mark on inc ecx leaves for int 0x80. */
static const uint8_t marked[] = { 0x90, 0x41, 0x42, 0xcd, 0x80 };

static const char *leaves_at_marks(struct trial *trial)
{
	trial_reset(trial, 0, 0);
	trial_run(trial, marked, sizeof marked);
	if (!engine_mark(trial->engine, AT_CODE + 1, CODE))
		return "it refuses a mark";
	trial_reset(trial, 0, 0);
	trial->jump_to = AT_CODE + 3;
	trial_run(trial, NULL, 0);
	trial->jump_to = 0;
	bool left = trial->marks_met == 1 && trial->marked == AT_CODE + 1 && trial->cpu.reg[1] == 0 &&
	            trial->cpu.reg[2] == 0 && trial->cpu.reg[3] == 77 && trial->cpu.eip == AT_CODE + sizeof marked;
	engine_unmark_all(trial->engine);
	return left ? NULL : "a marked instruction cannot be left before it runs";
}

static const char *forgets_code(struct trial *trial)
{
	trial_reset(trial, 0, 0);
	trial_run(trial, marked, sizeof marked);
	trial->ram[CODE + 1] = 0x90;
	engine_forget_code(trial->engine, CODE, 1, 1);
	trial_reset(trial, 0, 0);
	trial_run(trial, NULL, 0);
	return trial->cpu.reg[1] == 0 && trial->cpu.reg[2] == 1 ? NULL : "it runs code that was written over";
}

static const char *try_all(struct trial *trial)
{
	static const char *(*const test[])(struct trial *) = {
		translates, stops_precisely, changes_rings, forgets_pages, repeats_faults, keeps_code_base, keeps_flags,
		steps, leaves_at_marks, forgets_code,
	};
	const char *failed = NULL;
	for (unsigned n = 0; n < sizeof test / sizeof *test && !failed; n++)
		failed = test[n](trial);
	return failed;
}

const char *engine_x86_self_test(void)
{
	static char text[256];
	struct trial trial = { .ram = aligned_alloc(PAGE_SIZE, RAM) };
	if (!trial.ram)
		return "no memory for its self-test";
	memset(trial.ram, 0, RAM);
	struct engine_hooks hooks = { &trial, trial_fill, trial_block, trial_interrupt, trial_mark, NULL, &trial, NULL };
	struct muk_error error = { 0 };
	const char *failed;
	if (engine_open_untested(&trial.engine, &engine_x86, trial.ram, RAM, &hooks, &error) == MUK_OK) {
		failed = try_all(&trial);
	} else {
		memcpy(text, error.text, sizeof text - 1);
		failed = text;
	}
	engine_close(trial.engine);
	free(trial.ram);
	return failed;
}
