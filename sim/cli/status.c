// SPDX-License-Identifier: GPL-2.0-or-later
/* How errors are told, and the exit status that they make. */
#include <errno.h>
#include <string.h>
#include "sim/cli/cli.h"

int error_status(enum muk_err code)
{
	switch (code) {
	case MUK_OK: return STATUS_FINE;
	case MUK_ERR_UNSUPPORTED: return STATUS_GUEST;
	case MUK_ERR_NOMEM: return STATUS_LIMIT;
	case MUK_ERR_MISMATCH: return STATUS_DIGEST;
	case MUK_ERR_DEFECT: return STATUS_DEFECT;
	default: return STATUS_USAGE;
	}
}

int error_print(const struct muk_error *error)
{
	fflush(stdout);
	fprintf(stderr, "muk: ");
	if (*error->path)
		fprintf(stderr, "%s:", error->path);
	if (error->line)
		fprintf(stderr, "%d:", error->line);
	if (error->line && error->column)
		fprintf(stderr, "%d:", error->column);
	if (error->line || *error->path)
		fprintf(stderr, " ");
	fprintf(stderr, "error: %s\n", *error->text ? error->text : muk_strerror(error->code));
	return error_status(error->code);
}

int output_finish(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	fprintf(stderr, "muk: error: cannot write to the standard output: %s\n", strerror(errno));
	return status_worse(status, STATUS_USAGE);
}

int status_worse(int a, int b)
{
	static const int order[] = {STATUS_FINE, STATUS_EXPECTATION, STATUS_LIMIT, STATUS_DIGEST, STATUS_GUEST,
	                            STATUS_USAGE, STATUS_DEFECT};
	for (int i = (int)(sizeof(order) / sizeof(*order)) - 1; i >= 0; i--)
		if (order[i] == a || order[i] == b)
			return order[i];
	return a;
}
