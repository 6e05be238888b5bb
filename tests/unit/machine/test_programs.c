/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs that a guest loads by itself are known by their content: functions, probes, and nothing else.
 * What tasks.c calls: a six times, b twice; the last time a's first page, with the probe a_first, is changed in a byte.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/machine/machine.h"
#include "sim/model/load.h"

static struct image guest, a, b;
static struct model model;
static struct muk_error error;

static void set_up(void)
{
	struct diagnostics diagnostics;

	diagnostics_init(&diagnostics);
	struct yaml_node *root = model_open("i486dx-50", NULL, NULL, &diagnostics);

	cr_assert(root && model_load(&model, root, &diagnostics), "%s", diagnostics_render(&diagnostics));
	yaml_destroy(root);
	cr_assert_eq(image_read_file(&guest, getenv("MUK_GUEST"), &error), MUK_OK, "%s", error.text);
	cr_assert_eq(image_read_file(&a, getenv("MUK_PROGRAM_A"), &error), MUK_OK, "%s", error.text);
	cr_assert_eq(image_read_file(&b, getenv("MUK_PROGRAM_B"), &error), MUK_OK, "%s", error.text);
}

static void tear_down(void)
{
	image_free(&guest);
	image_free(&a);
	image_free(&b);
}

/* The modules are what is loaded; first and second are what is known. */
static struct machine *make(const struct image *first, const struct image *second)
{
	static struct image loaded[2];
	static struct image_segment segment[2];
	struct machine_config config = { .model = &model, .kernel = &guest, .command_line = "", .modules = 2 };
	struct machine *machine;

	loaded[0] = a; /* not the same images: what is known must not come from where modules are linked */
	loaded[1] = b;
	for (unsigned n = 0; n < 2; n++) {
		loaded[n].symbols = loaded[n].probes = 0;
		cr_assert_eq(loaded[n].segments, 1);
		segment[n] = loaded[n].segment[0];
		segment[n].paddr = (n + 1) << 22; /* both are linked at one address, where no memory is */
		loaded[n].segment = &segment[n];
		config.module[n] = (struct boot_module){ &loaded[n], "program" };
	}
	if (first)
		config.program[config.programs++] = first;
	if (second)
		config.program[config.programs++] = second;
	cr_assert_eq(machine_create(&machine, &config, &error), MUK_OK, "%s", error.text);
	return machine;
}

static struct machine *run(const struct image *first, const struct image *second)
{
	struct machine *machine = make(first, second);

	machine_run(machine, 50000000);
	machine_finish(machine, MACHINE_LIMIT);
	cr_assert_eq(machine_status(machine), MACHINE_OK, "%s", machine_reason(machine));
	return machine;
}

static uint64_t fired(const struct machine *machine, const char *name)
{
	const char *its_name;

	for (unsigned n = 0; (its_name = machine_probe(machine, n, NULL)); n++)
		if (strcmp(its_name, name) == 0)
			return machine_probe_count(machine, n);
	return UINT64_MAX;
}

struct wanted {
	const struct machine *machine;
	const char *name;
	cycle_t cycles;
};

static void add_row(void *ctx, const struct ledger_row *row)
{
	struct wanted *wanted = ctx;
	const char *name = machine_function(wanted->machine, row->function);

	if (name && strcmp(name, wanted->name) == 0)
		wanted->cycles += row->cycles;
}

static cycle_t cycles_of(struct machine *machine, const char *name)
{
	struct wanted wanted = { .machine = machine, .name = name };

	ledger_each(machine_ledger(machine), add_row, &wanted);
	return wanted.cycles;
}

static void digest_of(struct machine *machine, char text[static 33])
{
	struct digest digest = machine_digest(machine);

	digest_print(&digest, text);
}

TestSuite(programs, .init = set_up, .fini = tear_down, .timeout = 60);

Test(programs, should_fire_probes_wherever_the_code_was_copied)
{
	struct machine *machine = run(&a, &b);

	cr_assert_eq(fired(machine, "a_first"), 5, "its page was whole in five calls of six: %d", (int)fired(machine, "a_first"));
	cr_assert_eq(fired(machine, "a_last"), 6);
	cr_assert_eq(fired(machine, "b_first"), 2);
	cr_assert_eq(fired(machine, "b_last"), 2);
	machine_destroy(machine);
}

