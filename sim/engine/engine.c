/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opening, hooks, marks, running.  What is odd here is Unicorn's, and measured:
 * a real `until` or `count` costs microseconds and spoils blocks, so exits are
 * enabled and left empty; hooks that come after the first run are not in blocks
 * translated before; the default buffer for code makes a flush take seconds;
 * and when the buffer runs over, pages are left with lists of blocks that are
 * no more.  So it never does: what is translated is counted, at its most.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sim/engine/private.h"

enum { CODE_BUFFER = 64 << 20, CODE_MOST = 63 << 20, BLOCK_MOST = 96 << 10, INSTRUCTION_MOST = 1 << 10 };
enum { FITTING_MAJOR = 2, FITTING_MINOR = 1, FITTING_PATCH = 1 };

const char *engine_version(void)
{
	static char text[48];
	unsigned version = uc_version(NULL, NULL);
	snprintf(text, sizeof text, "Unicorn %u.%u.%u", version >> 24, version >> 16 & 0xff, version >> 8 & 0xff);
	return text;
}

/* --- what Unicorn calls --- */

static bool on_fill(uc_engine *uc, uint64_t address, uc_mem_type type, uc_tlb_entry *result, void *ctx)
{
	struct engine *engine = ctx;
	struct engine_fill fill = { 0 };
	enum access access = type == UC_MEM_WRITE ? ACCESS_WRITE : type == UC_MEM_FETCH ? ACCESS_FETCH : ACCESS_READ;
	(void)uc;
	if (engine->forced) {
		result->paddr = engine->forced_frame;
		result->perms = UC_PROT_EXEC;
		return true;
	}
	if (engine->flushing) {
		result->paddr = ENGINE_STUB;
		result->perms = UC_PROT_EXEC;
		return PAGE_OF(address) == PAGE_OF(ENGINE_STUB);
	}
	if (!engine->hooks.fill(engine->hooks.ctx, (laddr_t)address & ~PAGE_MASK, access, &fill)) {
		engine->refused = true;
		return false;
	}
	result->paddr = fill.frame;
	result->perms = (uc_prot)((fill.read ? UC_PROT_READ : 0) | (fill.write ? UC_PROT_WRITE : 0) |
	                          (fill.fetch ? UC_PROT_EXEC : 0));
	return true;
}

static void on_interrupt(uc_engine *uc, uint32_t vector, void *ctx)
{
	struct engine *engine = ctx;
	(void)uc;
	if (engine->invalid) /* said already: an instruction that the engine does not know is an interrupt besides */
		return;
	if (engine->flushing) {
		engine->kind->stub_ended(engine);
		return;
	}
	engine->hooks.interrupt(engine->hooks.ctx, vector);
}

static bool on_invalid(uc_engine *uc, void *ctx)
{
	struct engine *engine = ctx;
	engine->invalid = true;
	uc_emu_stop(uc);
	return true;
}

/* A block was translated: of host code it is as much as an instruction may need, or as the engine puts in a block. */
static void on_translated(uc_engine *uc, uc_tb *block, uc_tb *before, void *ctx)
{
	struct engine *engine = ctx;
	uint32_t most = (block->icount + 1u) * INSTRUCTION_MOST;
	(void)uc;
	(void)before;
	engine->translated += most < BLOCK_MOST ? most : BLOCK_MOST;
	if (engine->translated > CODE_MOST && engine->hooks.full)
		engine->hooks.full(engine->hooks.ctx);
}

/* --- opening --- */

