/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Machines with MIPS processors: how their runs end, what is counted, names, snapshots. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/core/ledger.h"
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
	load_model("r3000-25");
	cr_assert_eq(image_read_file(&guest, getenv("MUK_GUEST"), &error), MUK_OK, "%s", error.text);
}

static void tear_down(void)
{
	image_free(&guest);
}

TestSuite(machine_mips, .init = set_up, .fini = tear_down, .timeout = 60);

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

/* --- ends --- */

static const struct {
	const char *word;
	enum machine_status status;
	const char *reason;
} ends[] = {
	{ "ok", MACHINE_OK, "" },
	{ "code", MACHINE_FAILED, "code 3" },
	{ "panic", MACHINE_PANIC, "out of patience" },
	{ "reset", MACHINE_FAILED, "the guest reset the board without having shut down" },
	{ "deadlock", MACHINE_DEADLOCK, "halted with nothing that could wake it at 0x8010" },
	{ "two", MACHINE_SHUTDOWN, "entry 10 (page 0x00400, address space 0) and entry 20" },
	{ "endless", MACHINE_SHUTDOWN, "has missed page 0x00400 10000 times" },
};

Test(machine_mips, a_run_ends_as_the_guest_has_it)
{
	for (unsigned n = 0; n < sizeof ends / sizeof *ends; n++) {
		struct machine *machine = run(ends[n].word);

		cr_assert_eq(machine_status(machine), ends[n].status, "%s: %s", ends[n].word, machine_reason(machine));
		cr_assert(strstr(machine_reason(machine), ends[n].reason), "%s: %s", ends[n].word, machine_reason(machine));
		machine_destroy(machine);
	}
}

Test(machine_mips, a_shutdown_tells_the_instruction_and_its_address)
{
	struct machine *machine = run("two");

	cr_assert(strstr(machine_reason(machine), "epc 0x8010"), "%s", machine_reason(machine));
	cr_assert(strstr(machine_reason(machine), "badvaddr 0x400000"), "%s", machine_reason(machine));
	machine_destroy(machine);
}

Test(machine_mips, an_image_of_another_architecture_is_refused)
{
	struct machine_config config = { .model = &model, .kernel = &guest, .command_line = "" };
	struct machine *machine;

	load_model("i486dx-50");
	cr_assert_eq(machine_create(&machine, &config, &error), MUK_ERR_INPUT);
	cr_assert(strstr(error.text, "cannot run on the model i486dx-50: it is for MIPS"), "%s", error.text);
}

/* --- what is seen of it --- */

Test(machine_mips, what_the_serial_line_sent_is_kept)
{
	struct machine *machine = run("hello");

	cr_assert_str_eq(machine_console(machine, NULL), "hello, world\n");
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

Test(machine_mips, spans_values_and_threads_are_measured_and_every_cycle_is_accounted_for)
{
	struct machine *machine = run("spans");
	const struct machine_value *value;
	const struct machine_span *span;
	struct machine_reading total;
	struct closing closing = { 0 };

	cr_assert_eq(machine_spans(machine, &span), 1);
	cr_assert(span->count == 4 && (span->last.instructions - span->first.instructions) % 300 == 0);
	cr_assert(machine_values(machine, &value) >= 1 && value->last == 4 && value->sum == 10);
	cr_assert_str_eq(machine_thread_name(machine, 9), "worker");
	machine_read(machine, &total);
	ledger_each(machine_ledger(machine), add_row, &closing);
	cr_assert_eq(closing.sum, total.cycles);
	cr_assert(closing.worker > 0 && closing.named);
	machine_destroy(machine);
}

Test(machine_mips, a_name_that_the_tlb_does_not_hold_is_the_speaking_programs)
{
	struct machine *machine = run("names");

	cr_assert_eq(machine_status(machine), MACHINE_OK);
	cr_assert_str_eq(machine_task_name(machine, 3), "one that is not mapped");
	machine_destroy(machine);
}

Test(machine_mips, counters_are_those_of_its_processors)
{
	bool refill = false;

	cr_assert_gt(machine_counters(ARCH_MIPS), machine_counters(ARCH_X86));
	for (unsigned n = 0; n < machine_counters(ARCH_MIPS); n++)
		refill |= !strcmp(machine_counter(ARCH_MIPS, n), "utlb_misses");
	cr_assert(refill);
	cr_assert_null(machine_counter(ARCH_MIPS, machine_counters(ARCH_MIPS)));
}

/* --- the same again --- */

Test(machine_mips, the_way_of_the_engine_does_not_show)
{
	static const enum engine_mode modes[] = { ENGINE_AUTO, ENGINE_EVERY_ACCESS };
	static const char *const words[] = { "spans", "churn", "endless" };
	char first[33], other[33];

	for (unsigned word = 0; word < 3; word++)
		for (unsigned mode = 0; mode < 2; mode++) {
			model.engine = modes[mode];
			struct machine *machine = run(words[word]);

			digest_of(machine, mode ? other : first);
			machine_destroy(machine);
			if (mode)
				cr_assert_str_eq(first, other, "%s", words[word]);
		}
}

static void resumes(const char *word, cycle_t at)
{
	struct machine *whole = run(word), *begun = make(word), *resumed = make(word);
	char expected[33], got[33];
	struct stream stream;

	stream_init(&stream);
	machine_run(begun, at);
	cr_assert_eq(machine_snapshot(begun, &stream, &error), MUK_OK, "%s", error.text);
	cr_assert_eq(machine_restore(resumed, &stream, &error), MUK_OK, "%s", error.text);
	machine_run(resumed, 50000000);
	machine_finish(resumed, MACHINE_LIMIT);
	digest_of(whole, expected);
	digest_of(resumed, got);
	cr_assert_str_eq(got, expected, "%s from %llu", word, (unsigned long long)at);
	cr_assert_str_eq(machine_reason(resumed), machine_reason(whole));
	stream_free(&stream);
	machine_destroy(whole);
	machine_destroy(begun);
	machine_destroy(resumed);
}

Test(machine_mips, a_snapshot_goes_on_to_the_same_digest)
{
	resumes("churn", 1000);
	resumes("churn", 777777);
	resumes("spans", 2000);
	resumes("hello", 30000);
	resumes("endless", 20000); /* in the midst of counting */
}
