/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a guest prints in the simulated machine, for comparison with the same images elsewhere.
 *
 *   guest_console [OPTION]... MODEL KERNEL.elf "OPTIONS" [MODULE.elf "COMMAND LINE"]...
 *
 *   -d DISK.img       the disk's image
 *   -p PROGRAM.elf    a program that the guest loads by itself: its functions and probes are known; may be repeated
 *   -s KEY=VALUE      of the model; may be repeated
 *   -c CYCLES         at most so many; absent: 300000000
 *   -r CYCLE          from there on in another machine, that is restored from a snapshot; and the digest, on stderr
 *   -f                how often each probe fired, on stderr
 *   -i TEXT           typed when the guest has printed a '?', a byte each 20000 cycles
 *   -t EVENTS         the last so many events but single bytes of the console, on stderr
 *
 * Prints the serial line's text; on stderr how the run ended, its cycles and instructions.  Exit: 0 if the guest shut
 * down with code 0, else 1; 2 for bad usage.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/image/disk_image.h"
#include "sim/machine/machine.h"
#include "sim/model/load.h"

enum { SETS = 16 };

static cycle_t limit = 300000000; /* cycles */
static const char *typed; /* NULL: nothing */
static const char *set[SETS];
static unsigned sets;
static bool print_fired, print_digest;
static cycle_t resume_at;       /* 0: nowhere */
static struct event *last;      /* a ring of the last events */
static uint64_t lasts, seen;

static void fail(const char *what, const char *why)
{
	fprintf(stderr, "guest_console: %s: %s\n", what, why);
	exit(2);
}

static void open_model(struct model *model, const char *name)
{
	struct diagnostics diagnostics;
	struct yaml_node *root;

	diagnostics_init(&diagnostics);
	root = model_open(name, NULL, NULL, &diagnostics);
	for (unsigned n = 0; root != NULL && n < sets; n++)
		yaml_set(root, set[n], &diagnostics);
	if (root == NULL || diagnostics.count || !model_load(model, root, &diagnostics))
		fail(name, diagnostics_render(&diagnostics));
	yaml_destroy(root);
	diagnostics_free(&diagnostics);
}

static void read_image(struct image *image, const char *path)
{
	struct muk_error error = { .code = MUK_OK };

	if (image_read_file(image, path, &error) != MUK_OK)
		fail(path, error.text);
}

/* --- what happened --- */

static void keep_events(void *ctx, const struct event *event, unsigned count, uint64_t first, const struct digest *after)
{
	(void)ctx, (void)first, (void)after;
	for (unsigned n = 0; n < count; n++)
		if (event[n].kind != EVENT_CONSOLE)
			last[seen++ % lasts] = event[n];
}

static void print_event(const struct machine *machine, const struct event *event)
{
	bool probe = event->kind >= EVENT_PROBE;

	fprintf(stderr, "%12" PRIu64 " %3u/%-3u %08x %s", event->cycle, event->task, event->thread, event->pc,
	        probe ? machine_probe(machine, event->kind - EVENT_PROBE, NULL) : event_kind_name(event->kind));
	for (unsigned n = 0; n < event->args; n++)
		fprintf(stderr, " %x", event->arg[n]);
	fputc('\n', stderr);
}

static void print_events(const struct machine *machine)
{
	const char *name;

	for (uint64_t n = seen > lasts ? seen - lasts : 0; n < seen; n++)
		print_event(machine, &last[n % lasts]);
	for (unsigned n = 0; print_fired && (name = machine_probe(machine, n, NULL)); n++)
		fprintf(stderr, "%12" PRIu64 " %s\n", machine_probe_count(machine, n), name);
}

/* Runs until the guest asks, then types. */
static void type(struct machine *machine)
{
	enum { SLICE = 1000, BYTE = 20000 };
	cycle_t now = 0;

	while (!strchr(machine_console(machine, NULL), '?') && now < limit && machine_run(machine, now) == MACHINE_RUNNING)
		now += SLICE;
	for (; *typed && machine_run(machine, now) == MACHINE_RUNNING; typed++, now += BYTE)
		machine_type(machine, (uint8_t)*typed);
}

static struct machine *make(const struct machine_config *config)
{
	struct muk_error error = { .code = MUK_OK };
	struct machine *machine;

	if (machine_create(&machine, config, &error) != MUK_OK)
		fail("machine", error.text);
	return machine;
}

