/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine's life: made, run, finished.
 *
 *   machine_create   RUNNING, at cycle 0, as a boot loader leaves it
 *   machine_run      RUNNING -> RUNNING (until was reached), or -> how it ended
 *   machine_finish   the ledger is closed and everything that counts goes into the digest; once
 *
 * Invariants
 *   1. a status other than RUNNING never changes.
 *   2. the digest depends on the configuration alone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "sim/core/error.h"
#include "sim/machine/private.h"

const char *machine_status_name(enum machine_status status)
{
	static const char *const name[] = {
#define X(name, text, code) text,
		MACHINE_STATUSES(X)
#undef X
	};

	return name[status];
}

int machine_status_exit(enum machine_status status)
{
	static const int exit_status[] = {
#define X(name, text, code) code,
		MACHINE_STATUSES(X)
#undef X
	};

	return exit_status[status];
}

/* --- the board, as the processor sees it --- */

static uint32_t bus_in(void *ctx, uint16_t port, unsigned size)
{
	return board_in(&((struct machine *)ctx)->board, port, size);
}

static void bus_out(void *ctx, uint16_t port, unsigned size, uint32_t value)
{
	board_out(&((struct machine *)ctx)->board, port, size, value);
}

static bool bus_interrupt_pending(void *ctx)
{
	return board_interrupt_pending(&((struct machine *)ctx)->board);
}

static int bus_acknowledge(void *ctx)
{
	return board_acknowledge(&((struct machine *)ctx)->board);
}

static cycle_t bus_next_event(void *ctx)
{
	return board_next_event(&((struct machine *)ctx)->board);
}

static void bus_run_events(void *ctx)
{
	board_run_events(&((struct machine *)ctx)->board);
}

static bool bus_load(void *ctx, paddr_t address, unsigned size, uint32_t *value)
{
	return malta_load(&((struct machine *)ctx)->malta, address, size, value);
}

static bool bus_store(void *ctx, paddr_t address, unsigned size, uint32_t value)
{
	return malta_store(&((struct machine *)ctx)->malta, address, size, value);
}

/* The guest resets the board: the run is over, and in order only if the guest said so before. */
static void board_reset(void *ctx)
{
	struct machine *machine = ctx;

	if (machine->status == MACHINE_RUNNING) {
		machine->status = MACHINE_FAILED;
		snprintf(machine->reason, sizeof machine->reason, "the guest reset the board without having shut down");
	}
	processor_class(machine->processor)->ask_stop(machine->processor);
}

/* A byte has left the serial line. */
static void console_byte(void *ctx, uint8_t byte)
{
	struct machine *machine = ctx;
	uint32_t arg = byte;

	if (machine->console_size + 1 >= machine->console_capacity) {
		size_t capacity = machine->console_capacity ? machine->console_capacity * 2 : 4096;
		char *grown = realloc(machine->console, capacity);

		if (!grown) {
			machine->out_of_memory = true;
			return;
		}
		machine->console = grown;
		machine->console_capacity = capacity;
	}
	machine->console[machine->console_size++] = (char)byte;
	machine->console[machine->console_size] = 0;
	journal_append(&machine->journal, EVENT_CONSOLE, 0, 1, &arg);
}

static void disk_command(void *ctx, uint8_t command, uint32_t sector, uint32_t count)
{
	const uint32_t arg[3] = {command, sector, count};

	journal_append(&((struct machine *)ctx)->journal, EVENT_DISK_COMMAND, 0, 3, arg);
}

static void disk_done(void *ctx, uint8_t error)
{
	const uint32_t arg = error;

	journal_append(&((struct machine *)ctx)->journal, EVENT_DISK_DONE, 0, 1, &arg);
}

/* --- making --- */

static enum muk_err connect_disk(struct machine *machine, struct muk_error *error)
{
	const struct machine_disk *disk = &machine->config.disk;
	const struct disk_model *model = &machine->config.model->disk;
	const struct ide_listener listener = {machine, disk_command, disk_done};

	if (!disk->image)
		return MUK_OK;
	if (!model->present)
		return error_set(error, MUK_ERR_INPUT, "disk \"%s\": the model %s has no disk", disk->name,
		                 machine->config.model->name);
	if (disk->size > (uint64_t)disk_model_sectors(model) * DISK_SECTOR)
		return error_set(error, MUK_ERR_INPUT, "disk \"%s\": %llu bytes do not fit on the model's disk of %llu", disk->name,
		                 (unsigned long long)disk->size,
		                 (unsigned long long)disk_model_sectors(model) * DISK_SECTOR);
	if (!board_connect_disk(&machine->board, model, machine->config.model->hertz, disk->image, disk->size, &listener))
		return error_set(error, MUK_ERR_NOMEM, "out of memory making a machine");
	return MUK_OK;
}

