/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the oracle's files share.
 *
 *   decode.c    a word's form                       tlb.c       matching, the TLB's instructions, replacement
 *   oracle.c    one step: blocks, interrupts, fetch cp0.c       registers of coprocessor 0, exceptions
 *   execute.c   what instructions do                memory.c    loads and stores
 *   time.c      T1 ... T11
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
void decode(uint32_t word, unsigned generation, struct insn *insn);
/* The register that it writes, 0: none. */
unsigned written(const struct insn *insn);

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
bool translate(struct oracle *o, uint32_t address, unsigned size, enum access access, struct place *place,
               struct fault *fault);
uint32_t random_register(const struct oracle *o);
uint32_t current_asid(const struct oracle *o);
void tlb_read(struct oracle *o);
void tlb_write(struct oracle *o, bool random);
void tlb_probe(struct oracle *o);
/* Ways age as if touched and filled in order. */
void tlb_power_on(struct oracle *o);

/* --- cp0.c --- */
void cp0_write(struct oracle *o, unsigned number, uint32_t value);
void take_exception(struct oracle *o, const struct fault *fault);
bool interrupt_due(struct oracle *o);
void take_interrupt(struct oracle *o);
void return_from_exception(struct oracle *o, enum oracle_id id);
/* Coprocessor 0 may be used now. */
bool cp0_usable(const struct oracle *o);
bool isolated(const struct oracle *o);

/* --- memory.c --- */
bool is_memory(const struct oracle *o, uint32_t physical);
uint32_t memory_get(const struct oracle *o, uint32_t physical, unsigned size);
/* A load or store.  False: *fault. */
bool access_memory(struct oracle *o, const struct insn *insn, struct fault *fault);
/* It goes, as things are now, to what is not cached memory: a device, an uncached page, an isolated cache. */
bool leaves_memory(const struct oracle *o, const struct insn *insn);
bool accesses_memory(enum oracle_id id);

/* --- execute.c --- */
/* False: *fault.  Either way pc is where it must be. */
bool execute(struct oracle *o, const struct insn *insn, struct fault *fault);
/* Others than the engine do it: a block begins before and after. */
bool is_performed(const struct oracle *o, const struct insn *insn);

/* --- time.c --- */
void spend(struct oracle *o, enum oracle_cause cause, uint64_t cycles);
/* T2, T3: waits for what the instruction reads.  From here to its spend_instruction the clock is its t. */
void wait_for_operands(struct oracle *o, const struct insn *insn);
/* T1 ... T6 of an instruction that begins now. */
void spend_instruction(struct oracle *o, const struct insn *insn, bool taken);
/* T7, at now. */
void pass_write_buffer(struct oracle *o);
