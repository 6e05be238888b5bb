/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The boot image (mach/boot_image.h) from the loader's hands into the first task.
 */
#pragma once
#include "mach/boot_image.h"
#include "mach/types.h"

/*
 * Moves what makeboot has put into the kernel's bss out of it, to the pages behind it, and clears the bss (GD91 §6.2).
 * The kernel's first action: nothing in the bss has a meaning before, and nothing but data and stack is touched.  What
 * the boot loader left behind the kernel, such as its information and command line, must have been read, too: it may
 * be overwritten.  Where nothing was joined, nothing is done.
 * Result: the first address behind, page-aligned. Panics if the image is not as makeboot makes them.
 */
vm_offset_t boot_image_take(void);

/* Where the parts are now; sizes as in boot_info, 0 without an image. `image` is page-aligned. */
struct boot_image {
	const struct boot_symbols *symbols;
	vm_offset_t image;
	vm_size_t symbols_size, image_size;
	struct loader_info load;
};
extern struct boot_image boot_image;
