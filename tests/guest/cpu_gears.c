/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TAP: how the engine may hold the model's TLB changes nothing, nor does a snapshot.  bare-cpu, with all its faults,
 * tasks and page tables, comes to one digest in every gear that is exact for a policy, with and without caches; and
 * when it is stopped in its midst, and goes on in another machine.
 *
 *   cpu_gears bare-cpu.elf MODEL...
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sim/machine/machine.h"
#include "sim/model/load.h"

enum { LIMIT = 100000000 /* cycles */ };

static unsigned number;

static _Noreturn void fail(const char *what, const char *why)
{
	fprintf(stderr, "cpu_gears: %s: %s\n", what, why);
	exit(2);
}

static void open_model(struct model *model, const char *name)
{
	struct diagnostics diagnostics;

	diagnostics_init(&diagnostics);
	struct yaml_node *root = model_open(name, NULL, NULL, &diagnostics);
	if (root == NULL || !model_load(model, root, &diagnostics))
		fail(name, diagnostics_render(&diagnostics));
	yaml_destroy(root);
	diagnostics_free(&diagnostics);
}

static struct digest run(const struct model *model, const struct image *image, enum machine_status *status)
{
	struct machine_config config = { .model = model, .kernel = image, .command_line = "bare-cpu brief" };
	struct muk_error error = { .code = MUK_OK };
	struct machine *machine;

	if (machine_create(&machine, &config, &error) != MUK_OK)
		fail(model->name, error.text);
	machine_run(machine, LIMIT);
	machine_finish(machine, MACHINE_LIMIT);
	*status = machine_status(machine);
	struct digest digest = machine_digest(machine);
	machine_destroy(machine);
	return digest;
}

/* One policy: every-access is what the others are compared with. */
static void compare(struct model *model, const struct image *image, enum tlb_policy policy, bool cache)
{
	static const enum engine_mode modes[] = { ENGINE_SET_MRU, ENGINE_SUBSET };
	bool by_hits = policy == TLB_LRU || policy == TLB_PSEUDO_LRU, same = true;
	enum machine_status status;

	model->tlb.policy = model->code_tlb.policy = model->data_tlb.policy = model->large_tlb.policy = policy;
	model->cache_enabled = cache;
	model->engine = ENGINE_EVERY_ACCESS;
	struct digest first = run(model, image, &status);
	bool fine = status == MACHINE_OK;
	for (unsigned n = 0; n < 2 && !cache; n++) {
		if (modes[n] == ENGINE_SUBSET && by_hits)
			continue; /* not exact for it: refused */
		model->engine = modes[n];
		struct digest other = run(model, image, &status);
		fine &= status == MACHINE_OK;
		same &= memcmp(&other, &first, sizeof other) == 0;
	}
	printf("%s %u - %s, %s%s: all claims hold, one digest in all gears\n", fine && same ? "ok" : "not ok", ++number,
	       model->name, tlb_policy_name(policy), cache ? ", caches" : "");
}

/* Runs to a cycle, takes a snapshot, and goes on from it in another machine. */
static struct digest run_in_two(const struct machine_config *config, cycle_t at, enum machine_status *status)
{
	struct muk_error error = { .code = MUK_OK };
	struct machine *first, *second;
	struct stream stream;

	stream_init(&stream);
	if (machine_create(&first, config, &error) != MUK_OK || machine_create(&second, config, &error) != MUK_OK)
		fail("machine", error.text);
	machine_run(first, at);
	if (machine_snapshot(first, &stream, &error) != MUK_OK)
		fail("snapshot", error.text);
	machine_destroy(first);
	stream_rewind(&stream);
	if (machine_restore(second, &stream, &error) != MUK_OK)
		fail("restore", error.text);
	stream_free(&stream);
	machine_run(second, LIMIT);
	machine_finish(second, MACHINE_LIMIT);
	*status = machine_status(second);
	struct digest digest = machine_digest(second);
	machine_destroy(second);
	return digest;
}

static void compare_snapshots(const struct model *model, const struct image *image)
{
	struct machine_config config = { .model = model, .kernel = image, .command_line = "bare-cpu brief" };
	enum machine_status status;
	struct digest whole = run(model, image, &status);
	bool same = true;

	for (cycle_t at = 50021; at < 900000; at += 170003) {
		struct digest parts = run_in_two(&config, at, &status);
		same &= status == MACHINE_OK && memcmp(&parts, &whole, sizeof parts) == 0;
	}
	printf("%s %u - %s: goes on from snapshots to the same digest\n", same ? "ok" : "not ok", ++number, model->name);
}

int main(int argc, char **argv)
{
	static struct image image;
	struct muk_error error = { .code = MUK_OK };

	if (argc < 3)
		fail("usage", "bare-cpu.elf MODEL...");
	if (image_read_file(&image, argv[1], &error) != MUK_OK)
		fail(argv[1], error.text);
	for (int at = 2; at < argc; at++) {
		static struct model model;
		open_model(&model, argv[at]);
		compare_snapshots(&model, &image);
		for (unsigned policy = 0; policy < TLB_POLICY_COUNT; policy++)
			compare(&model, &image, (enum tlb_policy)policy, false);
		compare(&model, &image, TLB_PSEUDO_LRU, true);
	}
	printf("1..%u\n", number);
	return 0;
}
