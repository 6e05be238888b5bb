/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is finished of a sweep, in a file beside its database, until the database can be written.
 *
 *   "mukroscope sweep, unfinished\n" identity " " program "\n"   then, for each result, in the order of completion:
 *   u32 size, u32 sum (of the bytes), bytes                      of this host's byte order
 *
 * The program is a hash of the simulator's own file: a result of another build is another result.  It is here and not in
 * the identity, which the database has: all builds are to make the same one.
 *
 * A record is one write at the file's end, so that a process that dies leaves at most its last record incomplete: such
 * a rest is cut off when the file is taken up again.  A file without a record, its head whole or not, is begun anew,
 * whosever it was: nothing is lost.  One process at a time writes: the file is locked.
 */
#include "sim/sweep/sweep.h"
#include "sim/core/error.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

static const char magic[] = "mukroscope sweep, unfinished\n";
enum { MAGIC = sizeof(magic) - 1, IDENTITY = 32, PROGRAM = 16, HEAD = MAGIC + IDENTITY + 1 + PROGRAM + 1,
       RECORD_MOST = 16 << 20 };

struct sweep_part {
	int file;
	char *path;
};

struct record {
	uint32_t size, sum;
};

static enum muk_err io_error(const struct sweep_part *part, const char *doing, struct muk_error *error)
{
	return error_at(error, MUK_ERR_IO, part->path, 0, 0, "cannot %s: %s", doing, strerror(errno));
}

/* Reads all of size, however it comes; false at the end of the file. */
static bool read_all(int file, void *bytes, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t got = read(file, (char *)bytes + done, size - done);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		done += (size_t)got;
	}
	return true;
}

static bool write_all(int file, const void *bytes, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t put = write(file, (const char *)bytes + done, size - done);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return false;
		done += (size_t)put;
	}
	return true;
}

/* What this program is known by; 0 where the host does not show it. */
static uint64_t program_hash(void)
{
	XXH3_state_t *state = XXH3_createState();
	int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	static char bytes[1 << 16];
	ssize_t got;

	if (!state || XXH3_64bits_reset(state) == XXH_ERROR || file < 0)
		got = -1;
	else
		while ((got = read(file, bytes, sizeof(bytes))) > 0)
			XXH3_64bits_update(state, bytes, (size_t)got);
	uint64_t hash = got == 0 ? XXH3_64bits_digest(state) : 0;
	if (file >= 0)
		close(file);
	XXH3_freeState(state);
	return hash;
}

static void make_head(char head[static HEAD + 1], const char *identity)
{
	snprintf(head, HEAD + 1, "%s%.32s %016" PRIx64 "\n", magic, identity, program_hash());
}

static enum muk_err write_head(struct sweep_part *part, const char *head, struct muk_error *error)
{
	if (ftruncate(part->file, 0) || lseek(part->file, 0, SEEK_SET) || !write_all(part->file, head, HEAD))
		return io_error(part, "write what is finished", error);
	return MUK_OK;
}

/* Goes behind the head, which it writes if nothing is finished yet. size: the file's. */
static enum muk_err pass_head(struct sweep_part *part, const char *head, off_t size, struct muk_error *error)
{
	char there[HEAD];
	size_t length = size < HEAD ? (size_t)size : HEAD;

	if (!read_all(part->file, there, length) || memcmp(there, magic, length < MAGIC ? length : MAGIC))
		return error_at(error, MUK_ERR_INPUT, part->path, 0, 0,
		                "is no unfinished sweep of mukroscope: it is left as it is");
	if (size <= HEAD)
		return write_head(part, head, error);
	if (!memcmp(there, head, HEAD))
		return MUK_OK;
	return error_at(error, MUK_ERR_INPUT, part->path, 0, 0,
	                "is what was finished of another plan, by another build of the simulator, or with other models, "
	                "scenarios or images: remove it to begin anew, or choose another output");
}

/* The next record; NULL at the end, or at a rest that is none. The caller frees. */
static void *next_record(int file, size_t *size)
{
	struct record record;

	if (!read_all(file, &record, sizeof(record)) || record.size > RECORD_MOST)
		return NULL;
	void *bytes = malloc(record.size + 1);
	if (bytes && read_all(file, bytes, record.size) && (uint32_t)XXH3_64bits(bytes, record.size) == record.sum) {
		*size = record.size;
		return bytes;
	}
	free(bytes);
	return NULL;
}

/* Tells what is there and goes to the end of it, cutting off the rest. */
static enum muk_err take_up(struct sweep_part *part, bool (*found)(void *ctx, const void *bytes, size_t size),
                            void *ctx, struct muk_error *error)
{
	off_t good = HEAD;
	size_t size;
	void *bytes;
	bool fine = true;

	while (fine && (bytes = next_record(part->file, &size))) {
		fine = found(ctx, bytes, size);
		free(bytes);
		if (fine)
			good += (off_t)(sizeof(struct record) + size);
	}
	if (ftruncate(part->file, good) || lseek(part->file, good, SEEK_SET) != good)
		return io_error(part, "take up what is finished", error);
	return MUK_OK;
}

/* The lock is this process's alone: workers that outlive it do not hold it. */
static enum muk_err open_file(struct sweep_part *part, struct stat *status, struct muk_error *error)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	part->file = open(part->path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (part->file < 0)
		return io_error(part, "keep beside the database what is finished", error);
	if (fcntl(part->file, F_SETLK, &whole))
		return error_at(error, MUK_ERR_IO, part->path, 0, 0, "another sweep is writing this one's results");
	if (fstat(part->file, status)) /* with the lock: nobody makes it longer any more */
		return io_error(part, "keep beside the database what is finished", error);
	if (!S_ISREG(status->st_mode))
		return error_at(error, MUK_ERR_IO, part->path, 0, 0, "is not an ordinary file");
	return MUK_OK;
}

enum muk_err sweep_part_open(struct sweep_part **out, const char *path, const char *identity,
                             bool (*found)(void *ctx, const void *bytes, size_t size), void *ctx,
                             struct muk_error *error)
{
	struct sweep_part *part = calloc(1, sizeof(*part));
	struct stat status = {0};
	char head[HEAD + 1];

	*out = part;
	if (!part)
		return error_set(error, MUK_ERR_NOMEM, "the host's memory is exhausted");
	part->file = -1;
	if (!(part->path = strdup(path)))
		return error_set(error, MUK_ERR_NOMEM, "the host's memory is exhausted");
	make_head(head, identity);
	enum muk_err code = open_file(part, &status, error);
	if (!code)
		code = pass_head(part, head, status.st_size, error);
	return code ? code : take_up(part, found, ctx, error);
}

enum muk_err sweep_part_add(struct sweep_part *part, const void *bytes, size_t size, struct muk_error *error)
{
	struct record record = {(uint32_t)size, (uint32_t)XXH3_64bits(bytes, size)};
	char *whole = malloc(sizeof(record) + size);
	bool written = false;

	if (whole) {
		memcpy(whole, &record, sizeof(record));
		memcpy(whole + sizeof(record), bytes, size);
		written = write_all(part->file, whole, sizeof(record) + size);
	}
	free(whole);
	return written ? MUK_OK : io_error(part, "write what is finished", error);
}

void sweep_part_close(struct sweep_part *part, bool done)
{
	if (!part)
		return;
	if (done)
		unlink(part->path);
	if (part->file >= 0)
		close(part->file);
	free(part->path);
	free(part);
}
