/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the readers of an image's parts share: the open ELF descriptor. */
#pragma once
#include <gelf.h>

#include "sim/image/image.h"

/* Each reads its part from an image whose segments are known. Errors: MUK_ERR_INPUT, MUK_ERR_NOMEM. */
enum muk_err image_read_symbols(struct image *image, Elf *elf, struct muk_error *error);
enum muk_err image_read_probes(struct image *image, Elf *elf, struct muk_error *error);

/* Where the code of each segment is, and the sizes; cannot fail. */
void image_read_sections(struct image *image, Elf *elf);

/* A symbol's value (functions and data) by name: for probe operands that name one. */
bool image_elf_symbol_value(Elf *elf, const char *name, size_t length, uint32_t *value);

/* A probe's operand, by the syntax of the image's machine; false: it cannot be understood. */
bool image_probe_operand(const struct image *image, Elf *elf, const char *text, struct probe_argument *argument);

void image_free_lines(struct image *image);
