/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ports by the processor's own instructions, and as I/O fpages. For pager/lib/l4/ports.h. */
#pragma once
#include "l4/types.h"

/* Where ports are received. */
#define PORTS_WINDOW L4_IO_FPAGE_ALL

/* Of the words 0 and an I/O fpage: those of the map message that gives these ports, which they are. */
#define ports_answer(w0_, w1_) ((void)(w0_), (void)(w1_))

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
