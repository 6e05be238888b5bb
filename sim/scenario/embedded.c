/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The scenarios that the library carries. */
#include "sim/core/error.h"
#include "sim/model/embedded.h"
#include "sim/scenario/scenario.h"
#include <stdio.h>
#include <string.h>

extern const struct embedded_file shipped_scenarios[];

const char *scenario_embedded(unsigned n, const char **text, size_t *size)
{
	enum { SCENARIOS = 256 };
	static char names[SCENARIOS][64];
	unsigned count = 0;

	while (shipped_scenarios[count].name)
		count++;
	muk_assert(count <= SCENARIOS);
	if (n >= count)
		return NULL;
	if (text)
		*text = shipped_scenarios[n].bytes;
	if (size)
		*size = shipped_scenarios[n].size;
	snprintf(names[n], sizeof(names[n]), "%.*s", (int)(strlen(shipped_scenarios[n].name) - strlen(".yaml")),
	         shipped_scenarios[n].name);
	return names[n];
}

const char *muk_scenario_embedded(unsigned n)
{
	return scenario_embedded(n, NULL, NULL);
}
