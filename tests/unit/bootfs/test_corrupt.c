/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Corrupt file systems: whatever the metadata say, bootfs touches nothing outside of the device (which asserts it),
 * ends after no more reads than the disk has blocks, give or take, and says so or reads something.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/bootfs/image.h"
#include "tests/unit/random.h"

enum { READS_MAX = 20000, FILE_BYTES = 150000 };

static struct device good;

static void make_good(void)
{
	uint8_t *bytes;
	const char *host = random_file("file", FILE_BYTES, 5, &bytes);
	free(bytes);
	good = make_image((const char *const[]){
		"--size", "1M", "--group", "512K", "--block", "4096", "--fragment", "512", text("/a/b/file=%s", host),
		"/a/link:link=b/file", "/a/up:link=../a/b/../link", "/holes:holes=100K/3", NULL});
}

/* Walks a directory, and reads and asks for everything of a file; results do not matter. */
static void use(struct bootfs *fs, const char *path)
{
	static uint8_t buffer[FILE_BYTES];
	struct bootfs_file file;
	char name[FFS_NAME_MAX + 1];
	uint32_t done, sector, offset = 0, inode = 1;
	if (bootfs_open(fs, path, &file) != BOOTFS_OK)
		return;
	while (bootfs_is_directory(&file) && inode != 0 && bootfs_next_entry(&file, &offset, name, &inode) == BOOTFS_OK)
		cr_assert(strlen(name) <= FFS_NAME_MAX);
	(void)bootfs_read(&file, 0, buffer, sizeof buffer, &done);
	(void)bootfs_read(&file, file.size / 2, buffer, 5000, &done);
	for (uint32_t i = 0; i < 60; i++)
		if (bootfs_block_sector(&file, i * i * i, &sector) == BOOTFS_OK)
			cr_assert(sector < good.size / FFS_SECTOR_SIZE);
	(void)bootfs_write(&file, 1000, buffer, 100);
}

static void use_all(const uint8_t *bytes)
{
	static struct bootfs fs;
	struct device device = device_over((uint8_t *)(uintptr_t)bytes, good.size);
	if (bootfs_mount(&fs, &device.device) != BOOTFS_OK)
		return;
	static const char *const paths[] = {"/", "/a", "/a/b", "/a/b/file", "/a/link", "/a/up", "/holes"};
	for (unsigned i = 0; i < sizeof paths / sizeof paths[0]; i++)
		use(&fs, paths[i]);
	cr_assert(device.reads < READS_MAX, "%u reads", device.reads);
}

/* Where the metadata are: superblock, inodes and the first directories and tables of both groups. */
static size_t metadata_place(struct random *random)
{
	static const struct { uint32_t from, to; } ranges[] = {{8192, 9600}, {20480, 60000}, {544768, 560000}};
	const unsigned i = random_below(random, 3);
	return ranges[i].from + random_below(random, ranges[i].to - ranges[i].from);
}

Test(corrupt, random_changes_of_metadata_are_errors_and_no_crashes, .init = make_good, .timeout = 120)
{
	struct random random = {11};
	uint8_t *bytes = malloc(good.size);
	for (unsigned round = 0; round < 3000; round++) {
		memcpy(bytes, good.bytes, good.size);
		for (unsigned change = random_below(&random, 8) + 1; change > 0; change--) {
			static const uint32_t values[] = {0, 1, 0xffffffff, 0x7fffffff, 0x80000000, 2047, 2048, 2049};
			const size_t at = metadata_place(&random) & ~(size_t)3;
			uint32_t value = values[random_below(&random, 8)];
			if (random_below(&random, 2))
				value = (uint32_t)random_next(&random);
			memcpy(bytes + at, &value, 1u << random_below(&random, 3));
		}
		use_all(bytes);
	}
	free(bytes);
	free_image(&good);
}

Test(corrupt, every_word_of_the_superblock_may_be_anything, .init = make_good, .timeout = 120)
{
	static const uint32_t values[] = {0, 1, 3, 0xffffffff, 0x7fffffff, 0x80000000, 0x10000};
	uint8_t *bytes = malloc(good.size);
	for (uint32_t at = 8192; at < 8192 + sizeof(struct ffs_superblock); at += 4)
		for (unsigned i = 0; i < sizeof values / sizeof values[0]; i++) {
			memcpy(bytes, good.bytes, good.size);
			memcpy(bytes + at, &values[i], 4);
			use_all(bytes);
		}
	free(bytes);
	free_image(&good);
}

/* The inode of "/a/b/file", wherever it is: found by its size. */
static struct ffs_inode *file_inode(uint8_t *bytes)
{
	for (size_t at = 8192; at < good.size; at += sizeof(struct ffs_inode)) {
		struct ffs_inode *inode = (void *)(bytes + at);
		if (inode->di_size == FILE_BYTES && inode->di_mode == (FFS_REGULAR | 0755))
			return inode;
	}
	return NULL;
}

Test(corrupt, an_indirect_block_that_is_its_own_entry_ends, .init = make_good)
{
	static struct bootfs fs;
	struct bootfs_file file;
	uint32_t sector;
	struct ffs_inode *inode = file_inode(good.bytes);
	cr_assert(inode != NULL);
	inode->di_size = 0xf0000000;
	inode->di_ib[1] = inode->di_ib[2] = inode->di_ib[0];
	uint32_t *table = (uint32_t *)(good.bytes + (size_t)inode->di_ib[0] * 512);
	for (unsigned i = 0; i < 1024; i++)
		table[i] = inode->di_ib[0];
	cr_assert_eq(bootfs_mount(&fs, &good.device), BOOTFS_OK);
	cr_assert_eq(bootfs_open(&fs, "/a/b/file", &file), BOOTFS_OK);
	cr_assert_eq(bootfs_block_sector(&file, 900000, &sector), BOOTFS_OK);
	cr_assert_eq(sector, inode->di_ib[0]);
	free_image(&good);
}

Test(corrupt, a_file_of_4_gib_and_more_is_told, .init = make_good)
{
	static struct bootfs fs;
	struct bootfs_file file;
	file_inode(good.bytes)->di_size_high = 1;
	cr_assert_eq(bootfs_mount(&fs, &good.device), BOOTFS_OK);
	cr_assert_eq(bootfs_open(&fs, "/a/b/file", &file), BOOTFS_TOO_LARGE);
	free_image(&good);
}
