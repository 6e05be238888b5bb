/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * makemodules: joins files to the archive of modules that a MIPS kernel finds in memory (kernel/arch/mips/loader.h), as
 * whoever boots a Malta with an initial ramdisk brings it there.
 *
 *   makemodules ARCHIVE [FILE "COMMAND LINE"]...
 *
 *   archive:  magic, count, { offset, size, command line of 248 bytes } [count];  files at offsets that are multiples of
 *             4096; all words little-endian
 */
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 4096, COMMAND_LINE = 248, HEAD = 8, ENTRY = 8 + COMMAND_LINE, MODULES_MOST = 16 };
static const char magic[4] = {'M', 'U', 'K', 'M'};

static void __attribute__((noreturn, format(printf, 1, 2))) complain(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	fputs("makemodules: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	exit(2);
}

static void put_word(FILE *archive, uint32_t word)
{
	const uint8_t bytes[4] = {(uint8_t)word, (uint8_t)(word >> 8), (uint8_t)(word >> 16), (uint8_t)(word >> 24)};
	fwrite(bytes, 1, sizeof bytes, archive);
}

static uint32_t page_up(uint32_t bytes)
{
	return (bytes + PAGE - 1) / PAGE * PAGE;
}

static void pad_to(FILE *archive, uint32_t offset)
{
	while (ftell(archive) < (long)offset)
		fputc(0, archive);
}

/* A file's bytes, to be freed. */
static uint8_t *read_file(const char *name, uint32_t *size)
{
	FILE *file = fopen(name, "rb");
	long length = -1;
	if (!file || fseek(file, 0, SEEK_END) != 0 || (length = ftell(file)) < 0 || length > INT32_MAX / MODULES_MOST)
		complain("%s: %s", name, length > 0 ? "too large" : strerror(errno));
	uint8_t *bytes = malloc((size_t)length + 1);
	rewind(file);
	if (!bytes || fread(bytes, 1, (size_t)length, file) != (size_t)length)
		complain("%s: %s", name, bytes ? "cannot be read" : "no memory");
	fclose(file);
	*size = (uint32_t)length;
	return bytes;
}

static void put_entry(FILE *archive, uint32_t offset, uint32_t size, const char *line)
{
	char text[COMMAND_LINE] = "";
	if (strlen(line) >= COMMAND_LINE)
		complain("a command line is longer than %d bytes: %s", COMMAND_LINE - 1, line);
	memcpy(text, line, strlen(line));
	put_word(archive, offset);
	put_word(archive, size);
	fwrite(text, 1, sizeof text, archive);
}

int main(int argc, char **argv)
{
	if (argc < 2 || argc % 2 != 0)
		complain("usage: makemodules ARCHIVE [FILE \"COMMAND LINE\"]...");
	const unsigned count = (unsigned)(argc - 2) / 2;
	uint8_t *file[MODULES_MOST];
	uint32_t size[MODULES_MOST], offset = page_up(HEAD + count * ENTRY);
	if (count > MODULES_MOST)
		complain("more than %d modules", MODULES_MOST);
	for (unsigned n = 0; n < count; n++)
		file[n] = read_file(argv[2 + 2 * n], &size[n]);
	FILE *archive = fopen(argv[1], "wb");
	if (!archive)
		complain("%s: %s", argv[1], strerror(errno));
	fwrite(magic, 1, sizeof magic, archive);
	put_word(archive, count);
	for (unsigned n = 0, at = offset; n < count; at += page_up(size[n++]))
		put_entry(archive, at, size[n], argv[3 + 2 * n]);
	for (unsigned n = 0; n < count; offset += page_up(size[n++])) {
		pad_to(archive, offset);
		fwrite(file[n], 1, size[n], archive);
		free(file[n]);
	}
	pad_to(archive, offset);
	if (ferror(archive) || fclose(archive) != 0)
		complain("%s: cannot be written", argv[1]);
	return 0;
}
