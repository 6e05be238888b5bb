/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs a fuzz target as an ordinary program: over the files named, or without
 * any over a fixed corpus made from seeds, the same on every host.  A fuzzing
 * compiler links the target alone and brings its own main.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/random.h"

enum { SEEDS = 1000, INPUT_MAX = 4096 };

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

int main(int argc, char **argv)
{
	int result = 0;

	for (int i = 1; i < argc; i++)
		result |= run_file(argv[i]);
	if (argc == 1)
		for (uint64_t seed = 0; seed < SEEDS; seed++)
			run_seed(seed);
	return result;
}
