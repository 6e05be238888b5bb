/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the oracle's files share.
 *
 *   decode.c    a word's form                       tlb.c       matching, the TLB's instructions, replacement
 *   oracle.c    one step: blocks, interrupts, fetch cp0.c       registers of coprocessor 0, exceptions
 *   execute.c   what instructions do                memory.c    loads and stores
 *   time.c      T1 ... T11                          cache.c     T8
 */
#pragma once
#include "oracle.h"

enum oracle_id {
#define X(id, ...) I_##id,
#include "instructions.def"
#undef X
	I_COPROCESSOR, /* of a unit that is not there */
	I_RESERVED
};

/* Which fields name the registers read; where the result goes. */
enum { READS_NONE = 0, READS_S = 1, READS_T = 2, READS_ST = 3 };
enum oracle_writes { WRITES_NONE, WRITES_D, WRITES_T, WRITES_LINK };

struct oracle_form {
	const char *name, *operands;
	enum oracle_id id;
	unsigned table, number, generation, reads;
	enum oracle_writes writes;
};

/* A word, with its form and fields. */
struct insn {
	const struct oracle_form *form;
	enum oracle_id id;
	uint32_t word;
	unsigned rs, rt, rd, shift, unit;
	uint32_t immediate;                  /* sign-extended */
};
void oracle_decode(uint32_t word, unsigned generation, struct insn *insn);
/* The register that it writes, 0: none. */
unsigned oracle_written(const struct insn *insn);

/* Exception codes, of the Cause register. */
enum code { INT, MOD, TLBL, TLBS, ADEL, ADES, IBE, DBE, SYS, BP, RI, CPU, OV, TR };
enum access { LOAD, STORE, FETCH };

struct fault {
	enum code code;
	bool missed;                         /* no entry matched: perhaps the refill vector */
	bool has_address;
	uint32_t address;
	unsigned unit;
};

struct place {
	uint32_t address;                    /* physical */
	bool cached, writable;
};

/* Numbers of coprocessor 0's registers. */
enum {
	INDEX = 0, RANDOM = 1, ENTRYLO = 2, ENTRYLO1 = 3, CONTEXT = 4, PAGEMASK = 5, WIRED = 6, BADVADDR = 8, COUNT = 9,
	ENTRYHI = 10, COMPARE = 11, STATUS = 12, CAUSE = 13, EPC = 14, PRID = 15, CONFIG = 16, LLADDR = 17, WATCHLO = 18,
	WATCHHI = 19, ECC = 26, CACHEERR = 27, TAGLO = 28, TAGHI = 29, ERROREPC = 30
};

static inline bool is_r4000(const struct oracle *o) { return o->model.generation == 4; }

/* --- tlb.c --- */
/* Where an access goes, or why it cannot.  Hits age entries; two matches shut the TLB down; T12. */
bool oracle_translate(struct oracle *o, uint32_t address, unsigned size, enum access access, struct place *place,
                      struct fault *fault);
/* The same, and nothing changes. */
bool oracle_look(struct oracle *o, uint32_t address, unsigned size, enum access access, struct place *place);
uint32_t oracle_random_register(const struct oracle *o);
uint32_t oracle_current_asid(const struct oracle *o);
void oracle_tlb_read(struct oracle *o);
void oracle_tlb_write(struct oracle *o, bool random);
void oracle_tlb_probe(struct oracle *o);
/* Ways age as if touched and filled in order. */
void oracle_tlb_power_on(struct oracle *o);

/* --- cp0.c --- */
void oracle_cp0_write(struct oracle *o, unsigned number, uint32_t value);
/* Another ASID is counted. */
void oracle_set_entry_hi(struct oracle *o, uint32_t value);
void oracle_take_exception(struct oracle *o, const struct fault *fault);
bool oracle_interrupt_due(struct oracle *o);
void oracle_take_interrupt(struct oracle *o);
void oracle_return_from_exception(struct oracle *o, enum oracle_id id);
/* Coprocessor 0 may be used now. */
bool oracle_cp0_usable(const struct oracle *o);
bool oracle_isolated(const struct oracle *o);

/* --- memory.c --- */
bool oracle_is_memory(const struct oracle *o, uint32_t physical);
uint32_t oracle_memory_get(const struct oracle *o, uint32_t physical, unsigned size);
/* A load or store.  False: *fault. */
bool oracle_access_memory(struct oracle *o, const struct insn *insn, struct fault *fault);
/* It goes, as things are now, to what is not cached memory: a device, an uncached page, an isolated cache. */
bool oracle_leaves_memory(struct oracle *o, const struct insn *insn);
bool oracle_accesses_memory(enum oracle_id id);

/* --- cache.c: T8; nothing, where no caches are modelled --- */
void oracle_pass_code(struct oracle *o, uint32_t physical);
void oracle_pass_data(struct oracle *o, uint32_t physical, bool write);
/* An isolated store. */
void oracle_empty_isolated(struct oracle *o, uint32_t physical, bool swapped);
/* which: the field of the cache instruction. */
void oracle_cache_operation(struct oracle *o, unsigned which, uint32_t physical);
bool oracle_caches_make(struct oracle *o);
void oracle_caches_free(struct oracle *o);

/* --- execute.c --- */
/* False: *fault.  Either way pc is where it must be. */
bool oracle_execute(struct oracle *o, const struct insn *insn, struct fault *fault);
/* Others than the engine do it: a block begins before and after. */
bool oracle_is_performed(struct oracle *o, const struct insn *insn);

/* --- time.c --- */
void oracle_spend(struct oracle *o, enum oracle_cause cause, uint64_t cycles);
/* T2, T3: waits for what the instruction reads.  From here to its spend_instruction the clock is its t. */
void oracle_wait_for_operands(struct oracle *o, const struct insn *insn);
/* T1 ... T6 of an instruction that begins now. */
void oracle_spend_instruction(struct oracle *o, const struct insn *insn, bool taken);
/* T7, at now. */
void oracle_pass_write_buffer(struct oracle *o);
