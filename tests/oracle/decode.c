/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a word to its form in the one list (instructions.def), and the disassembler that prints from it. */
#include "inside.h"
#include <stdio.h>
#include <string.h>

enum { PRIMARY, SPECIAL, REGIMM, COP0, COP0CO, TABLES };

static const struct oracle_form forms[] = {
#define X(id, name, table, number, generation, operands, reads, writes) \
	{ name, operands, I_##id, table, number, generation, READS_##reads, WRITES_##writes },
#include "instructions.def"
#undef X
};
static const struct oracle_form coprocessor = { "coprocessor", "", I_COPROCESSOR, 0, 0, 2, READS_NONE, WRITES_NONE };
static const struct oracle_form reserved = { "reserved", "", I_RESERVED, 0, 0, 2, READS_NONE, WRITES_NONE };

/* The list, by table and number; filled when it is first asked for. */
static const struct oracle_form *find(unsigned table, unsigned number, unsigned generation)
{
	static const struct oracle_form *by_number[TABLES][64];
	static bool filled;
	const struct oracle_form *form;

	for (size_t n = 0; n < sizeof forms / sizeof *forms && !filled; n++)
		by_number[forms[n].table][forms[n].number] = &forms[n];
	filled = true;
	form = by_number[table][number];
	return !form || form->generation > generation || (form->id == I_RFE && generation == 4) ? &reserved : form;
}

/*
 * Operations of a coprocessor that is not there: COPz, and its loads and stores.  Coprocessor 0 has no loads and
 * stores.  The R4000 has neither coprocessor 3 nor its opcodes, but the doubleword loads and stores of 1 and 2.
 */
static bool of_absent_unit(unsigned opcode, unsigned generation)
{
	unsigned unit = opcode & 3, row = opcode >> 2;

	if (!unit || (unit == 3 && generation == 4))
		return false;
	if (row == 4 || row == 12 || row == 14)
		return true;
	return generation == 4 && (row == 13 || row == 15);
}

static const struct oracle_form *form_of(uint32_t word, unsigned generation)
{
	unsigned opcode = word >> 26;

	if (opcode == 0)
		return find(SPECIAL, word & 63, generation);
	if (opcode == 1)
		return find(REGIMM, word >> 16 & 31, generation);
	if (opcode == 16)
		return word >> 25 & 1 ? find(COP0CO, word & 63, generation) : find(COP0, word >> 21 & 31, generation);
	return of_absent_unit(opcode, generation) ? &coprocessor : find(PRIMARY, opcode, generation);
}

void oracle_decode(uint32_t word, unsigned generation, struct insn *insn)
{
	insn->form = form_of(word, generation);
	insn->id = insn->form->id;
	insn->word = word;
	insn->rs = word >> 21 & 31;
	insn->rt = word >> 16 & 31;
	insn->rd = word >> 11 & 31;
	insn->shift = word >> 6 & 31;
	insn->unit = word >> 26 & 3;
	insn->immediate = (uint32_t)(int32_t)(int16_t)word;
}

unsigned oracle_written(const struct insn *insn)
{
	switch (insn->form->writes) {
	case WRITES_D:
		return insn->rd;
	case WRITES_T:
		return insn->rt;
	case WRITES_LINK:
		return 31;
	default:
		return 0;
	}
}

/* --- disassembly --- */

static const char *const names[32] = {
	"zero", "at", "v0", "v1", "a0", "a1", "a2", "a3", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7",
	"s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "t8", "t9", "k0", "k1", "gp", "sp", "fp", "ra"
};

static void operand(char letter, const struct insn *insn, uint32_t pc, char *text, size_t size)
{
	switch (letter) {
	case 'd': snprintf(text, size, "%s", names[insn->rd]); break;
	case 's': snprintf(text, size, "%s", names[insn->rs]); break;
	case 't': snprintf(text, size, "%s", names[insn->rt]); break;
	case 'a': snprintf(text, size, "%u", insn->shift); break;
	case 'i': snprintf(text, size, "%d", (int)insn->immediate); break;
	case 'u': snprintf(text, size, "0x%x", insn->immediate & 0xffff); break;
	case 'b': snprintf(text, size, "0x%08x", pc + 4 + (insn->immediate << 2)); break;
	case 'j': snprintf(text, size, "0x%08x", ((pc + 4) & 0xf0000000) | (insn->word & 0x3ffffff) << 2); break;
	case 'm': snprintf(text, size, "%d(%s)", (int)insn->immediate, names[insn->rs]); break;
	case 'c': snprintf(text, size, "c0_%u", insn->rd); break;
	default: snprintf(text, size, "%c", letter);
	}
}

void oracle_disassemble(uint32_t word, unsigned generation, uint32_t pc, char *text, size_t size)
{
	struct insn insn;
	size_t used;

	oracle_decode(word, generation, &insn);
	if (insn.id == I_RESERVED || insn.id == I_COPROCESSOR) {
		snprintf(text, size, ".word 0x%08x (%s)", word, insn.form->name);
		return;
	}
	snprintf(text, size, "%s%s", insn.form->name, *insn.form->operands ? " " : "");
	for (const char *letter = insn.form->operands; *letter; letter++) {
		used = strlen(text);
		operand(*letter, &insn, pc, text + used, size - used);
	}
}
