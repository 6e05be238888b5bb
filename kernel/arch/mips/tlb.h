/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The TLB, of as many entries and with ASIDs of as many bits as the processor has.
 */
#pragma once
#include <stdint.h>

/* What tlb_init has found: entries, and how many ASIDs there are (1: the processor does not tell spaces apart). */
extern uint32_t tlb_entries, tlb_asids;

/* Finds out what the TLB is like, and empties it. ASID 0. */
void tlb_init(void);
/* No entry matches anything any more, wired ones neither. */
void tlb_flush(void);
/* Whatever the TLB knows of the page of this address in the space of this ASID, it does not know any more. */
void tlb_forget(uint32_t address, uint32_t asid);
