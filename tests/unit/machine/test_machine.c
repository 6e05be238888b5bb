/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Machines: how runs end, what is counted, that nothing depends on the host, and snapshots. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/machine/machine.h"
#include "sim/model/load.h"

static struct image guest;
static struct model model;
static struct muk_error error;

static void load_model(const char *name)
{
	struct diagnostics diagnostics;

	diagnostics_init(&diagnostics);
	struct yaml_node *root = model_open(name, NULL, NULL, &diagnostics);

	cr_assert(root && model_load(&model, root, &diagnostics), "%s", diagnostics_render(&diagnostics));
	yaml_destroy(root);
}

static void set_up(void)
{
	load_model("i486dx-50");
	cr_assert_eq(image_read_file(&guest, getenv("MUK_GUEST"), &error), MUK_OK, "%s", error.text);
}

static void tear_down(void)
{
	image_free(&guest);
}

static struct machine *make(const char *word)
{
	struct machine_config config = { .model = &model, .kernel = &guest, .command_line = word };
	struct machine *machine;

	cr_assert_eq(machine_create(&machine, &config, &error), MUK_OK, "%s", error.text);
	return machine;
}

static struct machine *run(const char *word)
{
	struct machine *machine = make(word);

	machine_run(machine, 50000000);
	machine_finish(machine, MACHINE_LIMIT);
	return machine;
}

static void digest_of(struct machine *machine, char text[static 33])
{
	struct digest digest = machine_digest(machine);

	digest_print(&digest, text);
}

TestSuite(machine, .init = set_up, .fini = tear_down, .timeout = 60);

Test(machine, should_end_well_when_the_guest_shuts_down)
{
	struct machine *machine = run("ok");

	cr_assert_eq(machine_status(machine), MACHINE_OK, "%s", machine_reason(machine));
	machine_destroy(machine);
}

Test(machine, should_report_a_shutdown_with_a_code_as_failed)
{
	struct machine *machine = run("code");

	cr_assert_eq(machine_status(machine), MACHINE_FAILED);
	cr_assert(strstr(machine_reason(machine), "3"), "%s", machine_reason(machine));
	machine_destroy(machine);
}

Test(machine, should_quote_a_panic)
{
	struct machine *machine = run("panic");

	cr_assert_eq(machine_status(machine), MACHINE_PANIC);
	cr_assert_str_eq(machine_reason(machine), "out of patience");
	machine_destroy(machine);
}

Test(machine, should_place_a_triple_fault)
{
	struct machine *machine = run("triple");

	cr_assert_eq(machine_status(machine), MACHINE_TRIPLE_FAULT);
	cr_assert(strstr(machine_reason(machine), "guest.elf:"), "%s", machine_reason(machine));
	machine_destroy(machine);
}

Test(machine, should_tell_a_deadlock_from_a_loop)
{
	struct machine *machine = run("deadlock");

	cr_assert_eq(machine_status(machine), MACHINE_DEADLOCK);
	machine_destroy(machine);
	machine = run("loop");
	cr_assert_eq(machine_status(machine), MACHINE_LIMIT);
	machine_destroy(machine);
}

Test(machine, should_keep_what_the_serial_line_sent)
{
	struct machine *machine = run("hello");

	cr_assert_eq(machine_status(machine), MACHINE_OK, "%s", machine_reason(machine));
	cr_assert_str_eq(machine_console(machine, NULL), "hello, serial line\n");
	machine_destroy(machine);
}

static const struct machine_span *named(const struct machine_span *span, const char *name)
{
	while (strcmp(span->name, name))
		span++;
	return span;
}

Test(machine, should_measure_spans_and_values)
{
	struct machine *machine = run("spans");
	const struct machine_span *span;
	const struct machine_value *value;

	cr_assert_eq(machine_status(machine), MACHINE_OK, "%s", machine_reason(machine));
	cr_assert_eq(machine_spans(machine, &span), 3, "work, empty, bcopy");
	const struct machine_span *work = named(span, "work"), *empty = named(span, "empty");

	cr_assert_eq(work->count, 4);
	cr_assert_eq(work->sum.cycles, work->sum.cause[CAUSE_INSTRUCTION] + work->sum.cause[CAUSE_TLB_WALK]);
	cr_assert_eq(work->first.cycles, work->least.cycles);
	cr_assert_eq(work->last.cycles, work->greatest.cycles);
	cr_assert_gt(work->last.instructions, 3 * work->first.instructions);
	cr_assert_eq(empty->sum.cycles, 0, "probes cost nothing, but %llu cycles passed", (unsigned long long)empty->sum.cycles);
	cr_assert_eq(machine_values(machine, &value), 1);
	cr_assert_eq(value->count, 4);
	cr_assert_eq(value->sum, 10);
	cr_assert_eq(value->last, 4);
	cr_assert_str_eq(machine_thread_name(machine, 9), "worker");
	machine_destroy(machine);
}