/* Runs to a cycle, and takes another machine from there on. */
static struct machine *resume(struct machine *first, const struct machine_config *config)
{
	struct muk_error error = { .code = MUK_OK };
	struct stream stream;

	if (machine_run(first, resume_at) != MACHINE_RUNNING)
		return first;
	stream_init(&stream);
	if (machine_snapshot(first, &stream, &error) != MUK_OK)
		fail("snapshot", error.text);
	machine_destroy(first);
	struct machine *second = make(config);
	if (machine_restore(second, &stream, &error) != MUK_OK)
		fail("restore", error.text);
	stream_free(&stream);
	return second;
}

static void print_end(const struct machine *machine)
{
	struct digest digest = machine_digest(machine);
	char digits[33];

	digest_print(&digest, digits);
	if (print_digest)
		fprintf(stderr, "digest %s\n", digits);
}

static int run(const struct machine_config *config)
{
	struct machine *machine = make(config);
	struct machine_reading reading;
	enum machine_status status;
	size_t size;
	const char *text;

	if (typed)
		type(machine);
	if (resume_at)
		machine = resume(machine, config);
	machine_run(machine, limit);
	machine_finish(machine, MACHINE_LIMIT);
	status = machine_status(machine);
	text = machine_console(machine, &size);
	fwrite(text, 1, size, stdout);
	fflush(stdout);
	print_events(machine);
	machine_read(machine, &reading);
	fprintf(stderr, "%s %s: %" PRIu64 " cycles, %" PRIu64 " instructions\n", machine_status_name(status),
	        machine_reason(machine), reading.cycles, reading.instructions);
	print_end(machine);
	machine_destroy(machine);
	return status == MACHINE_OK ? 0 : 1;
}

static void read_disk(struct machine_disk *disk, const char *path)
{
	static struct disk_image image;
	struct muk_error error = { .code = MUK_OK };

	if (disk_image_read_file(&image, path, &error) != MUK_OK)
		fail(path, error.text);
	*disk = (struct machine_disk){ path, image.bytes, image.size };
}

static void read_program(struct machine_config *config, const char *path)
{
	static struct image image[MACHINE_PROGRAMS];

	if (config->programs == MACHINE_PROGRAMS)
		fail(path, "one program too many");
	read_image(&image[config->programs], path);
	config->program[config->programs] = &image[config->programs];
	config->programs++;
}

static void keep_last(struct machine_config *config, const char *number)
{
	lasts = strtoull(number, NULL, 10);
	last = calloc(lasts ? lasts : 1, sizeof *last);
	if (!lasts || !last)
		fail(number, "not a number of events");
	config->sink.chunk = keep_events;
}

/* How many words of argv the options take. */
static int read_options(int argc, char **argv, struct machine_config *config)
{
	for (int option; (option = getopt(argc, argv, "+d:p:s:c:fi:t:r:")) != -1;) {
		if (option == 'd')
			read_disk(&config->disk, optarg);
		else if (option == 'p')
			read_program(config, optarg);
		else if (option == 'f')
			print_fired = true;
		else if (option == 't')
			keep_last(config, optarg);
		else if (option == 'i')
			typed = optarg;
		else if (option == 'r')
			print_digest = true, resume_at = strtoull(optarg, NULL, 10);
		else if (option == 'c')
			limit = strtoull(optarg, NULL, 10);
		else if (option == 's' && sets < SETS)
			set[sets++] = optarg;
		else
			fail("usage", "[-d DISK.img] [-p PROGRAM.elf]... [-s KEY=VALUE]... [-c CYCLES] [-r CYCLE] [-f] [-t EVENTS] ...");
	}
	return optind - 1;
}

int main(int argc, char **argv)
{
	static struct image image[1 + MACHINE_MODULES];
	static struct model model;
	struct machine_config config = { .model = &model, .kernel = &image[0] };
	int options = read_options(argc, argv, &config);

	argc -= options;
	argv += options;
	if (argc < 4 || (argc - 4) % 2 != 0 || (argc - 4) / 2 > MACHINE_MODULES)
		fail("usage", "[OPTION]... MODEL KERNEL.elf OPTIONS [MODULE.elf COMMAND-LINE]...");
	open_model(&model, argv[1]);
	read_image(&image[0], argv[2]);
	config.command_line = argv[3];
	for (int at = 4; at < argc; at += 2) {
		read_image(&image[1 + config.modules], argv[at]);
		config.module[config.modules].image = &image[1 + config.modules];
		config.module[config.modules++].command_line = argv[at + 1];
	}
	return run(&config);
}
