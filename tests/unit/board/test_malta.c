/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Malta's addresses: what answers there, and to whom; that nothing else does. */
#include <criterion/criterion.h>

#include "sim/board/malta.h"

enum { ISA = 0x18000000, ACKNOWLEDGE = 0x1be00c34, SOFT_RESET = 0x1f000500, REVISION = 0x1fc00010, HERTZ = 25000000 };
enum { MASTER = 0x20, SLAVE = 0xa0, SCRATCH = 0x3ff };

static struct ledger ledger;
static struct board board;
static struct malta malta;
static unsigned resets;

static void console(void *ctx, uint8_t byte)
{
	(void)ctx;
	(void)byte;
}

static void reset(void *ctx)
{
	cr_assert_eq(ctx, &malta);
	resets++;
}

static void begin(void)
{
	cr_assert(ledger_init(&ledger));
	board_init(&board, &ledger, HERTZ, console, NULL);
	malta = (struct malta){ &board, reset, &malta };
	resets = 0;
}

static void end(void)
{
	ledger_free(&ledger);
}

TestSuite(malta, .init = begin, .fini = end);

static void out(uint16_t port, uint8_t value)
{
	cr_assert(malta_store(&malta, ISA + port, 1, value));
}

static uint32_t load(paddr_t address, unsigned size)
{
	uint32_t value = 0xdeadbeef;

	cr_assert(malta_load(&malta, address, size, &value), "%#x", address);
	return value;
}

Test(malta, the_ports_of_the_isa_bus_are_memory)
{
	out(SCRATCH, 0x5a);
	cr_assert_eq(load(ISA + SCRATCH, 1), 0x5a);
	cr_assert_eq(board_in(&board, SCRATCH, 1), 0x5a, "the same register as the port's");
	cr_assert_eq(load(ISA + SCRATCH - 1, 2) >> 8, 0x5a, "wider accesses are of bytes");
	cr_assert_eq(load(ISA + 0xfffc, 4), 0xffffffff, "the bus is open where no device is");
}

Test(malta, a_load_of_the_acknowledge_is_an_inta_cycle)
{
	out(MASTER, 0x11), out(MASTER + 1, 0x40), out(MASTER + 1, 4), out(MASTER + 1, 1), out(MASTER + 1, 0xfe);
	out(SLAVE, 0x11), out(SLAVE + 1, 0x48), out(SLAVE + 1, 2), out(SLAVE + 1, 1), out(SLAVE + 1, 0xff);
	cr_assert_eq(load(ACKNOWLEDGE, 4), 0x47, "nothing is pending: the spurious one");
	out(0x43, 0x30), out(0x40, 10), out(0x40, 0);
	ledger_charge(&ledger, CAUSE_IDLE, HERTZ / 1000);
	board_run_events(&board);
	cr_assert(board_interrupt_pending(&board));
	cr_assert_eq(load(ACKNOWLEDGE, 4), 0x40);
	cr_assert_not(board_interrupt_pending(&board), "it is in service");
	out(MASTER, 0x0b);
	cr_assert_eq(load(ISA + MASTER, 1), 1);
}

Test(malta, the_acknowledge_is_read_by_words_and_never_written)
{
	uint32_t value;

	cr_assert_not(malta_load(&malta, ACKNOWLEDGE, 1, &value));
	cr_assert_not(malta_load(&malta, ACKNOWLEDGE, 2, &value));
	cr_assert_not(malta_store(&malta, ACKNOWLEDGE, 4, 0));
}

Test(malta, only_its_own_number_resets_the_board)
{
	cr_assert(malta_store(&malta, SOFT_RESET, 4, 0x41));
	cr_assert(malta_store(&malta, SOFT_RESET + 1, 1, 0x42), "another byte of the word");
	cr_assert_eq(resets, 0);
	cr_assert(malta_store(&malta, SOFT_RESET, 4, 0x42));
	cr_assert(malta_store(&malta, SOFT_RESET, 1, 0x42));
	cr_assert_eq(resets, 2);
	cr_assert_eq(load(SOFT_RESET, 4), 0);
}

Test(malta, the_revision_is_there_to_be_read)
{
	uint32_t revision = load(REVISION, 4);

	cr_assert_neq(revision, 0);
	for (unsigned i = 0; i < 4; i++)
		cr_assert_eq(load(REVISION + i, 1), revision >> (8 * i) & 0xff);
	cr_assert_eq(load(REVISION, 2), revision & 0xffff);
	cr_assert_not(malta_store(&malta, REVISION, 4, 0));
	cr_assert_eq(load(REVISION, 4), revision);
}

Test(malta, nothing_else_answers)
{
	static const paddr_t nobody[] = { 0, 0x10000000, ISA - 4, ISA + 0x10000, ACKNOWLEDGE - 4, ACKNOWLEDGE + 4,
	                                  SOFT_RESET - 4, SOFT_RESET + 4, REVISION - 4, REVISION + 4, 0x1fc00000, 0xfffffffc };

	for (unsigned i = 0; i < sizeof nobody / sizeof *nobody; i++)
		for (unsigned size = 1; size <= 4; size *= 2) {
			uint32_t value;

			cr_assert_not(malta_load(&malta, nobody[i], size, &value), "%#x", nobody[i]);
			cr_assert_not(malta_store(&malta, nobody[i], size, 0x42), "%#x", nobody[i]);
		}
	cr_assert_eq(resets, 0);
}
