/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One configuration: the scenario with its overrides, looked at or run.
 *
 * Overrides are given with their places in the plan's file, so that what is wrong with a value is said where it stands.
 */
#include "sim/sweep/sweep.h"
#include "sim/core/error.h"
#include "sim/core/journal.h"
#include "sim/scenario/expression.h"
#include "sim/scenario/scenario.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

/* --- overrides --- */

static void set_below(struct muk_scenario *scenario, const struct yaml_node *set, const char *prefix)
{
	char path[2 * YAML_KEY_MAX + 2];
	struct muk_error error;

	for (const struct yaml_node *child = set->first; child; child = child->next) {
		snprintf(path, sizeof(path), "%s%s%s", prefix, prefix[0] ? "." : "", child->key);
		if (child->kind == YAML_MAPPING && strlen(path) <= YAML_KEY_MAX)
			set_below(scenario, child, path);
		else
			scenario_set_at(scenario, path, child, &error); /* muk_scenario_check says what was wrong */
	}
}

static void set_all(struct muk_scenario *scenario, const struct sweep_plan *plan,
                    const struct sweep_configuration *configuration)
{
	struct muk_error error;

	if (plan->set)
		set_below(scenario, plan->set, "");
	for (unsigned n = 0; n < plan->axes; n++) {
		if (configuration->value[n] == SWEEP_ANY)
			continue;
		const struct yaml_node *value = plan->axis[n].value[configuration->value[n]];
		if (value->kind == YAML_MAPPING)
			set_below(scenario, value, "");
		else
			scenario_set_at(scenario, plan->axis[n].key, value, &error);
	}
	for (unsigned n = 0; n < plan->alsos && !configuration->own; n++)
		if (sweep_place_agrees(plan->also[n].value, configuration->value))
			set_below(scenario, plan->also[n].set, "");
	if (configuration->own)
		set_below(scenario, configuration->own, "");
}

/* *scenario is to be closed whatever is returned. */
static enum muk_err prepare(struct muk_scenario **scenario, const struct sweep_plan *plan, unsigned n,
                            struct muk_error *error)
{
	enum muk_err code = muk_scenario_open(scenario, plan->path, error);

	if (code)
		return code;
	set_all(*scenario, plan, &plan->configuration[n]);
	return muk_scenario_check(*scenario, error);
}

/* The operation's expression for a field. False if it is too long. */
static bool expression_of(const struct sweep_plan *plan, unsigned field, char text[static EXPRESSION_MAX])
{
	static const char open[] = "${field}";
	size_t used = 0;

	for (const char *at = plan->operation.value->text; *at && used < EXPRESSION_MAX;) {
		const char *next = strstr(at, open);
		int length = next ? (int)(next - at) : (int)strlen(at);

		used += (size_t)snprintf(text + used, EXPRESSION_MAX - used, "%.*s%s", length, at,
		                         next ? sweep_field_name(field) : "");
		at = next ? next + sizeof(open) - 1 : at + length;
	}
	return used < EXPRESSION_MAX;
}

/* --- looking --- */

struct checking {
	struct sweep_plan *plan;
	void (*say)(void *ctx, const char *text);
	void *ctx;
	struct diagnostics diagnostics;       /* about the plan itself */
	XXH64_hash_t said[64];                /* what was said already */
	unsigned count;
	XXH3_state_t *identity;
};

static void say_once(struct checking *checking, const char *text)
{
	enum { MOST = sizeof(checking->said) / sizeof(checking->said[0]) };
	XXH64_hash_t hash = XXH3_64bits(text, strlen(text));

	for (unsigned n = 0; n < checking->count && n < MOST; n++)
		if (checking->said[n] == hash)
			return;
	if (checking->count < MOST)
		checking->said[checking->count] = hash;
	checking->count++;
	if (checking->count <= MOST)
		checking->say(checking->ctx, text);
}

