/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scenarios/programs/mach/arguments.h"

static const char *value_after(const char *text, const char *key)
{
	while (*key && *text == *key)
		text++, key++;
	return *key == 0 && *text == '=' ? text + 1 : 0;
}

const char *argument(int argc, char **argv, const char *key, const char *otherwise)
{
	for (int i = 1; i < argc; i++) {
		const char *value = value_after(argv[i], key);

		if (value)
			return value;
	}
	return otherwise;
}

uint32_t argument_number(int argc, char **argv, const char *key, uint32_t otherwise)
{
	const char *digits = argument(argc, argv, key, 0);
	uint32_t number = 0;

	if (!digits)
		return otherwise;
	while (*digits >= '0' && *digits <= '9')
		number = number * 10 + (uint32_t)(*digits++ - '0');
	return number;
}
