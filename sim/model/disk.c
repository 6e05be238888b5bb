/* SPDX-License-Identifier: GPL-2.0-or-later */
/* disk: of a model's file -> struct disk_model (disk.h has the keys). */
#include "sim/model/disk.h"
#include "sim/model/model.h"
#include "sim/yaml/yaml.h"
#include <string.h>

enum { RANGES_TEXT = 256 };
static const cycle_t TIME_MAX = 1000000000000;

static const char *const time_keys[] = {
#define X(name, key, what) key,
	DISK_TIMES(X)
#undef X
};
static const char *const time_whats[] = {
#define X(name, key, what) what,
	DISK_TIMES(X)
#undef X
};

static void load_uint(struct yaml_node *mapping, const char *key, uint32_t least, uint32_t most, uint32_t *out,
                      struct diagnostics *diagnostics)
{
	uint64_t value = *out;

	yaml_uint(mapping, key, true, least, most, &value, diagnostics);
	*out = (uint32_t)value;
}

/* --- times --- */

/* 4ms alone. In a model's file, where a source belongs, it is refused. */
static void load_short(struct yaml_node *node, uint64_t hertz, cycle_t *out, struct diagnostics *diagnostics)
{
	node->used = true;
	if (node->bad)
		return;
	if (!node->overridden)
		diagnose(diagnostics, node, "only --set and a scenario's set: give a time without its source",
		         "expected {time: TIME, source: KEY, confidence: WORD}");
	else
		yaml_node_quantity(node, UNIT_CYCLES, hertz, 0, TIME_MAX, out, diagnostics);
}

static void load_long(struct yaml_node *node, uint64_t hertz, cycle_t *out, struct diagnostics *diagnostics)
{
	static const char *const words[] = {
#define X(name, word) word,
		MODEL_CONFIDENCES(X)
#undef X
	};
	char source[64];
	unsigned confidence;

	yaml_quantity(node, "time", true, UNIT_CYCLES, hertz, 0, TIME_MAX, out, diagnostics);
	yaml_string(node, "source", true, sizeof(source), source, diagnostics);
	yaml_word(node, "confidence", true, words, CONFIDENCE_COUNT, &confidence, diagnostics);
}

static void load_times(struct disk_model *disk, struct yaml_node *node, uint64_t hertz,
                       struct diagnostics *diagnostics)
{
	for (unsigned n = 0; n < DISK_TIME_COUNT; n++) {
		struct yaml_node *time = yaml_find(node, time_keys[n]);

		if (!time)
			diagnose_key(diagnostics, node, time_keys[n], NULL,
			             "expected the time of: %s; got nothing: the key is missing", time_whats[n]);
		else if (time->kind == YAML_MAPPING)
			load_long(time, hertz, &disk->time[n], diagnostics);
		else if (yaml_is(time, YAML_SCALAR, diagnostics))
			load_short(time, hertz, &disk->time[n], diagnostics);
	}
}

/* --- faults --- */

/* Digits at *text, at most 10; moves it on. False if there are none. */
static bool read_number(const char **text, uint64_t *number)
{
	size_t digits = strspn(*text, "0123456789");

	*number = 0;
	for (size_t n = 0; n < digits && n < 11; n++)
		*number = *number * 10 + (uint64_t)((*text)[n] - '0');
	*text += digits;
	return digits > 0 && digits <= 10;
}

/* "1000-1007 2000": ranges between blanks, each below `sectors`. */
static bool parse_ranges(const char *text, uint32_t sectors, struct disk_ranges *ranges)
{
	uint64_t first, last;

	for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
		if (ranges->count == DISK_RANGES || !read_number(&text, &first))
			return false;
		last = first;
		if (*text == '-' && (text++, !read_number(&text, &last)))
			return false;
		if ((*text && *text != ' ') || first > last || last >= sectors)
			return false;
		ranges->range[ranges->count].first = (uint32_t)first;
		ranges->range[ranges->count++].last = (uint32_t)last;
	}
	return true;
}

static void load_ranges(const struct disk_model *disk, struct yaml_node *node, const char *key,
                        struct disk_ranges *ranges, struct diagnostics *diagnostics)
{
	char text[RANGES_TEXT], got[128];

	if (!yaml_string(node, key, false, sizeof(text), text, diagnostics))
		return;
	if (!parse_ranges(text, disk_model_sectors(disk), ranges))
		diagnose(diagnostics, yaml_find(node, key), NULL,
		         "expected at most %d sectors or ranges of the disk's %u sectors, such as \"1000-1007 2000\", got %s",
		         DISK_RANGES, disk_model_sectors(disk), yaml_got(yaml_find(node, key), got, sizeof(got)));
}

static void load_faults(struct disk_model *disk, struct yaml_node *node, struct diagnostics *diagnostics)
{
	uint64_t stops_after = DISK_NEVER_STOPS;

	load_ranges(disk, node, "bad", &disk->bad, diagnostics);
	load_ranges(disk, node, "lost", &disk->lost, diagnostics);
	yaml_uint(node, "stops_after", false, 0, DISK_NEVER_STOPS - 1, &stops_after, diagnostics);
	disk->stops_after = (uint32_t)stops_after;
}

/* --- the whole --- */

static void check_times(const struct disk_model *disk, struct yaml_node *node, struct diagnostics *diagnostics)
{
	if (disk->time[DISK_SEEK_TRACK] > disk->time[DISK_SEEK_AVERAGE])
		diagnose(diagnostics, yaml_find(node, "seek.average"), NULL, "expected at least the time of seek.track");
	else if (disk->time[DISK_SEEK_AVERAGE] > disk->time[DISK_SEEK_FULL])
		diagnose(diagnostics, yaml_find(node, "seek.full"), NULL, "expected at least the time of seek.average");
}

void disk_load(struct disk_model *disk, struct yaml_node *root, uint64_t hertz, struct diagnostics *diagnostics)
{
	static const char *const buffers[] = {
#define X(name, word) word,
		DISK_BUFFERS(X)
#undef X
	};
	unsigned before = diagnostics->count, buffer = DISK_BUFFER_NONE;
	struct yaml_node *node = yaml_get(root, "disk", YAML_MAPPING, false, diagnostics);
	uint64_t write_buffer = 0;

	if (!node)
		return;
	disk->present = true;
	/* 16 heads and 63 sectors are what a command's registers can say. */
	load_uint(node, "cylinders", 16, 65535, &disk->cylinders, diagnostics);
	load_uint(node, "heads", 1, 16, &disk->heads, diagnostics);
	load_uint(node, "sectors", 1, 63, &disk->sectors, diagnostics);
	load_uint(node, "rpm", 60, 100000, &disk->rpm, diagnostics);
	load_uint(node, "head_skew", 0, 62, &disk->head_skew, diagnostics);
	load_uint(node, "cylinder_skew", 0, 62, &disk->cylinder_skew, diagnostics);
	yaml_word(node, "buffer", true, buffers, DISK_BUFFER_COUNT, &buffer, diagnostics);
	disk->buffer = (enum disk_buffer)buffer;
	yaml_uint(node, "write_buffer", false, 0, DISK_WRITE_BUFFER, &write_buffer, diagnostics);
	disk->write_buffer = (uint32_t)write_buffer;
	load_times(disk, node, hertz, diagnostics);
	load_faults(disk, node, diagnostics);
	if (diagnostics->count == before)
		check_times(disk, node, diagnostics);
}
