/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The claims of the 8259A's data sheet. */
#include <criterion/criterion.h>
#include <string.h>

#include "sim/board/pic.h"
#include "tests/unit/random.h"

enum { MASTER = 0x20, SLAVE = 0xa0, VECTORS = 0x20, SLAVE_VECTORS = 0x28 };
enum { ICW4_8086 = 1, AUTO_EOI = 2, SPECIAL_NESTED = 0x10 };

static struct pic pic;

static void initialise(uint16_t port, uint8_t icw1, uint8_t base, uint8_t cascade, uint8_t icw4)
{
	pic_out(&pic, port, icw1);
	pic_out(&pic, port + 1, base);
	pic_out(&pic, port + 1, cascade);
	pic_out(&pic, port + 1, icw4);
}

static void begin(void)
{
	pic_init(&pic);
	initialise(MASTER, 0x11, VECTORS, 4, ICW4_8086);
	initialise(SLAVE, 0x11, SLAVE_VECTORS, 2, ICW4_8086);
}

TestSuite(pic, .init = begin);

static void pulse(unsigned irq)
{
	pic_line(&pic, irq, false);
	pic_line(&pic, irq, true);
}

static uint8_t irr(uint16_t port)
{
	pic_out(&pic, port, 0x0a);
	return pic_in(&pic, port);
}

static uint8_t isr(uint16_t port)
{
	pic_out(&pic, port, 0x0b);
	return pic_in(&pic, port);
}

static void eoi(uint16_t port)
{
	pic_out(&pic, port, 0x20);
}

Test(pic, an_edge_is_served_once)
{
	pulse(3);
	cr_assert(pic_pending(&pic));
	cr_assert_eq(irr(MASTER), 8);
	cr_assert_eq(pic_acknowledge(&pic), VECTORS + 3);
	cr_assert(!pic_pending(&pic));
	cr_assert_eq(irr(MASTER), 0);
	cr_assert_eq(isr(MASTER), 8);
	eoi(MASTER);
	cr_assert_eq(isr(MASTER), 0);
	cr_assert(!pic_pending(&pic), "the line is still high, and that is no edge");
	pulse(3);
	cr_assert(pic_pending(&pic));
}

Test(pic, a_level_is_served_as_long_as_it_stands)
{
	initialise(MASTER, 0x19, VECTORS, 4, ICW4_8086);
	pic_line(&pic, 3, true);
	cr_assert_eq(pic_acknowledge(&pic), VECTORS + 3);
	eoi(MASTER);
	cr_assert(pic_pending(&pic));
	cr_assert_eq(pic_acknowledge(&pic), VECTORS + 3);
	pic_line(&pic, 3, false);
	eoi(MASTER);
	cr_assert(!pic_pending(&pic));
}

Test(pic, lower_numbers_have_priority_and_interrupt_higher_ones)
{
	pulse(5);
	pulse(1);
	cr_assert_eq(pic_acknowledge(&pic), VECTORS + 1);
	cr_assert(!pic_pending(&pic), "5 waits for 1");
	pulse(0);
	cr_assert_eq(pic_acknowledge(&pic), VECTORS + 0);
	cr_assert_eq(isr(MASTER), 3);
	eoi(MASTER);
	cr_assert_eq(isr(MASTER), 2, "a non-specific EOI ends the one of highest priority");
	eoi(MASTER);
	cr_assert_eq(pic_acknowledge(&pic), VECTORS + 5);
}

Test(pic, a_specific_eoi_ends_the_one_it_names)
{
	pulse(5);
	pic_acknowledge(&pic);
	pulse(2 - 1);
	pic_acknowledge(&pic);
	pic_out(&pic, MASTER, 0x60 | 5);
	cr_assert_eq(isr(MASTER), 2);
}

Test(pic, a_masked_request_waits)
{
	pic_out(&pic, MASTER + 1, 0x08);
	pulse(3);
	cr_assert(!pic_pending(&pic));
	cr_assert_eq(irr(MASTER), 8);
	cr_assert_eq(pic_in(&pic, MASTER + 1), 0x08);
	pic_out(&pic, MASTER + 1, 0);
	cr_assert(pic_pending(&pic));
}

Test(pic, a_line_that_falls_before_the_acknowledgement_leaves_irq_7)
{
	pulse(3);
	pic_line(&pic, 3, false);
	cr_assert(pic_pending(&pic));
	cr_assert_eq(pic_acknowledge(&pic), VECTORS + 7);
	cr_assert_eq(isr(MASTER), 0, "nothing is in service");
	cr_assert(!pic_pending(&pic));
}

