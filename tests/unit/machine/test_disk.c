/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Machines with a disk: the program bare-disk reads and writes it. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "sim/machine/machine.h"
#include "sim/model/load.h"

enum { DISK_SIZE = 512 << 10, ENOUGH = 100000000 };

static struct image guest;
static struct model model;
static struct muk_error error;
static uint8_t disk[DISK_SIZE], disk_before[DISK_SIZE];

static void set_up(void)
{
	struct diagnostics diagnostics;

	diagnostics_init(&diagnostics);
	struct yaml_node *root = model_open("i386dx-25", NULL, NULL, &diagnostics);
	cr_assert(root && model_load(&model, root, &diagnostics), "%s", diagnostics_render(&diagnostics));
	yaml_destroy(root);
	cr_assert_eq(image_read_file(&guest, getenv("MUK_GUEST"), &error), MUK_OK, "%s", error.text);
	for (size_t n = 0; n < sizeof disk; n++)
		disk[n] = disk_before[n] = (uint8_t)(n * 2654435761u >> 24);
}

static void tear_down(void)
{
	cr_assert_arr_eq(disk, disk_before, sizeof disk, "the image is only read");
	image_free(&guest);
}

TestSuite(machine_disk, .init = set_up, .fini = tear_down, .timeout = 60);

static enum muk_err try(struct machine **machine, const void *image, uint64_t size)
{
	struct machine_config config = {
		.model = &model, .kernel = &guest, .command_line = "bare-disk", .disk = {"test", image, size}
	};

	return machine_create(machine, &config, &error);
}

static struct machine *make(void)
{
	struct machine *machine;

	cr_assert_eq(try(&machine, disk, sizeof disk), MUK_OK, "%s", error.text);
	return machine;
}

static void finish(struct machine *machine, char text[static 33])
{
	struct digest digest;

	machine_run(machine, ENOUGH);
	machine_finish(machine, MACHINE_LIMIT);
	cr_assert_eq(machine_status(machine), MACHINE_OK, "%s\n%s", machine_reason(machine),
	             machine_console(machine, NULL));
	digest = machine_digest(machine);
	digest_print(&digest, text);
	machine_destroy(machine);
}

Test(machine_disk, without_an_image_there_is_no_disk)
{
	struct machine *machine;

	cr_assert_eq(try(&machine, NULL, 0), MUK_OK);
	machine_run(machine, ENOUGH);
	cr_assert_eq(machine_status(machine), MACHINE_FAILED);
	cr_assert(strstr(machine_console(machine, NULL), "no disk"));
	machine_destroy(machine);
}

Test(machine_disk, what_does_not_fit_is_refused)
{
	struct machine *machine;

	cr_assert_eq(try(&machine, disk, (uint64_t)disk_model_sectors(&model.disk) * 512 + 512), MUK_ERR_INPUT);
	cr_assert_null(machine);
	cr_assert(strstr(error.text, "\"test\""), "%s", error.text);
	model.disk.present = false;
	cr_assert_eq(try(&machine, disk, sizeof disk), MUK_ERR_INPUT);
	cr_assert_null(machine);
}

Test(machine_disk, a_run_has_one_digest_and_another_disk_another_one)
{
	char first[33], second[33], other[33];

	finish(make(), first);
	finish(make(), second);
	cr_assert_str_eq(first, second);
	disk[1000] ^= 1;
	finish(make(), other);
	cr_assert_str_neq(first, other);
	disk[1000] ^= 1;
}

Test(machine_disk, a_slower_disk_takes_longer)
{
	struct machine *machine = make();
	struct machine_reading fast, slow;

	machine_run(machine, ENOUGH);
	machine_read(machine, &fast);
	machine_destroy(machine);
	model.disk.time[DISK_WRITE_OVERHEAD] += 1000000;
	machine = make();
	machine_run(machine, ENOUGH);
	machine_read(machine, &slow);
	machine_destroy(machine);
	cr_assert_geq(slow.cycles, fast.cycles + 500000, "%lu, %lu", (unsigned long)fast.cycles, (unsigned long)slow.cycles);
}

Test(machine_disk, the_way_of_the_engine_does_not_show)
{
	char ways[3][33];

	for (unsigned n = 0; n < 3; n++) {
		model.engine = (enum engine_mode[]){ENGINE_SET_MRU, ENGINE_SUBSET, ENGINE_EVERY_ACCESS}[n];
		finish(make(), ways[n]);
	}
	cr_assert_str_eq(ways[0], ways[1]);
	cr_assert_str_eq(ways[0], ways[2]);
}

/* A run up to a cycle, a snapshot, and another machine that goes on. */
static void resume_from(cycle_t cycle, const char *whole)
{
	struct machine *machine = make(), *other = make();
	struct stream stream;
	char resumed[33];

	machine_run(machine, cycle);
	stream_init(&stream);
	cr_assert_eq(machine_snapshot(machine, &stream, &error), MUK_OK);
	machine_run(machine, ENOUGH); /* what it does later is not in the snapshot */
	machine_destroy(machine);
	cr_assert_eq(machine_restore(other, &stream, &error), MUK_OK, "%s", error.text);
	stream_free(&stream);
	finish(other, resumed);
	cr_assert_str_eq(resumed, whole, "from cycle %lu", (unsigned long)cycle);
}

Test(machine_disk, a_snapshot_in_the_midst_of_a_transfer_goes_on_to_the_same_digest)
{
	char whole[33];

	finish(make(), whole);
	for (cycle_t cycle = 10000; cycle < 3200000; cycle += 431717)
		resume_from(cycle, whole);
}
