/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/workload.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <stdlib.h>

#include "sim/core/error.h"
#include "sim/image/embedded.h"
#include "sim/machine/private.h"

enum { COMMAND_LINE = 128 };

double host_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

enum muk_err workload_image(struct image *image, const char *wanted, struct muk_error *error)
{
	const void *bytes;
	const char *name;
	size_t size;

	for (unsigned n = 0; (name = image_embedded(n, &bytes, &size)) != NULL; n++)
		if (!strcmp(name, wanted))
			return image_read(image, name, bytes, size, error);
	return error_set(error, MUK_ERR_DEFECT, "the program \"%s\" is not in the library", wanted);
}

enum muk_err workload_machine(struct machine **machine, const struct image *image, const struct model *model,
                              const struct workload *workload, struct trace_writer *writer, struct muk_error *error)
{
	char line[COMMAND_LINE];
	struct machine_config config = {.model = model, .kernel = image, .command_line = line};

	snprintf(line, sizeof line, "speed work=%s count=%u", workload->work, workload->count);
	if (writer)
		config.sink = trace_sink(writer);
	return machine_create(machine, &config, error);
}

/* The guest's memory that the host really holds. */
static double resident_mib(const struct machine *machine)
{
	uint32_t size, resident = 0;
	const uint8_t *memory = machine_memory(machine, &size);
	unsigned char *page = calloc(1, (size >> PAGE_SHIFT) + 1);

	if (page && mincore((void *)(uintptr_t)memory, size, page) == 0)
		for (uint32_t n = 0; n < size >> PAGE_SHIFT; n++)
			resident += page[n] & 1;
	free(page);
	return (double)resident / (1 << (20 - PAGE_SHIFT));
}

static int64_t checksum_of(const struct machine *machine)
{
	const struct machine_value *value;
	unsigned values = machine_values(machine, &value);

	for (unsigned n = 0; n < values; n++)
		if (!strcmp(value[n].name, "checksum"))
			return value[n].last;
	return -1;
}

static uint64_t counter_of(const struct machine *machine, const struct machine_reading *reading, const char *name)
{
	const struct processor_class *class = processor_class(machine->processor);

	for (unsigned n = 0; n < class->counters; n++)
		if (!strcmp(class->counter[n], name))
			return reading->count[n];
	return 0;
}

static void take(struct measure *measure, struct machine *machine)
{
	struct machine_reading reading;

	machine_read(machine, &reading);
	measure->instructions = reading.instructions;
	measure->misses = counter_of(machine, &reading, "tlb_misses");
	measure->checksum = checksum_of(machine);
	measure->digest = machine_digest(machine);
}

/* The trace's part of a run, which counts as time of it. */
static enum muk_err end_trace(struct trace_writer *writer, struct machine *machine, struct muk_error *error)
{
	struct trace_result end = {.status = "ok", .reason = ""};

	end.digest = machine_digest(machine);
	return trace_end_run(writer, &end, error);
}

enum muk_err workload_run(const struct image *image, const struct model *model, const struct workload *workload,
                          struct trace_writer *writer, struct measure *measure, struct muk_error *error)
{
	struct machine *machine;
	enum machine_status status;
	double begin;
	enum muk_err err = workload_machine(&machine, image, model, workload, writer, error);

	if (err)
		return err;
	begin = host_seconds();
	status = machine_run(machine, CYCLE_NEVER - 1);
	measure->seconds = host_seconds() - begin;
	measure->resident_mib = resident_mib(machine); /* before the digest looks at all of it */
	if (status != MACHINE_OK)
		err = error_set(error, MUK_ERR_DEFECT, "speed work=%s ended as \"%s\": %s", workload->work,
		                machine_status_name(status), machine_reason(machine));
	if (!err) {
		machine_finish(machine, status);
		begin = host_seconds();
		if (writer)
			err = end_trace(writer, machine, error);
		measure->seconds += host_seconds() - begin;
		take(measure, machine);
	}
	machine_destroy(machine);
	return err;
}
