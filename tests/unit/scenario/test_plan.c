/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scenarios' files: what they mean, and what is said of wrong ones. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/plan.h"

struct loaded {
	struct plan plan;
	struct diagnostics diagnostics;
	struct yaml_node *root;
	char *said;
	bool good;
};

static struct loaded *load_with(const char *text, const struct plan_overrides *overrides)
{
	struct loaded *loaded = calloc(1, sizeof(*loaded));

	diagnostics_init(&loaded->diagnostics);
	loaded->root = yaml_parse("s.yaml", text, strlen(text), &loaded->diagnostics);
	cr_assert_not_null(loaded->root);
	loaded->good = plan_load(&loaded->plan, loaded->root, overrides, &loaded->diagnostics);
	loaded->said = diagnostics_render(&loaded->diagnostics);
	return loaded;
}

static struct loaded *load(const char *text)
{
	return load_with(text, &(struct plan_overrides){0});
}

static void unload(struct loaded *loaded)
{
	plan_free(&loaded->plan);
	yaml_destroy(loaded->root);
	diagnostics_free(&loaded->diagnostics);
	free(loaded->said);
	free(loaded);
}

#define HEAD "schema: 1\nname: s\ntitle: t\nmodel: i486dx-50\nkernel: l4\n"
#define METRIC "metrics:\n  - {id: a, name: m, value: \"1\", unit: cycles}\n"

Test(plan, a_scenario_without_runs_has_one_that_is_called_main)
{
	struct loaded *l = load(HEAD "options: \"x y\"\nmodules: [sigma0, \"rpc count=5\"]\nlimit: 2us\n" METRIC);
	const struct plan_run *run = &l->plan.run[0];

	cr_assert(l->good, "%s", l->said);
	cr_assert_eq(l->plan.runs, 1);
	cr_assert_str_eq(run->name, "main");
	cr_assert_str_eq(run->options, "x y");
	cr_assert_str_eq(run->kernel->name, "l4");
	cr_assert_eq(run->modules, 2);
	cr_assert_str_eq(run->module[1].command_line, "rpc count=5");
	cr_assert_str_eq(run->module[1].image->name, "rpc");
	cr_assert_eq(run->limit, 100, "2 us at 50 MHz");
	unload(l);
}

Test(plan, what_a_run_says_wins_and_overrides_of_models_add_up)
{
	struct loaded *l = load(HEAD "set: {cache.enabled: true, tlb.entries: 64}\nlimit: 5cyc\nruns:\n"
	                             "  - {name: a}\n"
	                             "  - {name: b, model: pentium-90, limit: 7cyc, set: {tlb: {entries: 16}}}\n"
	                             "  - {name: c, set: {tlb: {entries: 16}}}\n" METRIC);
	cr_assert_not(l->good, "the Pentium's TLB is split");
	cr_assert(strstr(l->said, "s.yaml:6:28: error: tlb.entries") ||
	                  strstr(l->said, "tlb.entries: expected no such key"),
	          "%s", l->said);
	unload(l);
	l = load(HEAD "set: {cache.enabled: true, tlb.entries: 64}\nlimit: 5cyc\nruns:\n"
	              "  - {name: a}\n  - {name: c, set: {tlb: {entries: 16}}, limit: 7cyc}\n" METRIC);
	cr_assert(l->good, "%s", l->said);
	cr_assert_eq(l->plan.run[0].model->tlb.entries, 64);
	cr_assert_eq(l->plan.run[1].model->tlb.entries, 16);
	cr_assert(l->plan.run[1].model->cache_enabled);
	cr_assert_eq(l->plan.run[0].limit, 5);
	cr_assert_eq(l->plan.run[1].limit, 7);
	unload(l);
}

