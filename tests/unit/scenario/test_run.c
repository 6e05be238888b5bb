/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a file to verdicts, by the public API, on the machine of fake.c. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mukroscope/model.h"
#include "sim/scenario/scenario.h"

#define HEAD "schema: 1\nname: fake\ntitle: a title\nsource: L95\nmodel: i486dx-50\nkernel: l4\n"

/* A scenario in a file of its own folder, opened. */
static struct muk_scenario *open_text(const char *text)
{
	struct muk_scenario *scenario;
	struct muk_error error;
	char folder[] = "scenario-XXXXXX", path[64];

	cr_assert_not_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/fake.yaml", folder);
	FILE *file = fopen(path, "wb");
	fputs(text, file);
	fclose(file);
	muk_scenario_open(&scenario, path, &error);
	remove(path);
	remove(folder);
	return scenario;
}

static struct muk_scenario *run_text(const char *text)
{
	struct muk_scenario *scenario = open_text(text);
	struct muk_error error = {0};

	cr_assert_eq(muk_scenario_run(scenario, &error), MUK_OK, "%s", muk_scenario_diagnostics(scenario));
	return scenario;
}

static double value_of(const struct muk_scenario *scenario, const char *expression)
{
	struct muk_error error = {0};
	double value = NAN;

	cr_assert_eq(muk_scenario_value(scenario, expression, &value, &error), MUK_OK, "%s", error.text);
	return value;
}

static const char *why_not(const struct muk_scenario *scenario, const char *expression)
{
	static struct muk_error error;
	double value;

	cr_assert_eq(muk_scenario_value(scenario, expression, &value, &error), MUK_ERR_INPUT);
	return error.text;
}

#define ONE "metrics: [{id: a, name: m, value: \"main.cycles\", unit: cycles}]\n"

Test(run, names_have_the_values_of_spans_values_and_the_ledger)
{
	struct muk_scenario *s = run_text(HEAD "options: \"cycles=1000 walk=90 span:rpc=500,100,300 value:pages=4,9,2 "
	                                       "span:never= value:none=\"\n" ONE);

	cr_assert_eq(value_of(s, "main.cycles"), 1000);
	cr_assert_eq(value_of(s, "main.instructions"), 500);
	cr_assert_eq(value_of(s, "main.tlb_walk"), 90);
	cr_assert_eq(value_of(s, "main.ledger.instruction"), 910);
	cr_assert_eq(value_of(s, "main.status"), 0);
	cr_assert_eq(value_of(s, "main.hertz"), 50000000);
	cr_assert_eq(value_of(s, "main.cost.int.inner"), 71);
	cr_assert_eq(value_of(s, "main.rpc.count"), 3);
	cr_assert_eq(value_of(s, "main.rpc.cycles"), 900);
	cr_assert_eq(value_of(s, "main.rpc.instruction"), 900);
	cr_assert_eq(value_of(s, "main.rpc.tlb_misses"), 9);
	cr_assert_eq(value_of(s, "main.rpc.first.cycles"), 500);
	cr_assert_eq(value_of(s, "main.rpc.last.cycles"), 300);
	cr_assert_eq(value_of(s, "main.rpc.least.cycles"), 100);
	cr_assert_eq(value_of(s, "main.rpc.greatest.cycles"), 500);
	cr_assert_eq(value_of(s, "main.pages.value"), 2);
	cr_assert_eq(value_of(s, "main.pages.value.last"), 2);
	cr_assert_eq(value_of(s, "main.pages.value.sum"), 15);
	cr_assert_eq(value_of(s, "main.pages.value.count"), 3);
	cr_assert_eq(value_of(s, "main.pages.value.least"), 2);
	cr_assert_eq(value_of(s, "main.pages.value.greatest"), 9);
	cr_assert_eq(value_of(s, "main.never.count"), 0);
	cr_assert_str_eq(why_not(s, "main.never.cycles"), "the span \"never\" never came to an end");
	cr_assert_str_eq(why_not(s, "main.none.value"), "the guest never gave the value \"none\"");
	cr_assert_str_eq(why_not(s, "main.rcp.cycles"),
	                 "expected a span that a program of the run has, got \"rcp\"; did you mean \"rpc\"?");
	muk_scenario_close(s);
}

