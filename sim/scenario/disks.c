/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The disks of a plan: embedded images by name, others by path. Each is read once, and written by no run. */
#include "sim/image/embedded.h"
#include "sim/scenario/plan.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct carried carried = { disk_embedded, "a disk's image", ".img" };

static bool read_embedded(struct disk_image *disk, const void *bytes, size_t size, const struct yaml_node *node,
                          struct diagnostics *diagnostics)
{
	struct muk_error error = {0};

	if (!disk_image_unpack(disk, bytes, size, &error))
		return true;
	diagnose(diagnostics, node, NULL, "%s", error.text);
	return false;
}

static bool read_path(struct disk_image *disk, const char *name, const struct yaml_node *node,
                      struct diagnostics *diagnostics)
{
	char path[1024];
	struct muk_error error = {0};

	carried_path(path, sizeof(path), name, node);
	if (!disk_image_read_file(disk, path, &error))
		return true;
	diagnose(diagnostics, node, NULL, "%.200s: %s", path, error.text);
	return false;
}

const struct plan_disk *plan_disk(struct plan *plan, const char *name, const struct model *model,
                                  const struct yaml_node *node, struct diagnostics *diagnostics)
{
	struct plan_disk *entry;
	const void *bytes = NULL;
	const char *key = name;
	size_t size = 0;

	if (!carried_is_path(name, carried.ending))
		key = carried_find(&carried, name, model, node, &bytes, &size, diagnostics);
	if (!key)
		return NULL;
	for (entry = plan->disk; entry; entry = entry->next)
		if (!strcmp(entry->key, key))
			return entry;
	entry = calloc(1, sizeof(*entry));
	if (!entry) {
		diagnose(diagnostics, node, NULL, "the host's memory is exhausted");
		return NULL;
	}
	snprintf(entry->key, sizeof(entry->key), "%s", key);
	if (bytes ? !read_embedded(&entry->image, bytes, size, node, diagnostics)
	          : !read_path(&entry->image, name, node, diagnostics)) {
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
