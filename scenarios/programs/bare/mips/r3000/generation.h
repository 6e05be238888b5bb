/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The R2000 and R3000: what their trials are made of (KANE, chapters 4 and 6). */
#pragma once
#include <stdint.h>

#define GENERATION_NAME "r3000"
enum { GENERATION = 3, GENERAL_VECTOR = 0x80 };

/* Status: the mode and interrupt bits of a trial, and where an exception puts them. */
enum { MODE_KERNEL = 0, MODE_USER = 1 << 1, MODE_INTERRUPTS = 1 << 0 };
enum { LO_GLOBAL = 1 << 8, LO_VALID = 1 << 9, LO_DIRTY = 1 << 10, LO_UNCACHED = 1 << 11 };
enum { ASID_SHIFT = 6, ASID_MOST = 63, WIRED = 8, PROBE_FAILED_BIT = 31, INDEX_SHIFT = 8 };
#define VPN_MASK 0xfffff000u
/* The pages that one entry translates. */
enum { PAGES_PER_ENTRY = 1 };
/* Context: where the page number stands, and the part that software keeps. */
#define CONTEXT_OF(address_) (((address_) >> 12 & 0x7ffff) << 2)
#define CONTEXT_BASE 0xffe00000u
/* A miss on kseg2 takes the general vector: the refill vector is for user addresses alone. */
enum { KSEG2_REFILL = 0 };
#define RETURN_NAME "rfe"
#define RETURN_CODE "rfe"

static inline uint32_t lo_of(uint32_t frame, unsigned rights)
{
	return (frame & 0xfffff000u) | rights;
}
