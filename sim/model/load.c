/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A model file -> struct model.
 *
 *   schema: 1
 *   base: NAME            optional: another model, which this one lays its keys over
 *   name, title, family, clock, memory
 *   write_protect, invlpg, large_pages, global_pages, pairing, branch_prediction: true or false
 *   btb: {entries, ways}
 *   engine: auto | set-mru | subset | every-access       optional; never changes a result
 *   tlb:   {split, tag_bits, seed, large: {entries, ...}} and, unified, entries, ways, policy; split, code: and data:
 *   cache: {enabled, split, walk_cached} and, unified, size, ways, line, write; split, code: and data:
 *   disk: disk.c          optional: without it the model's machines have none
 *   deadlock: {after}     optional: the time after which threads that only wait are reported; absent: 10 s
 *   costs: costs.c
 *
 * First each key for itself, then, if all keys were right, what they say together (check_*).
 */
#include "sim/model/costs.h"
#include <stdio.h>
#include <string.h>

static const char *const policies[] = {
#define X(name, text) text,
	TLB_POLICIES(X)
#undef X
};

static const char *const writes[] = {
#define X(name, text) text,
	CACHE_WRITE_POLICIES(X)
#undef X
};

/* Reads an integer that fits 32 bits. */
static void load_uint(struct yaml_node *mapping, const char *key, uint32_t least, uint32_t most, uint32_t *out,
                      struct diagnostics *diagnostics)
{
	uint64_t value = *out;

	yaml_uint(mapping, key, true, least, most, &value, diagnostics);
	*out = (uint32_t)value;
}

static void load_identity(struct model *model, struct yaml_node *root, struct diagnostics *diagnostics)
{
	uint64_t schema, memory = 0;
	unsigned engine = ENGINE_AUTO;
	const char *modes[ENGINE_MODE_COUNT];

	for (unsigned n = 0; n < ENGINE_MODE_COUNT; n++)
		modes[n] = engine_mode_name(n);
	yaml_uint(root, "schema", true, 1, 1, &schema, diagnostics);
	yaml_string(root, "name", true, sizeof(model->name), model->name, diagnostics);
	yaml_string(root, "title", true, sizeof(model->title), model->title, diagnostics);
	load_uint(root, "family", 3, 5, &model->family, diagnostics);
	yaml_quantity(root, "clock", true, UNIT_HERTZ, 0, 1000, 10000000000, &model->hertz, diagnostics);
	yaml_quantity(root, "memory", true, UNIT_BYTES, 0, 1u << 20, 1u << 30, &memory, diagnostics);
	yaml_word(root, "engine", false, modes, ENGINE_MODE_COUNT, &engine, diagnostics);
	model->memory = (uint32_t)memory;
	model->engine = (enum engine_mode)engine;
}

static void load_features(struct model *model, struct yaml_node *root, struct diagnostics *diagnostics)
{
	yaml_bool(root, "write_protect", true, &model->write_protect, diagnostics);
	yaml_bool(root, "invlpg", true, &model->invlpg, diagnostics);
	yaml_bool(root, "large_pages", true, &model->large_pages, diagnostics);
	yaml_bool(root, "global_pages", true, &model->global_pages, diagnostics);
	yaml_bool(root, "pairing", true, &model->pairing, diagnostics);
	yaml_bool(root, "branch_prediction", true, &model->branch_prediction, diagnostics);
	struct yaml_node *btb = yaml_get(root, "btb", YAML_MAPPING, model->branch_prediction, diagnostics);
	if (btb) {
		load_uint(btb, "entries", 1, 4096, &model->btb_entries, diagnostics);
		load_uint(btb, "ways", 1, 64, &model->btb_ways, diagnostics);
	}
}

/* --- TLBs --- */

/* entries, ways and policy of one TLB. What they say together is for check_tlb. */
static void load_tlb_geometry(struct yaml_node *node, struct tlb_geometry *geometry, struct diagnostics *diagnostics)
{
	unsigned policy = TLB_LRU;

	load_uint(node, "entries", 1, 4096, &geometry->entries, diagnostics);
	load_uint(node, "ways", 1, 4096, &geometry->ways, diagnostics);
	yaml_word(node, "policy", true, policies, TLB_POLICY_COUNT, &policy, diagnostics);
	geometry->policy = (enum tlb_policy)policy;
}

