/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernels and programs of a plan: embedded ones by name, others by path. */
#include "sim/image/embedded.h"
#include "sim/scenario/plan.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct carried carried = { image_embedded, "a kernel or program", ".elf" };

static bool read_embedded(struct image *image, const char *name, const struct yaml_node *node,
                          struct diagnostics *diagnostics)
{
	struct muk_error error = {0};
	const void *bytes;
	size_t size;

	if (!carried_find(&carried, name, node, &bytes, &size, diagnostics))
		return false;
	if (!image_read(image, name, bytes, size, &error))
		return true;
	diagnose(diagnostics, node, NULL, "%s", error.text);
	return false;
}

static bool read_path(struct image *image, const char *name, const struct yaml_node *node,
                      struct diagnostics *diagnostics)
{
	char path[1024];
	struct muk_error error = {0};

	carried_path(path, sizeof(path), name, node);
	if (!image_read_file(image, path, &error))
		return true;
	diagnose(diagnostics, node, NULL, "%.200s: %s", path, error.text);
	return false;
}

const struct image *plan_image(struct plan *plan, const char *name, const struct yaml_node *node,
                               struct diagnostics *diagnostics)
{
	struct plan_image *entry;

	for (entry = plan->image; entry; entry = entry->next)
		if (!strcmp(entry->key, name))
			return &entry->image;
	entry = calloc(1, sizeof(*entry));
	if (!entry) {
		diagnose(diagnostics, node, NULL, "the host's memory is exhausted");
		return NULL;
	}
	snprintf(entry->key, sizeof(entry->key), "%s", name);
	if (carried_is_path(name, carried.ending) ? !read_path(&entry->image, name, node, diagnostics)
	                  : !read_embedded(&entry->image, name, node, diagnostics)) {
		free(entry);
		return NULL;
	}
	entry->next = plan->image;
	plan->image = entry;
	return &entry->image;
}

void plan_images_free(struct plan *plan)
{
	while (plan->image) {
		struct plan_image *entry = plan->image;
		plan->image = entry->next;
		image_free(&entry->image);
		free(entry);
	}
}

const char *plan_image_name(unsigned n)
{
	return image_embedded(n, NULL, NULL);
}

bool plan_image_sizes(const struct plan *plan, const char *name, struct image_sizes *sizes)
{
	struct muk_error error = {0};
	struct image image;
	const void *bytes;
	const char *found;
	size_t size;

	for (const struct plan_image *entry = plan->image; entry; entry = entry->next)
		if (!strcmp(entry->key, name)) {
			*sizes = entry->image.sizes;
			return true;
		}
	for (unsigned n = 0; (found = image_embedded(n, &bytes, &size)); n++) {
		if (strcmp(found, name) || image_read(&image, name, bytes, size, &error))
			continue;
		*sizes = image.sizes;
		image_free(&image);
		return true;
	}
	return false;
}
