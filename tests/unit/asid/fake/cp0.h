/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Of coprocessor 0, EntryHi; the test looks into it. */
#pragma once
#include <stdint.h>

#define ENTRY_HI_ASID_SHIFT 6

extern uint32_t entry_hi;
static inline void cp0_entry_hi_write(uint32_t value) { entry_hi = value; }
