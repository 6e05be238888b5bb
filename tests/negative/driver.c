/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Wrong YAML: each FOLDER/NNN-what-is-wrong.yaml must be refused, as bad input, with exactly what FOLDER/NNN-...txt
 * says.
 *
 *   driver FOLDER...            compares; TAP on stdout
 *   driver --update FOLDER...   writes what is said now: to be read before it is committed
 *
 * Folders are relative to the working directory, so that the messages name no place of the host.  A file's kind shows
 * in its keys: a plan of a sweep has a scenario, or something to vary; a scenario has metrics or a kernel.  The images that scenarios name are those of
 * tests/unit/scenario/fake.c.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/plan.h"
#include "sim/sweep/sweep.h"

enum { FILES_MAX = 1000, PATH = 300 };

static void load_scenario(struct yaml_node *root, struct diagnostics *diagnostics)
{
	struct plan plan;

	plan_load(&plan, root, &(struct plan_overrides){0}, diagnostics);
	plan_free(&plan);
}

/* Consumes the tree. */
static void load_sweep(struct yaml_node *root, struct diagnostics *diagnostics)
{
	struct sweep_plan plan;

	sweep_plan_load(&plan, root, diagnostics);
	sweep_plan_free(&plan);
}

/* What is said of a file; freed by the caller. *code is the class of the first error. */
static char *said_of(const char *path, enum muk_err *code)
{
	static struct diagnostics diagnostics;
	static struct model model;

	diagnostics_init(&diagnostics);
	struct yaml_node *root = yaml_parse_file(path, &diagnostics);
	bool sweep = root && sweep_is_plan(root);
	if (sweep)
		load_sweep(root, &diagnostics);
	else if (root && (yaml_find(root, "metrics") || yaml_find(root, "kernel") || yaml_find(root, "runs") ||
	                  yaml_find(root, "matrix")))
		load_scenario(root, &diagnostics);
	else if (root)
		model_load(&model, root, &diagnostics);
	if (!sweep)
		yaml_destroy(root);
	char *text = diagnostics_render(&diagnostics);
	*code = diagnostics_error(&diagnostics, NULL);
	diagnostics_free(&diagnostics);
	return text;
}

static char *read_whole(const char *path)
{
	char *text = calloc(1, 1 << 20);
	FILE *file = fopen(path, "rb");

	if (file) {
		size_t size = fread(text, 1, (1 << 20) - 1, file);
		text[size] = '\0';
		fclose(file);
	}
	return text;
}

/* "a/b.yaml" -> "a/b.txt" */
static void golden_of(const char *path, char golden[static PATH])
{
	snprintf(golden, PATH, "%.*s.txt", (int)(strlen(path) - strlen(".yaml")), path);
}

static bool check(const char *path, unsigned number)
{
	char golden[PATH];
	enum muk_err code;
	char *said = said_of(path, &code);

	golden_of(path, golden);
	char *expected = read_whole(golden);
	bool good = (code == MUK_ERR_INPUT || code == MUK_ERR_IO) && said[0] && !strcmp(said, expected);
	printf("%sok %u - %s is refused as its text says\n", good ? "" : "not ", number, path);
	if (!good)
		printf("# expected:\n%s# said (class %d):\n%s", expected, code, said);
	free(said);
	free(expected);
	return good;
}

static void update(const char *path)
{
	char golden[PATH];
	enum muk_err code;
	char *said = said_of(path, &code);

	golden_of(path, golden);
	FILE *file = fopen(golden, "wb");
	if (file) {
		fputs(said, file);
		fclose(file);
	}
	if (!said[0])
		fprintf(stderr, "%s is not refused\n", path);
	free(said);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The .yaml files of a folder, sorted, after those in list already. */
static unsigned list_folder(const char *folder, char **list, unsigned count)
{
	DIR *directory = opendir(folder);

	for (struct dirent *entry; directory && count < FILES_MAX && (entry = readdir(directory));) {
		size_t size = strlen(entry->d_name);
		if (size < 6 || strcmp(entry->d_name + size - 5, ".yaml"))
			continue;
		list[count] = malloc(PATH);
		snprintf(list[count++], PATH, "%s/%s", folder, entry->d_name);
	}
	if (directory)
		closedir(directory);
	qsort(list, count, sizeof(*list), by_name);
	return count;
}

int main(int argc, char **argv)
{
	static char *list[FILES_MAX];
	bool updating = argc > 1 && !strcmp(argv[1], "--update");
	unsigned count = 0, failed = 0;

	for (int n = updating ? 2 : 1; n < argc; n++)
		count = list_folder(argv[n], list, count);
	if (!updating)
		printf("1..%u\n", count);
	for (unsigned n = 0; n < count; n++) {
		if (updating)
			update(list[n]);
		else
			failed += !check(list[n], n + 1);
		free(list[n]);
	}
	return failed || !count;
}
