// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * muk check: reads scenarios and models as muk run would, and says all that is
 * wrong with them; runs nothing.
 *
 * What a file is shows in its keys: a plan of a sweep has a scenario, a scenario has metrics or a kernel.
 */
#include <stdlib.h>
#include <string.h>
#include "sim/cli/cli.h"
#include "sim/model/load.h"
#include "sim/scenario/plan.h"
#include "sim/sweep/sweep.h"

static const struct option_entry options[] = {{0}};

static bool is_scenario(struct yaml_node *root)
{
	return yaml_find(root, "metrics") || yaml_find(root, "kernel") || yaml_find(root, "runs") ||
	       yaml_find(root, "matrix");
}

static void check_scenario(struct yaml_node *root, struct diagnostics *diagnostics)
{
	struct plan plan;
	plan_load(&plan, root, &(struct plan_overrides){0}, diagnostics);
	plan_free(&plan);
}

/* Consumes the tree. What its configurations are is for muk sweep to say. */
static void check_plan(struct yaml_node *root, struct diagnostics *diagnostics)
{
	struct sweep_plan plan;
	sweep_plan_load(&plan, root, diagnostics);
	sweep_plan_free(&plan);
}

/* Consumes the tree, as model_resolve does. */
static void check_model(struct yaml_node *root, struct diagnostics *diagnostics)
{
	struct model model;
	struct yaml_node *whole = model_resolve(root, diagnostics);
	if (whole)
		model_load(&model, whole, diagnostics);
	yaml_destroy(whole);
}

/* Says "FILE: a scenario, fine", or what is wrong; returns whether all is well. */
static bool check_file(const char *path)
{
	static struct diagnostics diagnostics; /* large, and one thread checks */
	diagnostics_init(&diagnostics);
	struct yaml_node *root = yaml_parse_file(path, &diagnostics);
	const char *what = "a model";
	if (root && sweep_is_plan(root)) {
		what = "a plan";
		check_plan(root, &diagnostics);
	} else if (root && is_scenario(root)) {
		what = "a scenario";
		check_scenario(root, &diagnostics);
		yaml_destroy(root);
	} else if (root) {
		check_model(root, &diagnostics);
	}
	bool fine = diagnostics.count == 0;
	if (fine) {
		printf("%s: %s, fine\n", path, what);
	} else {
		char *text = diagnostics_render(&diagnostics);
		fflush(stdout);
		fputs(text ? text : "muk: error: no memory to say what is wrong\n", stderr);
		free(text);
	}
	diagnostics_free(&diagnostics);
	return fine;
}

static int check(const struct command *command, int argc, char **argv)
{
	const char *argument;
	int operand, status = STATUS_FINE;
	int option = options_next(command, argc, argv, &argument, &operand);
	if (option != OPTIONS_END)
		return option == OPTIONS_HELP ? STATUS_FINE : STATUS_USAGE;
	if (operand == argc)
		return usage_wrong(command, "which file?");
	for (int i = operand; i < argc; i++)
		if (!check_file(argv[i]))
			status = STATUS_USAGE;
	return status;
}

const struct command command_check = {
	.name = "check", .arguments = "FILE...", .summary = "Validates scenarios, plans and models, without running them",
	.option = options, .run = check,
};
