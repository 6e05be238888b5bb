/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The five processors, and how models are read. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/model/load.h"

/* A model with overrides; what was said in *said, which the next call frees. */
static struct model *load(const char *name, const char *const *sets, const char **said)
{
	static struct diagnostics diagnostics;
	static struct model model;
	static char *text;

	diagnostics_init(&diagnostics);
	struct yaml_node *root = model_open(name, NULL, NULL, &diagnostics);
	for (; root && sets && *sets; sets++)
		yaml_set(root, *sets, &diagnostics);
	bool good = root && model_load(&model, root, &diagnostics);
	yaml_destroy(root);
	free(text);
	text = diagnostics_render(&diagnostics);
	cr_assert_eq(good, diagnostics.count == 0);
	diagnostics_free(&diagnostics);
	if (said)
		*said = text;
	else
		cr_assert(good, "%s", text);
	return &model;
}

static uint32_t cost(const char *name, enum x86_cost cost)
{
	return load(name, NULL, NULL)->cost[cost];
}

Test(models, all_that_are_carried_load_and_are_named_as_their_files)
{
	const char *name, *last = "";
	unsigned n = 0;

	for (; (name = model_embedded(n, NULL, NULL)); n++) {
		cr_assert_lt(strcmp(last, name), 0, "sorted");
		cr_assert_str_eq(load(name, NULL, NULL)->name, name);
		last = name;
	}
	cr_assert_eq(n, 9);
}

Test(models, what_the_library_carries_is_the_file_byte_for_byte)
{
	static char file[1 << 16];
	char path[512];
	const char *name, *text;
	size_t size;

	for (unsigned n = 0; (name = model_embedded(n, &text, &size)); n++) {
		snprintf(path, sizeof(path), "%.*s%s.yaml", (int)(strlen(SOURCES) - strlen("SOURCES.md")), SOURCES, name);
		FILE *in = fopen(path, "rb");
		cr_assert_not_null(in, "%s", path);
		cr_assert_eq(fread(file, 1, sizeof(file), in), size);
		cr_assert_eq(memcmp(file, text, size), 0);
		fclose(in);
	}
}

Test(models, the_papers_own_sums_hold)
{
	/* L95 §4.1.1 and table 3 */
	cr_assert_eq(cost("i486dx-50", COST_INT_INNER) + cost("i486dx-50", COST_IRET_OUTER), 107);
	cr_assert_eq(cost("pentium-90", COST_INT_INNER) + cost("pentium-90", COST_IRET_OUTER), 69);
	cr_assert_eq(cost("i486dx-50", COST_MOV_SREG), 9);
	cr_assert_eq(cost("pentium-90", COST_MOV_SREG), 3);
	/* table 1: 4 * 9; (32 - 4) * 13; (96 - 4) * 13; and §4.1.2: (32 + 64) * 9 */
	const struct model *i486 = load("i486dx-50", NULL, NULL);
	cr_assert_eq(4 * i486->cost[COST_WALK_HIT], 36);
	cr_assert_eq((i486->tlb.entries - 4) * i486->cost[COST_WALK_MISS], 364);
	const struct model *pentium = load("pentium-90", NULL, NULL);
	uint32_t entries = pentium->code_tlb.entries + pentium->data_tlb.entries;
	cr_assert_eq((entries - 4) * pentium->cost[COST_WALK_MISS], 1196);
	cr_assert_eq(entries * pentium->cost[COST_WALK_HIT], 864);
	/* the cold kernel call: 3 TLB misses, 10 cache misses */
	cr_assert_eq(3 * cost("i486dx-50", COST_WALK_HIT) + 10 * cost("i486dx-50", COST_CACHE_MISS), 57);
}

Test(models, caches_and_tlbs_are_those_of_table_3)
{
	const struct model *model = load("i486dx-50", NULL, NULL);
	cr_assert(!model->split_tlb && model->tlb.ways == 4 && model->tlb.policy == TLB_PSEUDO_LRU);
	cr_assert(model->cache.size == 8192 && model->cache.ways == 4 && model->cache.line == 16);
	cr_assert_eq(model->cache.write, CACHE_WRITE_THROUGH);
	model = load("pentium-90", NULL, NULL);
	cr_assert(model->split_tlb && model->split_cache);
	cr_assert(model->code_cache.size == 8192 && model->data_cache.size == 8192);
	cr_assert(model->data_cache.ways == 2 && model->data_cache.line == 32);
	cr_assert_eq(model->data_cache.write, CACHE_WRITE_BACK);
	cr_assert(model->large_tlb.entries == 8 && model->large_tlb.page_shift == 22);
}

