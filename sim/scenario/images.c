/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernels and programs of a plan: embedded ones by name, others by path. */
#include "sim/image/embedded.h"
#include "sim/scenario/plan.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct carried carried = { image_embedded, "a kernel or program", ".elf" };

static bool read_embedded(struct image *image, const char *name, const void *bytes, size_t size,
                          const struct yaml_node *node, struct diagnostics *diagnostics)
{
	struct muk_error error = {0};

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

/* The image of a key, read if it is not there yet; bytes NULL: it is a file.  NULL after a diagnosis. */
static const struct image *image_of(struct plan *plan, const char *key, const char *name, const void *bytes,
                                    size_t size, const struct yaml_node *node, struct diagnostics *diagnostics)
{
	struct plan_image *entry;

	for (entry = plan->image; entry; entry = entry->next)
		if (!strcmp(entry->key, key))
			return &entry->image;
	entry = calloc(1, sizeof(*entry));
	if (!entry) {
		diagnose(diagnostics, node, NULL, "the host's memory is exhausted");
		return NULL;
	}
	snprintf(entry->key, sizeof(entry->key), "%s", key);
	snprintf(entry->name, sizeof(entry->name), "%s", name);
	if (bytes ? !read_embedded(&entry->image, name, bytes, size, node, diagnostics)
	          : !read_path(&entry->image, name, node, diagnostics)) {
		free(entry);
		return NULL;
	}
	entry->next = plan->image;
	plan->image = entry;
	return &entry->image;
}

const struct image *plan_image(struct plan *plan, const char *name, const struct model *model,
                               const struct yaml_node *node, struct diagnostics *diagnostics)
{
	const void *bytes = NULL;
	const char *key = name, *wrong;
	size_t size = 0;
	char text[160];

	if (!carried_is_path(name, carried.ending))
		key = carried_find(&carried, name, model, node, &bytes, &size, diagnostics);
	if (!key)
		return NULL;
	const struct image *image = image_of(plan, key, name, bytes, size, node, diagnostics);
	if (!image || !model)
		return image;
	wrong = machine_misfit(model, image, text, sizeof(text));
	if (wrong)
		diagnose(diagnostics, node, NULL, "expected an image for the model %.60s, got \"%.64s\": %s", model->name, name,
		         wrong);
	return wrong ? NULL : image;
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
	const struct model *model = plan->runs ? plan->run[0].model : NULL;
	struct muk_error error = {0};
	struct image image;
	const void *bytes;
	size_t size;
	const char *key = carried_named(&carried, name, model, &bytes, &size);

	if (!key)
		key = name;
	for (const struct plan_image *entry = plan->image; entry; entry = entry->next)
		if (!strcmp(entry->key, key)) {
			*sizes = entry->image.sizes;
			return true;
		}
	if (key == name || image_read(&image, name, bytes, size, &error))
		return false;
	*sizes = image.sizes;
	image_free(&image);
	return true;
}
