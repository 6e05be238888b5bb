/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The runs of a plan.
 *
 *   neither runs: nor matrix:   one run, "main"
 *   runs: [{name, and any of model, kernel, options, modules, programs, disk, expect, set, limit}]
 *                                   what a run says wins over the scenario
 *   matrix: {a: [1, 2], b: [x, y]}    a run "a=1,b=x", ..., with ${a} and ${b} replaced; the last varies fastest
 *
 * All three make the same thing: for each run a tree of the keys above, from which load_run makes the run.  A model is
 * laid together in the order: its file, the scenario's set:, the run's set:, --set.
 */
#include "sim/scenario/names.h"
#include "sim/scenario/plan.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const cycle_t LIMIT_DEFAULT = 10000000000;

/* The keys that a run may have, all of which a scenario may have too. */
static const char *const run_keys[] = {"model", "kernel", "options", "modules", "programs",
                                       "disk", "expect", "set", "limit"};
enum { RUN_KEYS = sizeof(run_keys) / sizeof(run_keys[0]) };

struct loading {
	struct plan *plan;
	const struct plan_overrides *overrides;
	struct diagnostics *diagnostics;
};

/* --- the model of a run --- */

/* Lays a set: over a model. {cache.enabled: true} and {cache: {enabled: true}} are the same. */
static void override_below(struct yaml_node *model, struct yaml_node *set, const char *prefix,
                           struct diagnostics *diagnostics)
{
	char path[2 * YAML_KEY_MAX + 2];

	for (struct yaml_node *child = set->first; child; child = child->next) {
		child->used = true;
		snprintf(path, sizeof(path), "%s%s%s", prefix, prefix[0] ? "." : "", child->key);
		if (child->bad)
			continue;
		if (child->kind == YAML_MAPPING && strlen(path) <= YAML_KEY_MAX)
			override_below(model, child, path, diagnostics);
		else if (yaml_is(child, YAML_SCALAR, diagnostics))
			yaml_override(model, path, child, diagnostics);
	}
}

static struct yaml_node *open_model(struct loading *loading, struct yaml_node *tree)
{
	char name[PLAN_TEXT];
	struct yaml_node *model = NULL;

	if (yaml_string(tree, "model", true, sizeof(name), name, loading->diagnostics)) {
		const struct yaml_node *at = yaml_find(tree, "model");
		model = model_open(name, at->file, at, loading->diagnostics);
	}
	return model;
}

static void load_model(struct loading *loading, struct plan_run *run, struct yaml_node *tree)
{
	struct yaml_node *model = open_model(loading, tree);

	if (!model)
		return;
	for (struct yaml_node *set = tree->first; set; set = set->next)
		if (!strcmp(set->key, "set") && yaml_is(set, YAML_MAPPING, loading->diagnostics))
			override_below(model, set, "", loading->diagnostics);
	for (unsigned n = 0; n < loading->overrides->model_sets; n++)
		yaml_set(model, loading->overrides->model_set[n], loading->diagnostics);
	for (unsigned n = 0; n < loading->overrides->placed_count; n++)
		yaml_override(model, loading->overrides->placed[n].key, loading->overrides->placed[n].value,
		              loading->diagnostics);
	run->model = calloc(1, sizeof(*run->model));
	if (run->model && !model_load(run->model, model, loading->diagnostics)) {
		free(run->model);
		run->model = NULL;
	}
	run->model_yaml = yaml_print(model);
	if (!run->model_yaml)
		diagnose(loading->diagnostics, NULL, NULL, "the host's memory is exhausted");
	yaml_destroy(model);
}

/* --- the rest of a run --- */

static void load_kernel(struct loading *loading, struct plan_run *run, struct yaml_node *tree)
{
	char name[PLAN_TEXT];

	if (yaml_string(tree, "kernel", true, sizeof(name), name, loading->diagnostics))
		run->kernel = plan_image(loading->plan, name, run->model, yaml_find(tree, "kernel"), loading->diagnostics);
	yaml_string(tree, "options", false, sizeof(run->options), run->options, loading->diagnostics);
}

