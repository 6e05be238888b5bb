/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decoding, by table: word -> what the manuals say of it, for each generation.  The words were made by the GNU assembler
 * from the text beside them; what is read and written was written by hand.
 */
#include <criterion/criterion.h>
#include "sim/arch/mips/decode.h"

enum in { IN_NONE = 0, IN_3 = 1, IN_4 = 2, IN_ALL = 3 };
#define R(name) (1u << R_##name)

struct vector {
	const char *text;
	uint32_t word;
	enum in in;
	enum mips_operation operation;
	uint32_t reads;
	unsigned writes, size;
	bool is_signed, aligned, reads_hilo, writes_hilo;
};

#define V(text_, word_, in_, operation_, reads_, writes_, ...)                                                     \
	{ .text = text_, .word = (word_), .in = IN_##in_, .operation = MIPS_##operation_, .reads = (reads_),       \
	  .writes = (writes_), __VA_ARGS__ }
static const struct vector vectors[] = {
	V("nop", 0x00000000, ALL, ORDINARY, 0, 0),
	V("sll t0,t1,31", 0x000947c0, ALL, ORDINARY, R(T1), R_T0),
	V("srl v0,v1,5", 0x00031142, ALL, ORDINARY, R(V1), R_V0),
	V("sra a0,a1,1", 0x00052043, ALL, ORDINARY, R(A1), R_A0),
	V("sllv t0,t1,t2", 0x01494004, ALL, ORDINARY, R(T1) | R(T2), R_T0),
	V("srlv t0,t1,t2", 0x01494006, ALL, ORDINARY, R(T1) | R(T2), R_T0),
	V("srav t0,t1,t2", 0x01494007, ALL, ORDINARY, R(T1) | R(T2), R_T0),
	V("add s0,s1,s2", 0x02328020, ALL, OVERFLOWING, R(S1) | R(S2), R_S0),
	V("addu s0,s1,s2", 0x02328021, ALL, ORDINARY, R(S1) | R(S2), R_S0),
	V("sub s0,s1,s2", 0x02328022, ALL, OVERFLOWING, R(S1) | R(S2), R_S0),
	V("subu zero,s1,s2", 0x02320023, ALL, ORDINARY, R(S1) | R(S2), 0),
	V("and s3,s4,s5", 0x02959824, ALL, ORDINARY, R(S4) | R(S5), R_S3),
	V("or s3,s4,zero", 0x02809825, ALL, ORDINARY, R(S4), R_S3),
	V("xor s6,s7,t8", 0x02f8b026, ALL, ORDINARY, R(S7) | R(T8), R_S6),
	V("nor t9,k0,k1", 0x035bc827, ALL, ORDINARY, R(K0) | R(K1), R_T9),
	V("slt gp,sp,fp", 0x03bee02a, ALL, ORDINARY, R(SP) | R(FP), R_GP),
	V("sltu ra,at,v0", 0x0022f82b, ALL, ORDINARY, R(AT) | R(V0), R_RA),
	V("addi t0,t1,-32768", 0x21288000, ALL, OVERFLOWING, R(T1), R_T0),
	V("addiu sp,sp,-24", 0x27bdffe8, ALL, ORDINARY, R(SP), R_SP),
	V("slti t0,t1,32767", 0x29287fff, ALL, ORDINARY, R(T1), R_T0),
	V("sltiu t0,t1,-1", 0x2d28ffff, ALL, ORDINARY, R(T1), R_T0),
	V("andi t0,t1,0xffff", 0x3128ffff, ALL, ORDINARY, R(T1), R_T0),
	V("ori t0,t1,0x8000", 0x35288000, ALL, ORDINARY, R(T1), R_T0),
	V("xori t0,t1,0x1", 0x39280001, ALL, ORDINARY, R(T1), R_T0),
	V("lui a0,0x8000", 0x3c048000, ALL, ORDINARY, 0, R_A0),
	V("mult a0,a1", 0x00850018, ALL, MULTIPLY, R(A0) | R(A1), 0, .is_signed = true, .writes_hilo = true),
	V("multu a0,a1", 0x00850019, ALL, MULTIPLY, R(A0) | R(A1), 0, .writes_hilo = true),
	V("div a0,a1", 0x0085001a, ALL, DIVIDE, R(A0) | R(A1), 0, .is_signed = true, .writes_hilo = true),
	V("divu a0,a1", 0x0085001b, ALL, DIVIDE, R(A0) | R(A1), 0, .writes_hilo = true),
	V("mfhi v0", 0x00001010, ALL, FROM_HILO, 0, R_V0, .reads_hilo = true),
	V("mflo v1", 0x00001812, ALL, FROM_HILO, 0, R_V1, .reads_hilo = true),
	V("mthi v0", 0x00400011, ALL, TO_HILO, R(V0), 0, .writes_hilo = true),
	V("mtlo v1", 0x00600013, ALL, TO_HILO, R(V1), 0, .writes_hilo = true),
	V("lb t0,-1(t1)", 0x8128ffff, ALL, LOAD, R(T1), R_T0, .size = 1, .is_signed = true, .aligned = true),
	V("lbu t0,0(t1)", 0x91280000, ALL, LOAD, R(T1), R_T0, .size = 1, .aligned = true),
	V("lh t0,2(t1)", 0x85280002, ALL, LOAD, R(T1), R_T0, .size = 2, .is_signed = true, .aligned = true),
	V("lhu t0,2(zero)", 0x94080002, ALL, LOAD, 0, R_T0, .size = 2, .aligned = true),
	V("lw ra,20(sp)", 0x8fbf0014, ALL, LOAD, R(SP), R_RA, .size = 4, .aligned = true),
	V("lw zero,0(a0)", 0x8c800000, ALL, LOAD, R(A0), 0, .size = 4, .aligned = true),
	V("lwl t0,3(t1)", 0x89280003, ALL, LOAD, R(T0) | R(T1), R_T0, .size = 4),
	V("lwr t0,0(t1)", 0x99280000, ALL, LOAD, R(T0) | R(T1), R_T0, .size = 4),
	V("sb t0,-32768(t1)", 0xa1288000, ALL, STORE, R(T0) | R(T1), 0, .size = 1, .aligned = true),
	V("sh t0,6(t1)", 0xa5280006, ALL, STORE, R(T0) | R(T1), 0, .size = 2, .aligned = true),
	V("sw zero,32764(gp)", 0xaf807ffc, ALL, STORE, R(GP), 0, .size = 4, .aligned = true),
	V("swl t0,3(t1)", 0xa9280003, ALL, STORE, R(T0) | R(T1), 0, .size = 4),
	V("swr t0,0(t1)", 0xb9280000, ALL, STORE, R(T0) | R(T1), 0, .size = 4),
	V("ll t0,4(t1)", 0xc1280004, 4, LOAD_LINKED, R(T1), R_T0, .size = 4, .aligned = true),
	V("sc t0,4(t1)", 0xe1280004, 4, STORE_CONDITIONAL, R(T0) | R(T1), R_T0, .size = 4, .aligned = true),
	V("beq t0,t1,0x14", 0x11090004, ALL, BRANCH, R(T0) | R(T1), 0),
	V("bne t0,zero,0xfffffff4", 0x1500fffc, ALL, BRANCH, R(T0), 0),
	V("blez t0,0x14", 0x19000004, ALL, BRANCH, R(T0), 0),
	V("bgtz t0,0x14", 0x1d000004, ALL, BRANCH, R(T0), 0),
	V("bltz t0,0x14", 0x05000004, ALL, BRANCH, R(T0), 0),
	V("bgez t0,0x14", 0x05010004, ALL, BRANCH, R(T0), 0),
	V("bltzal t0,0x14", 0x05100004, ALL, BRANCH, R(T0), R_RA),
	V("bgezal t0,0x14", 0x05110004, ALL, BRANCH, R(T0), R_RA),
	V("beql t0,t1,0x14", 0x51090004, 4, BRANCH_LIKELY, R(T0) | R(T1), 0),
	V("bnel t0,t1,0x14", 0x55090004, 4, BRANCH_LIKELY, R(T0) | R(T1), 0),
	V("blezl t0,0x14", 0x59000004, 4, BRANCH_LIKELY, R(T0), 0),
	V("bgtzl t0,0x14", 0x5d000004, 4, BRANCH_LIKELY, R(T0), 0),
	V("bltzl t0,0x14", 0x05020004, 4, BRANCH_LIKELY, R(T0), 0),
	V("bgezl t0,0x14", 0x05030004, 4, BRANCH_LIKELY, R(T0), 0),
	V("bltzall t0,0x14", 0x05120004, 4, BRANCH_LIKELY, R(T0), R_RA),
	V("bgezall t0,0x14", 0x05130004, 4, BRANCH_LIKELY, R(T0), R_RA),
	V("j 0x400100", 0x08100040, ALL, JUMP, 0, 0),
	V("jal 0x400200", 0x0c100080, ALL, JUMP, 0, R_RA),
	V("jr ra", 0x03e00008, ALL, JUMP_REGISTER, R(RA), 0),
	V("jalr ra,t9", 0x0320f809, ALL, JUMP_REGISTER, R(T9), R_RA),
	V("jalr v0,t9", 0x03201009, ALL, JUMP_REGISTER, R(T9), R_V0),
	V("syscall 0x0", 0x0000000c, ALL, SYSCALL, 0, 0),
	V("break 0x1c00", 0x0007000d, ALL, BREAK, 0, 0),
	V("sync", 0x0000000f, 4, SYNC, 0, 0),
	V("tge t0,t1", 0x01090030, 4, TRAPPING, R(T0) | R(T1), 0),
	V("tgeu t0,t1", 0x01090031, 4, TRAPPING, R(T0) | R(T1), 0),
	V("tlt t0,t1", 0x01090032, 4, TRAPPING, R(T0) | R(T1), 0),
	V("tltu t0,t1", 0x01090033, 4, TRAPPING, R(T0) | R(T1), 0),
	V("teq t0,t1", 0x01090034, 4, TRAPPING, R(T0) | R(T1), 0),
	V("tne t0,t1", 0x01090036, 4, TRAPPING, R(T0) | R(T1), 0),
	V("tgei t0,-2", 0x0508fffe, 4, TRAPPING, R(T0), 0),
	V("tgeiu t0,-2", 0x0509fffe, 4, TRAPPING, R(T0), 0),
	V("tlti t0,-2", 0x050afffe, 4, TRAPPING, R(T0), 0),
	V("tltiu t0,-2", 0x050bfffe, 4, TRAPPING, R(T0), 0),
	V("teqi t0,-2", 0x050cfffe, 4, TRAPPING, R(T0), 0),
	V("tnei t0,-2", 0x050efffe, 4, TRAPPING, R(T0), 0),
	V("mfc0 k0,epc", 0x401a7000, ALL, MFC0, 0, R_K0),
	V("mtc0 k0,entryhi", 0x409a5000, ALL, MTC0, R(K0), 0),
	V("tlbr", 0x42000001, ALL, TLBR, 0, 0),
	V("tlbwi", 0x42000002, ALL, TLBWI, 0, 0),
	V("tlbwr", 0x42000006, ALL, TLBWR, 0, 0),
	V("tlbp", 0x42000008, ALL, TLBP, 0, 0),
	V("rfe", 0x42000010, 3, RFE, 0, 0),
	V("eret", 0x42000018, 4, ERET, 0, 0),
	V("wait", 0x42000020, 4, WAIT, 0, 0),
	V("cache 0x15,32(a0)", 0xbc950020, 4, CACHE, R(A0), 0),
	V("lwc1 0xc4820004", 0xc4820004, ALL, COPROCESSOR, 0, 0),
	V("swc2 0xe8820004", 0xe8820004, ALL, COPROCESSOR, 0, 0),
	V("cop1 0x46041000", 0x46041000, ALL, COPROCESSOR, 0, 0),
	V("cop3 0x4c000000", 0x4c000000, 3, COPROCESSOR, 0, 0),
	V("lwc3 0xcc000000", 0xcc000000, 3, COPROCESSOR, 0, 0),
	V("ldc1 0xd4820008", 0xd4820008, 4, COPROCESSOR, 0, 0),
	V(".word 0x0000002d", 0x0000002d, NONE, RESERVED, 0, 0),
	V(".word 0x64210001", 0x64210001, NONE, RESERVED, 0, 0),
	V(".word 0xdc820000", 0xdc820000, NONE, RESERVED, 0, 0),
	V(".word 0x7c000000", 0x7c000000, NONE, RESERVED, 0, 0),
	V(".word 0x70831002", 0x70831002, NONE, RESERVED, 0, 0),
	V(".word 0x0000000a", 0x0000000a, NONE, RESERVED, 0, 0),
	V(".word 0x04050000", 0x04050000, NONE, RESERVED, 0, 0),
	V(".word 0x40200000", 0x40200000, NONE, RESERVED, 0, 0),
	V(".word 0x41000000", 0x41000000, NONE, RESERVED, 0, 0),
	V(".word 0x42000000", 0x42000000, NONE, RESERVED, 0, 0),
};
#define VECTORS (sizeof vectors / sizeof *vectors)

