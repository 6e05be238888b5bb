/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The IDE disk at the board's ports.  The medium is one on which times can be reckoned by hand: a turn is 10000 cycles,
 * a sector 1000, and sector 0 begins at cycle 0.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "sim/board/board.h"
#include "tests/unit/random.h"

enum { HERTZ = 1000000, TURN = 10000, SLOT = 1000 };
enum { DATA = 0x1f0, ERROR = 0x1f1, FEATURES = 0x1f1, COUNT = 0x1f2, NUMBER = 0x1f3, LOW = 0x1f4, HIGH = 0x1f5,
       DRIVE = 0x1f6, STATUS = 0x1f7, COMMAND = 0x1f7, ALTERNATE = 0x3f6, CONTROL = 0x3f6 };
enum { BUSY = 0x80, READY = 0x50, REQUEST = 0x58, FAILED = 0x51 };
enum { READ = 0x20, READ_ONCE = 0x21, WRITE = 0x30, SEEK = 0x70, DIAGNOSTIC = 0x90, PARAMETERS = 0x91,
       IDENTIFY = 0xec, SET_FEATURES = 0xef };
enum { ABORTED = 0x04, NO_ID = 0x10, UNCORRECTABLE = 0x40 };
enum { COMMAND_TIME = 500, GAP = 10, OVERHEAD = 700, SECTORS = 20 * 2 * 10, IMAGE_SECTORS = 100 };

static struct disk_model model;
static struct ledger ledger;
static struct board board;
static uint8_t image[IMAGE_SECTORS * 512], image_before[sizeof image];

static void connect(void)
{
	cr_assert(ledger_init(&ledger));
	board_init(&board, &ledger, HERTZ, NULL, NULL);
	cr_assert(board_connect_disk(&board, &model, HERTZ, image, sizeof image, NULL));
	board_out(&board, 0xa1, 1, 0xbf); /* line 14 alone */
	board_out(&board, 0x21, 1, 0xfb);
}

static void begin(void)
{
	model = (struct disk_model){
		.present = true, .cylinders = 20, .heads = 2, .sectors = 10, .rpm = 6000, .head_skew = 1, .cylinder_skew = 2,
		.time = {[DISK_SEEK_TRACK] = 300, [DISK_SEEK_AVERAGE] = 1500, [DISK_SEEK_FULL] = 3000, [DISK_HEAD_SWITCH] = 70,
		         [DISK_COMMAND] = COMMAND_TIME, [DISK_SECTOR_GAP] = GAP, [DISK_WRITE_OVERHEAD] = OVERHEAD},
		.stops_after = DISK_NEVER_STOPS,
	};
	for (size_t n = 0; n < sizeof image; n++)
		image[n] = (uint8_t)(n / 512 * 7 + n % 512 * 3);
	memcpy(image_before, image, sizeof image);
	connect();
}

static void end(void)
{
	cr_assert_arr_eq(image, image_before, sizeof image, "the image is only read");
	board_free(&board);
	ledger_free(&ledger);
}

TestSuite(ide, .init = begin, .fini = end);

static void out(uint16_t port, uint8_t value) { board_out(&board, port, 1, value); }
static uint8_t in(uint16_t port) { return (uint8_t)board_in(&board, port, 1); }

static void run_to(cycle_t until)
{
	while (board_next_event(&board) <= until) {
		ledger_charge(&ledger, CAUSE_IDLE, board_next_event(&board) - ledger.now);
		board_run_events(&board);
	}
	ledger_charge(&ledger, CAUSE_IDLE, until - ledger.now);
}

static void command(uint8_t what, uint32_t lba, uint8_t count)
{
	out(DRIVE, (uint8_t)(0xe0 | lba >> 24));
	out(COUNT, count);
	out(NUMBER, (uint8_t)lba);
	out(LOW, (uint8_t)(lba >> 8));
	out(HIGH, (uint8_t)(lba >> 16));
	out(COMMAND, what);
}

static uint32_t named_sector(void)
{
	return in(NUMBER) | (uint32_t)in(LOW) << 8 | (uint32_t)in(HIGH) << 16 | (uint32_t)(in(DRIVE) & 0xf) << 24;
}