Test(run, names_have_the_values_of_probes_tasks_threads_functions_and_images)
{
	struct muk_scenario *s = run_text(HEAD "programs: [rpc]\noptions: \"cycles=1000 fired=7 task:pager=300 task:unix=40 "
	                                       "task:pager=5\"\n" ONE);

	cr_assert_eq(value_of(s, "main.probe.ipc.count"), 7);
	cr_assert_eq(value_of(s, "main.task.unix.cycles"), 80);
	cr_assert_eq(value_of(s, "main.task.unix.idle"), 40);
	cr_assert_eq(value_of(s, "main.task.unix.cache"), 0);
	cr_assert_eq(value_of(s, "main.task.pager.cycles"), 610, "two tasks of one name");
	cr_assert_eq(value_of(s, "main.task[pager].tlb_walk"), 305);
	cr_assert_eq(value_of(s, "main.task.0.cycles"), 1000, "none has run");
	cr_assert_eq(value_of(s, "main.thread[pager/1].cycles"), 610);
	cr_assert_eq(value_of(s, "main.thread[unix/1].idle / 2"), 20);
	cr_assert_eq(value_of(s, "main.function.l4:start.cycles"), 345);
	cr_assert_eq(value_of(s, "main.function[l4:start].tlb_walk"), 0);
	cr_assert_eq(value_of(s, "image.l4.text + image.rpc.data"), 1200);
	cr_assert_eq(value_of(s, "image[sigma0].bss + image.root.symbols"), 34, "the library's, if not the scenario's");
	cr_assert_str_eq(why_not(s, "main.task.unxi.cycles"), "expected a task that ran, got \"unxi\"; did you mean \"unix\"?");
	cr_assert_str_eq(why_not(s, "main.probe.ipx.count"),
	                 "expected a probe of the run's images, got \"ipx\"; did you mean \"ipc\"?");
	cr_assert_str_eq(why_not(s, "main.function.l4:stat.cycles"),
	                 "expected a function that ran, got \"l4:stat\"; did you mean \"l4:start\"?");
	muk_scenario_close(s);
}

#define TWO_ENDS "runs: [{name: wired, options: \"value:x=4\"}, {name: unwired, expect: deadlock, options: \"value:x=5 end=%s\"}]\n" \
	"metrics: [{id: a, name: m, value: \"wired.status == ok and unwired.status == deadlock\", unit: claim}]\n"

Test(run, a_run_may_be_expected_to_end_otherwise)
{
	struct muk_scenario *s;
	char text[512];

	snprintf(text, sizeof(text), HEAD TWO_ENDS, "deadlock");
	s = run_text(text);
	cr_assert_str_eq(muk_scenario_status(s), "ok");
	cr_assert_eq(muk_scenario_exit(s), 0);
	cr_assert_eq(value_of(s, "unwired.x.value"), 5, "what such a run told counts");
	cr_assert_eq(value_of(s, "max(ok, failed, panic, triple_fault, unsupported, limit) == limit"), 1);
	muk_scenario_close(s);

	snprintf(text, sizeof(text), HEAD TWO_ENDS, "panic");
	s = run_text(text);
	cr_assert_str_eq(muk_scenario_status(s), "panic");
	cr_assert_eq(muk_scenario_exit(s), 3);
	muk_scenario_close(s);

	snprintf(text, sizeof(text), HEAD TWO_ENDS, "ok");
	s = run_text(text);
	cr_assert_str_eq(muk_scenario_status(s), "unexpected");
	cr_assert_eq(muk_scenario_exit(s), 1);
	cr_assert_str_eq(why_not(s, "unwired.x.value"), "the run ended: ok");
	muk_scenario_close(s);
}

/* A metric's keys, and what it comes to; the value of x is 110. */
static const struct {
	const char *keys, *verdict;
	double deviation;
} verdicts[] = {
	{"paper: 100, tolerance: 10%", "within", 10},
	{"paper: 100, tolerance: 9.9%", "outside", 10},
	{"paper: 110, tolerance: 0%", "within", 0},
	{"paper: 100, tolerance: 10", "within", 10},
	{"paper: 100, tolerance: 9", "outside", 10},
	{"paper: 100..120, tolerance: 0%", "within", 0},
	{"paper: 50..100, tolerance: 10%", "within", 10},
	{"paper: 50..100, tolerance: 5%", "outside", 10},
	{"paper: 200..300, tolerance: 10%", "outside", -45},
	{"paper: 110, tolerance: 0%, kind: input", "input", 0},
	{"paper: 100, tolerance: 0%, kind: input", "outside", 10},
	{"paper: 100, kind: info", "info", 10},
	{"kind: info", "info", NAN},
};

