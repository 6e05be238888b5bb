/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decoding one word: fields (Kane, "MIPS RISC Architecture", chapter 3: the I, J and R types), the map's row, and what
 * follows from it.
 *
 * Invariants
 *   1. what a generation does not define is MIPS_RESERVED, and reads and writes nothing.
 *   2. register 0 is never among those read or written.
 *   3. the result depends on the word and the generation alone.
 */
#include <stdio.h>
#include <string.h>
#include "sim/arch/mips/opcode.h"

const char *mips_operation_name(enum mips_operation operation)
{
	static const char *const name[MIPS_OPERATION_COUNT] = {
#define X(name_) #name_,
		MIPS_OPERATIONS(X)
#undef X
	};
	return (unsigned)operation < MIPS_OPERATION_COUNT ? name[operation] : "?";
}

bool mips_operation_performed(enum mips_operation operation)
{
	switch (operation) {
	case MIPS_LOAD_LINKED:
	case MIPS_STORE_CONDITIONAL:
	case MIPS_SYNC: return true;
	default: return operation >= MIPS_MFC0;
	}
}

/* --- fields --- */

static void take_fields(uint32_t word, struct mips_instruction *out)
{
	out->word = word;
	out->rs = word >> 21 & 31;
	out->rt = word >> 16 & 31;
	out->rd = word >> 11 & 31;
	out->shift = word >> 6 & 31;
	out->immediate = (int16_t)word;
	out->target = (word & 0x03ffffff) << 2;
}

/* What a form reads, writes, and wants to be zero. */
struct form {
	uint8_t reads, writes;
	uint32_t zero;
};

static const struct form form_of[FORM_COUNT] = {
#define X(name, operands, reads_, writes_, zero_) [FORM_##name] = { (reads_), (writes_), (zero_) },
	OPCODE_FORMS(X)
#undef X
};

static void note_registers(const struct form *form, struct mips_instruction *out)
{
	if (form->reads & FIELD_S)
		out->reads |= 1u << out->rs;
	if (form->reads & FIELD_T)
		out->reads |= 1u << out->rt;
	out->reads &= ~1u;
	if (form->writes)
		out->writes = form->writes == FIELD_D ? out->rd : form->writes == FIELD_T ? out->rt : R_RA;
}

static bool is_in(const struct opcode *row, uint32_t generation)
{
	return row->generations & (generation == 4 ? IN_4 : IN_3);
}

/* See decode.h.  Charges nothing. */
void mips_decode(uint32_t word, uint32_t generation, struct mips_instruction *out)
{
	const struct opcode *row = opcode_of(word);

	memset(out, 0, sizeof *out);
	take_fields(word, out);
	out->operation = MIPS_RESERVED;
	if (!is_in(row, generation))
		return;
	out->operation = row->operation;
	out->size = row->size;
	out->aligned = row->size && !(row->flags & OPCODE_UNALIGNED);
	out->is_signed = row->flags & OPCODE_SIGNED;
	out->reads_hilo = row->flags & OPCODE_READS_HILO;
	out->writes_hilo = row->flags & OPCODE_WRITES_HILO;
	out->odd = word & form_of[row->form].zero;
	note_registers(&form_of[row->form], out);
}

/* --- branches --- */

enum { TEST_EQUAL = 0, TEST_NOT_EQUAL = 1, TEST_NOT_GREATER = 2, TEST_GREATER = 3 };

bool mips_branch_taken(const struct mips_instruction *insn, const uint32_t reg[32])
{
	int32_t s = (int32_t)reg[insn->rs], t = (int32_t)reg[insn->rt];
	unsigned opcode = insn->word >> 26;

	if (insn->operation == MIPS_JUMP || insn->operation == MIPS_JUMP_REGISTER)
		return true;
	if (opcode == 1) /* bltz, bgez and the like: even and odd */
		return insn->rt & 1 ? s >= 0 : s < 0;
	switch (opcode & 3) {
	case TEST_EQUAL: return s == t;
	case TEST_NOT_EQUAL: return s != t;
	case TEST_NOT_GREATER: return s <= 0;
	default: return s > 0;
	}
}

