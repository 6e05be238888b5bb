/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ports as bytes of the board's ISA window, mapped, uncached, at the address that it has physically.  For
 * pager/lib/l4/ports.h.
 */
#pragma once
#include "l4/types.h"

#define ISA_WINDOW 0x18000000u

/* Where ports are received. */
#define PORTS_WINDOW L4_FPAGE(ISA_WINDOW, 16, 0)

/* Of the words 0 and an I/O fpage: those of the map message that gives these ports, which is their page's. */
static inline void ports_answer(l4_u32 *w0, l4_fpage_t *w1)
{
	const l4_u32 page = (ISA_WINDOW + l4_fpage_port(*w1)) & ~(l4_u32)(L4_PAGE_SIZE - 1);

	*w0 = page;
	*w1 = L4_FPAGE(page, L4_PAGE_SHIFT, L4_FPAGE_WRITE);
}

static inline void port_write(uint16_t port, uint8_t value)
{
	*(volatile uint8_t *)(ISA_WINDOW + port) = value;
}

static inline uint8_t port_read(uint16_t port)
{
	return *(volatile uint8_t *)(ISA_WINDOW + port);
}
