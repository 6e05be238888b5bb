/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What names in expressions mean.  RUN is a run's name ("main"), or run[NAME] where that has other characters than
 * letters, digits and _.  FIELD is cycles, instructions, count, a cause of the ledger, or a counter of the processor.
 *
 *   RUN.FIELD                          of the whole run (count: 1)
 *   RUN.ledger.CAUSE                   the same as RUN.CAUSE
 *   RUN.status                         0: ok; else the number of the status in MACHINE_STATUSES
 *   RUN.hertz                          the model's clock
 *   RUN.cost.KEY                       a constant of the model
 *   RUN.SPAN.FIELD                     summed over all instances of a span (count: how many)
 *   RUN.SPAN.first.FIELD  .last  .least  .greatest     of one instance; least and greatest by cycles
 *   RUN.probe.NAME.count               how often a probe of the run's images fired
 *   RUN.task.NAME.F                    what tasks of that name were charged: F is cycles or a cause; NAME is the number
 *   RUN.thread.NAME.F                  where the guest gave none, and IMAGE:SYMBOL of a function; RUN.task[NAME].F where
 *   RUN.function.NAME.F                it has other characters than letters, digits, _ . and :
 *   RUN.VALUE.value                    a number of the guest's: the last
 *   RUN.VALUE.value.F                  F is last, sum, count, least or greatest
 *
 * Without a run:
 *   image.NAME.F                       bytes of a kernel or program, as size(1) has them: text, data, bss; and symbols
 *   ok, failed, panic, ...             the number that RUN.status is then (blanks as _: triple_fault)
 */
#pragma once
#include "sim/scenario/expression.h"
#include "sim/scenario/plan.h"

struct run_result;

struct names {
	const struct plan *plan;
	const struct run_result *result; /* as many as runs; NULL before they ran */
};

/* A status as a word: blanks as _. */
const char *names_status(enum machine_status status);

/* An expression_lookup: what can be known before anything ran: runs, fields, cost keys; values are 0. */
expression_lookup names_check;
/* An expression_lookup: the values. */
expression_lookup names_value;