static void check_operation(struct checking *checking, const struct muk_scenario *scenario)
{
	const struct yaml_node *value = checking->plan->operation.value;
	char text[EXPRESSION_MAX];
	struct muk_error error = {0};

	if (!value)
		return;
	if (!expression_of(checking->plan, SWEEP_CYCLES, text))
		diagnose(&checking->diagnostics, value, NULL, "expected an expression of at most %d bytes", EXPRESSION_MAX - 1);
	else if (scenario_check_value(scenario, text, &error) != MUK_OK)
		diagnose(&checking->diagnostics, value, NULL, "with cycles for ${field}: %s", error.text);
}

static void check_metrics(struct checking *checking, const struct muk_scenario *scenario)
{
	const struct sweep_plan *plan = checking->plan;

	for (unsigned n = 0; n < plan->metrics; n++)
		if (!scenario_has_metric(scenario, plan->metric[n]))
			diagnose(&checking->diagnostics, plan->metric_at[n], NULL,
			         "expected the id of a metric of the scenario, got \"%.64s\"", plan->metric[n]);
}

static void check_one(struct checking *checking, unsigned n)
{
	struct muk_scenario *scenario = NULL;
	struct muk_error error = {0};

	if (prepare(&scenario, checking->plan, n, &error) != MUK_OK) {
		const char *text = scenario ? muk_scenario_diagnostics(scenario) : "";
		say_once(checking, *text ? text : error.text);
	} else {
		struct digest *digest = &checking->plan->configuration[n].fingerprint;
		*digest = scenario_fingerprint(scenario);
		XXH3_128bits_update(checking->identity, digest, sizeof(*digest));
		if (!checking->diagnostics.count) {
			check_operation(checking, scenario);
			check_metrics(checking, scenario);
		}
	}
	muk_scenario_close(scenario);
}

/* What the results depend on beside the configurations: the plan's own text, and the form of results. */
static void begin_identity(struct checking *checking)
{
	char *text = yaml_print(checking->plan->root);
	uint32_t form = sizeof(struct sweep_result) << 16 ^ sizeof(struct sweep_metric);

	XXH3_128bits_reset(checking->identity);
	if (text)
		XXH3_128bits_update(checking->identity, text, strlen(text));
	XXH3_128bits_update(checking->identity, &form, sizeof(form));
	free(text);
}

static void end_checking(struct checking *checking)
{
	XXH128_hash_t hash = XXH3_128bits_digest(checking->identity);
	struct digest digest = {hash.low64, hash.high64};

	digest_print(&digest, checking->plan->identity);
	XXH3_freeState(checking->identity);
	if (checking->diagnostics.count) {
		char *text = diagnostics_render(&checking->diagnostics);
		say_once(checking, text ? text : "muk: error: no memory to say what is wrong\n");
		free(text);
	}
	diagnostics_free(&checking->diagnostics);
}

enum muk_err sweep_plan_check(struct sweep_plan *plan, void (*say)(void *ctx, const char *text), void *ctx,
                              struct muk_error *error)
{
	struct checking *checking = calloc(1, sizeof(*checking));
	enum muk_err code = MUK_OK;

	if (!checking || !(checking->identity = XXH3_createState())) {
		free(checking);
		return error_set(error, MUK_ERR_NOMEM, "the host's memory is exhausted");
	}
	checking->plan = plan;
	checking->say = say;
	checking->ctx = ctx;
	diagnostics_init(&checking->diagnostics);
	begin_identity(checking);
	for (unsigned n = 0; n < plan->configurations; n++)
		check_one(checking, n);
	end_checking(checking);
	if (checking->count)
		code = error_set(error, MUK_ERR_INPUT, "the plan is wrong");
	free(checking);
	return code;
}

/* --- running --- */

static void take_fields(struct sweep_result *result, const struct sweep_plan *plan, const struct muk_scenario *scenario)
{
	char text[EXPRESSION_MAX];
	struct muk_error error;

	for (unsigned n = 0; n < SWEEP_FIELD_COUNT; n++) {
		result->field[n] = NAN;
		if (!plan->operation.value || !expression_of(plan, n, text) ||
		    muk_scenario_value(scenario, text, &result->field[n], &error) != MUK_OK)
			result->field[n] = NAN;
	}
}