static enum muk_err make_processor(struct machine *machine, struct muk_error *error)
{
	const struct model *model = machine->config.model;
	const struct processor_class *class = machine_processor_class(model->arch);
	const struct processor_config config = {
		.model = model,
		.ledger = &machine->ledger,
		.journal = &machine->journal,
		.ram = machine->ram,
		.ram_size = model->memory,
		.bus = {
			.ctx = machine,
			.in = bus_in,
			.out = bus_out,
			.load = bus_load,
			.store = bus_store,
			.interrupt_pending = bus_interrupt_pending,
			.acknowledge = bus_acknowledge,
			.next_event = bus_next_event,
			.run_events = bus_run_events,
		},
		.code_map = {
			.ctx = machine,
			.page = machine_code_page,
			.function = machine_function_at,
			.probe = machine_probe_at,
			.fire = machine_fire,
		},
	};

	if (!class)
		return error_set(error, MUK_ERR_INPUT, "the model %s: there is no processor of the architecture %s here",
		                 model->name, model_arch_word(model->arch));
	return class->create(&machine->processor, &config, error);
}

static enum muk_err make_memory(struct machine *machine, struct muk_error *error)
{
	size_t size = machine->config.model->memory;
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return error_set(error, MUK_ERR_NOMEM, "the host cannot give %zu MiB for the machine's memory", size >> 20);
	machine->ram = memory;
	return MUK_OK;
}

static enum muk_err make_parts(struct machine *machine, struct muk_error *error)
{
	struct processor_boot boot;
	enum muk_err err = make_memory(machine, error);

	if (!err)
		err = machine_map_images(machine, error);
	if (!err)
		err = connect_disk(machine, error);
	if (!err && !machine_spans_init(machine))
		err = error_set(error, MUK_ERR_NOMEM, "out of memory making a machine");
	if (!err)
		err = machine_boot(machine, &boot, error);
	if (!err)
		err = make_processor(machine, error);
	if (err)
		return err;
	processor_class(machine->processor)->reset(machine->processor, &boot);
	return MUK_OK;
}

enum muk_err machine_create(struct machine **out, const struct machine_config *config, struct muk_error *error)
{
	struct machine *machine = calloc(1, sizeof *machine);

	*out = NULL;
	if (!machine || !ledger_init(&machine->ledger)) {
		free(machine);
		return error_set(error, MUK_ERR_NOMEM, "out of memory making a machine");
	}
	machine->config = *config;
	machine->status = MACHINE_RUNNING;
	journal_init(&machine->journal, &machine->ledger, config->sink);
	board_init(&machine->board, &machine->ledger, config->model->hertz, console_byte, machine);
	machine->malta = (struct malta){ &machine->board, board_reset, machine };
	enum muk_err err = make_parts(machine, error);

	if (err)
		machine_destroy(machine);
	else
		*out = machine;
	return err;
}

void machine_destroy(struct machine *machine)
{
	if (!machine)
		return;
	if (machine->processor)
		processor_class(machine->processor)->destroy(machine->processor);
	board_free(&machine->board);
	machine_unmap_images(machine);
	ledger_free(&machine->ledger);
	if (machine->ram)
		munmap(machine->ram, machine->config.model->memory);
	free(machine->span);
	free(machine->open);
	free(machine->value);
	free(machine->tasks.entry);
	free(machine->threads.entry);
	threads_free(&machine->guest);
	free(machine->console);
	free(machine);
}

/* --- running --- */

/* "l4:ipc_send" of the place where the processor stands, or its address. */
static void describe_place(const struct machine *machine, char *text, size_t size)
{
	const struct processor *processor = machine->processor;
	laddr_t pc = processor_class(processor)->pc(processor);
	paddr_t physical;
	const char *name = NULL;

	if (processor_class(processor)->look_translate(processor, pc, &physical)) {
		machine_code_page((void *)machine, PAGE_OF(physical));
		name = machine_function(machine, machine_function_at((void *)machine, physical));
	}
	snprintf(text, size, "%#x%s%s", pc, name ? " in " : "", name ? name : "");
}

static void end(struct machine *machine, enum machine_status status, const char *what)
{
	const struct processor *processor = machine->processor;
	uint32_t arg[2] = { (uint32_t)status, 0 };
	char place[192], state[192];

	machine->status = status;
	describe_place(machine, place, sizeof place);
	processor_class(processor)->describe(processor, state, sizeof state);
	snprintf(machine->reason, sizeof machine->reason, "%s at %s (%s)", what, place, state);
	journal_append(&machine->journal, EVENT_GUEST_FAULT, processor_class(processor)->pc(processor), 2, arg);
}

