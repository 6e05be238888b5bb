/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The opcode map: what the bits of an instruction say before its registers are looked at.  opcode.c holds the map,
 * decode.c reads it.
 */
#pragma once
#include "sim/arch/mips/decode.h"

/* Which generations define a row. */
enum opcode_generations { IN_NONE = 0, IN_3 = 1 /* R2000, R3000 */, IN_4 = 2, IN_ALL = 3 };

/*
 * Forms: which fields an instruction has, as the assembler writes them.
 * X(name, "operands", reads, writes, must be zero)
 * Letters of operands: d, s, t registers; h shift amount; i immediate; b branch target; j jump target; m memory operand
 * imm(rs); c register of coprocessor 0; k code of 20 bits; o of 5 (cache).
 * Reads, writes: of FIELD_...; must be zero: bits of the word that the manual wants zero.
 */
enum opcode_fields { FIELD_S = 1, FIELD_T = 2, FIELD_D = 4, FIELD_RA = 8 };
#define BITS_S 0x03e00000u
#define BITS_T 0x001f0000u
#define BITS_D 0x0000f800u
#define BITS_H 0x000007c0u
#define OPCODE_FORMS(X)                                                                                           \
	X(NONE, "", 0, 0, 0)                                                                                      \
	X(D_S_T, "d,s,t", FIELD_S | FIELD_T, FIELD_D, BITS_H)                                                     \
	X(D_T_SHIFT, "d,t,h", FIELD_T, FIELD_D, BITS_S)                                                           \
	X(D_T_S, "d,t,s", FIELD_S | FIELD_T, FIELD_D, BITS_H)                                                     \
	X(S, "s", FIELD_S, 0, BITS_T | BITS_D | BITS_H)                                                           \
	X(D, "d", 0, FIELD_D, BITS_S | BITS_T | BITS_H)                                                           \
	X(D_S, "d,s", FIELD_S, FIELD_D, BITS_T | BITS_H)                                                          \
	X(S_T, "s,t", FIELD_S | FIELD_T, 0, BITS_D | BITS_H)                                                      \
	X(CODE, "k", 0, 0, 0)                                                                                     \
	X(S_T_CODE, "s,t", FIELD_S | FIELD_T, 0, 0)                                                               \
	X(S_IMMEDIATE, "s,i", FIELD_S, 0, 0)                                                                      \
	X(T_S_IMMEDIATE, "t,s,i", FIELD_S, FIELD_T, 0)                                                            \
	X(T_IMMEDIATE, "t,i", 0, FIELD_T, BITS_S)                                                                 \
	X(S_T_BRANCH, "s,t,b", FIELD_S | FIELD_T, 0, 0)                                                           \
	X(S_BRANCH, "s,b", FIELD_S, 0, 0)                                                                         \
	X(S_ZERO_BRANCH, "s,b", FIELD_S, 0, BITS_T)                                                               \
	X(S_BRANCH_LINK, "s,b", FIELD_S, FIELD_RA, 0)                                                             \
	X(TARGET, "j", 0, 0, 0)                                                                                   \
	X(TARGET_LINK, "j", 0, FIELD_RA, 0)                                                                       \
	X(LOAD, "t,m", FIELD_S, FIELD_T, 0)                                                                       \
	X(MERGE, "t,m", FIELD_S | FIELD_T, FIELD_T, 0)                                                            \
	X(STORE, "t,m", FIELD_S | FIELD_T, 0, 0)                                                                  \
	X(OPERATION, "o,m", FIELD_S, 0, 0)                                                                        \
	X(FROM_CP0, "t,c", 0, FIELD_T, 0x7ff)                                                                     \
	X(TO_CP0, "t,c", FIELD_T, 0, 0x7ff)                                                                       \
	X(CP0, "", 0, 0, 0)
enum opcode_form {
#define X(name, operands, reads, writes, zero) FORM_##name,
	OPCODE_FORMS(X)
#undef X
	FORM_COUNT
};

enum opcode_flags {
	OPCODE_SIGNED = 1 << 0,      /* mult, div, lb, lh */
	OPCODE_UNALIGNED = 1 << 1,   /* lwl, lwr, swl, swr */
	OPCODE_READS_HILO = 1 << 2,
	OPCODE_WRITES_HILO = 1 << 3
};

struct opcode {
	uint8_t generations;         /* enum opcode_generations; IN_NONE: reserved for all */
	uint8_t operation;           /* enum mips_operation */
	uint8_t form;                /* enum opcode_form */
	uint8_t flags;               /* of enum opcode_flags */
	uint8_t size;                /* of memory accessed */
	char name[8];
};

/* The row of a word; reserved rows too.  Never NULL. */
const struct opcode *opcode_of(uint32_t word);
/* A form's operands, as the assembler orders them. */
const char *opcode_operands(enum opcode_form form);
