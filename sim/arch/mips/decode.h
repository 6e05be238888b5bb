/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decoding: from a word to what an instruction is, which registers it reads and writes, and who executes it.  The opcode
 * map is data (opcode.c), written from the manuals' tables.  What a generation does not define decodes as reserved for
 * it: the engine's own processor knows more instructions than an R3000, and must not be asked.
 */
#pragma once
#include "sim/arch/mips/cpu.h"
#include "sim/model/model.h"

/* What an instruction is, as far as anybody above the opcode map asks. */
#define MIPS_OPERATIONS(X)                                                                                        \
	X(ORDINARY)              /* register to register, cannot fail */                                          \
	X(OVERFLOWING)           /* add, addi, sub */                                                             \
	X(TRAPPING)              /* tge ... tnei (R4000) */                                                       \
	X(MULTIPLY) X(DIVIDE) X(FROM_HILO) X(TO_HILO)                                                             \
	X(LOAD) X(STORE)         /* lb lbu lh lhu lw lwl lwr; sb sh sw swl swr */                                 \
	X(LOAD_LINKED) X(STORE_CONDITIONAL) /* performed by the simulator */                                      \
	X(BRANCH)                /* conditional, with slot */                                                     \
	X(BRANCH_LIKELY) X(JUMP) /* j, jal */ X(JUMP_REGISTER) /* jr, jalr; in a slot all of them are reserved */  \
	X(SYSCALL) X(BREAK) X(SYNC)                                                                               \
	X(MFC0) X(MTC0) X(TLBR) X(TLBWI) X(TLBWR) X(TLBP) X(RFE) X(ERET) X(CACHE) X(WAIT)                          \
	X(COPROCESSOR)           /* of a unit that is not there, or not usable: CpU */                            \
	X(RESERVED)
enum mips_operation {
#define X(name) MIPS_##name,
	MIPS_OPERATIONS(X)
#undef X
	MIPS_OPERATION_COUNT
};
const char *mips_operation_name(enum mips_operation operation);
/* True for those that the simulator performs on struct mips_cpu: the engine never sees them executed. */
bool mips_operation_performed(enum mips_operation operation);

struct mips_instruction {
	uint32_t word;
	uint8_t operation;       /* enum mips_operation */
	uint8_t size;            /* of memory accessed: 1, 2, 4; 0: none */
	bool aligned;            /* an address that is not a multiple of size is an error (not lwl, lwr, swl, swr) */
	bool is_signed;
	bool writes_hilo, reads_hilo;
	bool absent;             /* a probe's no-op: takes no time (set by who knows) */
	bool odd;                /* bits that must be zero are not: these processors do not look, an engine may */
	uint8_t rs, rt, rd, shift;
	int32_t immediate;       /* sign-extended 16 bits */
	uint32_t target;         /* of j, jal: the low 28 bits */
	uint32_t reads;          /* registers read, bit n of register n; never bit 0 */
	uint8_t writes;          /* the register written, 0: none */
};

/* Decodes a word for a generation (2: R2000, 3: R3000, 4: R4000). */
void mips_decode(uint32_t word, uint32_t generation, struct mips_instruction *out);
/* Its delay slot is the next instruction. */
static inline bool mips_has_slot(const struct mips_instruction *insn)
{
	return insn->operation >= MIPS_BRANCH && insn->operation <= MIPS_JUMP_REGISTER;
}
/* The data address of a load or store. */
static inline vaddr_t mips_address(const struct mips_instruction *insn, const uint32_t reg[32])
{
	return reg[insn->rs] + (uint32_t)insn->immediate;
}
/* Whether a branch at pc is taken with these registers, and where it goes (the target, or pc + 8). */
bool mips_branch_taken(const struct mips_instruction *insn, const uint32_t reg[32]);
vaddr_t mips_branch_target(const struct mips_instruction *insn, vaddr_t pc, const uint32_t reg[32]);
/* One line of disassembly, for messages: "lw t0,4(sp)". */
void mips_disassemble(const struct mips_instruction *insn, vaddr_t pc, char *text, size_t size);
