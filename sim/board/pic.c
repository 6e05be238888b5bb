/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Intel 8259A Programmable Interrupt Controller (data sheet 231468), two of them.
 *
 *                ICW1             ICW2             ICW3 (not SNGL)      ICW4 (IC4)
 *   (any) ------------> expect 2 ------> expect 3 ------> expect 4 ------> ready
 *          initialise             control(2)       control(3)       control(4)
 *
 * What an interrupt goes through:
 *
 *              pic_line rises         acknowledge          EOI (end_of_interrupt)
 *   idle ------------------> requested ---------> in service ------> idle
 *     ^      (IRR)              |        (ISR)        |
 *     |   pic_line falls        |     automatic EOI   |
 *     '-------------------------'---------------------'
 *
 * Invariants
 *   1. an IR has its IRR bit only while its line is high ("IR must remain high until the first INTA").
 *   2. INT, once out, stays out until the processor acknowledges or writes a command: if the request is gone by then,
 *      it gets the default IR7, with no ISR bit (the data sheet's safeguard against noise).  On the slave: IRQ15.
 *   3. the master's IR2 line is the slave's INT.
 *
 * Not modelled: MCS-80 calls (vectors are as in 8086 mode whatever ICW4 says) and buffered mode (a matter of pins).
 */
#include "sim/board/pic.h"

enum { ICW1_IC4 = 0x01, ICW1_SNGL = 0x02, ICW1_LTIM = 0x08, ICW1 = 0x10 };
enum { ICW4_AEOI = 0x02, ICW4_SFNM = 0x10 };
enum { OCW2_EOI = 0x20, OCW2_SL = 0x40, OCW2_R = 0x80 };
enum { OCW3 = 0x08, OCW3_RIS = 0x01, OCW3_RR = 0x02, OCW3_POLL = 0x04, OCW3_SMM = 0x20, OCW3_ESMM = 0x40 };
enum { DEFAULT_IR = 7, POLL_REQUEST = 0x80 };

/* --- priorities --- */

/* 0 is the highest priority, 7 the lowest. */
static unsigned rank(const struct pic_chip *chip, unsigned ir)
{
	return (ir - chip->lowest - 1u) & 7;
}

/* The IR of highest priority in a set; -1 for the empty set. */
static int highest(const struct pic_chip *chip, uint8_t set)
{
	for (unsigned i = 1; i <= 8; i++) {
		unsigned ir = (chip->lowest + i) & 7;

		if (set >> ir & 1)
			return (int)ir;
	}
	return -1;
}

/*
 * The request that may interrupt now, -1 for none: of higher priority than all that is in service.  Special mask mode
 * disregards what is in service but masked; special fully nested mode lets a slave in service ask again.
 */
static int request(const struct pic_chip *chip)
{
	int ir = highest(chip, chip->irr & (uint8_t)~chip->imr);
	int serving = highest(chip, chip->special_mask ? chip->isr & (uint8_t)~chip->imr : chip->isr);

	if (ir < 0 || chip->expect)
		return -1;
	if (serving < 0 || rank(chip, (unsigned)ir) < rank(chip, (unsigned)serving))
		return ir;
	if (chip->special_nested && ir == serving && (chip->cascade >> ir & 1))
		return ir;
	return -1;
}

/* --- one chip --- */

static void chip_line(struct pic_chip *chip, unsigned ir, bool level)
{
	uint8_t bit = (uint8_t)(1u << ir);

	if (!level)
		chip->irr &= (uint8_t)~bit;
	else if (!(chip->lines & bit))
		chip->irr |= bit;
	chip->lines = (uint8_t)(level ? chip->lines | bit : chip->lines & ~bit);
	if (request(chip) >= 0)
		chip->int_out = true;
}

/* INTA: the IR that is served from now on. */
static unsigned chip_acknowledge(struct pic_chip *chip)
{
	int ir = request(chip);
	uint8_t bit;

	if (ir < 0) {
		chip->int_out = false;
		return DEFAULT_IR;
	}
	bit = (uint8_t)(1u << ir);
	if (!chip->level)
		chip->irr &= (uint8_t)~bit;
	if (!chip->auto_eoi)
		chip->isr |= bit;
	else if (chip->rotate_auto)
		chip->lowest = (uint8_t)ir;
	chip->int_out = request(chip) >= 0;
	return (unsigned)ir;
}

static void initialise(struct pic_chip *chip, uint8_t icw1)
{
	chip->imr = chip->isr = 0;
	chip->lowest = 7;
	chip->single = icw1 & ICW1_SNGL;
	chip->wants_icw4 = icw1 & ICW1_IC4;
	chip->level = icw1 & ICW1_LTIM;
	chip->irr = chip->level ? chip->lines : 0; /* edges must come anew */
	chip->auto_eoi = chip->special_nested = chip->rotate_auto = false;
	chip->special_mask = chip->read_isr = chip->poll = false;
	chip->expect = 2;
}

/* EOI and rotation: OCW2. */
static void end_of_interrupt(struct pic_chip *chip, uint8_t ocw2)
{
	int ir = ocw2 & 7;

	if (!(ocw2 & OCW2_EOI)) {
		if ((ocw2 & OCW2_R) && (ocw2 & OCW2_SL))
			chip->lowest = (uint8_t)ir;
		else if (!(ocw2 & OCW2_SL))
			chip->rotate_auto = ocw2 & OCW2_R;
		return;
	}
	if (!(ocw2 & OCW2_SL))
		ir = highest(chip, chip->special_mask ? chip->isr & (uint8_t)~chip->imr : chip->isr);
	if (ir < 0)
		return;
	chip->isr &= (uint8_t)~(1u << ir);
	if (ocw2 & OCW2_R)
		chip->lowest = (uint8_t)ir;
}

static void operate(struct pic_chip *chip, uint8_t ocw3)
{
	if (ocw3 & OCW3_ESMM)
		chip->special_mask = ocw3 & OCW3_SMM;
	if (ocw3 & OCW3_POLL)
		chip->poll = true;
	else if (ocw3 & OCW3_RR)
		chip->read_isr = ocw3 & OCW3_RIS;
}

/* The port with A0 = 0. */
static void command(struct pic_chip *chip, uint8_t value)
{
	if (value & ICW1)
		initialise(chip, value);
	else if (value & OCW3)
		operate(chip, value);
	else
		end_of_interrupt(chip, value);
}

/* The port with A0 = 1: the ICW that is due, or the mask. */
static void control(struct pic_chip *chip, uint8_t value)
{
	switch (chip->expect) {
	case 2:
		chip->base = value & 0xf8;
		chip->expect = chip->single ? (chip->wants_icw4 ? 4 : 0) : 3;
		break;
	case 3:
		chip->cascade = value;
		chip->expect = chip->wants_icw4 ? 4 : 0;
		break;
	case 4:
		chip->auto_eoi = value & ICW4_AEOI;
		chip->special_nested = value & ICW4_SFNM;
		chip->expect = 0;
		break;
	default:
		chip->imr = value;
	}
}

static void chip_out(struct pic_chip *chip, bool a0, uint8_t value)
{
	if (a0)
		control(chip, value);
	else
		command(chip, value);
	chip->int_out = request(chip) >= 0;
}

static uint8_t chip_in(struct pic_chip *chip, bool a0)
{
	if (chip->poll) {
		bool any = request(chip) >= 0;
		unsigned ir = chip_acknowledge(chip);

		chip->poll = false;
		return any ? (uint8_t)(POLL_REQUEST | ir) : 0;
	}
	if (a0)
		return chip->imr;
	return chip->read_isr ? chip->isr : chip->irr;
}

/* --- the pair --- */

static void chip_reset(struct pic_chip *chip, uint8_t base, uint8_t cascade, uint8_t imr)
{
	*chip = (struct pic_chip){.base = base, .cascade = cascade, .imr = imr, .lowest = 7};
}

void pic_init(struct pic *pic)
{
	chip_reset(&pic->master, 0x08, 1u << PIC_CASCADE, 0xff & ~(1u << PIC_CASCADE));
	chip_reset(&pic->slave, 0x70, PIC_CASCADE, 0xff);
}

/* The chip of a port. */
static struct pic_chip *chip_of(struct pic *pic, uint16_t port)
{
	return port & 0x80 ? &pic->slave : &pic->master;
}

/* Invariant 3. */
static void cascade(struct pic *pic)
{
	chip_line(&pic->master, PIC_CASCADE, pic->slave.int_out);
}

uint8_t pic_in(struct pic *pic, uint16_t port)
{
	struct pic_chip *chip = chip_of(pic, port);
	bool polled = chip->poll;
	uint8_t value = chip_in(chip, port & 1);

	if (polled && chip == &pic->slave)
		chip_line(&pic->master, PIC_CASCADE, false); /* INT falls at every acknowledgement */
	cascade(pic);
	return value;
}

void pic_out(struct pic *pic, uint16_t port, uint8_t value)
{
	chip_out(chip_of(pic, port), port & 1, value);
	cascade(pic);
}

void pic_line(struct pic *pic, unsigned irq, bool level)
{
	if (irq < 8)
		chip_line(&pic->master, irq, level);
	else
		chip_line(&pic->slave, irq - 8, level);
	cascade(pic);
}

/* Is a slave on this IR of the master, and is it ours? */
static bool slave_at(const struct pic *pic, unsigned ir)
{
	return !pic->master.single && (pic->master.cascade >> ir & 1) && (pic->slave.cascade & 7) == ir &&
	       (pic->master.isr >> ir & 1 || pic->master.auto_eoi);
}

int pic_acknowledge(struct pic *pic)
{
	unsigned ir = chip_acknowledge(&pic->master);
	int vector = pic->master.base | (int)ir;

	if (slave_at(pic, ir)) {
		vector = pic->slave.base | (int)chip_acknowledge(&pic->slave);
		chip_line(&pic->master, PIC_CASCADE, false);
		cascade(pic);
	}
	return vector;
}

bool pic_awaits(const struct pic *pic, unsigned irq)
{
	const struct pic_chip *chip = irq < 8 ? &pic->master : &pic->slave;
	uint8_t bit = (uint8_t)(1u << (irq & 7));

	return !(chip->imr & bit) && !(chip->irr & bit);
}

/* --- snapshots --- */

static void chip_state(struct stream *stream, struct pic_chip *chip)
{
	uint8_t *const byte[] = {&chip->irr, &chip->isr, &chip->imr, &chip->lines, &chip->base, &chip->cascade,
	                         &chip->lowest, &chip->expect};
	bool *const flag[] = {&chip->single, &chip->wants_icw4, &chip->level, &chip->auto_eoi, &chip->special_nested,
	                      &chip->rotate_auto, &chip->special_mask, &chip->read_isr, &chip->poll, &chip->int_out};

	for (size_t i = 0; i < sizeof byte / sizeof byte[0]; i++)
		stream_bytes(stream, byte[i], 1);
	for (size_t i = 0; i < sizeof flag / sizeof flag[0]; i++)
		stream_flag(stream, flag[i]);
	chip->lowest &= 7;
}

void pic_state(struct stream *stream, struct pic *pic)
{
	chip_state(stream, &pic->master);
	chip_state(stream, &pic->slave);
}
