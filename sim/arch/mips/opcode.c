/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The opcode map of R2000, R3000 and R4000 in 32-bit mode.
 *
 * Written from the opcode bit encodings of Kane, "MIPS RISC Architecture" (appendix A) and of the "MIPS R4000
 * Microprocessor User's Manual" (appendix A).  Four tables: the opcode (bits 31..26), of SPECIAL its function (5..0), of
 * REGIMM its rt field (20..16), of COP0 its rs field (25..21), of that CO (16) its function.
 *
 * What is left out, and so is reserved: the R4000's instructions on 64 bits, which its 32-bit user mode refuses.
 * What is put in although the R4000 does not have it: wait, as MIPS32 has it, so that a kernel can idle.
 */
#include "sim/arch/mips/opcode.h"

#define ROW(generations_, name_, operation_, form_, ...)                                                          \
	{ .generations = IN_##generations_, .operation = MIPS_##operation_, .form = FORM_##form_, .name = name_, __VA_ARGS__ }
#define SIZE(n_) .size = (n_)
#define SIGNED_  .flags = OPCODE_SIGNED
#define EXTENDED .flags = OPCODE_SIGNED
#define PART     .size = 4, .flags = OPCODE_UNALIGNED
#define FROM_HL  .flags = OPCODE_READS_HILO
#define TO_HL    .flags = OPCODE_WRITES_HILO
#define TO_HL_SIGNED .flags = OPCODE_WRITES_HILO | OPCODE_SIGNED

enum { OP_SPECIAL = 0, OP_REGIMM = 1, OP_COP0 = 16, RS_CO = 16 };

static const struct opcode primary[64] = {
	[2] = ROW(ALL, "j", JUMP, TARGET),
	[3] = ROW(ALL, "jal", JUMP, TARGET_LINK),
	[4] = ROW(ALL, "beq", BRANCH, S_T_BRANCH),
	[5] = ROW(ALL, "bne", BRANCH, S_T_BRANCH),
	[6] = ROW(ALL, "blez", BRANCH, S_ZERO_BRANCH),
	[7] = ROW(ALL, "bgtz", BRANCH, S_ZERO_BRANCH),
	[8] = ROW(ALL, "addi", OVERFLOWING, T_S_IMMEDIATE),
	[9] = ROW(ALL, "addiu", ORDINARY, T_S_IMMEDIATE),
	[10] = ROW(ALL, "slti", ORDINARY, T_S_IMMEDIATE),
	[11] = ROW(ALL, "sltiu", ORDINARY, T_S_IMMEDIATE),
	[12] = ROW(ALL, "andi", ORDINARY, T_S_IMMEDIATE),
	[13] = ROW(ALL, "ori", ORDINARY, T_S_IMMEDIATE),
	[14] = ROW(ALL, "xori", ORDINARY, T_S_IMMEDIATE),
	[15] = ROW(ALL, "lui", ORDINARY, T_IMMEDIATE),
	[17] = ROW(ALL, "cop1", COPROCESSOR, NONE),
	[18] = ROW(ALL, "cop2", COPROCESSOR, NONE),
	[19] = ROW(3, "cop3", COPROCESSOR, NONE),
	[20] = ROW(4, "beql", BRANCH_LIKELY, S_T_BRANCH),
	[21] = ROW(4, "bnel", BRANCH_LIKELY, S_T_BRANCH),
	[22] = ROW(4, "blezl", BRANCH_LIKELY, S_ZERO_BRANCH),
	[23] = ROW(4, "bgtzl", BRANCH_LIKELY, S_ZERO_BRANCH),
	[32] = ROW(ALL, "lb", LOAD, LOAD, SIZE(1), EXTENDED),
	[33] = ROW(ALL, "lh", LOAD, LOAD, SIZE(2), EXTENDED),
	[34] = ROW(ALL, "lwl", LOAD, MERGE, PART),
	[35] = ROW(ALL, "lw", LOAD, LOAD, SIZE(4)),
	[36] = ROW(ALL, "lbu", LOAD, LOAD, SIZE(1)),
	[37] = ROW(ALL, "lhu", LOAD, LOAD, SIZE(2)),
	[38] = ROW(ALL, "lwr", LOAD, MERGE, PART),
	[40] = ROW(ALL, "sb", STORE, STORE, SIZE(1)),
	[41] = ROW(ALL, "sh", STORE, STORE, SIZE(2)),
	[42] = ROW(ALL, "swl", STORE, STORE, PART),
	[43] = ROW(ALL, "sw", STORE, STORE, SIZE(4)),
	[46] = ROW(ALL, "swr", STORE, STORE, PART),
	[47] = ROW(4, "cache", CACHE, OPERATION),
	[48] = ROW(4, "ll", LOAD_LINKED, LOAD, SIZE(4)),
	[49] = ROW(ALL, "lwc1", COPROCESSOR, NONE),
	[50] = ROW(ALL, "lwc2", COPROCESSOR, NONE),
	[51] = ROW(3, "lwc3", COPROCESSOR, NONE),
	[53] = ROW(4, "ldc1", COPROCESSOR, NONE),
	[54] = ROW(4, "ldc2", COPROCESSOR, NONE),
	[56] = ROW(4, "sc", STORE_CONDITIONAL, MERGE, SIZE(4)),
	[57] = ROW(ALL, "swc1", COPROCESSOR, NONE),
	[58] = ROW(ALL, "swc2", COPROCESSOR, NONE),
	[59] = ROW(3, "swc3", COPROCESSOR, NONE),
	[61] = ROW(4, "sdc1", COPROCESSOR, NONE),
	[62] = ROW(4, "sdc2", COPROCESSOR, NONE),
};

static const struct opcode special[64] = {
	[0] = ROW(ALL, "sll", ORDINARY, D_T_SHIFT),
	[2] = ROW(ALL, "srl", ORDINARY, D_T_SHIFT),
	[3] = ROW(ALL, "sra", ORDINARY, D_T_SHIFT),
	[4] = ROW(ALL, "sllv", ORDINARY, D_T_S),
	[6] = ROW(ALL, "srlv", ORDINARY, D_T_S),
	[7] = ROW(ALL, "srav", ORDINARY, D_T_S),
	[8] = ROW(ALL, "jr", JUMP_REGISTER, S),
	[9] = ROW(ALL, "jalr", JUMP_REGISTER, D_S),
	[12] = ROW(ALL, "syscall", SYSCALL, CODE),
	[13] = ROW(ALL, "break", BREAK, CODE),
	[15] = ROW(4, "sync", SYNC, NONE),
	[16] = ROW(ALL, "mfhi", FROM_HILO, D, FROM_HL),
	[17] = ROW(ALL, "mthi", TO_HILO, S, TO_HL),
	[18] = ROW(ALL, "mflo", FROM_HILO, D, FROM_HL),
	[19] = ROW(ALL, "mtlo", TO_HILO, S, TO_HL),
	[24] = ROW(ALL, "mult", MULTIPLY, S_T, TO_HL_SIGNED),
	[25] = ROW(ALL, "multu", MULTIPLY, S_T, TO_HL),
	[26] = ROW(ALL, "div", DIVIDE, S_T, TO_HL_SIGNED),
	[27] = ROW(ALL, "divu", DIVIDE, S_T, TO_HL),
	[32] = ROW(ALL, "add", OVERFLOWING, D_S_T),
	[33] = ROW(ALL, "addu", ORDINARY, D_S_T),
	[34] = ROW(ALL, "sub", OVERFLOWING, D_S_T),
	[35] = ROW(ALL, "subu", ORDINARY, D_S_T),
	[36] = ROW(ALL, "and", ORDINARY, D_S_T),
	[37] = ROW(ALL, "or", ORDINARY, D_S_T),
	[38] = ROW(ALL, "xor", ORDINARY, D_S_T),
	[39] = ROW(ALL, "nor", ORDINARY, D_S_T),
	[42] = ROW(ALL, "slt", ORDINARY, D_S_T),
	[43] = ROW(ALL, "sltu", ORDINARY, D_S_T),
	[48] = ROW(4, "tge", TRAPPING, S_T_CODE),
	[49] = ROW(4, "tgeu", TRAPPING, S_T_CODE),
	[50] = ROW(4, "tlt", TRAPPING, S_T_CODE),
	[51] = ROW(4, "tltu", TRAPPING, S_T_CODE),
	[52] = ROW(4, "teq", TRAPPING, S_T_CODE),
	[54] = ROW(4, "tne", TRAPPING, S_T_CODE),
};

static const struct opcode regimm[32] = {
	[0] = ROW(ALL, "bltz", BRANCH, S_BRANCH),
	[1] = ROW(ALL, "bgez", BRANCH, S_BRANCH),
	[2] = ROW(4, "bltzl", BRANCH_LIKELY, S_BRANCH),
	[3] = ROW(4, "bgezl", BRANCH_LIKELY, S_BRANCH),
	[8] = ROW(4, "tgei", TRAPPING, S_IMMEDIATE),
	[9] = ROW(4, "tgeiu", TRAPPING, S_IMMEDIATE),
	[10] = ROW(4, "tlti", TRAPPING, S_IMMEDIATE),
	[11] = ROW(4, "tltiu", TRAPPING, S_IMMEDIATE),
	[12] = ROW(4, "teqi", TRAPPING, S_IMMEDIATE),
	[14] = ROW(4, "tnei", TRAPPING, S_IMMEDIATE),
	[16] = ROW(ALL, "bltzal", BRANCH, S_BRANCH_LINK),
	[17] = ROW(ALL, "bgezal", BRANCH, S_BRANCH_LINK),
	[18] = ROW(4, "bltzall", BRANCH_LIKELY, S_BRANCH_LINK),
	[19] = ROW(4, "bgezall", BRANCH_LIKELY, S_BRANCH_LINK),
};

static const struct opcode cop0[32] = {
	[0] = ROW(ALL, "mfc0", MFC0, FROM_CP0),
	[4] = ROW(ALL, "mtc0", MTC0, TO_CP0),
};

static const struct opcode co[64] = {
	[1] = ROW(ALL, "tlbr", TLBR, CP0),
	[2] = ROW(ALL, "tlbwi", TLBWI, CP0),
	[6] = ROW(ALL, "tlbwr", TLBWR, CP0),
	[8] = ROW(ALL, "tlbp", TLBP, CP0),
	[16] = ROW(3, "rfe", RFE, CP0),
	[24] = ROW(4, "eret", ERET, CP0),
	[32] = ROW(4, "wait", WAIT, CP0),
};

const struct opcode *opcode_of(uint32_t word)
{
	unsigned opcode = word >> 26, rs = word >> 21 & 31, rt = word >> 16 & 31, function = word & 63;

	switch (opcode) {
	case OP_SPECIAL: return &special[function];
	case OP_REGIMM: return &regimm[rt];
	case OP_COP0: return rs & RS_CO ? &co[function] : &cop0[rs];
	default: return &primary[opcode];
	}
}

const char *opcode_operands(enum opcode_form form)
{
	static const char *const operands[FORM_COUNT] = {
#define X(name, operands_, reads, writes, zero) [FORM_##name] = operands_,
		OPCODE_FORMS(X)
#undef X
	};
	return operands[form];
}
