/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bare engine on x86: what the simulator is measured against.
 *
 * From the work's beginning to speed_end the program executes ordinary
 * instructions, int 80h, and one iret (scenarios/programs/speed/speed.h).  So
 * all that running it needs is
 *
 *   fill        which frame shows a page: the page tables are asked, there is no TLB and no right
 *   interrupt   int 80h: the gate and the stack of ring 0 were looked up before
 *   mark        at the iret, and at the end
 *
 * and nothing is hooked, counted, charged or checked beside.
 */
#include <stdlib.h>
#include <string.h>

#include "bench/workload.h"
#include "sim/arch/x86/x86.h"
#include "sim/core/error.h"
#include "sim/engine/engine.h"
#include "sim/machine/private.h"

enum { VECTOR_CALL = 0x42, SLICE = 20000, SLICES_MOST = 1000 };
enum { TSS_ESP0 = 4 };
enum { DESCRIPTOR_CODE = 0x00cf9b00, DESCRIPTOR_DATA = 0x00cf9300 }; /* flat, ring 0 */

struct bare {
	struct x86 *x86;            /* at the work's beginning; only its memory and tables are used */
	struct engine *engine;
	laddr_t iret, end;
	uint32_t handler, stack;    /* of int 80h */
	struct engine_segment code0, data0;
	struct engine_cpu user;     /* with the segments of ring 3 */
	bool ended;
	uint32_t checksum;
	const char *failed;
};

static bool fill(void *ctx, laddr_t page, enum access access, struct engine_fill *answer)
{
	struct bare *bare = ctx;
	paddr_t frame;

	(void)access;
	if (!x86_look_translate(bare->x86, page, &frame))
		return false;
	*answer = (struct engine_fill){frame & ~PAGE_MASK, true, true, true};
	return true;
}

/* The kernel's stack is mapped where it is: its words are in memory at their linear addresses. */
static uint32_t *stack_word(struct bare *bare, uint32_t esp)
{
	return (uint32_t *)(void *)(bare->x86->ram + esp);
}

static void interrupt(void *ctx, uint32_t vector)
{
	struct bare *bare = ctx;
	struct engine_cpu cpu = bare->user;

	engine_store(bare->engine, &cpu);
	if (vector != VECTOR_CALL) {
		bare->failed = "an exception";
		engine_stop(bare->engine);
		return;
	}
	uint32_t frame[5] = {cpu.eip, cpu.seg[CS].selector, cpu.eflags, cpu.reg[ESP], cpu.seg[SS].selector};

	cpu.reg[ESP] = bare->stack - sizeof frame;
	memcpy(stack_word(bare, cpu.reg[ESP]), frame, sizeof frame);
	cpu.seg[CS] = bare->code0;
	cpu.seg[SS] = bare->data0;
	cpu.cpl = 0;
	cpu.eip = bare->handler;
	engine_load(bare->engine, &cpu);
}

static void return_to_user(struct bare *bare)
{
	struct engine_cpu cpu = bare->user;
	uint32_t frame[5];

	engine_store(bare->engine, &cpu);
	memcpy(frame, stack_word(bare, cpu.reg[ESP]), sizeof frame);
	cpu.eip = frame[0];
	cpu.eflags = frame[2];
	cpu.reg[ESP] = frame[3];
	engine_load(bare->engine, &cpu);
	engine_jump(bare->engine, cpu.eip);
}

static void mark(void *unused, uint64_t address, uint32_t size, void *ctx)
{
	struct bare *bare = ctx;
	struct engine_cpu cpu = bare->user;

	(void)unused;
	(void)size;
	if (address == bare->iret) {
		return_to_user(bare);
		return;
	}
	engine_store(bare->engine, &cpu);
	bare->checksum = cpu.reg[EAX];
	bare->ended = true;
	engine_stop(bare->engine);
}

/* --- setting up --- */

static struct engine_segment segment(const struct x86_segment_cache *from)
{
	return (struct engine_segment){from->selector, from->base, from->limit, from->rights};
}

