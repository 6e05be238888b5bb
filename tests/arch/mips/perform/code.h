/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of instructions, from the manual's formats: for tests that make code as they go. */
#pragma once
#include "sim/arch/mips/cpu.h"

#define WORD_R(function, rs, rt, rd, shift) \
	((uint32_t)(rs) << 21 | (uint32_t)(rt) << 16 | (uint32_t)(rd) << 11 | (uint32_t)(shift) << 6 | (function))
#define WORD_I(opcode, rs, rt, immediate) \
	((uint32_t)(opcode) << 26 | (uint32_t)(rs) << 21 | (uint32_t)(rt) << 16 | ((uint32_t)(immediate) & 0xffff))

#define NOP 0u
#define SLL(rd, rt, n) WORD_R(0, 0, rt, rd, n)
#define SRL(rd, rt, n) WORD_R(2, 0, rt, rd, n)
#define SRA(rd, rt, n) WORD_R(3, 0, rt, rd, n)
#define SLLV(rd, rt, rs) WORD_R(4, rs, rt, rd, 0)
#define SRLV(rd, rt, rs) WORD_R(6, rs, rt, rd, 0)
#define SRAV(rd, rt, rs) WORD_R(7, rs, rt, rd, 0)
#define JR(rs) WORD_R(8, rs, 0, 0, 0)
#define JALR(rd, rs) WORD_R(9, rs, 0, rd, 0)
#define SYSCALL 12u
#define BREAK 13u
#define SYNC 15u
#define MFHI(rd) WORD_R(16, 0, 0, rd, 0)
#define MTHI(rs) WORD_R(17, rs, 0, 0, 0)
#define MFLO(rd) WORD_R(18, 0, 0, rd, 0)
#define MTLO(rs) WORD_R(19, rs, 0, 0, 0)
#define MULT(rs, rt) WORD_R(24, rs, rt, 0, 0)
#define MULTU(rs, rt) WORD_R(25, rs, rt, 0, 0)
#define DIV(rs, rt) WORD_R(26, rs, rt, 0, 0)
#define DIVU(rs, rt) WORD_R(27, rs, rt, 0, 0)
#define ADD(rd, rs, rt) WORD_R(32, rs, rt, rd, 0)
#define ADDU(rd, rs, rt) WORD_R(33, rs, rt, rd, 0)
#define SUB(rd, rs, rt) WORD_R(34, rs, rt, rd, 0)
#define SUBU(rd, rs, rt) WORD_R(35, rs, rt, rd, 0)
#define AND(rd, rs, rt) WORD_R(36, rs, rt, rd, 0)
#define OR(rd, rs, rt) WORD_R(37, rs, rt, rd, 0)
#define XOR(rd, rs, rt) WORD_R(38, rs, rt, rd, 0)
#define NOR(rd, rs, rt) WORD_R(39, rs, rt, rd, 0)
#define SLT(rd, rs, rt) WORD_R(42, rs, rt, rd, 0)
#define SLTU(rd, rs, rt) WORD_R(43, rs, rt, rd, 0)
#define TRAP(n, rs, rt) WORD_R(48 + (n), rs, rt, 0, 0)
#define TRAPI(n, rs, i) WORD_I(1, rs, 8 + (n), i)
#define BLTZ(rs, n) WORD_I(1, rs, 0, n)
#define BLTZAL(rs, n) WORD_I(1, rs, 16, n)
#define BGEZAL(rs, n) WORD_I(1, rs, 17, n)
#define BEQ(rs, rt, n) WORD_I(4, rs, rt, n)
#define BNE(rs, rt, n) WORD_I(5, rs, rt, n)
#define BEQL(rs, rt, n) WORD_I(20, rs, rt, n)
#define J(target) (2u << 26 | ((uint32_t)(target) >> 2 & 0x03ffffff))
#define JAL(target) (3u << 26 | ((uint32_t)(target) >> 2 & 0x03ffffff))
#define ADDI(rt, rs, i) WORD_I(8, rs, rt, i)
#define ADDIU(rt, rs, i) WORD_I(9, rs, rt, i)
#define SLTI(rt, rs, i) WORD_I(10, rs, rt, i)
#define SLTIU(rt, rs, i) WORD_I(11, rs, rt, i)
#define ANDI(rt, rs, i) WORD_I(12, rs, rt, i)
#define ORI(rt, rs, i) WORD_I(13, rs, rt, i)
#define XORI(rt, rs, i) WORD_I(14, rs, rt, i)
#define LUI(rt, i) WORD_I(15, 0, rt, i)
#define LB(rt, i, rs) WORD_I(32, rs, rt, i)
#define LH(rt, i, rs) WORD_I(33, rs, rt, i)
#define LWL(rt, i, rs) WORD_I(34, rs, rt, i)
#define LW(rt, i, rs) WORD_I(35, rs, rt, i)
#define LBU(rt, i, rs) WORD_I(36, rs, rt, i)
#define LHU(rt, i, rs) WORD_I(37, rs, rt, i)
#define LWR(rt, i, rs) WORD_I(38, rs, rt, i)
#define SB(rt, i, rs) WORD_I(40, rs, rt, i)
#define SH(rt, i, rs) WORD_I(41, rs, rt, i)
#define SWL(rt, i, rs) WORD_I(42, rs, rt, i)
#define SW(rt, i, rs) WORD_I(43, rs, rt, i)
#define SWR(rt, i, rs) WORD_I(46, rs, rt, i)
#define CACHE(op, i, rs) WORD_I(47, rs, op, i)
#define LL(rt, i, rs) WORD_I(48, rs, rt, i)
#define SC(rt, i, rs) WORD_I(56, rs, rt, i)
#define MFC0(rt, rd) (0x40000000u | (uint32_t)(rt) << 16 | (uint32_t)(rd) << 11)
#define MTC0(rt, rd) (0x40800000u | (uint32_t)(rt) << 16 | (uint32_t)(rd) << 11)
#define TLBR 0x42000001u
#define TLBWI 0x42000002u
#define TLBWR 0x42000006u
#define TLBP 0x42000008u
#define RFE 0x42000010u
#define ERET 0x42000018u
#define WAIT 0x42000020u
#define COP0_UNDEFINED 0x42000000u
#define COP1_ADD 0x46041000u
