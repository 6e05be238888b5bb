/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Playing scenarios: loading them all first, then running each into an outcome. */
#pragma once
#include "sim/cli/outcome.h"

struct play {
	char *const *set;            /* overrides of the models, "tlb.entries=64" */
	unsigned sets;
	uint64_t max_cycles;         /* a run; 0: as the scenario says */
	const char *trace_path;      /* NULL: no trace */
	enum trace_level level;
	bool progress;               /* say on the standard error, where it is a terminal, what is running */
	void (*ended)(const struct outcome *outcome); /* told of each as it ends; NULL: nobody is */
};

/*
 * Plays scenarios (names or paths).  Whatever is wrong with any of them is
 * printed before anything runs, or is written.  Returns the exit status; the
 * outcomes are those that were run, also when something failed on the way.
 */
int play_all(const struct play *play, char *const *name, unsigned names, struct outcomes *outcomes);
