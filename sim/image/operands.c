/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Operands of probes, in the assembler's syntax, as the compiler writes them for the constraints of probe_site.h:
 *
 *     x86    %eax   $5   8(%esp)   (%eax,%ecx,4)   counter+4   table(,%ecx,4)
 *     MIPS   $4   5   8($sp)   16($29)   %lo(counter+4)($2)
 */
#include <stdlib.h>
#include <string.h>

#include "sim/arch/mips/cpu.h"
#include "sim/arch/x86/cpu.h"
#include "sim/image/private.h"

enum { NONE = PROBE_NO_REGISTER };

/* A sum of numbers and symbols: "8", "-4", "counter+4". Empty is 0. */
static bool parse_sum(Elf *elf, const char *text, const char *end, int32_t *out)
{
	uint32_t sum = 0;

	while (text < end) {
		bool minus = *text == '-';

		if (*text == '-' || *text == '+')
			text++;
		const char *term = text;

		while (text < end && *text != '+' && *text != '-')
			text++;
		uint32_t value = 0;

		if (term == text)
			return false;
		if (*term >= '0' && *term <= '9') {
			char *stop;

			value = (uint32_t)strtoul(term, &stop, 0);
			if (stop != text)
				return false;
		} else if (!image_elf_symbol_value(elf, term, (size_t)(text - term), &value)) {
			return false;
		}
		sum += minus ? 0u - value : value;
	}
	*out = (int32_t)sum;
	return true;
}

/* --- x86 --- */

/* "%eax" and its parts: the register's number, NONE if it is none. */
static uint8_t x86_register(const char *text, size_t length)
{
	static const char *const name[8][3] = {
		[EAX] = { "%eax", "%ax", "%al" }, [ECX] = { "%ecx", "%cx", "%cl" }, [EDX] = { "%edx", "%dx", "%dl" },
		[EBX] = { "%ebx", "%bx", "%bl" }, [ESP] = { "%esp", "%sp", "" },    [EBP] = { "%ebp", "%bp", "" },
		[ESI] = { "%esi", "%si", "" },    [EDI] = { "%edi", "%di", "" },
	};

	for (uint8_t r = 0; r < 8; r++)
		for (unsigned form = 0; form < 3; form++)
			if (length && strlen(name[r][form]) == length && memcmp(name[r][form], text, length) == 0)
				return r;
	return NONE;
}

/* "(base,index,scale)", each optional. */
static bool x86_address(const char *text, const char *end, struct probe_argument *argument)
{
	const char *comma = memchr(text, ',', (size_t)(end - text));
	const char *base_end = comma ? comma : end;

	argument->reg = x86_register(text, (size_t)(base_end - text));
	if (argument->reg == NONE && base_end != text)
		return false;
	if (!comma)
		return true;
	const char *index = comma + 1;
	const char *second = memchr(index, ',', (size_t)(end - index));
	const char *index_end = second ? second : end;

	argument->index = x86_register(index, (size_t)(index_end - index));
	if (argument->index == NONE)
		return false;
	argument->scale = second ? (uint8_t)(second[1] - '0') : 1;
	return argument->scale == 1 || argument->scale == 2 || argument->scale == 4 || argument->scale == 8;
}

static bool x86_operand(Elf *elf, const char *text, struct probe_argument *argument)
{
	const char *end = text + strlen(text);

	if (*text == '%') {
		argument->where = PROBE_REGISTER;
		argument->reg = x86_register(text, (size_t)(end - text));
		return argument->reg != NONE;
	}
	if (*text == '$') {
		argument->where = PROBE_CONSTANT;
		return parse_sum(elf, text + 1, end, &argument->value);
	}
	argument->where = PROBE_MEMORY;
	const char *open = strchr(text, '(');

	if (!open)
		return parse_sum(elf, text, end, &argument->value);
	return end[-1] == ')' && parse_sum(elf, text, open, &argument->value) &&
	       x86_address(open + 1, end - 1, argument);
}

/* --- MIPS --- */

/* "$29" or "$sp". */
static uint8_t mips_register(const char *text, size_t length)
{
	static const char *const name[32] = {
		"zero", "at", "v0", "v1", "a0", "a1", "a2", "a3", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7",
		"s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "t8", "t9", "k0", "k1", "gp", "sp", "fp", "ra",
	};
	char *stop;

	if (length < 2 || *text != '$')
		return NONE;
	for (uint8_t r = 0; r < 32; r++)
		if (strlen(name[r]) == length - 1 && memcmp(name[r], text + 1, length - 1) == 0)
			return r;
	unsigned long number = strtoul(text + 1, &stop, 10);
	return text[1] >= '0' && text[1] <= '9' && stop == text + length && number < 32 ? (uint8_t)number : NONE;
}

/* "8" or "%lo(counter+4)", the displacement of a load: 16 bits with a sign. */
static bool mips_displacement(Elf *elf, const char *text, const char *end, int32_t *out)
{
	static const char low[] = "%lo(";
	const size_t length = sizeof low - 1;

	if ((size_t)(end - text) <= length || memcmp(text, low, length) != 0)
		return parse_sum(elf, text, end, out);
	if (end[-1] != ')' || !parse_sum(elf, text + length, end - 1, out))
		return false;
	*out = (int16_t)*out;
	return true;
}

static bool mips_operand(Elf *elf, const char *text, struct probe_argument *argument)
{
	const char *end = text + strlen(text), *open = strrchr(text, '(');

	if (*text == '$') {
		argument->where = PROBE_REGISTER;
		argument->reg = mips_register(text, (size_t)(end - text));
		return argument->reg != NONE;
	}
	if (!open) {
		argument->where = PROBE_CONSTANT;
		return parse_sum(elf, text, end, &argument->value);
	}
	argument->where = PROBE_MEMORY;
	if (end[-1] != ')')
		return false;
	argument->reg = mips_register(open + 1, (size_t)(end - 1 - (open + 1)));
	return argument->reg != NONE && mips_displacement(elf, text, open, &argument->value);
}

bool image_probe_operand(const struct image *image, Elf *elf, const char *text, struct probe_argument *argument)
{
	argument->reg = argument->index = NONE;
	if (!*text)
		return false;
	return image->machine == IMAGE_MIPS ? mips_operand(elf, text, argument) : x86_operand(elf, text, argument);
}
