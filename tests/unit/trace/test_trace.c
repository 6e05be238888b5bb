// SPDX-License-Identifier: GPL-2.0-or-later
/* The trace: what is stored, what survives, what is refused. Looked at with plain SQL, not with the reader. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "traces/trace.h"

static char directory[64];

static const char *path_of(const char *name)
{
	static char path[4][128];
	static unsigned next;
	char *text = path[next++ % 4];
	snprintf(text, 128, "%s/%s", directory, name);
	return text;
}

static void make_directory(void)
{
	strcpy(directory, "trace-test-XXXXXX");
	cr_assert(mkdtemp(directory));
}

static void remove_directory(void)
{
	char command[128];
	snprintf(command, sizeof(command), "rm -rf %s", directory);
	cr_assert_eq(system(command), 0);
}

TestSuite(trace, .init = make_directory, .fini = remove_directory);

#define OK(call)                                                                                          \
	do {                                                                                              \
		struct muk_error error = {0};                                                             \
		cr_assert_eq(call, MUK_OK, "%s: %s: %s", #call, error.path, error.text);                  \
	} while (0)

/* The one value of a query, as text; "" for NULL. Kept until the next call but three. */
static const char *ask(const char *path, const char *sql)
{
	static char answer[4][256];
	static unsigned next;
	char *text = answer[next++ % 4];
	sqlite3 *db;
	sqlite3_stmt *query;
	cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
	cr_assert_eq(sqlite3_prepare_v2(db, sql, -1, &query, NULL), SQLITE_OK, "%s: %s", sql, sqlite3_errmsg(db));
	cr_assert_eq(sqlite3_step(query), SQLITE_ROW, "%s: no row: %s", sql, sqlite3_errmsg(db));
	const char *value = (const char *)sqlite3_column_text(query, 0);
	snprintf(text, 256, "%s", value ? value : "");
	sqlite3_finalize(query);
	sqlite3_close(db);
	return text;
}

#define EXPECT(path, sql, value) cr_expect_str_eq(ask(path, sql), value, "%s: %s", sql, ask(path, sql))

/* Sends count events of a kind through the sink, in chunks, cycles a hundred apart. */
static void send(struct trace_writer *writer, unsigned kind, unsigned count, uint64_t first)
{
	static struct event event[JOURNAL_CHUNK];
	struct journal_sink sink = trace_sink(writer);
	while (count) {
		unsigned now = count < JOURNAL_CHUNK ? count : JOURNAL_CHUNK;
		for (unsigned i = 0; i < now; i++)
			event[i] = (struct event){.cycle = (first + i) * 100, .instruction = first + i, .kind = (uint16_t)kind,
			                          .thread = 5, .task = 1, .args = 2, .arg = {(uint32_t)first + i, 0xffffffff}};
		sink.chunk(sink.ctx, event, now, first, &(struct digest){first + now, 7});
		first += now;
		count -= now;
	}
}

static void send_one(struct trace_writer *writer, uint64_t number, struct event event)
{
	struct journal_sink sink = trace_sink(writer);
	event.cycle = number * 10;
	sink.chunk(sink.ctx, &event, 1, number, &(struct digest){number, 9});
}

static const struct trace_result fine = {"ok", "", 12345, 678, {0x1122334455667788, 0x99aabbccddeeff00}};

static void end(struct trace_writer *writer)
{
	OK(trace_end_run(writer, &fine, &error));
	OK(trace_close(writer, &error));
}

static struct trace_writer *begin(const char *path, enum trace_level level)
{
	struct trace_writer *writer;
	OK(trace_create(&writer, path, level, &error));
	OK(trace_begin_run(writer, "demo", "main", "i486dx-50", "schema: 1\n", &error));
	return writer;
}

Test(trace, is_an_sqlite_file_that_names_itself)
{
	const char *path = path_of("a.db");
	end(begin(path, TRACE_EVENTS));
	EXPECT(path, "PRAGMA application_id", "1836411762");
	EXPECT(path, "PRAGMA user_version", "2");
	EXPECT(path, "SELECT value FROM meta WHERE key='status'", "complete");
	EXPECT(path, "PRAGMA integrity_check", "ok");
}

