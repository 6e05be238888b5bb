/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What drivers answer, by a call of two words.
 *
 *   word 0          word 1                         answer, word 0
 *   SERIAL_WRITE    up to 4 bytes, low byte first  how many bytes have been sent (a zero byte ends them)
 *   SERIAL_COUNT    -                              how many interrupts have come
 *   TIMER_SLEEP     quarters of a millisecond      0, when that time is over
 *   TIMER_NOW       -                              quarters of a millisecond since the driver began
 */
#pragma once

#define SERIAL_WRITE 0xffffa001u
#define SERIAL_COUNT 0xffffa005u
#define TIMER_SLEEP 0xffffa011u
#define TIMER_NOW 0xffffa015u
