/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The symbols of an image: its functions, by physical address.
 *
 * Invariants
 *   1. symbol[] is sorted by address, and no two entries have the same address
 *      (of several names for one place the first in alphabetical order of global
 *      before local is kept: the choice must not depend on the symbol table's order).
 *   2. size is never 0: a label of assembly reaches to the next symbol or its segment's end.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/core/error.h"
#include "sim/image/private.h"

/* Calls each for every symbol of the table until it returns false. */
static void each_symbol(Elf *elf, bool (*each)(void *ctx, const GElf_Sym *symbol, const char *name), void *ctx)
{
	Elf_Scn *section = NULL;

	while ((section = elf_nextscn(elf, section))) {
		GElf_Shdr header;
		Elf_Data *data;

		if (!gelf_getshdr(section, &header) || header.sh_type != SHT_SYMTAB)
			continue;
		if (!(data = elf_getdata(section, NULL)) || header.sh_entsize != sizeof(Elf32_Sym))
			continue;
		for (size_t i = 1; i < data->d_size / sizeof(Elf32_Sym); i++) {
			GElf_Sym symbol;
			const char *name;

			if (!gelf_getsym(data, (int)i, &symbol))
				return;
			name = elf_strptr(elf, header.sh_link, symbol.st_name);
			if (name && *name && !each(ctx, &symbol, name))
				return;
		}
	}
}

struct collect {
	struct image *image;
	unsigned capacity;
	bool failed;
	Elf *elf;
};

static bool is_code(Elf *elf, const GElf_Sym *symbol)
{
	GElf_Shdr header;
	Elf_Scn *section = elf_getscn(elf, symbol->st_shndx);
	unsigned type = GELF_ST_TYPE(symbol->st_info);

	if (type != STT_FUNC && type != STT_NOTYPE)
		return false;
	return symbol->st_shndx != SHN_UNDEF && symbol->st_shndx < SHN_LORESERVE && section &&
	       gelf_getshdr(section, &header) && (header.sh_flags & SHF_EXECINSTR);
}

static bool collect_one(void *ctx, const GElf_Sym *elf_symbol, const char *name)
{
	struct collect *collect = ctx;
	struct image *image = collect->image;
	paddr_t address;

	if (!is_code(collect->elf, elf_symbol) || name[0] == '.' || name[0] == '$' ||
	    !image_physical(image, (vaddr_t)elf_symbol->st_value, &address))
		return true;
	if (image->symbols == collect->capacity) {
		unsigned capacity = collect->capacity ? collect->capacity * 2 : 256;
		void *grown = realloc(image->symbol, capacity * sizeof *image->symbol);

		if (!grown)
			return !(collect->failed = true);
		image->symbol = grown;
		collect->capacity = capacity;
	}
	char *copy = strdup(name);

	if (!copy)
		return !(collect->failed = true);
	image->symbol[image->symbols++] =
		(struct image_symbol){ .address = address, .size = (uint32_t)elf_symbol->st_size, .name = copy };
	return true;
}

static int by_address(const void *a, const void *b)
{
	const struct image_symbol *left = a, *right = b;

	if (left->address != right->address)
		return left->address < right->address ? -1 : 1;
	if ((left->size == 0) != (right->size == 0)) /* a function that says its size before a mere label */
		return left->size ? -1 : 1;
	return strcmp(left->name, right->name);
}

static paddr_t segment_end(const struct image *image, paddr_t address)
{
	for (unsigned i = 0; i < image->segments; i++)
		if (address - image->segment[i].paddr < image->segment[i].memory_size)
			return image->segment[i].paddr + image->segment[i].memory_size;
	return address + 1;
}

/* Establishes both invariants. */
static void tidy(struct image *image)
{
	unsigned kept = 0;

	if (image->symbols == 0)
		return;
	qsort(image->symbol, image->symbols, sizeof *image->symbol, by_address);
	for (unsigned i = 0; i < image->symbols; i++) {
		if (kept > 0 && image->symbol[kept - 1].address == image->symbol[i].address)
			free(image->symbol[i].name);
		else
			image->symbol[kept++] = image->symbol[i];
	}
	image->symbols = kept;
	for (unsigned i = 0; i < kept; i++) {
		paddr_t next = segment_end(image, image->symbol[i].address);

		if (i + 1 < kept && image->symbol[i + 1].address < next)
			next = image->symbol[i + 1].address;
		if (image->symbol[i].size == 0 || image->symbol[i].size > next - image->symbol[i].address)
			image->symbol[i].size = next - image->symbol[i].address;
	}
}

enum muk_err image_read_symbols(struct image *image, Elf *elf, struct muk_error *error)
{
	struct collect collect = { .image = image, .elf = elf };

	each_symbol(elf, collect_one, &collect);
	if (collect.failed)
		return error_set(error, MUK_ERR_NOMEM, "out of memory reading the symbols of %s", image->name);
	tidy(image);
	return MUK_OK;
}

struct wanted {
	const char *name;
	size_t length;
	uint32_t value;
	bool found;
};

static bool match_one(void *ctx, const GElf_Sym *symbol, const char *name)
{
	struct wanted *wanted = ctx;

	if (strlen(name) != wanted->length || memcmp(name, wanted->name, wanted->length) != 0)
		return true;
	wanted->value = (uint32_t)symbol->st_value;
	wanted->found = true;
	return false;
}

bool image_elf_symbol_value(Elf *elf, const char *name, size_t length, uint32_t *value)
{
	struct wanted wanted = { .name = name, .length = length };

	each_symbol(elf, match_one, &wanted);
	if (wanted.found)
		*value = wanted.value;
	return wanted.found;
}

const struct image_symbol *image_symbol_at(const struct image *image, paddr_t address)
{
	unsigned low = 0, high = image->symbols;

	while (low < high) {
		unsigned middle = low + (high - low) / 2;

		if (image->symbol[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0 || address - image->symbol[low - 1].address >= image->symbol[low - 1].size)
		return NULL;
	return &image->symbol[low - 1];
}

const struct image_symbol *image_symbol_named(const struct image *image, const char *name)
{
	for (unsigned i = 0; i < image->symbols; i++)
		if (strcmp(image->symbol[i].name, name) == 0)
			return &image->symbol[i];
	return NULL;
}
