/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An x86 processor with its MMU: the state that the files of this folder share.
 *
 *   run.c       the run loop: engine, why it stopped, deliver, go on     runner.c   its life, and errands
 *   block.c     the block hook: charging blocks, the code side of the TLB
 *   code.c      pages of code and their blocks     compose.c   what a block is and costs
 *   mmu.c       the walk, the TLBs and the caches: x86_translate     memory.c   x86_read, x86_write, quiet looks
 *   gear.c      which of the model's translations the engine may hold (set-MRU, subset, every access)
 *   step.c      one instruction at a time: TF, debug registers, odd segments     window.c   which segments are odd
 *   state.c     power on, snapshots              processor.c   what machines see (sim/arch/processor.h)
 *   trap.c task.c far.c segment.c system.c flags.c string.c io.c    performing (perform.h)
 *   opcode.c decode.c operand.c cost.c branch.c                    decoding and costs (decode.h)
 */
#pragma once
#include "sim/arch/x86/cpu.h"
#include "sim/arch/x86/decode.h"
#include "sim/arch/x86/memory.h"
#include "sim/arch/processor.h"

/* Told by mmu.c and perform when what the engine holds may be stale; run.c sets it, unit tests leave it NULL. */
struct x86_engine_listener {
	void *ctx;
	void (*flush_all)(void *ctx);                        /* CR3, CR0.PG, CR4 changed */
	void (*flush_page)(void *ctx, uint32_t page);        /* invlpg, or a model entry was evicted */
	void (*written)(void *ctx, paddr_t address, unsigned size); /* memory written by the simulator, maybe code */
	void (*touched)(void *ctx, const struct tlb *tlb, uint32_t page); /* now the most recently used of its set */
};

/* Counters that metrics can name. All are deterministic. */
#define X86_COUNTERS(X)                                                                                             \
	X(TLB_MISSES, "tlb_misses") X(CODE_TLB_MISSES, "code_tlb_misses") X(DATA_TLB_MISSES, "data_tlb_misses")     \
	X(CACHE_MISSES, "cache_misses") X(CODE_CACHE_MISSES, "code_cache_misses")                                     \
	X(DATA_CACHE_MISSES, "data_cache_misses") X(TRAPS, "traps") X(INTERRUPTS, "interrupts")                       \
	X(PAGE_FAULTS, "page_faults") X(SEGMENT_LOADS, "segment_loads")                                              \
	X(ADDRESS_SPACE_SWITCHES, "address_space_switches") X(MODE_SWITCHES, "mode_switches")
enum x86_counter {
#define X(name, text) COUNT_##name,
	X86_COUNTERS(X)
#undef X
	X86_COUNTER_COUNT
};

struct x86_mmu {
	/* unified: only data is set, and serves code too */
	struct tlb *data, *code, *large;
	struct cache *data_cache, *code_cache; /* NULL: not modelled. unified: both point to the same */
	uint16_t tag;                          /* of the current address space, tagged models */
	uint32_t tag_owner[1u << 10];          /* tagged models: page directory of each tag (see mmu.c) */
	uint32_t tags_used;
};

struct x86_runner; /* run.c, block.c, gear.c: what belongs to the engine */

struct x86 {
	const struct processor_class *class; /* unit tests leave it NULL */
	struct x86_cpu cpu;
	const struct model *model;
	struct ledger *ledger;
	struct journal *journal;
	uint8_t *ram;
	uint32_t ram_size;
	struct x86_mmu mmu;
	struct processor_bus bus;
	struct processor_code_map code_map;
	struct x86_engine_listener engine;
	uint64_t count[X86_COUNTER_COUNT];
	uint32_t debug_hits;      /* breakpoints DR0..3 (bits 0..3) on data that a performed instruction met */
	struct x86_runner *runner;
};

/* Charges a cost key's cycles to a cause; returns the cycles. */
static inline uint32_t x86_charge(struct x86 *x86, enum ledger_cause cause, enum x86_cost cost)
{
	ledger_charge(x86->ledger, cause, x86->model->cost[cost]);
	return x86->model->cost[cost];
}

/* Makes TLBs and caches of the model (mmu.c). False: out of memory. */
bool x86_mmu_init(struct x86 *x86);
void x86_mmu_free(struct x86 *x86);

/*
 * Translates one page for an access, through the TLB, walking (and charging, setting A and D) on a miss.
 * True: *entry is the translation, good until the next call.  False: *fault is the page fault; error code complete,
 * address is `address`.  CR0.PG clear: linear is physical, no TLB.  Rights: user pages for AS_USER, CR0.WP.
 */
bool x86_translate(struct x86 *x86, laddr_t address, enum access access, enum x86_privilege as,
                   struct tlb_entry *entry, struct x86_fault *fault);
/* The data (or fetched) bytes' passage through the cache model: charges misses. Nothing where none is modelled. */
void x86_cache_access(struct x86 *x86, paddr_t address, unsigned size, enum access access);
/* CR3 was loaded: switches or flushes the TLBs as the model's tags say, tells the engine. Charges nothing. */
void x86_mmu_load_cr3(struct x86 *x86);
/* CR0.PG, CR0.WP or CR4 changed: flushes all. */
void x86_mmu_flush(struct x86 *x86);
void x86_mmu_invlpg(struct x86 *x86, laddr_t address);
/* Quiet: the frame that a fetch would come from (TLB first, then the tables); false if it would fault. */
bool x86_look_fetch(const struct x86 *x86, laddr_t address, enum x86_privilege as, uint32_t *frame);
/* Whether an entry, D set, allows a write: its rights, and CR0.WP. */
bool x86_may_write(const struct x86 *x86, const struct tlb_entry *entry, enum x86_privilege as);
/* Which of the breakpoints on data (bits 0..3) an access to [address, address + size) meets, enabled ones only. */
uint32_t x86_debug_match(const struct x86_cpu *cpu, laddr_t address, unsigned size, bool write);

/* Power on: protected mode, flat segments, paging off, eip at entry, as a multiboot loader leaves it. */
void x86_reset(struct x86 *x86, uint32_t entry, uint32_t eax, uint32_t ebx);

/* The processor with its engine.  error: what the engine's self-test found. */
enum muk_err x86_runner_create(struct x86 *x86, struct muk_error *error);
void x86_runner_destroy(struct x86 *x86);
/* Runs until the clock reaches `until` (at the next block's start), or something ends it. *what: a sentence, or "". */
enum processor_stop x86_run(struct x86 *x86, cycle_t until, const char **what);
/* Stops at the next block's start (from a probe, say). */
void x86_ask_stop(struct x86 *x86);
/* An unsupported thing was met: ends the run as PROCESSOR_STOP_UNSUPPORTED. what is a literal. */
void x86_unsupported(struct x86 *x86, const char *what);
/* For snapshots: processor, TLBs, caches, branch history. After loading, the engine starts afresh. */
void x86_state(struct stream *stream, struct x86 *x86);
/* Host or device wrote memory (a loader): forget decoded code there. */
void x86_memory_written(struct x86 *x86, paddr_t address, uint32_t size);
