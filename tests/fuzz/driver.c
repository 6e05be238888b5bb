/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs a fuzz target as an ordinary program: over the files named, or without
 * any over a fixed corpus made from seeds, the same on every host.  A fuzzing
 * compiler links the target alone and brings its own main.
 *
 *   fuzz_X [FILE...]
 *   fuzz_X --seeds FIRST COUNT [SEED...]   so many seeds, and these, each in a process of its own: those that fail are
 *                                          named at the end of what they say, and the others go on
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/random.h"

enum { SEEDS = 1000, INPUT_MAX = 4096, LONGEST = 120 /* seconds of an input */ };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int run_file(const char *path)
{
	static uint8_t data[1 << 20];
	FILE *file = fopen(path, "rb");
	size_t size;

	if (!file) {
		perror(path);
		return 1;
	}
	size = fread(data, 1, sizeof data, file);
	fclose(file);
	return LLVMFuzzerTestOneInput(data, size);
}

static void run_seed(uint64_t seed)
{
	uint8_t data[INPUT_MAX];
	struct random random = {seed};
	size_t size = random_below(&random, INPUT_MAX);

	for (size_t i = 0; i < size; i++)
		data[i] = (uint8_t)random_next(&random);
	LLVMFuzzerTestOneInput(data, size);
}

/* True: it ended well. */
static int run_apart(uint64_t seed)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		alarm(LONGEST);
		run_seed(seed);
		_exit(0);
	}
	if (child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 1;
	fprintf(stderr, "seed %llu failed\n", (unsigned long long)seed);
	return 0;
}

static int run_seeds(uint64_t first, uint64_t count)
{
	int failed = 0;

	for (uint64_t seed = first; seed < first + count; seed++)
		failed |= !run_apart(seed);
	return failed;
}

int main(int argc, char **argv)
{
	int result = 0;

	if (argc >= 4 && strcmp(argv[1], "--seeds") == 0) {
		result = run_seeds(strtoull(argv[2], NULL, 10), strtoull(argv[3], NULL, 10));
		for (int i = 4; i < argc; i++)
			result |= !run_apart(strtoull(argv[i], NULL, 10));
		return result;
	}
	for (int i = 1; i < argc; i++)
		result |= run_file(argv[i]);
	if (argc == 1)
		for (uint64_t seed = 0; seed < SEEDS; seed++)
			run_seed(seed);
	return result;
}