static const char *add_hooks(struct engine *engine)
{
	uc_hook hook;
	const struct engine_hooks *hooks = &engine->hooks;
	uc_engine *uc = engine->uc;
	/* begin 1, end 0: everywhere */
	if (uc_hook_add(uc, &hook, UC_HOOK_TLB_FILL, (void *)on_fill, engine, 1, 0) != UC_ERR_OK ||
	    uc_hook_add(uc, &hook, UC_HOOK_INTR, (void *)on_interrupt, engine, 1, 0) != UC_ERR_OK ||
	    uc_hook_add(uc, &hook, UC_HOOK_INSN_INVALID, (void *)on_invalid, engine, 1, 0) != UC_ERR_OK ||
	    uc_hook_add(uc, &hook, UC_HOOK_EDGE_GENERATED, (void *)on_translated, engine, 1, 0) != UC_ERR_OK)
		return "it refuses a hook";
	if (hooks->block &&
	    uc_hook_add(uc, &hook, UC_HOOK_BLOCK, (void *)hooks->block, hooks->block_ctx, 1, 0) != UC_ERR_OK)
		return "it refuses a hook on blocks";
	if (hooks->memory && uc_hook_add(uc, &hook, UC_HOOK_MEM_READ | UC_HOOK_MEM_WRITE, (void *)hooks->memory,
	                                 hooks->ctx, 1, 0) != UC_ERR_OK)
		return "it refuses a hook on memory";
	return NULL;
}

static const char *map_memory(struct engine *engine, uint8_t *ram, uint32_t size)
{
	engine->own_pages = aligned_alloc(PAGE_SIZE, 3 * PAGE_SIZE);
	if (!engine->own_pages)
		return "out of memory";
	memset(engine->own_pages, 0xff, 3 * PAGE_SIZE);
	engine->kind->write_stub(engine->own_pages);
	if (uc_mem_map_ptr(engine->uc, 0, size, UC_PROT_ALL, ram) != UC_ERR_OK ||
	    uc_mem_map_ptr(engine->uc, ENGINE_STUB, 3 * PAGE_SIZE, UC_PROT_ALL, engine->own_pages) != UC_ERR_OK)
		return "it refuses memory";
	return NULL;
}

static const char *set_up(struct engine *engine, uint8_t *ram, uint32_t size)
{
	const struct engine_kind *kind = engine->kind;
	if (uc_open(kind->arch, kind->mode, &engine->uc) != UC_ERR_OK)
		return "it does not open";
	if (kind->cpu >= 0 && uc_ctl_set_cpu_model(engine->uc, kind->cpu) != UC_ERR_OK)
		return "it does not have the processor";
	if (uc_ctl_set_tcg_buffer_size(engine->uc, CODE_BUFFER) != UC_ERR_OK)
		return "it does not take a size for its buffer of code";
	const char *failed = map_memory(engine, ram, size);
	if (failed)
		return failed;
	if (uc_ctl_tlb_mode(engine->uc, UC_TLB_VIRTUAL) != UC_ERR_OK)
		return "it has no virtual-TLB mode";
	if (uc_ctl_exits_enable(engine->uc) != UC_ERR_OK)
		return "it has no exits";
	failed = add_hooks(engine);
	return failed ? failed : kind->prepare(engine);
}

enum muk_err engine_open_untested(struct engine **out, const struct engine_kind *kind, uint8_t *ram, uint32_t size,
                                  const struct engine_hooks *hooks, struct muk_error *error)
{
	struct engine *engine = calloc(1, sizeof *engine);
	if (!engine)
		return error_set(error, MUK_ERR_NOMEM, "no memory for an engine");
	engine->kind = kind;
	engine->hooks = *hooks;
	const char *failed = set_up(engine, ram, size);
	if (failed) {
		engine_close(engine);
		return error_set(error, MUK_ERR_ENGINE, "the engine %s is unfit: %s", engine_version(), failed);
	}
	*out = engine;
	return MUK_OK;
}

static pthread_once_t x86_tested = PTHREAD_ONCE_INIT, mips_tested = PTHREAD_ONCE_INIT;
static const char *x86_failed, *mips_failed;

static const char *test(const struct engine_kind *kind)
{
	unsigned version = uc_version(NULL, NULL) >> 8;
	if (version != (FITTING_MAJOR << 16 | FITTING_MINOR << 8 | FITTING_PATCH))
		return "only version 2.1.1 is known to translate addresses and to stop precisely";
	return kind->self_test();
}

static void test_x86(void) { x86_failed = test(&engine_x86); }

static void test_mips(void) { mips_failed = test(&engine_mips); }

static enum muk_err unfit(struct muk_error *error, const char *failed)
{
	return error_set(error, MUK_ERR_ENGINE, "the engine %s is unfit: %s", engine_version(), failed);
}

