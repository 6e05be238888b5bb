/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The images that the library carries with it. */
#include "sim/image/embedded.h"

#include "sim/model/embedded.h"

extern const struct embedded_file embedded_images[]; /* made by the build, sorted by name */

const char *image_embedded(unsigned n, const void **bytes, size_t *size)
{
	for (unsigned i = 0; i < n; i++)
		if (!embedded_images[i].name)
			return NULL;
	if (bytes)
		*bytes = embedded_images[n].bytes;
	if (size)
		*size = embedded_images[n].size;
	return embedded_images[n].name;
}
