/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the engine share. */
#pragma once
#include <unicorn/unicorn.h>
#include "sim/core/error.h"
#include "sim/engine/engine.h"

/* Where things are in the engine's saved context: bytes from its beginning. */
struct context_layout {
	size_t regs;   /* sixteen 64-bit registers; EIP, EFLAGS, hflags and segments follow at known distances */
	size_t debug;  /* DR0; old_exception is at a known distance */
};

struct engine {
	uc_engine *uc;
	struct engine_hooks hooks;
	uc_context *context;       /* a template: all that engine_load does not set is as at power-on */
	struct context_layout layout;
	uc_hook *mark;
	laddr_t *marked;           /* where */
	unsigned marks, mark_room;
	uint8_t *own_pages;        /* three, page-aligned: the stub, and memory that is not there */
	laddr_t flush[ENGINE_FLUSHES]; /* pages to be forgotten at the next engine_load */
	unsigned flush_count;
	uint32_t stub_eip;
	bool flushing;             /* the stub runs; what was loaded comes after it */
	struct engine_cpu after;
	bool refused;
	bool invalid;
	bool forced;               /* engine_forget_code: the fill answers forced_frame */
	paddr_t forced_frame;
	uint64_t translated;       /* at most so many bytes of its buffer are used */
};

/* Opens without a self-test. */
enum muk_err engine_open_untested(struct engine **engine, uint8_t *ram, uint32_t size,
                                  const struct engine_hooks *hooks, struct muk_error *error);
/* Finds the layout of the context, and makes the template. A sentence if it is not as known, else NULL. */
const char *engine_calibrate(struct engine *engine);
/* Tries what everything stands on, some milliseconds. A sentence that says what failed, else NULL. */
const char *engine_self_test(void);
/* Loads the state that was kept while the stub ran. */
void engine_load_after_flush(struct engine *engine);
/* The stub's code, into its page. */
void engine_write_stub(uint8_t *page);
/* What the context says of the exception before: must be -1 when a run begins. */
int32_t engine_old_exception(struct engine *engine);
