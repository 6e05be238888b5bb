/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A probe's no-op on MIPS, and where the compiler may leave its arguments (probe.h): in a register ($4), or as a number.
 * Not in memory: whoever looks at it from outside cannot know where a page is that the TLB does not hold just now.
 * The assembler must not move the no-op into a branch's slot, from which its label would not go with it.
 */
#pragma once

#define MUK_PROBE_NO_OP ".set push\n.set noreorder\n990: nop\n.set pop\n"
#define MUK_PROBE_OPERAND "nr"
