/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A scenario as the public API has it (include/mukroscope/scenario.h).
 *
 * Invariants
 *   1. checked: plan holds what root says; nothing may be set any more.
 *   2. ran: result has plan.runs entries, and every metric of the plan has its verdict.
 *   3. diagnostics grows only; what it says is what every error returned is about.
 */
#include "sim/scenario/scenario.h"
#include "sim/core/error.h"
#include "sim/scenario/names.h"
#include "sim/scenario/result.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

struct muk_scenario {
	struct yaml_node *root;
	struct diagnostics diagnostics;
	char *rendered;               /* the diagnostics, when somebody asked */
	char **model_set;             /* overrides of models, in order */
	unsigned model_sets;
	struct plan_placed *placed;   /* overrides of models that have a place */
	unsigned placed_count;
	cycle_t limit;
	struct trace_writer *trace;
	struct plan plan;
	bool checked, ran;
	char **resolved;              /* of each run */
	struct run_result *result;
	char digest[33];
};

static enum muk_err no_memory(struct muk_error *error)
{
	return error_set(error, MUK_ERR_NOMEM, "the host's memory is exhausted");
}

/* --- opening --- */

static bool is_path(const char *name)
{
	size_t size = strlen(name);

	return strchr(name, '/') || (size > 5 && !strcmp(name + size - 5, ".yaml"));
}

static void parse_embedded(struct muk_scenario *scenario, const char *name)
{
	enum { SCENARIOS = 256 };
	const char *names[SCENARIOS], *text;
	char file[80], hint[128] = "";
	size_t size;
	unsigned n = 0;

	for (; n < SCENARIOS && (names[n] = scenario_embedded(n, &text, &size)); n++)
		if (!strcmp(names[n], name)) {
			snprintf(file, sizeof(file), "%.64s.yaml", name);
			scenario->root = yaml_parse(file, text, size, &scenario->diagnostics);
			return;
		}
	const char *nearest = yaml_nearest(name, names, n);
	if (nearest)
		snprintf(hint, sizeof(hint), "did you mean \"%.64s\"?", nearest);
	else
		snprintf(hint, sizeof(hint),
		         "scenarios are listed by muk list; a file of yours is written with its .yaml");
	diagnose_file(&scenario->diagnostics, MUK_ERR_INPUT, "", hint, "expected a scenario, got \"%.64s\"", name);
}

enum muk_err muk_scenario_open(struct muk_scenario **out, const char *name, struct muk_error *error)
{
	struct muk_scenario *scenario = calloc(1, sizeof(*scenario));

	*out = scenario;
	if (!scenario)
		return no_memory(error);
	if (is_path(name))
		scenario->root = yaml_parse_file(name, &scenario->diagnostics);
	else
		parse_embedded(scenario, name);
	return scenario->root ? MUK_OK : diagnostics_error(&scenario->diagnostics, error);
}

void muk_scenario_close(struct muk_scenario *scenario)
{
	if (!scenario)
		return;
	for (unsigned n = 0; n < scenario->plan.runs; n++) {
		if (scenario->result)
			run_result_free(&scenario->result[n]);
		if (scenario->resolved)
			free(scenario->resolved[n]);
	}
	for (unsigned n = 0; n < scenario->model_sets; n++)
		free(scenario->model_set[n]);
	free(scenario->model_set);
	for (unsigned n = 0; n < scenario->placed_count; n++)
		free(scenario->placed[n].key);
	free(scenario->placed);
	free(scenario->resolved);
	free(scenario->result);
	free(scenario->rendered);
	plan_free(&scenario->plan);
	yaml_destroy(scenario->root);
	diagnostics_free(&scenario->diagnostics);
	free(scenario);
}

const char *muk_scenario_diagnostics(struct muk_scenario *scenario)
{
	free(scenario->rendered);
	scenario->rendered = diagnostics_render(&scenario->diagnostics);
	return scenario->rendered ? scenario->rendered : "";
}

/* --- overriding --- */

/* Whether a key is the scenario's own; everything else is of the models. disk is the scenario's, disk.rpm the model's. */
static bool is_own_key(const char *assignment)
{
	static const char *const keys[] = {"model", "kernel", "options", "modules", "programs", "expect", "limit", "title",
	                                   "source", "runs", "matrix", "metrics", "set", "name", "schema", "calibrates",
	                                   "parameters"};
	size_t size = strcspn(assignment, ".=");

	if (!strncmp(assignment, "disk=", 5) || !strcmp(assignment, "disk"))
		return true;

	for (unsigned n = 0; n < sizeof(keys) / sizeof(keys[0]); n++)
		if (strlen(keys[n]) == size && !memcmp(keys[n], assignment, size))
			return true;
	return false;
}

