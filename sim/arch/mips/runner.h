/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files that drive the engine share: run.c, runner.c, block.c, pace.c, code.c, compose.c, gear.c, guard.c,
 * step.c.
 *
 * Who has the processor's state:
 *
 *              mips_enter_engine (run.c)
 *   SIMULATOR --------------------------> ENGINE
 *      ^  struct mips_cpu is all            |  general registers, HI, LO and PC are the engine's;
 *      |                                    |  of the rest struct mips_cpu is still right
 *      '------------------------------------'
 *              mips_leave_engine (run.c), in a hook or after engine_run
 *
 * A block, as the books know it, is what timing.h says, and depends on code and on where control enters it alone.  The
 * engine's blocks may be shorter (its rest then comes as another: `rest`) or longer (a mark at the book's end stops
 * it).
 *
 * What the engine does not execute rightly, or at all, begins at the block's instruction `stop`: from there on the
 * simulator goes through the block (step.c).  The engine is stopped there by its own exception, or by a mark.
 *
 * Invariants
 *   1. a block is charged when it has ended, whole; a fault in its midst charges what was done.  While a block runs,
 *      now is when it began (but for a probe, which is told the exact time).
 *   2. `current` is the block that runs, charged up to its instruction `done`; the empty block when none runs.
 *   3. the engine holds no translation that the model's TLB does not hold, and none whose use would change the model;
 *      no page of a device, no uncached page, and none at all for data while caches are isolated.
 *   4. no fill changes anything of the model.
 */
#pragma once
#include "sim/arch/mips/perform.h"
#include "sim/engine/engine.h"

#define NO_PAGE UINT32_MAX
#define likely(condition) __builtin_expect(!!(condition), 1)
#define unlikely(condition) __builtin_expect(!!(condition), 0)

/* What a block's time depends on besides its code: it is not charged by adding two numbers. */
enum {
	CARE_STORES = 1 << 0,    /* the write buffer */
	CARE_HILO = 1 << 1,      /* HI and LO may not be ready */
	CARE_LOADS = 1 << 2,     /* it ends before a register is ready that it loads */
	CARE_LIKELY = 1 << 3,    /* its slot may be nullified */
	CARE_CACHES = 1 << 4,    /* caches are modelled */
};

/* What stops the engine before a block's instruction `stop`. */
enum stop_by { STOP_NOTHING /* all is the engine's */, STOP_EXCEPTION /* of the engine's own */, STOP_MARK };

/* What of an instruction is known, if the engine reports an exception without saying where: see compose.c. */
enum progress {
	PROGRESS_NONE,
	PROGRESS_MARK,           /* a mark tells when the engine comes here */
	PROGRESS_SAFE,           /* it was not this one */
};

struct block_probe {
	uint16_t at;             /* the instruction's index */
	int probe;
};

/* A load whose register is not ready when the block ends, if nothing else delays it. */
struct late_load {
	uint16_t at;             /* the instruction's index */
	uint8_t reg;
	uint32_t ready;          /* cycles from the block's begin */
};

struct block {
	/* hot */
	uint32_t cycles, taken;  /* of mips_block_cost; a jump's taken is in cycles */
	uint16_t count;          /* instructions, probes' no-ops not counted */
	uint16_t bytes;
	uint16_t slack;          /* the engine's block may be longer by so many bytes */
	uint8_t care;            /* CARE_... */
	bool attention;          /* not for the short path: not the engine's, or its marks are to be set */
	laddr_t start, next;     /* next: where it falls through */
	uint32_t function;
	uint32_t writes;         /* registers that it may write, bit n of register n; bit 0: HI and LO */
	/* cold */
	paddr_t physical;        /* of start */
	uint32_t base, slot_taken; /* mips_block_cost as it is */
	uint32_t early;          /* registers that it uses before all that was loaded before it can be ready */
	uint32_t hilo;           /* HI and LO ready, cycles from its begin; 0: not written */
	bool hilo_in_slot;       /* by its slot */
	uint32_t hilo_used;      /* their first use, cycles from its begin */
	bool hilo_used_in_slot;
	bool store_in_slot;      /* its last store is in the slot */
	bool even;               /* what in it waits for the past only shifts the rest */
	uint16_t instructions;   /* no-ops of probes included */
	uint16_t stop;           /* the first that is not the engine's; instructions: none */
	uint8_t stop_by;         /* enum stop_by */
	bool marked;             /* its marks are set, or it needs none */
	bool branches;           /* its last but one is a branch or jump */
	bool jumps;              /* and always taken */
	bool far_slot;           /* whose slot is in the next page */
	bool idle;               /* goes to itself and does nothing (timing.h: nothing changes but the clock) */
	bool brief;              /* entering the engine for it does not pay */
	bool retired;
	uint16_t probes, stores, lates;
	struct mips_instruction *insn;
	uint32_t *prefix;        /* cycles before each; one more than instructions */
	uint8_t *progress;       /* enum progress */
	uint32_t *store;         /* of each store in order, when it begins: cycles from the block's begin */
	struct late_load *late;
	struct block_probe *probe;
	struct block *older;     /* in its page's list, or in that of those to free */
};

