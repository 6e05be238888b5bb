/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Workers: processes of their own, each with its own engine, that run one configuration after the other.
 *
 *                  number of a configuration (u32)
 *     the sweep  ---------------------------------->  worker
 *                <----------------------------------
 *                  size (u32), result (sweep_result_pack)
 *
 *   IDLE --give--> BUSY --take: a result--> IDLE --[nothing is left]--> closed
 *                   `--take: it died--> the configuration's result is "defect"; another worker takes its place
 *
 * The order in which results come depends on the host; who is told of them puts them in the plan's.
 */
#include "sim/sweep/sweep.h"
#include "sim/core/error.h"
#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NOTHING = -1 };

struct worker {
	pid_t process;
	int socket;                           /* NOTHING: there is none */
	int64_t configuration;                /* that it is at; NOTHING: idle */
};

struct crew {
	const struct sweep_work *work;
	struct worker *worker;
	unsigned workers;
	unsigned next;                        /* configuration to give out */
	bool stopped;
};

static bool read_all(int socket, void *bytes, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t got = read(socket, (char *)bytes + done, size - done);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		done += (size_t)got;
	}
	return true;
}

static bool send_all(int socket, const void *bytes, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t put = send(socket, (const char *)bytes + done, size - done, MSG_NOSIGNAL);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return false;
		done += (size_t)put;
	}
	return true;
}

/* --- a worker --- */

static bool serve_one(const struct sweep_plan *plan, int socket, uint32_t number)
{
	struct sweep_result result;
	size_t size = 0;

	sweep_run_one(plan, number, &result);
	void *bytes = sweep_result_pack(&result, &size);
	uint32_t length = (uint32_t)size;
	bool sent = bytes && send_all(socket, &length, sizeof(length)) && send_all(socket, bytes, size);
	free(bytes);
	sweep_result_free(&result);
	return sent;
}

/* Until nobody asks any more. */
static _Noreturn void serve(const struct sweep_plan *plan, int socket)
{
	uint32_t number;

	while (read_all(socket, &number, sizeof(number)))
		if (!serve_one(plan, socket, number))
			_exit(EXIT_FAILURE);
	_exit(EXIT_SUCCESS);
}

/* A worker has no other's socket: else it would not see the end when the sweep dies. */
static void close_others(const struct crew *crew)
{
	for (unsigned n = 0; n < crew->workers; n++)
		if (crew->worker[n].socket != NOTHING)
			close(crew->worker[n].socket);
}

static enum muk_err hire(struct crew *crew, struct worker *worker, struct muk_error *error)
{
	int pair[2];

	*worker = (struct worker){.socket = NOTHING, .configuration = NOTHING};
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return error_set(error, MUK_ERR_IO, "cannot start a worker: %s", strerror(errno));
	fflush(NULL);
	worker->process = fork();
	if (worker->process == 0) {
		close(pair[0]);
		close_others(crew);
		serve(crew->work->plan, pair[1]);
	}
	int failed = errno;
	close(pair[1]);
	if (worker->process < 0) {
		close(pair[0]);
		return error_set(error, MUK_ERR_IO, "cannot start a worker: %s", strerror(failed));
	}
	worker->socket = pair[0];
	return MUK_OK;
}

/* Closes its socket, which ends it, and waits for that. How it ended. */
static int dismiss(struct worker *worker)
{
	int status = 0;

	if (worker->socket == NOTHING)
		return 0;
	close(worker->socket);
	worker->socket = NOTHING;
	while (waitpid(worker->process, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

/* --- the sweep --- */

/* The next configuration that is to be run; the plan's number of them: none is left. */
static unsigned next_open(struct crew *crew)
{
	while (crew->next < crew->work->plan->configurations && crew->work->skip && crew->work->skip[crew->next])
		crew->next++;
	return crew->next;
}

static bool tell(struct crew *crew, unsigned configuration, const void *bytes, size_t size)
{
	if (!crew->work->finished(crew->work->ctx, configuration, bytes, size))
		crew->stopped = true;
	return !crew->stopped;
}

/* The result of a configuration at which a worker died. */
static void tell_defect(struct crew *crew, unsigned configuration, int status)
{
	struct sweep_result result = {.configuration = configuration, .exit = 70, .status = "defect"};
	size_t size;

	if (WIFSIGNALED(status))
		snprintf(result.reason, sizeof(result.reason), "the simulator was ended by signal %d", WTERMSIG(status));
	else
		snprintf(result.reason, sizeof(result.reason), "the simulator ended with status %d", WEXITSTATUS(status));
	for (unsigned n = 0; n < SWEEP_FIELD_COUNT; n++)
		result.field[n] = NAN;
	void *bytes = sweep_result_pack(&result, &size);
	if (!bytes || !tell(crew, configuration, bytes, size))
		crew->stopped = true;
	free(bytes);
}

/* Gives an idle worker the next configuration, or ends it. */
static enum muk_err give(struct crew *crew, struct worker *worker, struct muk_error *error)
{
	uint32_t number = next_open(crew);

	if (number == crew->work->plan->configurations || crew->stopped) {
		dismiss(worker);
		return MUK_OK;
	}
	if (!send_all(worker->socket, &number, sizeof(number)))
		return error_set(error, MUK_ERR_IO, "a worker cannot be reached: %s", strerror(errno));
	worker->configuration = number;
	crew->next++;
	return MUK_OK;
}

static enum muk_err take(struct crew *crew, struct worker *worker, struct muk_error *error)
{
	unsigned configuration = (unsigned)worker->configuration;
	uint32_t size;
	void *bytes = NULL;

	if (read_all(worker->socket, &size, sizeof(size)) && (bytes = malloc(size)) &&
	    read_all(worker->socket, bytes, size)) {
		tell(crew, configuration, bytes, size);
		worker->configuration = NOTHING;
	}
	free(bytes);
	if (worker->configuration != NOTHING) { /* it died */
		tell_defect(crew, configuration, dismiss(worker));
		enum muk_err code = crew->stopped ? MUK_OK : hire(crew, worker, error);
		if (code || crew->stopped)
			return code;
	}
	return give(crew, worker, error);
}

static enum muk_err begin(struct crew *crew, struct muk_error *error)
{
	enum muk_err code = MUK_OK;

	for (unsigned n = 0; n < crew->work->jobs && !code && next_open(crew) < crew->work->plan->configurations; n++) {
		code = hire(crew, &crew->worker[n], error);
		crew->workers += !code;
		if (!code)
			code = give(crew, &crew->worker[n], error);
	}
	return code;
}

/* Waits until a worker has something to say, and hears it. False: no worker is left. */
static bool attend(struct crew *crew, enum muk_err *code, struct muk_error *error)
{
	struct pollfd poll_of[SWEEP_JOBS_MAX];
	struct worker *of[SWEEP_JOBS_MAX];
	nfds_t count = 0;

	for (unsigned n = 0; n < crew->workers; n++)
		if (crew->worker[n].socket != NOTHING) {
			of[count] = &crew->worker[n];
			poll_of[count++] = (struct pollfd){.fd = crew->worker[n].socket, .events = POLLIN};
		}
	if (!count || crew->stopped)
		return false;
	if (poll(poll_of, count, -1) < 0)
		return errno == EINTR;
	for (nfds_t n = 0; n < count && !*code; n++)
		if (poll_of[n].revents)
			*code = take(crew, of[n], error);
	return !*code;
}

enum muk_err sweep_work(const struct sweep_work *work, struct muk_error *error)
{
	struct crew crew = {.work = work};
	enum muk_err code;

	crew.worker = calloc(work->jobs, sizeof(*crew.worker));
	if (!crew.worker)
		return error_set(error, MUK_ERR_NOMEM, "the host's memory is exhausted");
	for (unsigned n = 0; n < work->jobs; n++)
		crew.worker[n].socket = NOTHING;
	code = begin(&crew, error);
	while (!code && attend(&crew, &code, error))
		;
	for (unsigned n = 0; n < crew.workers; n++) {
		if (crew.worker[n].socket != NOTHING && crew.worker[n].configuration != NOTHING)
			kill(crew.worker[n].process, SIGKILL); /* what it does is of no use any more */
		dismiss(&crew.worker[n]);
	}
	free(crew.worker);
	return code;
}
