/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All programs of guest.S in all gears: the same as performed one by one, to the cycle and the last event. */
#include <criterion/criterion.h>
#include <stdio.h>
#include "rig.h"

enum { CYCLES = 40000, PIECES = 5 };
static const char *const name[PROGRAMS] = {
#define PROGRAM(name) #name,
#include "programs.def"
#undef PROGRAM
};

static void begin(struct rig *rig, enum program program, cycle_t period)
{
	bool user = program == PROGRAM_user_loop;
	rig->period = period;
	rig_begin(rig, user ? RIG_CODE + (rig_address(program) & 0xffff) : rig_address(program), user);
}

static void compare(const struct model *model, enum program program, cycle_t period)
{
	static struct rig engine, twin;
	char what[80];
	rig_init(&engine, model, true);
	rig_init(&twin, model, false);
	begin(&engine, program, period);
	begin(&twin, program, period);
	for (unsigned n = 0; n < PIECES; n++) {
		rig_run(&engine, CYCLES / PIECES);
		rig_perform(&twin, CYCLES / PIECES);
		ledger_settle(&engine.ledger);
		ledger_settle(&twin.ledger);
		snprintf(what, sizeof what, "%s, part %u", name[program], n);
		rig_agree(&engine, &twin, what);
	}
	rig_free(&engine);
	rig_free(&twin);
}

static void compare_all(const struct model *model)
{
	for (unsigned program = 0; program < PROGRAMS; program++)
		compare(model, program, 777);
}

Test(gears, subset_is_exact)
{
	struct model model;
	rig_model(&model);
	compare_all(&model);
}

Test(gears, every_access_is_exact)
{
	struct model model;
	rig_model(&model);
	model.engine = ENGINE_EVERY_ACCESS;
	compare_all(&model);
}

Test(gears, caches_are_exact)
{
	struct model model;
	rig_model(&model);
	model.cache_enabled = true;
	compare_all(&model);
}

Test(gears, a_small_tlb_is_exact)
{
	struct model model;
	rig_model(&model);
	model.tlb.entries = model.tlb.ways = 16;
	model.tlb.policy = TLB_FIFO;
	compare_all(&model);
}

Test(gears, set_mru_is_exact)
{
	struct model model;
	rig_model(&model);
	model.tlb = (struct tlb_geometry){ 64, 4, TLB_PSEUDO_LRU, 6, 1, PAGE_SHIFT };
	model.engine = ENGINE_SET_MRU;
	compare_all(&model);
	model.tlb = (struct tlb_geometry){ 16, 16, TLB_LRU, 6, 1, PAGE_SHIFT };
	compare_all(&model);
	model.tlb_refill_hardware = true;
	compare_all(&model);
}

Test(gears, the_processor_s_own_refill_is_exact)
{
	struct model model;
	rig_model(&model);
	model.tlb_refill_hardware = true;
	compare_all(&model);
}

Test(gears, a_policy_that_looks_at_hits_cannot_be_a_subset)
{
	struct model model;
	rig_model(&model);
	model.tlb.policy = TLB_LRU;
	model.engine = ENGINE_SUBSET;
	cr_assert(mips_gear_error(&model));
	model.engine = ENGINE_AUTO;
	cr_assert(!mips_gear_error(&model));
}