static void expect_reserved(const struct vector *v, uint32_t generation)
{
	struct mips_instruction insn;

	mips_decode(v->word, generation, &insn);
	cr_expect_eq(insn.operation, MIPS_RESERVED, "%s on generation %u: %s", v->text, generation,
	             mips_operation_name(insn.operation));
	cr_expect(!insn.reads && !insn.writes && !insn.size && !insn.reads_hilo && !insn.writes_hilo);
}

static void expect_decoded(const struct vector *v, uint32_t generation)
{
	struct mips_instruction insn;

	mips_decode(v->word, generation, &insn);
	cr_expect_eq(insn.operation, v->operation, "%s: %s", v->text, mips_operation_name(insn.operation));
	cr_expect_eq(insn.reads, v->reads, "%s reads %#x", v->text, insn.reads);
	cr_expect_eq(insn.writes, v->writes, "%s writes %u", v->text, insn.writes);
	cr_expect_eq(insn.size, v->size, "%s: size %u", v->text, insn.size);
	cr_expect_eq(insn.is_signed, v->is_signed, "%s: signed", v->text);
	cr_expect_eq(insn.aligned, v->aligned, "%s: aligned", v->text);
	cr_expect_eq(insn.reads_hilo, v->reads_hilo, "%s: reads HI, LO", v->text);
	cr_expect_eq(insn.writes_hilo, v->writes_hilo, "%s: writes HI, LO", v->text);
	cr_expect(!insn.odd && !insn.absent, "%s", v->text);
}

