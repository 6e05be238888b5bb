/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What boot loaders have in common (multiboot.c, malta_boot.c): images' segments at the addresses for which they were
 * linked, and above all of them whatever else there is, growing upwards.
 */
#pragma once
#include "sim/image/image.h"

struct loader {
	uint8_t *ram;
	uint32_t ram_size;
	uint32_t least;         /* no image may be linked below this physical address */
	const char *least_why;  /* "below 1 MiB, where ..." */
	uint64_t at;            /* physical: where the next thing goes */
	struct muk_error *error;
};

/* Loads the kernel's segments, and reserves what those of the modules will occupy.  Errors: does not fit, overlaps. */
enum muk_err loader_place(struct loader *loader, const struct image *kernel, const struct boot_module *module,
                          unsigned modules);
void loader_page_align(struct loader *loader);
/* Copies bytes to the next free place (4-byte aligned); *address says where.  what: for the error. */
enum muk_err loader_put(struct loader *loader, const void *bytes, size_t size, uint32_t *address, const char *what);
/* The same with an image's file, as far as it is loaded, on pages of its own; *size: of what is there. */
enum muk_err loader_put_file(struct loader *loader, const struct image *image, uint32_t *address, uint32_t *size);