Test(trace, events_are_stored_as_they_were)
{
	const char *path = path_of("a.db");
	struct trace_writer *writer = begin(path, TRACE_ALL);
	send_one(writer, 42, (struct event){.instruction = 1ull << 40, .task = 3, .thread = 0xffffffff, .pc = 0xc0000010,
	         .kind = EVENT_TRAP, .args = 4, .arg = {14, 0xfffffffe, 3, 0}});
	end(writer);
	EXPECT(path, "SELECT number||' '||cycle||' '||instruction||' '||task||' '||thread||' '||pc||' '||kind||' '||a0"
	       "||' '||a1||' '||a2||' '||a3 FROM event", "42 420 1099511627776 3 4294967295 3221225488 0 14 4294967294 3 0");
	EXPECT(path, "SELECT count(a4)+count(a5) FROM event", "0");
	EXPECT(path, "SELECT kind||' '||arguments FROM v_events", "trap vector error from_cpl to_cpl");
}

Test(trace, arguments_of_an_earlier_event_do_not_leak_into_a_shorter_one)
{
	const char *path = path_of("a.db");
	struct trace_writer *writer = begin(path, TRACE_ALL);
	send_one(writer, 0, (struct event){.kind = EVENT_TRAP, .args = 4, .arg = {1, 2, 3, 4}});
	send_one(writer, 1, (struct event){.kind = EVENT_CONSOLE, .args = 1, .arg = {65}});
	send_one(writer, 2, (struct event){.kind = EVENT_TRAP, .args = 4, .arg = {1, 2, 3, 4}});
	end(writer);
	EXPECT(path, "SELECT group_concat(coalesce(a0,'-')||coalesce(a1,'-')||coalesce(a3,'-')) FROM event",
	       "124,65--,124");
}

Test(trace, the_level_filters_what_is_stored_and_numbers_keep_the_gaps)
{
	static const char *const events[] = {"0", "3", "6"};
	for (int level = TRACE_NONE; level <= TRACE_ALL; level++) {
		const char *path = path_of("a.db");
		struct trace_writer *writer = begin(path, (enum trace_level)level);
		send(writer, EVENT_TLB_MISS, 3, 0);
		send(writer, EVENT_TRAP, 3, 3);
		end(writer);
		EXPECT(path, "SELECT count(*) FROM event", events[level]);
		EXPECT(path, "SELECT max(events) FROM digest", "6");
		if (level == TRACE_EVENTS)
			EXPECT(path, "SELECT min(number)||' '||(SELECT first_event||' '||last_event FROM run) FROM event", "3 1 3");
	}
}

Test(trace, views_have_the_names_of_tasks_and_threads)
{
	const char *path = path_of("a.db");
	struct trace_writer *writer = begin(path, TRACE_EVENTS);
	send_one(writer, 1, (struct event){.kind = EVENT_TRAP, .task = 3, .thread = 7});
	OK(trace_task(writer, 3, "pager"));
	OK(trace_thread(writer, 7, 3, "pager/1"));
	OK(trace_thread(writer, 8, 3, "pager/2"));
	OK(trace_cost(writer, &(struct ledger_row){CAUSE_IDLE, 3, 7, 0, 50}));
	OK(trace_cost(writer, &(struct ledger_row){CAUSE_IDLE, 3, 8, 0, 20}));
	end(writer);
	EXPECT(path, "SELECT group_concat(task||' '||task_name||' '||cycles) FROM v_tasks", "3 pager 70");
	EXPECT(path, "SELECT group_concat(task_name||' '||thread_name||' '||cycles) FROM v_threads", "pager pager/1 50,pager pager/2 20");
	EXPECT(path, "SELECT kind||' '||thread_name FROM v_events", "trap pager/1");
}

Test(trace, a_probe_may_be_of_level_two)
{
	const char *path = path_of("a.db");
	struct trace_writer *writer = begin(path, TRACE_EVENTS);
	OK(trace_kind(writer, EVENT_PROBE + 1, "chatty", "a b", 2));
	send(writer, EVENT_PROBE, 4, 0);
	send(writer, EVENT_PROBE + 1, 4, 4);
	end(writer);
	EXPECT(path, "SELECT count(*)||' '||max(kind) FROM event", "4 64");
}

