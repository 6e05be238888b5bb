/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pair of 8259A interrupt controllers of a PC/AT: the master at ports 20h
 * and 21h, the slave at A0h and A1h, the slave's INT on the master's IR2.
 */
#pragma once
#include "sim/core/stream.h"
#include "sim/core/types.h"

enum { PIC_IRQS = 16, PIC_CASCADE = 2 };

struct pic_chip {
	uint8_t irr, isr, imr;
	uint8_t lines;        /* the IR inputs as they stand */
	uint8_t base;         /* ICW2: bits 7..3 of the vectors */
	uint8_t cascade;      /* ICW3: master: which IRs are slaves; slave: its number */
	uint8_t lowest;       /* the IR of lowest priority: 7 until rotated */
	uint8_t expect;       /* the next ICW, 2..4; 0: initialised */
	bool single, wants_icw4, level, auto_eoi, special_nested;
	bool rotate_auto, special_mask, read_isr, poll;
	bool int_out;         /* the INT output */
};

struct pic {
	struct pic_chip master, slave;
};

/* As a PC's firmware leaves it: vectors 08h and 70h, edge-triggered, everything masked but the cascade. */
void pic_init(struct pic *pic);
/* Ports 20h, 21h, A0h, A1h. A read may be a poll, which acknowledges. */
uint8_t pic_in(struct pic *pic, uint16_t port);
void pic_out(struct pic *pic, uint16_t port, uint8_t value);
/* An IRQ line, 0..15 but for 2, goes to a level. */
void pic_line(struct pic *pic, unsigned irq, bool level);
/* The master's INT: the processor should acknowledge. */
static inline bool pic_pending(const struct pic *pic) { return pic->master.int_out; }
/* INTA: the vector, 0..255. With no request left it is the default one, IR7's, and nothing is in service. */
int pic_acknowledge(struct pic *pic);
/* True if raising the line of an IRQ now could make anything happen: it is not masked, and not requested already. */
bool pic_awaits(const struct pic *pic, unsigned irq);
void pic_state(struct stream *stream, struct pic *pic);
