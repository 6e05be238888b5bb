/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A sweep in a trace file (schema/002.sql): its rows, written and read.
 *
 *   trace_create(TRACE_NONE) -> trace_sweep -> trace_axis ... -> ( trace_configuration -> its rows )* -> trace_close
 *
 * Numbers of configurations and axes are from 0 here, and from 1 in the file.
 */
#pragma once
#include "traces/trace.h"

struct trace_sweep {
	const char *name, *title, *source, *scenario, *plan, *identity;
};

struct trace_configuration {
	uint32_t number;
	const char *name, *status, *reason, *digest;
	int exit;
	uint64_t cycles, instructions;
};

/* A metric that was kept. */
struct trace_result_row {
	const char *metric, *name, *unit, *verdict;
	double value;          /* NAN: could not be computed */
};

/* Each returns the writer's state, as trace.h has it. */
enum muk_err trace_sweep(struct trace_writer *writer, const struct trace_sweep *sweep);
enum muk_err trace_axis(struct trace_writer *writer, uint32_t axis, const char *name);
enum muk_err trace_configuration(struct trace_writer *writer, const struct trace_configuration *configuration);
enum muk_err trace_setting(struct trace_writer *writer, uint32_t configuration, uint32_t axis, const char *value);
enum muk_err trace_configuration_cost(struct trace_writer *writer, uint32_t configuration, const char *cause,
                                      cycle_t cycles);
enum muk_err trace_operation(struct trace_writer *writer, uint32_t configuration, const char *field, double value);
enum muk_err trace_sweep_result(struct trace_writer *writer, uint32_t configuration,
                                const struct trace_result_row *row);

/* --- reading; visitors as in trace.h --- */
typedef bool trace_sweep_fn(void *ctx, const struct trace_sweep *sweep);
typedef bool trace_configuration_fn(void *ctx, const struct trace_configuration *configuration);
typedef bool trace_value_fn(void *ctx, uint32_t configuration, const char *name, double value);
typedef bool trace_sweep_result_fn(void *ctx, uint32_t configuration, const struct trace_result_row *row);

/* Whether the file holds a sweep. One of schema 1 does not. */
enum muk_err trace_each_sweep(struct trace_reader *reader, trace_sweep_fn *visit, void *ctx, struct muk_error *error);
enum muk_err trace_each_configuration(struct trace_reader *reader, trace_configuration_fn *visit, void *ctx,
                                      struct muk_error *error);
/* Of all configurations, in their order: fields of the operation; causes from power on; metrics that were kept. */
enum muk_err trace_each_operation(struct trace_reader *reader, trace_value_fn *visit, void *ctx,
                                  struct muk_error *error);
enum muk_err trace_each_configuration_cost(struct trace_reader *reader, trace_value_fn *visit, void *ctx,
                                           struct muk_error *error);
enum muk_err trace_each_sweep_result(struct trace_reader *reader, trace_sweep_result_fn *visit, void *ctx,
                                     struct muk_error *error);
