/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trials of one instruction. */
#include "trial.h"

enum { K0 = 26, K1 = 27 };

bool only_changed(const struct frame *frame, uint32_t registers)
{
	registers |= 1u << K0 | 1u << K1;
	for (unsigned n = 0; n < 32; n++)
		if (!(registers >> n & 1) && outcome.reg[n] != frame->reg[n])
			return false;
	return true;
}

/* Registers that no trial uses have values of their own: who writes the wrong one is seen. */
static void fill(struct frame *frame, uint32_t a, uint32_t b)
{
	for (unsigned n = 1; n < 32; n++)
		if (n != SP)
			frame->reg[n] = 0x1000193u * n ^ 0xa5000000u;
	frame->hi = 0x11112222;
	frame->lo = 0x33334444;
	frame->reg[A0] = a;
	frame->reg[A1] = b;
}

bool in_both(const uint32_t *code, uint32_t a, uint32_t b, bool (*holds)(const struct frame *frame))
{
	struct frame frame = in_kernel(code);

	fill(&frame, a, b);
	run(&frame);
	if (!is_done() || !holds(&frame))
		return false;
	frame = in_user(code);
	fill(&frame, a, b);
	run(&frame);
	return is_done() && holds(&frame);
}

static const struct row *now;

static bool row_holds(const struct frame *frame)
{
	return outcome.reg[V0] == now->expected && only_changed(frame, 1u << V0) && outcome.hi == frame->hi &&
	       outcome.lo == frame->lo;
}

void claim_row(const struct row *row)
{
	bool holds;

	now = row;
	holds = in_both(row->code, row->a, row->b, row_holds);
	if (is_done() && outcome.reg[V0] != row->expected)
		claim_equal(row->text, outcome.reg[V0], row->expected);
	else
		claim(row->text, holds);
}
