/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a scenario names: something that the library carries, or a file beside the scenario's.
 *
 * What is carried has its kind of processor as its name's suffix: kernels "", -r3000 (for R2000 and R3000), -r4000;
 * programs and disks "", -mips.  Scenarios name it without, and a run's model says which.
 */
#include "sim/scenario/plan.h"
#include <stdio.h>
#include <string.h>

enum { CARRIED_MAX = 1024, CARRIED_NAME = PLAN_TEXT + 16 };

bool carried_is_path(const char *name, const char *ending)
{
	size_t size = strlen(name), end = strlen(ending);

	return strchr(name, '/') || (size > end && !strcmp(name + size - end, ending));
}

void carried_path(char *path, size_t size, const char *name, const struct yaml_node *node)
{
	const char *slash = name[0] == '/' ? NULL : strrchr(node->file, '/');

	snprintf(path, size, "%.*s%s", slash ? (int)(slash + 1 - node->file) : 0, slash ? node->file : "", name);
}

/* The suffixes of names for a model's processor, in the order in which they are looked for; NULL is the end. */
static const char *const *suffixes(const struct model *model)
{
	static const char *const x86[] = {"", NULL};
	static const char *const r3000[] = {"-r3000", "-mips", NULL}, *const r4000[] = {"-r4000", "-mips", NULL};

	if (!model || model->arch == ARCH_X86)
		return x86;
	return model->generation == 4 ? r4000 : r3000;
}

static bool has_suffix(const char *name, int length, const char *suffix)
{
	size_t size = strlen(suffix);

	return (size_t)length > size && !memcmp(name + length - size, suffix, size);
}

/* A name with a suffix, which comes before the name's own ending: "mach.boot" becomes "mach-r3000.boot". */
static void add_suffix(char full[CARRIED_NAME], const char *name, const char *suffix)
{
	const char *dot = strrchr(name, '.');
	int stem = dot ? (int)(dot - name) : (int)strlen(name);

	snprintf(full, CARRIED_NAME, "%.*s%s%s", stem, name, has_suffix(name, stem, suffix) ? "" : suffix, name + stem);
}

static const char *entry_named(const struct carried *carried, const char *name, const void **bytes, size_t *size)
{
	const char *found;

	for (unsigned n = 0; (found = carried->entry(n, bytes, size)); n++)
		if (!strcmp(found, name))
			return found;
	return NULL;
}

const char *carried_named(const struct carried *carried, const char *name, const struct model *model,
                          const void **bytes, size_t *size)
{
	char full[CARRIED_NAME];
	const char *found = NULL;

	for (const char *const *suffix = suffixes(model); *suffix && !found; suffix++) {
		add_suffix(full, name, *suffix);
		found = entry_named(carried, full, bytes, size);
	}
	return found;
}

/* What there is under a name, but for other processors. */
static const char *for_others(const struct carried *carried, const char *name)
{
	static const char *const endings[] = {"", "-r3000", "-r4000", "-mips"};
	char full[CARRIED_NAME];
	const char *found = NULL;

	for (unsigned n = 0; n < sizeof(endings) / sizeof(endings[0]) && !found; n++) {
		add_suffix(full, name, endings[n]);
		found = entry_named(carried, full, NULL, NULL);
	}
	return found;
}

static void not_carried(const struct carried *carried, const char *name, const struct model *model,
                        const struct yaml_node *node, struct diagnostics *diagnostics)
{
	const char *names[CARRIED_MAX], *nearest, *other = for_others(carried, name);
	char hint[256];
	unsigned n = 0;

	if (other && model) {
		snprintf(hint, sizeof(hint), "there is \"%.64s\", which is for another processor", other);
		diagnose(diagnostics, node, hint, "expected %s for the model %.60s, got \"%.64s\"", carried->what, model->name,
		         name);
		return;
	}
	while (n < CARRIED_MAX && (names[n] = carried->entry(n, NULL, NULL)))
		n++;
	nearest = yaml_nearest(name, names, n);
	if (nearest)
		snprintf(hint, sizeof(hint), "did you mean \"%.64s\"?", nearest);
	else
		snprintf(hint, sizeof(hint), "a file of yours is written with its path or its %s", carried->ending);
	diagnose(diagnostics, node, hint, "expected %s, got \"%.64s\"", carried->what, name);
}

const char *carried_find(const struct carried *carried, const char *name, const struct model *model,
                         const struct yaml_node *node, const void **bytes, size_t *size,
                         struct diagnostics *diagnostics)
{
	const char *found = carried_named(carried, name, model, bytes, size);

	if (!found)
		not_carried(carried, name, model, node, diagnostics);
	return found;
}
