/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Running sweeps, on a machine that is told what to come to (tests/unit/scenario/fake.c): who works changes nothing. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/sweep/sweep.h"

static char folder[] = "/tmp/muk-sweep-XXXXXX";
static struct diagnostics diagnostics;

static const char *in_folder(const char *name)
{
	static char path[4][128];
	static unsigned at;
	char *mine = path[at++ % 4];

	snprintf(mine, sizeof(path[0]), "%s/%s", folder, name);
	return mine;
}

static void write_file(const char *name, const char *text)
{
	FILE *file = fopen(in_folder(name), "w");

	cr_assert_not_null(file);
	fputs(text, file);
	fclose(file);
}

#define SCENARIO                                                                                                       \
	"schema: 1\nname: s\ntitle: t\nparameters: {cycles: 1000, how: ok, more: x}\nmodel: i486dx-50\nkernel: l4\n"   \
	"options: \"cycles=${cycles} end=${how} walk=100 span:rpc=10,20,30 ${more}\"\n"                                 \
	"metrics:\n  - {id: A, name: m, value: \"main.cycles\", unit: cycles}\n"                                       \
	"  - {id: B, name: m, value: \"main.rpc.count\", unit: calls}\n"
#define OPERATION "operation: {name: RPC, value: \"main.rpc.${field} / main.rpc.count\"}\n"

static void set_up(void)
{
	cr_assert_not_null(mkdtemp(folder));
	write_file("s.yaml", SCENARIO);
	diagnostics_init(&diagnostics);
}

static void tear_down(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", folder);
	cr_assert_eq(system(command), 0);
	diagnostics_free(&diagnostics);
}

TestSuite(sweep_work, .init = set_up, .fini = tear_down);

static void complain(void *ctx, const char *text)
{
	(void)ctx;
	cr_log_error("%s", text);
}

/* A plan in the folder, checked; rest: its lines after the head. */
static void open_plan(struct sweep_results *results, const char *rest)
{
	char text[2048];
	struct muk_error error = {0};

	memset(results, 0, sizeof(*results));
	snprintf(text, sizeof(text), "schema: 1\nname: p\ntitle: t\nscenario: s.yaml\n%s", rest);
	write_file("p.yaml", text);
	struct yaml_node *root = yaml_parse_file(in_folder("p.yaml"), &diagnostics);
	cr_assert_not_null(root);
	cr_assert(sweep_plan_load(&results->plan, root, &diagnostics), "%s", diagnostics_render(&diagnostics));
	cr_assert_eq(sweep_plan_check(&results->plan, complain, NULL, &error), MUK_OK);
	cr_assert_eq(sweep_results_init(results, &error), MUK_OK);
}

static bool keep(void *ctx, unsigned configuration, const void *bytes, size_t size)
{
	struct sweep_results *results = ctx;

	cr_assert(!results->known[configuration]);
	results->known[configuration] = sweep_result_unpack(&results->result[configuration], bytes, size);
	cr_assert_eq(results->result[configuration].configuration, configuration);
	return true;
}

static void work(struct sweep_results *results, unsigned jobs, const bool *skip)
{
	struct sweep_work all = {&results->plan, jobs, skip, keep, results};
	struct muk_error error = {0};

	cr_assert_eq(sweep_work(&all, &error), MUK_OK, "%s", error.text);
}

static void write_database(const struct sweep_results *results, const char *name)
{
	struct trace_writer *writer;
	struct muk_error error = {0};

	cr_assert_eq(trace_create(&writer, in_folder(name), TRACE_NONE, &error), MUK_OK, "%s", error.text);
	cr_assert_eq(sweep_results_write(results, writer), MUK_OK);
	cr_assert_eq(trace_close(writer, &error), MUK_OK);
}

static bool same_bytes(const char *a, const char *b)
{
	char command[300];

	snprintf(command, sizeof(command), "cmp -s %s %s", in_folder(a), in_folder(b));
	return system(command) == 0;
}