Test(models, what_a_family_lacks_is_absent_in_its_model)
{
	static const enum x86_cost newer[] = {COST_BSWAP, COST_CMPXCHG_R, COST_XADD_R, COST_INVLPG, COST_WBINVD,
	                                      COST_CPUID, COST_RDTSC, COST_WRMSR, COST_CMPXCHG8B, COST_MOV_CR4};
	static const char *const names[] = {"i386dx-25", "i486dx-50", "pentium-90"};
	static const unsigned since[] = {4, 4, 4, 4, 4, 5, 5, 5, 5, 5};

	for (unsigned m = 0; m < 3; m++) {
		const struct model *model = load(names[m], NULL, NULL);
		for (unsigned n = 0; n < sizeof(newer) / sizeof(newer[0]); n++)
			cr_assert_eq(!strcmp(model->cost_origin[newer[n]].source, "absent"), model->family < since[n],
			             "%s %s", names[m], model_cost_key(ARCH_X86, newer[n]));
	}
}

static bool is_listed(const char *sources, const char *key)
{
	char row[80];

	snprintf(row, sizeof(row), "\n| `%s` |", key);
	return strstr(sources, row) != NULL;
}

Test(models, every_constant_has_a_source_that_is_explained)
{
	static char sources[1 << 16];
	FILE *file = fopen(SOURCES, "rb");
	const char *name;

	cr_assert_not_null(file);
	cr_assert_gt(fread(sources, 1, sizeof(sources) - 1, file), 0);
	fclose(file);
	for (unsigned m = 0; (name = model_embedded(m, NULL, NULL)); m++) {
		const struct model *model = load(name, NULL, NULL);
		for (unsigned n = 0; n < model_costs(model->arch); n++) {
			const struct model_origin *origin = &model->cost_origin[n];
			cr_assert(!strcmp(origin->source, "absent") || is_listed(sources, origin->source), "%s %s: %s",
			          name, model_cost_key(model->arch, n), origin->source);
			cr_assert(strstr(origin->place, ".yaml:"), "%s", origin->place);
			cr_assert_eq(!strcmp(origin->source, "L95"), origin->confidence == CONFIDENCE_PAPER, "%s %s",
			             name, model_cost_key(model->arch, n));
		}
	}
}

Test(models, a_model_is_its_base_but_for_what_it_says)
{
	struct model fast = *load("i486dx-50", NULL, NULL);
	const struct model *slow = load("i486dx-33", NULL, NULL);

	cr_assert_eq(slow->hertz, 33000000);
	for (unsigned n = 0; n < X86_COST_COUNT; n++) {
		bool own = !strncmp(slow->cost_origin[n].place, "i486dx-33.yaml:", 15);
		cr_assert_eq(own, n == COST_BUS_IO8 || n == COST_BUS_IO16 || n == COST_BUS_IO32, "%s", model_cost_key(ARCH_X86, n));
		cr_assert(own || slow->cost[n] == fast.cost[n]);
	}
}

Test(models, an_override_is_the_users)
{
	const char *const sets[] = {"costs.int.inner=5", "tlb.entries=64", NULL};
	const struct model *model = load("i486dx-33", sets, NULL);

	cr_assert_eq(model->cost[COST_INT_INNER], 5);
	cr_assert_str_eq(model->cost_origin[COST_INT_INNER].source, "user");
	cr_assert_str_eq(model->cost_origin[COST_INT_INNER].place, "--set");
	cr_assert_eq(model->tlb.entries, 64);
}