Test(plan, a_matrix_makes_all_combinations_with_the_last_varying_fastest)
{
	struct loaded *l =
		load(HEAD "options: \"spaces=${s}\"\nmodules: [\"rpc pages=${p}\"]\nset: {tlb.entries: \"${p}\"}\n"
	                  "matrix: {s: [pages, segments], p: [16, 32, 64]}\n" METRIC);
	static const char *const names[] = {"s=pages,p=16", "s=pages,p=32", "s=pages,p=64",
	                                    "s=segments,p=16", "s=segments,p=32", "s=segments,p=64"};

	cr_assert(l->good, "%s", l->said);
	cr_assert_eq(l->plan.runs, 6);
	for (unsigned n = 0; n < 6; n++)
		cr_assert_str_eq(l->plan.run[n].name, names[n]);
	cr_assert_str_eq(l->plan.run[4].options, "spaces=segments");
	cr_assert_eq(l->plan.run[4].model->tlb.entries, 32);
	cr_assert_str_eq(l->plan.run[4].module[0].command_line, "rpc pages=32");
	unload(l);
}

Test(plan, the_command_line_has_the_last_word)
{
	char first[] = "tlb.entries=8", second[] = "costs.int.inner=1";
	char *sets[] = {first, second};
	struct loaded *l = load_with(HEAD "limit: 5cyc\nset: {tlb.entries: 64}\n" METRIC,
	                             &(struct plan_overrides){.model_set = sets, .model_sets = 2, .limit = 99});

	cr_assert(l->good, "%s", l->said);
	cr_assert_eq(l->plan.run[0].limit, 99);
	cr_assert_eq(l->plan.run[0].model->tlb.entries, 8);
	cr_assert_eq(l->plan.run[0].model->cost[COST_INT_INNER], 1);
	cr_assert(strstr(l->plan.run[0].model_yaml, "int.inner: 1\n"));
	unload(l);
}

Test(plan, each_repeats_a_metric)
{
	struct loaded *l =
		load(HEAD "matrix: {p: [2, 4]}\nmetrics:\n"
	                  "  - {each: {p: [2, 4], f: [cycles, instructions]}, id: \"X.${p}.${f}\", name: \"m ${p}\",\n"
	                  "     value: \"run[p=${p}].${f} / 2\", unit: cycles, paper: \"9 * ${p}\", tolerance: 10%}\n");
	cr_assert_eq(l->plan.metrics, 4, "%s", l->said);
	cr_assert(l->good, "%s", l->said);
	cr_assert_str_eq(l->plan.metric[2].metric.id, "X.4.cycles");
	cr_assert_str_eq(l->plan.metric[2].metric.name, "m 4");
	cr_assert_str_eq(l->plan.metric[2].expression, "run[p=4].cycles / 2");
	cr_assert_eq(l->plan.metric[2].metric.paper, 36);
	unload(l);
}

Test(plan, papers_values_tolerances_and_kinds)
{
	struct loaded *l =
		load(HEAD "calibrates: d\nmetrics:\n"
	                  "  - {id: a, name: m, value: \"1\", unit: cycles, paper: 36..364, tolerance: 2.5%}\n"
	                  "  - {id: b, name: m, value: \"1 < 2\", unit: claim}\n"
	                  "  - {id: c, name: m, value: \"1\", unit: cycles}\n"
	                  "  - {id: d, name: m, value: \"1\", unit: cycles, paper: 7, kind: calibrated}\n"
	                  "  - {id: e, name: m, value: \"1\", unit: us, paper: 0.5, tolerance: 5, kind: input}\n");
	const struct plan_metric *m = l->plan.metric;

	cr_assert(l->good, "%s", l->said);
	cr_assert(m[0].kind == KIND_JUDGED && m[0].metric.paper_low == 36 && m[0].metric.paper_high == 364);
	cr_assert_eq(m[0].metric.tolerance_pct, 2.5);
	cr_assert(m[1].kind == KIND_JUDGED && m[1].metric.paper == 1 && m[1].metric.has_tolerance);
	cr_assert_eq(m[2].kind, KIND_INFO);
	cr_assert_eq(m[3].kind, KIND_CALIBRATED);
	cr_assert(m[4].kind == KIND_INPUT && m[4].tolerance == 5);
	unload(l);
}

