/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hostile guests.  An input becomes tables, tasks and programs (hostile/world.c, hostile/code.c) and a model; whatever
 * the guest does, it ends in order or at the limit, and how it is run changes nothing:
 *
 *   every access      what all others are compared with
 *   set-MRU, subset   where they are exact
 *   in slices         stopped every few cycles
 *   from a snapshot   taken in the midst, and gone on with in another machine
 *
 * A difference is told with the first event that differs.  The last byte: even, the programs are the input's bytes; odd,
 * instructions are made from them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sim/arch/x86/x86.h"
#include "sim/core/error.h"
#include "sim/machine/machine.h"
#include "tests/fuzz/hostile/world.h"

enum { LIMIT = 1000000 /* cycles */, MEMORY = 2 << 20, EVENTS_MOST = 1 << 18 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const uint8_t hostile_begin[], hostile_end[];

/* One way to run a guest. */
struct way {
	const char *name;
	enum engine_mode gear;
	cycle_t slice;    /* 0: at one go */
	cycle_t snapshot; /* 0: none */
};

struct outcome {
	enum machine_status status;
	cycle_t cycles;
	uint64_t instructions;
	struct digest digest;
	char reason[256];
};

/* --- models --- */

struct kind {
	enum tlb_policy policy;
	uint32_t entries, ways, tag_bits;
	bool split;
};

static const struct kind kind[] = {
	{ TLB_PSEUDO_LRU, 32, 4, 0, false }, { TLB_PSEUDO_LRU, 32, 4, 0, true }, { TLB_LRU, 32, 4, 0, false },
	{ TLB_LRU, 4, 2, 0, false },         { TLB_LRU, 1, 1, 0, false },        { TLB_RANDOM, 16, 4, 0, true },
	{ TLB_ROUND_ROBIN, 2, 2, 3, false }, { TLB_FIFO, 8, 8, 0, false },       { TLB_PSEUDO_LRU, 64, 4, 6, true },
	{ TLB_LRU, 2, 1, 0, true },          { TLB_RANDOM, 32, 32, 2, false },   { TLB_FIFO, 1, 1, 0, true },
};
enum { KINDS = sizeof kind / sizeof *kind };

static void make_costs(struct model *model, struct choices *choices)
{
	uint32_t factor = 1 + choose(choices, 16);

	for (unsigned n = 0; n < X86_COST_COUNT; n++)
		model->cost[n] = 1 + n * factor % 11;
}

static void make_caches(struct model *model, struct choices *choices)
{
	model->cache_enabled = rarely(choices, 8);
	model->split_cache = model->family == 5;
	model->cache = (struct cache_geometry){ .size = 8192, .ways = 4, .line = 16 };
	model->code_cache = model->data_cache = model->cache;
	model->walk_cached = rarely(choices, 2);
}

static void make_model(struct model *model, struct choices *choices)
{
	const struct kind *tlb = &kind[choose(choices, KINDS)];

	memset(model, 0, sizeof *model);
	model->family = 3 + choose(choices, 3);
	model->hertz = 1000000u * (10 + choose(choices, 100));
	model->memory = MEMORY;
	model->tlb = (struct tlb_geometry){ tlb->entries, tlb->ways, tlb->policy, (uint8_t)tlb->tag_bits, 7, 12 };
	model->code_tlb = model->data_tlb = model->tlb;
	model->split_tlb = tlb->split;
	model->write_protect = model->invlpg = model->family > 3;
	model->large_pages = model->global_pages = model->pairing = model->branch_prediction = model->family == 5;
	if (model->family == 5 && rarely(choices, 2))
		model->large_tlb = (struct tlb_geometry){ 8, 4, tlb->policy, (uint8_t)tlb->tag_bits, 7, 22 };
	model->btb_entries = 16u << choose(choices, 5);
	model->btb_ways = 4;
	make_costs(model, choices);
	make_caches(model, choices);
}

static bool looks_at_hits(const struct model *model)
{
	return model->tlb.policy == TLB_LRU || model->tlb.policy == TLB_PSEUDO_LRU;
}

/* --- the image --- */

static const struct image *template(void)
{
	static struct image image;
	struct muk_error error = { 0 };

	if (!image.bytes && image_read(&image, "hostile", hostile_begin, (size_t)(hostile_end - hostile_begin), &error) != MUK_OK) {
		fprintf(stderr, "fuzz_guest: %s\n", error.text);
		abort();
	}
	return &image;
}

/* The guest, written over the one segment of the image. */
static const struct image *make_image(struct choices *choices, const struct model *model, bool raw)
{
	const struct image *image = template();
	size_t offset = (size_t)(image->segment[0].data - image->bytes);
	struct world world = { .choices = choices, .family = model->family, .memory = image->bytes + offset };

	memcpy(image->bytes, hostile_begin, image->size);
	world_make(&world, raw);
	return image;
}

/* --- running --- */

/* What a run leaves, kept to tell a difference. */
struct events {
	struct event *event;
	unsigned count;
	struct machine_reading total;
	uint8_t *memory;
};

static void keep_events(void *ctx, const struct event *event, unsigned count, uint64_t first, const struct digest *after)
{
	struct events *events = ctx;

	(void)first;
	(void)after;
	if (count > EVENTS_MOST - events->count)
		count = EVENTS_MOST - events->count;
	memcpy(events->event + events->count, event, count * sizeof *event);
	events->count += count;
}

static struct machine *make_machine(const struct model *model, const struct image *image, struct events *events)
{
	struct machine_config config = { .model = model, .kernel = image };
	struct muk_error error = { 0 };
	struct machine *machine;

