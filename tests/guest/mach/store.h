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

/* It becomes the default manager, with pages for 24 MB set aside: before any are withheld. */
void start_manager(void);
