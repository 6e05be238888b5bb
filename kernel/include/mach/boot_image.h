/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The boot image: what makeboot joins to a kernel, and how the kernel finds it (GD91 §6.2).
 *
 *   text  data | struct boot_info   kernel's symbols   bootstrap image   loader information
 *              ^ start of the kernel's bss
 *
 * Each part has a multiple of 4 bytes. The bootstrap image is the bootstrap's executable file with its text and its
 * data on pages of their own and its symbols made self-describing; where they are, the loader information says, which
 * no compiler, linker or file format has a part in.
 */
#pragma once
#include <stdint.h>

struct boot_info {
	uint32_t kern_sym_size, boot_image_size, load_info_size; /* bytes; all 0: nothing was joined to this kernel */
};

/* Symbols that say themselves what they are: this head, `count` symbols by value, their names. */
struct boot_symbols {
	uint32_t magic;
	uint32_t size;                  /* bytes, with everything */
	uint32_t count;
	uint32_t strings_size;          /* bytes of names, each with a NUL */
};
struct boot_symbol {
	uint32_t value, size, name;     /* address, bytes, offset into the names */
};
#define BOOT_SYMBOLS_MAGIC 0x4d595342u      /* "BSYM" */

/* Offsets are into the bootstrap image, addresses the task's. */
struct loader_info {
	uint32_t magic;
	uint32_t text_start, text_size, text_offset; /* to be read and executed */
	uint32_t data_start, data_size, data_offset; /* to be written */
	uint32_t bss_size;                           /* zeros behind the data */
	uint32_t sym_offset, sym_size;               /* struct boot_symbols */
	uint32_t entry;
};
#define LOADER_INFO_MAGIC 0x4f464e4cu       /* "LNFO" */
