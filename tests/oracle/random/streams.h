/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Streams of accesses to pages, for TLBs of all sizes and policies: a stage whose code goes through a table of
 * addresses and loads from each (one in eight it stores to), all pages mapped, misses refilled by the handler.
 */
#pragma once
#include "stage.h"

/* X(name, "text") */
#define STREAMS(X)                                                                                                \
	X(LOOP, "loop")       /* round and round the same pages */                                            \
	X(RANDOM, "random")   /* any page, each as likely */                                                  \
	X(SKEWED, "skewed")   /* few pages often */                                                           \
	X(PHASES, "phases")   /* a few pages for a while, then others */
enum stream_kind {
#define X(name, text) STREAM_##name,
	STREAMS(X)
#undef X
	STREAM_COUNT
};
const char *stream_name(enum stream_kind kind);

enum { STREAM_LENGTH = 8192 /* accesses */, STREAM_PAGES_MOST = 512 };

/* Of `pages` pages; model: the TLB's (costs are drawn). */
void stream_make(struct stage *stage, enum stream_kind kind, uint32_t pages, uint64_t seed,
                 const struct oracle_model *model);
