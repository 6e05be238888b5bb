/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The board: who answers at which port, and when the devices must be looked at.
 *
 *   20h 21h, A0h A1h    8259 pair              60h 64h    keyboard controller: A20 only, no keyboard
 *   40h..43h            8254                   61h        gate and output of counter 2, refresh
 *   3F8h..3FFh          16550, COM1            92h        A20
 *   1F0h..1F7h, 3F6h    IDE disk, if there is one; 1F0h is 16 bits wide
 *
 * Devices are lazy: they compute what they are when somebody looks.  Every access, event and acknowledgement goes
 *
 *     update (bring devices up to now, their outputs to the 8259s)  ->  the thing itself  ->  update
 *
 * and update ends by setting, for each device, the one event that could be seen.
 *
 * Invariants
 *   1. after update, the 8259s' lines 0, 4 and 14 are what 8254, 16550 and disk put there at the ledger's now.
 *   2. an event of the 8254 is set only while IRQ0 is unmasked and not requested: nobody could see any other.
 */
#include "sim/board/board.h"

enum { IRQ_TIMER = 0, IRQ_COM1 = 4, IRQ_DISK = 14 };
enum { PORT_PIT = 0x40, PORT_KEYBOARD = 0x60, PORT_SYSTEM = 0x61, PORT_KEYBOARD_STATUS = 0x64, PORT_A20 = 0x92,
       PORT_COM1 = 0x3f8, PORT_IDE = 0x1f0, PORT_IDE_CONTROL = 0x3f6 };
enum { SYSTEM_GATE = 1, SYSTEM_SPEAKER = 2, SYSTEM_REFRESH = 0x10, SYSTEM_OUT = 0x20 };
enum { KEYBOARD_TESTED = 0x04, KEYBOARD_UNLOCKED = 0x10, KEYBOARD_WRITE_OUTPUT = 0xd1, OUTPUT_A20 = 2 };
enum { OPEN_BUS = 0xff };

/* Sets a device's event, unless it stands already: ties keep their order. */
static void expect(struct board *board, unsigned slot, cycle_t when)
{
	if (board->queue.slot[slot].when != when)
		queue_set(&board->queue, slot, when);
}

static void update(struct board *board)
{
	cycle_t now = board->ledger->now;
	struct pit_edge timer = pit_edge(&board->pit, now);

	if (timer.rose) {
		pic_line(&board->pic, IRQ_TIMER, false);
		pic_line(&board->pic, IRQ_TIMER, true);
	}
	pic_line(&board->pic, IRQ_TIMER, timer.level);
	uart_sync(&board->uart, now);
	pic_line(&board->pic, IRQ_COM1, uart_line(&board->uart));
	expect(board, board->pit_slot,
	       pic_awaits(&board->pic, IRQ_TIMER) ? pit_next_rise(&board->pit, now) : CYCLE_NEVER);
	expect(board, board->uart_slot, uart_next(&board->uart));
	if (board->has_disk) {
		ide_sync(&board->ide, now);
		pic_line(&board->pic, IRQ_DISK, ide_line(&board->ide));
		expect(board, board->ide_slot, ide_next(&board->ide));
	}
}

/* Any device's event: the work is the same. */
static void fire(void *ctx, cycle_t when)
{
	(void)when;
	update(ctx);
}

void board_init(struct board *board, struct ledger *ledger, uint64_t hertz, void (*console)(void *ctx, uint8_t byte),
                void *ctx)
{
	*board = (struct board){.ledger = ledger, .a20 = 1};
	queue_init(&board->queue, &ledger->deadline);
	pic_init(&board->pic);
	pit_init(&board->pit, hertz);
	uart_init(&board->uart, hertz, console, ctx);
	board->pit_slot = queue_slot(&board->queue, fire, board);
	board->uart_slot = queue_slot(&board->queue, fire, board);
	update(board);
}

bool board_connect_disk(struct board *board, const struct disk_model *model, uint64_t hertz, const void *image,
                        uint64_t size, const struct ide_listener *listener)
{
	board->has_disk = true;
	board->ide_slot = queue_slot(&board->queue, fire, board);
	return ide_init(&board->ide, model, hertz, image, size, listener);
}

void board_free(struct board *board)
{
	if (board->has_disk)
		ide_free(&board->ide);
}

/* --- ports --- */

static uint8_t read_system(struct board *board)
{
	cycle_t now = board->ledger->now;

	return (uint8_t)(board->speaker | (pit_refresh(&board->pit, now) ? SYSTEM_REFRESH : 0) |
	                 (pit_speaker(&board->pit, now) ? SYSTEM_OUT : 0));
}

static void write_system(struct board *board, uint8_t value)
{
	board->speaker = value & (SYSTEM_GATE | SYSTEM_SPEAKER);
	pit_gate(&board->pit, value & SYSTEM_GATE, board->ledger->now);
}

static void write_keyboard(struct board *board, uint8_t value)
{
	if (board->a20_follows)
		board->a20 = (value & OUTPUT_A20) != 0;
	board->a20_follows = false;
}

static bool is_pic(uint16_t port)
{
	return (port & ~0x81u) == 0x20;
}

static bool is_ide(const struct board *board, uint16_t port)
{
	return board->has_disk && ((port & ~7u) == PORT_IDE || port == PORT_IDE_CONTROL);
}

static uint8_t read_ide(struct board *board, uint16_t port)
{
	cycle_t now = board->ledger->now;

	if (port == PORT_IDE_CONTROL)
		return ide_alternate_status(&board->ide);
	if (port == PORT_IDE)
		return (uint8_t)ide_data_in(&board->ide, now);
	return ide_in(&board->ide, port & 7, now);
}

