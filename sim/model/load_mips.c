/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is a MIPS processor's own in a model's file (load.c has the keys): its generation and its one TLB. */
#include "sim/model/costs.h"
#include "sim/model/parts.h"

enum { WIRED_BY_DESIGN = 8, MEMORY_MOST = 256 << 20, ENTRIES_MOST = 512, ASID_BITS_MOST = 8, ASID_BITS_R3000 = 6 };

static const char *const registers_of_r4000 = "since an R4000's Wired is a register that its software writes";

static void load_refill(struct model *model, struct yaml_node *tlb, struct diagnostics *diagnostics)
{
	static const char *const words[] = {"software", "hardware"};
	unsigned refill = 0;

	yaml_word(tlb, "refill", false, words, 2, &refill, diagnostics);
	model->tlb_refill_hardware = refill == 1;
}

static void load_wired(struct model *model, struct yaml_node *tlb, struct diagnostics *diagnostics)
{
	static const char *const keys[] = {"wired", NULL};

	if (model->generation == 4) {
		model_refuse(tlb, keys, registers_of_r4000, NULL, diagnostics);
		return;
	}
	model->tlb_wired = WIRED_BY_DESIGN;
	if (yaml_find(tlb, "wired"))
		model_uint(tlb, "wired", 0, ENTRIES_MOST - 1, &model->tlb_wired, diagnostics);
}

static void load_split(struct yaml_node *tlb, struct diagnostics *diagnostics)
{
	bool split = false;

	if (yaml_bool(tlb, "split", false, &split, diagnostics) && split)
		diagnose(diagnostics, yaml_find(tlb, "split"), NULL,
		         "expected false: a MIPS processor has one TLB for code and data");
}

static void load_tlb(struct model *model, struct yaml_node *root, struct diagnostics *diagnostics)
{
	static const char *const others[] = {"tag_bits", "seed", "large", "code", "data", NULL};
	struct yaml_node *tlb = yaml_get(root, "tlb", YAML_MAPPING, true, diagnostics);
	unsigned policy = TLB_RANDOM;

	model->tlb.page_shift = PAGE_SHIFT;
	if (!tlb)
		return;
	model_refuse(tlb, others, "since arch is mips",
	             "its TLB has entries, ways, policy, asid_bits, global, wired and refill", diagnostics);
	load_split(tlb, diagnostics);
	model_uint(tlb, "entries", 1, ENTRIES_MOST, &model->tlb.entries, diagnostics);
	model->tlb.ways = model->tlb.entries;
	if (yaml_find(tlb, "ways"))
		model_uint(tlb, "ways", 1, ENTRIES_MOST, &model->tlb.ways, diagnostics);
	yaml_word(tlb, "policy", false, model_policies, TLB_POLICY_COUNT, &policy, diagnostics);
	model->tlb.policy = (enum tlb_policy)policy;
	model_uint(tlb, "asid_bits", 0, ASID_BITS_MOST, &model->tlb.tag_bits, diagnostics);
	yaml_bool(tlb, "global", true, &model->tlb_global, diagnostics);
	load_wired(model, tlb, diagnostics);
	load_refill(model, tlb, diagnostics);
}

void mips_load(struct model *model, struct yaml_node *root, struct diagnostics *diagnostics)
{
	static const char *const others[] = {"family", "write_protect", "invlpg", "large_pages", "global_pages", "pairing",
	                                     "branch_prediction", "btb", NULL};

	model_uint(root, "generation", 2, 4, &model->generation, diagnostics);
	model_refuse(root, others, "since arch is mips", "this is a key of x86 models", diagnostics);
	load_tlb(model, root, diagnostics);
}

/* --- what the keys say together --- */

static void check_tlb(const struct model *model, struct yaml_node *root, struct diagnostics *diagnostics)
{
	struct yaml_node *tlb = yaml_find(root, "tlb"), *wired = yaml_find(tlb, "wired");
	unsigned before = diagnostics->count;

	model_check_tlb(&model->tlb, tlb, diagnostics);
	if (diagnostics->count != before)
		return;
	if (model->generation < 4 && model->tlb.tag_bits > ASID_BITS_R3000)
		diagnose(diagnostics, yaml_find(tlb, "asid_bits"), NULL,
		         "expected at most 6: EntryHi of an R2000 or R3000 has no more bits of ASID");
	/* Index numbers the ways one after another, and in each way the sets (sim/arch/mips/timing.h, T10). */
	if (model->tlb_wired > model->tlb.entries - model->tlb.entries / model->tlb.ways)
		diagnose(diagnostics, wired ? wired : yaml_find(tlb, "entries"), NULL,
		         "expected each set to have an entry that is not wired, got %u wired of %u entries of %u ways",
		         model->tlb_wired, model->tlb.entries, model->tlb.ways);
}

static void check_costs(const struct model *model, struct yaml_node *root, struct diagnostics *diagnostics)
{
	static const unsigned always[] = {MIPS_COST_ISSUE, MIPS_COST_MULT_LATENCY, MIPS_COST_DIV_LATENCY,
	                                  MIPS_COST_EXCEPTION_ENTRY, MIPS_COST_EXCEPTION_REFILL, MIPS_COST_UNCACHED_READ,
	                                  MIPS_COST_UNCACHED_WRITE, MIPS_COST_BUS_IO8, MIPS_COST_BUS_IO16, MIPS_COST_BUS_IO32};
	const bool r4000 = model->generation == 4;

	for (unsigned n = 0; n < sizeof(always) / sizeof(*always); n++)
		model_check_present(model, root, always[n], true, "every model can do this", diagnostics);
	model_check_present(model, root, MIPS_COST_RFE, !r4000, "generation is not 4", diagnostics);
	model_check_present(model, root, MIPS_COST_ERET, r4000, "generation is 4", diagnostics);
	model_check_present(model, root, MIPS_COST_CACHE_OP, r4000, "generation is 4", diagnostics);
	model_check_present(model, root, MIPS_COST_CODE_MISS, model->cache_enabled, "the cache is on", diagnostics);
	model_check_present(model, root, MIPS_COST_DATA_MISS, model->cache_enabled, "the cache is on", diagnostics);
	model_check_present(model, root, MIPS_COST_WRITE_BACK, caches_write_back(model), "the cache is written back",
	                    diagnostics);
	model_check_present(model, root, MIPS_COST_WALK_HIT, model->tlb_refill_hardware, "refill is hardware", diagnostics);
	if (!model->cost[MIPS_COST_ISSUE])
		diagnose(diagnostics, costs_node(model, root, MIPS_COST_ISSUE), NULL,
		         "expected at least 1: time would stand still in a loop");
	if (model->cost[MIPS_COST_WRITE_DEPTH] && !model->cost[MIPS_COST_WRITE_RETIRE])
		diagnose(diagnostics, costs_node(model, root, MIPS_COST_WRITE_RETIRE), NULL,
		         "expected at least 1, since write.depth is not 0");
}

void mips_check(const struct model *model, struct yaml_node *root, struct diagnostics *diagnostics)
{
	if (model->memory > MEMORY_MOST)
		diagnose(diagnostics, yaml_find(root, "memory"), NULL,
		         "expected at most 256MiB: above are the board's devices, and the end of kseg0");
	check_tlb(model, root, diagnostics);
	check_costs(model, root, diagnostics);
}
