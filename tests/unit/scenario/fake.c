/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine that runs nothing: what a run comes to is said by the kernel's command line, a word each:
 *
 *   end=panic              how it ends (a status's name, blanks as _; absent: ok)
 *   cycles=N               its length; all of it is instructions but walk=N
 *   walk=N                 of which TLB walks
 *   span:NAME=A,B,...      a span with instances of so many cycles
 *   value:NAME=A,B,...     a value, given so many times
 *   task:NAME=N            a task of that name with one thread, NAME/1, is charged N cycles of idle in the function
 *                          l4:start, and N of tlb_walk in none
 *   say=TEXT               on the console
 *   fired=N                so often its one probe, ipc
 *   die=SIGNAL             the process dies of it: a defect of the simulator
 *
 * And images, "l4", "rpc", and a disk, "paging", that are nothing but names.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/arch/mips/mips.h"
#include "sim/arch/x86/x86.h"
#include "sim/core/error.h"
#include "sim/image/disk_image.h"
#include "sim/image/embedded.h"
#include "sim/machine/machine.h"

enum { MOST = 8 };

struct machine {
	struct machine_config config;
	enum machine_status status;
	struct machine_reading reading;
	struct machine_span span[MOST];
	struct machine_value value[MOST];
	unsigned spans, values;
	uint64_t fired, idle[MOST];
	char task[MOST][32], thread[MOST][32];
	unsigned tasks;
	struct ledger ledger;
	struct journal journal;
	char console[64];
};

static void read_span(struct machine_span *span, const char *numbers)
{
	for (char *end; *numbers; numbers = *end ? end + 1 : end) {
		struct machine_reading one = {.cycles = strtoull(numbers, &end, 10)};

		one.cause[CAUSE_INSTRUCTION] = one.cycles;
		one.instructions = one.cycles / 2;
		one.count[COUNT_TLB_MISSES] = 3;
		span->sum.cycles += one.cycles;
		span->sum.instructions += one.instructions;
		span->sum.cause[CAUSE_INSTRUCTION] += one.cycles;
		span->sum.count[COUNT_TLB_MISSES] += 3;
		span->last = one;
		if (!span->count++)
			span->first = span->least = span->greatest = one;
		if (one.cycles < span->least.cycles)
			span->least = one;
		if (one.cycles > span->greatest.cycles)
			span->greatest = one;
	}
}

static void read_value(struct machine_value *value, const char *numbers)
{
	for (char *end; *numbers; numbers = *end ? end + 1 : end) {
		value->last = strtoll(numbers, &end, 10);
		value->sum += value->last;
		if (!value->count++)
			value->least = value->greatest = value->last;
		if (value->last < value->least)
			value->least = value->last;
		if (value->last > value->greatest)
			value->greatest = value->last;
	}
}

static enum machine_status status_named(const char *name)
{
	for (unsigned n = 0; n < MACHINE_STATUS_COUNT; n++) {
		char text[32];
		snprintf(text, sizeof(text), "%s", machine_status_name(n));
		for (char *at = text; *at; at++)
			*at = *at == ' ' ? '_' : *at;
		if (!strcmp(text, name))
			return n;
	}
	return MACHINE_RUNNING; /* until its limit */
}

static void read_word(struct machine *machine, const char *word)
{
	const char *equals = strchr(word, '='), *colon = strchr(word, ':');

	if (!strncmp(word, "end=", 4)) {
		machine->status = status_named(word + 4);
	} else if (!strncmp(word, "cycles=", 7)) {
		machine->reading.cycles = strtoull(word + 7, NULL, 10);
	} else if (!strncmp(word, "walk=", 5)) {
		machine->reading.cause[CAUSE_TLB_WALK] = strtoull(word + 5, NULL, 10);
	} else if (!strncmp(word, "task:", 5)) {
		int size = (int)(equals - colon - 1);
		snprintf(machine->task[machine->tasks], 32, "%.*s", size, colon + 1);
		snprintf(machine->thread[machine->tasks], 32, "%.*s/1", size, colon + 1);
		machine->idle[machine->tasks++] = strtoull(equals + 1, NULL, 10);
	} else if (!strncmp(word, "fired=", 6)) {
		machine->fired = strtoull(word + 6, NULL, 10);
	} else if (!strncmp(word, "say=", 4)) {
		snprintf(machine->console, sizeof(machine->console), "%s", word + 4);
	} else if (colon && !strncmp(word, "span:", 5)) {
		struct machine_span *span = &machine->span[machine->spans++];
		snprintf(span->name, sizeof(span->name), "%.*s", (int)(equals - colon - 1), colon + 1);
		read_span(span, equals + 1);
	} else if (colon && !strncmp(word, "value:", 6)) {
		struct machine_value *value = &machine->value[machine->values++];
		snprintf(value->name, sizeof(value->name), "%.*s", (int)(equals - colon - 1), colon + 1);
		read_value(value, equals + 1);
	}
}

enum muk_err machine_create(struct machine **out, const struct machine_config *config, struct muk_error *error)
{
	struct machine *machine = calloc(1, sizeof(*machine));
	char words[512], *rest = words;

	(void)error;
	machine->config = *config;
	machine->status = MACHINE_OK;
	machine->reading.cycles = 1000;
	snprintf(words, sizeof(words), "%s", config->command_line);
	for (char *word; (word = strtok_r(rest, " ", &rest));)
		read_word(machine, word);
	machine->reading.instructions = machine->reading.cycles / 2;
	machine->reading.cause[CAUSE_INSTRUCTION] =
		machine->reading.cycles - machine->reading.cause[CAUSE_TLB_WALK];
	ledger_init(&machine->ledger);
	ledger_execute(&machine->ledger, (uint32_t)machine->reading.instructions,
	               (uint32_t)machine->reading.cause[CAUSE_INSTRUCTION]);
	ledger_charge(&machine->ledger, CAUSE_TLB_WALK, machine->reading.cause[CAUSE_TLB_WALK]);
	for (unsigned n = 0; n < machine->tasks; n++) {
		ledger_enter_thread(&machine->ledger, n + 1, 10 * (n + 1));
		ledger_charge(&machine->ledger, CAUSE_TLB_WALK, machine->idle[n]);
		ledger_enter_function(&machine->ledger, 1);
		ledger_charge(&machine->ledger, CAUSE_IDLE, machine->idle[n]);
		ledger_enter_function(&machine->ledger, 0);
	}
	journal_init(&machine->journal, &machine->ledger, config->sink);
	*out = machine;
	return MUK_OK;
}

void machine_destroy(struct machine *machine)
{
	if (machine)
		ledger_free(&machine->ledger);
	free(machine);
}

enum machine_status machine_run(struct machine *machine, cycle_t until)
{
	const char *die = strstr(machine->config.command_line, "die=");

	if (die)
		raise(atoi(die + 4));
	if (machine->status == MACHINE_RUNNING || machine->reading.cycles > until) {
		machine->reading.cycles = until;
		return MACHINE_RUNNING;
	}
	return machine->status;
}

/* The digest is of what the run was told to do. */
void machine_finish(struct machine *machine, enum machine_status status)
{
	machine->status = status;
	ledger_settle(&machine->ledger);
	journal_absorb(&machine->journal, machine->config.command_line, strlen(machine->config.command_line));
	for (unsigned n = 0; n < machine->config.modules; n++)
		journal_absorb(&machine->journal, machine->config.module[n].command_line,
		               strlen(machine->config.module[n].command_line));
	journal_absorb(&machine->journal, machine->config.model->cost, sizeof(machine->config.model->cost));
}

const char *machine_status_name(enum machine_status status)
{
	static const char *const names[] = {
#define X(name, text, code) text,
		MACHINE_STATUSES(X)
#undef X
	};
	return names[status];
}

int machine_status_exit(enum machine_status status)
{
	static const int codes[] = {
#define X(name, text, code) code,
		MACHINE_STATUSES(X)
#undef X
	};
	return codes[status];
}

enum machine_status machine_status(const struct machine *machine)
{
	return machine->status;
}

const char *machine_reason(const struct machine *machine)
{
	return machine->status == MACHINE_PANIC ? "out of frames" : "";
}

struct digest machine_digest(const struct machine *machine)
{
	return journal_digest(&machine->journal);
}

void machine_read(struct machine *machine, struct machine_reading *reading)
{
	*reading = machine->reading;
}

struct ledger *machine_ledger(struct machine *machine)
{
	return &machine->ledger;
}

const char *machine_console(const struct machine *machine, size_t *size)
{
	*size = strlen(machine->console);
	return machine->console;
}

unsigned machine_spans(const struct machine *machine, const struct machine_span **spans)
{
	*spans = machine->span;
	return machine->spans;
}

unsigned machine_values(const struct machine *machine, const struct machine_value **values)
{
	*values = machine->value;
	return machine->values;
}

bool machine_out_of_memory(const struct machine *machine)
{
	(void)machine;
	return false;
}

const char *machine_function(const struct machine *machine, uint32_t function)
{
	(void)machine;
	return function == 1 ? "l4:start" : NULL;
}

unsigned machine_functions(const struct machine *machine)
{
	(void)machine;
	return 1;
}

const char *machine_probe(const struct machine *machine, unsigned n, unsigned *args)
{
	(void)machine;
	if (args)
		*args = 2;
	return n == 0 ? "ipc" : NULL;
}

const char *machine_probe_arg_names(const struct machine *machine, unsigned n)
{
	(void)machine;
	return n == 0 ? "from to" : NULL;
}

uint64_t machine_probe_count(const struct machine *machine, unsigned n)
{
	(void)n;
	return machine->fired;
}

const char *machine_task_name(const struct machine *machine, uint32_t task)
{
	return task >= 1 && task <= machine->tasks ? machine->task[task - 1] : NULL;
}

const char *machine_thread_name(const struct machine *machine, uint32_t thread)
{
	return thread >= 10 && thread <= 10 * machine->tasks ? machine->thread[thread / 10 - 1] : NULL;
}

const char *machine_misfit(const struct model *model, const struct image *image, char *text, size_t size)
{
	(void)model;
	(void)image;
	(void)text;
	(void)size;
	return NULL;
}

unsigned machine_counters(enum model_arch arch)
{
	return arch == ARCH_X86 ? (unsigned)X86_COUNTER_COUNT : MIPS_COUNTER_COUNT;
}

const char *machine_counter(enum model_arch arch, unsigned n)
{
	static const char *const x86[] = {
#define X(name, text) text,
		X86_COUNTERS(X)
#undef X
	}, *const mips[] = {
#define X(name, text) text,
		MIPS_COUNTERS(X)
#undef X
	};

	return arch == ARCH_X86 ? x86[n] : mips[n];
}

/* --- images --- */

const char *image_embedded(unsigned n, const void **bytes, size_t *size)
{
	static const char *const names[] = {"broken", "l4", "l4-r3000", "l4-r4000", "mach-r3000.boot", "mach-r4000.boot",
	                                    "root", "rpc", "rpc-mips", "sigma0"};

	if (bytes)
		*bytes = "";
	if (size)
		*size = 0;
	return n < sizeof(names) / sizeof(names[0]) ? names[n] : NULL;
}

enum muk_err image_read(struct image *image, const char *name, const void *bytes, size_t size, struct muk_error *error)
{
	(void)bytes, (void)size;
	memset(image, 0, sizeof(*image));
	snprintf(image->name, sizeof(image->name), "%s", name);
	image->sizes = (struct image_sizes){1000, 200, 30, 4};
	return strcmp(name, "broken") ? MUK_OK : error_set(error, MUK_ERR_INPUT, "the ELF header is cut short");
}

enum muk_err image_read_file(struct image *image, const char *path, struct muk_error *error)
{
	const char *slash = strrchr(path, '/');

	if (strstr(path, "absent"))
		return error_at(error, MUK_ERR_IO, path, 0, 0, "cannot be read: No such file or directory");
	return image_read(image, slash ? slash + 1 : path, NULL, 0, error);
}

void image_free(struct image *image)
{
	(void)image;
}

/* --- disks --- */

const char *disk_embedded(unsigned n, const void **bytes, size_t *size)
{
	static const char *const names[] = {"damaged", "paging"};

	if (bytes)
		*bytes = "";
	if (size)
		*size = n;
	return n < sizeof(names) / sizeof(names[0]) ? names[n] : NULL;
}

enum muk_err disk_image_unpack(struct disk_image *disk, const void *packed, size_t size, struct muk_error *error)
{
	(void)packed;
	*disk = (struct disk_image){.size = 8 << 20};
	return size ? MUK_OK : error_set(error, MUK_ERR_INPUT, "the packed image of a disk is damaged");
}

enum muk_err disk_image_read_file(struct disk_image *disk, const char *path, struct muk_error *error)
{
	*disk = (struct disk_image){.size = 512 << 20};
	if (strstr(path, "absent"))
		return error_at(error, MUK_ERR_IO, path, 0, 0, "cannot be read: No such file or directory");
	return MUK_OK;
}

void disk_image_free(struct disk_image *disk)
{
	(void)disk;
}