#define TWENTY "vary: {parameters.cycles: [1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1010], " \
	       "tlb.entries: [32, 64]}\n" OPERATION

Test(sweep_work, the_database_is_the_same_byte_for_byte_whatever_the_number_of_workers)
{
	static const unsigned jobs[] = {1, 3, 8};
	static const char *const name[] = {"1.db", "3.db", "8.db"};

	for (unsigned n = 0; n < 3; n++) {
		struct sweep_results results;
		open_plan(&results, TWENTY);
		work(&results, jobs[n], NULL);
		write_database(&results, name[n]);
		sweep_results_free(&results);
	}
	cr_assert(same_bytes("1.db", "3.db") && same_bytes("1.db", "8.db"));
}

Test(sweep_work, a_result_has_the_whole_run_and_one_operation)
{
	struct sweep_results results;

	open_plan(&results, TWENTY);
	work(&results, 2, NULL);
	for (unsigned n = 0; n < 20; n++) {
		const struct sweep_result *result = &results.result[n];
		cr_assert(results.known[n]);
		cr_assert_eq(result->cycles, 1001 + n / 2);
		cr_assert_eq(result->ledger[CAUSE_TLB_WALK], 100);
		cr_assert_float_eq(sweep_value(&results, (int)n, "cycles"), 20, 1e-9);
		cr_assert_float_eq(sweep_value(&results, (int)n, "instruction"), 20, 1e-9);
		cr_assert_float_eq(sweep_value(&results, (int)n, "tlb_misses"), 3, 1e-9);
		cr_assert_float_eq(sweep_value(&results, (int)n, "A"), 1001 + n / 2, 1e-9);
		cr_assert(isnan(sweep_value(&results, (int)n, "C")));
		cr_assert_eq(result->metrics, 2);
	}
	sweep_results_free(&results);
}

Test(sweep_work, what_is_skipped_is_not_run)
{
	struct sweep_results results;
	bool skip[20] = {[0] = true, [7] = true, [19] = true};

	open_plan(&results, TWENTY);
	work(&results, 3, skip);
	for (unsigned n = 0; n < 20; n++)
		cr_assert_eq(results.known[n], !skip[n]);
	sweep_results_free(&results);
}

Test(sweep_work, a_guest_that_fails_does_not_stop_the_others)
{
	struct sweep_results results;

	open_plan(&results, "vary: {parameters.how: [ok, panic, deadlock, ok2]}\nset: {limit: 5000cyc}\n" OPERATION);
	work(&results, 2, NULL);
	cr_assert_str_eq(results.result[0].status, "ok");
	cr_assert_str_eq(results.result[1].status, "panic");
	cr_assert_eq(results.result[1].exit, 3);
	cr_assert_str_eq(results.result[2].status, "deadlock");
	cr_assert_str_eq(results.result[3].status, "limit");
	cr_assert_eq(results.result[3].exit, 4);
	sweep_results_free(&results);
}

Test(sweep_work, a_worker_that_dies_costs_the_configuration_that_it_was_at)
{
	struct sweep_results results;

	open_plan(&results, "vary:\n  parameters.cycles: [1001, 1002, 1003, 1004]\n"
	                    "  end: {well: {}, badly: {options: \"die=9 cycles=${cycles} ${how} ${more}\"}}\n");
	work(&results, 2, NULL);
	for (unsigned n = 0; n < 8; n++) {
		cr_assert(results.known[n]);
		cr_assert_str_eq(results.result[n].status, n % 2 ? "defect" : "ok");
		cr_assert_eq(results.result[n].exit, n % 2 ? 70 : 0);
	}
	cr_assert_str_eq(results.result[1].reason, "the simulator was ended by signal 9");
	sweep_results_free(&results);
}