static void write_ide(struct board *board, uint16_t port, uint8_t value)
{
	cycle_t now = board->ledger->now;

	if (port == PORT_IDE_CONTROL)
		ide_control(&board->ide, value, now);
	else if (port == PORT_IDE)
		ide_data_out(&board->ide, value, now);
	else
		ide_out(&board->ide, port & 7, value, now);
}

static uint8_t read_port(struct board *board, uint16_t port)
{
	if (is_ide(board, port))
		return read_ide(board, port);
	if (is_pic(port))
		return pic_in(&board->pic, port);
	if ((port & ~3u) == PORT_PIT)
		return pit_in(&board->pit, port, board->ledger->now);
	if ((port & ~7u) == PORT_COM1)
		return uart_in(&board->uart, port & 7, board->ledger->now);
	switch (port) {
	case PORT_SYSTEM: return read_system(board);
	case PORT_KEYBOARD: return 0; /* nobody typed */
	case PORT_KEYBOARD_STATUS: return KEYBOARD_TESTED | KEYBOARD_UNLOCKED;
	case PORT_A20: return (uint8_t)(board->a20 << 1);
	default: return OPEN_BUS;
	}
}

static void write_port(struct board *board, uint16_t port, uint8_t value)
{
	if (is_ide(board, port))
		write_ide(board, port, value);
	else if (is_pic(port))
		pic_out(&board->pic, port, value);
	else if ((port & ~3u) == PORT_PIT)
		pit_out(&board->pit, port, value, board->ledger->now);
	else if ((port & ~7u) == PORT_COM1)
		uart_out(&board->uart, port & 7, value, board->ledger->now);
	else if (port == PORT_SYSTEM)
		write_system(board, value);
	else if (port == PORT_KEYBOARD)
		write_keyboard(board, value);
	else if (port == PORT_KEYBOARD_STATUS)
		board->a20_follows = value == KEYBOARD_WRITE_OUTPUT;
	else if (port == PORT_A20)
		board->a20 = value >> 1 & 1;
}

/*
 * Wider accesses are what the ISA bus makes of them, from the low part up: words where a 16-bit device answers, which is
 * the disk's data port alone, and bytes elsewhere.
 */
static unsigned bus_cycle(const struct board *board, uint16_t port, unsigned left)
{
	return board->has_disk && port == PORT_IDE && left >= 2 ? 2 : 1;
}

/* A word of data from or to the middle of a sector: nothing else can be seen of the board at such a moment. */
static bool is_plain_data(const struct board *board, uint16_t port, unsigned size)
{
	return port == PORT_IDE && size == 2 && board->has_disk && ide_mid_sector(&board->ide);
}

uint32_t board_in(struct board *board, uint16_t port, unsigned size)
{
	uint32_t value = 0;

	if (is_plain_data(board, port, size))
		return ide_data_in(&board->ide, board->ledger->now);
	update(board);
	for (unsigned i = 0, wide; i < size; i += wide) {
		uint16_t at = (uint16_t)(port + i);

		wide = bus_cycle(board, at, size - i);
		value |= (wide == 2 ? ide_data_in(&board->ide, board->ledger->now) : (uint32_t)read_port(board, at))
			<< (8 * i);
	}
	update(board);
	return value;
}

void board_out(struct board *board, uint16_t port, unsigned size, uint32_t value)
{
	if (is_plain_data(board, port, size)) {
		ide_data_out(&board->ide, (uint16_t)value, board->ledger->now);
		return;
	}
	for (unsigned i = 0, wide; i < size; i += wide) {
		uint16_t at = (uint16_t)(port + i);

		wide = bus_cycle(board, at, size - i);
		update(board);
		if (wide == 2)
			ide_data_out(&board->ide, (uint16_t)(value >> (8 * i)), board->ledger->now);
		else
			write_port(board, at, (uint8_t)(value >> (8 * i)));
	}
	update(board);
}

/* --- interrupts and events --- */

bool board_interrupt_pending(const struct board *board)
{
	return pic_pending(&board->pic);
}

int board_acknowledge(struct board *board)
{
	int vector;

	update(board);
	vector = pic_acknowledge(&board->pic);
	update(board);
	return vector;
}

void board_run_events(struct board *board)
{
	queue_run(&board->queue, board->ledger->now);
}

cycle_t board_next_event(const struct board *board)
{
	return queue_next(&board->queue);
}

bool board_working(const struct board *board)
{
	const struct pic_chip *master = &board->pic.master, *slave = &board->pic.slave;
	uint8_t requests = master->irr & (uint8_t)~master->imr & (uint8_t)~(1 << IRQ_TIMER);

	for (unsigned slot = 0; slot < board->queue.slots; slot++)
		if (slot != board->pit_slot && board->queue.slot[slot].when != CYCLE_NEVER)
			return true;
	return requests || (slave->irr & (uint8_t)~slave->imr);
}

void board_serial_input(struct board *board, uint8_t byte)
{
	update(board);
	uart_receive(&board->uart, byte, board->ledger->now);
	update(board);
}

void board_state(struct stream *stream, struct board *board)
{
	queue_state(stream, &board->queue);
	pic_state(stream, &board->pic);
	pit_state(stream, &board->pit);
	uart_state(stream, &board->uart);
	stream_field(stream, board->a20);
	stream_field(stream, board->speaker);
	stream_flag(stream, &board->a20_follows);
	if (board->has_disk)
		ide_state(stream, &board->ide);
}