/* What follows HEAD, and a part of what is said. */
static const struct {
	const char *text, *said;
} wrong[] = {
	{"", "metrics: expected a list, got nothing: the key is missing"},
	{"nmae: x\n" METRIC, "nmae: unknown key"},
	{"runs: []\n" METRIC, "runs: expected at least one run"},
	{"runs: [{name: a}, {name: a}]\n" METRIC, "expected another name than every other run's"},
	{"runs: [{name: \"a b\"}]\n" METRIC, "expected letters, digits, _ and -, got \"a b\""},
	{"runs: [{name: a, modle: x}]\n" METRIC, "runs[0].modle: unknown key"},
	{"runs: [{name: a}]\nmatrix: {p: [1]}\n" METRIC, "matrix: expected either runs or matrix, got both"},
	{"matrix: {p: []}\n" METRIC, "matrix.p: expected at least one value"},
	{"matrix: {p: [1, 1]}\n" METRIC, "expected different values, got \"p=1\" twice"},
	{"matrix: {p: [\"a,b\"]}\n" METRIC, "expected 1 to 32 letters"},
	{"matrix: {p-q: [1]}\n" METRIC, "expected a name of letters, digits and _"},
	{"matrix: {pages: [1]}\noptions: \"${page}\"\n" METRIC, "did you mean \"${pages}\"?"},
	{"options: \"${p}\"\n" METRIC, "expected a variable of matrix or each, got \"${p}\""},
	{"modules: [rcp]\n" METRIC, "did you mean \"rpc\"?"},
	{"modules: [broken]\n" METRIC, "modules[0]: the ELF header is cut short"},
	{"modules: [./absent.elf]\n" METRIC, "cannot be read"},
	{"modules: rpc\n" METRIC, "modules: expected a list, got \"rpc\""},
	{"limit: 5\n" METRIC, "limit: expected cycles or a time"},
	{"set: {tlb.entries: 0}\n" METRIC, "s.yaml:6:20: error: tlb.entries: expected an integer 1..4096, got \"0\""},
	{"set: {tlb.entires: 5}\n" METRIC, "did you mean \"entries\"?"},
	{"calibrates: zz\n" METRIC, "calibrates: expected the id of a metric whose kind is calibrated"},
	{"metrics: [{id: a, name: m, value: \"man.cycles\", unit: x}]\n", "did you mean \"main\"?"},
	{"metrics: [{id: a, name: m, value: \"main.rpc.cycels\", unit: x}]\n", "did you mean \"cycles\"?"},
	{"metrics: [{id: a, name: m, value: \"main.cost.int.iner\", unit: x}]\n", "did you mean \"int.inner\"?"},
	{"metrics: [{id: a, name: m, value: \"main.cost.rdtsc\", unit: x}]\n", "the model i486dx-50 has no rdtsc"},
	{"metrics: [{id: a, name: m, value: \"main.x.value.frist\", unit: x}]\n",
         "expected last, sum, count, least or greatest"},
	{"metrics: [{id: a, name: m, value: \"1 +\", unit: x}]\n",
         "s.yaml:6:39: error: metrics[0].value: expected a number"},
	{"metrics: [{id: a, name: m, value: \"main\", unit: x}]\n", "expected a field after the run's name"},
	{"metrics: [{id: a, name: m, value: 1, unit: x, kind: judged}]\n",
         "metrics[0].paper: expected the paper's value"},
	{"metrics: [{id: a, name: m, value: 1, unit: x, paper: 5}]\n", "metrics[0].tolerance: expected a tolerance"},
	{"metrics: [{id: a, name: m, value: 1, unit: x, paper: 5..1, tolerance: 0}]\n", "expected LOW..HIGH"},
	{"metrics: [{id: a, name: m, value: 1, unit: x, paper: many, tolerance: 0}]\n", "expected numbers only"},
	{"metrics: [{id: a, name: m, value: 1, unit: x, paper: 1, tolerance: -1%}]\n",
         "expected a tolerance of 0 or more"},
	{"metrics: [{id: a, name: m, value: 1, unit: x, kind: guessed}]\n",
         "expected judged, input, calibrated or info"},
	{"metrics: [{id: a, name: m, value: 1, unit: x, kind: calibrated}]\n", "expected calibrated only for the id"},
	{"metrics: [{id: a, name: m, value: 1, unit: x}, {id: a, name: m, value: 1, unit: x}]\n",
         "expected another id"},
	{"metrics: [{each: {p: [1]}, id: \"${q}\", name: m, value: 1, unit: x}]\n", "got \"${q}\""},
	{"metrics: [{each: {p: [1]}, id: a, name: m, value: 1, unti: x}]\n", "metrics[0].unti: unknown key"},
};

