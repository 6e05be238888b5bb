/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The first-level caches of a model (load.c has the keys), which are alike on all architectures. */
#include "sim/model/parts.h"

static const char *const writes[] = {
#define X(name, text) text,
	CACHE_WRITE_POLICIES(X)
#undef X
};

static void load_cache_geometry(struct yaml_node *node, struct cache_geometry *geometry,
                                struct diagnostics *diagnostics)
{
	uint64_t size = 0, line = 0;
	unsigned write = CACHE_WRITE_THROUGH;

	yaml_quantity(node, "size", true, UNIT_BYTES, 0, 256, 16u << 20, &size, diagnostics);
	yaml_quantity(node, "line", true, UNIT_BYTES, 0, 4, 256, &line, diagnostics);
	model_uint(node, "ways", 1, 64, &geometry->ways, diagnostics);
	yaml_word(node, "write", true, writes, CACHE_WRITE_COUNT, &write, diagnostics);
	geometry->size = (uint32_t)size;
	geometry->line = (uint32_t)line;
	geometry->write = (enum cache_write)write;
}

void caches_load(struct model *model, struct yaml_node *root, struct diagnostics *diagnostics)
{
	static const char *const unified_keys[] = {"size", "ways", "line", "write", NULL};
	static const char *const split_keys[] = {"code", "data", NULL};
	static const char *const walks[] = {"walk_cached", NULL};
	struct yaml_node *cache = yaml_get(root, "cache", YAML_MAPPING, true, diagnostics);

	if (!cache || !yaml_bool(cache, "split", true, &model->split_cache, diagnostics)) {
		if (cache)
			yaml_use(cache);
		return;
	}
	yaml_bool(cache, "enabled", true, &model->cache_enabled, diagnostics);
	if (model->arch == ARCH_X86)
		yaml_bool(cache, "walk_cached", true, &model->walk_cached, diagnostics);
	else
		model_refuse(cache, walks, "since the processor walks no page tables through its cache", NULL, diagnostics);
	if (model->split_cache) {
		struct yaml_node *code = yaml_get(cache, "code", YAML_MAPPING, true, diagnostics);
		struct yaml_node *data = yaml_get(cache, "data", YAML_MAPPING, true, diagnostics);

		if (code)
			load_cache_geometry(code, &model->code_cache, diagnostics);
		if (data)
			load_cache_geometry(data, &model->data_cache, diagnostics);
		model_refuse(cache, unified_keys, "since split is true", "set those of code and data", diagnostics);
	} else {
		load_cache_geometry(cache, &model->cache, diagnostics);
		model_refuse(cache, split_keys, "since split is false", "one for code and data has its keys beside split",
		             diagnostics);
	}
}

static void check_cache(const struct cache_geometry *geometry, struct yaml_node *at, struct diagnostics *diagnostics)
{
	const char *wrong = cache_geometry_error(geometry);
	bool size = geometry->size & (geometry->size - 1), line = geometry->line & (geometry->line - 1);
	const char *key = size ? "size" : line ? "line" : "ways";

	if (wrong)
		diagnose(diagnostics, yaml_find(at, key), NULL, "expected a cache that can be built: %s", wrong);
}

void caches_check(const struct model *model, struct yaml_node *root, struct diagnostics *diagnostics)
{
	if (model->split_cache) {
		check_cache(&model->code_cache, model_part(root, "cache", "code"), diagnostics);
		check_cache(&model->data_cache, model_part(root, "cache", "data"), diagnostics);
	} else {
		check_cache(&model->cache, model_part(root, "cache", NULL), diagnostics);
	}
}

bool caches_write_back(const struct model *model)
{
	const struct cache_geometry *data = model->split_cache ? &model->data_cache : &model->cache;

	return model->cache_enabled && data->write != CACHE_WRITE_THROUGH;
}