Test(trace, probes_make_slices_and_flows)
{
	const char *path = path_of("a.db");
	struct trace_writer *writer = begin(path, TRACE_EVENTS);
	static const char *const probe[] = {"rpc:begin", "rpc:end", "ipc_send", "thread_switch"};
	for (unsigned i = 0; i < 4; i++)
		OK(trace_kind(writer, EVENT_PROBE + i, probe[i], "", 1));
	send_one(writer, 1, (struct event){.kind = EVENT_PROBE + 1});                       /* an end without a beginning */
	send_one(writer, 2, (struct event){.kind = EVENT_PROBE, .thread = 8});
	send_one(writer, 3, (struct event){.kind = EVENT_PROBE + 2, .thread = 8, .args = 3, .arg = {8, 9, 77}});
	send_one(writer, 4, (struct event){.kind = EVENT_PROBE + 3, .args = 2, .arg = {1, 7}}); /* to somebody else */
	send_one(writer, 5, (struct event){.kind = EVENT_PROBE + 3, .args = 2, .arg = {1, 9}});
	send_one(writer, 6, (struct event){.kind = EVENT_PROBE + 3, .args = 2, .arg = {1, 9}}); /* sent only once */
	send_one(writer, 7, (struct event){.kind = EVENT_PAGE_FAULT, .thread = 9, .args = 3, .arg = {4096, 4, 0x500010}});
	send_one(writer, 8, (struct event){.kind = EVENT_TRAP_RETURN, .thread = 9, .args = 3, .arg = {0x500020, 0, 3}});
	send_one(writer, 9, (struct event){.kind = EVENT_TRAP_RETURN, .thread = 9, .args = 3, .arg = {0x500010, 0, 3}});
	send_one(writer, 10, (struct event){.kind = EVENT_PROBE + 1, .thread = 8});
	end(writer);
	EXPECT(path, "SELECT group_concat(name||' '||thread||' '||begin_cycle||' '||end_cycle) FROM slice", "rpc 8 20 100");
	EXPECT(path, "SELECT group_concat(f.kind||' '||a.number||' '||b.number) FROM flow f JOIN event a ON a.id=f.from_event"
	       " JOIN event b ON b.id=f.to_event", "ipc 3 5,fault 7 9");
	EXPECT(path, "SELECT sender||' '||receiver||' '||cycles FROM v_ipc", "8 9 20");
	EXPECT(path, "SELECT address||' '||eip||' '||cycles FROM v_faults", "0x00001000 0x00500010 20");
}

Test(trace, flows_of_many_threads_do_not_mix)
{
	const char *path = path_of("a.db");
	struct trace_writer *writer = begin(path, TRACE_EVENTS);
	OK(trace_kind(writer, EVENT_PROBE, "ipc_send", "", 1));
	OK(trace_kind(writer, EVENT_PROBE + 1, "thread_switch", "", 1));
	for (uint32_t i = 0; i < 1000; i++)
		send_one(writer, i, (struct event){.kind = EVENT_PROBE, .args = 2, .arg = {i, i * 65536}});
	for (uint32_t i = 0; i < 1000; i++)
		send_one(writer, 1000 + i, (struct event){.kind = EVENT_PROBE + 1, .args = 2, .arg = {1, i * 65536}});
	end(writer);
	EXPECT(path, "SELECT count(*)||' '||sum(to_event-from_event) FROM flow", "1000 1000000");
}

static void write_everything(const char *path)
{
	struct trace_writer *writer = begin(path, TRACE_ALL);
	OK(trace_symbol(writer, 1, "l4:ipc"));
	OK(trace_task(writer, 1, "root"));
	OK(trace_thread(writer, 5, 1, "main"));
	send(writer, EVENT_TRAP, 150000, 0);
	OK(trace_cost(writer, &(struct ledger_row){CAUSE_TRAP_ENTRY, 1, 5, 1, 345}));
	OK(trace_cost(writer, &(struct ledger_row){CAUSE_INSTRUCTION, 1, 5, 1, 12000}));
	OK(trace_counter(writer, "traps", 3));
	OK(trace_metric(writer, "demo", &(struct metric){.id = "L95-T2-r1", .name = "1-byte RPC", .unit = "cycles",
	                .value = 250.5, .has_paper = true, .paper = 250, .paper_low = 250, .paper_high = 250,
	                .has_tolerance = true, .deviation_pct = 0.2, .tolerance_pct = 10, .verdict = "within",
	                .source = "L95 Table 2"}));
	OK(trace_metric(writer, "demo", &(struct metric){.id = "x", .name = "no value", .value = NAN, .verdict = "info",
	                .cause = "it's \"odd\"\xff"}));
	OK(trace_scenario(writer, &(struct trace_scenario){"demo", "A demonstration", "L95", "ok", "", "00ff", 12345, 678}));
	end(writer);
}

