/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Results: their fields, and their form as bytes (the struct, then its metrics). */
#include "sim/sweep/sweep.h"
#include <stdlib.h>
#include <string.h>

const char *sweep_field_name(unsigned field)
{
	static const char *const name[SWEEP_CAUSE] = {
#define X(id, word) [SWEEP_##id] = word,
		SWEEP_FIELDS(X)
#undef X
	};

	return field < SWEEP_CAUSE ? name[field] : ledger_cause_name((enum ledger_cause)(field - SWEEP_CAUSE));
}

int sweep_field_named(const char *name)
{
	for (unsigned n = 0; n < SWEEP_FIELD_COUNT; n++)
		if (!strcmp(sweep_field_name(n), name))
			return (int)n;
	return -1;
}

void sweep_result_free(struct sweep_result *result)
{
	free(result->metric);
	result->metric = NULL;
	result->metrics = 0;
}

void *sweep_result_pack(const struct sweep_result *result, size_t *size)
{
	struct sweep_result head = *result;
	size_t rest = result->metrics * sizeof(*result->metric);
	char *bytes = malloc(sizeof(head) + rest);

	if (!bytes)
		return NULL;
	head.metric = NULL;
	memcpy(bytes, &head, sizeof(head));
	if (rest)
		memcpy(bytes + sizeof(head), result->metric, rest);
	*size = sizeof(head) + rest;
	return bytes;
}

/* Every text ends within its place, whoever wrote the bytes. */
static void end_texts(struct sweep_result *result)
{
	result->status[sizeof(result->status) - 1] = '\0';
	result->reason[sizeof(result->reason) - 1] = '\0';
	result->digest[sizeof(result->digest) - 1] = '\0';
	for (unsigned n = 0; n < result->metrics; n++) {
		struct sweep_metric *metric = &result->metric[n];
		metric->id[sizeof(metric->id) - 1] = '\0';
		metric->name[sizeof(metric->name) - 1] = '\0';
		metric->unit[sizeof(metric->unit) - 1] = '\0';
		metric->verdict[sizeof(metric->verdict) - 1] = '\0';
	}
}

bool sweep_result_unpack(struct sweep_result *result, const void *bytes, size_t size)
{
	if (size < sizeof(*result))
		return false;
	memcpy(result, bytes, sizeof(*result));
	result->metric = NULL;
	size_t rest = size - sizeof(*result);
	if (rest % sizeof(*result->metric) || rest / sizeof(*result->metric) != result->metrics)
		return false;
	if (rest) {
		result->metric = malloc(rest);
		if (!result->metric)
			return false;
		memcpy(result->metric, (const char *)bytes + sizeof(*result), rest);
	}
	end_texts(result);
	return true;
}
