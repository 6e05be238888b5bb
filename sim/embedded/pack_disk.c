/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pack_disk IN OUT: a disk's image without its zeros (sim/image/disk_image.h), for the library to carry.
 *
 * Runs while the project is built.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/image/disk_image.h"

static _Noreturn void fail(const char *path)
{
	perror(path);
	exit(1);
}

static void put_number(FILE *out, uint64_t number, unsigned size)
{
	for (; size--; number >>= 8)
		putc((int)(number & 0xff), out);
}

static uint64_t size_of(FILE *in, const char *path)
{
	long size;

	if (fseek(in, 0, SEEK_END) || (size = ftell(in)) < 0 || fseek(in, 0, SEEK_SET))
		fail(path);
	return (uint64_t)size;
}

static void pack(FILE *in, FILE *out)
{
	static const uint8_t nothing[DISK_IMAGE_CHUNK];
	uint8_t chunk[DISK_IMAGE_CHUNK];
	size_t bytes;

	for (uint32_t n = 0; (bytes = fread(chunk, 1, sizeof chunk, in)) > 0; n++) {
		if (!memcmp(chunk, nothing, bytes))
			continue;
		put_number(out, n, 4);
		fwrite(chunk, 1, bytes, out);
	}
}

int main(int argc, char **argv)
{
	FILE *in, *out;

	if (argc != 3) {
		fputs("usage: pack_disk IN OUT\n", stderr);
		return 2;
	}
	in = fopen(argv[1], "rb");
	if (!in)
		fail(argv[1]);
	out = fopen(argv[2], "wb");
	if (!out)
		fail(argv[2]);
	fputs(DISK_IMAGE_MAGIC_TEXT, out);
	put_number(out, size_of(in, argv[1]), 8);
	pack(in, out);
	if (ferror(in) || ferror(out) | fclose(out))
		fail(argv[2]);
	fclose(in);
	return 0;
}
