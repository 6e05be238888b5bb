/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pictures of ledgers: bars in pieces by cause, and the way from one bar to another. */
#pragma once
#include <stdbool.h>
#include <stdio.h>
#include "sim/core/ledger.h"

enum { BARS_MAX = 64 };

struct bars {
	char title[160], unit[24];
	struct bar {
		char name[64];
		double total, piece[CAUSE_COUNT];
	} bar[BARS_MAX];
	unsigned count;
};

/* A bar a row, its pieces by cause side by side, its total behind it. Pieces below zero are drawn as none. */
void bars_draw(FILE *out, const struct bars *bars, bool standalone);
/* From the first bar to the second: what each cause adds or takes away. */
void waterfall_draw(FILE *out, const struct bars *bars, bool standalone);
