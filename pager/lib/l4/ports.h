/* SPDX-License-Identifier: GPL-2.0-or-later */
/* I/O ports, of which a program must have the pages (L95 §2.1: ports are part of the address space). */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* Asks the pager for 2^log2 ports, aligned to as many. False: refused. */
bool ports_get(uint16_t first, unsigned log2);

static inline void port_write(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint8_t port_read(uint16_t port)
{
	uint8_t value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}
