/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A MIPS processor with its TLB: the state that the files of this folder share.
 *
 *   run.c       the run loop: engine, why it stopped, deliver, go on     runner.c   its life, and errands
 *   block.c     the block hook: charging blocks                          code.c     pages of code and their blocks
 *   compose.c   what a block is and costs                                pace.c     what depends on blocks before
 *   mmu.c       segments, mips_translate                                 memory.c   fetching, accesses, quiet looks
 *   entries.c   the TLB's instructions, Random, shutdown                 tlb.c      the TLB as a table
 *   gear.c      which of the model's translations the engine may hold
 *   step.c      one instruction at a time: slots, isolated caches
 *   state.c     power on, snapshots
 *   trap.c system.c execute.c                                            performing (perform.h)
 *   watch.c     refills without end
 *   opcode.c decode.c cost.c                                             decoding and costs (decode.h, timing.h)
 */
#pragma once
#include "sim/arch/mips/cpu.h"
#include "sim/arch/mips/timing.h"
#include "sim/arch/processor.h"

/* Counters that metrics can name. */
#define MIPS_COUNTERS(X)                                                                                          \
	X(TLB_MISSES, "tlb_misses")           /* all that follow but tlb_modified and tlb_invalid */             \
	X(CODE_TLB_MISSES, "code_tlb_misses") X(DATA_TLB_MISSES, "data_tlb_misses")                               \
	X(UTLB_MISSES, "utlb_misses")         /* through the refill vector */                                     \
	X(KTLB_MISSES, "ktlb_misses")         /* kseg2, or in the refill handler: through the general one */      \
	X(TLB_INVALID, "tlb_invalid") X(TLB_MODIFIED, "tlb_modified")                                             \
	X(TLB_WRITES, "tlb_writes")           /* tlbwi and tlbwr */                                               \
	X(CACHE_MISSES, "cache_misses") X(CODE_CACHE_MISSES, "code_cache_misses")                                 \
	X(DATA_CACHE_MISSES, "data_cache_misses") X(WRITE_STALLS, "write_stalls") X(TRAPS, "traps")               \
	X(INTERRUPTS, "interrupts") X(PAGE_FAULTS, "page_faults")                                                 \
	X(ADDRESS_SPACE_SWITCHES, "address_space_switches") /* EntryHi's ASID changed */                          \
	X(MODE_SWITCHES, "mode_switches")
enum mips_counter {
#define X(name, text) MIPS_COUNT_##name,
	MIPS_COUNTERS(X)
#undef X
	MIPS_COUNTER_COUNT
};

/* Told when what the engine holds may be stale; run.c sets it, unit tests leave it NULL. */
struct mips_engine_listener {
	void *ctx;
	void (*flush_all)(void *ctx);                        /* ASID, ERL or isolation changed; modes run.c sees itself */
	void (*flush_page)(void *ctx, uint32_t page);        /* an entry was replaced */
	void (*written)(void *ctx, paddr_t address, unsigned size); /* memory written by the simulator, maybe code */
};

/* One entry of the TLB, in fields and not in a processor's bits. */
struct mips_tlb_entry {
	uint32_t page;           /* virtual address >> 12, of the even page of an R4000's pair */
	uint32_t mask;           /* low bits of page that are not compared: R4000's PageMask (and the pair's own bit) */
	uint16_t asid;
	bool global;
	/* R2000, R3000: [0] only; R4000: even and odd page */
	struct { uint32_t frame; bool valid, dirty, cached; uint8_t coherency; /* R4000's C */ } half[2];
};

/* A cache that is isolated from memory (R2000, R3000): what software sizes and flushes caches with. */
struct mips_isolated {
	uint8_t *byte;
	uint32_t size;           /* of the model's cache, modelled or not; 0: it has none */
};

/* An instruction that missed, and all that its program could see then; and how often it did (watch.c).  No padding. */
struct mips_watched {
	uint32_t reg[32], hi, lo;
	vaddr_t pc, address;
	uint32_t in_slot, code;
	uint64_t bus_io;         /* cycles of devices */
};
struct mips_watch {
	struct mips_watched watched;
	uint32_t times, others;  /* times 0: nothing is watched */
};

struct mips_tlb; /* tlb.h: entries by index, matching, replacement */
struct mips_runner; /* run.c, block.c, gear.c: what belongs to the engine */

