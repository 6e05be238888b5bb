// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A path, looked at before SQLite opens it: SQLite would take any file, and say
 * little of why it cannot.
 *
 * An SQLite file begins with 100 bytes of header (the SQLite file format, 1.3):
 * 16 of magic, user_version at 60 and application_id at 68, both big-endian.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "traces/private.h"

enum { HEADER_SIZE = 100, HEADER_USER_VERSION = 60, HEADER_APPLICATION_ID = 68 };

static uint32_t big_endian(const unsigned char *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static enum muk_err io_error(struct muk_error *error, const char *path, const char *doing)
{
	return error_at(error, MUK_ERR_IO, path, 0, 0, "cannot %s: %s", doing, strerror(errno));
}

static enum trace_file classify(const unsigned char *header, ssize_t size, uint32_t *schema)
{
	if (size == 0)
		return FILE_EMPTY;
	if (size < HEADER_SIZE || memcmp(header, "SQLite format 3", 16) != 0 ||
	    big_endian(header + HEADER_APPLICATION_ID) != TRACE_APPLICATION_ID)
		return FILE_OTHER;
	*schema = big_endian(header + HEADER_USER_VERSION);
	return FILE_TRACE;
}

enum muk_err trace_file_look(const char *path, enum trace_file *what, uint32_t *schema, struct muk_error *error)
{
	struct stat status;
	if (stat(path, &status) != 0) {
		if (errno != ENOENT)
			return io_error(error, path, "open the trace");
		*what = FILE_ABSENT;
		return MUK_OK;
	}
	if (S_ISDIR(status.st_mode))
		return error_at(error, MUK_ERR_IO, path, 0, 0, "is a directory, not a trace file");
	if (!S_ISREG(status.st_mode))
		return error_at(error, MUK_ERR_IO, path, 0, 0, "is not an ordinary file: a trace cannot be there");
	int file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return io_error(error, path, "open the trace");
	unsigned char header[HEADER_SIZE];
	ssize_t size = read(file, header, sizeof(header));
	int saved = errno;
	close(file);
	errno = saved;
	if (size < 0)
		return io_error(error, path, "read the trace");
	*what = classify(header, size, schema);
	return MUK_OK;
}

enum muk_err trace_file_empty(const char *path, struct muk_error *error)
{
	size_t length = strlen(path) + sizeof("-journal");
	char *journal = malloc(length);
	if (!journal)
		return error_set(error, MUK_ERR_NOMEM, "no memory for a path");
	snprintf(journal, length, "%s-journal", path);
	/* A dead writer's journal would be rolled back into the new file. */
	int removed = unlink(journal);
	free(journal);
	if (removed != 0 && errno != ENOENT)
		return io_error(error, path, "remove the journal that an interrupted run left beside the trace");
	int file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (file < 0)
		return io_error(error, path, "create the trace");
	close(file);
	return MUK_OK;
}