enum muk_err engine_open(struct engine **engine, uint8_t *ram, uint32_t size, const struct engine_hooks *hooks,
                         struct muk_error *error)
{
	pthread_once(&x86_tested, test_x86);
	return x86_failed ? unfit(error, x86_failed) : engine_open_untested(engine, &engine_x86, ram, size, hooks, error);
}

enum muk_err engine_open_mips(struct engine **engine, uint8_t *ram, uint32_t size, const struct engine_hooks *hooks,
                              struct muk_error *error)
{
	pthread_once(&mips_tested, test_mips);
	return mips_failed ? unfit(error, mips_failed) :
	                     engine_open_untested(engine, &engine_mips, ram, size, hooks, error);
}

void engine_close(struct engine *engine)
{
	if (!engine)
		return;
	if (engine->context)
		uc_context_free(engine->context);
	if (engine->uc)
		uc_close(engine->uc);
	free(engine->own_pages);
	free(engine->mark);
	free(engine->marked);
	free(engine);
}

/* --- running --- */

enum engine_stop engine_run(struct engine *engine, uint32_t eip)
{
	engine->refused = engine->invalid = false;
	uc_err result = uc_emu_start(engine->uc, engine->flushing ? engine->stub_eip : eip, 0, 0, 0);
	if (engine->invalid || result == UC_ERR_INSN_INVALID)
		return ENGINE_INVALID;
	if (engine->refused)
		return ENGINE_REFUSED;
	muk_assert(result == UC_ERR_OK);
	return ENGINE_STOPPED;
}

void engine_stop(struct engine *engine) { uc_emu_stop(engine->uc); }

void engine_flush(struct engine *engine)
{
	engine->flush_count = 0;
	uc_ctl_flush_tlb(engine->uc);
}

/* --- code --- */

/* A linear page for engine_forget_code: any will do, its translation is flushed before and after. */
#define SCRATCH_PAGE 0x7ffff000u

void engine_forget_code(struct engine *engine, paddr_t frame, uint32_t first, uint32_t last)
{
	engine_flush(engine);
	engine->forced = true;
	engine->forced_frame = frame;
	uc_ctl_remove_cache(engine->uc, (uint64_t)SCRATCH_PAGE + first, (uint64_t)SCRATCH_PAGE + last + 1);
	engine->forced = false;
	engine_flush(engine);
}

static bool more_marks(struct engine *engine)
{
	unsigned room = engine->mark_room ? 2 * engine->mark_room : 64;
	uc_hook *mark = realloc(engine->mark, room * sizeof *mark);
	if (mark)
		engine->mark = mark;
	laddr_t *marked = realloc(engine->marked, room * sizeof *marked);
	if (marked)
		engine->marked = marked;
	if (!mark || !marked)
		return false;
	engine->mark_room = room;
	return true;
}

static bool is_marked(const struct engine *engine, laddr_t address)
{
	for (unsigned n = 0; n < engine->marks; n++)
		if (engine->marked[n] == address)
			return true;
	return false;
}

static bool add_mark(struct engine *engine, laddr_t address)
{
	if (engine->marks == engine->mark_room && !more_marks(engine))
		return false;
	if (uc_hook_add(engine->uc, &engine->mark[engine->marks], UC_HOOK_CODE, (void *)engine->hooks.mark,
	                engine->hooks.ctx, address, address) != UC_ERR_OK)
		return false;
	engine->marked[engine->marks++] = address;
	return true;
}

bool engine_mark(struct engine *engine, laddr_t address, paddr_t frame)
{
	if (!is_marked(engine, address) && !add_mark(engine, address))
		return false;
	engine_forget_code(engine, frame & ~PAGE_MASK, address & PAGE_MASK, address & PAGE_MASK);
	return true;
}

unsigned engine_marks(const struct engine *engine) { return engine->marks; }

void engine_unmark_all(struct engine *engine)
{
	for (unsigned n = 0; n < engine->marks; n++)
		uc_hook_del(engine->uc, engine->mark[n]);
	engine->marks = 0;
}
