// SPDX-License-Identifier: GPL-2.0-or-later
/* How many events a second the writer stores: bench_trace [FILE], a million of them, best of three. */
#include <stdio.h>
#include <time.h>
#include "traces/trace.h"

static double seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double write_million(const char *path)
{
	static struct event event[JOURNAL_CHUNK];
	struct trace_writer *writer;
	struct muk_error error = {0};
	double begin = seconds();
	if (trace_create(&writer, path, TRACE_ALL, &error) || trace_begin_run(writer, "s", "main", "m", "", &error))
		return 0;
	struct journal_sink sink = trace_sink(writer);
	uint64_t number = 0;
	for (int chunk = 0; chunk < 1000000 / JOURNAL_CHUNK + 1; chunk++) {
		for (unsigned i = 0; i < JOURNAL_CHUNK; i++)
			event[i] = (struct event){.cycle = (number + i) * 137, .instruction = (number + i) * 83, .task = i & 7,
			                          .thread = i & 63, .pc = 0xc0100000 + i * 4, .kind = i % EVENT_KIND_COUNT,
			                          .args = 3, .arg = {0x00500000 + i * 4096, i, 13}};
		sink.chunk(sink.ctx, event, JOURNAL_CHUNK, number, &(struct digest){number, 1});
		number += JOURNAL_CHUNK;
	}
	trace_end_run(writer, &(struct trace_result){"ok", "", number * 137, number * 83, {1, 2}}, &error);
	if (trace_close(writer, &error))
		return 0;
	return (double)number / (seconds() - begin);
}

int main(int argc, char **argv)
{
	const char *path = argc > 1 ? argv[1] : "bench_trace.db";
	double best = 0;
	for (int i = 0; i < 3; i++) {
		double rate = write_million(path);
		best = rate > best ? rate : best;
	}
	remove(path);
	printf("%.0f events/s\n", best);
	return best > 0 ? 0 : 1;
}
