/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of a run: what each probe, task, thread and function came to; how they are gathered, and their names.
 *
 *   machine --parts_take--> struct run_parts --names_part--> value
 *
 * Several tasks (or threads) of one name are one part, as far as a name goes: their sum.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/names_parts.h"

/* --- gathering --- */

struct gathering {
	struct run_parts *parts;
	const struct machine *machine;
	unsigned at[PART_KINDS];  /* the part met last: rows come in order */
	bool failed;
};

static const char *part_name(const struct machine *machine, enum part_kind kind, uint32_t id)
{
	return kind == PART_TASK     ? machine_task_name(machine, id)
	     : kind == PART_THREAD   ? machine_thread_name(machine, id)
	     : kind == PART_FUNCTION ? machine_function(machine, id) : NULL;
}

/* Makes room for one part more, named; NULL: no memory. */
static struct run_part *part_add(struct run_parts *parts, const char *name, uint32_t id)
{
	if ((parts->count & (parts->count - 1)) == 0) { /* full whenever it is a power of two */
		void *grown = realloc(parts->part, (parts->count ? 2 * parts->count : 1) * sizeof(*parts->part));
		if (!grown)
			return NULL;
		parts->part = grown;
	}
	struct run_part *part = &parts->part[parts->count++];
	memset(part, 0, sizeof(*part));
	part->id = id;
	part->named = name && *name;
	if (part->named)
		snprintf(part->name, sizeof(part->name), "%s", name);
	else
		snprintf(part->name, sizeof(part->name), "%u", id);
	return part;
}

static struct run_part *part_of(struct gathering *gathering, enum part_kind kind, uint32_t id)
{
	struct run_parts *parts = &gathering->parts[kind];
	unsigned *at = &gathering->at[kind];

	for (unsigned n = 0; n < parts->count; n++, *at = (*at + 1) % parts->count)
		if (parts->part[*at].id == id)
			return &parts->part[*at];
	*at = parts->count;
	return part_add(parts, part_name(gathering->machine, kind, id), id);
}

static void take_row(void *ctx, const struct ledger_row *row)
{
	const uint32_t id[] = {[PART_TASK] = row->task, [PART_THREAD] = row->thread, [PART_FUNCTION] = row->function};
	struct gathering *gathering = ctx;

	for (unsigned kind = PART_TASK; kind <= PART_FUNCTION && !gathering->failed; kind++) {
		struct run_part *part = part_of(gathering, (enum part_kind)kind, id[kind]);
		if (part)
			part->cause[row->cause] += row->cycles;
		else
			gathering->failed = true;
	}
}

bool parts_take(struct run_parts parts[static PART_KINDS], struct machine *machine)
{
	struct gathering gathering = {.parts = parts, .machine = machine};
	const char *name;

	for (unsigned n = 0; (name = machine_probe(machine, n, NULL)); n++) {
		struct run_part *probe = part_add(&parts[PART_PROBE], name, n);
		if (!probe)
			return false;
		probe->count = machine_probe_count(machine, n);
	}
	ledger_each(machine_ledger(machine), take_row, &gathering);
	return !gathering.failed;
}

void parts_free(struct run_parts parts[static PART_KINDS])
{
	for (unsigned kind = 0; kind < PART_KINDS; kind++)
		free(parts[kind].part);
}

/* --- names --- */

static const char *const kind_word[PART_KINDS] = {"probe", "task", "thread", "function"};

/* "task.NAME.cycles" or "task[NAME].cycles", after the kind's word: NAME and field. */
static bool take_apart(const char *rest, const char *kind, char name[static PART_NAME], const char **field,
                       const struct said *said)
{
	bool bracket = *rest == '[';
	const char *begin = rest + 1, *end = bracket ? strchr(begin, ']') : strrchr(begin, '.');

	if (!end || end == begin || (bracket && (end[1] != '.' || !end[2])) || (!bracket && !end[1]))
		return names_no(said, "expected %s.NAME.FIELD or %s[NAME].FIELD", kind, kind);
	if (end - begin >= PART_NAME)
		return names_no(said, "expected a name of at most %d bytes", PART_NAME - 1);
	snprintf(name, PART_NAME, "%.*s", (int)(end - begin), begin);
	*field = end + (bracket ? 2 : 1);
	return true;
}

