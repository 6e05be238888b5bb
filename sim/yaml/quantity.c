/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Quantities carry units: "25MHz", "8MiB", "300cyc", "12us".  Digits after a point are exact ("16.67MHz" is 16670000
 * Hz), and what comes out must be a whole number, but for time, which is rounded to the nearest cycle.
 */
#include "sim/yaml/yaml.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

typedef unsigned __int128 wide;

/* A unit: value = number * times; of time: number * hertz / per_second. */
struct unit {
	const char *name;
	enum yaml_unit of;
	uint64_t times;
	uint64_t per_second; /* 0: no time */
};
static const struct unit units[] = {
	{"Hz", UNIT_HERTZ, 1, 0},          {"kHz", UNIT_HERTZ, 1000, 0},
	{"MHz", UNIT_HERTZ, 1000000, 0},   {"GHz", UNIT_HERTZ, 1000000000, 0},
	{"B", UNIT_BYTES, 1, 0},           {"KiB", UNIT_BYTES, 1u << 10, 0},
	{"MiB", UNIT_BYTES, 1u << 20, 0},  {"GiB", UNIT_BYTES, 1u << 30, 0},
	{"cyc", UNIT_CYCLES, 1, 0},        {"kcyc", UNIT_CYCLES, 1000, 0},
	{"Mcyc", UNIT_CYCLES, 1000000, 0}, {"Gcyc", UNIT_CYCLES, 1000000000, 0},
	{"ns", UNIT_CYCLES, 1, 1000000000}, {"us", UNIT_CYCLES, 1, 1000000},
	{"ms", UNIT_CYCLES, 1, 1000},      {"s", UNIT_CYCLES, 1, 1},
};
enum { UNITS = sizeof(units) / sizeof(units[0]) };

static const char *example(enum yaml_unit unit, bool time)
{
	if (unit == UNIT_HERTZ)
		return "a frequency such as \"25MHz\"";
	if (unit == UNIT_BYTES)
		return "a size such as \"8MiB\"";
	return time ? "cycles or a time, such as \"300cyc\" or \"12us\"" : "cycles, such as \"300cyc\"";
}

/* Reads "12.5": digits / 10^places. At most 12 digits on each side. Returns what follows, NULL if it is no number. */
static const char *read_number(const char *text, uint64_t *digits, uint64_t *scale)
{
	size_t whole = strspn(text, "0123456789"), places = 0;

	if (!whole || whole > 12 || (text[0] == '0' && whole > 1))
		return NULL;
	*digits = 0;
	*scale = 1;
	for (size_t n = 0; n < whole; n++)
		*digits = *digits * 10 + (uint64_t)(text[n] - '0');
	text += whole;
	if (*text != '.')
		return text;
	places = strspn(++text, "0123456789");
	if (!places || places > 6)
		return NULL;
	for (size_t n = 0; n < places; n++, *scale *= 10)
		*digits = *digits * 10 + (uint64_t)(text[n] - '0');
	return text + places;
}

/* The value of a quantity; false if the unit is unknown there or the result is not whole. */
static bool evaluate(const char *text, enum yaml_unit of, uint64_t hertz, uint64_t *value)
{
	uint64_t digits, scale;
	const char *name = read_number(text, &digits, &scale);

	for (unsigned n = 0; name && n < UNITS; n++) {
		const struct unit *unit = &units[n];

		if (unit->of != of || strcmp(unit->name, name) || (unit->per_second && !hertz))
			continue;
		wide above = (wide)digits * unit->times, below = scale;
		if (unit->per_second) {
			above *= hertz;
			below *= unit->per_second;
			above += below / 2;
		} else if (above % below) {
			return false;
		}
		if (above / below > UINT64_MAX)
			return false;
		*value = (uint64_t)(above / below);
		return true;
	}
	return false;
}

/* "25" and "25 MHz" and "8MB" and "25mhz" are the usual slips. */
static void hint_for(const char *text, enum yaml_unit of, uint64_t hertz, char *hint, size_t size)
{
	uint64_t digits, scale;
	const char *rest = read_number(text, &digits, &scale);

	hint[0] = '\0';
	if (!rest)
		return;
	int number = (int)(rest - text);
	while (*rest == ' ')
		rest++;
	const char *names[UNITS];
	unsigned n = 0;
	for (unsigned i = 0; i < UNITS; i++)
		if (units[i].of == of && (hertz || !units[i].per_second))
			names[n++] = units[i].name;
	const char *nearest = *rest >= 'A' ? yaml_nearest(rest, names, n) : NULL;
	if (of == UNIT_BYTES && strlen(rest) == 2 && strchr("kKMG", rest[0]) && (rest[1] == 'B' || rest[1] == 'b'))
		nearest = rest[0] == 'M' ? "MiB" : rest[0] == 'G' ? "GiB" : "KiB";
	if (nearest && strcmp(nearest, text + number))
		snprintf(hint, size, "did you mean \"%.*s%s\"?", number, text, nearest);
	else if (!*rest)
		snprintf(hint, size, "write the unit after the number: %s",
		         of == UNIT_HERTZ ? "kHz or MHz" : of == UNIT_BYTES ? "B, KiB or MiB" : "cyc, kcyc or Mcyc");
}

/* The greatest unit in which a value is whole. */
static void show(uint64_t value, enum yaml_unit of, char *text, size_t size)
{
	const struct unit *best = NULL;

	for (unsigned n = 0; n < UNITS; n++)
		if (units[n].of == of && !units[n].per_second && (value % units[n].times == 0) && (!best || value))
			best = &units[n];
	snprintf(text, size, "%" PRIu64 "%s", value / best->times, best->name);
}

bool yaml_node_quantity(struct yaml_node *node, enum yaml_unit unit, uint64_t hertz, uint64_t least, uint64_t most,
                        uint64_t *out, struct diagnostics *diagnostics)
{
	char hint[128] = "", got[80], low[40], high[40];
	uint64_t value;

	node->used = true;
	if (node->bad)
		return false;
	yaml_got(node, got, sizeof(got));
	if (node->kind != YAML_SCALAR || !evaluate(node->text, unit, hertz, &value)) {
		if (node->kind == YAML_SCALAR)
			hint_for(node->text, unit, hertz, hint, sizeof(hint));
		diagnose(diagnostics, node, hint, "expected %s, got %s", example(unit, hertz != 0),
		         yaml_got(node, got, sizeof(got)));
		return false;
	}
	if (value < least || value > most) {
		show(least, unit, low, sizeof(low));
		show(most, unit, high, sizeof(high));
		diagnose(diagnostics, node, NULL, "expected %s..%s, got %s", low, high, got);
		return false;
	}
	*out = value;
	return true;
}

bool yaml_quantity(struct yaml_node *mapping, const char *key, bool required, enum yaml_unit unit, uint64_t hertz,
                   uint64_t least, uint64_t most, uint64_t *out, struct diagnostics *diagnostics)
{
	struct yaml_node *child = yaml_find(mapping, key);

	if (!child && required)
		diagnose_key(diagnostics, mapping, key, NULL, "expected %s, got nothing: the key is missing",
		             example(unit, hertz != 0));
	return child && yaml_node_quantity(child, unit, hertz, least, most, out, diagnostics);
}