Test(sweep_work, a_database_gives_back_what_was_written)
{
	struct sweep_results results, again;
	struct muk_error error = {0};
	bool found;

	open_plan(&results, TWENTY "metrics: [B]\n");
	work(&results, 2, NULL);
	write_database(&results, "a.db");
	cr_assert_eq(sweep_results_read(&again, in_folder("a.db"), &found, &error), MUK_OK, "%s", error.text);
	cr_assert(found && !again.incomplete);
	cr_assert_str_eq(again.plan.identity, results.plan.identity);
	cr_assert_eq(again.plan.configurations, 20);
	for (unsigned n = 0; n < 20; n++) {
		cr_assert_str_eq(again.result[n].digest, results.result[n].digest);
		cr_assert_eq(again.result[n].cycles, results.result[n].cycles);
		cr_assert_float_eq(sweep_value(&again, (int)n, "B"), 3, 1e-9);
		cr_assert(isnan(sweep_value(&again, (int)n, "A")));
		cr_assert_eq(memcmp(again.result[n].ledger, results.result[n].ledger, sizeof(again.result[n].ledger)), 0);
	}
	write_database(&again, "b.db");
	cr_assert(same_bytes("a.db", "b.db"));
	sweep_results_free(&results);
	sweep_results_free(&again);
}

Test(sweep_work, the_identity_is_another_for_another_plan_or_scenario)
{
	struct sweep_results first, other, third;

	open_plan(&first, TWENTY);
	open_plan(&other, TWENTY "metrics: [A]\n");
	write_file("s.yaml", SCENARIO "  - {id: C, name: m, value: \"1\", unit: calls}\n");
	open_plan(&third, TWENTY);
	cr_assert_str_neq(first.plan.identity, other.plan.identity);
	cr_assert_str_neq(first.plan.identity, third.plan.identity);
	sweep_results_free(&first);
	sweep_results_free(&other);
	sweep_results_free(&third);
}

Test(sweep_work, what_was_changed_after_it_was_looked_at_is_not_run)
{
	struct sweep_results results;
	struct sweep_result result;

	open_plan(&results, TWENTY);
	write_file("s.yaml", SCENARIO "  - {id: C, name: m, value: \"1\", unit: calls}\n");
	sweep_run_one(&results.plan, 0, &result);
	cr_assert_str_eq(result.status, "error");
	cr_assert(strstr(result.reason, "was changed"), "%s", result.reason);
	sweep_result_free(&result);
	sweep_results_free(&results);
}

/* --- the part file --- */

struct seen {
	unsigned count;
	char text[8][16];
};

static bool see(void *ctx, const void *bytes, size_t size)
{
	struct seen *seen = ctx;

	memcpy(seen->text[seen->count++], bytes, size);
	return true;
}

static enum muk_err open_part(struct sweep_part **part, const char *identity, struct seen *seen)
{
	struct muk_error error = {0};

	memset(seen, 0, sizeof(*seen));
	return sweep_part_open(part, in_folder("x.part"), identity, see, seen, &error);
}

static const char *const one = "11111111111111111111111111111111", *const two = "22222222222222222222222222222222";

static void make_part(void)
{
	struct sweep_part *part;
	struct seen seen;
	struct muk_error error;

	cr_assert_eq(open_part(&part, one, &seen), MUK_OK);
	cr_assert_eq(sweep_part_add(part, "first", 6, &error), MUK_OK);
	cr_assert_eq(sweep_part_add(part, "second", 7, &error), MUK_OK);
	sweep_part_close(part, false);
}

Test(sweep_work, what_is_finished_is_taken_up_again)
{
	struct sweep_part *part;
	struct seen seen;
	struct muk_error error;

	make_part();
	cr_assert_eq(open_part(&part, one, &seen), MUK_OK);
	cr_assert_eq(seen.count, 2);
	cr_assert_str_eq(seen.text[1], "second");
	cr_assert_eq(sweep_part_add(part, "third", 6, &error), MUK_OK);
	sweep_part_close(part, false);
	cr_assert_eq(open_part(&part, one, &seen), MUK_OK);
	cr_assert_eq(seen.count, 3);
	cr_assert_str_eq(seen.text[2], "third");
	sweep_part_close(part, true);
	cr_assert_neq(access(in_folder("x.part"), F_OK), 0);
}

