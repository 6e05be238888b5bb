/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The images, of programs and of disks, that the library carries with it. */
#include "sim/image/embedded.h"

#include "sim/model/embedded.h"

/* Made by the build, sorted by name. */
extern const struct embedded_file embedded_images[], embedded_disks[];

static const char *entry(const struct embedded_file *file, unsigned n, const void **bytes, size_t *size)
{
	for (unsigned i = 0; i < n; i++)
		if (!file[i].name)
			return NULL;
	if (bytes)
		*bytes = file[n].bytes;
	if (size)
		*size = file[n].size;
	return file[n].name;
}

const char *image_embedded(unsigned n, const void **bytes, size_t *size)
{
	return entry(embedded_images, n, bytes, size);
}

const char *disk_embedded(unsigned n, const void **bytes, size_t *size)
{
	return entry(embedded_disks, n, bytes, size);
}