Test(mips_decode, words_are_what_the_manuals_say)
{
	for (unsigned n = 0; n < VECTORS; n++)
		for (uint32_t generation = 2; generation <= 4; generation++) {
			if (vectors[n].in & (generation == 4 ? IN_4 : IN_3))
				expect_decoded(&vectors[n], generation);
			else
				expect_reserved(&vectors[n], generation);
		}
}

Test(mips_decode, instructions_are_printed_as_the_assembler_wants_them)
{
	for (unsigned n = 0; n < VECTORS; n++) {
		struct mips_instruction insn;
		char text[64];

		mips_decode(vectors[n].word, vectors[n].in & IN_3 ? 3 : 4, &insn);
		mips_disassemble(&insn, 0, text, sizeof text);
		cr_expect_str_eq(text, vectors[n].text, "%s: %s", vectors[n].text, text);
	}
}

Test(mips_decode, text_is_cut_to_its_room)
{
	struct mips_instruction insn;

	for (unsigned n = 0; n < VECTORS; n++)
		for (size_t room = 1; room < 20; room++) {
			char text[24];

			memset(text, 0x55, sizeof text);
			mips_decode(vectors[n].word, 4, &insn);
			mips_disassemble(&insn, 0, text, room);
			cr_assert_lt(strnlen(text, room), room);
			cr_assert_eq(text[room], 0x55);
		}
}