/* "path/rpc.elf count=10" is the image path/rpc.elf, and the command line "rpc count=10". */
static void load_module(struct loading *loading, struct plan_run *run, struct yaml_node *node)
{
	char text[PLAN_TEXT], name[PLAN_TEXT];
	unsigned n = run->modules;

	if (!yaml_node_string(node, sizeof(text), text, loading->diagnostics))
		return;
	if (n == MACHINE_MODULES) {
		diagnose(loading->diagnostics, node, NULL, "expected at most %d modules", MACHINE_MODULES);
		return;
	}
	size_t size = strcspn(text, " ");
	snprintf(name, sizeof(name), "%.*s", (int)size, text);
	const struct image *image = plan_image(loading->plan, name, run->model, node, loading->diagnostics);
	if (!image)
		return;
	const char *slash = strrchr(name, '/');
	char *base = slash ? name + (slash + 1 - name) : name;
	size_t length = strlen(base);
	if (length > 4 && !strcmp(base + length - 4, ".elf"))
		base[length - 4] = '\0';
	run->module[n].image = image;
	snprintf(run->module[n].command_line, PLAN_TEXT, "%s%s", base, text + size);
	run->modules++;
}

static void load_modules(struct loading *loading, struct plan_run *run, struct yaml_node *tree)
{
	struct yaml_node *list = yaml_get(tree, "modules", YAML_SEQUENCE, false, loading->diagnostics);

	for (struct yaml_node *node = list ? list->first : NULL; node; node = node->next)
		load_module(loading, run, node);
}

/* The model's disk with an image in it; a scenario without the key runs on a machine without the disk. */
static void load_disk(struct loading *loading, struct plan_run *run, struct yaml_node *tree)
{
	char name[PLAN_TEXT];
	struct yaml_node *node = yaml_find(tree, "disk");

	if (!yaml_string(tree, "disk", false, sizeof(name), name, loading->diagnostics))
		return;
	run->disk = plan_disk(loading->plan, name, run->model, node, loading->diagnostics);
	if (!run->disk || !run->model)
		return;
	uint64_t room = (uint64_t)disk_model_sectors(&run->model->disk) * DISK_SECTOR;
	if (!run->model->disk.present)
		diagnose(loading->diagnostics, node, NULL, "expected no disk: the model %s has none", run->model->name);
	else if (run->disk->image.size > room)
		diagnose(loading->diagnostics, node, NULL, "expected an image of at most the model's disk, %llu bytes, got %llu",
		         (unsigned long long)room, (unsigned long long)run->disk->image.size);
}

/* Programs that the guest loads by itself. */
static void load_programs(struct loading *loading, struct plan_run *run, struct yaml_node *tree)
{
	struct yaml_node *list = yaml_get(tree, "programs", YAML_SEQUENCE, false, loading->diagnostics);
	char name[PLAN_TEXT];

	for (struct yaml_node *node = list ? list->first : NULL; node; node = node->next) {
		if (!yaml_node_string(node, sizeof(name), name, loading->diagnostics))
			continue;
		if (run->programs == MACHINE_PROGRAMS) {
			diagnose(loading->diagnostics, node, NULL, "expected at most %d programs", MACHINE_PROGRAMS);
			continue;
		}
		const struct image *image = plan_image(loading->plan, name, run->model, node, loading->diagnostics);
		if (image)
			run->program[run->programs++] = image;
	}
}

/* How the run is to end: a status's name, blanks as _. */
static void load_expected(struct loading *loading, struct plan_run *run, struct yaml_node *tree)
{
	const char *words[MACHINE_STATUS_COUNT - 1];
	unsigned word = 0;

	for (unsigned n = 0; n < MACHINE_STATUS_COUNT - 1; n++)
		words[n] = names_status((enum machine_status)(n + 1));
	yaml_word(tree, "expect", false, words, MACHINE_STATUS_COUNT - 1, &word, loading->diagnostics);
	run->expected = (enum machine_status)(word + 1);
}

