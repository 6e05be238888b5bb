/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hosts that do anything to a disk.  An input becomes a disk and a list of accesses to its ports, at any times;
 * whatever they are, two boards agree on every answer, interrupt and byte in the end:
 *
 *   one is looked at by its host alone, and lets its events come
 *   the other is looked at in between, by reads that answer nothing, and is saved and loaded now and then
 */
#include <stdlib.h>
#include <string.h>

#include "sim/board/board.h"
#include "sim/core/error.h"

enum { HERTZ = 1000000, IMAGE = 16 * 1024 };
enum { DATA = 0x1f0, DRIVE = 0x1f6, COMMAND = 0x1f7, ALTERNATE = 0x3f6 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	const uint8_t *data;
	size_t size;
};

static uint32_t choose(struct input *input, uint32_t below)
{
	uint32_t value = 0;

	for (unsigned n = 0; n < 2 && input->size; n++, input->size--)
		value = value << 8 | *input->data++;
	return value % below;
}

struct side {
	struct ledger ledger;
	struct board board;
};

static uint8_t image[IMAGE];

static void make_model(struct disk_model *model, struct input *input)
{
	*model = (struct disk_model){
		.present = true, .cylinders = 16 + choose(input, 20), .heads = 1 + choose(input, 4), .sectors = 1 + choose(input, 20),
		.rpm = 600 + choose(input, 10000), .buffer = (enum disk_buffer)choose(input, DISK_BUFFER_COUNT),
		.write_buffer = choose(input, 2) ? 0 : choose(input, DISK_WRITE_BUFFER + 1),
		.stops_after = choose(input, 4) ? DISK_NEVER_STOPS : choose(input, 40),
	};
	model->head_skew = choose(input, model->sectors);
	model->cylinder_skew = choose(input, model->sectors);
	for (unsigned n = 0; n < DISK_TIME_COUNT; n++)
		model->time[n] = choose(input, 3000);
	model->time[DISK_SEEK_AVERAGE] += model->time[DISK_SEEK_TRACK];
	model->time[DISK_SEEK_FULL] += model->time[DISK_SEEK_AVERAGE];
	model->bad.range[0].first = choose(input, 100);
	model->bad.range[0].last = model->bad.range[0].first + choose(input, 3);
	model->bad.count = choose(input, 2);
	model->lost.range[0].first = model->lost.range[0].last = choose(input, 100);
	model->lost.count = choose(input, 2);
}

static void make_side(struct side *side, const struct disk_model *model)
{
	size_t room = (size_t)disk_model_sectors(model) * DISK_SECTOR;

	muk_assert(ledger_init(&side->ledger));
	board_init(&side->board, &side->ledger, HERTZ, NULL, NULL);
	muk_assert(board_connect_disk(&side->board, model, HERTZ, image, room < IMAGE ? room : IMAGE, NULL));
	board_out(&side->board, 0xa1, 1, 0xbf);
	board_out(&side->board, 0x21, 1, 0xfb);
}

static void free_side(struct side *side)
{
	board_free(&side->board);
	ledger_free(&side->ledger);
}

static void pass(struct side *side, cycle_t cycles)
{
	cycle_t until = side->ledger.now + cycles;

	while (board_next_event(&side->board) <= until) {
		ledger_charge(&side->ledger, CAUSE_IDLE, board_next_event(&side->board) - side->ledger.now);
		board_run_events(&side->board);
	}
	ledger_charge(&side->ledger, CAUSE_IDLE, until - side->ledger.now);
}

/* Looks that a host's program would not notice, and the life of a snapshot. */
static void look(struct side *side, cycle_t cycles)
{
	for (cycle_t step = cycles / 3 + 1; cycles; cycles -= step) {
		if (step > cycles)
			step = cycles;
		pass(side, step);
		(void)board_in(&side->board, ALTERNATE, 1);
		(void)board_interrupt_pending(&side->board);
	}
}

static void save_and_load(struct side *side)
{
	struct stream stream;

	stream_init(&stream);
	ledger_state(&stream, &side->ledger);
	board_state(&stream, &side->board);
	stream_rewind(&stream);
	ledger_state(&stream, &side->ledger);
	board_state(&stream, &side->board);
	muk_assert(!stream.failed);
	stream_free(&stream);
}

/* One access, and what the host sees of it. */
struct port_access {
	uint16_t port;
	unsigned size;
	bool write;
	uint32_t value, times;
};

static uint64_t perform(struct side *side, const struct port_access *access)
{
	uint64_t seen = 0;

	for (uint32_t n = 0; n < access->times; n++)
		if (access->write)
			board_out(&side->board, access->port, access->size, access->value + n);
		else
			seen = seen * 31 + board_in(&side->board, access->port, access->size);
	return seen * 2 + board_interrupt_pending(&side->board);
}

static struct port_access make_access(struct input *input)
{
	static const uint8_t commands[] = {0x10, 0x20, 0x21, 0x30, 0x31, 0x70, 0x90, 0x91, 0xec, 0xef, 0x00, 0x20, 0x30};
	struct port_access access = {.port = (uint16_t)(DATA + choose(input, 8)), .size = 1, .times = 1};

	switch (choose(input, 8)) {
	case 0:
	case 1:
		access.port = COMMAND;
		access.write = true;
		access.value = commands[choose(input, sizeof commands)];
		break;
	case 2:
	case 3:
	case 4:
		access = (struct port_access){
			DATA, 2, choose(input, 2), choose(input, 65536), choose(input, 8) ? 256 : choose(input, 300)
		};
		break;
	case 5:
		access.port = choose(input, 4) ? DRIVE : ALTERNATE;
		access.write = true;
		access.value = choose(input, 256);
		break;
	case 6:
		access.size = 1u << choose(input, 3);
		access.write = choose(input, 2);
		access.value = choose(input, 65536) * 65537u;
		break;
	default:
		access.write = choose(input, 2);
		access.value = choose(input, 12);
		break;
	}
	return access;
}

static void step(struct side sides[2], struct input *input)
{
	struct port_access access = make_access(input);
	cycle_t cycles = choose(input, 4) ? choose(input, 100) : choose(input, 40000);
	bool save = choose(input, 16) == 0;

	pass(&sides[0], cycles);
	look(&sides[1], cycles);
	if (save)
		save_and_load(&sides[1]);
	muk_assert(perform(&sides[0], &access) == perform(&sides[1], &access));
	muk_assert(board_next_event(&sides[0].board) == board_next_event(&sides[1].board));
}

static void compare_store(void *ctx, uint32_t chunk, const uint8_t *bytes)
{
	const struct store *other = ctx;

	muk_assert(other->chunk[chunk] && !memcmp(other->chunk[chunk], bytes, STORE_CHUNK));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {data, size};
	struct disk_model model;
	struct side sides[2];

	for (unsigned n = 0; n < IMAGE; n++)
		image[n] = (uint8_t)(n * 2654435761u >> 24);
	make_model(&model, &input);
	make_side(&sides[0], &model);
	make_side(&sides[1], &model);
	while (input.size)
		step(sides, &input);
	store_each(&sides[0].board.ide.store, compare_store, &sides[1].board.ide.store);
	store_each(&sides[1].board.ide.store, compare_store, &sides[0].board.ide.store);
	free_side(&sides[0]);
	free_side(&sides[1]);
	return 0;
}
