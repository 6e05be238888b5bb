// SPDX-License-Identifier: GPL-2.0-or-later
/* muk list: what muk carries: scenarios, plans of sweeps, processor models, kernels, programs and disks. */
#include <inttypes.h>
#include <string.h>
#include "mukroscope/model.h"
#include "mukroscope/scenario.h"
#include "sim/cli/cli.h"
#include "sim/cli/json.h"
#include "sim/image/embedded.h"
#include "sim/sweep/sweep.h"

enum { OPTION_JSON };
static const struct option_entry options[] = {
	[OPTION_JSON] = {0, "json", NULL, "print JSON"},
	{0},
};

/* The visits of one listing: how entries are printed, and how many were. */
struct listing {
	bool json;
	unsigned entries;
};

static void begin_list(struct listing *listing, const char *heading)
{
	printf(listing->json ? "\"%s\":[" : "%s\n", heading);
	listing->entries = 0;
}

static void end_list(const struct listing *listing, bool last)
{
	printf("%s", listing->json ? last ? "]" : "],\n" : last ? "" : "\n");
}

/* arch: of a model; NULL: the entry has none. */
static void print_entry(struct listing *listing, const char *name, const char *arch, const char *title)
{
	if (!listing->json) {
		printf("  %-*s", *title ? 24 : 0, name);
		if (arch)
			printf(" %-5s", arch);
		printf("%s%s\n", *title ? " " : "", title);
		return;
	}
	printf("%s{", listing->entries++ ? "," : "");
	json_member(stdout, "name", name);
	if (arch)
		json_member(stdout, "arch", arch);
	printf("\"title\":");
	json_string(stdout, title);
	printf("}");
}

static void list_scenarios(struct listing *listing)
{
	const char *name;
	begin_list(listing, "scenarios");
	for (unsigned n = 0; (name = muk_scenario_embedded(n)); n++) {
		struct muk_scenario *scenario;
		muk_scenario_open(&scenario, name, NULL);
		if (scenario)
			muk_scenario_check(scenario, NULL);
		print_entry(listing, name, NULL, scenario ? muk_scenario_title(scenario) : "");
		muk_scenario_close(scenario);
	}
	end_list(listing, false);
}

static void list_plans(struct listing *listing)
{
	const char *name, *text;
	size_t size;
	begin_list(listing, "plans");
	for (unsigned n = 0; (name = sweep_plan_embedded(n, &text, &size)); n++) {
		static struct diagnostics diagnostics; /* large, and one thread lists */
		struct sweep_plan plan = {.title = ""};
		diagnostics_init(&diagnostics);
		struct yaml_node *root = yaml_parse(name, text, size, &diagnostics);
		if (root)
			sweep_plan_load(&plan, root, &diagnostics);
		print_entry(listing, name, NULL, plan.title);
		sweep_plan_free(&plan);
		diagnostics_free(&diagnostics);
	}
	end_list(listing, false);
}

static void list_models(struct listing *listing)
{
	const char *name;
	begin_list(listing, "models");
	for (unsigned n = 0; (name = muk_model_embedded(n)); n++) {
		struct muk_model *model;
		muk_model_open(&model, name, NULL);
		print_entry(listing, name, model ? muk_model_arch(model) : NULL, model ? muk_model_title(model) : "");
		muk_model_close(model);
	}
	end_list(listing, false);
}

static void list_images(struct listing *listing)
{
	const char *name;
	begin_list(listing, listing->json ? "images" : "kernels and programs");
	for (unsigned n = 0; (name = image_embedded(n, NULL, NULL)); n++)
		print_entry(listing, name, NULL, "");
	end_list(listing, false);
}

static void list_disks(struct listing *listing)
{
	const char *name;
	begin_list(listing, "disks");
	for (unsigned n = 0; (name = disk_embedded(n, NULL, NULL)); n++)
		print_entry(listing, name, NULL, "");
	end_list(listing, true);
}

static int list(const struct command *command, int argc, char **argv)
{
	struct listing listing = {0};
	const char *argument;
	int option, operand;
	while ((option = options_next(command, argc, argv, &argument, &operand)) >= 0)
		listing.json = true;
	if (option != OPTIONS_END)
		return option == OPTIONS_HELP ? STATUS_FINE : STATUS_USAGE;
	if (operand != argc)
		return usage_wrong(command, "it takes no arguments");
	printf("%s", listing.json ? "{" : "");
	list_scenarios(&listing);
	list_plans(&listing);
	list_models(&listing);
	list_images(&listing);
	list_disks(&listing);
	printf("%s", listing.json ? "}\n" : "");
	return STATUS_FINE;
}

const struct command command_list = {
	.name = "list", .arguments = "", .summary = "Scenarios, plans, processor models, kernels, programs and disks that muk carries",
	.option = options, .run = list,
};