Test(mips_decode, fields_are_taken_apart)
{
	struct mips_instruction insn;

	mips_decode(0x2128fffc, 3, &insn); /* addi t0,t1,-4 */
	cr_assert(insn.rs == R_T1 && insn.rt == R_T0 && insn.immediate == -4);
	mips_decode(0x000947c0, 3, &insn); /* sll t0,t1,31 */
	cr_assert(insn.rd == R_T0 && insn.rt == R_T1 && insn.shift == 31);
	mips_decode(0x0bffffff, 3, &insn); /* j */
	cr_assert_eq(insn.target, 0x0ffffffc);
	cr_assert_eq(insn.word, 0x0bffffff);
}

Test(mips_decode, bits_that_must_be_zero_make_an_instruction_odd_and_nothing_else)
{
	static const uint32_t odd[][2] = {
		{ 0x00094fc0, 0x00294fc0 }, /* sll with rs */ { 0x01494004, 0x014947c4 }, /* sllv with a shift */
		{ 0x02328021, 0x02328061 }, /* addu with a shift */ { 0x00850018, 0x00850818 }, /* mult with rd */
		{ 0x3c048000, 0x3c248000 }, /* lui with rs */ { 0x00001010, 0x00201010 }, /* mfhi with rs */
		{ 0x19000004, 0x19010004 }, /* blez with rt */ { 0x03e00008, 0x03e00048 }, /* jr with a hint */
		{ 0x401a7000, 0x401a7001 }, /* mfc0 with a selector */
	};

	for (unsigned n = 0; n < sizeof odd / sizeof *odd; n++) {
		struct mips_instruction plain, strange;

		mips_decode(odd[n][0], 3, &plain);
		mips_decode(odd[n][1], 3, &strange);
		cr_expect(!plain.odd && strange.odd, "%#x", odd[n][1]);
		cr_expect(plain.operation == strange.operation && plain.reads == strange.reads &&
		          plain.writes == strange.writes, "%#x", odd[n][1]);
	}
}

