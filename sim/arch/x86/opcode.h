/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The opcode map: what the bytes of an instruction say before its operands are
 * looked at.  opcode.c holds the map, decode.c reads it.
 */
#pragma once
#include "sim/arch/x86/decode.h"

/* How the parts of an instruction are used: flags of struct opcode. */
enum opcode_flags {
	OPCODE_MODRM = 1 << 0,           /* a modrm byte follows */
	OPCODE_BYTE = 1 << 1,            /* the operation is on bytes */
	OPCODE_REG_READ = 1 << 2,        /* the modrm's reg field is a general register, read */
	OPCODE_REG_WRITE = 1 << 3,       /* and written */
	OPCODE_RM_READ = 1 << 4,         /* the r/m operand (register, memory, or direct offset) is read */
	OPCODE_RM_WRITE = 1 << 5,        /* and written */
	OPCODE_LOW_READ = 1 << 6,        /* the opcode's low three bits are a register, read */
	OPCODE_LOW_WRITE = 1 << 7,       /* and written */
	OPCODE_LOCK = 1 << 8,            /* lock is legal if r/m is memory */
	OPCODE_LOCK_BEFORE_5 = 1 << 9,   /* the same, but for the Pentium */
	OPCODE_MEMORY_ONLY = 1 << 10,    /* undefined with a register as r/m */
	OPCODE_MOD_IGNORED = 1 << 11,    /* r/m is a register whatever mod says (control and debug registers) */
	OPCODE_ENDS = 1 << 12,           /* control may go elsewhere */
	OPCODE_SIZED_COST = 1 << 13,     /* the cost key is that of 16 bits; the next one is that of 32 */
	OPCODE_SIZE_32 = 1 << 14         /* 32 bits, whatever the prefixes say */
};

/* What follows the modrm byte and its displacement. */
enum opcode_immediate {
	IMM_NONE,
	IMM_S8,      /* a byte, sign-extended */
	IMM_U8,      /* a byte, a number without sign: a vector, port, count */
	IMM_U16,     /* bytes to pop */
	IMM_Z,       /* as long as the operand, 2 or 4 bytes */
	IMM_FAR,     /* offset as long as the operand, then a selector */
	IMM_ENTER,   /* 16 bits of frame, 8 bits of level */
	IMM_OFFSET   /* an offset as long as an address: the memory operand */
};

/* How many bytes of the r/m operand are meant. */
enum opcode_size {
	SIZE_OPERAND, /* the operand size (1 with OPCODE_BYTE) */
	SIZE_1, SIZE_2, SIZE_6, SIZE_8,
	SIZE_FAR,     /* an offset of operand size and a selector */
	SIZE_PAIR,    /* two of operand size */
	SIZE_NOTHING  /* an address that is not accessed */
};

/* The groups: opcodes that the modrm's reg field tells apart. */
enum opcode_group {
	GROUP_NONE, GROUP_1_BYTE, GROUP_1_IMMEDIATE, GROUP_1_SIGNED, GROUP_POP, GROUP_SHIFT_IMMEDIATE, GROUP_SHIFT_1,
	GROUP_SHIFT_CL, GROUP_MOV, GROUP_3_BYTE, GROUP_3, GROUP_4, GROUP_5, GROUP_6, GROUP_7, GROUP_8, GROUP_9,
	GROUP_COUNT
};

struct opcode {
	uint8_t family;          /* the least that defines it: 3, 4, 5; 0: none does */
	uint8_t operation;       /* enum x86_operation */
	uint8_t immediate, size; /* enum opcode_immediate, opcode_size */
	uint8_t pairing;         /* enum x86_pairing */
	uint8_t group;           /* enum opcode_group: all else stands in the group's member */
	int8_t stack;            /* operands pushed (> 0) or popped */
	uint8_t reads, writes;   /* general registers that no field names, a bit each */
	uint16_t flags;          /* enum opcode_flags */
	uint16_t cost_register, cost_memory; /* enum x86_cost; memory's is taken if r/m is memory */
	uint16_t extra_memory;   /* a key that is added if r/m is memory; 0: none (MOV_RR is never an extra) */
};

extern const struct opcode opcode_one_byte[256];
extern const struct opcode opcode_two_byte[256]; /* after 0f */
extern const struct opcode opcode_group[GROUP_COUNT][8];
