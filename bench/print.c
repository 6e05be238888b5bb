/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/bench.h"

static void print_table(const struct bench_speed *result, FILE *out)
{
	fprintf(out, "%-28s %10s %8s %12s\n", "", "MIPS", "of bare", "misses/1000");
	fprintf(out, "%-28s %10.0f %8.2f\n", "bare engine", result->bare_mips, 1.0);
	for (unsigned n = 0; n < result->rows; n++) {
		const struct bench_row *row = &result->row[n];

		fprintf(out, "%-28s %10.1f %8.3f %12.3f\n", row->name, row->mips, row->ratio, row->misses_per_1000);
	}
	fprintf(out, "%.0f events a second into a trace; %.0f MiB of the host beside the guest's memory\n",
	        result->events_per_second, result->host_memory_mib);
}

static void print_json(const struct bench_speed *result, FILE *out)
{
	fprintf(out, "{\"bare_mips\":%.1f,\"rows\":[", result->bare_mips);
	for (unsigned n = 0; n < result->rows; n++) {
		const struct bench_row *row = &result->row[n];

		fprintf(out, "%s{\"name\":\"%s\",\"mips\":%.2f,\"ratio\":%.4f,\"misses_per_1000\":%.4f}", n ? "," : "",
		        row->name, row->mips, row->ratio, row->misses_per_1000);
	}
	fprintf(out, "],\"events_per_second\":%.0f,\"host_memory_mib\":%.1f}\n", result->events_per_second,
	        result->host_memory_mib);
}

void bench_speed_print(const struct bench_speed *result, bool json, FILE *out)
{
	if (json)
		print_json(result, out);
	else
		print_table(result, out);
}