Test(machine, should_charge_twice_the_work_twice)
{
	/* Spans are exact: rounds of churn(n) differ by a constant number of cycles once its pages are in the TLB. */
	struct machine *machine = run("spans");
	const struct machine_span *span;

	machine_spans(machine, &span);
	const struct machine_span *work = named(span, "work");

	cr_assert_eq((work->last.instructions - work->first.instructions) % 300, 0, "300 rounds more, the same instructions each");
	machine_destroy(machine);
}

struct closing {
	cycle_t sum, worker;
	bool named;
};

static void add_row(void *ctx, const struct ledger_row *row)
{
	struct closing *closing = ctx;

	closing->sum += row->cycles;
	if (row->thread == 9)
		closing->worker += row->cycles;
	closing->named |= row->function != 0;
}

Test(machine, should_account_for_every_cycle)
{
	struct machine *machine = run("spans");
	struct machine_reading total;
	struct closing closing = { 0 };

	machine_read(machine, &total);
	ledger_each(machine_ledger(machine), add_row, &closing);
	cr_assert_eq(closing.sum, total.cycles);
	cr_assert_gt(closing.worker, 0, "the thread that ran last has cycles of its own");
	cr_assert(closing.named, "functions are known");
	machine_destroy(machine);
}

Test(machine, should_give_one_digest_for_the_first_and_the_hundredth_machine)
{
	char first[33], again[33];

	for (int i = 0; i < 100; i++) {
		struct machine *machine = run("hello");

		digest_of(machine, i ? again : first);
		machine_destroy(machine);
		if (i)
			cr_assert_str_eq(again, first, "machine %d", i);
	}
}

Test(machine, should_give_another_digest_for_another_run)
{
	char one[33], other[33];
	struct machine *machine = run("hello");

	digest_of(machine, one);
	machine_destroy(machine);
	machine = run("ok");
	digest_of(machine, other);
	machine_destroy(machine);
	cr_assert_str_neq(one, other);
}

static void digest_in_way(enum engine_mode way, char text[static 33])
{
	model.engine = way;
	struct machine *machine = run("churn");

	cr_assert_eq(machine_status(machine), MACHINE_OK, "%s", machine_reason(machine));
	digest_of(machine, text);
	machine_destroy(machine);
}

Test(machine, should_not_let_the_way_of_the_engine_show)
{
	char fast[33], exact[33];

	digest_in_way(ENGINE_SET_MRU, fast);
	digest_in_way(ENGINE_EVERY_ACCESS, exact);
	cr_assert_str_eq(fast, exact, "set-mru against every-access");
	model.tlb.policy = TLB_ROUND_ROBIN;
	digest_in_way(ENGINE_SUBSET, fast);
	digest_in_way(ENGINE_EVERY_ACCESS, exact);
	cr_assert_str_eq(fast, exact, "subset against every-access");
}

/* Runs to a cycle, takes a snapshot, and goes on in a new machine. */
static void resume_from(cycle_t cycle, const char *whole)
{
	struct machine *machine = make("churn");
	struct stream stream;
	char text[33];

	stream_init(&stream);
	machine_run(machine, cycle);
	cr_assert_eq(machine_snapshot(machine, &stream, &error), MUK_OK, "%s", error.text);
	machine_run(machine, 50000000);
	machine_finish(machine, MACHINE_LIMIT);
	digest_of(machine, text);
	cr_assert_str_eq(text, whole, "taking a snapshot at %llu changes nothing", (unsigned long long)cycle);
	machine_destroy(machine);

	machine = make("churn");
	cr_assert_eq(machine_restore(machine, &stream, &error), MUK_OK, "%s", error.text);
	machine_run(machine, 50000000);
	machine_finish(machine, MACHINE_LIMIT);
	digest_of(machine, text);
	cr_assert_str_eq(text, whole, "the run after a snapshot at %llu is the same", (unsigned long long)cycle);
	machine_destroy(machine);
	stream_free(&stream);
}

Test(machine, should_resume_from_a_snapshot_to_the_same_digest)
{
	char whole[33];
	struct machine *machine = run("churn");

	digest_of(machine, whole);
	machine_destroy(machine);
	for (cycle_t cycle = 1; cycle < 1000000; cycle = cycle * 3 + 17)
		resume_from(cycle, whole);
}

Test(machine, should_refuse_a_damaged_snapshot)
{
	struct machine *machine = make("churn");
	struct stream stream;

	stream_init(&stream);
	machine_snapshot(machine, &stream, &error);
	stream.size /= 2;
	cr_assert_eq(machine_restore(machine, &stream, &error), MUK_ERR_INPUT);
	stream_free(&stream);
	machine_destroy(machine);
}