static enum muk_err look_up(struct bare *bare, const struct image *image, struct muk_error *error)
{
	const struct image_symbol *iret = image_symbol_named(image, "speed_call_return");
	const struct image_symbol *end = image_symbol_named(image, "speed_end");
	const struct x86_cpu *cpu = &bare->x86->cpu;
	uint32_t gate[2] = {0}, tss[2] = {0};

	x86_look_read(bare->x86, cpu->idtr.base + 8 * VECTOR_CALL, gate, sizeof gate);
	x86_look_read(bare->x86, cpu->tr.base + TSS_ESP0, tss, sizeof tss);
	if (!iret || !end || cpu->cpl != 3)
		return error_set(error, MUK_ERR_DEFECT, "the program \"speed\" is not as bench knows it");
	bare->iret = iret->address;
	bare->end = end->address;
	bare->handler = (gate[0] & 0xffff) | (gate[1] & 0xffff0000);
	bare->stack = tss[0];
	bare->code0 = (struct engine_segment){(uint16_t)(gate[0] >> 16), 0, UINT32_MAX, DESCRIPTOR_CODE};
	bare->data0 = (struct engine_segment){(uint16_t)tss[1], 0, UINT32_MAX, DESCRIPTOR_DATA};
	return MUK_OK;
}

/* The processor's state at the work's beginning becomes the engine's. */
static void load(struct bare *bare)
{
	const struct x86_cpu *from = &bare->x86->cpu;
	struct engine_cpu *cpu = &bare->user;

	*cpu = (struct engine_cpu){.eip = from->eip, .eflags = from->eflags, .cpl = from->cpl};
	memcpy(cpu->reg, from->reg, sizeof cpu->reg);
	for (unsigned n = 0; n < SEGMENTS; n++)
		if (from->seg[n].usable)
			cpu->seg[n] = segment(&from->seg[n]);
	engine_load(bare->engine, cpu);
}

static enum muk_err open(struct bare *bare, const struct image *image, struct muk_error *error)
{
	const struct engine_hooks hooks = {.ctx = bare, .fill = fill, .interrupt = interrupt, .mark = mark};
	enum muk_err err = look_up(bare, image, error);

	if (!err)
		err = engine_open(&bare->engine, bare->x86->ram, bare->x86->ram_size, &hooks, error);
	if (err)
		return err;
	if (!engine_mark(bare->engine, bare->iret, bare->iret & ~PAGE_MASK) ||
	    !engine_mark(bare->engine, bare->end, bare->end & ~PAGE_MASK))
		return error_set(error, MUK_ERR_NOMEM, "out of memory");
	load(bare);
	return MUK_OK;
}

/* Simulates up to where user code is at work. */
static bool reach_work(struct machine *machine)
{
	for (unsigned n = 1; n < SLICES_MOST; n++) {
		if (machine_run(machine, (cycle_t)n * SLICE) != MACHINE_RUNNING)
			return false;
		for (unsigned span = 0; span < machine->spans; span++)
			if (machine->open[span].open && ((const struct x86 *)(const void *)machine->processor)->cpu.cpl == 3)
				return true;
	}
	return false;
}

static enum muk_err run(struct bare *bare, struct measure *measure, struct muk_error *error)
{
	double begin = host_seconds();
	enum engine_stop stop = engine_run(bare->engine, bare->x86->cpu.eip);

	measure->seconds = host_seconds() - begin;
	measure->checksum = (int32_t)bare->checksum;
	if (bare->ended)
		return MUK_OK;
	return error_set(error, MUK_ERR_DEFECT, "the bare engine did not end its work: %s",
	                 bare->failed ? bare->failed : stop == ENGINE_REFUSED ? "a page is not there" : "it stopped");
}

enum muk_err bare_x86_run(const struct image *image, const struct model *model, const struct workload *workload,
                           uint64_t instructions, struct measure *measure, struct muk_error *error)
{
	struct machine *machine;
	struct bare bare = {0};
	enum muk_err err = workload_machine(&machine, image, model, workload, NULL, error);

	if (err)
		return err;
	bare.x86 = (struct x86 *)(void *)machine->processor;
	if (!reach_work(machine))
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
