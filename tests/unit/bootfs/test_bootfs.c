/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bootfs against the files that mkffs was given: random bytes, of sizes on either side of every edge that the format
 * has, in every format that it reads.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/bootfs/image.h"
#include "tests/unit/random.h"

struct format {
	const char *block, *fragment, *group, *old; /* old: "--old", or a word that changes nothing */
	uint32_t block_size;
};
static const struct format formats[] = {
	{"8192", "1024", "64M", "/nothing/", 8192}, {"8192", "1024", "2M", "--old", 8192},
	{"4096", "512", "2M", "/nothing/", 4096}, {"4096", "4096", "64M", "--old", 4096},
	{"8192", "8192", "3M", "/nothing/", 8192},
};
enum { FORMATS = sizeof formats / sizeof formats[0] };

#define FORMAT_WORDS(f_) \
	"--size", "12M", "--block", (f_)->block, "--fragment", (f_)->fragment, "--group", (f_)->group, (f_)->old

/* The file reads as these bytes, in pieces of random sizes from random places, and as a whole. */
static void expect_bytes(struct bootfs *fs, const char *path, const uint8_t *bytes, uint32_t size)
{
	struct random random = {size};
	struct bootfs_file file;
	uint8_t *buffer = malloc(size + 1);
	uint32_t done;
	cr_assert_eq(bootfs_open(fs, path, &file), BOOTFS_OK, "%s", path);
	cr_assert_eq(file.size, size);
	cr_assert_eq(bootfs_read(&file, 0, buffer, size + 1, &done), BOOTFS_OK);
	cr_assert(done == size && memcmp(buffer, bytes, size) == 0, "%s", path);
	for (unsigned i = 0; i < 50 && size > 0; i++) {
		const uint32_t from = random_below(&random, size), length = random_below(&random, size - from) + 1;
		cr_assert_eq(bootfs_read(&file, from, buffer, length, &done), BOOTFS_OK);
		cr_assert(done == length && memcmp(buffer, bytes + from, length) == 0);
	}
	free(buffer);
}

Test(bootfs, reads_what_mkffs_was_given_in_every_format_and_at_every_edge)
{
	for (unsigned f = 0; f < FORMATS; f++) {
		const uint32_t block = formats[f].block_size, direct = 12 * block, single = direct + block / 4 * block;
		const uint32_t last = single > 6000000 ? 3000000 : single; /* what fits into the image */
		const uint32_t sizes[] = {0, 1, 511, 512, 513, block - 1, block, block + 1, direct - 1, direct,
		                          direct + 1, direct + block, last, last + 1};
		enum { SIZES = sizeof sizes / sizeof sizes[0] };
		const char *words[SIZES + 10] = {FORMAT_WORDS(&formats[f])};
		uint8_t *bytes[SIZES];
		unsigned at = 9;
		for (unsigned i = 0; i < SIZES; i++)
			words[at++] = text("/some/where/file%u=%s", i,
			                   random_file(text("file%u", i), sizes[i], f * 100 + i, &bytes[i]));
		struct device device = make_image(words);
		struct bootfs *fs = malloc(sizeof *fs);
		cr_assert_eq(bootfs_mount(fs, &device.device), BOOTFS_OK);
		for (unsigned i = 0; i < SIZES; i++) {
			expect_bytes(fs, text("/some/where/file%u", i), bytes[i], sizes[i]);
			free(bytes[i]);
		}
		free(fs);
		free_image(&device);
	}
}

Test(bootfs, finds_files_in_directories_of_many_blocks)
{
	char *host = text("%s/many", folder());
	cr_assert_eq(system(text("mkdir %s && cd %s && i=0; while [ $i -lt 1500 ]; do echo $i > a-rather-long-name-$i; "
	                         "i=$((i+1)); done", host, host)), 0);
	for (unsigned f = 0; f < FORMATS; f++) {
		struct device device = make_image((const char *const[]){FORMAT_WORDS(&formats[f]), "--size", "24M",
		                                                        text("/d:tree=%s", host), NULL});
		struct bootfs *fs = malloc(sizeof *fs);
		struct bootfs_file directory;
		cr_assert_eq(bootfs_mount(fs, &device.device), BOOTFS_OK);
		for (unsigned i = 0; i < 1500; i += 37) {
			const char *line = text("%u\n", i);
			expect_bytes(fs, text("/d/a-rather-long-name-%u", i), (const uint8_t *)line,
			             (uint32_t)strlen(line));
		}
		char name[FFS_NAME_MAX + 1];
		uint32_t offset = 0, inode, count = 0;
		cr_assert_eq(bootfs_open(fs, "/d", &directory), BOOTFS_OK);
		while (bootfs_next_entry(&directory, &offset, name, &inode) == BOOTFS_OK && inode != 0)
			count++;
		cr_assert_eq(count, 1502);
		cr_assert_eq(bootfs_open(fs, "/d/a-rather-long-name-1500", &directory), BOOTFS_NOT_FOUND);
		free(fs);
		free_image(&device);
	}
}

