/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pair of 8259: lines 0..15 come as vectors PIC_VECTOR + line.
 *
 * An interrupt is acknowledged at once, and its line masked until its driver is ready for the next (L95 §2.2): so a
 * driver that does not care holds up no other line.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum { PIC_VECTOR = 0x20, PIC_LINES = 16, PIC_CASCADE = 2 };

/* All lines masked. */
void pic_init(void);
void pic_mask(unsigned line);
void pic_unmask(unsigned line);
void pic_acknowledge(unsigned line);
/* Line 7 or 15 without an interrupt behind it. */
bool pic_is_spurious(unsigned line);