/* R. Dean and F. Armand, Data Movement in Kernelized Systems: bcopy on a 386 at 25 MHz without a cache, 379 us for 4 KB. */
Test(machine, should_copy_a_page_on_a_386_without_a_cache_in_the_time_that_was_measured)
{
	load_model("i386dx-25");
	struct machine *machine = run("copy");
	const struct machine_span *span;

	cr_assert_eq(machine_status(machine), MACHINE_OK, "%s", machine_reason(machine));
	machine_spans(machine, &span);
	double us = (double)named(span, "bcopy")->last.cycles / 25;

	cr_assert(us > 379 * 0.95 && us < 379 * 1.05, "%f us", us);
	machine_destroy(machine);
}

#define WHO_WAITS "thread 1 (daemon) waits for work (event 0x10); thread 2 pager/1 waits for memory (event 0x20); " \
	"thread 7 waits for a message (event 0x70)"

static unsigned waiting;
static uint32_t waiting_thread[8];

static void note_waiting(void *ctx, const struct event *event, unsigned count, uint64_t first, const struct digest *after)
{
	(void)ctx, (void)first, (void)after;
	for (unsigned n = 0; n < count; n++)
		if (event[n].kind == EVENT_WAITING && waiting < 8)
			waiting_thread[waiting++] = event[n].arg[0];
}

Test(machine, should_name_who_waits_when_nothing_is_left_that_could_wake_anybody)
{
	struct machine_config config = { .model = &model, .kernel = &guest, .command_line = "dead-at-once",
	                                 .sink = { note_waiting, NULL } };
	struct machine *machine;

	cr_assert_eq(machine_create(&machine, &config, &error), MUK_OK, "%s", error.text);
	machine_run(machine, 50000000);
	machine_finish(machine, MACHINE_LIMIT);
	cr_assert_eq(machine_status(machine), MACHINE_DEADLOCK);
	cr_assert_str_eq(machine_reason(machine), "nothing can ever run again: " WHO_WAITS);
	cr_assert_eq(waiting, 3, "an event each");
	cr_assert(waiting_thread[0] == 1 && waiting_thread[1] == 2 && waiting_thread[2] == 7, "in the order of threads");
	machine_destroy(machine);
}

Test(machine, should_find_a_deadlock_behind_daemons_that_still_run)
{
	model.deadlock_after = 500000;
	struct machine *machine = run("dead-in-time");
	struct machine_reading total;

	cr_assert_eq(machine_status(machine), MACHINE_DEADLOCK, "%s", machine_reason(machine));
	cr_assert(strstr(machine_reason(machine), WHO_WAITS), "%s", machine_reason(machine));
	machine_read(machine, &total);
	cr_assert(total.cycles > 500000 && total.cycles < 600000, "%llu", (unsigned long long)total.cycles);
	machine_destroy(machine);
}

Test(machine, should_not_take_waiting_for_a_deadlock)
{
	model.deadlock_after = 500000;
	struct machine *machine = run("lives");

	cr_assert_eq(machine_status(machine), MACHINE_OK, "a thread runs every 8 turns: %s", machine_reason(machine));
	machine_destroy(machine);
	model.deadlock_after = 1;
	machine = run("device");
	cr_assert_eq(machine_status(machine), MACHINE_OK, "a device works: %s", machine_reason(machine));
	machine_destroy(machine);
}

Test(machine, should_find_the_same_deadlock_from_a_snapshot)
{
	char whole[33], text[33];

	model.deadlock_after = 500000;
	struct machine *machine = run("dead-in-time");
	digest_of(machine, whole);
	machine_destroy(machine);
	for (cycle_t cycle = 1000; cycle < 500000; cycle = cycle * 3 + 17) {
		struct stream stream;

		stream_init(&stream);
		machine = make("dead-in-time");
		machine_run(machine, cycle);
		cr_assert_eq(machine_snapshot(machine, &stream, &error), MUK_OK, "%s", error.text);
		machine_destroy(machine);
		machine = make("dead-in-time");
		cr_assert_eq(machine_restore(machine, &stream, &error), MUK_OK, "%s", error.text);
		machine_run(machine, 50000000);
		machine_finish(machine, MACHINE_LIMIT);
		digest_of(machine, text);
		cr_assert_str_eq(text, whole, "from cycle %llu", (unsigned long long)cycle);
		cr_assert(strstr(machine_reason(machine), WHO_WAITS), "%s", machine_reason(machine));
		machine_destroy(machine);
		stream_free(&stream);
	}
}
