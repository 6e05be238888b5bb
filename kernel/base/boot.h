/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a boot loader that brings modules hands over (multiboot; arch: loader.h says how), and the modules, which are
 * ELF files linked at the physical addresses at which they are to run.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum { BOOT_MODULES = 16 };

struct boot_module {
	const char *command_line;
	uint32_t file, file_end;     /* physical: the ELF file */
	uint32_t begin, end;         /* physical: all its segments, page-aligned */
	uint32_t entry;
};
struct boot_information {
	const char *command_line;
	uint32_t memory_size;        /* bytes from 0, page-aligned */
	unsigned modules;
	struct boot_module module[BOOT_MODULES];
};

/* Reads what the loader left, of which boot.S has the address (arch: loader.h). `window`: where physical memory is
 * seen, window_size bytes of it. Panics if it makes no sense. */
void multiboot_read(struct boot_information *boot, uint32_t address, uint32_t window, uint32_t window_size);
/* Says where the modules' segments will go; panics if a file is no such ELF, or memory has no such place. */
void multiboot_measure_modules(struct boot_information *boot);
/* Moves the segments of all modules to where they run; panics if there is no room.
 * reserved_begin, reserved_end: physical, the kernel's image. */
void multiboot_load_modules(struct boot_information *boot, uint32_t reserved_begin, uint32_t reserved_end);

/* A word of a command line that begins with `key`: what follows it there; NULL if there is none. */
const char *command_word(const char *command_line, const char *key);
bool text_begins(const char *text, const char *with);
/* Decimal digits at the beginning of a text. */
uint32_t text_number(const char *text);
