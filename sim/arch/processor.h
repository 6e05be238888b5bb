/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A processor, as a machine sees it: whichever architecture it has.
 *
 * Each architecture's folder has one class, and a structure whose first member points to it.  Nothing above this file
 * asks which architecture it is.
 *
 *   class->create --> processor --class->reset--> ready --class->run--> ... --class->destroy-->
 */
#pragma once
#include "mukroscope/error.h"
#include "sim/core/journal.h"
#include "sim/core/ledger.h"
#include "sim/core/stream.h"
#include "sim/model/model.h"

/* The board, as the processor sees it.  All calls are made at the ledger's now. */
struct processor_bus {
	void *ctx;
	uint32_t (*in)(void *ctx, uint16_t port, unsigned size);               /* size 1, 2, 4 */
	void (*out)(void *ctx, uint16_t port, unsigned size, uint32_t value);
	/* A physical address that is not memory (architectures without ports); false: nothing answers, a bus error. */
	bool (*load)(void *ctx, paddr_t address, unsigned size, uint32_t *value);
	bool (*store)(void *ctx, paddr_t address, unsigned size, uint32_t value);
	bool (*interrupt_pending)(void *ctx);  /* the 8259's INT line */
	int (*acknowledge)(void *ctx);         /* INTA: the vector */
	cycle_t (*next_event)(void *ctx);      /* CYCLE_NEVER: nothing will ever happen */
	void (*run_events)(void *ctx);         /* fires what is due at now */
};

/* What of memory an image says: filled by the machine, asked when code is decoded. */
struct processor_code_map {
	void *ctx;
	/* Code of this frame is about to be decoded: what follows asks about it. */
	void (*page)(void *ctx, uint32_t frame);
	/* The function (symbol index + 1; 0 none) that covers a physical address. */
	uint32_t (*function)(void *ctx, paddr_t address);
	/* The number of the probe at a physical address, -1 for none.  A probe's no-op costs nothing. */
	int (*probe)(void *ctx, paddr_t address);
	/* The guest is at a probe: registers are current.  Reads arguments quietly, appends the event. */
	void (*fire)(void *ctx, int probe);
};

/* What a processor is made of.  All pointers outlive it. */
struct processor_config {
	const struct model *model;
	struct ledger *ledger;
	struct journal *journal;
	uint8_t *ram;              /* page-aligned */
	uint32_t ram_size;         /* a multiple of 4 KiB */
	struct processor_bus bus;
	struct processor_code_map code_map;
};

/* How the boot loader leaves the registers: x86: EAX, EBX; MIPS: a0 to a3. */
struct processor_boot {
	vaddr_t entry;
	uint32_t argument[4];
};

/* Why a run came back. X(name, "text") */
#define PROCESSOR_STOPS(X)                                                                                        \
	X(LIMIT, "limit")          /* now reached until */                                                    \
	X(HALTED, "halted")        /* waits for an interrupt that cannot come */                              \
	X(TRIPLE_FAULT, "triple fault") /* x86: it gave up */                                                 \
	X(SHUTDOWN, "shutdown")    /* MIPS: two entries of the TLB matched, or a refill is without end: which */ \
	X(UNSUPPORTED, "unsupported") /* what no model here has: the sentence says which */                   \
	X(ASKED, "asked")          /* ask_stop */
enum processor_stop {
#define X(name, text) PROCESSOR_STOP_##name,
	PROCESSOR_STOPS(X)
#undef X
	PROCESSOR_STOP_COUNT
};

enum { PROCESSOR_COUNTERS_MOST = 24 };

struct processor; /* begins with a pointer to its class */

struct processor_class {
	const char *name;                      /* "x86", "mips": as a model's arch: */
	/* Names of the counters that metrics can name, in order; all are deterministic. */
	const char *const *counter;
	unsigned counters;                     /* at most PROCESSOR_COUNTERS_MOST */

	/* Makes TLBs, caches and the engine.  MUK_ERR_ENGINE: the engine failed its self-test; MUK_ERR_NOMEM. */
	enum muk_err (*create)(struct processor **processor, const struct processor_config *config, struct muk_error *error);
	void (*destroy)(struct processor *processor);
	/* Power on, as the boot loader leaves it. */
	void (*reset)(struct processor *processor, const struct processor_boot *boot);
	/* Runs until the clock reaches `until` (at the next block's start), or something ends it. *what: a sentence, or "". */
	enum processor_stop (*run)(struct processor *processor, cycle_t until, const char **what);
	/* Stops at the next block's start (from a probe, say). */
	void (*ask_stop)(struct processor *processor);
	/* For snapshots.  After loading, the engine starts afresh. */
	void (*state)(struct stream *stream, struct processor *processor);
	/* Host or device wrote memory (a loader): forget decoded code there. */
	void (*memory_written)(struct processor *processor, paddr_t address, uint32_t size);
	/* The counters' values, in the order of their names. */
	const uint64_t *(*counts)(const struct processor *processor);

	/* Quiet looks, for probes and messages.  register_value: by the number in a probe's argument (image.h). */
	uint32_t (*register_value)(const struct processor *processor, unsigned reg);
	/* The linear address of a data address whose base is a register (PROBE_NO_REGISTER: none; x86: SS or DS). */
	laddr_t (*data_address)(const struct processor *processor, vaddr_t address, unsigned base);
	laddr_t (*pc)(const struct processor *processor);
	bool (*look_translate)(const struct processor *processor, laddr_t address, paddr_t *out);
	unsigned (*look_read)(const struct processor *processor, laddr_t address, void *data, unsigned size);
	/* What beside the place says how it came to a guest's failure, as words: "cpl 0, cr2 0xc0000000". */
	void (*describe)(const struct processor *processor, char *text, size_t size);
};

static inline const struct processor_class *processor_class(const struct processor *processor)
{
	return *(const struct processor_class *const *)processor;
}

extern const struct processor_class x86_processor, mips_processor;