Test(pic, a_line_of_the_slave_that_falls_leaves_irq_15_and_the_master_in_service)
{
	pulse(10);
	pic_line(&pic, 10, false);
	cr_assert_eq(pic_acknowledge(&pic), SLAVE_VECTORS + 7);
	cr_assert_eq(isr(SLAVE), 0);
	cr_assert_eq(isr(MASTER), 4);
	eoi(MASTER);
	cr_assert(!pic_pending(&pic));
}

Test(pic, the_slave_comes_through_ir_2)
{
	pulse(12);
	pulse(3);
	cr_assert_eq(pic_acknowledge(&pic), SLAVE_VECTORS + 4, "2 is before 3");
	cr_assert_eq(isr(MASTER), 4);
	cr_assert_eq(isr(SLAVE), 0x10);
	cr_assert(!pic_pending(&pic));
	pulse(9);
	cr_assert(!pic_pending(&pic), "fully nested: the master holds back its slave");
	eoi(SLAVE);
	eoi(MASTER);
	cr_assert_eq(pic_acknowledge(&pic), SLAVE_VECTORS + 1);
	eoi(SLAVE);
	eoi(MASTER);
	cr_assert_eq(pic_acknowledge(&pic), VECTORS + 3);
}

Test(pic, special_fully_nested_mode_lets_the_slave_nest)
{
	initialise(MASTER, 0x11, VECTORS, 4, ICW4_8086 | SPECIAL_NESTED);
	pulse(12);
	cr_assert_eq(pic_acknowledge(&pic), SLAVE_VECTORS + 4);
	pulse(3);
	cr_assert(!pic_pending(&pic));
	pulse(9);
	cr_assert_eq(pic_acknowledge(&pic), SLAVE_VECTORS + 1);
	cr_assert_eq(isr(SLAVE), 0x12);
}

Test(pic, automatic_eoi_leaves_nothing_in_service)
{
	initialise(MASTER, 0x11, VECTORS, 4, ICW4_8086 | AUTO_EOI);
	pulse(3);
	cr_assert_eq(pic_acknowledge(&pic), VECTORS + 3);
	cr_assert_eq(isr(MASTER), 0);
	pulse(4);
	cr_assert(pic_pending(&pic));
}

Test(pic, rotation_on_eoi_makes_the_served_one_the_last)
{
	pulse(4);
	pic_acknowledge(&pic);
	pic_out(&pic, MASTER, 0xa0);
	pulse(4);
	pulse(3);
	pulse(5);
	cr_assert_eq(pic_acknowledge(&pic), VECTORS + 5);
	eoi(MASTER);
	cr_assert_eq(pic_acknowledge(&pic), VECTORS + 3);
	eoi(MASTER);
	cr_assert_eq(pic_acknowledge(&pic), VECTORS + 4);
}

Test(pic, rotation_in_automatic_eoi_goes_round)
{
	initialise(MASTER, 0x11, VECTORS, 4, ICW4_8086 | AUTO_EOI);
	pic_out(&pic, MASTER, 0x80);
	pulse(0);
	pulse(1);
	cr_assert_eq(pic_acknowledge(&pic), VECTORS + 0);
	pulse(0);
	cr_assert_eq(pic_acknowledge(&pic), VECTORS + 1);
	cr_assert_eq(pic_acknowledge(&pic), VECTORS + 0);
	pic_out(&pic, MASTER, 0x00);
	pulse(0);
	pulse(1);
	cr_assert_eq(pic_acknowledge(&pic), VECTORS + 1, "0 was served last; from now on nothing rotates");
	pulse(1);
	cr_assert_eq(pic_acknowledge(&pic), VECTORS + 1);
}

Test(pic, priority_can_be_set)
{
	pic_out(&pic, MASTER, 0xc0 | 4);
	pulse(4);
	pulse(0);
	pulse(5);
	cr_assert_eq(pic_acknowledge(&pic), VECTORS + 5);
	pic_out(&pic, MASTER, 0xe0 | 5);
	cr_assert_eq(isr(MASTER), 0, "rotate on specific EOI ends it, too");
	pulse(6);
	pulse(5);
	cr_assert_eq(pic_acknowledge(&pic), VECTORS + 6);
}