Test(run, verdicts_follow_from_paper_tolerance_and_kind)
{
	for (unsigned n = 0; n < sizeof(verdicts) / sizeof(verdicts[0]); n++) {
		char text[512];
		struct muk_metric metric;

		snprintf(text, sizeof(text),
		         HEAD
		         "options: \"value:x=110\"\nmetrics: [{id: a, name: m, value: \"main.x.value\", unit: cycles, "
		         "cause: because, %s}]\n",
		         verdicts[n].keys);
		struct muk_scenario *s = run_text(text);
		cr_assert(muk_scenario_metric(s, 0, &metric));
		cr_assert_not(muk_scenario_metric(s, 1, &metric));
		muk_scenario_metric(s, 0, &metric);
		cr_assert_str_eq(metric.verdict, verdicts[n].verdict, "%s", verdicts[n].keys);
		cr_assert(isnan(verdicts[n].deviation) ? isnan(metric.deviation_pct)
		                                       : metric.deviation_pct == verdicts[n].deviation,
		          "%s: %g", verdicts[n].keys, metric.deviation_pct);
		cr_assert_str_eq(metric.cause, strcmp(metric.verdict, "within") ? "because" : "");
		cr_assert_eq(muk_scenario_exit(s), strcmp(metric.verdict, "outside") ? 0 : 1);
		muk_scenario_close(s);
	}
}

Test(run, a_paper_of_zero_has_no_deviation_in_percent)
{
	struct muk_scenario *s =
		run_text(HEAD "options: \"value:x=3\"\nmetrics:\n"
	                      "  - {id: a, name: m, value: main.x.value, unit: c, paper: 0, tolerance: 5}\n"
	                      "  - {id: b, name: m, value: main.x.value, unit: c, paper: 0, tolerance: 5%}\n"
	                      "  - {id: c, name: m, value: main.x.value - 3, unit: c, paper: 0, tolerance: 0%}\n");
	struct muk_metric metric;

	muk_scenario_metric(s, 0, &metric);
	cr_assert(isnan(metric.deviation_pct) && !strcmp(metric.verdict, "within"));
	muk_scenario_metric(s, 1, &metric);
	cr_assert_str_eq(metric.verdict, "outside");
	muk_scenario_metric(s, 2, &metric);
	cr_assert(metric.deviation_pct == 0 && !strcmp(metric.verdict, "within"));
	muk_scenario_close(s);
}

Test(run, a_figure_of_the_papers_is_shown_without_a_value_of_ours)
{
	struct muk_scenario *s = run_text(HEAD "metrics: [{id: a, name: m, unit: us, paper: 76, kind: info}]\n");
	struct muk_metric metric;

	muk_scenario_metric(s, 0, &metric);
	cr_assert(isnan(metric.value) && isnan(metric.deviation_pct) && metric.paper == 76);
	cr_assert_str_eq(metric.verdict, "info");
	cr_assert_eq(muk_scenario_exit(s), 0);
	muk_scenario_close(s);
}

/* How a run ends, and the exit status. */
static const struct {
	const char *end, *status;
	int exit;
} ends[] = {
	{"panic", "panic", 3},         {"deadlock", "deadlock", 3}, {"triple_fault", "triple fault", 3},
	{"failed", "failed", 3},       {"never", "limit", 4},       {"unsupported", "unsupported", 3},
};

Test(run, a_run_that_ends_badly_makes_the_scenario_that_and_its_spans_outside)
{
	for (unsigned n = 0; n < sizeof(ends) / sizeof(ends[0]); n++) {
		char text[512], begin[64];
		struct muk_metric metric;

		snprintf(text, sizeof(text),
		         HEAD
		         "limit: 5kcyc\nruns:\n  - {name: good, options: \"span:x=5\"}\n"
		         "  - {name: bad, options: \"span:x=5 end=%s\"}\n"
		         "metrics:\n  - {id: a, name: m, value: bad.x.cycles, unit: cycles, paper: 5, tolerance: 0}\n"
		         "  - {id: b, name: m, value: good.x.cycles, unit: cycles, paper: 5, tolerance: 0}\n"
		         "  - {id: c, name: m, value: bad.status > 0, unit: claim}\n",
		         ends[n].end);
		struct muk_scenario *s = run_text(text);
		cr_assert_str_eq(muk_scenario_status(s), ends[n].status);
		cr_assert_eq(muk_scenario_exit(s), ends[n].exit);
		muk_scenario_metric(s, 0, &metric);
		snprintf(begin, sizeof(begin), "the run ended: %s", ends[n].status);
		cr_assert(isnan(metric.value) && !strcmp(metric.verdict, "outside"));
		cr_assert(!strncmp(metric.cause, begin, strlen(begin)), "%s", metric.cause);
		muk_scenario_metric(s, 1, &metric);
		cr_assert_str_eq(metric.verdict, "within");
		muk_scenario_metric(s, 2, &metric);
		cr_assert_str_eq(metric.verdict, "within");
		muk_scenario_close(s);
	}
}

