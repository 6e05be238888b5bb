/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The probe sites of an image: the section .muk_probes that kernel/include/probe.h
 * describes.  An entry is the address of a no-op, the number of arguments, the
 * probe's name, and for each argument "SIZE@OPERAND", the operand as the compiler wrote it
 * (operands.c).
 *
 * A name may have its arguments' names with it, "thread_switch(task,thread)": as many as there are arguments.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/core/error.h"
#include "sim/image/private.h"

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

/* "4@%eax", "4@$4" */
static bool parse_argument(const struct image *image, Elf *elf, const char *text, struct probe_argument *argument)
{
	char *at;
	long size = strtol(text, &at, 10);

	if (*at != '@' || (labs(size) != 1 && labs(size) != 2 && labs(size) != 4))
		return false;
	argument->size = (uint8_t)labs(size);
	argument->is_signed = size < 0;
	return image_probe_operand(image, elf, at + 1, argument);
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

		if (!operand || !parse_argument(image, elf, operand, &probe->arg[i]))
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
