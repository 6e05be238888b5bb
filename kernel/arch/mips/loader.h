/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What YAMON hands over, and whoever boots a Malta in its place: argc, argv, envp and the bytes of memory in a0 to a3,
 * which boot.S keeps in four words.  argv from 1 on is the command line; in it, with modules, rd_start= and rd_size=,
 * hexadecimal and decimal, say where their archive lies.  For base/boot.c.
 *
 *   archive:  magic, count, { offset, size, command line } [count];  files at page-aligned offsets from its begin
 */
#pragma once
#include "base/boot.h"
#include "base/memory.h"
#include "base/panic.h"
#include "cpu.h"

enum { COMMAND_LINE_MOST = 512, ARCHIVE_MAGIC = 0x4d4b554d /* "MUKM" */, ARCHIVE_COMMAND_LINE = 248 };

struct loader_words {
	uint32_t argc;
	const char *const *argv;
	uint32_t environment, memory_bytes;
};
struct archive_file {
	uint32_t offset, size;
	char command_line[ARCHIVE_COMMAND_LINE];
};
struct archive {
	uint32_t magic, count;
	struct archive_file file[];
};

static char loader_line[COMMAND_LINE_MOST];

static inline void loader_join_words(const struct loader_words *words)
{
	unsigned used = 0;
	for (uint32_t n = 1; n < words->argc; n++) {
		if (used)
			loader_line[used++] = ' ';
		for (const char *at = words->argv[n]; *at; at++) {
			if (used >= COMMAND_LINE_MOST - 2)
				panic("the command line is too long");
			loader_line[used++] = *at;
		}
	}
	loader_line[used] = '\0';
}

/* Of a number that may have more digits than fit, as a 64-bit address has, the low 32 bits. */
static inline uint32_t loader_hexadecimal(const char *text)
{
	uint32_t number = 0;
	for (text += text_begins(text, "0x") ? 2 : 0;; text++) {
		const char digit = *text;
		if (digit >= '0' && digit <= '9')
			number = number << 4 | (uint32_t)(digit - '0');
		else if (digit >= 'a' && digit <= 'f')
			number = number << 4 | (uint32_t)(digit - 'a' + 10);
		else
			return number;
	}
}

/* What follows the loader's own words. */
static inline const char *loader_own_line(const char *line)
{
	while (text_begins(line, "rd_start=") || text_begins(line, "rd_size=")) {
		while (*line && *line != ' ')
			line++;
		while (*line == ' ')
			line++;
	}
	return line;
}

static inline void loader_read_archive(struct boot_information *boot, uint32_t begin, uint32_t size, uint32_t window)
{
	const struct archive *archive = (const void *)(begin + window);
	if (begin > boot->memory_size || size > boot->memory_size - begin)
		panic("the modules lie beyond the memory that the kernel uses");
	if (size < sizeof *archive || archive->magic != ARCHIVE_MAGIC)
		panic("what the loader has brought is no archive of modules");
	if (archive->count > BOOT_MODULES || archive->count > (size - sizeof *archive) / sizeof archive->file[0])
		panic("too many modules");
	boot->modules = archive->count;
	for (unsigned i = 0; i < boot->modules; i++) {
		const struct archive_file *file = &archive->file[i];
		if (file->offset > size || file->size > size - file->offset || file->offset % PAGE_SIZE ||
		    file->command_line[ARCHIVE_COMMAND_LINE - 1])
			panic("the archive of modules is damaged");
		boot->module[i].file = begin + file->offset;
		boot->module[i].file_end = boot->module[i].file + file->size;
		boot->module[i].command_line = file->command_line;
	}
}

/* From the four words at this address. */
static inline void loader_read(struct boot_information *boot, uint32_t address, uint32_t window, uint32_t window_size)
{
	const struct loader_words *words = (const void *)address;
	loader_join_words(words);
	const uint32_t bytes = words->memory_bytes;
	boot->memory_size = (bytes < window_size ? bytes : window_size) & ~(uint32_t)(PAGE_SIZE - 1);
	boot->command_line = loader_own_line(loader_line);
	boot->modules = 0;
	const char *start = command_word(loader_line, "rd_start="), *size = command_word(loader_line, "rd_size=");
	if (start && size)
		loader_read_archive(boot, loader_hexadecimal(start) & PHYSICAL_MASK, text_number(size), window);
}
