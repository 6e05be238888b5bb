/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The scenarios that the library carries. */
#include "sim/model/embedded.h"
#include "sim/scenario/scenario.h"

extern const struct embedded_file shipped_scenarios[];

const char *scenario_embedded(unsigned n, const char **text, size_t *size)
{
	for (unsigned i = 0; i <= n; i++)
		if (!shipped_scenarios[i].name)
			return NULL;
	if (text)
		*text = shipped_scenarios[n].bytes;
	if (size)
		*size = shipped_scenarios[n].size;
	return shipped_scenarios[n].name;
}

const char *muk_scenario_embedded(unsigned n)
{
	return scenario_embedded(n, NULL, NULL);
}
