/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Images for the tests: random files of the host, made into a file system by mkffs (argument: its path), and a device
 * over the image in memory that lets nothing outside of it be touched.
 */
#pragma once
#include "pager/bootfs/bootfs.h"
#include <stddef.h>

struct device {
	struct bootfs_device device;    /* first */
	uint8_t *bytes;
	size_t size;
	unsigned reads, writes;
	bool broken;                    /* everything fails */
};

/* Runs mkffs with these words after "-o IMAGE"; the image in memory. mkffs must succeed. */
struct device make_image(const char *const *words);
/* The same, but mkffs's exit status is the result, and what it says on stderr goes to `said`. */
int run_mkffs(const char *const *words, const char *image, char *said, size_t size);
void free_image(struct device *device);
/* A device over bytes that stay the caller's. */
struct device device_over(uint8_t *bytes, size_t size);

/* A temporary folder, and a file of random bytes in it; both stay until the test ends. */
const char *folder(void);
char *random_file(const char *name, size_t size, uint64_t seed, uint8_t **bytes);
char *text(const char *format, ...) __attribute__((format(printf, 1, 2)));
