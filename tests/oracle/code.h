/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of code, made from their fields: for stages and generated programs. */
#pragma once
#include <stdint.h>

enum {
	ZERO, AT, V0, V1, A0, A1, A2, A3, T0, T1, T2, T3, T4, T5, T6, T7,
	S0, S1, S2, S3, S4, S5, S6, S7, T8, T9, K0, K1, GP, SP, FP, RA
};

/* Instructions of three registers, of the table SPECIAL. */
static inline uint32_t code_r(unsigned function, unsigned rd, unsigned rs, unsigned rt)
{
	return rs << 21 | rt << 16 | rd << 11 | function;
}
static inline uint32_t code_shift(unsigned function, unsigned rd, unsigned rt, unsigned amount)
{
	return rt << 16 | rd << 11 | amount << 6 | function;
}
/* Instructions with an immediate; also branches (offset in words from the slot), loads and stores: rt, offset(rs). */
static inline uint32_t code_i(unsigned opcode, unsigned rt, unsigned rs, unsigned immediate)
{
	return opcode << 26 | rs << 21 | rt << 16 | (immediate & 0xffff);
}
static inline uint32_t code_j(unsigned opcode, uint32_t target) { return opcode << 26 | (target >> 2 & 0x3ffffff); }
static inline uint32_t code_regimm(unsigned number, unsigned rs, unsigned offset)
{
	return 1u << 26 | rs << 21 | number << 16 | (offset & 0xffff);
}
static inline uint32_t code_mfc0(unsigned rt, unsigned register0) { return 0x40000000u | rt << 16 | register0 << 11; }
static inline uint32_t code_mtc0(unsigned rt, unsigned register0) { return 0x40800000u | rt << 16 | register0 << 11; }

enum {
	F_SLL = 0, F_SRL = 2, F_SRA = 3, F_SLLV = 4, F_SRLV = 6, F_SRAV = 7, F_JR = 8, F_JALR = 9, F_SYSCALL = 12,
	F_BREAK = 13, F_MFHI = 16, F_MTHI = 17, F_MFLO = 18, F_MTLO = 19, F_MULT = 24, F_MULTU = 25, F_DIV = 26,
	F_DIVU = 27, F_ADD = 32, F_ADDU = 33, F_SUB = 34, F_SUBU = 35, F_AND = 36, F_OR = 37, F_XOR = 38, F_NOR = 39,
	F_SLT = 42, F_SLTU = 43, F_TGE = 48, F_TNE = 54
};
enum {
	O_J = 2, O_JAL = 3, O_BEQ = 4, O_BNE = 5, O_BLEZ = 6, O_BGTZ = 7, O_ADDI = 8, O_ADDIU = 9, O_SLTI = 10,
	O_SLTIU = 11, O_ANDI = 12, O_ORI = 13, O_XORI = 14, O_LUI = 15, O_BEQL = 20, O_BNEL = 21, O_LB = 32, O_LH = 33,
	O_LWL = 34, O_LW = 35, O_LBU = 36, O_LHU = 37, O_LWR = 38, O_SB = 40, O_SH = 41, O_SWL = 42, O_SW = 43,
	O_SWR = 46, O_CACHE = 47, O_LL = 48, O_SC = 56
};
enum {
	C_INDEX, C_RANDOM, C_ENTRYLO, C_ENTRYLO1, C_CONTEXT, C_PAGEMASK, C_WIRED, C_BADVADDR = 8, C_COUNT, C_ENTRYHI,
	C_COMPARE, C_STATUS, C_CAUSE, C_EPC, C_PRID
};
enum { TLBR = 0x42000001, TLBWI = 0x42000002, TLBWR = 0x42000006, TLBP = 0x42000008 };
enum { RFE = 0x42000010, ERET = 0x42000018 };
enum { NOP = 0 };