struct mips {
	const struct processor_class *class;
	struct mips_cpu cpu;
	const struct model *model;
	struct ledger *ledger;
	struct journal *journal;
	uint8_t *ram;
	uint32_t ram_size;
	struct mips_tlb *tlb;
	struct cache *code_cache, *data_cache; /* NULL: not modelled; the same: unified */
	struct mips_isolated isolated[2];      /* data, code */
	struct processor_bus bus;
	struct processor_code_map code_map;
	struct mips_engine_listener engine;
	uint64_t count[MIPS_COUNTER_COUNT];
	bool refilling;                        /* T11: a refill handler runs; the ledger books to tlb_refill meanwhile */
	const char *unsupported;               /* a literal; ends the run */
	struct mips_watch watch;               /* for refills that cannot end */
	char reason[128];                      /* with cpu.shutdown: why, as a sentence; "" if it was the board */
	struct mips_runner *runner;
};

static inline bool mips_is_r4000(const struct mips *mips) { return mips->model->generation == 4; }

/* --- mmu.c --- */

/* What an exception is: decided before anything is done. */
struct mips_fault {
	int code;                /* enum mips_exception; -1: none */
	bool refill;             /* TLBL, TLBS: no entry matched (against: matched and not valid) */
	vaddr_t address;         /* BadVAddr, for those that set it */
	unsigned unit;           /* of CpU: the coprocessor */
	bool fetch;              /* of the instruction itself, not of its data */
};

/* Where an access goes. */
struct mips_place {
	paddr_t address;
	bool cached;             /* not kseg1, not EntryLo.N (R4000: C is not 2) */
	bool memory;             /* below ram_size; else it is the board's */
	bool writable;
	int entry;               /* of the TLB that was used, -1: unmapped */
};

/* Makes TLB and caches of the model.  False: memory exhausted (mips_mmu_free frees what there is). */
bool mips_mmu_init(struct mips *mips);
void mips_mmu_free(struct mips *mips);
/*
 * Translates an access of size bytes: alignment, privilege, TLB.  True: *place.  False: *fault.  Changes nothing but
 * the replacement state of a policy that is not random (and, with tlb.refill: hardware, the TLB itself, which charges
 * tlb_walk, T12).  Two entries that match: TLB shutdown (R2000, R3000), Status.TS, cpu.shutdown and reason; the fault
 * says TLBL.  On an R4000 that is found when the second is written: the same, and it is not written.
 */
bool mips_translate(struct mips *mips, vaddr_t address, unsigned size, enum access access, struct mips_place *place,
                    struct mips_fault *fault);
/* Quiet: as mips_translate for a byte, and changes nothing. */
bool mips_look(const struct mips *mips, vaddr_t address, enum access access, bool user, struct mips_place *place);
/*
 * tlbr, tlbwi, tlbwr, tlbp on cpu.cp0: effects and counters; tells the engine what to forget.  Charge nothing.
 * Where the manuals leave it open: tlbr and tlbwi of an Index that no entry has do nothing; tlbp that finds nothing leaves
 * P alone in Index.  At power on entry i holds page 0x80000 + i (R4000: + 2i) of kseg0, which no access can match.
 */
void mips_tlb_read(struct mips *mips);
void mips_tlb_write_indexed(struct mips *mips);
void mips_tlb_write_random(struct mips *mips);
void mips_tlb_probe(struct mips *mips);
/* The Random register now (T10). */
uint32_t mips_random(const struct mips *mips);
/* Entries by index, for tests and messages. */
unsigned mips_tlb_entries(const struct mips *mips);
struct mips_tlb_entry mips_tlb_entry(const struct mips *mips, unsigned index);
void mips_mmu_state(struct stream *stream, struct mips *mips);

/* --- memory.c: the simulator's own accesses when it performs an instruction; little-endian --- */
/* Fetches the word at cpu.pc as its processor does: alignment, translation, code cache (T8, charged).  Not memory: IBE. */
bool mips_fetch(struct mips *mips, uint32_t *word, struct mips_fault *fault);
/* Quiet: reads memory as the kernel would, up to size bytes; how many could be read. */
unsigned mips_look_read(const struct mips *mips, vaddr_t address, void *data, unsigned size);

/* watch.c: for snapshots. */
void mips_watch_state(struct stream *stream, struct mips *mips);

/* --- state.c --- */
void mips_reset(struct mips *mips, const struct processor_boot *boot);
/* User mode now (R4000: KSU user, and neither EXL nor ERL). */
bool mips_user_mode(const struct mips *mips);
/* The hardware's part of Cause.IP now. */
uint32_t mips_interrupt_lines(const struct mips *mips);
/* An interrupt would be taken now. */
bool mips_interrupt_due(const struct mips *mips);
/* The clock from which on the R4000's timer would make an interrupt due; CYCLE_NEVER: masked, on already, or not there. */
cycle_t mips_timer_event(const struct mips *mips);
/* For snapshots: cpu, TLB, caches and counters.  What belongs to the engine is the runner's. */
void mips_core_state(struct stream *stream, struct mips *mips);
