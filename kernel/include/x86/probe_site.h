/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A probe's no-op on the x86, and where the compiler may leave its arguments (probe.h). */
#pragma once

#define MUK_PROBE_NO_OP "990: nop\n"
/* An address is never an immediate ("n", not "i"): the assembler forgets labels such as .LC0. */
#define MUK_PROBE_OPERAND "nor"
