/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The two ends of a run: in despair, and in order.
 */
#pragma once
#include <stdint.h>

/* Says why on the console and by the probe panic(text), and halts for good. */
_Noreturn void panic(const char *text);
/* The same with a number after the text on the console (an address, a vector). */
_Noreturn void panic_number(const char *text, uint32_t number);
/* Tells the probe shutdown(code), and halts for good. */
_Noreturn void shutdown(uint32_t code);

/* What must hold whatever programs do; a false one is a defect of the kernel. */
#define kernel_assert(condition_)                                         \
	do {                                                              \
		if (!(condition_))                                        \
			panic("kernel defect: not so: " #condition_);     \
	} while (0)
