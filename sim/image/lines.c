/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Source lines, from the image's DWARF: asked at report time only, never while a
 * machine runs.  The debugging information is opened at the first question.
 */
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/image/private.h"

struct image_lines {
	Elf *elf;
	Dwarf *dwarf; /* NULL: the image has none */
};

static struct image_lines *open_lines(struct image *image)
{
	struct image_lines *lines = calloc(1, sizeof *lines);

	if (!lines)
		return NULL;
	elf_version(EV_CURRENT);
	lines->elf = elf_memory((char *)image->bytes, image->size);
	if (lines->elf)
		lines->dwarf = dwarf_begin_elf(lines->elf, DWARF_C_READ, NULL);
	return lines;
}

void image_free_lines(struct image *image)
{
	if (!image->lines)
		return;
	if (image->lines->dwarf)
		dwarf_end(image->lines->dwarf);
	if (image->lines->elf)
		elf_end(image->lines->elf);
	free(image->lines);
	image->lines = NULL;
}

static bool virtual_of(const struct image *image, paddr_t address, vaddr_t *out)
{
	for (unsigned i = 0; i < image->segments; i++)
		if (address - image->segment[i].paddr < image->segment[i].memory_size) {
			*out = image->segment[i].vaddr + (address - image->segment[i].paddr);
			return true;
		}
	return false;
}

bool image_line_at(struct image *image, paddr_t address, char *text, size_t size)
{
	vaddr_t pc;
	Dwarf_Die unit_storage, *unit;
	Dwarf_Line *line;
	const char *source;
	int number = 0;

	if (!image->lines)
		image->lines = open_lines(image);
	if (!image->lines || !image->lines->dwarf || !virtual_of(image, address, &pc))
		return false;
	unit = dwarf_addrdie(image->lines->dwarf, pc, &unit_storage);
	line = unit ? dwarf_getsrc_die(unit, pc) : NULL;
	source = line ? dwarf_linesrc(line, NULL, NULL) : NULL;
	if (!source || dwarf_lineno(line, &number) != 0)
		return false;
	snprintf(text, size, "%s:%d", source, number);
	return true;
}
