/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes at all, as a model and as a scenario: nothing crashes, what is refused says why, and a tree that was
 * printed reads the same again.  An even last byte (as a line feed is): the input is the text.  An odd one: each byte
 * picks a token.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const tokens[] = {
	"\n", "\n", "\n  ", "\n    ", "\n- ", "\n  - ", ": ", ": ", ", ", "{", "}", "[", "]", "\"", "'", "#",
	"&a ", "*a", "!t ", "---\n", "...", "| ", "> ", "? ", "<<: ", "%", "\t", "\xc2\xb5", "\xff", "\\",
	"yes", "true", "false", "0", "1", "4", "32", "-1", "1.5", "MHz", "MiB", "cyc", "us", "%", "schema: 1",
	"base: i486dx-50", "base: pentium-90", "name: x", "title: t", "model: i486dx-50", "kernel: l4",
	"modules: ", "options: ", "set: ", "limit: ", "runs: ", "matrix: ", "metrics: ", "each: ", "id: ",
	"value: ", "unit: claim", "paper: ", "tolerance: ", "kind: judged", "calibrates: ", "${p}", "${", "p",
	"main.cycles", "main.cost.int.inner", "run[p=1].x.cycles", "+", "/", "(", ")", "tlb: ",
	"tlb.entries: ", "entries: ", "ways: ", "policy: lru", "cache: ", "size: ", "split: ", "costs: ",
	"int.inner: ", "cycles: ", "source: ", "confidence: paper", "absent", "family: ", "clock: ",
	"memory: ", "btb: ", "rpc", "sigma0", "a", "b", ".", "..", "=",
};

static char *make_text(const uint8_t *data, size_t size, size_t *length)
{
	char *text = calloc(1, 24 * size + 1), *at = text;

	if (!text)
		abort();
	*length = 0;
	if (!size)
		return text;
	if (data[size - 1] % 2 == 0) {
		memcpy(text, data, size);
		*length = size;
		return text;
	}
	for (size_t n = 0; n < size; n++)
		at = stpcpy(at, tokens[data[n] % (sizeof(tokens) / sizeof(tokens[0]))]);
	*length = (size_t)(at - text);
	return text;
}

static void must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "fuzz_yaml: %s\n", what);
	abort();
}

/* Errors have texts, and places within the file. */
static void check_diagnostics(struct diagnostics *diagnostics)
{
	char *said = diagnostics_render(diagnostics);

	must(said && (diagnostics->count == 0) == (said[0] == '\0'), "what is refused says why");
	for (unsigned n = 0; n < diagnostics->count && n < DIAGNOSTICS_MAX; n++)
		must(diagnostics->entry[n].text[0] && diagnostics->entry[n].line >= 0, "an error has a text");
	free(said);
}

static void check_print(const struct yaml_node *root, struct diagnostics *diagnostics)
{
	static struct diagnostics again;
	char *once = yaml_print(root);

	if (diagnostics->count) { /* what was refused may not be YAML of ours when printed */
		free(once);
		return;
	}
	diagnostics_init(&again);
	struct yaml_node *twin = yaml_parse("again.yaml", once, strlen(once), &again);
	must(twin || !root->first, "what was printed parses");
	char *twice = twin ? yaml_print(twin) : NULL;
	must(!twin || !strcmp(once, twice), "printing and parsing again changes nothing");
	free(once);
	free(twice);
	yaml_destroy(twin);
	diagnostics_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct diagnostics diagnostics;
	static struct model model;
	struct plan plan;
	size_t length;
	char *text = make_text(data, size, &length);

	diagnostics_init(&diagnostics);
	struct yaml_node *root = yaml_parse("fuzz.yaml", text, length, &diagnostics);
	must(root || diagnostics.count, "no tree without an error");
	if (root) {
		check_print(root, &diagnostics);
		yaml_set(root, "tlb.entries=64", &diagnostics);
		model_load(&model, root, &diagnostics);
		if (plan_load(&plan, root, &(struct plan_overrides){0}, &diagnostics))
			must(plan.runs > 0, "a plan that loaded can run");
		plan_free(&plan);
	}
	check_diagnostics(&diagnostics);
	yaml_destroy(root);
	diagnostics_free(&diagnostics);
	free(text);
	return 0;
}