enum { PAGE_WORDS = PAGE_SIZE / 4 };

/* A page of code: a virtual page and the frame that it shows, with its blocks by word. */
struct code_page {
	uint32_t page, frame;
	bool cached;             /* as it was entered last */
	struct code_page *next_same_hash, *next_same_frame;
	struct block *blocks;    /* all of them */
	struct block *block[PAGE_WORDS];
};

/* Whether the engine may translate a frame's words: guard.c. */
enum frame_safety { FRAME_UNKNOWN, FRAME_SAFE, FRAME_UNSAFE };

/* What is known of a frame. */
struct code_frame {
	struct code_page *pages; /* that show it */
	uint64_t translated;     /* bit n: the engine may have code of bytes 64 n .. 64 n + 63 */
	uint32_t written;        /* the flush count at which the engine got it writable */
	uint32_t fetched;        /* and at which it got it for fetching: never both at one */
	uint32_t shown, shown_at; /* every-access: the virtual page that shows it, and the flush count of that */
	uint32_t quiet;          /* stores into it since its code was last entered */
	enum frame_safety safety;
};

/* What the engine holds of a virtual page: valid where ..._at is the current flush count. */
struct held_page {
	uint32_t data_at, code_at;
	uint32_t data_frame, code_frame;
	bool write, data_user, code_user;
};

/* Set-MRU: the entry of a set whose pages the engine holds, valid where at is the current flush count. */
struct held_set {
	uint32_t at, page;
};

enum { CODE_HASH = 1024, CODE_PAGES_MOST = 2048, MARKS_MOST = 400, RECENT_PAGES = 64, LOG_MOST = 8 * PAGE_WORDS };

/* A page of code that was entered: as long as it is here, its translation is in the TLB as it was then. */
struct recent_page {
	uint32_t page;           /* NO_PAGE: none */
	bool user;
	struct code_page *code;
};

/* An access of the running block, as the engine made it. */
struct logged_access {
	paddr_t address;
	uint8_t size;
	bool write;
};

struct mips_runner {
	/* hot: the block hook's */
	struct mips *mips;
	struct ledger *ledger;
	struct block **table;    /* of the code page */
	uint32_t code_page;      /* known to be translated, and touched; NO_PAGE: to be looked up */
	bool plain;              /* the current block is charged by adding */
	const struct block *current;
	cycle_t limit;           /* at this cycle a block's beginning is more than that */
	cycle_t unready_until;   /* some register is not ready before */
	uint32_t written;        /* registers that the engine may have written since it was entered */
	uint32_t retire, retire_most; /* T7: of an entry; of all but one */
	/* the current block */
	uint32_t done;           /* instructions of it that are charged already */
	uint32_t progress;       /* the engine has come to this one at least */
	bool rest;               /* the engine's block was shorter: goes on at rest_at */
	laddr_t rest_at;
	/* the engine */
	struct engine *engine;
	enum engine_mode gear;   /* ENGINE_SUBSET, ENGINE_SET_MRU, ENGINE_EVERY_ACCESS */
	bool in_engine;          /* who has the state */
	bool user;               /* the mode that the engine is in, or was in last */
	bool filled;             /* something since the last flush */
	uint32_t flushes;        /* of the engine, counted from 1: stamps what it holds */
	uint32_t vector;         /* what the interrupt hook reported */
	bool interrupted;
	bool passed;             /* at this block's beginning all was seen to: not again */
	bool rewritten;          /* passed: it is the rest of a block that has written over itself */
	bool early;              /* the block at early_at is not to be given to the engine */
	laddr_t early_at;
	/* why to stop */
	cycle_t until;
	bool asked;
	enum processor_stop stop;
	/* errands: what no hook may do */
	bool errand;
	bool reopen;             /* a fresh engine */
	bool change_gear;        /* to every-access, with a fresh engine */
	bool forget_all_code;    /* marks or pages are too many */
	struct block *unmarked;  /* its marks are to be set */
	/* the last refused fill */
	uint32_t refused_page;
	enum access refused_access;
	/* code.c */
	struct code_page *hash[CODE_HASH];
	struct code_page *code;  /* of code_page */
	struct recent_page recent[RECENT_PAGES];
	unsigned code_pages;
	struct block *retired;
	struct code_frame *frame;
	uint32_t frames;
	/* gear.c */
	struct held_page *held;  /* by virtual page */
	struct held_set *set;
	uint64_t paid, paid_since; /* what set-MRU cost since that instruction */
	bool recency;            /* the policy looks at hits */
	bool mapped_held;        /* a page is held that is not always where it is */
	uint32_t last_data;      /* every-access: the page last touched, NO_PAGE */
	unsigned logged;
	struct logged_access log[LOG_MOST];
};

extern const struct block mips_no_block; /* runs when none does: charges nothing */

/* Something for the run loop to do, soon: at the next block. */
static inline void mips_ask_errand(struct mips_runner *r, bool *which)
{
	r->errand = *which = true;
	r->limit = 0;
}

/* --- run.c --- */