static void take(uint8_t *bytes)
{
	for (unsigned n = 0; n < 256; n++) {
		uint32_t word = board_in(&board, DATA, 2);
		bytes[2 * n] = (uint8_t)word;
		bytes[2 * n + 1] = (uint8_t)(word >> 8);
	}
}

static void give(uint8_t first)
{
	for (unsigned n = 0; n < 256; n++)
		board_out(&board, DATA, 2, (uint8_t)(first + 2 * n) | (uint32_t)(uint8_t)(first + 2 * n + 1) << 8);
}

static void assert_sector(uint32_t sector)
{
	uint8_t bytes[512];

	take(bytes);
	cr_assert_arr_eq(bytes, image + sector * 512, 512, "sector %u", sector);
}

/* The interrupt comes at this very cycle, and the status is so. */
static void assert_interrupt_at(cycle_t when, uint8_t status)
{
	run_to(when - 1);
	cr_assert(!board_interrupt_pending(&board), "not before %lu", (unsigned long)when);
	cr_assert_eq(in(ALTERNATE), BUSY, "%x before %lu", in(ALTERNATE), (unsigned long)when);
	run_to(when);
	cr_assert(board_interrupt_pending(&board), "at %lu", (unsigned long)when);
	cr_assert_eq(in(ALTERNATE), status, "%x at %lu", in(ALTERNATE), (unsigned long)when);
	cr_assert_eq(in(STATUS), status);
	board_acknowledge(&board);
	out(0xa0, 0x20), out(0x20, 0x20);
	cr_assert(!board_interrupt_pending(&board), "reading the status answers it");
}

Test(ide, a_sector_is_offered_when_it_has_passed_under_the_head)
{
	command(READ, 3, 1);
	assert_interrupt_at(4 * SLOT, REQUEST);
	assert_sector(3);
	cr_assert_eq(in(STATUS), READY);
	cr_assert_eq(in(COUNT), 0);
	cr_assert_eq(board_next_event(&board), CYCLE_NEVER);
}

Test(ide, a_sector_that_passes_while_the_controller_thinks_is_met_a_turn_later)
{
	run_to(2 * SLOT + SLOT / 2 + 1); /* and COMMAND_TIME: one cycle too late for sector 3 */
	command(READ, 3, 1);
	assert_interrupt_at(4 * SLOT + TURN, REQUEST);
}

Test(ide, sectors_come_as_they_pass_if_the_host_is_fast)
{
	command(READ, 3, 3);
	for (unsigned n = 0; n < 3; n++) {
		assert_interrupt_at((4 + n) * SLOT, REQUEST);
		run_to(ledger.now + 200);
		assert_sector(3 + n);
	}
	cr_assert_eq(in(STATUS), READY);
}

Test(ide, sectors_wait_in_the_buffer_if_the_host_is_slow)
{
	command(READ, 3, 2);
	assert_interrupt_at(4 * SLOT, REQUEST);
	run_to(3 * TURN);
	assert_sector(3);
	assert_interrupt_at(3 * TURN + GAP, REQUEST);
	assert_sector(4);
}

Test(ide, a_count_of_0_is_256_sectors)
{
	command(READ, 0, 0);
	for (unsigned n = 0; n < 256; n++) {
		uint8_t bytes[512];

		run_to(board_next_event(&board));
		cr_assert_eq(in(STATUS), REQUEST, "sector %u", n);
		take(bytes);
		cr_assert_arr_eq(bytes, n < IMAGE_SECTORS ? image + n * 512 : (uint8_t[512]){0}, 512);
	}
	cr_assert_eq(in(STATUS), READY);
}

Test(ide, a_write_is_over_when_it_is_on_the_medium_and_the_controller_has_said_so)
{
	command(WRITE, 5, 1);
	cr_assert_eq(in(STATUS), REQUEST, "the first sector is asked for at once");
	cr_assert(!board_interrupt_pending(&board), "and without an interrupt");
	run_to(100);
	give(1);
	assert_interrupt_at(6 * SLOT + OVERHEAD, READY);
	cr_assert_eq(in(COUNT), 0);
}

Test(ide, a_write_takes_its_sectors_as_fast_as_the_host_gives_them)
{
	command(WRITE, 5, 2);
	give(1);
	assert_interrupt_at(GAP, REQUEST);
	give(2);
	assert_interrupt_at(7 * SLOT + OVERHEAD, READY);
}

