/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files that go into an image: a tree, each directory sorted by name, so that the order they come in is nothing. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum node_kind { NODE_DIRECTORY, NODE_FILE, NODE_LINK };

struct node {
	struct node *parent, *children, *next;  /* next: its sibling, greater by name */
	char *name;
	enum node_kind kind;
	uint64_t size;                          /* bytes; of a directory: what its entries fill */
	uint8_t *data;                          /* contents, or a link's text; NULL: zeros */
	uint32_t hole_every;                    /* every so manyth block is a hole; 0: none */
	bool executable;
	uint32_t inode;
};

/* Prints "mkffs: ..." and ends with status 1. */
_Noreturn void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
void *allocate(uint64_t bytes);

struct node *tree_create(void);
/* The node, all below it, and their data. */
void tree_free(struct node *node);
/* The directory or other thing at a path, with all directories above it; there must be nothing yet, unless it and what
 * is there are directories. */
struct node *tree_add(struct node *root, const char *path, enum node_kind kind);
/* A file's bytes from the host. */
void node_load(struct node *node, const char *host_path);
/* All that a directory of the host has. */
void tree_add_directory(struct node *root, const char *path, const char *host_path);