static bool is_kept(const struct sweep_plan *plan, const char *id)
{
	for (unsigned n = 0; n < plan->metrics; n++)
		if (!strcmp(plan->metric[n], id))
			return true;
	return plan->metrics == 0;
}

static bool take_metrics(struct sweep_result *result, const struct sweep_plan *plan,
                         const struct muk_scenario *scenario)
{
	struct muk_metric metric;
	unsigned total = 0;

	while (muk_scenario_metric(scenario, total, &metric))
		total++;
	result->metric = calloc(total + 1, sizeof(*result->metric));
	for (unsigned n = 0; result->metric && n < total; n++) {
		struct sweep_metric *kept = &result->metric[result->metrics];

		muk_scenario_metric(scenario, n, &metric);
		if (!is_kept(plan, metric.id))
			continue;
		snprintf(kept->id, sizeof(kept->id), "%s", metric.id);
		snprintf(kept->name, sizeof(kept->name), "%s", metric.name);
		snprintf(kept->unit, sizeof(kept->unit), "%s", metric.unit);
		snprintf(kept->verdict, sizeof(kept->verdict), "%s", metric.verdict);
		kept->value = metric.value;
		result->metrics++;
	}
	return result->metric != NULL;
}

static void take_result(struct sweep_result *result, const struct sweep_plan *plan, const struct muk_scenario *scenario)
{
	result->exit = muk_scenario_exit(scenario);
	snprintf(result->status, sizeof(result->status), "%s", muk_scenario_status(scenario));
	snprintf(result->reason, sizeof(result->reason), "%s", muk_scenario_reason(scenario));
	snprintf(result->digest, sizeof(result->digest), "%s", muk_scenario_digest(scenario));
	result->cycles = muk_scenario_cycles(scenario);
	result->instructions = muk_scenario_instructions(scenario);
	for (unsigned n = 0; n < CAUSE_COUNT; n++)
		muk_scenario_ledger(scenario, n, &result->ledger[n]);
	take_fields(result, plan, scenario);
}

/* The host's error as a result: its class decides the exit status, as anywhere. */
static void take_error(struct sweep_result *result, const struct muk_error *error)
{
	enum { USAGE = 2, GUEST = 3, LIMIT = 4, DEFECT = 70 };

	result->exit = error->code == MUK_ERR_UNSUPPORTED ? GUEST : error->code == MUK_ERR_NOMEM ? LIMIT
	             : error->code == MUK_ERR_DEFECT ? DEFECT : USAGE;
	strcpy(result->status, "error");
	snprintf(result->reason, sizeof(result->reason), "%.*s", (int)sizeof(result->reason) - 1, error->text);
	for (unsigned n = 0; n < SWEEP_FIELD_COUNT; n++)
		result->field[n] = NAN;
}

/* Files can change while a sweep goes on: what is run is what was checked, or nothing. */
static enum muk_err check_fingerprint(const struct muk_scenario *scenario,
                                      const struct sweep_configuration *configuration, struct muk_error *error)
{
	const struct digest now = scenario_fingerprint(scenario), *then = &configuration->fingerprint;

	if (!memcmp(&now, then, sizeof(now)))
		return MUK_OK;
	return error_set(error, MUK_ERR_INPUT, "the scenario, a model or an image was changed while the sweep went on");
}

void sweep_run_one(const struct sweep_plan *plan, unsigned configuration, struct sweep_result *result)
{
	struct muk_scenario *scenario = NULL;
	struct muk_error error = {0};

	memset(result, 0, sizeof(*result));
	result->configuration = configuration;
	enum muk_err code = prepare(&scenario, plan, configuration, &error);
	if (!code)
		code = check_fingerprint(scenario, &plan->configuration[configuration], &error);
	if (!code)
		code = muk_scenario_run(scenario, &error);
	if (!code)
		take_result(result, plan, scenario);
	if (!code && !take_metrics(result, plan, scenario))
		code = error_set(&error, MUK_ERR_NOMEM, "the host's memory is exhausted");
	if (code)
		take_error(result, &error);
	muk_scenario_close(scenario);
}