/* A limit in time is counted by the run's own clock. */
static void load_limit(struct loading *loading, struct plan_run *run, struct yaml_node *tree)
{
	uint64_t limit = LIMIT_DEFAULT;

	yaml_quantity(tree, "limit", false, UNIT_CYCLES, run->model ? run->model->hertz : 1000000000, 1,
	              1000000000000000, &limit, loading->diagnostics);
	run->limit = loading->overrides->limit ? loading->overrides->limit : limit;
}

/* Makes one run of a tree of its keys; consumes the tree. */
static void load_run(struct loading *loading, const char *name, struct yaml_node *tree)
{
	struct plan *plan = loading->plan;

	if (plan->runs == PLAN_RUNS_MAX) {
		yaml_destroy(tree);
		return;
	}
	struct plan_run *run = &plan->run[plan->runs++];
	snprintf(run->name, sizeof(run->name), "%s", name);
	load_model(loading, run, tree);
	load_kernel(loading, run, tree);
	load_modules(loading, run, tree);
	load_programs(loading, run, tree);
	load_expected(loading, run, tree);
	load_disk(loading, run, tree);
	load_limit(loading, run, tree);
	yaml_destroy(tree);
}

/* --- the tree of a run --- */

/*
 * The children of from that a run may have, copied to the tree; what the tree has already is replaced, but not if --set
 * gave it for the whole scenario, and set: is kept of both.  A copy's parent is the original's, so that messages say
 * where it was written.
 */
static bool copy_keys(struct yaml_node *tree, struct yaml_node *from)
{
	for (const struct yaml_node *child = from->first; child; child = child->next) {
		bool known = false;

		for (unsigned n = 0; n < RUN_KEYS; n++)
			known |= !strcmp(child->key, run_keys[n]);
		const struct yaml_node *there = yaml_find(tree, child->key);
		if (!known || (there && there->overridden && !child->overridden && strcmp(child->key, "set")))
			continue;
		struct yaml_node *copy = yaml_copy(child);
		if (!copy)
			return false;
		if (!strcmp(child->key, "set"))
			yaml_adopt_also(tree, copy);
		else
			yaml_adopt(tree, copy);
		copy->parent = from;
	}
	return true;
}

/* The tree of a run: what the scenario says, then what the run says (NULL: nothing). NULL: out of memory. */
static struct yaml_node *tree_of_run(struct loading *loading, struct yaml_node *root, struct yaml_node *own)
{
	struct yaml_node *tree = yaml_empty(own ? own : root);

	if (tree && own)
		tree->parent = own->parent;

	if (tree && copy_keys(tree, root) && (!own || copy_keys(tree, own)))
		return tree;
	yaml_destroy(tree);
	diagnose(loading->diagnostics, NULL, NULL, "the host's memory is exhausted");
	return NULL;
}

/* --- the three ways --- */

static void load_single(struct loading *loading, struct yaml_node *root)
{
	const struct plan_variables none = {.count = 0};
	struct yaml_node *tree = tree_of_run(loading, root, NULL);

	if (tree && substitute(tree, &none, loading->diagnostics))
		load_run(loading, "main", tree);
	else
		yaml_destroy(tree);
}

/* A run's name is a word: letters, digits, _ and -. */
static bool load_name(struct loading *loading, struct yaml_node *own, char name[static PLAN_NAME])
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

	if (!yaml_string(own, "name", true, PLAN_NAME, name, loading->diagnostics))
		return false;
	if (strspn(name, letters) != strlen(name)) {
		diagnose(loading->diagnostics, yaml_find(own, "name"), NULL,
		         "expected letters, digits, _ and -, got \"%.48s\"", name);
		return false;
	}
	if (plan_run_named(loading->plan, name)) {
		diagnose(loading->diagnostics, yaml_find(own, "name"), NULL,
		         "expected another name than every other run's");
		return false;
	}
	return true;
}