/* large: {entries: 0} is a processor without entries of their own for 4 MB pages. */
static void load_large_tlb(struct model *model, struct yaml_node *tlb, struct diagnostics *diagnostics)
{
	struct yaml_node *large = yaml_get(tlb, "large", YAML_MAPPING, true, diagnostics);
	struct yaml_node *entries = large ? yaml_find(large, "entries") : NULL;

	model->large_tlb.page_shift = 22;
	if (!large)
		return;
	if (entries && entries->kind == YAML_SCALAR && !strcmp(entries->text, "0") && !entries->quoted) {
		yaml_find(large, "ways");
		yaml_find(large, "policy");
		return;
	}
	load_tlb_geometry(large, &model->large_tlb, diagnostics);
}

/* The keys of the other kind of TLB or cache, where they would be silently of no effect. */
static void refuse_keys(struct yaml_node *node, const char *const *keys, const char *instead,
                        struct diagnostics *diagnostics)
{
	for (; *keys; keys++) {
		struct yaml_node *child = yaml_find(node, *keys);
		if (child) {
			yaml_use(child);
			diagnose_key(diagnostics, node, *keys, instead, "expected no such key here, since split is %s",
			             !strcmp(*keys, "code") || !strcmp(*keys, "data") ? "false" : "true");
		}
	}
}

static const char *const split_keys[] = {"code", "data", NULL};
static const char *const to_unified = "one for code and data has its keys beside split";
static const char *const to_split = "set those of code and data";

static void load_tlbs(struct model *model, struct yaml_node *root, struct diagnostics *diagnostics)
{
	static const char *const unified_keys[] = {"entries", "ways", "policy", NULL};
	struct yaml_node *tlb = yaml_get(root, "tlb", YAML_MAPPING, true, diagnostics);
	struct tlb_geometry common = {.page_shift = PAGE_SHIFT};

	if (!tlb || !yaml_bool(tlb, "split", true, &model->split_tlb, diagnostics)) {
		if (tlb)
			yaml_use(tlb);
		return;
	}
	load_uint(tlb, "tag_bits", 0, 16, &common.tag_bits, diagnostics);
	load_uint(tlb, "seed", 0, UINT32_MAX, &common.seed, diagnostics);
	model->tlb = model->code_tlb = model->data_tlb = model->large_tlb = common;
	if (model->split_tlb) {
		struct yaml_node *code = yaml_get(tlb, "code", YAML_MAPPING, true, diagnostics);
		struct yaml_node *data = yaml_get(tlb, "data", YAML_MAPPING, true, diagnostics);

		if (code)
			load_tlb_geometry(code, &model->code_tlb, diagnostics);
		if (data)
			load_tlb_geometry(data, &model->data_tlb, diagnostics);
		refuse_keys(tlb, unified_keys, to_split, diagnostics);
	} else {
		load_tlb_geometry(tlb, &model->tlb, diagnostics);
		refuse_keys(tlb, split_keys, to_unified, diagnostics);
	}
	load_large_tlb(model, tlb, diagnostics);
}

/* --- caches --- */

static void load_cache_geometry(struct yaml_node *node, struct cache_geometry *geometry,
                                struct diagnostics *diagnostics)
{
	uint64_t size = 0, line = 0;
	unsigned write = CACHE_WRITE_THROUGH;

	yaml_quantity(node, "size", true, UNIT_BYTES, 0, 256, 16u << 20, &size, diagnostics);
	yaml_quantity(node, "line", true, UNIT_BYTES, 0, 4, 256, &line, diagnostics);
	load_uint(node, "ways", 1, 64, &geometry->ways, diagnostics);
	yaml_word(node, "write", true, writes, CACHE_WRITE_COUNT, &write, diagnostics);
	geometry->size = (uint32_t)size;
	geometry->line = (uint32_t)line;
	geometry->write = (enum cache_write)write;
}