/* Of a branch that is taken. */
static vaddr_t destination(const struct mips_instruction *insn, vaddr_t pc, uint32_t rs)
{
	switch (insn->operation) {
	case MIPS_JUMP: return ((pc + 4) & 0xf0000000) | insn->target;
	case MIPS_JUMP_REGISTER: return rs;
	default: return pc + 4 + ((uint32_t)insn->immediate << 2);
	}
}

vaddr_t mips_branch_target(const struct mips_instruction *insn, vaddr_t pc, const uint32_t reg[32])
{
	return mips_branch_taken(insn, reg) ? destination(insn, pc, reg[insn->rs]) : pc + 8;
}

/* --- disassembly --- */

static const char *register_name(unsigned number)
{
	static const char *const name[32] = { "zero", "at", "v0", "v1", "a0", "a1", "a2", "a3", "t0", "t1", "t2",
		"t3", "t4", "t5", "t6", "t7", "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "t8", "t9", "k0", "k1",
		"gp", "sp", "fp", "ra" };
	return name[number & 31];
}

static const char *cp0_name(unsigned number)
{
	static const char *const name[32] = { "index", "random", "entrylo0", "entrylo1", "context", "pagemask", "wired",
		"c0_7", "badvaddr", "count", "entryhi", "compare", "status", "cause", "epc", "prid", "config", "lladdr",
		"watchlo", "watchhi", "c0_20", "c0_21", "c0_22", "c0_23", "c0_24", "c0_25", "ecc", "cacheerr", "taglo",
		"taghi", "errorepc", "c0_31" };
	return name[number & 31];
}

/* andi, ori, xori, lui have unsigned immediates. */
static int print_immediate(const struct mips_instruction *insn, char *text, size_t size)
{
	unsigned opcode = insn->word >> 26;

	if (opcode >= 12 && opcode <= 15)
		return snprintf(text, size, "0x%x", (unsigned)insn->word & 0xffff);
	return snprintf(text, size, "%d", (int)insn->immediate);
}

static int print_operand(const struct mips_instruction *insn, vaddr_t pc, char letter, char *text, size_t size)
{
	switch (letter) {
	case 'd': return snprintf(text, size, "%s", register_name(insn->rd));
	case 's': return snprintf(text, size, "%s", register_name(insn->rs));
	case 't': return snprintf(text, size, "%s", register_name(insn->rt));
	case 'h': return snprintf(text, size, "%u", insn->shift);
	case 'i': return print_immediate(insn, text, size);
	case 'b': return snprintf(text, size, "0x%x", (unsigned)(pc + 4 + ((uint32_t)insn->immediate << 2)));
	case 'j': return snprintf(text, size, "0x%x", (unsigned)(((pc + 4) & 0xf0000000) | insn->target));
	case 'm': return snprintf(text, size, "%d(%s)", (int)insn->immediate, register_name(insn->rs));
	case 'c': return snprintf(text, size, "%s", cp0_name(insn->rd));
	case 'k': return snprintf(text, size, "0x%x", (unsigned)insn->word >> 6 & 0xfffff);
	default: return snprintf(text, size, "0x%x", insn->rt);
	}
}

/* What has no operands that could be named: "nop", ".word 0x7c000000", "cop1 0x44000000".  False: it has. */
static bool print_bare(const struct mips_instruction *insn, const char *name, char *text, size_t size)
{
	if (!insn->word)
		snprintf(text, size, "nop");
	else if (insn->operation == MIPS_RESERVED || insn->operation == MIPS_COPROCESSOR)
		snprintf(text, size, "%s 0x%08x", insn->operation == MIPS_RESERVED ? ".word" : name, (unsigned)insn->word);
	else
		return false;
	return true;
}

void mips_disassemble(const struct mips_instruction *insn, vaddr_t pc, char *text, size_t size)
{
	const struct opcode *row = opcode_of(insn->word);
	const char *operands = opcode_operands(row->form);
	size_t used;

	if (print_bare(insn, row->name, text, size))
		return;
	used = (size_t)snprintf(text, size, "%s%s", row->name, *operands ? " " : "");
	for (; *operands && used < size; operands++) {
		if (*operands == ',')
			used += (size_t)snprintf(text + used, size - used, ",");
		else
			used += (size_t)print_operand(insn, pc, *operands, text + used, size - used);
	}
}