/* The engine's registers become the simulator's; control is at pc. */
void mips_leave_engine(struct mips *mips, vaddr_t pc);
/* The simulator sees the engine's registers; the engine keeps the state. */
void mips_look_at_engine(struct mips *mips, vaddr_t pc);
/* The simulator's registers become the engine's. */
void mips_enter_engine(struct mips *mips);
/* Sets the cycle at which the block hook looks up. */
void mips_set_limit(struct mips *mips);
/* Takes the exception of the instruction at pc.  charges trap_entry or tlb_refill. */
void mips_take_fault(struct mips *mips, const struct mips_fault *fault);
void mips_interrupt_hook(void *ctx, uint32_t vector);
enum processor_stop mips_run(struct mips *mips, cycle_t until, const char **what);

/* --- runner.c --- */
enum muk_err mips_runner_create(struct mips *mips, struct muk_error *error);
void mips_runner_destroy(struct mips *mips);
/* A new engine, which has translated nothing. */
void mips_engine_afresh(struct mips *mips);
/* What hooks have asked for.  Not in hooks; no block runs. */
void mips_do_errands(struct mips *mips);
void mips_ask_stop(struct mips *mips);
/* After loading a snapshot: nothing of before is left. */
void mips_runner_reset(struct mips *mips);

/* --- block.c --- */
void mips_block_hook(void *unused, uint64_t address, uint32_t size, void *ctx);
void mips_mark_hook(void *unused, uint64_t address, uint32_t size, void *ctx);
/* No block runs any more. */
void mips_no_current(struct mips_runner *r);
/* The probe of an instruction of a block, if it has one, is told: registers and clock are right. */
void mips_fire_probe(struct mips *mips, const struct block *block, unsigned at);

/* --- pace.c: what blocks take --- */

/* The current block has ended, and control went to `at`: charges what is left of it.  It is not to be settled again. */
void mips_settle(struct mips *mips, laddr_t at);
/* The current block's instructions before `to` are done: charges them; T4 too, if `to` is the slot of a taken branch. */
void mips_settle_part(struct mips *mips, unsigned to, bool taken);
/* What a block's time depends on; set when the block is made. */
void mips_pace_block(const struct mips *mips, struct block *block);

/* --- code.c: code pages and blocks --- */

/* Control enters a page: translates the fetch.  False: *fault. */
bool mips_enter_code(struct mips *mips, laddr_t address, struct mips_fault *fault);
/* The same, quickly, where the page was entered before and is still translated; false: mips_enter_code must. */
bool mips_enter_recent(struct mips_runner *r, uint32_t page);
void mips_forget_recent(struct mips_runner *r);
void mips_forget_recent_page(struct mips_runner *r, uint32_t page);
/* The block at an address of the entered page. */
struct block *mips_block_at(struct mips *mips, laddr_t address);
/* The engine's block there has size bytes: *marks are to be set if it is longer than the book's. */
void mips_block_fits(struct mips *mips, struct block *block, uint32_t size);
/* Sets the marks that a block needs.  Not in hooks. */
void mips_block_set_marks(struct mips *mips, struct block *block);
/* Frees what was retired.  Not in hooks. */
void mips_code_free_retired(struct mips *mips);
void mips_code_forget_all(struct mips *mips);
/* Memory was written by other hands than the engine's.  Not in hooks. */
void mips_code_written(struct mips *mips, paddr_t address, unsigned size);
/* A store into a frame that has code was performed: after many of them the frame is taken for data.  Not in hooks. */
void mips_code_stored(struct mips *mips, uint32_t frame);

/* --- compose.c --- */
struct block *mips_compose_block(struct mips *mips, laddr_t address);

/* --- guard.c: what the engine must not translate --- */

/* Whether a frame of memory may be fetched from by the engine. */
bool mips_frame_safe(struct mips *mips, uint32_t frame);
/* Bytes of one frame were written: not by the engine. */
void mips_frame_written(struct mips *mips, paddr_t address, unsigned size);

/* --- gear.c --- */
const char *mips_gear_error(const struct model *model);
bool mips_gear_init(struct mips *mips);
bool mips_gear_wants_memory(const struct mips *mips);
bool mips_gear_fill(void *ctx, laddr_t page, enum access access, struct engine_fill *fill);
void mips_gear_memory(void *unused, int kind, uint64_t address, int size, int64_t value, void *ctx);
void mips_gear_flush(struct mips *mips);
/* The engine is about to run, in the mode that the processor is in. */
void mips_gear_enter(struct mips *mips);
void mips_gear_listen(struct mips *mips);
/* Set-MRU: a fetch of this address was translated; the TLB was written, or data were accessed, by the simulator. */
void mips_gear_fetched(struct mips *mips, vaddr_t address);
void mips_gear_performed(struct mips *mips);

/* --- step.c --- */

/* The simulator goes through a block, from its instruction `from` on (at pc; in_slot if it is a slot). */
void mips_walk(struct mips *mips, struct block *block, unsigned from);
/* Whether a load or store, with the registers of now, makes a block of its own (timing.h). */
bool mips_stands_alone(const struct mips *mips, const struct mips_instruction *insn);