static enum muk_err remember_set(struct muk_scenario *scenario, const char *assignment, struct muk_error *error)
{
	char **more = realloc(scenario->model_set, (scenario->model_sets + 1) * sizeof(*more));

	if (!more)
		return no_memory(error);
	scenario->model_set = more;
	more[scenario->model_sets] = strdup(assignment);
	if (!more[scenario->model_sets])
		return no_memory(error);
	scenario->model_sets++;
	return MUK_OK;
}

enum muk_err muk_scenario_set(struct muk_scenario *scenario, const char *assignment, struct muk_error *error)
{
	if (scenario->checked)
		return error_set(error, MUK_ERR_INPUT, "%s comes too late: the scenario was checked or ran already",
		                 assignment);
	if (!scenario->root)
		return diagnostics_error(&scenario->diagnostics, error);
	if (!is_own_key(assignment))
		return remember_set(scenario, assignment, error);
	if (yaml_set(scenario->root, assignment, &scenario->diagnostics))
		return MUK_OK;
	return diagnostics_error(&scenario->diagnostics, error);
}

enum muk_err scenario_set_at(struct muk_scenario *scenario, const char *key, const struct yaml_node *value,
                             struct muk_error *error)
{
	muk_assert(!scenario->checked);
	if (!scenario->root)
		return diagnostics_error(&scenario->diagnostics, error);
	if (is_own_key(key)) {
		yaml_override(scenario->root, key, value, &scenario->diagnostics);
		return diagnostics_error(&scenario->diagnostics, error);
	}
	struct plan_placed *more = realloc(scenario->placed, (scenario->placed_count + 1) * sizeof(*more));
	if (!more)
		return no_memory(error);
	scenario->placed = more;
	more[scenario->placed_count] = (struct plan_placed){strdup(key), value};
	if (!more[scenario->placed_count].key)
		return no_memory(error);
	scenario->placed_count++;
	return MUK_OK;
}

void muk_scenario_limit(struct muk_scenario *scenario, uint64_t cycles)
{
	scenario->limit = cycles;
}

void scenario_trace(struct muk_scenario *scenario, struct trace_writer *writer)
{
	scenario->trace = writer;
}

/* --- checking --- */

/* The scenario and the model of a run as two YAML documents: what a trace keeps to tell what was run. */
static bool resolve(struct muk_scenario *scenario)
{
	struct plan *plan = &scenario->plan;
	char *text = yaml_print(scenario->root);

	scenario->resolved = calloc(plan->runs + 1, sizeof(*scenario->resolved));
	for (unsigned n = 0; text && scenario->resolved && n < plan->runs; n++) {
		size_t size = strlen(text) + strlen(plan->run[n].model_yaml) + 5;
		char *both = malloc(size);
		if (both)
			snprintf(both, size, "%s---\n%s", text, plan->run[n].model_yaml);
		scenario->resolved[n] = both;
	}
	free(text);
	return scenario->resolved && (!plan->runs || scenario->resolved[plan->runs - 1]);
}

enum muk_err muk_scenario_check(struct muk_scenario *scenario, struct muk_error *error)
{
	struct plan_overrides overrides = {scenario->model_set, scenario->model_sets, scenario->limit, scenario->placed,
	                                   scenario->placed_count};
	struct diagnostics *diagnostics = &scenario->diagnostics;

	if (scenario->root && !scenario->checked) {
		scenario->checked = true;
		bool good = plan_load(&scenario->plan, scenario->root, &overrides, diagnostics);
		if (good && !diagnostics->count && !resolve(scenario))
			return no_memory(error);
	}
	return diagnostics_error(diagnostics, error);
}

const char *scenario_resolved(const struct muk_scenario *scenario, unsigned n)
{
	return scenario->resolved && n < scenario->plan.runs ? scenario->resolved[n] : NULL;
}

enum muk_err scenario_check_value(const struct muk_scenario *scenario, const char *expression, struct muk_error *error)
{
	struct names names = {&scenario->plan, NULL};
	struct expression_error wrong;

	if (expression_check(expression, names_check, &names, &wrong))
		return MUK_OK;
	return error_at(error, MUK_ERR_INPUT, NULL, 1, (int)wrong.column, "%s", wrong.message);
}

bool scenario_has_metric(const struct muk_scenario *scenario, const char *id)
{
	for (unsigned n = 0; n < scenario->plan.metrics; n++)
		if (!strcmp(scenario->plan.metric[n].metric.id, id))
			return true;
	return false;
}

struct digest scenario_fingerprint(const struct muk_scenario *scenario)
{
	const struct plan *plan = &scenario->plan;
	XXH3_state_t *state = XXH3_createState();

