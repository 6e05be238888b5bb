/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an image's section headers say: where in each segment its code is, and how large its parts are.
 *
 * Invariants
 *   1. a segment's code lies within the bytes that the file has of it.
 *   2. an image without section headers has no code that is known, and sizes of 0.
 */
#include "sim/image/private.h"

/* Widens the code of the segment that holds a section, so that it covers the section. */
static void add_code(struct image *image, const GElf_Shdr *header)
{
	if (!(header->sh_flags & SHF_EXECINSTR) || header->sh_type == SHT_NOBITS || header->sh_size == 0)
		return;
	for (unsigned i = 0; i < image->segments; i++) {
		struct image_segment *segment = &image->segment[i];
		uint64_t from = header->sh_addr - segment->vaddr, end = from + header->sh_size;
		bool before = header->sh_addr < segment->vaddr;

		if (before || header->sh_size > segment->file_size || end > segment->file_size)
			continue;
		if (segment->code_from == segment->code_end) {
			segment->code_from = (uint32_t)from;
			segment->code_end = (uint32_t)end;
		}
		if (from < segment->code_from)
			segment->code_from = (uint32_t)from;
		if (end > segment->code_end)
			segment->code_end = (uint32_t)end;
	}
}

/* As size(1) counts: what cannot be written is text, what the file does not have is bss. */
static void add_size(struct image *image, const GElf_Shdr *header)
{
	uint32_t size = (uint32_t)header->sh_size;

	if (!(header->sh_flags & SHF_ALLOC))
		return;
	if (header->sh_type == SHT_NOBITS)
		image->sizes.bss += size;
	else if ((header->sh_flags & SHF_EXECINSTR) || !(header->sh_flags & SHF_WRITE))
		image->sizes.text += size;
	else
		image->sizes.data += size;
}

/* A symbol table, with the strings that it names. */
static void add_symbols(struct image *image, Elf *elf, const GElf_Shdr *header)
{
	Elf_Scn *strings = header->sh_type == SHT_SYMTAB ? elf_getscn(elf, header->sh_link) : NULL;
	GElf_Shdr its_header;

	if (strings && gelf_getshdr(strings, &its_header))
		image->sizes.symbols += (uint32_t)(header->sh_size + its_header.sh_size);
}

void image_read_sections(struct image *image, Elf *elf)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(elf, section))) {
		if (!gelf_getshdr(section, &header))
			continue;
		add_code(image, &header);
		add_size(image, &header);
		add_symbols(image, elf, &header);
	}
}
