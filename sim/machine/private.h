/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of a machine, for the files of this folder. */
#pragma once
#include "sim/arch/processor.h"
#include "sim/board/malta.h"
#include "sim/machine/machine.h"
#include "sim/machine/threads.h"

/* An image in memory, and where its functions begin in the machine's numbering. */
struct machine_image {
	const struct image *image;
	uint32_t first_function; /* the number of symbol 0 */
	unsigned first_site;     /* of a program: the site of its probe 0 */
};

/* A page of a program's code, as its image has it. */
struct machine_page {
	paddr_t address;         /* of the page's first byte of code, by the image */
	uint32_t size;           /* of the code in the page */
	const uint8_t *code;
	uint64_t hash;           /* of a whole page of code */
	unsigned order;
	const struct machine_image *image;
};

/* A probe site of an image, and its name's number. */
struct machine_site {
	paddr_t address;
	const struct image_probe *probe;
	const struct machine_image *image;
	unsigned name;
};

/* What the machine does at a probe beside recording it. */
enum probe_meaning {
	MEANS_NOTHING, MEANS_THREAD_SWITCH, MEANS_THREAD_NAME, MEANS_TASK_NAME, MEANS_OWN_THREAD_NAME,
	MEANS_OWN_TASK_NAME, MEANS_SHUTDOWN, MEANS_PANIC,
	MEANS_SPAN_BEGIN, MEANS_SPAN_END, MEANS_VALUE,
	MEANS_THREAD_WAIT, MEANS_THREAD_RUN, MEANS_THREAD_DAEMON, MEANS_THREAD_TERMINATE, MEANS_IDLE
};

struct machine_probe_name {
	char name[PROBE_NAME];
	char arg_names[PROBE_ARG_NAMES];
	unsigned args;
	uint64_t fired;
	enum probe_meaning meaning;
	unsigned subject; /* span or value number */
};

/* A span while it is open. */
struct machine_open_span {
	bool open;
	struct machine_reading begin;
};

struct machine_named {
	uint32_t id;
	char name[PROBE_NAME];
};
struct machine_names {
	struct machine_named *entry;
	unsigned count;
};

struct machine {
	struct machine_config config;
	struct ledger ledger;
	struct journal journal;
	struct board board;
	struct malta malta;       /* where a processor without ports finds the board */
	struct processor *processor;
	uint8_t *ram;

	/* images.c: fixed when the machine is made */
	struct machine_image image[1 + MACHINE_MODULES + MACHINE_PROGRAMS];
	unsigned images, placed; /* the first `placed` are at the physical addresses that they name */
	uint32_t functions;
	char (*function_name)[128];
	struct machine_site *site; /* the first `sites` of the placed images, by address; then the programs' */
	unsigned sites;
	struct machine_probe_name *probe;
	unsigned probes;

	/* programs.c: the pages of programs, fixed too; and what the frame is whose code is looked at */
	struct machine_page *page;
	unsigned pages, whole_pages; /* whole pages first, by hash */
	uint32_t code_frame;
	const struct machine_page *code_page;

	/* probes.c, spans.c: what the guest said */
	struct machine_span *span;
	struct machine_open_span *open;
	unsigned spans;
	struct machine_value *value;
	unsigned values;
	struct machine_names tasks, threads;
	struct machine_threads guest;
	const struct image *speaker; /* whose probe fires, or fired last; NULL: none did */

	char *console;
	size_t console_size, console_capacity;
	enum machine_status status;
	char reason[MACHINE_REASON];
	bool finished, out_of_memory;
};

/* processors.c: NULL for an architecture of which there is none */
const struct processor_class *machine_processor_class(enum model_arch arch);

/* boot.c: loads the images; *boot: what the processor begins with.  Errors: those of the loader, images of another
 * architecture. */
enum muk_err machine_boot(struct machine *machine, struct processor_boot *boot, struct muk_error *error);

/* images.c */
enum muk_err machine_map_images(struct machine *machine, struct muk_error *error);
void machine_unmap_images(struct machine *machine);
/* The callbacks of struct processor_code_map. page comes before the other two. */
void machine_code_page(void *ctx, uint32_t frame);
uint32_t machine_function_at(void *ctx, paddr_t address);
int machine_probe_at(void *ctx, paddr_t address);
/* The words of a probe's arguments, read quietly. */
void machine_probe_arguments(struct machine *machine, const struct machine_site *site, uint32_t arg[PROBE_ARGS]);

/* programs.c */
bool machine_know_programs(struct machine *machine);
/* Where an address of the frame that machine_code_page was told of stands in a program's image; NULL for nowhere. */
const struct machine_image *machine_program_at(const struct machine *machine, paddr_t address, paddr_t *in_image);

/* probes.c */
void machine_fire(void *ctx, int site);
enum probe_meaning machine_probe_meaning(const char *name, size_t *subject_length);
/* A NUL-terminated string of the guest's, cut to fit; unprintable bytes become '?'. */
void machine_guest_string(struct machine *machine, uint32_t address, char *text, size_t size);
void machine_name(struct machine_names *names, uint32_t id, const char *name);
const char *machine_named(const struct machine_names *names, uint32_t id);

/* deadlock.c: gives the reason, and tells the journal who waits; timeouts: some are still to come */
void machine_deadlock(struct machine *machine, bool timeouts);

/* spans.c */
bool machine_spans_init(struct machine *machine);
void machine_span_begin(struct machine *machine, unsigned span);
void machine_span_end(struct machine *machine, unsigned span);
void machine_value_set(struct machine *machine, unsigned value, int32_t number);