Test(plan, what_is_wrong_is_said)
{
	for (unsigned n = 0; n < sizeof(wrong) / sizeof(wrong[0]); n++) {
		char text[1024];

		snprintf(text, sizeof(text), HEAD "%s", wrong[n].text);
		struct loaded *l = load(text);
		cr_assert_not(l->good, "%s", wrong[n].text);
		cr_assert(strstr(l->said, wrong[n].said), "%s: %s", wrong[n].text, l->said);
		unload(l);
	}
}

Test(plan, the_name_is_the_files)
{
	struct loaded *l = load("schema: 1\nname: other\ntitle: t\nmodel: i486dx-50\nkernel: l4\n" METRIC);

	cr_assert(strstr(l->said, "name: expected the file's name, \"s\", got \"other\""), "%s", l->said);
	unload(l);
}

Test(plan, a_wrong_model_is_said_once_for_all_runs)
{
	struct loaded *l =
		load("schema: 1\nname: s\ntitle: t\nmodel: i486-50\nkernel: l5\nmatrix: {p: [1, 2, 3]}\n" METRIC);

	cr_assert_eq(l->diagnostics.count, 2, "%s", l->said);
	unload(l);
}

Test(plan, too_many_runs_are_refused)
{
	struct loaded *l = load(
		HEAD "matrix: {a: [1, 2, 3, 4, 5, 6, 7], b: [1, 2, 3, 4, 5, 6, 7], c: [1, 2, 3, 4, 5, 6]}\n" METRIC);

	cr_assert(strstr(l->said, "matrix: expected at most 256 runs"), "%s", l->said);
	unload(l);
}

Test(plan, a_disk_is_the_scenarios_and_what_it_is_like_the_models)
{
	struct loaded *l = load(HEAD "disk: paging\nset: {disk.rpm: 7200, disk.write.overhead: 2ms, disk.bad: \"7-9 11\"}\nruns:\n"
	                             "  - {name: a}\n  - {name: b, disk: ./other.img, set: {disk.cylinders: 4000}}\n" METRIC);
	const struct plan_run *a = &l->plan.run[0], *b = &l->plan.run[1];

	cr_assert(l->good, "%s", l->said);
	cr_assert_str_eq(a->disk->key, "paging");
	cr_assert_str_eq(b->disk->key, "./other.img");
	cr_assert_eq(a->model->disk.rpm, 7200);
	cr_assert_eq(a->model->disk.time[DISK_WRITE_OVERHEAD], 100000, "2 ms at 50 MHz");
	cr_assert_eq(a->model->disk.bad.count, 2);
	cr_assert_eq(a->model->disk.bad.range[0].first, 7);
	cr_assert_eq(a->model->disk.bad.range[0].last, 9);
	cr_assert_eq(a->model->disk.bad.range[1].last, 11);
	cr_assert_eq(a->model->disk.stops_after, DISK_NEVER_STOPS);
	unload(l);
	l = load(HEAD METRIC);
	cr_assert(l->good, "%s", l->said);
	cr_assert_null(l->plan.run[0].disk, "no disk without the key");
	unload(l);
}
