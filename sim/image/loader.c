/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Placing images in memory (loader.h).
 *
 * What follows a module's last segment in its file (symbols, debugging information) is for people: it is left out, and
 * the file's header says so, as if it had been stripped.  So nothing of it is in memory, nor in a digest.
 */
#include <elf.h>
#include <string.h>

#include "sim/core/error.h"
#include "sim/image/loader.h"

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
		if (segment->paddr < loader->least)
			return error_at(loader->error, MUK_ERR_INPUT, image->name, 0, 0, "%s: linked at %#x, %s", image->name,
			                segment->paddr, loader->least_why);
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

enum muk_err loader_place(struct loader *loader, const struct image *kernel, const struct boot_module *module,
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

void loader_page_align(struct loader *loader)
{
	loader->at = (loader->at + PAGE_MASK) & ~(uint64_t)PAGE_MASK;
}

enum muk_err loader_put(struct loader *loader, const void *bytes, size_t size, uint32_t *address, const char *what)
{
	loader->at = (loader->at + 3) & ~(uint64_t)3;
	if (loader->at + size > loader->ram_size)
		return too_small(loader, what);
	*address = (uint32_t)loader->at;
	memcpy(loader->ram + loader->at, bytes, size);
	loader->at += size;
	return MUK_OK;
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

enum muk_err loader_put_file(struct loader *loader, const struct image *image, uint32_t *address, uint32_t *size)
{
	*size = (uint32_t)loaded_size(image);
	loader_page_align(loader);
	enum muk_err err = loader_put(loader, image->bytes, *size, address, image->name);

	if (!err)
		strip(loader->ram + *address);
	return err;
}