Test(run, what_cannot_be_computed_is_outside_with_the_reason)
{
	struct muk_scenario *s =
		run_text(HEAD "options: \"span:x=\"\nmetrics:\n"
	                      "  - {id: a, name: m, value: 1 / main.x.count, unit: c, paper: 1, tolerance: 0}\n"
	                      "  - {id: b, name: m, value: 1 / main.x.count, unit: c, kind: info}\n");
	struct muk_metric metric;

	muk_scenario_metric(s, 0, &metric);
	cr_assert(!strcmp(metric.verdict, "outside") && !strcmp(metric.cause, "division by zero"));
	muk_scenario_metric(s, 1, &metric);
	cr_assert(!strcmp(metric.verdict, "info") && isnan(metric.value));
	muk_scenario_close(s);
}

#define TWO "runs: [{name: a, options: \"cycles=100 walk=40 say=hello\"}, {name: b, options: \"cycles=50\"}]\n" \
	"metrics: [{id: a, name: m, value: \"a.cycles\", unit: cycles}]\n"

Test(run, totals_are_of_all_runs_and_the_ledger_sums_to_the_clock)
{
	struct muk_scenario *s = run_text(HEAD TWO);
	uint64_t cycles, sum = 0;

	cr_assert_eq(muk_scenario_cycles(s), 150);
	cr_assert_eq(muk_scenario_instructions(s), 75);
	for (unsigned n = 0; muk_scenario_ledger(s, n, &cycles); n++)
		sum += cycles;
	cr_assert_eq(sum, 150);
	cr_assert_str_eq(muk_scenario_console(s, 0), "hello");
	cr_assert_str_eq(muk_scenario_run_name(s, 1), "b");
	cr_assert_null(muk_scenario_run_name(s, 2));
	muk_scenario_close(s);
}

/* The digest of a scenario with an override. */
static char *digest_with(const char *text, const char *set)
{
	struct muk_scenario *s = open_text(text);
	struct muk_error error = {0};

	if (set)
		cr_assert_eq(muk_scenario_set(s, set, &error), MUK_OK, "%s", error.text);
	cr_assert_eq(muk_scenario_run(s, &error), MUK_OK, "%s", muk_scenario_diagnostics(s));
	char *digest = strdup(muk_scenario_digest(s));
	muk_scenario_close(s);
	return digest;
}

Test(run, the_digest_is_that_of_what_ran)
{
	char *first = digest_with(HEAD TWO, NULL), *again = digest_with(HEAD TWO, NULL);
	char *other = digest_with(HEAD TWO, "costs.int.inner=1"), *single = digest_with(HEAD ONE, NULL);

	cr_assert_eq(strlen(first), 32);
	cr_assert_str_eq(first, again);
	cr_assert_str_neq(first, other);
	cr_assert_str_neq(first, single);
	free(first);
	free(again);
	free(other);
	free(single);
}

Test(run, overrides_reach_the_scenario_or_its_models)
{
	struct muk_scenario *s = open_text(HEAD "options: \"cycles=100\"\n" ONE);
	struct muk_error error = {0};

	cr_assert_eq(muk_scenario_set(s, "options=cycles=77", &error), MUK_OK);
	cr_assert_eq(muk_scenario_set(s, "costs.int.inner=3", &error), MUK_OK);
	cr_assert_eq(muk_scenario_run(s, &error), MUK_OK);
	cr_assert_eq(value_of(s, "main.cycles + main.cost.int.inner"), 80);
	cr_assert(strstr(scenario_resolved(s, 0), "options: \"cycles=77\"\n"), "%s", scenario_resolved(s, 0));
	cr_assert(strstr(scenario_resolved(s, 0), "int.inner: 3\n"));
	cr_assert_eq(muk_scenario_set(s, "limit=1cyc", &error), MUK_ERR_INPUT, "too late");
	cr_assert_eq(muk_scenario_run(s, &error), MUK_ERR_INPUT, "once");
	muk_scenario_close(s);
}

