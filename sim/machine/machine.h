/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine: a model's processor, a board, memory, images, clock and journal,
 * put together; and what the kernel's probes mean for the ledger.
 *
 *            create                 run                       run
 *   (none) ---------> READY ------------------> STOPPED -------------> ...
 *                       |    machine_run          |
 *                       '-------------------------'--> ended (status says how) --> destroy
 *
 * Probes with a meaning of their own (their names are the contract with the guest):
 *   thread_switch(task, thread)  the ledger and the journal go on in that thread
 *   thread_name(thread, address of a string), task_name(task, address of a string)
 *   own_thread_name(address of a string), own_task_name(address of a string): of who runs, by itself
 *   thread_wait(thread, event, address of a string that stays)  it blocks; thread_run(thread)  it was woken
 *   thread_terminate(thread)     it is no more
 *   thread_daemon(thread)        it is the kernel's own, and runs now and then whatever happens
 *   idle(timeouts)               nothing is runnable, and so many timeouts are to come: said again after each interrupt
 *   shutdown(code)               the guest ends the run in order: code 0 is fine
 *   panic(address of a string)   the guest gives up
 *   NAME:begin  NAME:end         a span that metrics can name; spans of one name do not nest
 *   NAME:value(number)           a number that metrics can name
 * A kernel that says thread_wait, thread_run and idle is watched for deadlocks (threads.c).
 * A name may be followed by its arguments' names, "thread_switch(task,thread)": traces name their columns so.
 */
#pragma once
#include "mukroscope/error.h"
#include "sim/core/journal.h"
#include "sim/core/stream.h"
#include "sim/image/image.h"
#include "sim/model/model.h"

struct machine; /* opaque */

enum { MACHINE_MODULES = 16, MACHINE_PROGRAMS = 16, MACHINE_REASON = 2048, MACHINE_COUNTERS = 24 };

/* An image of a disk: sectors from the first; beyond it the disk holds zeros. */
struct machine_disk {
	const char *name;                     /* for messages */
	const void *image;                    /* NULL: the machine has no disk */
	uint64_t size;                        /* bytes */
};

struct machine_config {
	const struct model *model;            /* must outlive the machine */
	const struct image *kernel;           /* likewise, as all images */
	const char *command_line;
	struct boot_module module[MACHINE_MODULES];
	unsigned modules;
	/* Programs that the guest loads by itself, wherever it likes, known by their content: programs.c. */
	const struct image *program[MACHINE_PROGRAMS];
	unsigned programs;
	struct machine_disk disk;             /* the image is never written, and must outlive the machine */
	struct journal_sink sink;             /* may be {0} */
};

/* How a run ended. X(name, "text", exit status of muk) */
#define MACHINE_STATUSES(X)                                                                        \
	X(RUNNING, "running", 70)                                                                  \
	X(OK, "ok", 0)                       /* the guest shut down, code 0 */                     \
	X(FAILED, "failed", 3)               /* the guest shut down with another code */           \
	X(PANIC, "panic", 3)                                                                       \
	X(TRIPLE_FAULT, "triple fault", 3)                                                         \
	X(DEADLOCK, "deadlock", 3)           /* nothing can ever wake it, or any thread */            \
	X(UNSUPPORTED, "unsupported", 3)                                                           \
	X(LIMIT, "limit", 4)                                                                       \
	X(SHUTDOWN, "processor shutdown", 3) /* MIPS: the TLB shut down, or a refill without end */
enum machine_status {
#define X(name, text, code) MACHINE_##name,
	MACHINE_STATUSES(X)
#undef X
	MACHINE_STATUS_COUNT
};
const char *machine_status_name(enum machine_status status);
int machine_status_exit(enum machine_status status);

/* What all the counters stood at, at one moment. */
struct machine_reading {
	cycle_t cycles;
	uint64_t instructions;
	uint64_t cause[CAUSE_COUNT];
	uint64_t count[MACHINE_COUNTERS]; /* of the processor's class, in its order */
};

/* A span of one name: sums over all its instances, and the first, last, least, greatest. */
struct machine_span {
	char name[PROBE_NAME];
	uint64_t count;
	struct machine_reading sum, first, last, least, greatest; /* least, greatest: by cycles */
};
struct machine_value {
	char name[PROBE_NAME];
	uint64_t count;
	int64_t last, sum, least, greatest;
};

/* What is wrong with running an image on a model's processor, as a sentence; NULL if nothing. text: room for it. */
const char *machine_misfit(const struct model *model, const struct image *image, char *text, size_t size);
enum muk_err machine_create(struct machine **machine, const struct machine_config *config, struct muk_error *error);
void machine_destroy(struct machine *machine);
/* Runs until the guest ends or the clock reaches `until`; returns the status (RUNNING: until was reached). */
enum machine_status machine_run(struct machine *machine, cycle_t until);
/* Ends a run for good: settles the ledger (asserting that it closes), absorbs totals and console in the digest, flushes
 * the journal.  status may be LIMIT to say that a limit ended it. */
void machine_finish(struct machine *machine, enum machine_status status);

/* The counters of an architecture's processors, in the order of machine_reading.count: how many, and their names. */
unsigned machine_counters(enum model_arch arch);
const char *machine_counter(enum model_arch arch, unsigned n);

enum machine_status machine_status(const struct machine *machine);
/* Why, in a sentence: the panic's text, the triple fault's place, ... or "". */
const char *machine_reason(const struct machine *machine);
struct digest machine_digest(const struct machine *machine);
void machine_read(struct machine *machine, struct machine_reading *reading);
struct ledger *machine_ledger(struct machine *machine);
const struct journal *machine_journal(const struct machine *machine);
/* All that the serial line has sent; NUL-terminated, *size without it. */
const char *machine_console(const struct machine *machine, size_t *size);
/* Spans and values in the order of their first appearance. */
unsigned machine_spans(const struct machine *machine, const struct machine_span **spans);
unsigned machine_values(const struct machine *machine, const struct machine_value **values);
/* Functions as the ledger numbers them (1..n): "image:symbol"; NULL beyond. */
const char *machine_function(const struct machine *machine, uint32_t function);
unsigned machine_functions(const struct machine *machine);
/* Probe kinds: name of probe number n (event kind EVENT_PROBE + n); NULL beyond. args: how many. */
const char *machine_probe(const struct machine *machine, unsigned n, unsigned *args);
/* Its arguments' names, separated by blanks, as MUK_PROBE("name(arg,arg)", ...) gives them; else "arg0 arg1". */
const char *machine_probe_arg_names(const struct machine *machine, unsigned n);
/* How often it fired. */
uint64_t machine_probe_count(const struct machine *machine, unsigned n);
/* Names that the guest gave; NULL for none. */
const char *machine_task_name(const struct machine *machine, uint32_t task);
const char *machine_thread_name(const struct machine *machine, uint32_t thread);
/* Quiet reads of physical memory. */
const uint8_t *machine_memory(const struct machine *machine, uint32_t *size);
/* Whether the host's memory was exhausted on the way, and something that the guest did is lost: the run means nothing. */
bool machine_out_of_memory(const struct machine *machine);
/* A byte typed on the serial line, now. */
void machine_type(struct machine *machine, uint8_t byte);

/* The whole machine: memory, processor, devices, model state, ledger, journal. */
enum muk_err machine_snapshot(struct machine *machine, struct stream *stream, struct muk_error *error);
/* Restores into a machine made of the same config. */
enum muk_err machine_restore(struct machine *machine, struct stream *stream, struct muk_error *error);
