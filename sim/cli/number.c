// SPDX-License-Identifier: GPL-2.0-or-later
/* Numbers as people and machines read them. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sim/cli/outcome.h"

/* Cuts the zeros after the point, and a point without digits. */
static void trim_zeros(char *text)
{
	if (!strchr(text, '.') || strchr(text, 'e'))
		return;
	char *end = text + strlen(text);
	while (end[-1] == '0')
		*--end = 0;
	if (end[-1] == '.')
		end[-1] = 0;
}

void number_text(char text[static NUMBER_TEXT], double value)
{
	double size = fabs(value);
	if (isnan(value))
		snprintf(text, NUMBER_TEXT, "-");
	else if (size >= 1e9 || (size > 0 && size < 1e-3))
		snprintf(text, NUMBER_TEXT, "%.3g", value);
	else if (size >= 1000)
		snprintf(text, NUMBER_TEXT, "%.0f", value);
	else if (size >= 100)
		snprintf(text, NUMBER_TEXT, "%.1f", value);
	else
		snprintf(text, NUMBER_TEXT, size >= 1 ? "%.2f" : "%.3f", value);
	trim_zeros(text);
}

void number_exact(char text[static NUMBER_TEXT], double value)
{
	if (!isfinite(value)) {
		snprintf(text, NUMBER_TEXT, "null");
		return;
	}
	for (int digits = 6; digits <= 17; digits++) {
		snprintf(text, NUMBER_TEXT, "%.*g", digits, value);
		if (strtod(text, NULL) == value)
			return;
	}
}

void count_text(char text[static NUMBER_TEXT], uint64_t value)
{
	char digits[NUMBER_TEXT];
	int length = snprintf(digits, sizeof(digits), "%" PRIu64, value);
	char *out = text;
	for (int i = 0; i < length; i++) {
		if (i && (length - i) % 3 == 0)
			*out++ = ',';
		*out++ = digits[i];
	}
	*out = 0;
}

static bool is_claim(const struct metric *metric)
{
	return !strcmp(metric->unit, "claim");
}

/* A value in the metric's unit. */
static void in_unit(char text[static NUMBER_TEXT], const struct metric *metric, double value)
{
	if (is_claim(metric) && !isnan(value))
		strcpy(text, value != 0 ? "true" : "false");
	else
		number_text(text, value);
}

void value_text(char text[static NUMBER_TEXT], const struct metric *metric)
{
	in_unit(text, metric, metric->value);
}

void paper_text(char text[static PAPER_TEXT], const struct metric *metric)
{
	char low[NUMBER_TEXT], high[NUMBER_TEXT];
	in_unit(low, metric, metric->has_paper ? metric->paper : NAN);
	snprintf(text, PAPER_TEXT, "%s", low);
	if (!metric->has_paper || metric->paper_low == metric->paper_high)
		return;
	number_text(low, metric->paper_low);
	number_text(high, metric->paper_high);
	snprintf(text, PAPER_TEXT, "%s..%s", low, high);
}

void deviation_text(char text[static NUMBER_TEXT], const struct metric *metric)
{
	if (is_claim(metric) || !metric->has_paper || isnan(metric->value) || isnan(metric->deviation_pct))
		snprintf(text, NUMBER_TEXT, "-");
	else if (fabs(metric->deviation_pct) >= 1000)
		snprintf(text, NUMBER_TEXT, "%+.0f%%", metric->deviation_pct);
	else
		snprintf(text, NUMBER_TEXT, "%+.1f%%", metric->deviation_pct == 0 ? 0.0 : metric->deviation_pct);
}

void tolerance_text(char text[static NUMBER_TEXT], const struct metric *metric)
{
	if (is_claim(metric) || !metric->has_tolerance) {
		snprintf(text, NUMBER_TEXT, "-");
		return;
	}
	number_text(text, metric->tolerance_pct);
	strcat(text, "%");
}

int text_width(const char *text)
{
	int width = 0;
	for (; *text; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}