Test(pic, special_mask_mode_lets_lower_priorities_in)
{
	pulse(3);
	pic_acknowledge(&pic);
	pic_out(&pic, MASTER + 1, 0x08);
	pulse(6);
	cr_assert(!pic_pending(&pic));
	pic_out(&pic, MASTER, 0x68);
	cr_assert(pic_pending(&pic));
	cr_assert_eq(pic_acknowledge(&pic), VECTORS + 6);
	eoi(MASTER);
	cr_assert_eq(isr(MASTER), 8, "a masked one is not ended by a non-specific EOI");
	pic_out(&pic, MASTER, 0x48);
	eoi(MASTER);
	cr_assert_eq(isr(MASTER), 0);
}

Test(pic, a_poll_acknowledges)
{
	pulse(5);
	pic_out(&pic, MASTER, 0x0c);
	cr_assert_eq(pic_in(&pic, MASTER), 0x85);
	cr_assert_eq(isr(MASTER), 0x20);
	cr_assert(!pic_pending(&pic));
	pic_out(&pic, MASTER, 0x0c);
	cr_assert_eq(pic_in(&pic, MASTER) & 0x80, 0);
	cr_assert_eq(irr(MASTER), 0, "one read is one poll");
}

Test(pic, a_polled_slave_lets_go_of_the_master)
{
	pulse(9);
	pic_out(&pic, SLAVE, 0x0c);
	cr_assert_eq(pic_in(&pic, SLAVE), 0x81);
	cr_assert_eq(irr(MASTER), 0);
}

Test(pic, icw_1_forgets_requests_masks_and_rotation)
{
	pic_out(&pic, MASTER + 1, 0xff);
	pic_out(&pic, MASTER, 0xc0 | 4);
	pulse(3);
	pic_out(&pic, MASTER, 0x11);
	cr_assert(!pic_pending(&pic));
	pic_out(&pic, MASTER + 1, VECTORS);
	pic_out(&pic, MASTER + 1, 4);
	pic_out(&pic, MASTER + 1, ICW4_8086);
	cr_assert_eq(pic_in(&pic, MASTER + 1), 0);
	cr_assert_eq(irr(MASTER), 0, "edges must come anew");
	pulse(0);
	pulse(5);
	cr_assert_eq(pic_acknowledge(&pic), VECTORS + 0);
}

Test(pic, a_single_controller_has_no_icw_3)
{
	pic_out(&pic, MASTER, 0x13);
	pic_out(&pic, MASTER + 1, 0x40);
	pic_out(&pic, MASTER + 1, ICW4_8086);
	pic_out(&pic, MASTER + 1, 0xf0); /* the mask */
	cr_assert_eq(pic_in(&pic, MASTER + 1), 0xf0);
	pulse(2 + 1);
	cr_assert_eq(pic_acknowledge(&pic), 0x43);
}

Test(pic, without_icw_4_its_functions_are_off)
{
	initialise(MASTER, 0x11, VECTORS, 4, ICW4_8086 | AUTO_EOI);
	pic_out(&pic, MASTER, 0x10);
	pic_out(&pic, MASTER + 1, VECTORS);
	pic_out(&pic, MASTER + 1, 4);
	pulse(3);
	pic_acknowledge(&pic);
	cr_assert_eq(isr(MASTER), 8);
}

/* Any two programs of port accesses and lines behave the same after a snapshot between them. */
Test(pic, a_snapshot_behaves_as_its_original)
{
	struct random random = {1};

	for (int round = 0; round < 500; round++) {
		struct pic other;
		struct stream state;

		for (int i = 0; i < 50; i++) {
			if (random_below(&random, 2))
				pic_line(&pic, random_below(&random, 16) | 1, random_below(&random, 2));
			else
				pic_out(&pic, (uint16_t)(random_below(&random, 2) << 7 | 0x20 | random_below(&random, 2)),
				        (uint8_t)random_next(&random));
		}
		memset(&other, 0, sizeof other);
		stream_init(&state);
		pic_state(&state, &pic);
		stream_rewind(&state);
		pic_state(&state, &other);
		cr_assert(!state.failed && state.at == state.size);
		stream_free(&state);
		for (int i = 0; i < 20; i++) {
			unsigned irq = random_below(&random, 16) | 1;
			uint16_t port = (uint16_t)(random_below(&random, 2) << 7 | 0x20);

			pic_line(&other, irq, true);
			pic_line(&pic, irq, true);
			cr_assert_eq(pic_pending(&pic), pic_pending(&other));
			cr_assert_eq(pic_in(&pic, port), pic_in(&other, port));
			if (pic_pending(&pic))
				cr_assert_eq(pic_acknowledge(&pic), pic_acknowledge(&other));
			pic_line(&other, irq, false);
			pic_line(&pic, irq, false);
		}
	}
}
