/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The images that the library carries with it: kernels, servers and programs, built with it. */
#pragma once
#include <stddef.h>

/*
 * Image number n (from 0, sorted by name): its name without ".elf" ("l4", "sigma0", "rpc"), and its bytes.
 * NULL beyond the last.  bytes and size may be NULL.
 */
const char *image_embedded(unsigned n, const void **bytes, size_t *size);
/* The same of images of disks, packed (disk_image.h). */
const char *disk_embedded(unsigned n, const void **bytes, size_t *size);
