/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/bootfs/image.h"
#include "tests/unit/random.h"

extern char **environ;
enum { WORDS_MAX = 64 };

char *text(const char *format, ...)
{
	char *result;
	va_list arguments;
	va_start(arguments, format);
	cr_assert(vasprintf(&result, format, arguments) >= 0);
	va_end(arguments);
	return result;
}

static char temporary[64];

static void remove_folder(void)
{
	execlp("rm", "rm", "-rf", temporary, (char *)NULL);
}

/* Each test is a process of its own: the folder goes when it ends. */
static void clean_up(void)
{
	const pid_t child = fork();
	if (child == 0) {
		remove_folder();
		_exit(1);
	}
	if (child > 0)
		waitpid(child, NULL, 0);
}

const char *folder(void)
{
	if (temporary[0] == '\0') {
		const char *parent = getenv("TMPDIR");
		snprintf(temporary, sizeof temporary, "%.40s/bootfs-XXXXXX", parent ? parent : "/tmp");
		cr_assert(mkdtemp(temporary) != NULL);
		atexit(clean_up);
	}
	return temporary;
}

char *random_file(const char *name, size_t size, uint64_t seed, uint8_t **bytes)
{
	struct random random = {seed};
	char *path = text("%s/%s", folder(), name);
	*bytes = malloc(size + 8);
	for (size_t i = 0; i < size; i += 8) {
		const uint64_t word = random_next(&random);
		memcpy(*bytes + i, &word, 8);
	}
	FILE *file = fopen(path, "wb");
	cr_assert(file != NULL && fwrite(*bytes, 1, size, file) == size && fclose(file) == 0);
	return path;
}

int run_mkffs(const char *const *words, const char *image, char *said, size_t size)
{
	const char *arguments[WORDS_MAX] = {MKFFS, "-o", image};
	unsigned count = 3;
	int status, ends[2];
	pid_t child;
	posix_spawn_file_actions_t actions;
	for (; *words != NULL; words++) {
		cr_assert(count < WORDS_MAX - 1);
		arguments[count++] = *words;
	}
	cr_assert(pipe(ends) == 0);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
	posix_spawn_file_actions_addclose(&actions, ends[0]);
	cr_assert(posix_spawn(&child, MKFFS, &actions, NULL, (char *const *)(uintptr_t)arguments, environ) == 0);
	close(ends[1]);
	size_t used = 0;
	for (ssize_t got; (got = read(ends[0], said + used, size - 1 - used)) > 0;)
		used += (size_t)got;
	said[used] = '\0';
	close(ends[0]);
	cr_assert(waitpid(child, &status, 0) == child && WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* --- The device --- */

static bool is_inside(const struct device *device, uint32_t sector, uint32_t bytes)
{
	return bytes % FFS_SECTOR_SIZE == 0 && (uint64_t)sector * FFS_SECTOR_SIZE + bytes <= device->size;
}

static enum bootfs_result read_sectors(struct bootfs_device *base, uint32_t sector, uint32_t bytes, void *to)
{
	struct device *device = (struct device *)base;
	device->reads++;
	cr_assert(is_inside(device, sector, bytes), "read of %u bytes at sector %u", bytes, sector);
	if (device->broken)
		return BOOTFS_IO;
	memcpy(to, device->bytes + (size_t)sector * FFS_SECTOR_SIZE, bytes);
	return BOOTFS_OK;
}

static enum bootfs_result write_sectors(struct bootfs_device *base, uint32_t sector, uint32_t bytes, const void *from)
{
	struct device *device = (struct device *)base;
	device->writes++;
	cr_assert(is_inside(device, sector, bytes), "write of %u bytes at sector %u", bytes, sector);
	if (device->broken)
		return BOOTFS_IO;
	memcpy(device->bytes + (size_t)sector * FFS_SECTOR_SIZE, from, bytes);
	return BOOTFS_OK;
}

struct device device_over(uint8_t *bytes, size_t size)
{
	return (struct device){
		.device = {.read = read_sectors, .write = write_sectors, .sectors = (uint32_t)(size / FFS_SECTOR_SIZE)},
		.bytes = bytes, .size = size,
	};
}

struct device make_image(const char *const *words)
{
	char said[512], *path = text("%s/image", folder());
	cr_assert_eq(run_mkffs(words, path, said, sizeof said), 0, "%s", said);
	FILE *file = fopen(path, "rb");
	cr_assert(file != NULL && fseek(file, 0, SEEK_END) == 0);
	const size_t size = (size_t)ftell(file);
	rewind(file);
	uint8_t *bytes = malloc(size);
	cr_assert(bytes != NULL && fread(bytes, 1, size, file) == size);
	fclose(file);
	free(path);
	return device_over(bytes, size);
}

void free_image(struct device *device) { free(device->bytes); }
