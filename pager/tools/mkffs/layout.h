/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A tree of files as a 4.2BSD file system: where everything lies, and the bytes. */
#pragma once
#include "tree.h"

struct layout_options {
	uint64_t size;                              /* bytes of the image */
	uint32_t block_size, fragment_size;         /* bytes */
	uint64_t group_size;                        /* bytes of a cylinder group; 0: as large as its maps allow */
	bool old_format;                            /* inodes and directories of 4.2BSD, else of 4.4BSD */
};

/* The image, options->size bytes. Complains of what does not fit. */
uint8_t *layout_image(struct node *root, const struct layout_options *options);