static void load_caches(struct model *model, struct yaml_node *root, struct diagnostics *diagnostics)
{
	static const char *const unified_keys[] = {"size", "ways", "line", "write", NULL};
	struct yaml_node *cache = yaml_get(root, "cache", YAML_MAPPING, true, diagnostics);

	if (!cache || !yaml_bool(cache, "split", true, &model->split_cache, diagnostics)) {
		if (cache)
			yaml_use(cache);
		return;
	}
	yaml_bool(cache, "enabled", true, &model->cache_enabled, diagnostics);
	yaml_bool(cache, "walk_cached", true, &model->walk_cached, diagnostics);
	if (model->split_cache) {
		struct yaml_node *code = yaml_get(cache, "code", YAML_MAPPING, true, diagnostics);
		struct yaml_node *data = yaml_get(cache, "data", YAML_MAPPING, true, diagnostics);

		if (code)
			load_cache_geometry(code, &model->code_cache, diagnostics);
		if (data)
			load_cache_geometry(data, &model->data_cache, diagnostics);
		refuse_keys(cache, unified_keys, to_split, diagnostics);
	} else {
		load_cache_geometry(cache, &model->cache, diagnostics);
		refuse_keys(cache, split_keys, to_unified, diagnostics);
	}
}

/* --- what the keys say together --- */

/* The mapping at root.first.second (second may be NULL), for complaints. */
static struct yaml_node *part(struct yaml_node *root, const char *first, const char *second)
{
	struct yaml_node *node = yaml_find(root, first);

	return node && second ? yaml_find(node, second) : node;
}

static void check_tlb(const struct tlb_geometry *geometry, struct yaml_node *at, struct diagnostics *diagnostics)
{
	const char *wrong = tlb_geometry_error(geometry);

	if (wrong)
		diagnose(diagnostics, yaml_find(at, "ways"), NULL, "expected a TLB that can be built: %s", wrong);
}

static void check_tlbs(const struct model *model, struct yaml_node *root, struct diagnostics *diagnostics)
{
	if (model->split_tlb) {
		check_tlb(&model->code_tlb, part(root, "tlb", "code"), diagnostics);
		check_tlb(&model->data_tlb, part(root, "tlb", "data"), diagnostics);
	} else {
		check_tlb(&model->tlb, part(root, "tlb", NULL), diagnostics);
	}
	if (model->large_tlb.entries)
		check_tlb(&model->large_tlb, part(root, "tlb", "large"), diagnostics);
	if (model->large_tlb.entries && !model->large_pages)
		diagnose(diagnostics, part(root, "tlb", "large"), NULL,
		         "expected no entries for large pages, since large_pages is false");
}

static void check_cache(const struct cache_geometry *geometry, struct yaml_node *at, struct diagnostics *diagnostics)
{
	const char *wrong = cache_geometry_error(geometry);
	bool size = geometry->size & (geometry->size - 1), line = geometry->line & (geometry->line - 1);
	const char *key = size ? "size" : line ? "line" : "ways";

	if (wrong)
		diagnose(diagnostics, yaml_find(at, key), NULL, "expected a cache that can be built: %s", wrong);
}

static void check_caches(const struct model *model, struct yaml_node *root, struct diagnostics *diagnostics)
{
	if (model->split_cache) {
		check_cache(&model->code_cache, part(root, "cache", "code"), diagnostics);
		check_cache(&model->data_cache, part(root, "cache", "data"), diagnostics);
	} else {
		check_cache(&model->cache, part(root, "cache", NULL), diagnostics);
	}
}

static void check_features(const struct model *model, struct yaml_node *root, struct diagnostics *diagnostics)
{
	uint32_t sets = model->btb_ways ? model->btb_entries / model->btb_ways : 0;

	if (model->memory % PAGE_SIZE)
		diagnose(diagnostics, yaml_find(root, "memory"), NULL, "expected a whole number of pages of 4KiB");
	if (model->branch_prediction &&
	    (sets == 0 || sets * model->btb_ways != model->btb_entries || (sets & (sets - 1))))
		diagnose(diagnostics, yaml_find(root, "btb"), NULL,
		         "expected entries that ways divide into a power of two of sets");
	if (model->global_pages && !model->large_pages)
		diagnose(diagnostics, yaml_find(root, "global_pages"), NULL,
		         "expected false: a processor with global pages has large ones too");
	if (model->family == 3 && (model->invlpg || model->write_protect))
		diagnose(diagnostics, yaml_find(root, model->invlpg ? "invlpg" : "write_protect"), NULL,
		         "expected false: family 3 has no such thing");
	if (model->family < 5 && (model->large_pages || model->pairing))
		diagnose(diagnostics, yaml_find(root, model->large_pages ? "large_pages" : "pairing"), NULL,
		         "expected false: only family 5 has it");
}

