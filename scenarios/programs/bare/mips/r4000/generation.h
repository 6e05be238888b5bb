/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The R4000: what its trials are made of (R4000, chapters 4 and 5). */
#pragma once
#include <stdint.h>

#define GENERATION_NAME "r4000"
enum { GENERATION = 4, GENERAL_VECTOR = 0x180 };

enum { MODE_KERNEL = 0, MODE_USER = 2 << 3, MODE_INTERRUPTS = 1 << 0 };
enum { STATUS_EXL = 1 << 1, STATUS_ERL = 1 << 2 };
enum { LO_GLOBAL = 1 << 0, LO_VALID = 1 << 1, LO_DIRTY = 1 << 2, LO_CACHED = 3 << 3 };
enum { LO_UNCACHED = 1 << 30 }; /* of rights, not of EntryLo: lo_of */
enum { ASID_SHIFT = 0, ASID_MOST = 255, WIRED = 8, PROBE_FAILED_BIT = 31, INDEX_SHIFT = 0 };
#define VPN_MASK 0xffffe000u
enum { PAGES_PER_ENTRY = 2 };
#define CONTEXT_OF(address_) (((address_) >> 13 & 0x7ffff) << 4)
#define CONTEXT_BASE 0xff800000u
enum { KSEG2_REFILL = 1 };
#define RETURN_NAME "eret"
#define RETURN_CODE ".set mips3\neret"

static inline uint32_t lo_of(uint32_t frame, unsigned rights)
{
	uint32_t cache = rights & LO_UNCACHED ? 2 << 3 : LO_CACHED;

	return (frame >> 12 << 6) | cache | (rights & 7);
}
