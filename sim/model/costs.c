/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The constants of a model.
 *
 *   key: {cycles: N, source: KEY, confidence: WORD}
 *   key: absent          the processor has no such thing: nothing ever charges it
 *   key: N               only by --set and set: the source is the user
 */
#include "sim/model/costs.h"
#include <stdio.h>
#include <string.h>

enum { CYCLES_MAX = 1000000 };

/* "i486dx-50.yaml:12"; only "--set" for what has no file. */
static void note_place(struct model_origin *origin, const struct yaml_node *node)
{
	if (!strcmp(node->origin, "--set"))
		snprintf(origin->place, sizeof(origin->place), "--set");
	else
		snprintf(origin->place, sizeof(origin->place), "%.80s:%d", node->origin, node->line);
}

/* N or absent. A number in a model's file, where a source belongs, is refused. */
static void load_short(struct model *model, unsigned cost, struct yaml_node *node, struct diagnostics *diagnostics)
{
	struct model_origin *origin = &model->cost_origin[cost];
	uint64_t cycles = 0;

	node->used = true;
	if (node->bad)
		return;
	if (!node->quoted && !strcmp(node->text, "absent")) {
		snprintf(origin->source, sizeof(origin->source), "absent");
	} else if (!node->overridden) {
		diagnose(diagnostics, node, "only --set and a scenario's set: give a number without its source",
		         "expected {cycles: N, source: KEY, confidence: WORD} or absent");
	} else if (yaml_node_uint(node, 0, CYCLES_MAX, &cycles, diagnostics)) {
		snprintf(origin->source, sizeof(origin->source), "user");
	}
	model->cost[cost] = (uint32_t)cycles;
	origin->confidence = CONFIDENCE_MEMORY;
}

static void load_long(struct model *model, unsigned cost, struct yaml_node *node, struct diagnostics *diagnostics)
{
	static const char *const words[] = {
#define X(name, word) word,
		MODEL_CONFIDENCES(X)
#undef X
	};
	struct model_origin *origin = &model->cost_origin[cost];
	uint64_t cycles = 0;
	unsigned confidence = 0;

	yaml_uint(node, "cycles", true, 0, CYCLES_MAX, &cycles, diagnostics);
	yaml_string(node, "source", true, sizeof(origin->source), origin->source, diagnostics);
	yaml_word(node, "confidence", true, words, CONFIDENCE_COUNT, &confidence, diagnostics);
	model->cost[cost] = (uint32_t)cycles;
	origin->confidence = (enum model_confidence)confidence;
}

void costs_load(struct model *model, struct yaml_node *root, struct diagnostics *diagnostics)
{
	struct yaml_node *costs = yaml_get(root, "costs", YAML_MAPPING, true, diagnostics);

	for (unsigned cost = 0; costs && cost < model_costs(model->arch); cost++) {
		const char *key = model_cost_key(model->arch, cost);
		struct yaml_node *node = yaml_find(costs, key);

		if (!node) {
			diagnose_key(diagnostics, costs, key, NULL,
			             "expected the cycles of: %s; got nothing: the key is missing",
			             model_cost_what(model->arch, cost));
			continue;
		}
		note_place(&model->cost_origin[cost], node);
		if (node->kind == YAML_MAPPING)
			load_long(model, cost, node, diagnostics);
		else if (yaml_is(node, YAML_SCALAR, diagnostics))
			load_short(model, cost, node, diagnostics);
	}
}

const struct yaml_node *costs_node(const struct model *model, struct yaml_node *root, unsigned cost)
{
	struct yaml_node *costs = yaml_find(root, "costs");

	return costs && costs->kind == YAML_MAPPING ? yaml_find(costs, model_cost_key(model->arch, cost)) : NULL;
}
