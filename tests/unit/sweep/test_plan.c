/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plans of sweeps: which configurations they make, in which order. What is said of wrong ones: tests/negative/plan. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/sweep/sweep.h"

static struct diagnostics diagnostics;

static struct sweep_plan *load(const char *text)
{
	struct sweep_plan *plan = calloc(1, sizeof(*plan));

	diagnostics_init(&diagnostics);
	struct yaml_node *root = yaml_parse("p", text, strlen(text), &diagnostics);
	cr_assert_not_null(root);
	bool good = sweep_plan_load(plan, root, &diagnostics);
	char *said = diagnostics_render(&diagnostics);
	cr_assert(good, "%s", said);
	free(said);
	return plan;
}

static void unload(struct sweep_plan *plan)
{
	sweep_plan_free(plan);
	free(plan);
	diagnostics_free(&diagnostics);
}

#define HEAD "schema: 1\nname: p\ntitle: t\nscenario: s.yaml\n"

Test(sweep_plan, combinations_come_in_the_plans_order_the_last_axis_fastest)
{
	static const char *const expected[] = {"entries=32,tags=none", "entries=32,tags=six", "entries=64,tags=none",
	                                       "entries=64,tags=six"};
	struct sweep_plan *plan = load(HEAD "vary:\n  tlb.entries: [32, 64]\n"
	                                    "  tags: {none: {tlb.tag_bits: 0}, six: {tlb.tag_bits: 6}}\n");

	cr_assert_eq(plan->configurations, 4);
	for (unsigned n = 0; n < 4; n++) {
		cr_assert_str_eq(plan->configuration[n].name, expected[n]);
		cr_assert_eq(plan->configuration[n].value[0], (int)n / 2);
		cr_assert_eq(plan->configuration[n].value[1], (int)n % 2);
		cr_assert_eq(plan->configuration[n].value[2], SWEEP_ANY);
		cr_assert_eq(sweep_configuration_at(plan, plan->configuration[n].value), (int)n);
	}
	unload(plan);
}

Test(sweep_plan, listed_runs_follow_the_combinations)
{
	struct sweep_plan *plan = load(HEAD "runs: [{name: odd, set: {limit: 1Mcyc}}]\nvary: {tlb.entries: [32]}\n");

	cr_assert_eq(plan->configurations, 2);
	cr_assert_str_eq(plan->configuration[1].name, "odd");
	cr_assert_not_null(plan->configuration[1].own);
	cr_assert_eq(plan->configuration[1].value[0], SWEEP_ANY);
	unload(plan);
}

Test(sweep_plan, an_exception_leaves_out_what_agrees_with_it_wherever_it_says_something)
{
	struct sweep_plan *plan = load(HEAD "vary: {a: [1, 2, 3], b: [u, v], c: [p, q]}\n"
	                                    "except: [{a: 2}, {a: 3, b: v}]\n");

	cr_assert_eq(plan->configurations, 4 + 0 + 2);
	for (unsigned n = 0; n < plan->configurations; n++) {
		cr_assert_neq(plan->configuration[n].value[0], 1);
		cr_assert(plan->configuration[n].value[0] != 2 || plan->configuration[n].value[1] == 0);
	}
	unload(plan);
}

Test(sweep_plan, an_axis_is_called_by_its_last_part_unless_two_have_that)
{
	struct sweep_plan *plan = load(HEAD "vary: {tlb.code.entries: [1], tlb.data.entries: [1], tlb.ways: [1]}\n");

	cr_assert_str_eq(plan->axis[0].name, "tlb.code.entries");
	cr_assert_str_eq(plan->axis[1].name, "tlb.data.entries");
	cr_assert_str_eq(plan->axis[2].name, "ways");
	unload(plan);
}

Test(sweep_plan, also_agrees_where_all_of_its_values_do)
{
	struct sweep_plan *plan = load(HEAD "vary: {a: [1, 2], b: [u, v]}\nalso: [{where: {a: 2, b: v}, set: {k: 1}}]\n");
	unsigned agree = 0;

	for (unsigned n = 0; n < plan->configurations; n++)
		agree += sweep_place_agrees(plan->also[0].value, plan->configuration[n].value);
	cr_assert_eq(plan->alsos, 1);
	cr_assert_eq(agree, 1);
	cr_assert(sweep_place_agrees(plan->also[0].value, plan->configuration[3].value));
	unload(plan);
}

Test(sweep_plan, a_thousand_configurations_are_told_apart_by_their_names)
{
	struct sweep_plan *plan = load(HEAD "vary:\n  a: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]\n"
	                                    "  b: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]\n  c: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]\n");

	cr_assert_eq(plan->configurations, 1000);
	for (unsigned n = 0; n < 1000; n++) {
		char name[32];
		snprintf(name, sizeof(name), "a=%u,b=%u,c=%u", n / 100, n / 10 % 10, n % 10);
		cr_assert_str_eq(plan->configuration[n].name, name);
	}
	unload(plan);
}

Test(sweep_plan, a_picture_holds_every_axis_that_it_does_not_go_along)
{
	struct sweep_plan *plan = load(HEAD "vary: {p: [1, 2], t: [none, six], e: [32, 64]}\n"
	                                    "operation: {name: o, value: \"main.${field}\"}\n"
	                                    "pictures:\n  - {name: c, kind: curves, x: p, by: e, between: {axis: t, from: none, to: six}}\n"
	                                    "  - {name: w, kind: waterfall, by: t, from: none, to: six, where: {p: 2, e: 64}}\n");

	cr_assert_eq(plan->pictures, 2);
	cr_assert_eq(plan->picture[0].between, 1);
	cr_assert_eq(plan->picture[1].where[0], 1);
	cr_assert_eq(plan->picture[1].where[1], SWEEP_ANY);
	cr_assert_eq(plan->picture[1].where[2], 1);
	cr_assert_eq(plan->picture[1].to, 1);
	unload(plan);
}

Test(sweep_plan, the_plans_that_the_library_carries_are_right)
{
	const char *name, *text;
	size_t size;
	unsigned n = 0;

	for (; (name = sweep_plan_embedded(n, &text, &size)); n++)
		unload(load(text));
	cr_assert(n > 0);
}
