/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trials of one instruction, in both modes: its operands in a0 and a1, its result in v0. */
#pragma once
#include "cpu.h"

struct row {
	const char *text;
	const uint32_t *code;
	uint32_t a, b, expected;
};

/* A claim: in kernel and in user mode the result is that, and no other register has changed. */
void claim_row(const struct row *row);
/* True if the outcome's registers are those of the frame, but for some (bit n: register n; k0 and k1 always). */
bool only_changed(const struct frame *frame, uint32_t registers);
/* Runs code in both modes with a and b; true if `holds` says so of both outcomes. */
bool in_both(const uint32_t *code, uint32_t a, uint32_t b, bool (*holds)(const struct frame *frame));
