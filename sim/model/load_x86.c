/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is an x86's own in a model's file (load.c has the keys): features, TLBs. */
#include "sim/model/parts.h"
#include <string.h>

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
		model_uint(btb, "entries", 1, 4096, &model->btb_entries, diagnostics);
		model_uint(btb, "ways", 1, 64, &model->btb_ways, diagnostics);
	}
}

/* --- TLBs --- */

/* entries, ways (a number, or full) and policy of one TLB. What they say together is for check_tlb. */
static void load_tlb_geometry(struct yaml_node *node, struct tlb_geometry *geometry, struct diagnostics *diagnostics)
{
	unsigned policy = TLB_LRU;

	struct yaml_node *ways = yaml_find(node, "ways");

	model_uint(node, "entries", 1, 4096, &geometry->entries, diagnostics);
	if (ways && ways->kind == YAML_SCALAR && !strcmp(ways->text, "full"))
		geometry->ways = geometry->entries;
	else
		model_uint(node, "ways", 1, 4096, &geometry->ways, diagnostics);
	yaml_word(node, "policy", true, model_policies, TLB_POLICY_COUNT, &policy, diagnostics);
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

/* What if software refilled it? */
static void load_refill(struct model *model, struct yaml_node *tlb, struct diagnostics *diagnostics)
{
	static const char *const words[] = {"hardware", "software"};
	unsigned refill = 0;

	yaml_word(tlb, "refill", false, words, 2, &refill, diagnostics);
	model->tlb_refill_software = refill == 1;
}

static const char *const split_keys[] = {"code", "data", NULL};

/* Whether a node, or any below it, was overridden. */
static bool overridden(const struct yaml_node *node)
{
	bool any = node->overridden;

	for (const struct yaml_node *child = node->first; child; child = child->next)
		any |= overridden(child);
	return any;
}

/*
 * Keys of the other kind of TLB.  Where split itself was overridden, those that the model's file has for its own kind
 * stay behind, and mean nothing.
 */
static void refuse_others(struct yaml_node *tlb, const char *const *keys, const char *why, const char *instead,
                          struct diagnostics *diagnostics)
{
	for (const char *one[2] = {NULL, NULL}; (one[0] = *keys); keys++) {
		struct yaml_node *child = yaml_find(tlb, one[0]);

		if (child && yaml_find(tlb, "split")->overridden && !overridden(child))
			yaml_use(child);
		else
			model_refuse(tlb, one, why, instead, diagnostics);
	}
}

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
	model_uint(tlb, "tag_bits", 0, 16, &common.tag_bits, diagnostics);
	model_uint(tlb, "seed", 0, UINT32_MAX, &common.seed, diagnostics);
	model->tlb = model->code_tlb = model->data_tlb = model->large_tlb = common;
	if (model->split_tlb) {
		struct yaml_node *code = yaml_get(tlb, "code", YAML_MAPPING, true, diagnostics);
		struct yaml_node *data = yaml_get(tlb, "data", YAML_MAPPING, true, diagnostics);

		if (code)
			load_tlb_geometry(code, &model->code_tlb, diagnostics);
		if (data)
			load_tlb_geometry(data, &model->data_tlb, diagnostics);
		refuse_others(tlb, unified_keys, "since split is true", "set those of code and data", diagnostics);
	} else {
		load_tlb_geometry(tlb, &model->tlb, diagnostics);
		refuse_others(tlb, split_keys, "since split is false", "one for code and data has its keys beside split",
		              diagnostics);
	}
	load_large_tlb(model, tlb, diagnostics);
	load_refill(model, tlb, diagnostics);
}

void x86_load(struct model *model, struct yaml_node *root, struct diagnostics *diagnostics)
{
	static const char *const others[] = {"generation", NULL};

	model_uint(root, "family", 3, 5, &model->family, diagnostics);
	model_refuse(root, others, "since arch is x86", "an x86 has a family", diagnostics);
	load_features(model, root, diagnostics);
	load_tlbs(model, root, diagnostics);
}

/* --- what the keys say together --- */

static void check_tlbs(const struct model *model, struct yaml_node *root, struct diagnostics *diagnostics)
{
	if (model->split_tlb) {
		model_check_tlb(&model->code_tlb, model_part(root, "tlb", "code"), diagnostics);
		model_check_tlb(&model->data_tlb, model_part(root, "tlb", "data"), diagnostics);
	} else {
		model_check_tlb(&model->tlb, model_part(root, "tlb", NULL), diagnostics);
	}
	if (model->large_tlb.entries)
		model_check_tlb(&model->large_tlb, model_part(root, "tlb", "large"), diagnostics);
	if (model->large_tlb.entries && !model->large_pages)
		diagnose(diagnostics, model_part(root, "tlb", "large"), NULL,
		         "expected no entries for large pages, since large_pages is false");
}

static void check_features(const struct model *model, struct yaml_node *root, struct diagnostics *diagnostics)
{
	uint32_t sets = model->btb_ways ? model->btb_entries / model->btb_ways : 0;

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

static void check_costs(const struct model *model, struct yaml_node *root, struct diagnostics *diagnostics)
{
	bool back = caches_write_back(model);

	model_check_present(model, root, COST_JCC_TAKEN, !model->branch_prediction, "no branch is predicted", diagnostics);
	model_check_present(model, root, COST_JCC_MISPREDICT, model->branch_prediction, "branches are predicted",
	              diagnostics);
	model_check_present(model, root, COST_INVLPG, model->invlpg, "invlpg is true", diagnostics);
	model_check_present(model, root, COST_CACHE_MISS, model->cache_enabled, "the cache is on", diagnostics);
	model_check_present(model, root, COST_CACHE_WRITE_MISS, back, "the cache is written back", diagnostics);
	model_check_present(model, root, COST_CACHE_WRITE_BACK, back, "the cache is written back", diagnostics);
	model_check_present(model, root, COST_WALK_HIT, true, "every model walks page tables", diagnostics);
	model_check_present(model, root, COST_REFILL_SOFTWARE, model->tlb_refill_software, "refill is software", diagnostics);
	model_check_present(model, root, COST_WALK_MISS, true, "every model walks page tables", diagnostics);
	model_check_present(model, root, COST_INT_INNER, true, "every model traps", diagnostics);
	model_check_present(model, root, COST_IRET_OUTER, true, "every model returns from traps", diagnostics);
}

void x86_check(const struct model *model, struct yaml_node *root, struct diagnostics *diagnostics)
{
	check_features(model, root, diagnostics);
	check_tlbs(model, root, diagnostics);
	check_costs(model, root, diagnostics);
}