/* The field of a part by name: count; or cycles (CAUSE_COUNT) and causes. -1 for none. */
static int part_field(enum part_kind kind, const char *field)
{
	if (kind == PART_PROBE)
		return strcmp(field, "count") ? -1 : 0;
	for (unsigned cause = 0; cause < CAUSE_COUNT; cause++)
		if (!strcmp(ledger_cause_name((enum ledger_cause)cause), field))
			return (int)cause;
	return strcmp(field, "cycles") ? -1 : CAUSE_COUNT;
}

static bool no_field(enum part_kind kind, const char *field, const struct said *said)
{
	const char *words[CAUSE_COUNT + 1] = {"count"};
	unsigned n = 0;

	if (kind == PART_PROBE)
		return names_no_such(said, "count", field, words, 1);
	for (; n < CAUSE_COUNT; n++)
		words[n] = ledger_cause_name((enum ledger_cause)n);
	words[n++] = "cycles";
	return names_no_such(said, "cycles or a cause", field, words, n);
}

static double part_value(const struct run_part *part, enum part_kind kind, int field)
{
	uint64_t sum = 0;

	if (kind == PART_PROBE)
		return (double)part->count;
	if (field < CAUSE_COUNT)
		return (double)part->cause[field];
	for (unsigned cause = 0; cause < CAUSE_COUNT; cause++)
		sum += part->cause[cause];
	return (double)sum;
}

static bool sum_parts(const struct place *place, enum part_kind kind, const char *name, int field, double *value,
                      const struct said *said)
{
	enum { WORDS = 256 };
	const struct run_parts *parts = &place->result->part[kind];
	const char *words[WORDS];
	char what[64];
	bool found = false;

	for (unsigned n = 0; n < parts->count; n++) {
		if (n < WORDS)
			words[n] = parts->part[n].name;
		if (strcmp(parts->part[n].name, name))
			continue;
		*value += part_value(&parts->part[n], kind, field);
		found = true;
	}
	snprintf(what, sizeof(what), kind == PART_PROBE ? "a probe of the run's images" : "a %s that ran",
	         kind_word[kind]);
	return found || names_no_such(said, what, name, words, parts->count < WORDS ? parts->count : WORDS);
}

bool names_part(const struct place *place, double *value, bool *mine, const struct said *said)
{
	char name[PART_NAME];
	const char *field;
	unsigned kind = 0;
	size_t size = strcspn(place->rest, ".[");

	while (kind < PART_KINDS && (strlen(kind_word[kind]) != size || memcmp(kind_word[kind], place->rest, size)))
		kind++;
	*mine = kind < PART_KINDS && place->rest[size];
	if (!*mine)
		return true;
	if (!take_apart(place->rest + size, kind_word[kind], name, &field, said))
		return false;
	int number = part_field((enum part_kind)kind, field);
	if (number < 0)
		return no_field((enum part_kind)kind, field, said);
	*value = 0;
	if (!place->result)
		return true;
	return names_ended(place, said) && sum_parts(place, (enum part_kind)kind, name, number, value, said);
}

bool names_image(const struct plan *plan, const char *name, double *value, const struct said *said)
{
	static const char *const fields[] = {"text", "data", "bss", "symbols"};
	enum { IMAGES = 256 };
	const char *words[IMAGES], *field;
	char image[PART_NAME];
	struct image_sizes sizes;
	unsigned f = 0, n = 0;

	if (!take_apart(name, "image", image, &field, said))
		return false;
	while (f < 4 && strcmp(fields[f], field))
		f++;
	if (f == 4)
		return names_no_such(said, "text, data, bss or symbols", field, fields, 4);
	while (n < IMAGES && (words[n] = plan_image_name(n)))
		n++;
	if (!plan_image_sizes(plan, image, &sizes))
		return names_no_such(said, "a kernel or program", image, words, n);
	const uint32_t size[] = {sizes.text, sizes.data, sizes.bss, sizes.symbols};
	*value = size[f];
	return true;
}
