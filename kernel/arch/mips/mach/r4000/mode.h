/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's mode on the R4000: EXL is clear, as exceptions in the kernel (its map is in kseg2) must find their way
 * back.
 */
#pragma once
#define KERNEL_STATUS (STATUS_KERNEL & ~2)

	/* After an exception: from here on others may come.  Changes the register. */
	.macro KERNEL_MODE register
	li	\register, KERNEL_STATUS
	mtc0	\register, C0_STATUS
	.endm
