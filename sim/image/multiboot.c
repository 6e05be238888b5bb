/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Booting as a multiboot loader does (Multiboot Specification 0.6.96): so that
 * the kernel that runs here is the one that runs under any such loader.
 *
 * Memory after loading:
 *
 *     kernel's and programs' segments         at the addresses they were linked for (programs': reserved, zero)
 *     module 0, 1, ...                        ELF files as far as their segments reach, each on a page of its own
 *     information structure, module table,    page-aligned, after the modules
 *     memory map and strings
 *
 * What follows a module's last segment (symbols, debugging information) is for people: it is left out, and the file's
 * header says so, as if it had been stripped.  So nothing of it is in memory, nor in a digest.
 */
#include <stdio.h>
#include <string.h>

#include "sim/core/error.h"
#include "sim/image/loader.h"

enum {
	HEADER_MAGIC = 0x1badb002, BOOT_MAGIC = 0x2badb002, HEADER_SEARCHED = 8192,
	HEADER_UNKNOWN_FLAGS = 0x0000fff8, /* "must understand" bits beyond page alignment, memory, video mode */
	INFO_MEMORY = 1 << 0, INFO_COMMAND_LINE = 1 << 2, INFO_MODULES = 1 << 3, INFO_MEMORY_MAP = 1 << 6,
	INFO_LOADER_NAME = 1 << 9,
	LOW_MEMORY = 640 << 10, HIGH_MEMORY = 1 << 20
};

struct multiboot_info {
	uint32_t flags, mem_lower, mem_upper, boot_device, cmdline, mods_count, mods_addr, syms[4], mmap_length, mmap_addr,
		drives_length, drives_addr, config_table, boot_loader_name;
};
struct multiboot_mod { uint32_t start, end, cmdline, reserved; };
struct multiboot_range { uint32_t size; uint64_t base, length; uint32_t type; } __attribute__((packed));

static enum muk_err find_header(const struct image *kernel, struct muk_error *error)
{
	size_t searched = kernel->size < HEADER_SEARCHED ? kernel->size : HEADER_SEARCHED;

	for (size_t at = 0; at + 12 <= searched; at += 4) {
		uint32_t header[3];

		memcpy(header, kernel->bytes + at, sizeof header);
		if (header[0] != HEADER_MAGIC || header[0] + header[1] + header[2] != 0)
			continue;
		if (header[1] & HEADER_UNKNOWN_FLAGS)
			return error_at(error, MUK_ERR_INPUT, kernel->name, 0, 0,
			                "%s: its multiboot header asks for what no loader here knows (flags %#x)", kernel->name, header[1]);
		return MUK_OK;
	}
	return error_at(error, MUK_ERR_INPUT, kernel->name, 0, 0,
	                "%s: no multiboot header in its first 8 KiB: it is not a kernel", kernel->name);
}

static enum muk_err put_string(struct loader *loader, const char *text, uint32_t *address)
{
	return loader_put(loader, text, strlen(text) + 1, address, "the boot information");
}

static enum muk_err put_modules(struct loader *loader, const struct boot_module *module, unsigned modules,
                                struct multiboot_mod *table)
{
	for (unsigned i = 0; i < modules; i++) {
		uint32_t size;
		enum muk_err err = loader_put_file(loader, module[i].image, &table[i].start, &size);

		if (err)
			return err;
		table[i].end = table[i].start + size;
	}
	loader_page_align(loader);
	for (unsigned i = 0; i < modules; i++) {
		enum muk_err err = put_string(loader, module[i].command_line, &table[i].cmdline);

		if (err)
			return err;
	}
	return MUK_OK;
}

static enum muk_err put_memory_map(struct loader *loader, struct multiboot_info *info)
{
	const struct multiboot_range map[2] = {
		{ .size = sizeof map[0] - 4, .base = 0, .length = LOW_MEMORY, .type = 1 },
		{ .size = sizeof map[0] - 4, .base = HIGH_MEMORY, .length = loader->ram_size - HIGH_MEMORY, .type = 1 },
	};

	info->mem_lower = LOW_MEMORY >> 10;
	info->mem_upper = (loader->ram_size - HIGH_MEMORY) >> 10;
	info->mmap_length = sizeof map;
	return loader_put(loader, map, sizeof map, &info->mmap_addr, "the boot information");
}

static enum muk_err put_information(struct loader *loader, const char *command_line, const struct multiboot_mod *table,
                                    unsigned modules, uint32_t *address)
{
	struct multiboot_info info = {
		.flags = INFO_MEMORY | INFO_COMMAND_LINE | INFO_MODULES | INFO_MEMORY_MAP | INFO_LOADER_NAME,
		.mods_count = modules,
	};
	enum muk_err err = put_memory_map(loader, &info);

	if (!err)
		err = put_string(loader, command_line, &info.cmdline);
	if (!err)
		err = put_string(loader, "mukroscope", &info.boot_loader_name);
	if (!err)
		err = loader_put(loader, table, modules * sizeof *table, &info.mods_addr, "the boot information");
	if (!err)
		err = loader_put(loader, &info, sizeof info, address, "the boot information");
	return err;
}

enum { MODULES_MOST = 64 };

enum muk_err multiboot_load(uint8_t *ram, uint32_t ram_size, const struct image *kernel, const char *command_line,
                            const struct boot_module *module, unsigned modules, struct multiboot_boot *boot,
                            struct muk_error *error)
{
	struct loader loader = { .ram = ram, .ram_size = ram_size, .least = HIGH_MEMORY, .at = HIGH_MEMORY,
		                 .least_why = "below 1 MiB, where the PC has its own tables", .error = error };
	struct multiboot_mod table[MODULES_MOST] = { 0 };
	char line[1024];
	paddr_t entry;

	muk_assert(modules <= MODULES_MOST);
	enum muk_err err = find_header(kernel, error);

	if (!err)
		err = loader_place(&loader, kernel, module, modules);
	if (!err)
		err = put_modules(&loader, module, modules, table);
	snprintf(line, sizeof line, "%s%s%s", kernel->name, *command_line ? " " : "", command_line);
	if (!err)
		err = put_information(&loader, line, table, modules, &boot->ebx);
	if (err)
		return err;
	/* A multiboot kernel enters with paging off: its entry is a physical address, or a virtual one of a segment. */
	if (!image_physical(kernel, kernel->entry, &entry))
		entry = kernel->entry;
	boot->entry = entry;
	boot->eax = BOOT_MAGIC;
	return MUK_OK;
}
