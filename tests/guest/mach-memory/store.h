/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The default manager of tests inside the kernel.
 */
#pragma once
#include "mach/types.h"

/* What it has been told so far; stored: pages that it has. */
extern struct told {
	natural_t requests, writes, initializations, created, terminated, unavailable, stored;
} told;

/* Where in a page the tests write. */
enum { STORE_WORDS = 3 };
extern const natural_t store_words[STORE_WORDS];

/* The end of the test, when the console has said so. */
_Noreturn void finish(const char *text);

/* It becomes the default manager. */
void start_manager(void);
