// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A program of yours: boots the kernel, runs a scenario, reads a number.
 *   cc example.c $(pkg-config --cflags --libs mukroscope) && ./a.out l95-t2-rpc
 */
#include <mukroscope/scenario.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	struct muk_scenario *scenario;
	struct muk_metric metric;
	struct muk_error error = {0};

	if (muk_scenario_open(&scenario, argc > 1 ? argv[1] : "l95-t2-rpc", &error) == MUK_OK)
		muk_scenario_run(scenario, &error);
	if (error.code != MUK_OK) {
		fprintf(stderr, "%s: %s\n", muk_strerror(error.code), error.text);
		muk_scenario_close(scenario);
		return 1;
	}
	for (unsigned n = 0; muk_scenario_metric(scenario, n, &metric); n++)
		printf("%-16s %10.1f %-8s paper %10.1f  %s\n", metric.id, metric.value, metric.unit,
		       metric.has_paper ? metric.paper : 0.0, metric.verdict);
	printf("%s, digest %s\n", muk_scenario_status(scenario), muk_scenario_digest(scenario));
	muk_scenario_close(scenario);
	return 0;
}