Test(trace, two_equal_runs_give_equal_files)
{
	const char *a = path_of("a.db"), *b = path_of("b.db");
	write_everything(a);
	write_everything(b);
	char command[300];
	snprintf(command, sizeof(command), "cmp %s %s", a, b);
	cr_expect_eq(system(command), 0);
	write_everything(b); /* over an old one, too */
	cr_expect_eq(system(command), 0);
}

static bool count_metric(void *ctx, const struct metric *metric)
{
	unsigned *seen = ctx;
	if (*seen == 0) {
		cr_expect_str_eq(metric->id, "L95-T2-r1");
		cr_expect_eq(metric->value, 250.5);
		cr_expect(metric->has_paper && metric->paper == 250 && metric->has_tolerance && metric->tolerance_pct == 10);
		cr_expect_str_eq(metric->verdict, "within");
	} else {
		cr_expect(isnan(metric->value) && !metric->has_paper && !metric->has_tolerance);
		cr_expect_str_eq(metric->cause, "it's \"odd\"?");
	}
	return ++*seen < 10;
}

static bool sum_cause(void *ctx, const char *cause, cycle_t cycles)
{
	(void)cause;
	*(cycle_t *)ctx += cycles;
	return true;
}

static bool see_run(void *ctx, uint32_t id, const char *scenario, const char *run, const char *model,
                    const struct trace_result *result)
{
	cr_expect(id == 1 && !strcmp(scenario, "demo") && !strcmp(run, "main") && !strcmp(model, "i486dx-50"));
	cr_expect(result->cycles == 12345 && result->digest.high == fine.digest.high &&
	          result->digest.low == fine.digest.low);
	++*(unsigned *)ctx;
	return true;
}

static bool see_scenario(void *ctx, const struct trace_scenario *scenario)
{
	cr_expect_str_eq(scenario->title, "A demonstration");
	cr_expect_eq(scenario->instructions, 678);
	++*(unsigned *)ctx;
	return true;
}

Test(trace, what_was_written_is_read)
{
	const char *path = path_of("a.db");
	write_everything(path);
	struct trace_reader *reader;
	unsigned metrics = 0, runs = 0, scenarios = 0;
	cycle_t cycles = 0;
	OK(trace_open(&reader, path, &error));
	cr_expect_not(trace_incomplete(reader));
	OK(trace_each_metric(reader, "demo", count_metric, &metrics, &error));
	OK(trace_each_cause(reader, "demo", sum_cause, &cycles, &error));
	OK(trace_each_run(reader, NULL, see_run, &runs, &error));
	OK(trace_each_run(reader, "other", see_run, &runs, &error));
	OK(trace_each_scenario(reader, see_scenario, &scenarios, &error));
	trace_reader_close(reader);
	cr_expect(metrics == 2 && runs == 1 && scenarios == 1 && cycles == 12345);
}

/* --- what survives --- */
Test(trace, a_killed_writer_leaves_a_readable_trace_marked_incomplete)
{
	const char *path = path_of("a.db");
	int ready[2];
	cr_assert_eq(pipe(ready), 0);
	pid_t child = fork();
	if (child == 0) {
		struct trace_writer *writer;
		trace_create(&writer, path, TRACE_ALL, NULL);
		trace_begin_run(writer, "demo", "main", "m", "", NULL);
		for (uint64_t first = 0;; first += JOURNAL_CHUNK) {
			send(writer, EVENT_TRAP, JOURNAL_CHUNK, first);
			if (first > 200000 && write(ready[1], "x", 1) < 0)
				_exit(1);
		}
	}
	char byte;
	cr_assert_eq(read(ready[0], &byte, 1), 1);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	struct trace_reader *reader;
	OK(trace_open(&reader, path, &error));
	cr_expect(trace_incomplete(reader));
	trace_reader_close(reader);
	cr_expect_geq(atol(ask(path, "SELECT count(*) FROM event")), 131072);
	EXPECT(path, "PRAGMA integrity_check", "ok");
	EXPECT(path, "SELECT status FROM run", "incomplete");
	end(begin(path, TRACE_ALL)); /* and it can be replaced */
	EXPECT(path, "SELECT count(*) FROM event", "0");
}