Test(bootfs, follows_symbolic_links_and_knows_loops)
{
	uint8_t *bytes;
	const char *file = random_file("file", 3000, 1, &bytes);
	for (unsigned f = 0; f < FORMATS; f++) {
		struct device device = make_image((const char *const[]){
			FORMAT_WORDS(&formats[f]), text("/m/file=%s", file), "/a/relative:link=../m/file",
			"/a/absolute:link=/m/file", "/a/folder:link=/m",
			"/a/long:link=../m/../m/../m/../m/../m/../m/../m/../m/../m/../m/../m/../m/../m/file",
			"/a/one:link=two", "/a/two:link=one", "/a/8:link=7", "/a/7:link=6", "/a/6:link=5", "/a/5:link=4",
			"/a/4:link=3", "/a/3:link=2", "/a/2:link=1", "/a/1:link=relative", "/a/9:link=8",
			"/a/dangling:link=nowhere", NULL});
		struct bootfs *fs = malloc(sizeof *fs);
		struct bootfs_file opened;
		cr_assert_eq(bootfs_mount(fs, &device.device), BOOTFS_OK);
		expect_bytes(fs, "/a/relative", bytes, 3000);
		expect_bytes(fs, "/a/absolute", bytes, 3000);
		expect_bytes(fs, "/a/folder/file", bytes, 3000);
		expect_bytes(fs, "//a///long", bytes, 3000);
		expect_bytes(fs, "a/7", bytes, 3000);
		cr_assert_eq(bootfs_open(fs, "/a/8", &opened), BOOTFS_LINK_LOOP, "nine links are one too many");
		cr_assert_eq(bootfs_open(fs, "/a/one", &opened), BOOTFS_LINK_LOOP);
		cr_assert_eq(bootfs_open(fs, "/a/dangling", &opened), BOOTFS_NOT_FOUND);
		cr_assert_eq(bootfs_open(fs, "/m/file/x", &opened), BOOTFS_NOT_DIRECTORY);
		cr_assert_eq(bootfs_open(fs, "/a/relative/x", &opened), BOOTFS_NOT_DIRECTORY);
		free(fs);
		free_image(&device);
	}
	free(bytes);
}

Test(bootfs, names_that_are_too_long_are_told)
{
	char path[BOOTFS_PATH_MAX + 2];
	struct device device = make_image((const char *const[]){"--size", "1M", "/f:zero=1", NULL});
	struct bootfs *fs = malloc(sizeof *fs);
	struct bootfs_file file;
	cr_assert_eq(bootfs_mount(fs, &device.device), BOOTFS_OK);
	memset(path, 'x', sizeof path);
	path[FFS_NAME_MAX] = '\0';
	cr_assert_eq(bootfs_open(fs, path, &file), BOOTFS_NOT_FOUND);
	path[FFS_NAME_MAX] = 'x';
	path[FFS_NAME_MAX + 1] = '\0';
	cr_assert_eq(bootfs_open(fs, path, &file), BOOTFS_NAME_TOO_LONG);
	path[FFS_NAME_MAX + 1] = 'x';
	path[BOOTFS_PATH_MAX] = '\0';
	cr_assert_eq(bootfs_open(fs, path, &file), BOOTFS_NAME_TOO_LONG);
	free(fs);
	free_image(&device);
}

