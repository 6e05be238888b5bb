/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's mode on the R3000: an exception has pushed it, and another one pushes it once more.
 */
#pragma once
#define KERNEL_STATUS STATUS_KERNEL

	/* After an exception: from here on others may come.  Changes the register. */
	.macro KERNEL_MODE register
	.endm
