/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The probe sites of an image: the section .muk_probes that kernel/include/probe.h
 * describes.  An entry is the address of a no-op, the number of arguments, the
 * probe's name, and for each argument "SIZE@OPERAND" as the compiler wrote it:
 *
 *     %eax   $5   8(%esp)   (%eax,%ecx,4)   counter+4   table(,%ecx,4)
 *
 * A name may have its arguments' names with it, "thread_switch(task,thread)": as many as there are arguments.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/arch/x86/cpu.h"
#include "sim/core/error.h"
#include "sim/image/private.h"

enum { NONE = PROBE_NO_REGISTER };

static bool find_section(Elf *elf, const char *name, Elf_Data **data)
{
	Elf_Scn *section = NULL;
	size_t names;

	if (elf_getshdrstrndx(elf, &names) != 0)
		return false;
	while ((section = elf_nextscn(elf, section))) {
		GElf_Shdr header;
		const char *its_name;

		if (!gelf_getshdr(section, &header) || header.sh_type == SHT_NOBITS)
			continue;
		its_name = elf_strptr(elf, names, header.sh_name);
		if (its_name && strcmp(its_name, name) == 0)
			return (*data = elf_getdata(section, NULL)) != NULL;
	}
	return false;
}

/* "%eax" and its parts: the register's number, NONE if it is none. */
static uint8_t register_named(const char *text, size_t length)
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

/* "(base,index,scale)", each optional. */
static bool parse_address(const char *text, const char *end, struct probe_argument *argument)
{
	const char *comma = memchr(text, ',', (size_t)(end - text));
	const char *base_end = comma ? comma : end;

	argument->reg = register_named(text, (size_t)(base_end - text));
	if (argument->reg == NONE && base_end != text)
		return false;
	if (!comma)
		return true;
	const char *index = comma + 1;
	const char *second = memchr(index, ',', (size_t)(end - index));
	const char *index_end = second ? second : end;

	argument->index = register_named(index, (size_t)(index_end - index));
	if (argument->index == NONE)
		return false;
	argument->scale = second ? (uint8_t)(second[1] - '0') : 1;
	return argument->scale == 1 || argument->scale == 2 || argument->scale == 4 || argument->scale == 8;
}

static bool parse_operand(Elf *elf, const char *text, struct probe_argument *argument)
{
	const char *end = text + strlen(text);

	argument->reg = argument->index = NONE;
	if (*text == '%') {
		argument->where = PROBE_REGISTER;
		argument->reg = register_named(text, (size_t)(end - text));
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
	       parse_address(open + 1, end - 1, argument);
}

/* "4@%eax" */
static bool parse_argument(Elf *elf, const char *text, struct probe_argument *argument)
{
	char *at;
	long size = strtol(text, &at, 10);

	if (*at != '@' || (labs(size) != 1 && labs(size) != 2 && labs(size) != 4))
		return false;
	argument->size = (uint8_t)labs(size);
	argument->is_signed = size < 0;
	return parse_operand(elf, at + 1, argument);
}

/* The next NUL-terminated string of the section; NULL if there is none. */
static const char *take_string(const char **at, const char *end)
{
	const char *string = *at;
	const char *nul = string < end ? memchr(string, 0, (size_t)(end - string)) : NULL;

	if (!nul)
		return NULL;
	*at = nul + 1;
	return string;
}

/* "name", or "name(arg,arg)" with as many names as the probe has arguments. NULL on success, or what is wrong. */
static const char *take_name(const char *text, struct image_probe *probe)
{
	size_t size = text ? strcspn(text, "(") : 0;
	const char *names = text ? text + size : "";
	size_t length = strlen(names);
	unsigned count = 1;

	if (size == 0 || size >= PROBE_NAME)
		return "a probe's name is missing or too long";
	memcpy(probe->name, text, size);
	if (length == 0)
		return NULL;
	if (length < 3 || names[length - 1] != ')' || length - 2 >= PROBE_ARG_NAMES)
		return "the names of a probe's arguments cannot be understood";
	memcpy(probe->arg_names, names + 1, length - 2);
	for (char *at = probe->arg_names; (at = strchr(at, ',')); count++)
		*at = ' ';
	return count == probe->args ? NULL : "a probe names more or fewer arguments than it has";
}

/* One entry. NULL on success, or what is wrong with it. */
static const char *take_entry(struct image *image, Elf *elf, const char **at, const char *end,
                              struct image_probe *probe)
{
	uint32_t address;

	if (end - *at < 5)
		return "the section .muk_probes ends within an entry";
	memcpy(&address, *at, 4);
	probe->args = (uint8_t)(*at)[4];
	*at += 5;
	if (!image_physical(image, address, &probe->address))
		return "a probe lies outside all segments";
	if (probe->args > PROBE_ARGS)
		return "a probe has too many arguments";
	const char *problem = take_name(take_string(at, end), probe);

	if (problem)
		return problem;
	for (unsigned i = 0; i < probe->args; i++) {
		const char *operand = take_string(at, end);

		if (!operand || !parse_argument(elf, operand, &probe->arg[i]))
			return "a probe's argument cannot be understood";
	}
	return NULL;
}

static int by_address(const void *a, const void *b)
{
	const struct image_probe *left = a, *right = b;

	if (left->address != right->address)
		return left->address < right->address ? -1 : 1;
	return strcmp(left->name, right->name);
}

enum muk_err image_read_probes(struct image *image, Elf *elf, struct muk_error *error)
{
	Elf_Data *data;

	if (!find_section(elf, ".muk_probes", &data) || !data->d_buf)
		return MUK_OK;
	const char *at = data->d_buf, *end = at + data->d_size;
	unsigned capacity = 0;

	while (at < end) {
		if (image->probes == capacity) {
			void *grown = realloc(image->probe, (capacity = capacity ? capacity * 2 : 64) * sizeof *image->probe);

			if (!grown)
				return error_set(error, MUK_ERR_NOMEM, "out of memory reading the probes of %s", image->name);
			image->probe = grown;
		}
		struct image_probe *probe = &image->probe[image->probes];

		memset(probe, 0, sizeof *probe);
		const char *problem = take_entry(image, elf, &at, end, probe);

		if (problem)
			return error_at(error, MUK_ERR_INPUT, image->name, 0, 0, "%s: not a usable guest image: %s",
			                image->name, problem);
		image->probes++;
	}
	if (image->probes)
		qsort(image->probe, image->probes, sizeof *image->probe, by_address);
	return MUK_OK;
}
