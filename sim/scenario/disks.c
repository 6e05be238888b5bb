/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The disks of a plan: embedded images by name, others by path. Each is read once, and written by no run. */
#include "sim/image/embedded.h"
#include "sim/scenario/plan.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_path(const char *name)
{
	size_t size = strlen(name);

	return strchr(name, '/') || (size > 4 && !strcmp(name + size - 4, ".img"));
}

static bool read_embedded(struct disk_image *disk, const char *name, const struct yaml_node *node,
                          struct diagnostics *diagnostics)
{
	enum { DISKS = 64 };
	const char *names[DISKS];
	char hint[128] = "";
	struct muk_error error = {0};
	const void *bytes;
	size_t size;
	unsigned n = 0;

	for (; n < DISKS && (names[n] = disk_embedded(n, &bytes, &size)); n++) {
		if (strcmp(names[n], name))
			continue;
		if (!disk_image_unpack(disk, bytes, size, &error))
			return true;
		diagnose(diagnostics, node, NULL, "%s", error.text);
		return false;
	}
	const char *nearest = yaml_nearest(name, names, n);
	if (nearest)
		snprintf(hint, sizeof(hint), "did you mean \"%.64s\"?", nearest);
	else
		snprintf(hint, sizeof(hint), "a file of yours is written with its path or its .img");
	diagnose(diagnostics, node, hint, "expected a disk's image, got \"%.64s\"", name);
	return false;
}

static bool read_path(struct disk_image *disk, const char *name, const struct yaml_node *node,
                      struct diagnostics *diagnostics)
{
	char path[1024];
	struct muk_error error = {0};
	const char *slash = name[0] == '/' ? NULL : strrchr(node->file, '/');

	snprintf(path, sizeof(path), "%.*s%s", slash ? (int)(slash + 1 - node->file) : 0, slash ? node->file : "",
	         name);
	if (!disk_image_read_file(disk, path, &error))
		return true;
	diagnose(diagnostics, node, NULL, "%.200s: %s", path, error.text);
	return false;
}

const struct plan_disk *plan_disk(struct plan *plan, const char *name, const struct yaml_node *node,
                                  struct diagnostics *diagnostics)
{
	struct plan_disk *entry;

	for (entry = plan->disk; entry; entry = entry->next)
		if (!strcmp(entry->key, name))
			return entry;
	entry = calloc(1, sizeof(*entry));
	if (!entry) {
		diagnose(diagnostics, node, NULL, "the host's memory is exhausted");
		return NULL;
	}
	snprintf(entry->key, sizeof(entry->key), "%s", name);
	if (is_path(name) ? !read_path(&entry->image, name, node, diagnostics)
	                  : !read_embedded(&entry->image, name, node, diagnostics)) {
		free(entry);
		return NULL;
	}
	entry->next = plan->disk;
	plan->disk = entry;
	return entry;
}

void plan_disks_free(struct plan *plan)
{
	while (plan->disk) {
		struct plan_disk *entry = plan->disk;
		plan->disk = entry->next;
		disk_image_free(&entry->image);
		free(entry);
	}
}