Test(ide, a_writer_who_is_late_misses_a_turn)
{
	command(WRITE, 5, 2);
	give(1);
	assert_interrupt_at(GAP, REQUEST);
	run_to(6 * SLOT + 1);
	give(2);
	assert_interrupt_at(7 * SLOT + TURN + OVERHEAD, READY);
}

Test(ide, a_buffered_write_is_over_when_it_is_in_the_buffer)
{
	model.write_buffer = 4;
	command(WRITE, 5, 1);
	run_to(100);
	give(1);
	assert_interrupt_at(100 + OVERHEAD, READY);
}

Test(ide, what_follows_a_buffered_write_misses_no_turn)
{
	model.write_buffer = 4;
	command(WRITE, 5, 1);
	give(1);
	assert_interrupt_at(OVERHEAD, READY);
	command(WRITE, 6, 1);
	give(2);
	assert_interrupt_at(2 * OVERHEAD, READY);
	command(READ, 7, 1);
	/* sector 5 is on the medium at 6000, 6 at 7000, and 7 is met at once */
	assert_interrupt_at(8 * SLOT, REQUEST);
}

Test(ide, no_more_is_taken_than_the_write_buffer_has_room_for)
{
	model.write_buffer = 2;
	command(WRITE, 5, 4);
	give(1);
	assert_interrupt_at(GAP, REQUEST);
	give(2);
	assert_interrupt_at(6 * SLOT, REQUEST);
	give(3);
	assert_interrupt_at(7 * SLOT, REQUEST);
	give(4);
	assert_interrupt_at(8 * SLOT + OVERHEAD, READY);
}

Test(ide, what_a_write_buffer_holds_is_read)
{
	uint8_t bytes[512];

	model.write_buffer = 64;
	command(WRITE, 42, 1);
	give(9);
	run_to(ledger.now + OVERHEAD);
	cr_assert_eq(in(STATUS), READY);
	command(READ, 42, 1);
	run_to(ledger.now + 3 * TURN);
	cr_assert_eq(in(STATUS), REQUEST);
	take(bytes);
	for (unsigned at = 0; at < 512; at++)
		cr_assert_eq(bytes[at], (uint8_t)(9 + at));
}

Test(ide, what_was_written_is_read_and_its_neighbours_are_the_image)
{
	uint8_t bytes[512];

	command(WRITE, 42, 1);
	give(9);
	run_to(ledger.now + 3 * TURN);
	command(READ, 41, 3);
	for (unsigned n = 0; n < 3; n++) {
		run_to(board_next_event(&board));
		if (n != 1) {
			assert_sector(41 + n);
			continue;
		}
		take(bytes);
		for (unsigned at = 0; at < 512; at++)
			cr_assert_eq(bytes[at], (uint8_t)(9 + at));
	}
}

Test(ide, cylinder_head_and_sector_name_the_same_sectors)
{
	out(DRIVE, 0xa0 | 1);
	out(COUNT, 1);
	out(NUMBER, 4);
	out(LOW, 3);
	out(HIGH, 0);
	out(COMMAND, READ);
	run_to(ledger.now + 3 * TURN);
	cr_assert_eq(in(STATUS), REQUEST);
	assert_sector((3 * 2 + 1) * 10 + 3);
}

Test(ide, other_heads_and_sectors_may_be_agreed_on)
{
	out(DRIVE, 0xa0 | 3); /* 4 heads of 5 sectors */
	out(COUNT, 5);
	out(COMMAND, PARAMETERS);
	assert_interrupt_at(COMMAND_TIME, READY);
	out(DRIVE, 0xa0 | 3);
	out(COUNT, 1);
	out(NUMBER, 5);
	out(LOW, 2);
	out(COMMAND, READ);
	run_to(ledger.now + 3 * TURN);
	assert_sector((2 * 4 + 3) * 5 + 4);
	out(NUMBER, 6);
	out(COUNT, 1);
	out(COMMAND, READ);
	run_to(ledger.now + TURN);
	cr_assert_eq(in(STATUS), FAILED, "there is no sector 6 now");
	cr_assert_eq(in(ERROR), NO_ID);
}

