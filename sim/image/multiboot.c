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
#include <elf.h>
#include <stdio.h>
#include <string.h>

#include "sim/core/error.h"
#include "sim/image/image.h"

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

/* Where the loader puts things, growing upwards. */
struct loader {
	uint8_t *ram;
	uint32_t ram_size;
	uint64_t at;
	struct muk_error *error;
};

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

static enum muk_err too_small(struct loader *loader, const char *what)
{
	return error_set(loader->error, MUK_ERR_INPUT, "%s does not fit into the machine's memory of %u KiB", what,
	                 loader->ram_size >> 10);
}

/* Reserves what an image's segments will occupy; load: puts them there now. */
static enum muk_err place(struct loader *loader, const struct image *image, bool load)
{
	for (unsigned i = 0; i < image->segments; i++) {
		const struct image_segment *segment = &image->segment[i];
		uint64_t end = (uint64_t)segment->paddr + segment->memory_size;

		if (end > loader->ram_size)
			return too_small(loader, image->name);
		if (segment->paddr < HIGH_MEMORY)
			return error_at(loader->error, MUK_ERR_INPUT, image->name, 0, 0,
			                "%s: linked at %#x, below 1 MiB, where the PC has its own tables", image->name, segment->paddr);
		if (end > loader->at)
			loader->at = end;
		if (load) {
			memcpy(loader->ram + segment->paddr, segment->data, segment->file_size);
			memset(loader->ram + segment->paddr + segment->file_size, 0, segment->memory_size - segment->file_size);
		}
	}
	return MUK_OK;
}

static enum muk_err check_overlaps(const struct image *a, const struct image *b, struct muk_error *error)
{
	for (unsigned i = 0; i < a->segments; i++)
		for (unsigned j = 0; j < b->segments; j++) {
			const struct image_segment *left = &a->segment[i], *right = &b->segment[j];

			if (left->paddr < (uint64_t)right->paddr + right->memory_size &&
			    right->paddr < (uint64_t)left->paddr + left->memory_size)
				return error_set(error, MUK_ERR_INPUT, "%s and %s are linked at overlapping addresses (%#x, %#x)",
				                 a->name, b->name, left->paddr, right->paddr);
		}
	return MUK_OK;
}

static void page_align(struct loader *loader)
{
	loader->at = (loader->at + PAGE_MASK) & ~(uint64_t)PAGE_MASK;
}

/* Copies bytes to the next free place (4-byte aligned); *address says where. */
static enum muk_err put(struct loader *loader, const void *bytes, size_t size, uint32_t *address, const char *what)
{
	loader->at = (loader->at + 3) & ~(uint64_t)3;
	if (loader->at + size > loader->ram_size)
		return too_small(loader, what);
	*address = (uint32_t)loader->at;
	memcpy(loader->ram + loader->at, bytes, size);
	loader->at += size;
	return MUK_OK;
}

static enum muk_err put_string(struct loader *loader, const char *text, uint32_t *address)
{
	return put(loader, text, strlen(text) + 1, address, "the boot information");
}

/* Bytes of the file up to the end of its last segment, or of its program headers. */
static size_t loaded_size(const struct image *image)
{
	const Elf32_Ehdr *header = (const Elf32_Ehdr *)image->bytes;
	size_t size = header->e_phoff + (size_t)header->e_phnum * sizeof(Elf32_Phdr);

	for (unsigned i = 0; i < image->segments; i++) {
		size_t end = (size_t)(image->segment[i].data - image->bytes) + image->segment[i].file_size;

		if (end > size)
			size = end;
	}
	return size;
}

/* In memory the file has no sections. */
static void strip(uint8_t *bytes)
{
	Elf32_Ehdr header;

	memcpy(&header, bytes, sizeof header);
	header.e_shoff = 0;
	header.e_shnum = header.e_shstrndx = 0;
	memcpy(bytes, &header, sizeof header);
}

static enum muk_err put_modules(struct loader *loader, const struct multiboot_module *module, unsigned modules,
                                struct multiboot_mod *table)
{
	for (unsigned i = 0; i < modules; i++) {
		size_t size = loaded_size(module[i].image);

		page_align(loader);
		enum muk_err err = put(loader, module[i].image->bytes, size, &table[i].start, module[i].image->name);

		if (err)
			return err;
		strip(loader->ram + table[i].start);
		table[i].end = table[i].start + (uint32_t)size;
	}
	page_align(loader);
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
	return put(loader, map, sizeof map, &info->mmap_addr, "the boot information");
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
		err = put(loader, table, modules * sizeof *table, &info.mods_addr, "the boot information");
	if (!err)
		err = put(loader, &info, sizeof info, address, "the boot information");
	return err;
}

static enum muk_err place_all(struct loader *loader, const struct image *kernel, const struct multiboot_module *module,
                              unsigned modules)
{
	enum muk_err err = place(loader, kernel, true);

	for (unsigned i = 0; i < modules && !err; i++) {
		err = place(loader, module[i].image, false);
		if (!err)
			err = check_overlaps(kernel, module[i].image, loader->error);
		for (unsigned j = 0; j < i && !err; j++)
			if (module[j].image != module[i].image)
				err = check_overlaps(module[j].image, module[i].image, loader->error);
	}
	return err;
}

enum { MODULES_MOST = 64 };

enum muk_err multiboot_load(uint8_t *ram, uint32_t ram_size, const struct image *kernel, const char *command_line,
                            const struct multiboot_module *module, unsigned modules, struct multiboot_boot *boot,
                            struct muk_error *error)
{
	struct loader loader = { .ram = ram, .ram_size = ram_size, .at = HIGH_MEMORY, .error = error };
	struct multiboot_mod table[MODULES_MOST] = { 0 };
	char line[1024];
	paddr_t entry;

	muk_assert(modules <= MODULES_MOST);
	enum muk_err err = find_header(kernel, error);

	if (!err)
		err = place_all(&loader, kernel, module, modules);
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