Test(run, an_override_of_the_disk_is_the_scenarios_and_of_its_keys_the_models)
{
	struct muk_scenario *scenario = open_text(HEAD "disk: paging\n" ONE);
	struct muk_error error = {0};

	cr_assert_eq(muk_scenario_set(scenario, "disk.rpm=7200", &error), MUK_OK, "%s", error.text);
	cr_assert_eq(muk_scenario_set(scenario, "disk=damaged", &error), MUK_OK, "%s", error.text);
	cr_assert_neq(muk_scenario_check(scenario, &error), MUK_OK);
	cr_assert(strstr(muk_scenario_diagnostics(scenario), "disk: the packed image of a disk is damaged"), "%s",
	          muk_scenario_diagnostics(scenario));
	muk_scenario_close(scenario);
}

Test(run, the_limit_given_beside_the_file_wins)
{
	struct muk_scenario *s = open_text(HEAD "options: \"cycles=100\"\nlimit: 1Mcyc\n" ONE);
	struct muk_error error = {0};

	muk_scenario_limit(s, 60);
	cr_assert_eq(muk_scenario_run(s, &error), MUK_OK);
	cr_assert_str_eq(muk_scenario_status(s), "limit");
	cr_assert_eq(muk_scenario_exit(s), 4);
	cr_assert_eq(muk_scenario_cycles(s), 60);
	muk_scenario_close(s);
}

Test(run, everything_wrong_is_in_the_diagnostics_and_nothing_runs)
{
	struct muk_scenario *s = open_text(HEAD "modules: [nothing]\nlimti: 5\n" ONE);
	struct muk_error error = {0};

	cr_assert_eq(muk_scenario_run(s, &error), MUK_ERR_INPUT);
	cr_assert_eq(error.line, 7);
	cr_assert(strstr(muk_scenario_diagnostics(s), "got \"nothing\""));
	cr_assert(strstr(muk_scenario_diagnostics(s), "did you mean \"limit\"?"));
	cr_assert_str_eq(muk_scenario_status(s), "");
	cr_assert_str_eq(muk_scenario_digest(s), "");
	muk_scenario_close(s);
}

Test(run, an_unknown_name_is_said_and_what_was_meant)
{
	struct muk_scenario *s;
	struct muk_error error = {0};

	cr_assert_eq(muk_scenario_open(&s, "l95-t3-trapz", &error), MUK_ERR_INPUT);
	cr_assert(strstr(muk_scenario_diagnostics(s), "did you mean \"l95-t3-traps\"?"), "%s",
	          muk_scenario_diagnostics(s));
	muk_scenario_close(s);
	cr_assert_eq(muk_scenario_open(&s, "no/such.yaml", &error), MUK_ERR_IO);
	muk_scenario_close(s);
}

Test(run, a_trace_is_told_runs_and_metrics)
{
	struct muk_scenario *s = open_text(HEAD TWO);
	struct trace_writer *writer;
	struct muk_error error = {0};

	cr_assert_eq(trace_create(&writer, "scenario-run.db", TRACE_ALL, &error), MUK_OK, "%s", error.text);
	scenario_trace(s, writer);
	cr_assert_eq(muk_scenario_run(s, &error), MUK_OK, "%s", error.text);
	cr_assert_eq(trace_close(writer, &error), MUK_OK, "%s", error.text);
	FILE *pipe = popen("sqlite3 scenario-run.db 'select count(*) from run; select count(*) from metric'", "r");
	char rows[16] = "";
	cr_assert_gt(fread(rows, 1, sizeof(rows) - 1, pipe), 0);
	pclose(pipe);
	cr_assert_str_eq(rows, "2\n1\n");
	muk_scenario_close(s);
	remove("scenario-run.db");
}

Test(model, the_public_api_shows_constants_with_their_sources)
{
	struct muk_model *model;
	struct muk_constant constant;
	struct muk_error error = {0};
	bool found = false;

	cr_assert_eq(muk_model_open(&model, "i486dx-50", &error), MUK_OK);
	cr_assert_eq(muk_model_hertz(model), 50000000);
	for (unsigned n = 0; muk_model_constant(model, n, &constant); n++)
		if (!strcmp(constant.key, "int.inner")) {
			found = constant.cycles == 71 && !strcmp(constant.source, "L95") &&
			        !strcmp(constant.confidence, "paper");
		}
	cr_assert(found);
	muk_model_close(model);
	cr_assert_eq(muk_model_open(&model, "i486dx-51", &error), MUK_ERR_INPUT);
	cr_assert(strstr(muk_model_diagnostics(model), "did you mean"));
	muk_model_close(model);
}
