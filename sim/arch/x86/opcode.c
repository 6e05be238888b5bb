/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The opcode map of i386, i486 and Pentium.
 *
 * Written from the opcode tables of the Intel386 DX Programmer's Reference
 * Manual (appendix A), the i486 Processor Programmer's Reference Manual
 * (appendix A) and the Pentium Processor User's Manual, volume 3 (appendix A);
 * pairing classes from its appendix on optimization (simple instructions).
 *
 * A row reads: the least family, who executes it, how its parts are used, the
 * immediate, the cost key with a register, with memory, the Pentium's pairing;
 * then what is unusual: stack, size of r/m, registers that no field names.
 *
 * What hardware executes although the tables leave it blank is in the map:
 * 82 as 80, f6/1 and f7/1 as test, shift /6 as shl, d6.  The bytes f1 (debug
 * port) and 0f 24, 0f 26 (test registers) are not: no model has what they reach.
 */
#include "sim/arch/x86/opcode.h"

#define COST_NONE X86_COST_COUNT

#define ROW(family_, operation_, flags_, immediate_, register_, memory_, pairing_, ...)                      \
	{ .family = (family_), .operation = OP_##operation_, .flags = (flags_), .immediate = IMM_##immediate_, \
	  .cost_register = COST_##register_, .cost_memory = COST_##memory_, .pairing = PAIR_##pairing_, __VA_ARGS__ }
#define GROUP(name_) { .family = 3, .flags = OPCODE_MODRM, .group = GROUP_##name_ }

/* Operands, in the manuals' letters: E is r/m, G the reg field, b a byte. */
#define BYTE      OPCODE_BYTE
#define LOW       OPCODE_LOW_READ
#define LOW_W     OPCODE_LOW_WRITE
#define ENDS      OPCODE_ENDS
#define LOCK      OPCODE_LOCK
#define MEMORY    OPCODE_MEMORY_ONLY
#define E         OPCODE_MODRM
#define E_R       (OPCODE_MODRM | OPCODE_RM_READ)
#define E_W       (OPCODE_MODRM | OPCODE_RM_WRITE)
#define E_RW      (E_R | E_W)
#define G_R       OPCODE_REG_READ
#define G_W       OPCODE_REG_WRITE
#define G_RW      (G_R | G_W)
#define O_R       OPCODE_RM_READ  /* direct offset */
#define O_W       OPCODE_RM_WRITE
#define R(name_)  (1u << E##name_)
#define READS(...)  .reads = (__VA_ARGS__)
#define WRITES(...) .writes = (__VA_ARGS__)
#define BOTH(...)   .reads = (__VA_ARGS__), .writes = (__VA_ARGS__)
#define STACK(n_)   .stack = (n_)
#define SIZE(name_) .size = SIZE_##name_
#define EXTRA(name_) .extra_memory = COST_##name_

/* The six forms of add, or, adc, sbb, and, sub, xor. */
#define ARITHMETIC(base_, pairing_)                                                       \
	[(base_) + 0] = ROW(3, ORDINARY, BYTE | E_RW | G_R | LOCK, NONE, ALU_RR, ALU_MR, pairing_), \
	[(base_) + 1] = ROW(3, ORDINARY, E_RW | G_R | LOCK, NONE, ALU_RR, ALU_MR, pairing_),        \
	[(base_) + 2] = ROW(3, ORDINARY, BYTE | E_R | G_RW, NONE, ALU_RR, ALU_RM, pairing_),        \
	[(base_) + 3] = ROW(3, ORDINARY, E_R | G_RW, NONE, ALU_RR, ALU_RM, pairing_),               \
	[(base_) + 4] = ROW(3, ORDINARY, BYTE, S8, ALU_RR, NONE, pairing_, BOTH(R(AX))),            \
	[(base_) + 5] = ROW(3, ORDINARY, 0, Z, ALU_RR, NONE, pairing_, BOTH(R(AX)))

const struct opcode opcode_one_byte[256] = {
	ARITHMETIC(0x00, UV), /* add */
	ARITHMETIC(0x08, UV), /* or */
	ARITHMETIC(0x10, U),  /* adc */
	ARITHMETIC(0x18, U),  /* sbb */
	ARITHMETIC(0x20, UV), /* and */
	ARITHMETIC(0x28, UV), /* sub */
	ARITHMETIC(0x30, UV), /* xor */
	[0x38] = ROW(3, ORDINARY, BYTE | E_R | G_R, NONE, CMP_RR, CMP_RM, UV), /* cmp */
	[0x39] = ROW(3, ORDINARY, E_R | G_R, NONE, CMP_RR, CMP_RM, UV),
	[0x3a] = ROW(3, ORDINARY, BYTE | E_R | G_R, NONE, CMP_RR, CMP_RM, UV),
	[0x3b] = ROW(3, ORDINARY, E_R | G_R, NONE, CMP_RR, CMP_RM, UV),
	[0x3c] = ROW(3, ORDINARY, BYTE, S8, CMP_RR, NONE, UV, READS(R(AX))),
	[0x3d] = ROW(3, ORDINARY, 0, Z, CMP_RR, NONE, UV, READS(R(AX))),

	[0x06] = ROW(3, PUSH_SREG, 0, NONE, PUSH_SREG, NONE, NONE, STACK(1)), /* push es */
	[0x0e] = ROW(3, PUSH_SREG, 0, NONE, PUSH_SREG, NONE, NONE, STACK(1)), /* push cs */
	[0x16] = ROW(3, PUSH_SREG, 0, NONE, PUSH_SREG, NONE, NONE, STACK(1)), /* push ss */
	[0x1e] = ROW(3, PUSH_SREG, 0, NONE, PUSH_SREG, NONE, NONE, STACK(1)), /* push ds */
	[0x07] = ROW(3, POP_SREG, 0, NONE, POP_SREG, NONE, NONE, STACK(-1)),  /* pop es */
	[0x17] = ROW(3, POP_SREG, 0, NONE, POP_SREG, NONE, NONE, STACK(-1)),  /* pop ss */
	[0x1f] = ROW(3, POP_SREG, 0, NONE, POP_SREG, NONE, NONE, STACK(-1)),  /* pop ds */

	[0x27] = ROW(3, ORDINARY, BYTE, NONE, BCD, NONE, NONE, BOTH(R(AX))), /* daa */
	[0x2f] = ROW(3, ORDINARY, BYTE, NONE, BCD, NONE, NONE, BOTH(R(AX))), /* das */
	[0x37] = ROW(3, ORDINARY, BYTE, NONE, BCD, NONE, NONE, BOTH(R(AX))), /* aaa */
	[0x3f] = ROW(3, ORDINARY, BYTE, NONE, BCD, NONE, NONE, BOTH(R(AX))), /* aas */

	[0x40 ... 0x4f] = ROW(3, ORDINARY, LOW | LOW_W, NONE, INC_R, NONE, UV), /* inc, dec */
	[0x50 ... 0x57] = ROW(3, ORDINARY, LOW, NONE, PUSH_R, NONE, UV, STACK(1)),
	[0x58 ... 0x5f] = ROW(3, ORDINARY, LOW_W, NONE, POP_R, NONE, UV, STACK(-1)),

	[0x60] = ROW(3, PUSHA, 0, NONE, PUSHA, NONE, NONE, STACK(8), READS(0xff)),
	[0x61] = ROW(3, POPA, 0, NONE, POPA, NONE, NONE, STACK(-8), WRITES(0xff)),
	[0x62] = ROW(3, BOUND, E_R | G_R | MEMORY, NONE, BOUND, BOUND, NONE, SIZE(PAIR)),
	[0x63] = ROW(3, ARPL, E_RW | G_R, NONE, ARPL, ARPL, NONE, SIZE(2)),
	[0x68] = ROW(3, ORDINARY, 0, Z, PUSH_I, NONE, UV, STACK(1)),
	[0x69] = ROW(3, ORDINARY, E_R | G_W | OPCODE_SIZED_COST, Z, MUL16, MUL16, NONE, EXTRA(MULDIV_MEM)),
	[0x6a] = ROW(3, ORDINARY, 0, S8, PUSH_I, NONE, UV, STACK(1)),
	[0x6b] = ROW(3, ORDINARY, E_R | G_W | OPCODE_SIZED_COST, S8, MUL16, MUL16, NONE, EXTRA(MULDIV_MEM)),
	[0x6c] = ROW(3, INS, BYTE, NONE, INS, NONE, NONE, READS(R(DX) | R(DI) | R(CX)), WRITES(R(DI) | R(CX))),
	[0x6d] = ROW(3, INS, 0, NONE, INS, NONE, NONE, READS(R(DX) | R(DI) | R(CX)), WRITES(R(DI) | R(CX))),
	[0x6e] = ROW(3, OUTS, BYTE, NONE, OUTS, NONE, NONE, READS(R(DX) | R(SI) | R(CX)), WRITES(R(SI) | R(CX))),
	[0x6f] = ROW(3, OUTS, 0, NONE, OUTS, NONE, NONE, READS(R(DX) | R(SI) | R(CX)), WRITES(R(SI) | R(CX))),

	[0x70 ... 0x7f] = ROW(3, JCC, ENDS, S8, JCC, NONE, V),

	[0x80] = GROUP(1_BYTE),
	[0x81] = GROUP(1_IMMEDIATE),
	[0x82] = GROUP(1_BYTE),
	[0x83] = GROUP(1_SIGNED),
	[0x84] = ROW(3, ORDINARY, BYTE | E_R | G_R, NONE, CMP_RR, CMP_RM, UV), /* test */
	[0x85] = ROW(3, ORDINARY, E_R | G_R, NONE, CMP_RR, CMP_RM, UV),
	[0x86] = ROW(3, ORDINARY, BYTE | E_RW | G_RW | LOCK, NONE, XCHG_RR, XCHG_RM, NONE),
	[0x87] = ROW(3, ORDINARY, E_RW | G_RW | LOCK, NONE, XCHG_RR, XCHG_RM, NONE),
	[0x88] = ROW(3, ORDINARY, BYTE | E_W | G_R, NONE, MOV_RR, MOV_STORE, UV),
	[0x89] = ROW(3, ORDINARY, E_W | G_R, NONE, MOV_RR, MOV_STORE, UV),
	[0x8a] = ROW(3, ORDINARY, BYTE | E_R | G_W, NONE, MOV_RR, MOV_LOAD, UV),
	[0x8b] = ROW(3, ORDINARY, E_R | G_W, NONE, MOV_RR, MOV_LOAD, UV),
	[0x8c] = ROW(3, MOV_FROM_SREG, E_W, NONE, MOV_FROM_SREG, MOV_FROM_SREG, NONE, SIZE(2)),
	[0x8d] = ROW(3, ORDINARY, E | G_W | MEMORY, NONE, LEA, LEA, UV, SIZE(NOTHING)),
	[0x8e] = ROW(3, MOV_SREG, E_R, NONE, MOV_SREG, MOV_SREG, NONE, SIZE(2)),
	[0x8f] = GROUP(POP),

	[0x90] = ROW(3, ORDINARY, 0, NONE, NOP, NONE, UV),
	[0x91 ... 0x97] = ROW(3, ORDINARY, LOW | LOW_W, NONE, XCHG_RR, NONE, NONE, BOTH(R(AX))),
	[0x98] = ROW(3, ORDINARY, 0, NONE, CBW, NONE, NONE, BOTH(R(AX))),
	[0x99] = ROW(3, ORDINARY, 0, NONE, CWD, NONE, NONE, READS(R(AX)), WRITES(R(DX))),
	[0x9a] = ROW(3, CALL_FAR, ENDS, FAR, CALL_FAR, NONE, NONE, STACK(2)),
	[0x9b] = ROW(3, WAIT, 0, NONE, WAIT, NONE, NONE),
	[0x9c] = ROW(3, PUSHF, 0, NONE, PUSHF, NONE, NONE, STACK(1)),
	[0x9d] = ROW(3, POPF, 0, NONE, POPF, NONE, NONE, STACK(-1)),
	[0x9e] = ROW(3, ORDINARY, BYTE, NONE, LAHF, NONE, NONE, READS(R(AX))),  /* sahf */
	[0x9f] = ROW(3, ORDINARY, BYTE, NONE, LAHF, NONE, NONE, WRITES(R(AX))), /* lahf */

	[0xa0] = ROW(3, ORDINARY, BYTE | O_R, OFFSET, MOV_LOAD, MOV_LOAD, UV, WRITES(R(AX))),
	[0xa1] = ROW(3, ORDINARY, O_R, OFFSET, MOV_LOAD, MOV_LOAD, UV, WRITES(R(AX))),
	[0xa2] = ROW(3, ORDINARY, BYTE | O_W, OFFSET, MOV_STORE, MOV_STORE, UV, READS(R(AX))),
	[0xa3] = ROW(3, ORDINARY, O_W, OFFSET, MOV_STORE, MOV_STORE, UV, READS(R(AX))),
	[0xa4] = ROW(3, MOVS, BYTE, NONE, MOVS, NONE, NONE, BOTH(R(SI) | R(DI))),
	[0xa5] = ROW(3, MOVS, 0, NONE, MOVS, NONE, NONE, BOTH(R(SI) | R(DI))),
	[0xa6] = ROW(3, CMPS, BYTE, NONE, CMPS, NONE, NONE, BOTH(R(SI) | R(DI))),
	[0xa7] = ROW(3, CMPS, 0, NONE, CMPS, NONE, NONE, BOTH(R(SI) | R(DI))),
	[0xa8] = ROW(3, ORDINARY, BYTE, S8, CMP_RR, NONE, UV, READS(R(AX))), /* test */
	[0xa9] = ROW(3, ORDINARY, 0, Z, CMP_RR, NONE, UV, READS(R(AX))),
	[0xaa] = ROW(3, STOS, BYTE, NONE, STOS, NONE, NONE, READS(R(AX) | R(DI)), WRITES(R(DI))),
	[0xab] = ROW(3, STOS, 0, NONE, STOS, NONE, NONE, READS(R(AX) | R(DI)), WRITES(R(DI))),
	[0xac] = ROW(3, LODS, BYTE, NONE, LODS, NONE, NONE, READS(R(SI)), WRITES(R(AX) | R(SI))),
	[0xad] = ROW(3, LODS, 0, NONE, LODS, NONE, NONE, READS(R(SI)), WRITES(R(AX) | R(SI))),
	[0xae] = ROW(3, SCAS, BYTE, NONE, SCAS, NONE, NONE, READS(R(AX) | R(DI)), WRITES(R(DI))),
	[0xaf] = ROW(3, SCAS, 0, NONE, SCAS, NONE, NONE, READS(R(AX) | R(DI)), WRITES(R(DI))),

	[0xb0 ... 0xb7] = ROW(3, ORDINARY, BYTE | LOW_W, S8, MOV_RR, NONE, UV),
	[0xb8 ... 0xbf] = ROW(3, ORDINARY, LOW_W, Z, MOV_RR, NONE, UV),

	[0xc0] = GROUP(SHIFT_IMMEDIATE),
	[0xc1] = GROUP(SHIFT_IMMEDIATE),
	[0xc2] = ROW(3, RET, ENDS, U16, RET, NONE, NONE, STACK(-1)),
	[0xc3] = ROW(3, RET, ENDS, NONE, RET, NONE, NONE, STACK(-1)),
	[0xc4] = ROW(3, LOAD_FAR_POINTER, E_R | G_W | MEMORY, NONE, LDS, LDS, NONE, SIZE(FAR)), /* les */
	[0xc5] = ROW(3, LOAD_FAR_POINTER, E_R | G_W | MEMORY, NONE, LDS, LDS, NONE, SIZE(FAR)), /* lds */
	[0xc6] = GROUP(MOV),
	[0xc7] = GROUP(MOV),
	[0xc8] = ROW(3, ENTER, 0, ENTER, ENTER, NONE, NONE, STACK(1), BOTH(R(BP))),
	[0xc9] = ROW(3, ORDINARY, 0, NONE, LEAVE, NONE, NONE, STACK(-1), BOTH(R(BP))),
	[0xca] = ROW(3, RET_FAR, ENDS, U16, RET_FAR, NONE, NONE, STACK(-2)),
	[0xcb] = ROW(3, RET_FAR, ENDS, NONE, RET_FAR, NONE, NONE, STACK(-2)),
	[0xcc] = ROW(3, INT3, ENDS, NONE, NONE, NONE, NONE),
	[0xcd] = ROW(3, INT, ENDS, U8, NONE, NONE, NONE),
	[0xce] = ROW(3, INTO, ENDS, NONE, INTO, NONE, NONE),
	[0xcf] = ROW(3, IRET, ENDS, NONE, IRET_SAME, NONE, NONE, STACK(-3)),

	[0xd0] = GROUP(SHIFT_1),
	[0xd1] = GROUP(SHIFT_1),
	[0xd2] = GROUP(SHIFT_CL),
	[0xd3] = GROUP(SHIFT_CL),
	[0xd4] = ROW(3, DIVIDE, BYTE, U8, AAM, NONE, NONE, BOTH(R(AX))),   /* aam 0 is a divide error */
	[0xd5] = ROW(3, ORDINARY, BYTE, U8, AAD, NONE, NONE, BOTH(R(AX))),
	[0xd6] = ROW(3, ORDINARY, BYTE, NONE, MOV_RR, NONE, NONE, WRITES(R(AX))),
	[0xd7] = ROW(3, ORDINARY, BYTE | O_R, NONE, XLAT, XLAT, NONE, READS(R(AX) | R(BX)), WRITES(R(AX))),
	[0xd8 ... 0xdf] = ROW(3, ESC, E, NONE, ESC, ESC, NONE, SIZE(NOTHING)),

	[0xe0 ... 0xe2] = ROW(3, LOOP, ENDS, S8, LOOP, NONE, NONE, BOTH(R(CX))),
	[0xe3] = ROW(3, LOOP, ENDS, S8, LOOP, NONE, NONE, READS(R(CX))), /* jcxz, jecxz */
	[0xe4] = ROW(3, IN, BYTE, U8, IN, NONE, NONE, WRITES(R(AX))),
	[0xe5] = ROW(3, IN, 0, U8, IN, NONE, NONE, WRITES(R(AX))),
	[0xe6] = ROW(3, OUT, BYTE, U8, OUT, NONE, NONE, READS(R(AX))),
	[0xe7] = ROW(3, OUT, 0, U8, OUT, NONE, NONE, READS(R(AX))),
	[0xe8] = ROW(3, CALL, ENDS, Z, CALL, NONE, V, STACK(1)),
	[0xe9] = ROW(3, JMP, ENDS, Z, JMP, NONE, V),
	[0xea] = ROW(3, JMP_FAR, ENDS, FAR, JMP_FAR, NONE, NONE),
	[0xeb] = ROW(3, JMP, ENDS, S8, JMP, NONE, V),
	[0xec] = ROW(3, IN, BYTE, NONE, IN, NONE, NONE, READS(R(DX)), WRITES(R(AX))),
	[0xed] = ROW(3, IN, 0, NONE, IN, NONE, NONE, READS(R(DX)), WRITES(R(AX))),
	[0xee] = ROW(3, OUT, BYTE, NONE, OUT, NONE, NONE, READS(R(DX) | R(AX))),
	[0xef] = ROW(3, OUT, 0, NONE, OUT, NONE, NONE, READS(R(DX) | R(AX))),

	[0xf4] = ROW(3, HLT, ENDS, NONE, HLT, NONE, NONE),
	[0xf5] = ROW(3, ORDINARY, 0, NONE, FLAG, NONE, NONE),
	[0xf6] = GROUP(3_BYTE),
	[0xf7] = GROUP(3),
	[0xf8 ... 0xf9] = ROW(3, ORDINARY, 0, NONE, FLAG, NONE, NONE), /* clc, stc */
	[0xfa] = ROW(3, CLI, 0, NONE, CLI, NONE, NONE),
	[0xfb] = ROW(3, STI, 0, NONE, STI, NONE, NONE),
	[0xfc ... 0xfd] = ROW(3, ORDINARY, 0, NONE, FLAG, NONE, NONE), /* cld, std */
	[0xfe] = GROUP(4),
	[0xff] = GROUP(5),
};

const struct opcode opcode_two_byte[256] = {
	[0x00] = GROUP(6),
	[0x01] = GROUP(7),
	[0x02] = ROW(3, LAR, E_R | G_W, NONE, LAR, LAR, NONE, SIZE(2)),
	[0x03] = ROW(3, LSL, E_R | G_W, NONE, LAR, LAR, NONE, SIZE(2)),
	[0x06] = ROW(3, CLTS, 0, NONE, CLTS, NONE, NONE),
	[0x08] = ROW(4, INVD, 0, NONE, INVD, NONE, NONE),
	[0x09] = ROW(4, WBINVD, 0, NONE, WBINVD, NONE, NONE),

	[0x20] = ROW(3, MOV_FROM_CR, E_W | OPCODE_MOD_IGNORED | OPCODE_SIZE_32, NONE, MOV_FROM_CR, NONE, NONE),
	[0x21] = ROW(3, MOV_FROM_DR, E_W | OPCODE_MOD_IGNORED | OPCODE_SIZE_32, NONE, MOV_DR, NONE, NONE),
	[0x22] = ROW(3, MOV_TO_CR, E_R | OPCODE_MOD_IGNORED | OPCODE_SIZE_32, NONE, MOV_CR0, NONE, NONE),
	[0x23] = ROW(3, MOV_TO_DR, E_R | OPCODE_MOD_IGNORED | OPCODE_SIZE_32, NONE, MOV_DR, NONE, NONE),

	[0x30] = ROW(5, WRMSR, 0, NONE, WRMSR, NONE, NONE, READS(R(AX) | R(CX) | R(DX))),
	[0x31] = ROW(5, RDTSC, 0, NONE, RDTSC, NONE, NONE, WRITES(R(AX) | R(DX))),
	[0x32] = ROW(5, RDMSR, 0, NONE, RDMSR, NONE, NONE, READS(R(CX)), WRITES(R(AX) | R(DX))),

	[0x80 ... 0x8f] = ROW(3, JCC, ENDS, Z, JCC, NONE, V),
	[0x90 ... 0x9f] = ROW(3, ORDINARY, BYTE | E_W, NONE, SETCC_R, SETCC_M, NONE),

	[0xa0] = ROW(3, PUSH_SREG, 0, NONE, PUSH_SREG, NONE, NONE, STACK(1)), /* push fs */
	[0xa1] = ROW(3, POP_SREG, 0, NONE, POP_SREG, NONE, NONE, STACK(-1)),  /* pop fs */
	[0xa2] = ROW(5, CPUID, 0, NONE, CPUID, NONE, NONE, READS(R(AX)), WRITES(R(AX) | R(BX) | R(CX) | R(DX))),
	[0xa3] = ROW(3, ORDINARY, E_R | G_R | OPCODE_LOCK_BEFORE_5, NONE, BT_R, BT_M, NONE),
	[0xa4] = ROW(3, ORDINARY, E_RW | G_R, U8, SHLD_R, SHLD_M, NONE),
	[0xa5] = ROW(3, ORDINARY, E_RW | G_R, NONE, SHLD_R, SHLD_M, NONE, READS(R(CX))),
	[0xa8] = ROW(3, PUSH_SREG, 0, NONE, PUSH_SREG, NONE, NONE, STACK(1)), /* push gs */
	[0xa9] = ROW(3, POP_SREG, 0, NONE, POP_SREG, NONE, NONE, STACK(-1)),  /* pop gs */
	[0xaa] = ROW(5, RSM, ENDS, NONE, NONE, NONE, NONE),
	[0xab] = ROW(3, ORDINARY, E_RW | G_R | LOCK, NONE, BTS_R, BTS_M, NONE), /* bts */
	[0xac] = ROW(3, ORDINARY, E_RW | G_R, U8, SHLD_R, SHLD_M, NONE),
	[0xad] = ROW(3, ORDINARY, E_RW | G_R, NONE, SHLD_R, SHLD_M, NONE, READS(R(CX))),
	[0xaf] = ROW(3, ORDINARY, E_R | G_RW | OPCODE_SIZED_COST, NONE, MUL16, MUL16, NONE, EXTRA(MULDIV_MEM)),

	[0xb0] = ROW(4, ORDINARY, BYTE | E_RW | G_R | LOCK, NONE, CMPXCHG_R, CMPXCHG_M, NONE, BOTH(R(AX))),
	[0xb1] = ROW(4, ORDINARY, E_RW | G_R | LOCK, NONE, CMPXCHG_R, CMPXCHG_M, NONE, BOTH(R(AX))),
	[0xb2] = ROW(3, LOAD_FAR_POINTER, E_R | G_W | MEMORY, NONE, LSS, LSS, NONE, SIZE(FAR)), /* lss */
	[0xb3] = ROW(3, ORDINARY, E_RW | G_R | LOCK, NONE, BTS_R, BTS_M, NONE),                 /* btr */
	[0xb4] = ROW(3, LOAD_FAR_POINTER, E_R | G_W | MEMORY, NONE, LDS, LDS, NONE, SIZE(FAR)), /* lfs */
	[0xb5] = ROW(3, LOAD_FAR_POINTER, E_R | G_W | MEMORY, NONE, LDS, LDS, NONE, SIZE(FAR)), /* lgs */
	[0xb6] = ROW(3, ORDINARY, E_R | G_W, NONE, MOVX_RR, MOVX_RM, NONE, SIZE(1)),
	[0xb7] = ROW(3, ORDINARY, E_R | G_W, NONE, MOVX_RR, MOVX_RM, NONE, SIZE(2)),
	[0xba] = GROUP(8),
	[0xbb] = ROW(3, ORDINARY, E_RW | G_R | LOCK, NONE, BTS_R, BTS_M, NONE),                 /* btc */
	[0xbc ... 0xbd] = ROW(3, ORDINARY, E_R | G_W, NONE, BSF, BSF, NONE),
	[0xbe] = ROW(3, ORDINARY, E_R | G_W, NONE, MOVX_RR, MOVX_RM, NONE, SIZE(1)),
	[0xbf] = ROW(3, ORDINARY, E_R | G_W, NONE, MOVX_RR, MOVX_RM, NONE, SIZE(2)),

	[0xc0] = ROW(4, ORDINARY, BYTE | E_RW | G_RW | LOCK, NONE, XADD_R, XADD_M, NONE),
	[0xc1] = ROW(4, ORDINARY, E_RW | G_RW | LOCK, NONE, XADD_R, XADD_M, NONE),
	[0xc7] = GROUP(9),
	[0xc8 ... 0xcf] = ROW(4, ORDINARY, LOW | LOW_W, NONE, BSWAP, NONE, NONE),
};

/* Group 1: add, or, adc, sbb, and, sub, xor, cmp with an immediate. */
#define IMMEDIATE_ARITHMETIC(byte_, immediate_)                                                  \
	[0] = ROW(3, ORDINARY, (byte_) | E_RW | LOCK, immediate_, ALU_RR, ALU_MR, UV),           \
	[1] = ROW(3, ORDINARY, (byte_) | E_RW | LOCK, immediate_, ALU_RR, ALU_MR, UV),           \
	[2] = ROW(3, ORDINARY, (byte_) | E_RW | LOCK, immediate_, ALU_RR, ALU_MR, U),            \
	[3] = ROW(3, ORDINARY, (byte_) | E_RW | LOCK, immediate_, ALU_RR, ALU_MR, U),            \
	[4] = ROW(3, ORDINARY, (byte_) | E_RW | LOCK, immediate_, ALU_RR, ALU_MR, UV),           \
	[5] = ROW(3, ORDINARY, (byte_) | E_RW | LOCK, immediate_, ALU_RR, ALU_MR, UV),           \
	[6] = ROW(3, ORDINARY, (byte_) | E_RW | LOCK, immediate_, ALU_RR, ALU_MR, UV),           \
	[7] = ROW(3, ORDINARY, (byte_) | E_R, immediate_, CMP_RR, CMP_RM, UV)

/* Group 3: test, not, neg, mul, imul, div, idiv. Multiplying bytes is within ax. */
#define UNARY(byte_, sized_, immediate_, mul_, div_, idiv_, pair_)                                                     \
	[0 ... 1] = ROW(3, ORDINARY, (byte_) | E_R, immediate_, CMP_RR, CMP_RM, NONE),                                 \
	[2] = ROW(3, ORDINARY, (byte_) | E_RW | LOCK, NONE, NEG_R, NEG_M, NONE),                                       \
	[3] = ROW(3, ORDINARY, (byte_) | E_RW | LOCK, NONE, NEG_R, NEG_M, NONE),                                       \
	[4 ... 5] = ROW(3, ORDINARY, (byte_) | (sized_) | E_R, NONE, mul_, mul_, NONE, READS(R(AX)), WRITES(pair_),    \
	                EXTRA(MULDIV_MEM)),                                                              \
	[6] = ROW(3, DIVIDE, (byte_) | (sized_) | E_R, NONE, div_, div_, NONE, READS(pair_), WRITES(pair_),            \
	          EXTRA(MULDIV_MEM)),                                                                    \
	[7] = ROW(3, DIVIDE, (byte_) | (sized_) | E_R, NONE, idiv_, idiv_, NONE, READS(pair_), WRITES(pair_),          \
	          EXTRA(MULDIV_MEM))

/*
 * Group 2: rol, ror, rcl, rcr, shl, shr, shl, sar.  The byte forms are told from the others by the opcode's lowest
 * bit (decode.c).  The Pentium's pipe U takes all by 1, and shifts but not rotates by an immediate.
 */
#define SHIFT_MEMBER(immediate_, cl_, register_, memory_, pairing_) \
	ROW(3, ORDINARY, E_RW, immediate_, register_, memory_, pairing_, READS(cl_))

const struct opcode opcode_group[GROUP_COUNT][8] = {
	[GROUP_1_BYTE] = { IMMEDIATE_ARITHMETIC(BYTE, S8) },
	[GROUP_1_IMMEDIATE] = { IMMEDIATE_ARITHMETIC(0, Z) },
	[GROUP_1_SIGNED] = { IMMEDIATE_ARITHMETIC(0, S8) },
	[GROUP_POP] = { [0] = ROW(3, ORDINARY, E_W, NONE, POP_R, POP_M, NONE, STACK(-1)) },
	[GROUP_SHIFT_IMMEDIATE] = {
		[0 ... 1] = SHIFT_MEMBER(U8, 0, SHIFT_RI, SHIFT_MI, NONE),
		[2 ... 3] = SHIFT_MEMBER(U8, 0, RCL_R, RCL_M, NONE),
		[4 ... 7] = SHIFT_MEMBER(U8, 0, SHIFT_RI, SHIFT_MI, U),
	},
	[GROUP_SHIFT_1] = { [0 ... 7] = SHIFT_MEMBER(NONE, 0, SHIFT_RI, SHIFT_MI, U) },
	[GROUP_SHIFT_CL] = {
		[0 ... 1] = SHIFT_MEMBER(NONE, R(CX), SHIFT_RC, SHIFT_MC, NONE),
		[2 ... 3] = SHIFT_MEMBER(NONE, R(CX), RCL_R, RCL_M, NONE),
		[4 ... 7] = SHIFT_MEMBER(NONE, R(CX), SHIFT_RC, SHIFT_MC, NONE),
	},
	[GROUP_MOV] = { [0] = ROW(3, ORDINARY, E_W, Z, MOV_RR, MOV_STORE, UV) },
	[GROUP_3_BYTE] = { UNARY(BYTE, 0, S8, MUL8, DIV8, IDIV8, R(AX)) },
	[GROUP_3] = { UNARY(0, OPCODE_SIZED_COST, Z, MUL16, DIV16, IDIV16, R(AX) | R(DX)) },
	[GROUP_4] = { [0 ... 1] = ROW(3, ORDINARY, BYTE | E_RW | LOCK, NONE, INC_R, INC_M, UV) },
	[GROUP_5] = {
		[0 ... 1] = ROW(3, ORDINARY, E_RW | LOCK, NONE, INC_R, INC_M, UV),
		[2] = ROW(3, CALL, E_R | ENDS, NONE, CALL_R, CALL_M, NONE, STACK(1)),
		[3] = ROW(3, CALL_FAR_M, E_R | MEMORY | ENDS, NONE, CALL_FAR, CALL_FAR, NONE, SIZE(FAR), STACK(2)),
		[4] = ROW(3, JMP, E_R | ENDS, NONE, JMP_R, JMP_M, NONE),
		[5] = ROW(3, JMP_FAR_M, E_R | MEMORY | ENDS, NONE, JMP_FAR, JMP_FAR, NONE, SIZE(FAR)),
		[6] = ROW(3, ORDINARY, E_R, NONE, PUSH_R, PUSH_M, NONE, STACK(1)),
	},
	[GROUP_6] = {
		[0] = ROW(3, SLDT, E_W, NONE, SLDT, SLDT, NONE, SIZE(2)),
		[1] = ROW(3, STR, E_W, NONE, SLDT, SLDT, NONE, SIZE(2)),
		[2] = ROW(3, LLDT, E_R, NONE, LLDT, LLDT, NONE, SIZE(2)),
		[3] = ROW(3, LTR, E_R, NONE, LTR, LTR, NONE, SIZE(2)),
		[4] = ROW(3, VERR, E_R, NONE, VERR, VERR, NONE, SIZE(2)),
		[5] = ROW(3, VERW, E_R, NONE, VERR, VERR, NONE, SIZE(2)),
	},
	[GROUP_7] = {
		[0] = ROW(3, SGDT, E_W | MEMORY, NONE, SGDT, SGDT, NONE, SIZE(6)),
		[1] = ROW(3, SIDT, E_W | MEMORY, NONE, SGDT, SGDT, NONE, SIZE(6)),
		[2] = ROW(3, LGDT, E_R | MEMORY, NONE, LGDT, LGDT, NONE, SIZE(6)),
		[3] = ROW(3, LIDT, E_R | MEMORY, NONE, LGDT, LGDT, NONE, SIZE(6)),
		[4] = ROW(3, SMSW, E_W, NONE, SMSW, SMSW, NONE, SIZE(2)),
		[6] = ROW(3, LMSW, E_R, NONE, LMSW, LMSW, NONE, SIZE(2)),
		[7] = ROW(4, INVLPG, E | MEMORY, NONE, INVLPG, INVLPG, NONE, SIZE(NOTHING)),
	},
	[GROUP_8] = {
		[4] = ROW(3, ORDINARY, E_R | OPCODE_LOCK_BEFORE_5, U8, BT_R, BT_M, NONE),
		[5 ... 7] = ROW(3, ORDINARY, E_RW | LOCK, U8, BTS_R, BTS_M, NONE), /* bts, btr, btc */
	},
	[GROUP_9] = {
		[1] = ROW(5, ORDINARY, E_RW | MEMORY | LOCK, NONE, CMPXCHG8B, CMPXCHG8B, NONE, SIZE(8),
		          READS(R(AX) | R(BX) | R(CX) | R(DX)), WRITES(R(AX) | R(DX))),
	},
};
