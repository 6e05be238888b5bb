/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once
#include "base/boot.h"
#include "l4/kip.h"

struct kernel_options {
	bool segments;           /* spaces=segments, or pages */
	uint32_t tcb_size;       /* tcb=4096, or 1024 */
	uint32_t small_size;     /* small=N MiB: 4, 8, 16, ... 64 */
};

/* Writes the kernel info page, where sigma0 will find it (include/l4/kip.h). Panics if the strings do not fit.
 * pool_begin: where the memory that sigma0 has ends; kernel_begin, kernel_end: the image in it. */
void kip_write(struct l4_kip *kip, const struct boot_information *boot, const struct kernel_options *options,
               uint32_t pool_begin, uint32_t kernel_begin, uint32_t kernel_end);
/* boot.S calls it, on the boot's stack: what the loader left is at this address. */
_Noreturn void kernel_begin_in_c(uint32_t loader);
