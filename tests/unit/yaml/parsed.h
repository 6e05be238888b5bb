/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A text parsed for a test, with what was said about it. */
#pragma once
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/yaml/yaml.h"

struct parsed {
	struct diagnostics diagnostics;
	struct yaml_node *root;
	char *said; /* the diagnostics rendered, when parsed_said was called */
};

static inline struct parsed *parsed_new(const char *text)
{
	struct parsed *parsed = calloc(1, sizeof(*parsed));

	diagnostics_init(&parsed->diagnostics);
	parsed->root = yaml_parse("t.yaml", text, strlen(text), &parsed->diagnostics);
	return parsed;
}

static inline const char *parsed_said(struct parsed *parsed)
{
	free(parsed->said);
	parsed->said = diagnostics_render(&parsed->diagnostics);
	return parsed->said;
}

static inline void parsed_free(struct parsed *parsed)
{
	yaml_destroy(parsed->root);
	diagnostics_free(&parsed->diagnostics);
	free(parsed->said);
	free(parsed);
}