Test(ide, a_sector_that_cannot_be_read_is_tried_for_eight_turns)
{
	model.bad.range[0].first = 4, model.bad.range[0].last = 4, model.bad.count = 1;
	command(READ, 3, 3);
	assert_interrupt_at(4 * SLOT, REQUEST);
	assert_sector(3);
	assert_interrupt_at(4 * SLOT + 8 * TURN, FAILED);
	cr_assert_eq(in(ERROR), UNCORRECTABLE);
	cr_assert_eq(named_sector(), 4);
	cr_assert_eq(in(COUNT), 2, "two were not read");
	command(READ, 5, 1);
	run_to(ledger.now + 2 * TURN);
	cr_assert_eq(in(STATUS), REQUEST);
	assert_sector(5);
}

Test(ide, without_retries_a_bad_sector_fails_after_a_turn_and_can_be_written)
{
	model.bad.range[0].first = 3, model.bad.range[0].last = 3, model.bad.count = 1;
	command(READ_ONCE, 3, 1);
	assert_interrupt_at(SLOT + TURN, FAILED); /* from the first slot that begins after the command */
	command(WRITE, 3, 1);
	give(1);
	run_to(ledger.now + 2 * TURN);
	cr_assert_eq(in(STATUS), READY);
}

Test(ide, a_sector_that_is_lost_is_neither_read_nor_written)
{
	model.lost.range[0].first = 4, model.lost.range[0].last = 4, model.lost.count = 1;
	command(WRITE, 3, 2);
	give(1);
	run_to(100);
	give(2);
	run_to(20 * TURN);
	cr_assert_eq(in(STATUS), FAILED);
	cr_assert_eq(in(ERROR), NO_ID);
	cr_assert_eq(named_sector(), 4);
	command(READ, 4, 1);
	run_to(ledger.now + 20 * TURN);
	cr_assert_eq(in(ERROR), NO_ID);
	model.lost.count = 0;
	command(READ, 4, 1);
	run_to(ledger.now + 20 * TURN);
	assert_sector(4); /* as it was */
}

Test(ide, the_disk_ends_where_it_ends)
{
	command(READ, SECTORS, 1);
	assert_interrupt_at(COMMAND_TIME, FAILED);
	cr_assert_eq(in(ERROR), NO_ID);
	command(READ, SECTORS - 1, 2);
	run_to(ledger.now + 3 * TURN);
	uint8_t bytes[512];
	cr_assert_eq(in(STATUS), REQUEST);
	take(bytes);
	run_to(ledger.now + 3 * TURN);
	cr_assert_eq(in(STATUS), FAILED);
	cr_assert_eq(in(ERROR), NO_ID);
}

Test(ide, other_commands_are_aborted)
{
	static const uint8_t unknown[] = {0x00, 0x22, 0x40, 0x80, 0xc4, 0xc8, 0xe4, SET_FEATURES, 0xff};

	for (unsigned n = 0; n < sizeof unknown; n++) {
		command(unknown[n], 0, 1);
		assert_interrupt_at(ledger.now + COMMAND_TIME, FAILED);
		cr_assert_eq(in(ERROR), ABORTED, "%x", unknown[n]);
	}
}

Test(ide, a_seek_ends_when_the_arm_is_there)
{
	command(SEEK, 20, 1); /* the next cylinder */
	assert_interrupt_at(COMMAND_TIME + 300, READY);
	command(0x10, 0, 1);
	assert_interrupt_at(COMMAND_TIME + 300 + COMMAND_TIME + 300, READY);
}

Test(ide, a_stopped_drive_is_busy_for_ever)
{
	model.stops_after = 2;
	for (unsigned n = 0; n < 2; n++) {
		command(IDENTIFY, 0, 0);
		uint8_t bytes[512];
		run_to(ledger.now + TURN);
		cr_assert_eq(in(STATUS), REQUEST);
		take(bytes);
	}
	command(IDENTIFY, 0, 0);
	cr_assert_eq(board_next_event(&board), CYCLE_NEVER);
	run_to(1000 * TURN);
	cr_assert_eq(in(STATUS), BUSY);
	out(CONTROL, 4);
	out(CONTROL, 0);
	run_to(2000 * TURN);
	cr_assert_eq(in(STATUS), BUSY, "not even a reset helps");
}

