/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Coprocessor 0 for the host: mips/processor.c has it.  Its bits are the room's. */
#pragma once
#include <stdint.h>

#ifdef PAIRS
#define ENTRY_HI_ASID_SHIFT 0
#define ENTRY_HI_ASID_MASK 0xff
#define ENTRY_HI_PAGE_SHIFT 13
#else
#define ENTRY_HI_ASID_SHIFT 6
#define ENTRY_HI_ASID_MASK 0xfc0
#define ENTRY_HI_PAGE_SHIFT 12
#endif

uint32_t cp0_entry_hi_read(void);
void cp0_entry_hi_write(uint32_t value);
void cp0_entry_lo_write(uint32_t value);
void cp0_entry_lo1_write(uint32_t value);
uint32_t cp0_index_read(void);
void tlbp(void);
void tlbwi(void);
