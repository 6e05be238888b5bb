// SPDX-License-Identifier: GPL-2.0-or-later
/* What of a sweep is worth a column, the same in all printers; and its exit status. */
#include <math.h>
#include <string.h>
#include "sim/cli/cli.h"
#include "sim/cli/sweep.h"

/* A cause that no configuration knows, or that all have zero of, is no column. */
static bool is_there(const struct sweep_results *results, unsigned field)
{
	for (unsigned n = 0; n < results->plan.configurations; n++) {
		double value = results->known[n] ? results->result[n].field[field] : NAN;
		if (!isnan(value) && (value != 0 || field < SWEEP_CAUSE))
			return true;
	}
	return false;
}

/* The metrics that the plan names; all of the scenario's where it has no operation and names none. */
static void metric_columns(struct sweep_columns *columns, const struct sweep_results *results)
{
	const struct sweep_plan *plan = &results->plan;
	for (unsigned n = 0; n < plan->metrics; n++)
		columns->metric[columns->metrics++] = plan->metric[n];
	if (plan->operation.value || plan->metrics)
		return;
	for (unsigned n = 0; n < plan->configurations; n++) {
		const struct sweep_result *result = &results->result[n];
		for (unsigned m = 0; m < result->metrics && columns->metrics < SWEEP_METRICS_MAX; m++)
			columns->metric[columns->metrics++] = result->metric[m].id;
		if (result->metrics)
			return;
	}
}

void sweep_columns(struct sweep_columns *columns, const struct sweep_results *results)
{
	const struct sweep_plan *plan = &results->plan;
	*columns = (struct sweep_columns){0};
	for (unsigned n = 0; n < plan->configurations; n++) {
		columns->listed |= plan->configuration[n].own != NULL;
		columns->status |= results->known[n] && strcmp(results->result[n].status, "ok") != 0;
	}
	for (unsigned field = 0; field < SWEEP_FIELD_COUNT; field++)
		if (is_there(results, field))
			columns->field[columns->fields++] = field;
	metric_columns(columns, results);
}

const char *sweep_label(const struct sweep_plan *plan, unsigned configuration, unsigned axis)
{
	int value = plan->configuration[configuration].value[axis];
	return value == SWEEP_ANY ? "" : plan->axis[axis].label[value];
}

int sweep_status(const struct sweep_results *results)
{
	int status = STATUS_FINE;
	for (unsigned n = 0; n < results->plan.configurations; n++)
		if (results->known[n])
			status = status_worse(status, results->result[n].exit);
	return status;
}
