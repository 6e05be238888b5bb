/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mkffs: makes the image of a 4.2BSD fast file system.  The same files make the same bytes, on any host, in any order.
 *
 *   mkffs [options] -o IMAGE --size BYTES ENTRY...
 *     PATH=FILE               a file of the host
 *     PATH:zero=BYTES         a file of zeros, all its blocks allocated: a paging file
 *     PATH:holes=BYTES/N      the same, but every Nth block is a hole
 *     PATH:link=TEXT          a symbolic link
 *     PATH:tree=DIRECTORY     all that a directory of the host has
 *     PATH/                   an empty directory
 *   --block BYTES --fragment BYTES    (8192, 1024)
 *   --group BYTES                     a cylinder group's size at most
 *   --old                             inodes and directories as 4.2BSD had them
 *   Sizes may end in K or M.
 */
#include "layout.h"
#include "pager/bootfs/ffs.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t number(const char *text, const char **end)
{
	char *rest;
	errno = 0;
	uint64_t value = strtoull(text, &rest, 10);
	if (rest == text || errno != 0 || *text == '-')
		complain("%s: a number of bytes is expected", text);
	const uint64_t unit = *rest == 'K' ? 1024 : *rest == 'M' ? 1024 * 1024 : 1;
	rest += unit != 1;
	if (value > UINT64_MAX / unit / 2)
		complain("%s: too large", text);
	*end = rest;
	return value * unit;
}

static uint64_t whole_number(const char *text)
{
	const char *end;
	const uint64_t value = number(text, &end);
	if (*end != '\0')
		complain("%s: a number of bytes is expected", text);
	return value;
}

static void add_special(struct node *root, const char *path, const char *what)
{
	const char *end;
	if (strncmp(what, "zero=", 5) == 0) {
		tree_add(root, path, NODE_FILE)->size = whole_number(what + 5);
	} else if (strncmp(what, "holes=", 6) == 0) {
		struct node *node = tree_add(root, path, NODE_FILE);
		node->size = number(what + 6, &end);
		if (*end != '/' || whole_number(end + 1) == 0)
			complain("%s: holes=BYTES/N is expected", what);
		node->hole_every = (uint32_t)whole_number(end + 1);
	} else if (strncmp(what, "link=", 5) == 0 && what[5] != '\0') {
		struct node *node = tree_add(root, path, NODE_LINK);
		node->data = (uint8_t *)strdup(what + 5);
		node->size = strlen(what + 5);
	} else if (strncmp(what, "tree=", 5) == 0) {
		tree_add_directory(root, path, what + 5);
	} else {
		complain("%s: zero=, holes=, link= or tree= is expected", what);
	}
}

static void add_entry(struct node *root, char *entry)
{
	char *special = strchr(entry, ':'), *file = strchr(entry, '=');
	const size_t length = strlen(entry);
	if (special != NULL && special < file) {
		*special = '\0';
		add_special(root, entry, special + 1);
	} else if (file != NULL) {
		*file = '\0';
		node_load(tree_add(root, entry, NODE_FILE), file + 1);
	} else if (length > 0 && entry[length - 1] == '/') {
		tree_add(root, entry, NODE_DIRECTORY);
	} else {
		complain("%s: PATH=FILE, PATH:KIND=..., or PATH/ is expected", entry);
	}
}

/* Takes an option and its value off the arguments; true if it was one. */
static bool take_option(struct layout_options *options, const char **output, int *i, int count, char **arguments)
{
	const char *option = arguments[*i];
	if (option[0] != '-')
		return false;
	if (strcmp(option, "--old") == 0) {
		options->old_format = true;
		return true;
	}
	if (++*i == count)
		complain("%s: a value is missing, or the option is unknown", option);
	const char *value = arguments[*i];
	if (strcmp(option, "-o") == 0)
		*output = value;
	else if (strcmp(option, "--size") == 0)
		options->size = whole_number(value);
	else if (strcmp(option, "--block") == 0)
		options->block_size = (uint32_t)whole_number(value);
	else if (strcmp(option, "--fragment") == 0)
		options->fragment_size = (uint32_t)whole_number(value);
	else if (strcmp(option, "--group") == 0)
		options->group_size = whole_number(value);
	else
		complain("%s: no such option", option);
	return true;
}

static void check_options(const struct layout_options *options, const char *output)
{
	const uint32_t block = options->block_size, fragment = options->fragment_size;
	if (output == NULL)
		complain("-o IMAGE is missing");
	if (block < FFS_BLOCK_MIN || block > FFS_BLOCK_MAX || (block & (block - 1)) != 0)
		complain("a block has 4096 or 8192 bytes");
	if (fragment < FFS_SECTOR_SIZE || fragment > block || (fragment & (fragment - 1)) != 0 || block / fragment > 8)
		complain("a fragment is a block, or half, a quarter, or an eighth of it, and not less than 512 bytes");
	if (options->size < 256 * 1024 || options->size > 2ull * 1024 * 1024 * 1024)
		complain("--size: from 256K to 2048M");
}

int main(int count, char **arguments)
{
	struct layout_options options = {.block_size = 8192, .fragment_size = 1024};
	const char *output = NULL;
	struct node *root = tree_create();
	for (int i = 1; i < count; i++)
		if (!take_option(&options, &output, &i, count, arguments))
			add_entry(root, arguments[i]);
	check_options(&options, output);
	uint8_t *image = layout_image(root, &options);
	FILE *file = fopen(output, "wb");
	if (file == NULL || fwrite(image, 1, options.size, file) != options.size || fclose(file) != 0)
		complain("%s: %s", output, strerror(errno));
	free(image);
	tree_free(root);
	return 0;
}
