/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest image: an ELF file for i386 or MIPS, its segments, symbols, source lines and
 * probe sites.  Images are linked at the physical addresses at which they run (MIPS: or
 * at those of kseg0 and kseg1, which show physical memory), so that symbols and probes
 * are found by physical address, whatever the space.
 */
#pragma once
#include "mukroscope/error.h"
#include "sim/core/types.h"

enum { PROBE_ARGS = 6, PROBE_NAME = 48, PROBE_ARG_NAMES = 96, PROBE_NO_REGISTER = 255 };

/* Where a probe's argument is. */
struct probe_argument {
	enum { PROBE_REGISTER, PROBE_MEMORY, PROBE_CONSTANT } where;
	/* REGISTER, or the base of MEMORY, as the processor numbers them (enum x86_register, enum mips_register), or none */
	uint8_t reg;
	uint8_t index, scale;   /* of MEMORY; index may be none */
	uint8_t size;           /* bytes: 1, 2, 4 */
	bool is_signed;
	int32_t value;          /* displacement or constant */
};

struct image_probe {
	paddr_t address;
	char name[PROBE_NAME];
	char arg_names[PROBE_ARG_NAMES]; /* "task thread"; "" where the image gives none */
	uint8_t args;
	struct probe_argument arg[PROBE_ARGS];
};

struct image_symbol {
	paddr_t address;
	uint32_t size;          /* bytes; where the ELF says 0, up to the next symbol */
	char *name;
};

struct image_segment {
	paddr_t paddr;
	vaddr_t vaddr;
	uint32_t file_size, memory_size;
	const uint8_t *data;    /* in the image's bytes */
	/* of its bytes, from the first executable section to the end of the last; equal: none */
	uint32_t code_from, code_end;
};

/* Bytes of an image's parts, as size(1) counts them; symbols: the symbol table and its strings. */
struct image_sizes {
	uint32_t text, data, bss, symbols;
};

/* Whose instructions an image has.  X(name, "text") */
#define IMAGE_MACHINES(X)      \
	X(X86, "x86")          \
	X(MIPS, "MIPS")
enum image_machine {
#define X(name, text) IMAGE_##name,
	IMAGE_MACHINES(X)
#undef X
};

struct image_lines; /* the line table, made when it is first asked for: lines.c */

struct image {
	char name[64];
	uint8_t *bytes;         /* the file, owned */
	size_t size;
	enum image_machine machine;
	unsigned isa;           /* MIPS: the instruction set's level by its ELF header, 1 (MIPS I) on; x86: 0 */
	vaddr_t entry;
	struct image_segment *segment;
	unsigned segments;
	struct image_symbol *symbol; /* functions, by address; code only */
	unsigned symbols;
	struct image_probe *probe;   /* by address */
	unsigned probes;
	struct image_sizes sizes;
	struct image_lines *lines;
};

/* Reads an image from bytes (copied), checking all of it: a truncated or hostile ELF is MUK_ERR_INPUT with a sentence
 * that says which header or table is wrong. */
enum muk_err image_read(struct image *image, const char *name, const void *bytes, size_t size, struct muk_error *error);
enum muk_err image_read_file(struct image *image, const char *path, struct muk_error *error);
void image_free(struct image *image);
/* What is wrong with running an image on a processor of a machine and (MIPS) of an instruction set's level, as a
 * sentence's end: "is for MIPS III, ..."; NULL if nothing. text: room for it. */
const char *image_misfit(const struct image *image, enum image_machine machine, unsigned isa, char *text, size_t size);
/* Symbol covering a physical address, NULL for none. */
const struct image_symbol *image_symbol_at(const struct image *image, paddr_t address);
const struct image_symbol *image_symbol_named(const struct image *image, const char *name);
/* The physical address at which a virtual one is loaded; false if no segment holds it. */
bool image_physical(const struct image *image, vaddr_t address, paddr_t *out);
/* "file.c:123" of a physical address, from DWARF; false if unknown. */
bool image_line_at(struct image *image, paddr_t address, char *text, size_t size);

/* --- boot loaders --- */
struct boot_module {
	const struct image *image;
	const char *command_line;   /* "name arguments" */
};

/* x86: multiboot (version 1). */
struct multiboot_boot {
	uint32_t entry, eax, ebx;   /* registers at the entry */
};
/*
 * Loads a kernel and its modules into RAM as a multiboot loader does: kernel segments at their physical addresses,
 * modules (whole ELF files) page-aligned above everything the images' segments will use, information structure and
 * strings after them.  Errors: no multiboot header, does not fit, overlaps.
 */
enum muk_err multiboot_load(uint8_t *ram, uint32_t ram_size, const struct image *kernel, const char *command_line,
                            const struct boot_module *module, unsigned modules, struct multiboot_boot *boot,
                            struct muk_error *error);

/* MIPS: as YAMON does on a Malta. */
struct malta_boot {
	uint32_t entry, argc, argv, envp, memory; /* pc, and a0 to a3 */
};
/*
 * The same for a kernel for MIPS, with its modules in an archive (malta_boot.c).  Errors: an entry that is not in kseg0
 * or kseg1 or in no segment, does not fit, overlaps, a command line that is too long.
 */
enum muk_err malta_load_kernel(uint8_t *ram, uint32_t ram_size, const struct image *kernel, const char *command_line,
                               const struct boot_module *module, unsigned modules, struct malta_boot *boot,
                               struct muk_error *error);
