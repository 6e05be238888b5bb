/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What makeboot's files share: an executable, read and checked; bytes that grow.
 */
#pragma once
#include <libelf.h>
#include <stdbool.h>
#include <stdint.h>

/* Prints "makeboot: ..." and ends with status 1. */
_Noreturn void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

struct bytes {
	uint8_t *data;
	uint32_t size;
};
/* Appends, and says where; from NULL: zeros. */
uint32_t append(struct bytes *bytes, const void *from, uint32_t size);
/* Zeros up to a multiple. */
void pad(struct bytes *bytes, uint32_t multiple);

/* One of the two segments that an executable has: text (read, executed), data (written, perhaps with bss). */
struct segment {
	uint32_t vaddr, paddr, file_size, memory_size;
	const uint8_t *bytes;
};
struct executable {
	const char *name;
	uint8_t *file;
	uint32_t size;                  /* bytes of the file */
	Elf *elf;
	uint32_t entry, machine, flags; /* ELF's e_machine and e_flags */
	struct segment text, data;
};
/* A file of the host: a little-endian ELF executable for the 386 or MIPS with one or two segments to be loaded, all
 * within the file. */
void executable_read(struct executable *executable, const char *path);
void executable_free(struct executable *executable);
/* Its functions' and data's symbols, self-describing (mach/boot_image.h), in whole words. None: an empty table. */
struct bytes symbols_of(const struct executable *executable);
