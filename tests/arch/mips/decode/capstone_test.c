/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decoding against Capstone, an independent disassembler, over words of all opcodes with random fields.
 *
 * Capstone knows MIPS32 and MIPS III whole, and no R3000: what is compared is stated here.
 *   - a word that we call defined and not odd must be known to it by our name for it, coprocessors' apart
 *   - a word that it calls by one of our names, and that we call reserved, must be one that the generation lacks
 *   - registers read and written, by its own accounts of operands, for loads and stores
 * Names: it prints move, b, bal, nop, negu and their like for special cases; they are ours with a register of zero.
 */
#include <capstone/capstone.h>
#include <criterion/criterion.h>
#include <string.h>
#include "sim/arch/mips/decode.h"

static csh handle;
static cs_insn *theirs;

static void open_capstone(void)
{
	cr_assert_eq(cs_open(CS_ARCH_MIPS, (cs_mode)(CS_MODE_MIPS32 | CS_MODE_LITTLE_ENDIAN), &handle), CS_ERR_OK);
	cs_option(handle, CS_OPT_DETAIL, CS_OPT_ON);
	theirs = cs_malloc(handle);
}

static void close_capstone(void)
{
	cs_free(theirs, 1);
	cs_close(&handle);
}

/* What Capstone calls special cases of an instruction. */
static const struct { const char *ours, *theirs; } alias[] = {
	{ "sll", "nop" }, { "sll", "ssnop" }, { "sll", "ehb" }, { "sll", "pause" }, { "addu", "move" }, { "or", "move" },
	{ "subu", "negu" }, { "sub", "neg" }, { "nor", "not" }, { "beq", "b" }, { "beq", "beqz" }, { "bne", "bnez" },
	{ "bgezal", "bal" }, { "beql", "beqzl" }, { "bnel", "bnezl" }, { "addiu", "li" }, { "ori", "li" },
	{ "jalr", "jalr.hb" }, { "jr", "jr.hb" }, { "srl", "rotr" }, { "srlv", "rotrv" },
};

static bool same_name(const char *ours, const char *name)
{
	if (strcmp(ours, name) == 0)
		return true;
	for (size_t n = 0; n < sizeof alias / sizeof *alias; n++)
		if (strcmp(alias[n].ours, ours) == 0 && strcmp(alias[n].theirs, name) == 0)
			return true;
	return false;
}

static bool is_compared(const struct mips_instruction *insn)
{
	switch (insn->operation) {
	case MIPS_RESERVED: case MIPS_COPROCESSOR: case MIPS_RFE: return false;
	case MIPS_WAIT: case MIPS_TLBR: case MIPS_TLBWI: case MIPS_TLBWR: case MIPS_TLBP: case MIPS_ERET:
		return !(insn->word & 0x01ffffc0); /* Capstone wants all bits, we the function's */
	default: return !insn->odd;
	}
}

/* Registers of the general set that its operands name, as bits. */
static uint32_t operand_registers(void)
{
	const cs_mips *mips = &theirs->detail->mips;
	uint32_t bits = 0;

	for (unsigned n = 0; n < mips->op_count; n++) {
		unsigned reg = mips->operands[n].type == MIPS_OP_REG   ? (unsigned)mips->operands[n].reg
		               : mips->operands[n].type == MIPS_OP_MEM ? (unsigned)mips->operands[n].mem.base : 0;
		if (reg >= MIPS_REG_0 && reg <= MIPS_REG_31)
			bits |= 1u << (reg - MIPS_REG_0);
	}
	return bits & ~1u;
}

static uint32_t our_registers(const struct mips_instruction *insn)
{
	return (insn->reads | 1u << insn->writes) & ~1u;
}

static bool is_memory(const struct mips_instruction *insn)
{
	return insn->size || insn->operation == MIPS_CACHE;
}

/* What differs, NULL: nothing; counts in *compared what can be compared. */
static const char *compare(uint32_t word, uint32_t generation, unsigned *compared)
{
	struct mips_instruction insn;
	const uint8_t *bytes = (const uint8_t *)&word;
	uint64_t address = 0x80001000;
	size_t left = 4;
	char text[64], *blank;
	bool known;

	mips_decode(word, generation, &insn);
	if (!is_compared(&insn))
		return NULL;
	++*compared;
	known = cs_disasm_iter(handle, &bytes, &left, &address, theirs);
	if (!known)
		return "whether it is defined";
	mips_disassemble(&insn, 0x80001000, text, sizeof text);
	blank = strchr(text, ' ');
	if (blank)
		*blank = '\0';
	if (!same_name(text, theirs->mnemonic))
		return "its name";
	if (is_memory(&insn) && operand_registers() != our_registers(&insn))
		return "its registers";
	return NULL;
}

static uint32_t random_word(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*state >> 32);
}

Test(mips_decode, agrees_with_capstone_on_names_and_memory_registers, .init = open_capstone, .fini = close_capstone)
{
	uint64_t state = 1;
	unsigned different = 0, compared = 0;

	for (unsigned n = 0; n < 300000; n++) {
		uint32_t word = (random_word(&state) & 0x03ffffff) | (n % 64) << 26;
		const char *what;

		if (n / 64 % 2) /* most of the bits that must be zero are */
			word &= 0xfffff83fu;
		what = compare(word, 2 + n % 3, &compared);
		if (what && different++ < 5)
			cr_log_error("%08x, generation %u: %s (%s %s)", word, 2 + n % 3, what, theirs->mnemonic, theirs->op_str);
	}
	cr_expect_eq(different, 0, "%u of %u words differ", different, compared);
	cr_expect_gt(compared, 100000);
}

/* The other way: what Capstone knows of MIPS I is not reserved to us. */
static bool is_first_generation(const char *name)
{
	static const char *const names[] = { "add", "addi", "addiu", "addu", "and", "andi", "beq", "bgez", "bgezal", "bgtz",
		"blez", "bltz", "bltzal", "bne", "break", "div", "divu", "j", "jal", "jalr", "jr", "lb", "lbu", "lh", "lhu",
		"lui", "lw", "lwl", "lwr", "mfc0", "mfhi", "mflo", "mtc0", "mthi", "mtlo", "mult", "multu", "nor", "or", "ori",
		"sb", "sh", "sll", "sllv", "slt", "slti", "sltiu", "sltu", "sra", "srav", "srl", "srlv", "sub", "subu", "sw",
		"swl", "swr", "syscall", "tlbp", "tlbr", "tlbwi", "tlbwr", "xor", "xori" };

	for (size_t n = 0; n < sizeof names / sizeof *names; n++)
		if (strcmp(names[n], name) == 0)
			return true;
	return false;
}

Test(mips_decode, reserves_nothing_of_the_first_generation_that_capstone_knows, .init = open_capstone,
     .fini = close_capstone)
{
	uint64_t state = 2;
	unsigned seen = 0;

	for (unsigned n = 0; n < 300000; n++) {
		uint32_t word = (random_word(&state) & 0x03fff83f) | (n % 64) << 26;
		const uint8_t *bytes = (const uint8_t *)&word;
		uint64_t address = 0;
		size_t left = 4;
		struct mips_instruction insn;

		mips_decode(word, 3, &insn);
		if (!cs_disasm_iter(handle, &bytes, &left, &address, theirs) || !is_first_generation(theirs->mnemonic))
			continue;
		seen++;
		cr_expect_neq(insn.operation, MIPS_RESERVED, "%08x %s %s", word, theirs->mnemonic, theirs->op_str);
	}
	cr_expect_gt(seen, 50000);
}
