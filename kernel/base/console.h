/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's own voice: COM1, polled, for panics and the boot's complaints. A running kernel says nothing.
 */
#pragma once
#include <stdint.h>

/* 115200 baud, 8 bits, no parity, no interrupts. */
void console_init(void);
void console_char(char c);
void console_string(const char *text);
/* Eight hexadecimal digits. */
void console_hex(uint32_t number);
