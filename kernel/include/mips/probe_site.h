/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A probe's no-op on MIPS, and where the compiler may leave its arguments (probe.h): in a register ($4), as a number, or
 * in memory at a register and 16 bits (16($sp), %lo(name)($2)).  The assembler must not move the no-op into a branch's
 * slot, from which its label would not go with it.
 */
#pragma once

#define MUK_PROBE_NO_OP ".set push\n.set noreorder\n990: nop\n.set pop\n"
#define MUK_PROBE_OPERAND "nRr"