Test(programs, should_name_the_functions_that_ran)
{
	struct machine *machine = run(&a, &b);
	cycle_t of_a = cycles_of(machine, "program-a.elf:work"), of_b = cycles_of(machine, "program-b.elf:work");

	cr_assert_gt(of_a, 2700, "2700 rounds and more: %llu", (unsigned long long)of_a);
	cr_assert_gt(of_b, 900, "900 rounds: %llu", (unsigned long long)of_b);
	cr_assert_lt(of_b, of_a);
	machine_destroy(machine);
}

Test(programs, should_know_only_those_that_are_listed)
{
	struct machine *machine = run(&b, NULL);

	cr_assert_eq(fired(machine, "a_first"), UINT64_MAX, "a's probes are not known by name");
	cr_assert_eq(fired(machine, "b_first"), 2, "%d", (int)fired(machine, "b_first"));
	cr_assert_eq(cycles_of(machine, "program-a.elf:work"), 0);
	machine_destroy(machine);
}

Test(programs, should_give_numbers_in_the_order_of_the_list)
{
	struct machine *machine = run(&b, &a), *other = run(&a, &b);
	const char *name;
	uint32_t first_a = 0, first_b = 0;

	for (uint32_t n = 1; (name = machine_function(machine, n)); n++) {
		if (!first_a && strstr(name, "program-a.elf:"))
			first_a = n;
		if (!first_b && strstr(name, "program-b.elf:"))
			first_b = n;
	}
	cr_assert(first_b && first_b < first_a, "b was listed first");
	cr_assert_eq(fired(machine, "a_last"), fired(other, "a_last"));
	machine_destroy(machine);
	machine_destroy(other);
}

Test(programs, should_take_the_first_of_two_that_are_equal)
{
	struct image twin = a;

	snprintf(twin.name, sizeof twin.name, "twin");
	struct machine *machine = run(&twin, &a);

	cr_assert_gt(cycles_of(machine, "twin:last"), 0);
	cr_assert_eq(cycles_of(machine, "program-a.elf:last"), 0);
	cr_assert_eq(fired(machine, "a_last"), 6);
	machine_destroy(machine);
}

Test(programs, should_name_the_arguments_as_the_probe_does)
{
	struct machine *machine = run(&a, NULL);
	const char *name;
	unsigned args;

	for (unsigned n = 0; (name = machine_probe(machine, n, &args)); n++) {
		if (strcmp(name, "a_last") == 0)
			cr_assert_str_eq(machine_probe_arg_names(machine, n), "number value");
		if (strcmp(name, "shutdown") == 0)
			cr_assert_str_eq(machine_probe_arg_names(machine, n), "arg0");
	}
	machine_destroy(machine);
}

Test(programs, should_cost_the_guest_nothing)
{
	struct machine *known = run(&a, &b), *unknown = run(NULL, NULL);
	struct machine_reading with, without;

	machine_read(known, &with);
	machine_read(unknown, &without);
	/* A probe's no-op counts as an instruction where nobody knows of it. */
	cr_assert_eq(without.instructions, with.instructions + 5 + 6 + 2 + 2);
	cr_assert_eq(without.count[0], with.count[0], "the same TLB misses");
	machine_destroy(known);
	machine_destroy(unknown);
}

Test(programs, should_not_let_the_way_of_the_engine_show)
{
	char fast[33], exact[33];

	for (unsigned way = 0; way < 2; way++) {
		model.engine = way ? ENGINE_EVERY_ACCESS : ENGINE_SET_MRU;
		struct machine *machine = run(&a, &b);

		digest_of(machine, way ? exact : fast);
		machine_destroy(machine);
	}
	cr_assert_str_eq(fast, exact);
}

Test(programs, should_go_on_from_a_snapshot_to_the_same_digest_and_counts)
{
	char whole[33], text[33];
	struct machine *machine = run(&a, &b);

	digest_of(machine, whole);
	machine_destroy(machine);
	for (cycle_t cycle = 100; cycle < 1000000; cycle = cycle * 2 + 17) {
		struct stream stream;

		stream_init(&stream);
		machine = make(&a, &b);
		machine_run(machine, cycle);
		cr_assert_eq(machine_snapshot(machine, &stream, &error), MUK_OK, "%s", error.text);
		machine_destroy(machine);
		machine = make(&a, &b);
		cr_assert_eq(machine_restore(machine, &stream, &error), MUK_OK, "%s", error.text);
		machine_run(machine, 50000000);
		machine_finish(machine, MACHINE_LIMIT);
		digest_of(machine, text);
		cr_assert_str_eq(text, whole, "from cycle %llu", (unsigned long long)cycle);
		cr_assert_eq(fired(machine, "a_last"), 6);
		machine_destroy(machine);
		stream_free(&stream);
	}
}