Test(ide, interrupts_can_be_switched_off_and_wait_meanwhile)
{
	out(CONTROL, 2);
	command(READ, 3, 1);
	run_to(4 * SLOT);
	cr_assert(!board_interrupt_pending(&board));
	out(CONTROL, 0);
	cr_assert(board_interrupt_pending(&board));
	in(ALTERNATE);
	cr_assert(board.ide.intrq, "the alternate status answers nothing");
	in(STATUS);
	cr_assert(!board.ide.intrq);
}

Test(ide, there_is_no_slave)
{
	out(DRIVE, 0xb0);
	cr_assert_eq(in(STATUS), 0);
	out(COMMAND, IDENTIFY);
	cr_assert_eq(board_next_event(&board), CYCLE_NEVER);
	out(DRIVE, 0xa0);
	cr_assert_eq(in(STATUS), READY);
}

static void assert_signature(void)
{
	cr_assert_eq(in(ERROR), 1);
	cr_assert_eq(in(COUNT), 1);
	cr_assert_eq(in(NUMBER), 1);
	cr_assert_eq(in(LOW), 0);
	cr_assert_eq(in(HIGH), 0);
}

Test(ide, a_reset_ends_the_command_under_way)
{
	command(READ, 3, 1);
	out(CONTROL, 4);
	cr_assert_eq(in(STATUS), BUSY);
	run_to(TURN);
	out(CONTROL, 0);
	run_to(TURN + COMMAND_TIME - 1);
	cr_assert_eq(in(STATUS), BUSY);
	run_to(TURN + COMMAND_TIME);
	cr_assert_eq(in(STATUS), READY);
	cr_assert(!board_interrupt_pending(&board));
	assert_signature();
}

Test(ide, a_diagnostic_leaves_the_signature)
{
	out(COMMAND, DIAGNOSTIC);
	assert_interrupt_at(COMMAND_TIME, READY);
	assert_signature();
}

Test(ide, a_busy_drive_does_not_listen)
{
	command(READ, 3, 1);
	out(COUNT, 77);
	out(COMMAND, IDENTIFY);
	assert_interrupt_at(4 * SLOT, REQUEST);
	out(COMMAND, IDENTIFY); /* nor one that waits for its data to be taken */
	assert_sector(3);
}

Test(ide, it_says_what_it_is)
{
	uint8_t bytes[512];

	command(IDENTIFY, 0, 0);
	assert_interrupt_at(COMMAND_TIME, REQUEST);
	take(bytes);
	cr_assert_eq(bytes[2], 20);
	cr_assert_eq(bytes[6], 2);
	cr_assert_eq(bytes[12], 10);
	cr_assert_arr_eq(bytes + 54, "UMRKSOOCEPD SI K", 16, "texts have their bytes swapped");
	cr_assert_eq(bytes[99] & 2, 2, "LBA");
	cr_assert_eq(bytes[120] | bytes[121] << 8, SECTORS);
}

Test(ide, the_data_port_is_a_word_and_the_others_are_bytes)
{
	command(READ, 3, 1);
	run_to(4 * SLOT);
	cr_assert_eq(in(DATA), image[3 * 512], "a byte is the low one of a word, which is gone then");
	cr_assert_eq(board_in(&board, DATA, 2), (uint32_t)(image[3 * 512 + 2] | image[3 * 512 + 3] << 8));
	uint32_t wide = board_in(&board, DATA, 4);
	cr_assert_eq(wide & 0xffff, (uint32_t)(image[3 * 512 + 4] | image[3 * 512 + 5] << 8));
	cr_assert_eq(wide >> 16 & 0xff, in(COUNT), "a double word goes on at the next ports");
	cr_assert_eq(wide >> 24, in(NUMBER));
}

Test(ide, without_a_disk_nobody_drives_the_bus)
{
	struct board bare;

	board_init(&bare, &ledger, HERTZ, NULL, NULL);
	cr_assert_eq(board_in(&bare, STATUS, 1), 0xff);
	cr_assert_eq(board_in(&bare, DATA, 2), 0xffff);
	board_free(&bare);
}

/* --- snapshots --- */