Test(bootfs, a_paging_file_is_one_run_of_blocks_and_a_file_with_holes_tells_them)
{
	struct device device = make_image((const char *const[]){"--size", "24M", "/mach_servers/paging_file:zero=8M",
	                                                        "/mach_servers/holes:holes=2M/16", NULL});
	struct bootfs *fs = malloc(sizeof *fs);
	struct bootfs_file file;
	uint32_t first, sector;
	cr_assert_eq(bootfs_mount(fs, &device.device), BOOTFS_OK);
	cr_assert_eq(bootfs_open(fs, "/mach_servers/paging_file", &file), BOOTFS_OK);
	cr_assert_eq(bootfs_block_sector(&file, 0, &first), BOOTFS_OK);
	for (uint32_t i = 0; i < 1024; i++) {
		cr_assert_eq(bootfs_block_sector(&file, i, &sector), BOOTFS_OK);
		cr_assert_eq(sector, first + i * 16);
	}
	cr_assert_eq(bootfs_block_sector(&file, 1024, &sector), BOOTFS_BEYOND_END);
	cr_assert_eq(bootfs_open(fs, "/mach_servers/holes", &file), BOOTFS_OK);
	for (uint32_t i = 0; i < 256; i++) {
		cr_assert_eq(bootfs_block_sector(&file, i, &sector), BOOTFS_OK);
		cr_assert_eq(sector == 0, i % 16 == 15);
	}
	uint8_t byte = 1;
	cr_assert_eq(bootfs_read(&file, 15 * 8192, &byte, 1, &first), BOOTFS_OK);
	cr_assert(first == 1 && byte == 0, "a hole reads as zeros");
	cr_assert_eq(bootfs_write(&file, 15 * 8192, &byte, 1), BOOTFS_HOLE);
	free(fs);
	free_image(&device);
}

Test(bootfs, writes_change_the_bytes_that_they_name_and_no_others)
{
	struct random random = {7};
	uint8_t *bytes;
	const uint32_t size = 200001;
	const char *host = random_file("file", size, 3, &bytes);
	for (unsigned f = 0; f < FORMATS; f++) {
		struct device device = make_image((const char *const[]){FORMAT_WORDS(&formats[f]), text("/f=%s", host),
		                                                        "/other:zero=5000", NULL});
		uint8_t *shadow = malloc(size), *image = malloc(device.size), patch[9000];
		struct bootfs *fs = malloc(sizeof *fs);
		struct bootfs_file file;
		memcpy(shadow, bytes, size);
		cr_assert_eq(bootfs_mount(fs, &device.device), BOOTFS_OK);
		for (unsigned i = 0; i < 200; i++) {
			const uint32_t length = random_below(&random, sizeof patch);
			const uint32_t at = random_below(&random, size - length);
			memset(patch, (int)random_below(&random, 256), length);
			cr_assert_eq(bootfs_open(fs, "/f", &file), BOOTFS_OK);
			memcpy(image, device.bytes, device.size);
			cr_assert_eq(bootfs_write(&file, at, patch, length), BOOTFS_OK);
			size_t changed = 0;
			for (size_t k = 0; k < device.size && i % 20 == 0; k++)
				changed += image[k] != device.bytes[k];
			cr_assert(changed <= length);
			memcpy(shadow + at, patch, length);
		}
		expect_bytes(fs, "/f", shadow, size);
		cr_assert_eq(bootfs_open(fs, "/f", &file), BOOTFS_OK);
		cr_assert_eq(bootfs_write(&file, size - 1, patch, 2), BOOTFS_BEYOND_END);
		cr_assert_eq(bootfs_write(&file, size + 1, patch, 0), BOOTFS_BEYOND_END);
		/* What is in the buffer after a write that failed is not the disk's. */
		device.broken = true;
		cr_assert_eq(bootfs_write(&file, 0, "x", 1), BOOTFS_IO);
		device.broken = false;
		expect_bytes(fs, "/f", shadow, size);
		free(fs);
		free(shadow);
		free(image);
		free_image(&device);
	}
	free(bytes);
}

Test(bootfs, what_is_no_file_system_is_told)
{
	uint8_t *bytes = calloc(1, 1 << 20);
	struct bootfs *fs = malloc(sizeof *fs);
	for (size_t size = 0; size < 40 * 512; size += 512) {
		struct device device = device_over(bytes, size);
		cr_assert_eq(bootfs_mount(fs, &device.device), BOOTFS_NOT_FFS);
	}
	struct device device = device_over(bytes, 1 << 20);
	cr_assert_eq(bootfs_mount(fs, &device.device), BOOTFS_NOT_FFS);
	device.broken = true;
	cr_assert_eq(bootfs_mount(fs, &device.device), BOOTFS_IO);
	free(fs);
	free(bytes);
}
