/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One scenario on processors of several kinds: which images and disks are taken, and what metrics may name. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/names.h"
#include "sim/scenario/plan.h"

static struct plan plan;
static struct diagnostics diagnostics;
static struct yaml_node *root;
static char *said;

static bool load_set(const char *text, const char *set)
{
	const struct plan_overrides nothing = {0};

	diagnostics_init(&diagnostics);
	root = yaml_parse("s.yaml", text, strlen(text), &diagnostics);
	cr_assert_not_null(root);
	if (set)
		cr_assert(yaml_set(root, set, &diagnostics));
	bool good = plan_load(&plan, root, &nothing, &diagnostics);
	said = diagnostics_render(&diagnostics);
	return good;
}

static void unload(void)
{
	plan_free(&plan);
	yaml_destroy(root);
	diagnostics_free(&diagnostics);
	free(said);
	memset(&plan, 0, sizeof(plan));
}

#define METRIC(value) "metrics:\n  - {id: a, name: m, value: \"" value "\", unit: cycles}\n"
#define SCENARIO(kernel, rest) "schema: 1\nname: s\ntitle: t\nmodel: i486dx-50\nkernel: " kernel "\n" rest

static bool has_image(const char *key)
{
	for (const struct plan_image *image = plan.image; image; image = image->next)
		if (!strcmp(image->key, key))
			return true;
	return false;
}

Test(kinds, the_models_processor_says_which_image_is_taken)
{
	static const struct {
		const char *model, *kernel, *module;
	} rows[] = {
		{"model=i386dx-25", "l4", "rpc"},         {"model=r2000-16", "l4-r3000", "rpc-mips"},
		{"model=r3000-40", "l4-r3000", "rpc-mips"}, {"model=r4000-100", "l4-r4000", "rpc-mips"},
	};

	for (unsigned n = 0; n < sizeof(rows) / sizeof(rows[0]); n++) {
		cr_assert(load_set(SCENARIO("l4", "modules: [\"rpc count=5\"]\n" METRIC("1")), rows[n].model), "%s", said);
		cr_assert(has_image(rows[n].kernel), "%s", rows[n].model);
		cr_assert(has_image(rows[n].module), "%s", rows[n].model);
		cr_assert_str_eq(plan.run[0].kernel->name, "l4", "functions are named alike on all");
		cr_assert_str_eq(plan.run[0].module[0].command_line, "rpc count=5");
		unload();
	}
}

Test(kinds, a_suffix_comes_before_the_names_own_ending)
{
	cr_assert(load_set(SCENARIO("mach.boot", METRIC("1")), "model=r4000-100"), "%s", said);
	cr_assert(has_image("mach-r4000.boot"));
	unload();
}

Test(kinds, a_name_that_says_its_kind_is_taken_as_it_is)
{
	cr_assert(load_set(SCENARIO("l4-r3000", METRIC("1")), "model=r3000-25"), "%s", said);
	cr_assert(has_image("l4-r3000"));
	unload();
}

Test(kinds, what_there_is_for_other_processors_only_is_said)
{
	cr_assert_not(load_set(SCENARIO("root", METRIC("1")), "model=r3000-25"));
	cr_assert(strstr(said, "expected a kernel or program for the model r3000-25, got \"root\""), "%s", said);
	cr_assert(strstr(said, "there is \"root\", which is for another processor"), "%s", said);
	unload();
	cr_assert_not(load_set(SCENARIO("mach.boot", METRIC("1")), NULL));
	cr_assert(strstr(said, "for the model i486dx-50, got \"mach.boot\""), "%s", said);
	unload();
}

Test(kinds, one_plan_may_have_runs_of_both)
{
	cr_assert(load_set(SCENARIO("l4", "runs: [{name: a}, {name: b, model: r3000-25}]\n"
	                                  METRIC("b.utlb_misses + b.cost.rfe + a.segment_loads + a.cost.mov.cr3")), NULL),
	          "%s", said);
	cr_assert(has_image("l4") && has_image("l4-r3000"));
	cr_assert_neq(plan.run[0].kernel, plan.run[1].kernel);
	unload();
}

Test(kinds, a_model_that_set_gives_is_that_of_all_runs)
{
	const char *text = SCENARIO("l4", "runs: [{name: a, model: i386dx-25}, {name: b}]\n" METRIC("1"));

	cr_assert(load_set(text, "model=r3000-25"), "%s", said);
	cr_assert_str_eq(plan.run[0].model->name, "r3000-25");
	cr_assert_str_eq(plan.run[1].model->name, "r3000-25");
	unload();
}

static const struct {
	const char *model, *value, *said;
} lacking[] = {
	{NULL, "main.utlb_misses", "got \"utlb_misses\": only processors of the architecture mips count these, and the model "
	                           "i486dx-50 is x86"},
	{"model=r3000-25", "main.segment_loads", "got \"segment_loads\": only processors of the architecture x86 count "
	                                         "these, and the model r3000-25 is mips"},
	{"model=r3000-25", "main.work.segment_loads", "only processors of the architecture x86 count these"},
	{"model=r3000-25", "main.cost.mov.cr3", "expected a constant of the model, got \"mov.cr3\""},
	{"model=r3000-25", "main.cost.eret", "the model r3000-25 has no eret"},
	{"model=r3000-25", "main.utlb_miss", "did you mean \"utlb_misses\"?"},
};

Test(kinds, metrics_cannot_name_what_the_processor_lacks)
{
	for (unsigned n = 0; n < sizeof(lacking) / sizeof(lacking[0]); n++) {
		char text[512];

		snprintf(text, sizeof(text), SCENARIO("l4", METRIC("%s")), lacking[n].value);
		cr_assert_not(load_set(text, lacking[n].model), "%s", lacking[n].value);
		cr_assert(strstr(said, lacking[n].said), "%s", said);
		unload();
	}
}