static void load_listed(struct loading *loading, struct yaml_node *root, struct yaml_node *list)
{
	const struct plan_variables none = {.count = 0};
	char name[PLAN_NAME];
	unsigned n = 0;

	for (struct yaml_node *own = list->first; own; own = own->next, n++) {
		if (n == PLAN_RUNS_MAX) {
			diagnose(loading->diagnostics, own, NULL, "expected at most %d runs", PLAN_RUNS_MAX);
			yaml_use(list);
			return;
		}
		if (!yaml_is(own, YAML_MAPPING, loading->diagnostics))
			continue;
		for (unsigned key = 0; key < RUN_KEYS; key++) {
			struct yaml_node *child = yaml_find(own, run_keys[key]);
			if (child)
				yaml_use(child);
		}
		struct yaml_node *tree = tree_of_run(loading, root, own);
		if (tree && substitute(tree, &none, loading->diagnostics) && load_name(loading, own, name))
			load_run(loading, name, tree);
		else
			yaml_destroy(tree);
	}
	if (!list->first)
		diagnose(loading->diagnostics, list, NULL, "expected at least one run, got an empty list");
}

/* "a=1,b=x"; false if it is too long. */
static bool name_combination(const struct plan_variables *variables, char name[static PLAN_NAME])
{
	size_t used = 0;

	for (unsigned n = 0; n < variables->count && used < PLAN_NAME; n++)
		used += (size_t)snprintf(name + used, PLAN_NAME - used, "%s%s=%s", n ? "," : "",
		                         variables->entry[n].name, variables->entry[n].value->text);
	return used < PLAN_NAME;
}

static unsigned combinations(const struct plan_variables *variables)
{
	unsigned total = 1;

	for (unsigned n = 0; n < variables->count && total <= PLAN_RUNS_MAX; n++) {
		unsigned values = 0;
		for (const struct yaml_node *value = variables->entry[n].values->first; value; value = value->next)
			values++;
		total *= values;
	}
	return total;
}

static void load_matrix(struct loading *loading, struct yaml_node *root, struct yaml_node *matrix)
{
	struct plan_variables variables;
	char name[PLAN_NAME];

	if (!variables_load(&variables, matrix, loading->diagnostics))
		return;
	if (combinations(&variables) > PLAN_RUNS_MAX) {
		diagnose(loading->diagnostics, matrix, NULL, "expected at most %d runs", PLAN_RUNS_MAX);
		return;
	}
	do {
		struct yaml_node *tree = tree_of_run(loading, root, NULL);

		if (!tree || !substitute(tree, &variables, loading->diagnostics)) {
			yaml_destroy(tree);
			return;
		}
		if (!name_combination(&variables, name))
			diagnose(loading->diagnostics, matrix, NULL,
			         "expected variables that make a name of at most 127 bytes");
		else if (plan_run_named(loading->plan, name))
			diagnose(loading->diagnostics, matrix, NULL, "expected different values, got \"%s\" twice",
			         name);
		else {
			load_run(loading, name, tree);
			continue;
		}
		yaml_destroy(tree);
	} while (variables_next(&variables));
}

void runs_load(struct plan *plan, struct yaml_node *root, const struct plan_overrides *overrides,
               struct diagnostics *diagnostics)
{
	struct loading loading = {plan, overrides, diagnostics};
	struct yaml_node *list = yaml_get(root, "runs", YAML_SEQUENCE, false, diagnostics);
	struct yaml_node *matrix = yaml_get(root, "matrix", YAML_MAPPING, false, diagnostics);

	plan->run = calloc(PLAN_RUNS_MAX, sizeof(*plan->run));
	if (!plan->run) {
		diagnose(diagnostics, NULL, NULL, "the host's memory is exhausted");
		return;
	}
	for (unsigned key = 0; key < RUN_KEYS; key++) {
		struct yaml_node *child = yaml_find(root, run_keys[key]);
		if (child)
			yaml_use(child);
	}
	if (list && matrix) {
		diagnose_key(diagnostics, root, "matrix", NULL, "expected either runs or matrix, got both");
		yaml_use(list);
		yaml_use(matrix);
	} else if (list) {
		load_listed(&loading, root, list);
	} else if (matrix) {
		yaml_use(matrix);
		load_matrix(&loading, root, matrix);
	} else if (!yaml_find(root, "runs") && !yaml_find(root, "matrix")) {
		load_single(&loading, root);
	}
}