	muk_assert(state);
	XXH3_128bits_reset(state);
	for (unsigned n = 0; n < plan->runs; n++)
		XXH3_128bits_update(state, scenario->resolved[n], strlen(scenario->resolved[n]) + 1);
	for (const struct plan_image *image = plan->image; image; image = image->next) {
		XXH3_128bits_update(state, image->key, strlen(image->key) + 1);
		XXH3_128bits_update(state, image->image.bytes, image->image.size);
	}
	for (const struct plan_disk *disk = plan->disk; disk; disk = disk->next) {
		XXH3_128bits_update(state, disk->key, strlen(disk->key) + 1);
		XXH3_128bits_update(state, disk->image.bytes, disk->image.size);
	}
	XXH128_hash_t hash = XXH3_128bits_digest(state);
	XXH3_freeState(state);
	return (struct digest){hash.low64, hash.high64};
}

/* --- running --- */

/* One run: its own digest. Several: the hash of their digests in order. */
static void sum_digests(struct muk_scenario *scenario)
{
	unsigned runs = scenario->plan.runs;
	struct digest digest = scenario->result[0].digest;

	if (runs > 1) {
		XXH3_state_t *state = XXH3_createState();
		muk_assert(state);
		XXH3_128bits_reset(state);
		for (unsigned n = 0; n < runs; n++)
			XXH3_128bits_update(state, &scenario->result[n].digest, sizeof(struct digest));
		XXH128_hash_t hash = XXH3_128bits_digest(state);
		XXH3_freeState(state);
		digest = (struct digest){hash.low64, hash.high64};
	}
	digest_print(&digest, scenario->digest);
}

static enum muk_err run_all(struct muk_scenario *scenario, struct muk_error *error)
{
	struct plan *plan = &scenario->plan;

	scenario->result = calloc(plan->runs, sizeof(*scenario->result));
	if (!scenario->result)
		return no_memory(error);
	for (unsigned n = 0; n < plan->runs; n++) {
		enum muk_err code = run_execute(&scenario->result[n], plan, &plan->run[n], scenario->trace,
		                                scenario->resolved[n], error);
		if (code)
			return code;
	}
	return MUK_OK;
}

/* The whole outcome to the trace. */
static enum muk_err tell_outcome(struct muk_scenario *scenario, struct muk_error *error)
{
	const struct plan *plan = &scenario->plan;
	struct trace_scenario whole = {plan->name,
	                               plan->title,
	                               plan->source,
	                               muk_scenario_status(scenario),
	                               muk_scenario_reason(scenario),
	                               scenario->digest,
	                               muk_scenario_cycles(scenario),
	                               muk_scenario_instructions(scenario)};
	enum muk_err code = trace_scenario(scenario->trace, &whole);

	for (unsigned n = 0; n < plan->metrics && !code; n++)
		code = trace_metric(scenario->trace, plan->name, &plan->metric[n].metric);
	return code ? error_set(error, code, "the trace cannot be written") : MUK_OK;
}

enum muk_err muk_scenario_run(struct muk_scenario *scenario, struct muk_error *error)
{
	enum muk_err code = muk_scenario_check(scenario, error);

	if (code)
		return code;
	if (scenario->result)
		return error_set(error, MUK_ERR_INPUT, "a scenario runs once: open it again");
	code = run_all(scenario, error);
	if (code)
		return code;
	scenario->ran = true;
	sum_digests(scenario);
	judge(&scenario->plan, scenario->result);
	return scenario->trace ? tell_outcome(scenario, error) : MUK_OK;
}

/* --- what came of it --- */

const char *muk_scenario_name(const struct muk_scenario *scenario)
{
	return scenario->plan.name;
}

const char *muk_scenario_title(const struct muk_scenario *scenario)
{
	return scenario->plan.title;
}

const char *muk_scenario_source(const struct muk_scenario *scenario)
{
	return scenario->plan.source;
}

/* The first run that did not end as it was to; NULL if all did. */
static const struct run_result *first_bad(const struct muk_scenario *scenario)
{
	for (unsigned n = 0; scenario->ran && n < scenario->plan.runs; n++)
		if (scenario->result[n].status != scenario->plan.run[n].expected)
			return &scenario->result[n];
	return NULL;
}

const char *muk_scenario_status(const struct muk_scenario *scenario)
{
	const struct run_result *bad = first_bad(scenario);

	if (bad && bad->status == MACHINE_OK)
		return "unexpected";
	return !scenario->ran ? "" : machine_status_name(bad ? bad->status : MACHINE_OK);
}

const char *muk_scenario_reason(const struct muk_scenario *scenario)
{
	const struct run_result *bad = first_bad(scenario);

	if (bad && bad->status == MACHINE_OK)
		return "a run ended well that was expected to end otherwise";
	return bad ? bad->reason : "";
}