	if (events)
		config.sink = (struct journal_sink){ keep_events, events };
	if (machine_create(&machine, &config, &error) != MUK_OK) {
		fprintf(stderr, "fuzz_guest: %s\n", error.text);
		abort();
	}
	return machine;
}

/* Goes on in another machine. */
static struct machine *move(struct machine *from, const struct model *model, const struct image *image, struct events *events)
{
	struct machine *to = make_machine(model, image, events);
	struct muk_error error = { 0 };
	struct stream stream;

	stream_init(&stream);
	muk_assert(machine_snapshot(from, &stream, &error) == MUK_OK);
	muk_assert(machine_restore(to, &stream, &error) == MUK_OK);
	stream_free(&stream);
	machine_destroy(from);
	return to;
}

static void run(const struct way *way, struct model *model, const struct image *image, struct outcome *outcome,
                struct events *events)
{
	struct machine_reading reading;

	model->engine = way->gear;
	struct machine *machine = make_machine(model, image, events);
	if (way->snapshot && machine_run(machine, way->snapshot) == MACHINE_RUNNING)
		machine = move(machine, model, image, events);
	machine_read(machine, &reading);
	for (cycle_t until = reading.cycles; way->slice && until < LIMIT; until += way->slice)
		if (machine_run(machine, until) != MACHINE_RUNNING)
			break;
	machine_run(machine, LIMIT);
	machine_finish(machine, MACHINE_LIMIT);
	machine_read(machine, &reading);
	*outcome = (struct outcome){ machine_status(machine), reading.cycles, reading.instructions, machine_digest(machine), "" };
	snprintf(outcome->reason, sizeof outcome->reason, "%s", machine_reason(machine));
	if (events) {
		uint32_t size;
		events->total = reading;
		memcpy(events->memory, machine_memory(machine, &size), MEMORY);
	}
	machine_destroy(machine);
}

/* --- comparing --- */

static bool same(const struct outcome *a, const struct outcome *b)
{
	return a->status == b->status && a->cycles == b->cycles && memcmp(&a->digest, &b->digest, sizeof a->digest) == 0;
}

static void print_event(const char *name, const struct event *event)
{
	fprintf(stderr, "  %-16s cycle %llu instruction %llu pc %#x %s", name, (unsigned long long)event->cycle,
	        (unsigned long long)event->instruction, event->pc, event_kind_name(event->kind));
	for (unsigned n = 0; n < event->args; n++)
		fprintf(stderr, " %#x", event->arg[n]);
	fprintf(stderr, "\n");
}

static void tell_totals(const struct events events[2])
{
	for (unsigned n = 0; n < machine_counters(ARCH_X86); n++)
		if (events[0].total.count[n] != events[1].total.count[n])
			fprintf(stderr, "  %s: %llu, %llu\n", machine_counter(ARCH_X86, n), (unsigned long long)events[0].total.count[n],
			        (unsigned long long)events[1].total.count[n]);
	for (uint32_t at = 0; at < MEMORY; at++) {
		if (events[0].memory[at] == events[1].memory[at])
			continue;
		fprintf(stderr, "  memory at %#x: %#x, %#x\n", at, events[0].memory[at], events[1].memory[at]);
		break;
	}
}

static void tell_difference(const struct way way[2], struct model *model, const struct image *image)
{
	struct events events[2];
	struct outcome outcome;
	unsigned n = 0;

	for (unsigned i = 0; i < 2; i++) {
		events[i] = (struct events){ .event = calloc(EVENTS_MOST, sizeof(struct event)), .memory = malloc(MEMORY) };
		run(&way[i], model, image, &outcome, &events[i]);
		fprintf(stderr, "  %-16s %s, cycles %llu, instructions %llu, events %u: %s\n", way[i].name,
		        machine_status_name(outcome.status), (unsigned long long)outcome.cycles,
		        (unsigned long long)outcome.instructions, events[i].count, outcome.reason);
	}
	while (n < events[0].count && n < events[1].count && !memcmp(&events[0].event[n], &events[1].event[n], sizeof(struct event)))
		n++;
	for (unsigned before = n > 3 ? n - 3 : 0; before < n; before++)
		print_event("both", &events[0].event[before]);
	for (unsigned i = 0; i < 2; i++)
		if (n < events[i].count)
			print_event(way[i].name, &events[i].event[n]);
	tell_totals(events);
}

static void compare(const struct way *first, const struct outcome *expected, const struct way *way, struct model *model,
                    const struct image *image)
{
	struct outcome outcome;

	run(way, model, image, &outcome, NULL);
	if (same(expected, &outcome))
		return;
	fprintf(stderr, "fuzz_guest: %s is not as %s\n", way->name, first->name);
	tell_difference((const struct way[]){ *first, *way }, model, image);
	abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct way first = { "every access", ENGINE_EVERY_ACCESS, 0, 0 };
	static struct model model;
	struct choices choices;
	struct outcome outcome;

	choices_init(&choices, data, size);
	make_model(&model, &choices);
	const struct image *image = make_image(&choices, &model, size && data[size - 1] % 2 == 0);
	run(&first, &model, image, &outcome, NULL);
	if (getenv("FUZZ_GUEST_TELL"))
		fprintf(stderr, "%s, cycles %llu, instructions %llu: %s\n", machine_status_name(outcome.status),
		        (unsigned long long)outcome.cycles, (unsigned long long)outcome.instructions, outcome.reason);
	enum engine_mode fast = model.cache_enabled      ? ENGINE_EVERY_ACCESS
	                        : looks_at_hits(&model) ? ENGINE_SET_MRU
	                                                : ENGINE_SUBSET;
	const struct way ways[] = {
		{ "set-MRU", ENGINE_SET_MRU, 0, 0 },
		{ "subset", ENGINE_SUBSET, 0, 0 },
		{ "slices", fast, 500 + choose(&choices, 10000), 0 },
		{ "from a snapshot", fast, 0, 1 + choose(&choices, 65536) * outcome.cycles / 65536 },
	};
	for (unsigned n = model.cache_enabled ? 2 : 0; n < 4; n++)
		if (ways[n].gear != ENGINE_SUBSET || !looks_at_hits(&model))
			compare(&first, &outcome, &ways[n], &model, image);
	return 0;
}
