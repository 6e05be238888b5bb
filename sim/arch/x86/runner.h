/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files that drive the engine share: run.c, runner.c, block.c, code.c, compose.c, gear.c, step.c, window.c,
 * state.c.
 *
 * Who has the processor's state:
 *
 *              enter_engine (run.c)
 *   SIMULATOR ---------------------> ENGINE
 *      ^  struct x86_cpu is all        |  registers, eip and arithmetic flags are the engine's;
 *      |                               |  of the rest struct x86_cpu is still right
 *      '-------------------------------'
 *              leave_engine (run.c), in a hook or after engine_run
 *
 * A block, as the books know it (not the engine's, which may be longer), is a run of instructions in one page that are
 * executed one after another and charged at once when the first begins.  It ends before an instruction that the
 * simulator performs, before a repeated cmps or scas, and before an instruction that crosses into the next page; these
 * make blocks of their own.  And it ends before the engine's block could, which is not as long in one gear as in another.  Where that is in the midst of an engine's block, a mark stops there.
 *
 * Invariants
 *   1. a block's cost is charged whole when it begins; what a fault left undone is refunded.
 *   2. the code page of a block is touched in the model's TLB when the block begins, unless that would change nothing.
 *   3. blocks depend on the code and on where control enters it, never on the engine's history or gear.
 *   4. the engine holds no translation that the model's TLB does not hold, and none whose use would change the model.
 */
#pragma once
#include "sim/arch/x86/branch.h"
#include "sim/arch/x86/perform.h"
#include "sim/arch/x86/x86.h"
#include "sim/engine/engine.h"

#define NO_PAGE UINT32_MAX
#define likely(condition) __builtin_expect(!!(condition), 1)
#define unlikely(condition) __builtin_expect(!!(condition), 0)

/* What makes a block leave the short path of the block hook.  Bits 0..5: it accesses memory through that segment. */
enum {
	ATTEND_SEGMENT = 1,      /* << enum x86_segment */
	ATTEND_CODE = 1 << 6,    /* the code segment has a limit of bytes: every block has this bit */
	ATTEND_ALWAYS = 1 << 7,  /* always attended to */
};

/* Why a block ends before the engine's does. */
enum block_cut { CUT_NONE, CUT_PERFORMED /* or too long: the engine begins there anew */, CUT_BLOCK /* another block begins there */ };

struct block_probe {
	uint8_t at;              /* the instruction's index */
	laddr_t address;
	int probe;
};

struct block {
	/* hot */
	uint32_t cycles;
	uint16_t count;          /* instructions, probes' no-ops not counted */
	uint16_t engine_size;    /* bytes from its start to the end of the engine's block */
	laddr_t next;            /* where it falls through */
	uint32_t taken;          /* cycles if it does not */
	uint32_t function;
	uint8_t attention;
	bool predicted;          /* its last instruction is a branch that the branch buffer predicts */
	/* cold */
	bool conditional;
	bool performed;          /* one instruction, performed by the simulator: nothing is charged by the block */
	bool repeated;           /* one repeated cmps or scas */
	bool crossing;           /* one instruction that crosses into the next page */
	bool short_count;        /* repeated: counts in CX, not ECX */
	bool careful;            /* writes through CS, or rotates memory through carry: gone through by instructions */
	bool marked;             /* its marks are set (or it needs none) */
	uint8_t cut;             /* enum block_cut */
	uint8_t last;            /* operation of the last instruction */
	uint8_t probes;
	uint32_t begin;          /* repeated: charged once */
	laddr_t start, branch;   /* branch: the last instruction */
	uint16_t instructions;   /* no-ops of probes included */
	uint16_t bytes;          /* of code: next - start */
	struct block_probe *probe;
	uint16_t *offset;        /* of each instruction from start */
	uint16_t *counted;       /* instructions counted before each; one more than instructions */
	uint32_t *prefix;        /* cycles before each; one more than instructions */
	uint8_t *code;           /* the bytes it was decoded from */
	struct x86_instruction *insn; /* performed: the instruction */
	struct block *older;     /* in its page's list, or in that of those to free */
};

/* A page of code: a linear page and the frame that it shows, with its blocks by offset. */
struct code_page {
	uint32_t page, frame;
	bool big;                /* 32-bit code segment */
	struct code_page *next_same_hash, *next_same_frame;
	struct block *blocks;    /* all of them */
	struct block *block[PAGE_SIZE];
};

/* What is known of a frame. */
struct code_frame {
	struct code_page *pages; /* that show it */
	uint64_t translated;     /* bit n: the engine may have code of bytes 64 n .. 64 n + 63 */
	uint32_t written;        /* the flush count at which the engine got it writable */
	uint32_t linear, linear_at; /* every-access: the linear page that shows it, and the flush count of that */
	uint8_t opens;           /* times it was written after code was decoded */
	bool mixed;              /* code and data that is written: its blocks are compared each time */
	bool unsure;             /* mixed, and written by other code since the engine forgot its code */
};

/* What the engine holds of a linear page: valid where ..._at is the current flush count. */
struct held_page {
	uint32_t data_at, code_at;
	uint32_t data_frame, code_frame;
	bool write;
	uint8_t data_as;         /* enum x86_privilege of the last fill */
};

enum { CODE_HASH = 1024, CODE_PAGES_MOST = 1024, MARKS_MOST = 192, SET_TLBS = 3, LATE_WRITES = 8 };
enum { MIXED_AFTER = 8, RECENT_PAGES = 32 };
/* Frames that stand for memory that is not there: as code, read, written. */
enum { VOID_FRAMES = 3 };

/* A page of code that was entered: as long as it is here, its translation is in the TLB as it was then. */
struct recent_page {
	uint32_t page;           /* NO_PAGE: none */
	uint32_t as;             /* enum x86_privilege */
	struct code_page *code;
};

struct x86_runner {
	/* hot: the block hook's */
	struct x86 *x86;
	struct block **table;    /* of the code page */
	uint32_t code_page;      /* known to be translated and most recently used; NO_PAGE: to be looked up */
	laddr_t next;            /* where the block before falls through */
	uint32_t taken;          /* if it does not: cycles to charge */
	bool predicted;          /* its branch goes through the branch buffer */
	uint8_t attention;
	const struct block *current;
	struct ledger *ledger;
	cycle_t limit;           /* at this cycle a block's beginning is more than that */
	/* the engine */
	struct engine *engine;
	enum engine_mode gear;   /* never AUTO */
	bool in_engine;          /* who has the state */
	bool in_fill;
	bool stepping;           /* step.c runs one instruction */
	bool outside;            /* and it accessed memory outside the window */
	bool filled;             /* something since the last flush */
	bool change_gear;        /* to every-access */
	bool reopen;             /* a fresh engine */
	bool errand;             /* something that no hook may do: marks, another gear, forgetting */
	uint32_t step_vector;    /* what the interrupt hook reported to step.c */
	uint32_t flushes;        /* of the engine, counted from 1: stamps what it holds */
	uint64_t paid, paid_since; /* what set-MRU cost since that instruction */
	bool passed;             /* at this boundary all was seen to: not again, though time passed */
	bool walk_wanted;        /* the last fill was refused only so that the rest of the block is gone through */
	bool resume_wanted;      /* the last fill was refused only so that the engine forgets something */
	bool resuming;           /* the next block is the rest of the current one, at resume */
	bool resume_predicted;
	bool restarted;          /* a store of the current block runs alone (block.c) */
	laddr_t resume;
	uint64_t resumes_at;     /* the block, by instructions, that was taken up again; how often */
	unsigned resumes;
	/* why to stop */
	cycle_t until;
	bool asked;
	const char *unsupported;
	enum processor_stop stop;
	const struct block *walk; /* to be gone through instruction by instruction */
	bool early;              /* at early_at the engine's block would run into a page that cannot be fetched */
	laddr_t early_at;
	uint32_t repeat_count, repeat_cycles; /* what the current repeated block was charged */
	/* the last refused fill */
	uint32_t refused_page;
	enum access refused_access;
	struct x86_fault refused;
	/* segments as loaded */
	bool window;             /* user segments that all show [window_base, + window_limit] */
	uint32_t window_base, window_limit;
	struct x86_segment_cache loaded[SEGMENTS];
	uint32_t loaded_cpl;
	/* code.c */
	struct code_page *hash[CODE_HASH];
	struct code_page *code;  /* of code_page */
	struct recent_page recent[RECENT_PAGES]; /* by page */
	struct block *unmarked;  /* its marks are to be set */
	unsigned code_pages;
	struct block *retired;
	struct code_frame *frame;
	uint32_t frames;
	bool forget_all_code;    /* marks are too many: at the next stop */
	struct { paddr_t address; unsigned size; } late_write[LATE_WRITES];
	uint32_t marked_frame[2]; /* the last frames that the simulator wrote */
	unsigned late_writes;    /* made while the engine filled: seen to at the next block */
	/* gear.c */
	struct held_page *held;  /* by linear page */
	bool recency;            /* the policy of some TLB looks at hits */
	uint32_t last_data;      /* every-access: the page last touched, NO_PAGE */
	/* set-MRU: what the engine holds of each set, for the supervisor and for the user, which it keeps apart */
	uint32_t set_at[2][SET_TLBS][4096], set_page[2][SET_TLBS][4096];
	/* What is not to be held any more, but is harmless until that mode runs: pages, or too much to tell. */
	laddr_t release[2][ENGINE_FLUSHES];
	unsigned releases[2];
	bool stale[2];
	/* branch prediction */
	struct branch_buffer branches;
};

/* Something for the run loop to do, soon: at the next block. */
static inline void ask_errand(struct x86_runner *r, bool *which)
{
	r->errand = *which = true;
	r->limit = 0;
}

/* --- run.c --- */

/* The engine's registers become the simulator's; eip is given where the engine's is stale (linear), else NULL. */
void leave_engine(struct x86 *x86, const laddr_t *at);
/* The simulator sees the engine's registers, at a linear address; the engine keeps the state. */
void look_at_engine(struct x86 *x86, laddr_t at);
/* The simulator's registers and segments become the engine's; flags: TF to step, or 0. */
void enter_engine(struct x86 *x86, uint32_t flags);
static inline laddr_t linear_eip(const struct x86 *x86) { return x86->cpu.seg[CS].base + x86->cpu.eip; }
static inline enum x86_privilege running_as(const struct x86 *x86)
{
	return x86->cpu.cpl == 3 ? AS_USER : AS_SUPERVISOR;
}

/* How to go on, when the simulator has done what is its own. */
enum onward { ONWARD_ENGINE, ONWARD_STEP, ONWARD_STOP };
/*
 * From an instruction boundary: devices, interrupts, halting, performed instructions, traps, as long as there are any.
 * ONWARD_ENGINE: the instruction at eip is the engine's.
 */
enum onward advance(struct x86 *x86);
/* Delivers a fault of the instruction at eip. */
void deliver_fault(struct x86 *x86, const struct x86_fault *fault);
/* An exception or int n that the engine reported; eip is what it left. */
void take_exception(struct x86 *x86, uint32_t vector);
/* A refused fill, with eip at the instruction. */
void take_refusal(struct x86 *x86);
/*
 * A near transfer at `at` has been executed that the limit of CS forbids: its registers are put back.  What a call
 * pushed stays in memory, below the stack pointer.  Charges nothing.
 */
void undo_transfer(struct x86 *x86, const struct x86_instruction *insn, laddr_t at);
/*
 * Control is at `at`; if the branch that ended the current block brought it there, out of the window, then that branch
 * is undone, its #GP(0) delivered, and true returned.  Charges trap_entry.
 */
bool left_window(struct x86 *x86, laddr_t at);
/* User mode, and the address is outside the window that CS is. */
bool beyond_window(const struct x86 *x86, laddr_t address);
/* No block runs any more, nothing is held back to be charged. */
void transferred(struct x86_runner *r);
/* int n or an exception, reported by the engine. */
void interrupt_hook(void *ctx, uint32_t vector);
/* A new engine, which has translated nothing. */
void engine_afresh(struct x86 *x86);
/* What hooks have asked for. Not in hooks; no block runs. */
void do_errands(struct x86 *x86);
/* In a hook: does what advance says, and lets the engine go on with it. */
void go_on_in_hook(struct x86 *x86, bool jump);
/* Sets the cycle at which the block hook looks up. */
void set_limit(struct x86 *x86);

/* --- block.c --- */
void block_hook(void *unused, uint64_t address, uint32_t size, void *ctx);
void block_hook_predicting(void *unused, uint64_t address, uint32_t size, void *ctx);
void mark_hook(void *unused, uint64_t address, uint32_t size, void *ctx);
/* What the block before left to be charged, now that control is at an address. */
void settle_branch(struct x86 *x86, laddr_t at);
/* The current block ends before the instruction at an address: refunds the rest. Nothing if at is not in it. */
void cut_current(struct x86 *x86, laddr_t at);
/* A block begins, by the simulator's doing: charges it, makes it the current one. Its code is touched already. */
void begin_block(struct x86 *x86, const struct block *block);
/* A crossing block's second page, touched: false if it faults. */
bool enter_second_page(struct x86 *x86, const struct block *block, struct x86_fault *fault);
/* A block's code passes through the cache. */
void cache_code(struct x86 *x86, const struct block *block);
/* Index of the instruction of a block at an address, -1 for none. */
int block_index(const struct block *block, laddr_t at);
/* Fires the probe of an instruction of the block that has one, at the exact cycle. */
void fire_probe(struct x86 *x86, const struct block *block, laddr_t at);

/* --- code.c: code pages and blocks --- */
enum entered { CODE_ENTERED, CODE_FAULTED, CODE_STALE };
/*
 * Control enters a linear page: touches it in the TLB.  FAULTED: *fault.  STALE: the engine had another frame there,
 * it has been flushed and must not go on with the block that it is about to run.
 */
enum entered enter_code(struct x86 *x86, laddr_t address, struct x86_fault *fault);
/* The same, quickly, where the page was entered before and is still translated; false: enter_code must. */
bool enter_recent(struct x86_runner *r, uint32_t page);
/* What enter_recent knows is no longer so: of all pages, of one. */
void forget_recent(struct x86_runner *r);
void forget_recent_page(struct x86_runner *r, uint32_t page);
/* The block at an address of the entered page, whose engine block has size bytes.  *changed: the engine has forgotten its
 * code there, since it may not be what is in memory now, and must not go on with the block that it is about to run. */
struct block *block_at(struct x86 *x86, laddr_t address, uint32_t size, bool *changed);
/* The same where no engine block is known: the instruction at the address alone, or all that follow in the page.
 * Retired at once. */
struct block *block_here(struct x86 *x86, laddr_t address, bool alone);
/* At most size bytes of code from an address of the entered page on; fewer where the next page cannot be fetched. */
unsigned code_read(struct x86 *x86, laddr_t address, uint8_t *to, unsigned size);
/* compose.c: a block of at most so many bytes and instructions; guess: the engine's size is not known. */
enum { BLOCK_INSTRUCTIONS = 600 /* more than the engine puts in a block */ };
struct block *compose_block(struct x86 *x86, laddr_t address, uint32_t size, unsigned most, bool guess);
/* The performed instruction at an address of the entered page, as a block; NULL if the engine executes it. */
struct block *performed_at(struct x86 *x86, laddr_t address);
/* Whether the block's bytes are still what they were. */
bool block_is_current(struct x86 *x86, const struct block *block);
/* Sets the marks that a block needs. Not in hooks. */
void block_set_marks(struct x86 *x86, struct block *block);
/* Reads an instruction at an address of the entered page, its second page known to be there. */
void code_decode(struct x86 *x86, laddr_t address, struct x86_instruction *insn);
/* Frees what was retired. Not in hooks. */
void code_free_retired(struct x86 *x86);
void code_forget_all(struct x86 *x86);
/* The engine gets a frame writable: its code is to be decoded again. */
void code_opened(struct x86 *x86, uint32_t frame);
/* Memory was written by other hands than the engine's. */
void code_written(struct x86 *x86, paddr_t address, unsigned size);
void code_late_writes(struct x86 *x86);
/* While the engine fills: it gets a frame writable that has code, which it is to forget before any of it runs. */
void code_note_open(struct x86 *x86, uint32_t frame);
/* The engine's code of a frame that is not sure is forgotten, before an instruction is stepped there. */
void code_make_sure(struct x86 *x86);
struct code_frame *code_frame(struct x86 *x86, uint32_t frame);

/* --- gear.c --- */
/* The gear for a model; a sentence if the one that it asks for cannot be exact, else NULL. */
enum engine_mode gear_for(const struct model *model);
const char *gear_error(const struct model *model);
bool gear_init(struct x86 *x86);
bool gear_fill(void *ctx, laddr_t page, enum access access, struct engine_fill *fill);
void gear_memory(void *unused, int kind, uint64_t address, int size, int64_t value, void *ctx);
void gear_flush(struct x86 *x86);
/* The engine is about to run, in the mode that the processor is in. */
void gear_enter(struct x86 *x86);
/* The engine holds what it must not any more, for the mode that the processor is in: leave and enter before it runs. */
bool gear_must_release(const struct x86_runner *r);
/* A page of code that is in the model's TLB is touched. */
void gear_touch_code(struct x86 *x86, uint32_t page);
/* Memory hooks are wanted. */
bool gear_wants_memory(const struct x86 *x86);
void gear_listen(struct x86 *x86);

/* --- step.c --- */
/* rcl, rcr: the engine changes CF before it writes the operand, and could not begin again if that was refused. */
static inline bool rotates_through_carry(const struct x86_instruction *insn)
{
	bool rotate = insn->opcode == 0xc0 || insn->opcode == 0xc1 || (insn->opcode >= 0xd0 && insn->opcode <= 0xd3);

	return rotate && ((insn->modrm >> 3 & 7) == 2 || (insn->modrm >> 3 & 7) == 3);
}
/* Executes from eip one instruction (or goes through runner->walk), with all checks that the engine does not make. */
void step(struct x86 *x86);
/* An instruction breakpoint at eip is due: DR6 says which. */
bool debug_at_instruction(struct x86 *x86);
/* After a performed instruction (enum x86_operation): TF as it was before it, breakpoints on data. */
void debug_after_performed(struct x86 *x86, uint8_t operation, bool single_step);
static inline bool debug_enabled(const struct x86 *x86) { return x86->cpu.dr[7] & 0xff; }

/* --- window.c --- */
/* If segments or privilege have changed: what the block hook must attend to, and the window. */
void segments_settle(struct x86 *x86);
