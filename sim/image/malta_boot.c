/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Booting as YAMON does on a Malta ("YAMON User's Manual", MD00008, and what QEMU does in its place): so that the
 * kernel that runs here is the one that runs there.
 *
 * Physical memory after loading, through which the processor sees in kseg0:
 *
 *     kernel's and programs' segments     at the addresses they were linked for (programs': reserved, zero)
 *     0x2000 .. 0x4000                    argv, envp and their strings
 *     the archive of modules              page-aligned, above all segments: kernel/arch/mips/loader.h
 *
 * The kernel begins with a0 = argc, a1 = argv, a2 = envp, a3 = bytes of memory.  argv[1] is the command line; where
 * there are modules, "rd_start=0x8... rd_size=N" come first in it.  envp is of pairs, name and value.
 */
#include <stdio.h>
#include <string.h>

#include "sim/core/error.h"
#include "sim/image/loader.h"

enum { ARGUMENTS = 0x2000, ARGUMENTS_SIZE = 0x2000, KSEG0_BASE = 0x80000000u, KSEG2_BASE = 0xc0000000u };
enum { ARCHIVE_MAGIC = 0x4d4b554d /* "MUKM" */, MODULES_MOST = 64, LINE_MOST = 1024 };

struct archive_file { uint32_t offset, size; char command_line[248]; };
struct archive { uint32_t magic, count; struct archive_file file[MODULES_MOST]; };

/* What the kernel is given beside the modules. */
struct arguments {
	uint32_t argv[4], envp[4];      /* each ends with 0; the environment is of pairs */
	char text[ARGUMENTS_SIZE - 8 * sizeof(uint32_t)];
};
_Static_assert(sizeof(struct arguments) == ARGUMENTS_SIZE, "the arguments lie where they may");

static uint32_t kseg0(paddr_t address)
{
	return KSEG0_BASE | address;
}

static enum muk_err check_kernel(const struct image *kernel, struct muk_error *error)
{
	paddr_t entry;

	if (kernel->entry < KSEG0_BASE || kernel->entry >= KSEG2_BASE)
		return error_at(error, MUK_ERR_INPUT, kernel->name, 0, 0,
		                "%s: not a kernel: its entry %#x is not in kseg0 or kseg1, where alone code runs before the TLB "
		                "has been set up", kernel->name, kernel->entry);
	if (!image_physical(kernel, kernel->entry, &entry))
		return error_at(error, MUK_ERR_INPUT, kernel->name, 0, 0, "%s: its entry %#x lies outside all its segments",
		                kernel->name, kernel->entry);
	for (unsigned i = 0; i < kernel->segments; i++) {
		const struct image_segment *segment = &kernel->segment[i];

		if (segment->paddr < ARGUMENTS + ARGUMENTS_SIZE && segment->paddr + segment->memory_size > ARGUMENTS)
			return error_at(error, MUK_ERR_INPUT, kernel->name, 0, 0,
			                "%s: linked at %#x, over the loader's arguments at %#x to %#x", kernel->name,
			                segment->paddr, ARGUMENTS, ARGUMENTS + ARGUMENTS_SIZE);
	}
	return MUK_OK;
}

/* Where the archive lies, and its bytes. */
struct placed { uint32_t begin, size; };

static enum muk_err put_files(struct loader *loader, const struct boot_module *module, unsigned modules,
                              uint32_t begin, struct archive *archive)
{
	for (unsigned i = 0; i < modules; i++) {
		struct archive_file *file = &archive->file[i];
		uint32_t address;

		if (strlen(module[i].command_line) >= sizeof file->command_line)
			return error_set(loader->error, MUK_ERR_INPUT, "%s: its command line is longer than %zu bytes",
			                 module[i].image->name, sizeof file->command_line - 1);
		strcpy(file->command_line, module[i].command_line);
		enum muk_err err = loader_put_file(loader, module[i].image, &address, &file->size);

		if (err)
			return err;
		file->offset = address - begin;
	}
	return MUK_OK;
}

static enum muk_err put_archive(struct loader *loader, const struct boot_module *module, unsigned modules,
                                struct placed *placed)
{
	struct archive archive = { .magic = ARCHIVE_MAGIC, .count = modules };
	size_t header = offsetof(struct archive, file) + modules * sizeof archive.file[0];

	loader_page_align(loader);
	enum muk_err err = loader_put(loader, &archive, header, &placed->begin, "the modules");

	if (!err)
		err = put_files(loader, module, modules, placed->begin, &archive);
	if (err)
		return err;
	memcpy(loader->ram + placed->begin, &archive, header);
	placed->size = (uint32_t)loader->at - placed->begin;
	return MUK_OK;
}

/* Appends a string; returns the address at which the kernel finds it, 0 where there is no room. */
static uint32_t put_text(struct arguments *arguments, size_t *used, const char *text)
{
	size_t size = strlen(text) + 1, at = *used;

	if (size > sizeof arguments->text - at)
		return 0;
	memcpy(arguments->text + at, text, size);
	*used += size;
	return kseg0((uint32_t)(ARGUMENTS + offsetof(struct arguments, text) + at));
}

static bool put_arguments(uint8_t *ram, uint32_t ram_size, const char *name, const char *line)
{
	struct arguments arguments = { { 0 }, { 0 }, { 0 } };
	char memory[16];
	size_t used = 0;

	snprintf(memory, sizeof memory, "%u", ram_size);
	arguments.argv[0] = put_text(&arguments, &used, name);
	arguments.argv[1] = put_text(&arguments, &used, line);
	arguments.envp[0] = put_text(&arguments, &used, "memsize");
	arguments.envp[1] = put_text(&arguments, &used, memory);
	memcpy(ram + ARGUMENTS, &arguments, sizeof arguments);
	return arguments.argv[0] && arguments.argv[1] && arguments.envp[0] && arguments.envp[1];
}

enum muk_err malta_load_kernel(uint8_t *ram, uint32_t ram_size, const struct image *kernel, const char *command_line,
                               const struct boot_module *module, unsigned modules, struct malta_boot *boot,
                               struct muk_error *error)
{
	struct loader loader = { .ram = ram, .ram_size = ram_size, .at = ARGUMENTS + ARGUMENTS_SIZE, .error = error };
	char line[LINE_MOST];
	struct placed archive;
	int length = 0;

	muk_assert(modules <= MODULES_MOST && ram_size >= ARGUMENTS + ARGUMENTS_SIZE);
	enum muk_err err = check_kernel(kernel, error);

	if (!err)
		err = loader_place(&loader, kernel, module, modules);
	if (!err && modules)
		err = put_archive(&loader, module, modules, &archive);
	if (err)
		return err;
	if (modules)
		length = snprintf(line, sizeof line, "rd_start=0x%08x rd_size=%u%s", kseg0(archive.begin), archive.size,
		                  *command_line ? " " : "");
	length += snprintf(line + length, sizeof line - (size_t)length, "%s", command_line);
	if ((size_t)length >= sizeof line || !put_arguments(ram, ram_size, kernel->name, line))
		return error_set(error, MUK_ERR_INPUT, "%s: its command line is too long", kernel->name);
	*boot = (struct malta_boot){ kernel->entry, 2, kseg0(ARGUMENTS + offsetof(struct arguments, argv)),
		                     kseg0(ARGUMENTS + offsetof(struct arguments, envp)), ram_size };
	return MUK_OK;
}
