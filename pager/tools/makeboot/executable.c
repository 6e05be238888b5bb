/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Executables, by libelf and by our own look at what it does not promise: that segments lie within the file.
 */
#include "makeboot.h"
#include "mach/boot_image.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void complain(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	fputs("makeboot: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	exit(1);
}

uint32_t append(struct bytes *bytes, const void *from, uint32_t size)
{
	const uint32_t at = bytes->size;
	if (size > UINT32_MAX / 2 - at)
		complain("the image is too large");
	bytes->data = realloc(bytes->data, (size_t)at + size + 1);
	if (bytes->data == NULL)
		complain("out of memory");
	if (from != NULL)
		memcpy(bytes->data + at, from, size);
	else
		memset(bytes->data + at, 0, size);
	bytes->size += size;
	return at;
}

void pad(struct bytes *bytes, uint32_t multiple)
{
	append(bytes, NULL, (multiple - bytes->size % multiple) % multiple);
}

static struct bytes read_file(const char *path)
{
	struct bytes bytes = {0};
	uint8_t buffer[65536];
	FILE *file = fopen(path, "rb");
	if (file == NULL)
		complain("%s: %s", path, strerror(errno));
	for (size_t got; (got = fread(buffer, 1, sizeof buffer, file)) > 0;)
		append(&bytes, buffer, (uint32_t)got);
	if (ferror(file))
		complain("%s: cannot be read", path);
	fclose(file);
	return bytes;
}

static void take_segment(struct executable *executable, const Elf32_Phdr *header)
{
	struct segment *segment = header->p_flags & PF_W ? &executable->data : &executable->text;
	if (header->p_filesz > executable->size || header->p_offset > executable->size - header->p_filesz)
		complain("%s: a segment is not within the file", executable->name);
	if (header->p_memsz < header->p_filesz || header->p_vaddr > UINT32_MAX - header->p_memsz ||
	    header->p_paddr > UINT32_MAX - header->p_memsz)
		complain("%s: a segment's size is impossible", executable->name);
	if (segment->memory_size != 0)
		complain("%s: more than one segment of text, or of data", executable->name);
	*segment = (struct segment){header->p_vaddr, header->p_paddr, header->p_filesz, header->p_memsz,
	                            executable->file + header->p_offset};
}

static void take_segments(struct executable *executable, const Elf32_Ehdr *header)
{
	const uint64_t end = header->e_phoff + (uint64_t)header->e_phnum * sizeof(Elf32_Phdr);
	if (header->e_phentsize != sizeof(Elf32_Phdr) || end > executable->size)
		complain("%s: its program headers are not within the file", executable->name);
	for (unsigned i = 0; i < header->e_phnum; i++) {
		Elf32_Phdr program;
		memcpy(&program, executable->file + header->e_phoff + i * sizeof program, sizeof program);
		if (program.p_type == PT_LOAD && program.p_memsz > 0)
			take_segment(executable, &program);
	}
	if (executable->text.file_size == 0)
		complain("%s: no text", executable->name);
	if (executable->text.file_size != executable->text.memory_size)
		complain("%s: its text has a bss", executable->name);
	executable->entry = header->e_entry;
}

void executable_read(struct executable *executable, const char *path)
{
	const struct bytes file = read_file(path);
	*executable = (struct executable){.name = path, .file = file.data, .size = file.size};
	if (file.size < sizeof(Elf32_Ehdr) || memcmp(file.data, ELFMAG, SELFMAG) != 0)
		complain("%s: not an ELF file", path);
	Elf32_Ehdr header;
	memcpy(&header, file.data, sizeof header);
	if (header.e_ident[EI_CLASS] != ELFCLASS32 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
	    (header.e_machine != EM_386 && header.e_machine != EM_MIPS) || header.e_type != ET_EXEC)
		complain("%s: not an executable for the 386 or MIPS", path);
	executable->machine = header.e_machine;
	executable->flags = header.e_flags;
	take_segments(executable, &header);
	elf_version(EV_CURRENT);
	executable->elf = elf_memory((char *)file.data, file.size);
	if (executable->elf == NULL)
		complain("%s: %s", path, elf_errmsg(-1));
}

void executable_free(struct executable *executable)
{
	elf_end(executable->elf);
	free(executable->file);
}

/* --- Symbols --- */

struct symbol_list {
	struct named { const char *name; uint32_t value, size; } *symbol;
	uint32_t count;
};

static bool is_wanted(const Elf32_Sym *symbol, const char *name)
{
	const unsigned type = ELF32_ST_TYPE(symbol->st_info);
	return name != NULL && *name != '\0' && symbol->st_shndx != SHN_UNDEF &&
		(type == STT_FUNC || type == STT_OBJECT);
}

static void take_table(struct symbol_list *list, const struct executable *executable, Elf_Scn *section)
{
	const Elf32_Shdr *header = elf32_getshdr(section);
	const Elf_Data *data = elf_getdata(section, NULL);
	if (header == NULL || data == NULL || data->d_buf == NULL)
		complain("%s: its symbol table cannot be read", executable->name);
	const size_t count = data->d_size / sizeof(Elf32_Sym);
	list->symbol = realloc(list->symbol, (list->count + count + 1) * sizeof *list->symbol);
	if (list->symbol == NULL)
		complain("out of memory");
	for (size_t i = 0; i < count; i++) {
		const Elf32_Sym *symbol = (const Elf32_Sym *)data->d_buf + i;
		const char *name = elf_strptr(executable->elf, header->sh_link, symbol->st_name);
		if (is_wanted(symbol, name))
			list->symbol[list->count++] = (struct named){name, symbol->st_value, symbol->st_size};
	}
}

static int by_value(const void *one, const void *other)
{
	const struct named *a = one, *b = other;
	if (a->value != b->value)
		return a->value < b->value ? -1 : 1;
	return strcmp(a->name, b->name);
}

struct bytes symbols_of(const struct executable *executable)
{
	struct symbol_list list = {0};
	struct bytes table = {0}, names = {0};
	for (Elf_Scn *section = NULL; (section = elf_nextscn(executable->elf, section)) != NULL;) {
		const Elf32_Shdr *header = elf32_getshdr(section);
		if (header != NULL && header->sh_type == SHT_SYMTAB)
			take_table(&list, executable, section);
	}
	if (list.count > 0)
		qsort(list.symbol, list.count, sizeof *list.symbol, by_value);
	append(&table, NULL, sizeof(struct boot_symbols));
	for (uint32_t i = 0; i < list.count; i++) {
		const struct named *from = &list.symbol[i];
		const struct boot_symbol symbol = {from->value, from->size,
		                                   append(&names, from->name, (uint32_t)strlen(from->name) + 1)};
		append(&table, &symbol, sizeof symbol);
	}
	append(&table, names.data, names.size);
	pad(&table, 4);
	const struct boot_symbols head = {BOOT_SYMBOLS_MAGIC, table.size, list.count, names.size};
	memcpy(table.data, &head, sizeof head);
	free(list.symbol);
	free(names.data);
	return table;
}