Test(trace, a_full_disk_loses_nothing_that_was_committed)
{
	const char *path = path_of("a.db");
	struct trace_writer *writer = begin(path, TRACE_ALL);
	send(writer, EVENT_TRAP, (1u << 16), 0);
	struct rlimit limit;
	getrlimit(RLIMIT_FSIZE, &limit);
	signal(SIGXFSZ, SIG_IGN);
	struct stat status;
	stat(path, &status);
	limit.rlim_cur = (rlim_t)status.st_size + 8192;
	setrlimit(RLIMIT_FSIZE, &limit);
	send(writer, EVENT_TRAP, 1000000, (1u << 16));
	struct muk_error error = {0};
	cr_expect_eq(trace_end_run(writer, &fine, &error), MUK_ERR_IO);
	cr_expect(strstr(error.text, "cannot write the trace"), "%s", error.text);
	cr_expect_str_eq(error.path, path);
	cr_expect_eq(trace_metric(writer, "demo", &(struct metric){.id = "x", .verdict = "info"}), MUK_ERR_IO);
	cr_expect_eq(trace_close(writer, &error), MUK_ERR_IO);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_FSIZE, &limit);
	cr_expect_geq(atol(ask(path, "SELECT count(*) FROM event")), (1u << 16));
	EXPECT(path, "SELECT value FROM meta WHERE key='status'", "incomplete");
	EXPECT(path, "PRAGMA integrity_check", "ok");
}

/* --- what is refused --- */
static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	cr_assert(file);
	fputs(text, file);
	fclose(file);
}

static void refuse_create(const char *path, const char *sentence)
{
	struct trace_writer *writer;
	struct muk_error error = {0};
	cr_expect_eq(trace_create(&writer, path, TRACE_ALL, &error), MUK_ERR_IO, "%s", path);
	cr_expect(!writer);
	cr_expect(strstr(error.text, sentence), "%s: %s", path, error.text);
	cr_expect_str_eq(error.path, path);
}

Test(trace, what_is_no_trace_is_never_overwritten)
{
	const char *text = path_of("notes.txt"), *other = path_of("other.db");
	write_file(text, "my notes\n");
	refuse_create(text, "exists and is no trace");
	sqlite3 *db;
	sqlite3_open(other, &db);
	sqlite3_exec(db, "CREATE TABLE mine(x); INSERT INTO mine VALUES(1)", NULL, NULL, NULL);
	sqlite3_close(db);
	refuse_create(other, "exists and is no trace");
	EXPECT(other, "SELECT x FROM mine", "1");
	refuse_create(directory, "is a directory");
	refuse_create("/dev/null", "is not an ordinary file");
	refuse_create(path_of("absent/a.db"), "No such file or directory");
}

Test(trace, a_trace_that_is_being_written_is_not_replaced)
{
	const char *path = path_of("a.db");
	struct trace_writer *writer = begin(path, TRACE_ALL);
	send(writer, EVENT_TRAP, 10, 0); /* takes SQLite's lock */
	refuse_create(path, "another process is writing to it");
	end(writer);
	EXPECT(path, "SELECT count(*) FROM event", "10");
}

Test(trace, an_empty_file_may_become_a_trace)
{
	const char *path = path_of("a.db");
	write_file(path, "");
	end(begin(path, TRACE_ALL));
	EXPECT(path, "SELECT count(*) FROM run", "1");
}

static void refuse_open(const char *path, enum muk_err code, const char *sentence)
{
	struct trace_reader *reader;
	struct muk_error error = {0};
	cr_expect_eq(trace_open(&reader, path, &error), code, "%s", path);
	cr_expect(!reader);
	cr_expect(strstr(error.text, sentence), "%s: %s", path, error.text);
	cr_expect_str_eq(error.path, path);
}

Test(trace, a_newer_schema_is_refused_with_both_numbers)
{
	const char *path = path_of("a.db");
	end(begin(path, TRACE_ALL));
	sqlite3 *db;
	sqlite3_open(path, &db);
	sqlite3_exec(db, "PRAGMA user_version=7", NULL, NULL, NULL);
	sqlite3_close(db);
	refuse_open(path, MUK_ERR_INPUT, "schema 7, and this version reads up to schema 2");
}

