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

/* What an architecture has of its own. */
struct engine_kind {
	uc_arch arch;
	uc_mode mode;
	int cpu;                   /* Unicorn's number of a processor model, -1: the usual one */
	/* Makes it ready; a sentence if it is not as known, else NULL. */
	const char *(*prepare)(struct engine *engine);
	const char *(*self_test)(void);
	/* The engine's own page of code. */
	void (*write_stub)(uint8_t *page);
	/* The stub's code has come to an interrupt. */
	void (*stub_ended)(struct engine *engine);
};
extern const struct engine_kind engine_x86, engine_mips;

struct engine {
	uc_engine *uc;
	const struct engine_kind *kind;
	struct engine_hooks hooks;
	/* x86 */
	uc_context *context;       /* a template: all that engine_load does not set is as at power-on */
	struct context_layout layout;
	laddr_t flush[ENGINE_FLUSHES]; /* pages to be forgotten at the next engine_load */
	unsigned flush_count;
	uint32_t stub_eip;
	struct engine_cpu after;   /* what was loaded comes after the stub */
	/* MIPS: what the engine's registers are known to be */
	struct engine_mips_cpu known;
	bool is_known;
	/* both */
	uc_hook *mark;
	laddr_t *marked;           /* where */
	unsigned marks, mark_room;
	uint8_t *own_pages;        /* three, page-aligned: the stub, and memory that is not there */
	bool flushing;             /* the stub runs */
	bool refused;
	bool invalid;
	bool forced;               /* engine_forget_code: the fill answers forced_frame */
	paddr_t forced_frame;
	uint64_t translated;       /* at most so many bytes of its buffer are used */
};

/* Opens without a self-test. */
enum muk_err engine_open_untested(struct engine **engine, const struct engine_kind *kind, uint8_t *ram, uint32_t size,
                                  const struct engine_hooks *hooks, struct muk_error *error);
/* They try what everything stands on, some milliseconds. A sentence that says what failed, else NULL. */
const char *engine_x86_self_test(void);
const char *engine_mips_self_test(void);
/* x86: what the context says of the exception before: must be -1 when a run begins. */
int32_t engine_old_exception(struct engine *engine);