Test(mips_decode, what_the_simulator_performs_is_said_by_the_operation)
{
	for (unsigned n = 0; n < MIPS_OPERATION_COUNT; n++) {
		bool mine = n == MIPS_LOAD_LINKED || n == MIPS_STORE_CONDITIONAL || n == MIPS_SYNC || n >= MIPS_MFC0;

		cr_expect_eq(mips_operation_performed((enum mips_operation)n), mine, "%s",
		             mips_operation_name((enum mips_operation)n));
	}
}

/* --- branches --- */

static const int32_t values[] = { 0, 1, -1, INT32_MAX, INT32_MIN };
#define VALUES (sizeof values / sizeof *values)

/* The condition by its name, in C. */
static bool condition(const char *text, int32_t s, int32_t t)
{
	if (!strncmp(text, "beq", 3))
		return s == t;
	if (!strncmp(text, "bne", 3))
		return s != t;
	if (!strncmp(text, "blez", 4))
		return s <= 0;
	if (!strncmp(text, "bgtz", 4))
		return s > 0;
	return strncmp(text, "bltz", 4) ? s >= 0 : s < 0;
}

Test(mips_decode, branches_are_taken_by_their_condition)
{
	for (unsigned n = 0; n < VECTORS; n++) {
		const struct vector *v = &vectors[n];
		struct mips_instruction insn;

		if (v->operation != MIPS_BRANCH && v->operation != MIPS_BRANCH_LIKELY)
			continue;
		mips_decode(v->word, 4, &insn);
		cr_assert(mips_has_slot(&insn));
		for (unsigned i = 0; i < VALUES * VALUES; i++) {
			uint32_t reg[32] = { [R_T0] = (uint32_t)values[i / VALUES], [R_T1] = (uint32_t)values[i % VALUES] };
			int32_t t = insn.rt == R_T1 ? values[i % VALUES] : 0;
			bool taken = condition(v->text, values[i / VALUES], t);
			vaddr_t to = 0x80001000u + 4 + (uint32_t)insn.immediate * 4;

			cr_expect_eq(mips_branch_taken(&insn, reg), taken, "%s %d %d", v->text, values[i / VALUES], t);
			cr_expect_eq(mips_branch_target(&insn, 0x80001000, reg), taken ? to : 0x80001008, "%s", v->text);
		}
	}
}

Test(mips_decode, jumps_stay_in_the_region_of_their_slot)
{
	uint32_t reg[32] = { [R_T9] = 0x12345679 };
	struct mips_instruction insn;

	mips_decode(0x08100040, 3, &insn); /* j 0x400100 */
	cr_assert_eq(mips_branch_target(&insn, 0x80001000, reg), 0x80400100);
	cr_assert_eq(mips_branch_target(&insn, 0x8ffffffc, reg), 0x90400100); /* the slot is in the next region */
	mips_decode(0x0320f809, 3, &insn); /* jalr t9 */
	cr_assert_eq(mips_branch_target(&insn, 0x80001000, reg), 0x12345679);
}
