/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The runner's life: made with its engine, given another engine, destroyed; and
 * its errands, what no hook may do and so is done when the engine has come back.
 *
 *   ask_errand, in a hook --> the next block stops the engine --> do_errands, by the run loop
 */
#include <stdlib.h>
#include <string.h>
#include "sim/arch/x86/runner.h"
#include "sim/core/error.h"

/* --- errands --- */

/* The engine is nearly full. */
static void engine_full(void *ctx)
{
	struct x86_runner *r = ((struct x86 *)ctx)->runner;

	ask_errand(r, &r->reopen);
}

static enum muk_err open_engine(struct x86 *x86, struct muk_error *error)
{
	struct engine_hooks hooks = { x86, gear_fill, block_hook, interrupt_hook, mark_hook, NULL, x86->runner, engine_full };

	if (x86->model->branch_prediction)
		hooks.block = block_hook_predicting;
	if (gear_wants_memory(x86))
		hooks.memory = gear_memory;
	return engine_open(&x86->runner->engine, x86->ram, x86->ram_size, &hooks, error);
}

void engine_afresh(struct x86 *x86)
{
	struct x86_runner *r = x86->runner;

	code_forget_all(x86);
	for (uint32_t n = 0; n < r->frames + VOID_FRAMES; n++)
		r->frame[n].translated = 0;
	r->late_writes = 0;
	r->filled = true;
	gear_flush(x86);
	engine_close(r->engine);
	r->engine = NULL;
	muk_assert(open_engine(x86, NULL) == MUK_OK); /* it did before */
}

void do_errands(struct x86 *x86)
{
	struct x86_runner *r = x86->runner;

	if (!r->errand)
		return;
	if (r->unmarked)
		block_set_marks(x86, r->unmarked);
	r->unmarked = NULL;
	if (r->change_gear)
		r->gear = ENGINE_EVERY_ACCESS;
	if (r->change_gear || r->reopen)
		engine_afresh(x86);
	if (r->forget_all_code)
		code_forget_all(x86);
	r->errand = r->change_gear = r->reopen = r->forget_all_code = false;
}

/* --- for others --- */

void x86_ask_stop(struct x86 *x86)
{
	x86->runner->asked = true;
	x86->runner->limit = 0;
}

void x86_unsupported(struct x86 *x86, const char *what)
{
	if (!x86->runner)
		return;
	x86->runner->unsupported = what;
	x86->runner->limit = 0;
}

static enum muk_err make_runner(struct x86 *x86, struct muk_error *error)
{
	struct x86_runner *r = calloc(1, sizeof *r);

	x86->runner = r;
	if (!r)
		return error_set(error, MUK_ERR_NOMEM, "no memory for a processor");
	r->x86 = x86;
	r->ledger = x86->ledger;
	r->frames = x86->ram_size >> PAGE_SHIFT;
	r->frame = calloc(r->frames + VOID_FRAMES, sizeof *r->frame);
	r->code_page = NO_PAGE;
	forget_recent(r);
	r->loaded_cpl = 4; /* none: to be settled */
	if (!r->frame || !gear_init(x86))
		return error_set(error, MUK_ERR_NOMEM, "no memory for a processor");
	if (x86->model->branch_prediction)
		branch_init(&r->branches, x86->model->btb_entries, x86->model->btb_ways);
	gear_listen(x86);
	return open_engine(x86, error);
}

enum muk_err x86_runner_create(struct x86 *x86, struct muk_error *error)
{
	const char *unfit = gear_error(x86->model);

	if (unfit)
		return error_set(error, MUK_ERR_INPUT, "%s", unfit);
	enum muk_err err = make_runner(x86, error);
	if (err != MUK_OK)
		x86_runner_destroy(x86);
	return err;
}

void x86_runner_destroy(struct x86 *x86)
{
	struct x86_runner *r = x86->runner;

	if (!r)
		return;
	if (r->frame)
		code_forget_all(x86);
	engine_close(r->engine);
	free(r->frame);
	free(r->held);
	free(r);
	x86->runner = NULL;
	x86->engine = (struct x86_engine_listener){ 0 };
}