Test(sweep_work, a_record_that_was_not_written_whole_is_cut_off_at_every_length)
{
	for (long cut = 1; cut < 8 + 7; cut++) {
		struct sweep_part *part;
		struct seen seen;
		struct muk_error error;

		make_part();
		FILE *file = fopen(in_folder("x.part"), "r+");
		fseek(file, 0, SEEK_END);
		cr_assert_eq(ftruncate(fileno(file), ftell(file) - cut), 0);
		fclose(file);
		cr_assert_eq(open_part(&part, one, &seen), MUK_OK);
		cr_assert_eq(seen.count, 1, "cut %ld", cut);
		cr_assert_eq(sweep_part_add(part, "again", 6, &error), MUK_OK);
		sweep_part_close(part, false);
		cr_assert_eq(open_part(&part, one, &seen), MUK_OK);
		cr_assert_eq(seen.count, 2);
		cr_assert_str_eq(seen.text[1], "again");
		sweep_part_close(part, true);
	}
}

Test(sweep_work, a_part_without_a_record_is_begun_anew_whatever_there_is_of_its_head)
{
	struct sweep_part *part;
	struct seen seen;
	struct muk_error error;
	struct stat status;

	cr_assert_eq(open_part(&part, two, &seen), MUK_OK);
	sweep_part_close(part, false);
	cr_assert_eq(stat(in_folder("x.part"), &status), 0);
	for (off_t length = status.st_size; length >= 0; length--) {
		cr_assert_eq(truncate(in_folder("x.part"), length), 0);
		cr_assert_eq(open_part(&part, one, &seen), MUK_OK, "%ld", (long)length);
		cr_assert_eq(sweep_part_add(part, "first", 6, &error), MUK_OK);
		sweep_part_close(part, false);
		cr_assert_eq(open_part(&part, one, &seen), MUK_OK);
		cr_assert_eq(seen.count, 1);
		sweep_part_close(part, false);
	}
}

Test(sweep_work, a_part_by_another_build_is_refused_and_left)
{
	struct sweep_part *part;
	struct seen seen;
	char head[256] = "";

	make_part();
	FILE *file = fopen(in_folder("x.part"), "r+");
	cr_assert_gt(fread(head, 1, sizeof(head) - 1, file), 0);
	char *program = strstr(head, one) + strlen(one) + 1;
	fseek(file, program - head, SEEK_SET);
	fputc(*program == '0' ? '1' : '0', file);
	fclose(file);
	cr_assert_eq(open_part(&part, one, &seen), MUK_ERR_INPUT);
	sweep_part_close(part, false);
}

Test(sweep_work, a_part_of_another_plan_is_refused_and_left)
{
	struct sweep_part *part;
	struct seen seen;

	make_part();
	cr_assert_eq(open_part(&part, two, &seen), MUK_ERR_INPUT);
	sweep_part_close(part, false);
	cr_assert_eq(open_part(&part, one, &seen), MUK_OK);
	cr_assert_eq(seen.count, 2);
	sweep_part_close(part, false);
}

Test(sweep_work, somebody_elses_file_is_refused_and_left)
{
	struct sweep_part *part;
	struct seen seen;
	char text[16] = "";

	write_file("x.part", "a letter\n");
	cr_assert_eq(open_part(&part, one, &seen), MUK_ERR_INPUT);
	sweep_part_close(part, false);
	FILE *file = fopen(in_folder("x.part"), "r");
	cr_assert_not_null(fgets(text, sizeof(text), file));
	fclose(file);
	cr_assert_str_eq(text, "a letter\n");
}

Test(sweep_work, bytes_that_are_no_result_are_refused)
{
	struct sweep_result result = {.configuration = 1, .status = "ok"}, out;
	size_t size;
	void *bytes = sweep_result_pack(&result, &size);

	cr_assert(sweep_result_unpack(&out, bytes, size));
	cr_assert(!sweep_result_unpack(&out, bytes, size - 1));
	cr_assert(!sweep_result_unpack(&out, bytes, 3));
	free(bytes);
}