/* A constant that is absent, though the model as it is would charge it. */
static void check_present(const struct model *model, struct yaml_node *root, unsigned cost, bool charged,
                          const char *why, struct diagnostics *diagnostics)
{
	if (charged && !strcmp(model->cost_origin[cost].source, "absent"))
		diagnose(diagnostics, costs_node(model, root, cost), NULL, "expected cycles, got \"absent\", though %s", why);
}

static void check_costs(const struct model *model, struct yaml_node *root, struct diagnostics *diagnostics)
{
	const struct cache_geometry *data = model->split_cache ? &model->data_cache : &model->cache;
	bool back = model->cache_enabled && data->write == CACHE_WRITE_BACK;

	check_present(model, root, COST_JCC_TAKEN, !model->branch_prediction, "no branch is predicted", diagnostics);
	check_present(model, root, COST_JCC_MISPREDICT, model->branch_prediction, "branches are predicted",
	              diagnostics);
	check_present(model, root, COST_INVLPG, model->invlpg, "invlpg is true", diagnostics);
	check_present(model, root, COST_CACHE_MISS, model->cache_enabled, "the cache is on", diagnostics);
	check_present(model, root, COST_CACHE_WRITE_MISS, back, "the cache is written back", diagnostics);
	check_present(model, root, COST_CACHE_WRITE_BACK, back, "the cache is written back", diagnostics);
	check_present(model, root, COST_WALK_HIT, true, "every model walks page tables", diagnostics);
	check_present(model, root, COST_WALK_MISS, true, "every model walks page tables", diagnostics);
	check_present(model, root, COST_INT_INNER, true, "every model traps", diagnostics);
	check_present(model, root, COST_IRET_OUTER, true, "every model returns from traps", diagnostics);
}

/* Where the clock is wrong, which was said, times are read all the same. */
static uint64_t times_hertz(const struct model *model)
{
	return model->hertz ? model->hertz : 1000000;
}

static void load_deadlock(struct model *model, struct yaml_node *root, struct diagnostics *diagnostics)
{
	struct yaml_node *deadlock = yaml_get(root, "deadlock", YAML_MAPPING, false, diagnostics);
	uint64_t hertz = times_hertz(model);

	model->deadlock_after = 10 * hertz;
	if (deadlock)
		yaml_quantity(deadlock, "after", true, UNIT_CYCLES, hertz, 1, 1000000000000000, &model->deadlock_after,
		              diagnostics);
}

static void load_whole(struct model *model, struct yaml_node *root, struct diagnostics *diagnostics)
{
	unsigned before = diagnostics->count;

	load_identity(model, root, diagnostics);
	load_features(model, root, diagnostics);
	load_tlbs(model, root, diagnostics);
	load_caches(model, root, diagnostics);
	disk_load(&model->disk, root, times_hertz(model), diagnostics);
	load_deadlock(model, root, diagnostics);
	costs_load(model, root, diagnostics);
	yaml_reject_unknown(root, diagnostics);
	if (diagnostics->count != before || yaml_has_bad(root))
		return;
	check_features(model, root, diagnostics);
	check_tlbs(model, root, diagnostics);
	check_caches(model, root, diagnostics);
	check_costs(model, root, diagnostics);
}

bool model_load(struct model *model, struct yaml_node *root, struct diagnostics *diagnostics)
{
	unsigned before = diagnostics->count;
	struct yaml_node *whole = yaml_copy(root);

	memset(model, 0, sizeof(*model));
	if (!whole) {
		diagnose(diagnostics, NULL, NULL, "the host's memory is exhausted");
		return false;
	}
	whole = model_resolve(whole, diagnostics);
	if (whole)
		load_whole(model, whole, diagnostics);
	yaml_destroy(whole);
	return diagnostics->count == before;
}
