/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What two processors of a duel must have in common. */
#pragma once
#include "duel.h"

/* Adds a sentence to the report, and before the first one the instructions that led to it. */
void duel_differ(struct duel *duel, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Registers, coprocessor 0, clock, counters; with_tlb: its entries too.  True: all the same, and so were those before. */
bool duel_compare(struct duel *duel, bool with_tlb);
bool duel_compare_memory(struct duel *duel);
