/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program's voice: each kernel's library has one (format.h says what it understands).
 */
#pragma once

void print(const char *format, ...) __attribute__((format(printf, 1, 2)));