/* A model, an override, and a part of what is said of it. */
static const struct {
	const char *name, *set, *said;
} contradictions[] = {
	{"i486dx-50", "tlb.ways=3",
         "tlb.ways: expected a TLB that can be built: the ways of a TLB must divide its entries"},
	{"i486dx-50", "tlb.tag_bits=17", "tlb.tag_bits: expected an integer 0..16, got \"17\""},
	{"i486dx-50", "tlb.entries=0", "tlb.entries: expected an integer 1..4096, got \"0\""},
	{"i486dx-50", "clock=0Hz", "clock: expected 1kHz..10GHz, got \"0Hz\""},
	{"i486dx-50", "cache.size=0B", "cache.size: expected 256B..16MiB, got \"0B\""},
	{"i486dx-50", "cache.size=3KiB", "cache.size: expected a cache that can be built"},
	{"i486dx-50", "cache.line=24B", "cache.line: expected a cache that can be built"},
	{"i486dx-50", "cache.ways=3", "cache.ways: expected a cache that can be built"},
	{"i486dx-50", "memory=1000001KiB", "memory: expected a whole number of pages"},
	{"i486dx-50", "family=6", "family: expected an integer 3..5"},
	{"i486dx-50", "large_pages=true", "large_pages: expected false: only family 5 has it"},
	{"i386dx-25", "invlpg=true", "invlpg: expected false: family 3 has no such thing"},
	{"i386dx-25", "tlb.split=true", "tlb.code: expected a mapping, got nothing: the key is missing"},
	{"pentium-90", "tlb.entries=64", "tlb.entries: expected no such key here, since split is true"},
	{"pentium-90", "large_pages=false",
         "tlb.large: expected no entries for large pages, since large_pages is false"},
	{"pentium-90", "btb.ways=3", "btb: expected entries that ways divide into a power of two of sets"},
	{"pentium-90", "branch_prediction=false", "costs.jcc.taken: expected cycles, got \"absent\""},
	{"i486dx-50", "branch_prediction=true", "btb: expected a mapping, got nothing: the key is missing"},
	{"i486dx-50", "engine=fast", "engine: expected auto, set-mru, subset or every-access, got \"fast\""},
	{"i486dx-50", "costs.walk.hit=absent", "costs.walk.hit: expected cycles, got \"absent\""},
	{"i486dx-50", "costs.walk.hit=1000001", "costs.walk.hit: expected an integer 0..1000000"},
	{"i486dx-50", "tlb.size=3", "tlb.size: unknown key"},
	{"i486-50", "family=4", "expected a model, got \"i486-50\""},
	{"i486dx-50", "arch=vax", "arch: expected x86 or mips, got \"vax\""},
	{"i486dx-50", "arch=mips", "arch: expected x86, since the model has a family and no generation"},
	{"i486dx-50", "generation=3", "generation: expected no such key here, since arch is x86"},
	{"i486dx-50", "tlb.asid_bits=3", "tlb.asid_bits: unknown key"},
	{"r3000-25", "pairing=true", "pairing: expected no such key here, since arch is mips"},
	{"r3000-25", "tlb.tag_bits=6", "tlb.tag_bits: expected no such key here, since arch is mips"},
	{"r3000-25", "cache.walk_cached=true", "cache.walk_cached: expected no such key here"},
	{"r3000-25", "tlb.split=true", "tlb.split: expected false: a MIPS processor has one TLB"},
	{"r3000-25", "generation=5", "generation: expected an integer 2..4"},
	{"r3000-25", "tlb.asid_bits=8", "tlb.asid_bits: expected at most 6"},
	{"r4000-100", "tlb.asid_bits=9", "tlb.asid_bits: expected an integer 0..8"},
	{"r3000-25", "tlb.wired=64", "tlb.wired: expected each set to have an entry that is not wired, got 64 wired of 64"},
	{"r3000-25", "tlb.entries=8", "tlb.wired: expected each set to have an entry that is not wired, got 8 wired of 8"},
	{"r3000-25", "tlb.ways=1", "tlb.wired: expected each set to have an entry that is not wired"},
	{"r4000-100", "tlb.wired=4", "tlb.wired: expected no such key here, since an R4000's Wired is a register"},
	{"r3000-25", "tlb.ways=24", "tlb.ways: expected a TLB that can be built: the ways of a TLB must divide"},
	{"r4000-100", "tlb.policy=pseudo-lru", "tlb: expected a TLB that can be built"},
	{"r4000-100", "tlb.entries=513", "tlb.entries: expected an integer 1..512"},
	{"r3000-25", "tlb.refill=magic", "tlb.refill: expected software or hardware, got \"magic\""},
	{"r3000-25", "memory=512MiB", "memory: expected at most 256MiB"},
	{"r3000-25", "generation=4", "tlb.wired: expected no such key here"},
	{"r4000-100", "generation=3", "costs.rfe: expected cycles, got \"absent\", though generation is not 4"},
	{"r3000-25", "costs.write.retire=0", "costs.write.retire: expected at least 1, since write.depth is not 0"},
	{"r3000-25", "costs.issue=0", "costs.issue: expected at least 1"},
	{"r3000-25", "costs.cache.miss=3", "costs.cache.miss: unknown key"},
};

Test(models, contradictions_are_said)
{
	for (unsigned n = 0; n < sizeof(contradictions) / sizeof(contradictions[0]); n++) {
		const char *const sets[] = {contradictions[n].set, NULL}, *said;

		load(contradictions[n].name, sets, &said);
		cr_assert(strstr(said, contradictions[n].said), "%s: %s", contradictions[n].set, said);
	}
}

