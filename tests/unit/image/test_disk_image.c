/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Images of disks: what pack_disk packs unpacks to the same bytes, and what it did not pack is refused. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/image/disk_image.h"
#include "tests/unit/random.h"

static char plain[64], packed[64];

static void begin(void)
{
	snprintf(plain, sizeof plain, "disk-image-%d.img", (int)getpid());
	snprintf(packed, sizeof packed, "disk-image-%d.packed", (int)getpid());
}

static void end(void)
{
	remove(plain);
	remove(packed);
}

TestSuite(disk_image, .init = begin, .fini = end);

static void write_file(const char *path, const void *bytes, size_t size)
{
	FILE *file = fopen(path, "wb");

	cr_assert(file);
	cr_assert_eq(fwrite(bytes, 1, size, file), size);
	cr_assert_eq(fclose(file), 0);
}

static size_t read_file(const char *path, uint8_t *bytes, size_t room)
{
	FILE *file = fopen(path, "rb");
	size_t size;

	cr_assert(file);
	size = fread(bytes, 1, room, file);
	fclose(file);
	return size;
}

/* A disk of some sectors with something here and there. */
static size_t make_disk(uint8_t *bytes, struct random *random)
{
	size_t size = 512 * (1 + random_below(random, 200));

	memset(bytes, 0, size);
	for (uint32_t n = random_below(random, 20); n; n--)
		bytes[random_below(random, (uint32_t)size)] = (uint8_t)random_next(random);
	return size;
}

static size_t pack(const uint8_t *bytes, size_t size, uint8_t *out, size_t room)
{
	char command[512];

	write_file(plain, bytes, size);
	snprintf(command, sizeof command, "%s %s %s", getenv("MUK_PACK_DISK"), plain, packed);
	cr_assert_eq(system(command), 0);
	return read_file(packed, out, room);
}

Test(disk_image, what_was_packed_unpacks_to_the_same)
{
	static uint8_t bytes[512 * 201], small[512 * 210];
	struct random random = {1};

	for (unsigned n = 0; n < 20; n++) {
		size_t size = make_disk(bytes, &random), room = pack(bytes, size, small, sizeof small);
		struct disk_image disk;

		cr_assert_eq(disk_image_unpack(&disk, small, room, NULL), MUK_OK);
		cr_assert_eq(disk.size, size);
		cr_assert_arr_eq(disk.bytes, bytes, size);
		disk_image_free(&disk);
		cr_assert_eq(disk_image_read_file(&disk, plain, NULL), MUK_OK);
		cr_assert_eq(disk.size, size);
		cr_assert_arr_eq(disk.bytes, bytes, size);
		disk_image_free(&disk);
	}
}

Test(disk_image, zeros_take_no_room)
{
	static uint8_t zeros[4 << 20], small[100];

	cr_assert_eq(pack(zeros, sizeof zeros, small, sizeof small), DISK_IMAGE_MAGIC + 8);
}

Test(disk_image, what_is_cut_or_changed_is_refused_or_is_a_disk)
{
	static uint8_t bytes[512 * 201], small[512 * 210], copy[512 * 210];
	struct random random = {2};

	memset(bytes, 1, 512 * 20);
	size_t size = pack(bytes, 512 * 20, small, sizeof small);
	for (size_t cut = 0; cut < size; cut += 1 + random_below(&random, 40)) {
		struct disk_image disk;
		uint8_t *tight = malloc(cut ? cut : 1); /* so that a read beyond it is seen */

		memcpy(tight, small, cut);
		enum muk_err code = disk_image_unpack(&disk, tight, cut, NULL);
		bool whole = cut == DISK_IMAGE_MAGIC + 8 || (cut > DISK_IMAGE_MAGIC + 8 && (cut - 16) % 4100 == 0);
		cr_assert_eq(code, whole ? MUK_OK : MUK_ERR_INPUT, "cut at %zu", cut);
		disk_image_free(&disk);
		free(tight);
	}
	for (unsigned n = 0; n < 300; n++) {
		struct disk_image disk;

		memcpy(copy, small, size);
		copy[random_below(&random, 32)] ^= (uint8_t)(1 << random_below(&random, 8));
		enum muk_err code = disk_image_unpack(&disk, copy, size, NULL);
		cr_assert(code == MUK_OK || code == MUK_ERR_INPUT);
		disk_image_free(&disk);
	}
}

Test(disk_image, a_file_is_a_disk_if_it_has_whole_sectors)
{
	struct disk_image disk;
	struct muk_error error = {0};

	write_file(plain, "", 0);
	cr_assert_eq(disk_image_read_file(&disk, plain, &error), MUK_ERR_INPUT);
	write_file(plain, "abc", 3);
	cr_assert_eq(disk_image_read_file(&disk, plain, &error), MUK_ERR_INPUT);
	cr_assert_eq(disk_image_read_file(&disk, "nowhere/nothing.img", &error), MUK_ERR_IO);
	cr_assert_null(disk.bytes);
}
