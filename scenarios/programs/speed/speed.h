/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * speed: something to run fast.  A program without a kernel that has a small one
 * of its own: user code in ring 3 computes, and calls it.
 *
 * On x86 (on MIPS likewise: mips/start.S, mips/main.c):
 *
 *   program_main (speed.c) -> ring 3: speed_user -> work -> speed_end(checksum) -> ring 0 -> end
 *                                        |  ^
 *                          speed_call    v  |  iret at speed_call_return (call.S)
 *                          kernel.c:  speed_kernel
 *
 * Between its beginning and speed_end the only instructions of it that are not ordinary are int and that iret, so that
 * an engine which knows nothing of protected mode but these two can run it: that is what "bare" is measured with.
 */
#pragma once
#include <stdint.h>

/* Calls of the small kernel. */
enum speed_call { SPEED_SEND, SPEED_RECEIVE, SPEED_LOOKUP, SPEED_YIELD };
enum { MESSAGE_WORDS = 16 };

/* The architecture's: how it is called. */
#include "machine.h"

/* kernel.c: what a call does; no interrupt comes. */
uint32_t SPEED_CALLED speed_kernel(uint32_t number, uint32_t a, uint32_t b);

/* The work: count rounds, and a checksum of what was computed. */
uint32_t work_usual(uint32_t count);
uint32_t work_memory(uint32_t count);
uint32_t work_conflict(uint32_t count);
uint32_t work_thrash(uint32_t count);
uint32_t work_calls(uint32_t count);