/* A step of a host that does anything at all; its answers go into a sum. */
static uint64_t anything(struct random *random)
{
	uint64_t seen = 0;

	switch (random_below(random, 8)) {
	case 0:
		command((uint8_t[]){READ, WRITE, READ, SEEK, IDENTIFY, 0x99}[random_below(random, 6)],
		        random_below(random, SECTORS + 5), (uint8_t)(1 + random_below(random, 4)));
		break;
	case 1: run_to(ledger.now + random_below(random, 2 * TURN)); break;
	case 2: seen = in((uint16_t)(ERROR + random_below(random, 7))); break;
	case 3: seen = in(ALTERNATE); break;
	case 4: out((uint16_t)(ERROR + random_below(random, 5)), (uint8_t)random_next(random)); break;
	case 5: seen = board_interrupt_pending(&board); break;
	default:
		for (uint32_t words = random_below(random, 300); words; words--)
			if (board.ide.phase == IDE_OUT)
				board_out(&board, DATA, 2, (uint32_t)random_next(random) & 0xffff);
			else
				seen = seen * 31 + board_in(&board, DATA, 2);
	}
	return seen + ledger.now;
}

static uint64_t goes_on(struct random random, unsigned steps)
{
	uint64_t sum = 0;

	while (steps--)
		sum = sum * 1000003 + anything(&random);
	return sum;
}

Test(ide, a_snapshot_goes_on_the_same_from_any_moment)
{
	for (uint64_t seed = 1; seed <= 40; seed++) {
		struct random random = {seed}, after;
		struct stream stream;

		for (uint32_t steps = random_below(&random, 60); steps; steps--)
			(void)anything(&random);
		stream_init(&stream);
		ledger_state(&stream, &ledger);
		board_state(&stream, &board);
		after = random;
		uint64_t first = goes_on(after, 200);
		stream_rewind(&stream);
		ledger_state(&stream, &ledger);
		board_state(&stream, &board);
		cr_assert(!stream.failed);
		cr_assert_eq(goes_on(after, 200), first, "seed %lu", (unsigned long)seed);
		stream_free(&stream);
		board_free(&board);
		ledger_free(&ledger);
		connect();
	}
}

Test(ide, a_snapshot_that_is_cut_short_is_refused)
{
	struct stream stream;

	command(WRITE, 5, 2);
	give(1);
	stream_init(&stream);
	ledger_state(&stream, &ledger);
	board_state(&stream, &board);
	stream.size--;
	stream_rewind(&stream);
	ledger_state(&stream, &ledger);
	board_state(&stream, &board);
	cr_assert(stream.failed);
	stream_free(&stream);
}

/* Every byte of a snapshot changed, one at a time: it is refused, or the drive goes on without harm. */
Test(ide, a_snapshot_with_a_wrong_byte_is_refused_or_harmless)
{
	struct stream stream;

	command(WRITE, 42, 2);
	give(9);
	run_to(ledger.now + 1);
	command(READ, 3, 2);
	stream_init(&stream);
	board_state(&stream, &board);
	for (size_t at = 0; at < stream.size && at < 4000; at++) {
		struct random random = {at};
		uint8_t right = stream.data[at];

		stream.data[at] ^= (uint8_t)(1 + random_below(&random, 255));
		stream_rewind(&stream);
		board_state(&stream, &board);
		if (!stream.failed) {
			for (unsigned n = 0; n < 300; n++)
				(void)board_in(&board, DATA, 2);
			for (uint16_t port = ERROR; port <= STATUS; port++)
				(void)in(port);
			command(READ, 3, 1);
		}
		stream.failed = false;
		stream.data[at] = right;
	}
	stream_free(&stream);
}

/* --- the store --- */

Test(store, holds_what_was_written_and_the_image_elsewhere)
{
	enum { SIZE = 64 * 512, SHORT = 20 * 512 + 100 };
	struct random random = {7};
	static uint8_t base[SHORT], must[SIZE];
	uint8_t bytes[512];
	struct store store;

	for (unsigned n = 0; n < SHORT; n++)
		must[n] = base[n] = (uint8_t)random_next(&random);
	cr_assert(store_init(&store, base, SHORT, SIZE));
	for (unsigned n = 0; n < 1000; n++) {
		uint32_t sector = random_below(&random, 64);

		if (random_below(&random, 3) == 0) {
			for (unsigned at = 0; at < 512; at++)
				must[sector * 512 + at] = bytes[at] = (uint8_t)random_next(&random);
			cr_assert(store_write(&store, sector, bytes));
		}
		sector = random_below(&random, 64);
		store_read(&store, sector, bytes);
		cr_assert_arr_eq(bytes, must + sector * 512, 512, "sector %u", sector);
	}
	store_free(&store);
}