enum machine_status machine_run(struct machine *machine, cycle_t until)
{
	const char *what = "";

	if (machine->status != MACHINE_RUNNING)
		return machine->status;
	switch (processor_class(machine->processor)->run(machine->processor, until, &what)) {
	case PROCESSOR_STOP_LIMIT:
		break;
	case PROCESSOR_STOP_ASKED: /* by a probe, which has set the status */
		break;
	case PROCESSOR_STOP_HALTED:
		if (machine->status == MACHINE_RUNNING)
			end(machine, MACHINE_DEADLOCK, "halted with nothing that could wake it");
		break;
	case PROCESSOR_STOP_TRIPLE_FAULT:
		end(machine, MACHINE_TRIPLE_FAULT, "triple fault");
		break;
	case PROCESSOR_STOP_SHUTDOWN:
		end(machine, MACHINE_SHUTDOWN, what);
		break;
	case PROCESSOR_STOP_UNSUPPORTED:
		end(machine, MACHINE_UNSUPPORTED, what);
		break;
	case PROCESSOR_STOP_COUNT:
		break;
	}
	return machine->status;
}

static void absorb_chunk(void *ctx, uint32_t chunk, const uint8_t *bytes)
{
	struct machine *machine = ctx;

	journal_absorb(&machine->journal, &chunk, sizeof chunk);
	journal_absorb(&machine->journal, bytes, STORE_CHUNK);
}

/*
 * Totals, as the digest has them: clock, instructions, the causes up to idle, the counters (zeros up to a multiple of
 * eight); then, of each cause that came later into the world and was charged to, its number and cycles.
 */
static void absorb_totals(struct machine *machine)
{
	enum { FIRST_CAUSES = CAUSE_IDLE + 1, MULTIPLE = 8 };
	unsigned counters = (processor_class(machine->processor)->counters + MULTIPLE - 1) / MULTIPLE * MULTIPLE, n = 0;
	uint64_t word[2 + FIRST_CAUSES + MACHINE_COUNTERS + 2 * CAUSE_COUNT];
	struct machine_reading total;

	machine_read(machine, &total);
	word[n++] = total.cycles;
	word[n++] = total.instructions;
	for (unsigned cause = 0; cause < FIRST_CAUSES; cause++)
		word[n++] = total.cause[cause];
	for (unsigned counter = 0; counter < counters; counter++)
		word[n++] = total.count[counter];
	for (unsigned cause = FIRST_CAUSES; cause < CAUSE_COUNT; cause++)
		if (total.cause[cause]) {
			word[n++] = cause;
			word[n++] = total.cause[cause];
		}
	journal_absorb(&machine->journal, word, n * sizeof *word);
}

void machine_finish(struct machine *machine, enum machine_status status)
{
	muk_assert(!machine->finished);
	machine->finished = true;
	if (machine->status == MACHINE_RUNNING && status == MACHINE_LIMIT) {
		machine->status = status;
		snprintf(machine->reason, sizeof machine->reason, "the limit of %llu cycles was reached",
		         (unsigned long long)machine->ledger.now);
		journal_append(&machine->journal, EVENT_LIMIT, 0, 0, NULL);
	}
	ledger_settle(&machine->ledger);
	absorb_totals(machine);
	journal_absorb(&machine->journal, machine->ram, machine->config.model->memory);
	if (machine->board.has_disk)
		store_each(&machine->board.ide.store, absorb_chunk, machine);
	journal_flush(&machine->journal);
}

/* --- looking --- */

enum machine_status machine_status(const struct machine *machine)
{
	return machine->status;
}

const char *machine_reason(const struct machine *machine)
{
	return machine->reason;
}

struct digest machine_digest(const struct machine *machine)
{
	return journal_digest(&machine->journal);
}

struct ledger *machine_ledger(struct machine *machine)
{
	return &machine->ledger;
}

const struct journal *machine_journal(const struct machine *machine)
{
	return &machine->journal;
}

const char *machine_console(const struct machine *machine, size_t *size)
{
	if (size)
		*size = machine->console_size;
	return machine->console ? machine->console : "";
}

const uint8_t *machine_memory(const struct machine *machine, uint32_t *size)
{
	*size = machine->config.model->memory;
	return machine->ram;
}

bool machine_out_of_memory(const struct machine *machine)
{
	return machine->out_of_memory || (machine->board.has_disk && machine->board.ide.out_of_memory);
}

void machine_type(struct machine *machine, uint8_t byte)
{
	board_serial_input(&machine->board, byte);
}
