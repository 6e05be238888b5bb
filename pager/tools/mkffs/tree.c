/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tree.h"
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void complain(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	fputs("mkffs: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	exit(1);
}

void *allocate(uint64_t bytes)
{
	void *memory = calloc(1, bytes ? bytes : 1);
	if (memory == NULL)
		complain("out of memory");
	return memory;
}

struct node *tree_create(void)
{
	struct node *root = allocate(sizeof *root);
	root->parent = root;
	root->name = strdup("");
	root->kind = NODE_DIRECTORY;
	return root;
}

void tree_free(struct node *node)
{
	for (struct node *child = node->children, *next; child != NULL; child = next) {
		next = child->next;
		tree_free(child);
	}
	free(node->name);
	free(node->data);
	free(node);
}

/* Where in the sorted list of a directory the name is, or would be. */
static struct node **place_of(struct node *directory, const char *name, size_t length)
{
	struct node **place = &directory->children;
	/* Equal so far means that the one in the list is longer, and greater; or it is the one. */
	while (*place != NULL && strncmp((*place)->name, name, length) < 0)
		place = &(*place)->next;
	return place;
}

static struct node *child_of(struct node *directory, const char *name, size_t length, enum node_kind kind)
{
	if (length > 255)
		complain("a name is longer than 255 bytes: %.40s...", name);
	if ((length == 1 && name[0] == '.') || (length == 2 && name[0] == '.' && name[1] == '.'))
		complain("a path has a %.*s", (int)length, name);
	struct node **place = place_of(directory, name, length);
	struct node *node = *place;
	if (node != NULL && strlen(node->name) == length && memcmp(node->name, name, length) == 0) {
		if (node->kind != NODE_DIRECTORY || kind != NODE_DIRECTORY)
			complain("%s is there already", node->name);
		return node;
	}
	node = allocate(sizeof *node);
	node->name = strndup(name, length);
	node->kind = kind;
	node->parent = directory;
	node->next = *place;
	*place = node;
	return node;
}

struct node *tree_add(struct node *root, const char *path, enum node_kind kind)
{
	struct node *node = root;
	while (*path == '/')
		path++;
	while (*path != '\0') {
		if (node->kind != NODE_DIRECTORY)
			complain("%s is no directory", node->name);
		const size_t length = strcspn(path, "/");
		const char *rest = path + length + strspn(path + length, "/");
		node = child_of(node, path, length, *rest == '\0' ? kind : NODE_DIRECTORY);
		path = rest;
	}
	return node;
}

void node_load(struct node *node, const char *host_path)
{
	FILE *file = fopen(host_path, "rb");
	struct stat status;
	if (file == NULL || fstat(fileno(file), &status) != 0)
		complain("%s: %s", host_path, strerror(errno));
	if (!S_ISREG(status.st_mode))
		complain("%s: not a regular file", host_path);
	node->size = (uint64_t)status.st_size;
	node->data = allocate(node->size);
	node->executable = true;
	if (fread(node->data, 1, node->size, file) != node->size)
		complain("%s: cannot be read", host_path);
	fclose(file);
}

static void add_one(struct node *root, const char *path, const char *host_path)
{
	struct stat status;
	if (lstat(host_path, &status) != 0)
		complain("%s: %s", host_path, strerror(errno));
	if (S_ISDIR(status.st_mode)) {
		tree_add_directory(root, path, host_path);
	} else if (S_ISLNK(status.st_mode)) {
		struct node *node = tree_add(root, path, NODE_LINK);
		node->size = (uint64_t)status.st_size;
		node->data = allocate(node->size + 1);
		if (readlink(host_path, (char *)node->data, node->size + 1) != (ssize_t)node->size)
			complain("%s: the link cannot be read", host_path);
	} else {
		node_load(tree_add(root, path, NODE_FILE), host_path);
	}
}

void tree_add_directory(struct node *root, const char *path, const char *host_path)
{
	DIR *directory = opendir(host_path);
	if (directory == NULL)
		complain("%s: %s", host_path, strerror(errno));
	tree_add(root, path, NODE_DIRECTORY);
	for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		char *inner, *host;
		if (asprintf(&inner, "%s/%s", path, entry->d_name) < 0 ||
		    asprintf(&host, "%s/%s", host_path, entry->d_name) < 0)
			complain("out of memory");
		add_one(root, inner, host);
		free(inner);
		free(host);
	}
	closedir(directory);
}
