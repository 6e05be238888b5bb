/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * I/O ports, of which a program must have the pages (L95 §2.1: ports are part of the address space).  Where the
 * processor has none, they are the bytes of a device's frame, and who has one port of a page has them all.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "port_access.h"

/* Asks the pager for 2^log2 ports, aligned to as many. False: refused. */
bool ports_get(uint16_t first, unsigned log2);
