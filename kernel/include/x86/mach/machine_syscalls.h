/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A trap on x86: LCALL $7,$0 with the number in EAX and the arguments on the caller's stack, above a return address, as
 * a C function finds them; the result comes in EAX.
 */
#pragma once

/* X(number, name, words of arguments): none. */
#define MACHINE_TRAPS(X)