int muk_scenario_exit(const struct muk_scenario *scenario)
{
	const struct run_result *bad = first_bad(scenario);

	if (bad)
		return bad->status == MACHINE_OK ? 1 : machine_status_exit(bad->status);
	for (unsigned n = 0; scenario->ran && n < scenario->plan.metrics; n++)
		if (!strcmp(scenario->plan.metric[n].metric.verdict, "outside"))
			return 1;
	return 0;
}

const char *muk_scenario_digest(const struct muk_scenario *scenario)
{
	return scenario->digest;
}

uint64_t muk_scenario_cycles(const struct muk_scenario *scenario)
{
	uint64_t sum = 0;

	for (unsigned n = 0; scenario->ran && n < scenario->plan.runs; n++)
		sum += scenario->result[n].reading.cycles;
	return sum;
}

uint64_t muk_scenario_instructions(const struct muk_scenario *scenario)
{
	uint64_t sum = 0;

	for (unsigned n = 0; scenario->ran && n < scenario->plan.runs; n++)
		sum += scenario->result[n].reading.instructions;
	return sum;
}

const char *muk_scenario_ledger(const struct muk_scenario *scenario, unsigned n, uint64_t *cycles)
{
	uint64_t sum = 0;

	if (n >= CAUSE_COUNT)
		return NULL;
	for (unsigned i = 0; scenario->ran && i < scenario->plan.runs; i++)
		sum += scenario->result[i].reading.cause[n];
	if (cycles)
		*cycles = sum;
	return ledger_cause_name((enum ledger_cause)n);
}

const struct metric *scenario_metric(const struct muk_scenario *scenario, unsigned n)
{
	return scenario->ran && n < scenario->plan.metrics ? &scenario->plan.metric[n].metric : NULL;
}

bool muk_scenario_metric(const struct muk_scenario *scenario, unsigned n, struct muk_metric *metric)
{
	const struct metric *found = scenario_metric(scenario, n);

	if (!found)
		return false;
	*metric = (struct muk_metric){
		.id = found->id, .name = found->name, .unit = found->unit, .source = found->source,
		.value = found->value, .has_paper = found->has_paper, .paper = found->paper,
		.paper_low = found->paper_low, .paper_high = found->paper_high,
		.deviation_pct = found->has_paper ? found->deviation_pct : NAN,
		.tolerance_pct = found->has_tolerance ? found->tolerance_pct : NAN,
		.verdict = found->verdict, .cause = found->cause,
	};
	return true;
}

enum muk_err muk_scenario_value(const struct muk_scenario *scenario, const char *expression, double *value,
                                struct muk_error *error)
{
	struct names names = {&scenario->plan, scenario->result};
	struct expression_error wrong;

	if (!scenario->ran)
		return error_set(error, MUK_ERR_INPUT, "the scenario has not run");
	if (expression_evaluate(expression, names_value, &names, value, &wrong))
		return MUK_OK;
	return error_at(error, MUK_ERR_INPUT, NULL, 1, (int)wrong.column, "%s", wrong.message);
}

const char *muk_scenario_run_name(const struct muk_scenario *scenario, unsigned n)
{
	return n < scenario->plan.runs ? scenario->plan.run[n].name : NULL;
}

const char *muk_scenario_console(const struct muk_scenario *scenario, unsigned n)
{
	return scenario->ran && n < scenario->plan.runs ? scenario->result[n].console : "";
}

bool scenario_run_end(const struct muk_scenario *scenario, unsigned n, const char **status, const char **reason)
{
	if (!scenario->ran || n >= scenario->plan.runs)
		return false;
	*status = machine_status_name(scenario->result[n].status);
	*reason = scenario->result[n].reason;
	return true;
}

static void each_part(const struct muk_scenario *scenario, enum part_kind kind,
                      void (*visit)(void *ctx, const char *name, uint64_t cycles), void *ctx)
{
	for (unsigned n = 0; scenario->ran && n < scenario->plan.runs; n++) {
		const struct run_parts *parts = &scenario->result[n].part[kind];

		for (unsigned p = 0; p < parts->count; p++) {
			uint64_t cycles = 0;

			for (unsigned cause = 0; cause < CAUSE_COUNT; cause++)
				cycles += parts->part[p].cause[cause];
			if (parts->part[p].named)
				visit(ctx, parts->part[p].name, cycles);
		}
	}
}

void scenario_each_task(const struct muk_scenario *scenario, void (*visit)(void *ctx, const char *name, uint64_t cycles),
                        void *ctx)
{
	each_part(scenario, PART_TASK, visit, ctx);
}

void scenario_each_thread(const struct muk_scenario *scenario, void (*visit)(void *ctx, const char *name, uint64_t cycles),
                          void *ctx)
{
	each_part(scenario, PART_THREAD, visit, ctx);
}
