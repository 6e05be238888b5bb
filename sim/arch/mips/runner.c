/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The runner's life: made with its engine, given another engine, destroyed; and its errands, what no hook may do and so
 * is done when the engine has come back.
 *
 *   mips_ask_errand, in a hook --> the next block stops the engine --> mips_do_errands, by the run loop
 */
#include <stdlib.h>
#include <string.h>
#include "sim/arch/mips/runner.h"
#include "sim/core/error.h"

/* The engine is nearly full. */
static void engine_full(void *ctx)
{
	struct mips_runner *r = ((struct mips *)ctx)->runner;

	mips_ask_errand(r, &r->reopen);
}

static enum muk_err open_engine(struct mips *mips, struct muk_error *error)
{
	struct engine_hooks hooks = { mips, mips_gear_fill, mips_block_hook, mips_interrupt_hook, mips_mark_hook, NULL,
		                      mips->runner, engine_full };

	if (mips_gear_wants_memory(mips))
		hooks.memory = mips_gear_memory;
	return engine_open_mips(&mips->runner->engine, mips->ram, mips->ram_size, &hooks, error);
}

void mips_engine_afresh(struct mips *mips)
{
	struct mips_runner *r = mips->runner;

	mips_code_forget_all(mips);
	for (uint32_t n = 0; n < r->frames; n++) {
		r->frame[n].translated = 0;
		r->frame[n].safety = FRAME_UNKNOWN;
	}
	r->filled = true;
	mips_gear_flush(mips);
	engine_close(r->engine);
	r->engine = NULL;
	muk_assert(open_engine(mips, NULL) == MUK_OK); /* it did before */
}

void mips_do_errands(struct mips *mips)
{
	struct mips_runner *r = mips->runner;

	if (!r->errand)
		return;
	if (r->unmarked && !r->unmarked->retired)
		mips_block_set_marks(mips, r->unmarked);
	r->unmarked = NULL;
	if (r->change_gear)
		r->gear = ENGINE_EVERY_ACCESS;
	if (r->reopen)
		mips_engine_afresh(mips);
	if (r->forget_all_code)
		mips_code_forget_all(mips);
	r->errand = r->reopen = r->change_gear = r->forget_all_code = false;
}

void mips_ask_stop(struct mips *mips)
{
	mips->runner->asked = true;
	mips->runner->limit = 0;
}

void mips_runner_reset(struct mips *mips)
{
	struct mips_runner *r = mips->runner;

	mips_no_current(r);
	r->early = r->passed = r->rewritten = false;
	mips_engine_afresh(mips);
}

static enum muk_err make_runner(struct mips *mips, struct muk_error *error)
{
	struct mips_runner *r = calloc(1, sizeof *r);

	mips->runner = r;
	if (!r)
		return error_set(error, MUK_ERR_NOMEM, "no memory for a processor");
	r->mips = mips;
	r->ledger = mips->ledger;
	r->frames = mips->ram_size >> PAGE_SHIFT;
	r->retire = mips->model->cost[MIPS_COST_WRITE_RETIRE];
	r->retire_most = (mips->model->cost[MIPS_COST_WRITE_DEPTH] - 1) * r->retire;
	r->frame = calloc(r->frames, sizeof *r->frame);
	r->code_page = NO_PAGE;
	mips_forget_recent(r);
	mips_no_current(r);
	if (!r->frame || !mips_gear_init(mips))
		return error_set(error, MUK_ERR_NOMEM, "no memory for a processor");
	mips_gear_listen(mips);
	return open_engine(mips, error);
}

enum muk_err mips_runner_create(struct mips *mips, struct muk_error *error)
{
	const char *unfit = mips_gear_error(mips->model);

	if (unfit)
		return error_set(error, MUK_ERR_INPUT, "%s", unfit);
	enum muk_err err = make_runner(mips, error);
	if (err != MUK_OK)
		mips_runner_destroy(mips);
	return err;
}

void mips_runner_destroy(struct mips *mips)
{
	struct mips_runner *r = mips->runner;

	if (!r)
		return;
	if (r->frame)
		mips_code_forget_all(mips);
	engine_close(r->engine);
	free(r->frame);
	free(r->held);
	free(r->set);
	free(r);
	mips->runner = NULL;
	mips->engine = (struct mips_engine_listener){ 0 };
}
