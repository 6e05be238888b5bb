/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A model file -> struct model.
 *
 *   schema: 1
 *   base: NAME            optional: another model, which this one lays its keys over
 *   arch: x86 | mips      optional: x86
 *   name, title, clock, memory
 *   engine: auto | set-mru | subset | every-access       optional; never changes a result
 *   cache: {enabled, split} and, unified, size, ways, line, write; split, code: and data:
 *   disk: disk.c          optional: without it the model's machines have none
 *   deadlock: {after}     optional: the time after which threads that only wait are reported; absent: 10 s
 *   costs: costs.c
 *
 * x86 (load_x86.c)
 *   family: 3 | 4 | 5
 *   write_protect, invlpg, large_pages, global_pages, pairing, branch_prediction: true or false
 *   btb: {entries, ways}
 *   tlb:   {split, tag_bits, seed, large: {entries, ...}} and, unified, entries, ways, policy; split, code: and data:
 *   cache: {walk_cached}
 *
 * MIPS (load_mips.c)
 *   generation: 2 | 3 | 4     R2000, R3000, R4000
 *   tlb:   {entries, asid_bits, global}; optional: ways (all), policy (random), wired (8; R4000: a register),
 *          refill: software | hardware (software)
 *
 * First each key for itself, then, if all keys were right, what they say together (*_check).
 */
#include "sim/model/costs.h"
#include "sim/model/parts.h"
#include <stdio.h>
#include <string.h>

const char *const model_policies[TLB_POLICY_COUNT] = {
#define X(name, text) text,
	TLB_POLICIES(X)
#undef X
};

/* --- for the other files (parts.h) --- */

void model_uint(struct yaml_node *mapping, const char *key, uint32_t least, uint32_t most, uint32_t *out,
                struct diagnostics *diagnostics)
{
	uint64_t value = *out;

	yaml_uint(mapping, key, true, least, most, &value, diagnostics);
	*out = (uint32_t)value;
}

struct yaml_node *model_part(struct yaml_node *root, const char *first, const char *second)
{
	struct yaml_node *node = yaml_find(root, first);

	return node && second ? yaml_find(node, second) : node;
}

void model_check_tlb(const struct tlb_geometry *geometry, struct yaml_node *at, struct diagnostics *diagnostics)
{
	const char *wrong = tlb_geometry_error(geometry);
	struct yaml_node *ways = yaml_find(at, "ways");

	if (wrong)
		diagnose(diagnostics, ways ? ways : at, NULL, "expected a TLB that can be built: %s", wrong);
}

void model_refuse(struct yaml_node *node, const char *const *keys, const char *why, const char *instead,
                  struct diagnostics *diagnostics)
{
	for (; *keys; keys++) {
		struct yaml_node *child = yaml_find(node, *keys);

		if (!child)
			continue;
		yaml_use(child);
		diagnose_key(diagnostics, node, *keys, instead, "expected no such key here, %s", why);
	}
}

void model_check_present(const struct model *model, struct yaml_node *root, unsigned cost, bool charged,
                         const char *why, struct diagnostics *diagnostics)
{
	if (charged && !strcmp(model->cost_origin[cost].source, "absent"))
		diagnose(diagnostics, costs_node(model, root, cost), NULL, "expected cycles, got \"absent\", though %s", why);
}

/* --- a model's file --- */

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
	yaml_quantity(root, "clock", true, UNIT_HERTZ, 0, 1000, 10000000000, &model->hertz, diagnostics);
	yaml_quantity(root, "memory", true, UNIT_BYTES, 0, 1u << 20, 1u << 30, &memory, diagnostics);
	yaml_word(root, "engine", false, modes, ENGINE_MODE_COUNT, &engine, diagnostics);
	model->memory = (uint32_t)memory;
	model->engine = (enum engine_mode)engine;
}

/* A base of the other architecture has other keys throughout: one sentence says it, and not one for each key. */
static bool arch_fits(enum model_arch arch, struct yaml_node *root, struct diagnostics *diagnostics)
{
	static const char *const own[ARCH_COUNT] = {[ARCH_X86] = "family", [ARCH_MIPS] = "generation"};
	enum model_arch other = arch == ARCH_MIPS ? ARCH_X86 : ARCH_MIPS;

	if (yaml_find(root, own[arch]) || !yaml_find(root, own[other]))
		return true;
	diagnose(diagnostics, yaml_find(root, yaml_find(root, "arch") ? "arch" : own[other]), NULL,
	         "expected %s, since the model has a %s and no %s: a base is of the same architecture",
	         model_arch_word(other), own[other], own[arch]);
	return false;
}

/* Without it the other keys mean nothing. */
static bool load_arch(struct model *model, struct yaml_node *root, struct diagnostics *diagnostics)
{
	const char *words[ARCH_COUNT];
	unsigned arch = ARCH_X86;

	for (unsigned n = 0; n < ARCH_COUNT; n++)
		words[n] = model_arch_word((enum model_arch)n);
	if (yaml_find(root, "arch") && !yaml_word(root, "arch", true, words, ARCH_COUNT, &arch, diagnostics))
		return false;
	model->arch = (enum model_arch)arch;
	return arch_fits(model->arch, root, diagnostics);
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
	if (!load_arch(model, root, diagnostics))
		return;
	if (model->arch == ARCH_MIPS)
		mips_load(model, root, diagnostics);
	else
		x86_load(model, root, diagnostics);
	caches_load(model, root, diagnostics);
	disk_load(&model->disk, root, times_hertz(model), diagnostics);
	load_deadlock(model, root, diagnostics);
	costs_load(model, root, diagnostics);
	yaml_reject_unknown(root, diagnostics);
	if (diagnostics->count != before || yaml_has_bad(root))
		return;
	if (model->memory % PAGE_SIZE)
		diagnose(diagnostics, yaml_find(root, "memory"), NULL, "expected a whole number of pages of 4KiB");
	if (model->arch == ARCH_MIPS)
		mips_check(model, root, diagnostics);
	else
		x86_check(model, root, diagnostics);
	caches_check(model, root, diagnostics);
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