Test(trace, what_is_no_trace_is_not_read)
{
	const char *text = path_of("a.txt"), *empty = path_of("empty.db");
	write_file(text, "SQLite format 3 is what I am not");
	write_file(empty, "");
	refuse_open(text, MUK_ERR_INPUT, "is not a trace of mukroscope");
	refuse_open(empty, MUK_ERR_INPUT, "is empty");
	refuse_open(path_of("absent.db"), MUK_ERR_IO, "no such file");
	refuse_open(directory, MUK_ERR_IO, "is a directory");
}

Test(trace, a_damaged_trace_is_an_error_not_a_crash)
{
	const char *path = path_of("a.db");
	write_everything(path);
	int file = open(path, O_RDWR);
	struct stat status;
	fstat(file, &status);
	static char noise[8192];
	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = (char)(i * 31 + 7);
	for (off_t at = 100; at < status.st_size; at += 3 * (off_t)sizeof(noise))
		cr_assert_eq(pwrite(file, noise, sizeof(noise), at), (ssize_t)sizeof(noise));
	close(file);
	struct trace_reader *reader;
	struct muk_error error = {0};
	cr_expect_eq(trace_open(&reader, path, &error), MUK_ERR_INPUT);
	cr_expect(strstr(error.text, "damaged"), "%s", error.text);
}

static bool see_any_scenario(void *ctx, const struct trace_scenario *scenario)
{
	*(size_t *)ctx += strlen(scenario->title);
	return true;
}

static bool see_any_run(void *ctx, uint32_t id, const char *scenario, const char *run, const char *model,
                        const struct trace_result *result)
{
	*(size_t *)ctx += id + strlen(scenario) + strlen(run) + strlen(model) + strlen(result->reason);
	return true;
}

static bool see_any_metric(void *ctx, const struct metric *metric)
{
	*(size_t *)ctx += strlen(metric->cause);
	return true;
}

static bool see_any_cause(void *ctx, const char *cause, cycle_t cycles)
{
	*(size_t *)ctx += strlen(cause) + (size_t)cycles;
	return true;
}

Test(trace, a_mutated_trace_is_read_or_refused_never_a_crash)
{
	const char *path = path_of("a.db");
	struct trace_writer *writer = begin(path, TRACE_ALL);
	send(writer, EVENT_TRAP, 50, 0);
	OK(trace_metric(writer, "demo", &(struct metric){.id = "x", .verdict = "info", .cause = "why"}));
	OK(trace_scenario(writer, &(struct trace_scenario){"demo", "title", "L95", "ok", "", "00ff", 1, 2}));
	end(writer);
	struct stat status;
	stat(path, &status);
	char *good = malloc((size_t)status.st_size), *bad = malloc((size_t)status.st_size);
	int file = open(path, O_RDWR);
	cr_assert_eq(read(file, good, (size_t)status.st_size), status.st_size);
	uint64_t random = 1;
	unsigned opened = 0, refused = 0;
	size_t seen = 0;
	for (int round = 0; round < 300; round++) {
		memcpy(bad, good, (size_t)status.st_size);
		for (int i = 0; i < 40; i++) {
			random = random * 6364136223846793005u + 1442695040888963407u;
			/* Never the first bytes, where it says what it is: that is another test. */
			bad[100 + (random >> 33) % ((uint64_t)status.st_size - 100)] = (char)(random >> 24);
		}
		cr_assert_eq(pwrite(file, bad, (size_t)status.st_size, 0), status.st_size);
		struct trace_reader *reader;
		if (trace_open(&reader, path, NULL) != MUK_OK) {
			refused++;
			continue;
		}
		opened++;
		trace_each_scenario(reader, see_any_scenario, &seen, NULL);
		trace_each_run(reader, NULL, see_any_run, &seen, NULL);
		trace_each_metric(reader, "demo", see_any_metric, &seen, NULL);
		trace_each_cause(reader, "demo", see_any_cause, &seen, NULL);
		trace_reader_close(reader);
	}
	close(file);
	free(good);
	free(bad);
	cr_expect(opened && refused && seen, "%u opened, %u refused: both must be tried", opened, refused);
}
