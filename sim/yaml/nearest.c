/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "Did you mean": the nearest word by the number of insertions, deletions, replacements and
 * exchanges of neighbours (optimal string alignment), upper and lower case being alike.
 */
#include "sim/yaml/yaml.h"
#include <ctype.h>
#include <string.h>

enum { LONGEST = 64 };

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static bool same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* The distance between two words of at most LONGEST bytes. */
static unsigned distance(const char *a, unsigned a_size, const char *b, unsigned b_size)
{
	unsigned rows[3][LONGEST + 1];

	for (unsigned j = 0; j <= b_size; j++)
		rows[0][j] = j;
	for (unsigned i = 1; i <= a_size; i++) {
		unsigned *now = rows[i % 3], *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];

		now[0] = i;
		for (unsigned j = 1; j <= b_size; j++) {
			now[j] = least(least(last[j], now[j - 1]) + 1, last[j - 1] + !same(a[i - 1], b[j - 1]));
			if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
				now[j] = least(now[j], before[j - 2] + 1);
		}
	}
	return rows[a_size % 3][b_size];
}

const char *yaml_nearest(const char *word, const char *const *candidates, unsigned n)
{
	size_t size = strlen(word);
	unsigned best = size < 3 ? 2 : 2 + (unsigned)size / 4; /* one more than what is near enough */
	const char *nearest = NULL;

	if (size > LONGEST || !size)
		return NULL;
	for (unsigned i = 0; i < n; i++) {
		size_t other = strlen(candidates[i]);
		if (other > LONGEST)
			continue;
		unsigned d = distance(word, (unsigned)size, candidates[i], (unsigned)other);
		if (d < best && d < size) {
			best = d;
			nearest = candidates[i];
		}
	}
	return nearest;
}
