/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two restartable sequences (Bershad, Redell, Ellis, "Fast Mutual Exclusion for Uniprocessors", 1992), at the end of
 * the kernel info page: called like functions.  A thread that enters the kernel in the midst of one, before its store,
 * begins it anew when it goes on.  On one processor this makes them atomic, for no more than their instructions.
 */
#pragma once
#include "l4/kip.h"

#define L4_EXCHANGE_ADDRESS (L4_KIP_ADDRESS + 0xfc0)
#define L4_COMPARE_EXCHANGE_ADDRESS (L4_KIP_ADDRESS + 0xfd0)

/* Stores value, and returns what was there. */
typedef l4_u32 l4_exchange_code(volatile void *at, l4_u32 value);
/* Stores new if old is there; returns whether it was. */
typedef l4_u32 l4_compare_exchange_code(volatile void *at, l4_u32 old, l4_u32 new);