Test(models, any_geometry_and_policy_can_be_asked_for)
{
	static const char *const policies[] = {"lru", "pseudo-lru", "round-robin", "fifo", "random"};

	for (unsigned n = 0; n < TLB_POLICY_COUNT; n++) {
		char policy[40];
		snprintf(policy, sizeof(policy), "tlb.policy=%s", policies[n]);
		const char *const sets[] = {policy, "tlb.entries=128", "tlb.ways=8", "tlb.tag_bits=6", NULL};
		const struct model *model = load("i486dx-50", sets, NULL);
		cr_assert_eq(model->tlb.policy, n);
		cr_assert_eq(model->tlb.tag_bits, 6);
	}
}

Test(models, what_a_mips_tlb_is_by_design_need_not_be_said)
{
	const struct model *r3000 = load("r3000-25", NULL, NULL);
	cr_assert(r3000->arch == ARCH_MIPS && r3000->generation == 3);
	cr_assert(r3000->tlb.entries == 64 && r3000->tlb.ways == 64 && r3000->tlb.tag_bits == 6 && r3000->tlb_wired == 8);
	cr_assert(r3000->tlb_global && !r3000->tlb_refill_hardware && r3000->tlb.policy == TLB_RANDOM);
	const struct model *r4000 = load("r4000-100", NULL, NULL);
	cr_assert(r4000->generation == 4 && r4000->tlb.tag_bits == 8 && r4000->tlb_wired == 0);
	cr_assert(r4000->tlb.entries == 48 && r4000->tlb.ways == 48, "48 pairs in one set");
	const char *const sets[] = {"tlb.entries=128", "tlb.refill=hardware", "tlb.asid_bits=0", "tlb.policy=lru", NULL};
	const struct model *other = load("r3000-25", sets, NULL);
	cr_assert(other->tlb.ways == 128 && other->tlb_refill_hardware && !other->tlb.tag_bits && other->tlb.policy == TLB_LRU);
}

Test(models, an_r3000_of_more_megahertz_waits_longer_for_the_same_memory)
{
	const struct model slow = *load("r3000-25", NULL, NULL), *fast = load("r3000-40", NULL, NULL);

	cr_assert_eq(fast->cost[MIPS_COST_DATA_MISS] * slow.hertz, slow.cost[MIPS_COST_DATA_MISS] * fast->hertz);
	cr_assert_eq(fast->cost[MIPS_COST_WRITE_RETIRE] * slow.hertz, slow.cost[MIPS_COST_WRITE_RETIRE] * fast->hertz);
	cr_assert_eq(fast->cost[MIPS_COST_DIV_LATENCY], slow.cost[MIPS_COST_DIV_LATENCY]);
}

/* Writes a model file into the working directory. */
static void write_model(const char *path, const char *text)
{
	FILE *file = fopen(path, "wb");

	cr_assert_not_null(file);
	fputs(text, file);
	fclose(file);
}

Test(models, a_file_of_ones_own_can_stand_on_a_carried_one)
{
	write_model("own-model.yaml", "schema: 1\nbase: i486dx-50\nname: mine\ntitle: t\ntlb: {entries: 64}\n");
	const struct model *model = load("own-model.yaml", NULL, NULL);
	cr_assert_str_eq(model->name, "mine");
	cr_assert_eq(model->tlb.entries, 64);
	cr_assert_eq(model->tlb.ways, 4);
	remove("own-model.yaml");
}

Test(models, a_circle_of_bases_ends)
{
	const char *said;

	write_model("circle-model.yaml", "schema: 1\nbase: circle-model.yaml\n");
	load("circle-model.yaml", NULL, &said);
	cr_assert(strstr(said, "a chain of more than 8 bases"), "%s", said);
	remove("circle-model.yaml");
}

Test(models, a_constant_in_a_file_needs_its_source)
{
	const char *said;

	write_model("bare-model.yaml", "schema: 1\nbase: i486dx-50\nname: mine\ntitle: t\ncosts: {int.inner: 5}\n");
	load("bare-model.yaml", NULL, &said);
	cr_assert(strstr(said, "bare-model.yaml:5:20: error: costs.int.inner: expected {cycles: N, source: KEY"), "%s",
	          said);
	remove("bare-model.yaml");
}

Test(words, keys_are_unique_and_nothing_is_without_words)
{
	for (unsigned arch = 0; arch < ARCH_COUNT; arch++)
		for (unsigned n = 0; n < model_costs(arch); n++) {
			cr_assert(model_cost_key(arch, n)[0] && model_cost_what(arch, n)[0]);
			for (unsigned m = 0; m < n; m++)
				cr_assert_str_neq(model_cost_key(arch, n), model_cost_key(arch, m));
		}
	cr_assert_str_eq(engine_mode_name(ENGINE_SET_MRU), "set-mru");
	cr_assert_str_eq(model_confidence_word(CONFIDENCE_MEMORY), "memory");
}
