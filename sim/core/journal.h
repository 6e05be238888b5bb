/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The journal: what happened, in order; and its digest.
 *
 * Every event of a run passes journal_append, whatever is traced: so the digest
 * is the same at every trace level.  Events are packed into chunks; a full chunk
 * is hashed (XXH3-128) over the digest before it, H(i) = hash(H(i-1) || events),
 * and handed to the sink (the trace writer), which may be none.
 *
 * Where the chain's links end is a matter of the events alone (every 4096th, and
 * before absorbed bytes): a flush hands over what there is, and ends no link, so
 * that whoever looks at a run in its midst does not change its digest.
 *
 * Nothing of the host (time, path, pointer) is in an event.
 */
#pragma once
#include "sim/core/ledger.h"

/*
 * X(name, "text", level, "argument names"): what the machine itself reports.
 * level 1: traced at --trace events; 2: only at --trace all.
 * The kernel's probes are kinds too: EVENT_PROBE + the probe's number.
 */
#define EVENT_KINDS(X)                                                                             \
	X(TRAP, "trap", 1, "vector error from_cpl to_cpl")             /* int, exception: taken through a gate */ \
	X(TRAP_RETURN, "trap_return", 1, "eip from_cpl to_cpl")          /* iret */                       \
	X(INTERRUPT, "interrupt", 1, "vector irq")                         /* the 8259 acknowledged */      \
	X(PAGE_FAULT, "page_fault", 1, "address error eip")                                               \
	X(ADDRESS_SPACE, "address_space_switch", 1, "page_directory")                                    \
	X(TASK_SWITCH, "task_switch", 1, "from to")                         /* by the processor's TSS */     \
	X(TLB_MISS, "tlb_miss", 2, "address access walk_cycles")                                         \
	X(SEGMENT_LOAD, "segment_load", 2, "register selector")                                           \
	X(CONSOLE, "console", 1, "byte")                                    /* sent by the serial line */    \
	X(HALT, "halt", 2, "until_low until_high")                                                        \
	X(GUEST_FAULT, "guest_fault", 1, "reason arg")                       /* ends the run */               \
	X(LIMIT, "limit", 1, "")                                            /* ends the run */               \
	X(WAITING, "waiting", 1, "thread event text")                      /* at a deadlock: who waits */           \
	X(DISK_COMMAND, "disk_command", 1, "command sector count")                                       \
	X(DISK_DONE, "disk_done", 1, "error")                               /* as the drive's error register has it */

enum event_kind {
#define X(name, text, level, args) EVENT_##name,
	EVENT_KINDS(X)
#undef X
	EVENT_KIND_COUNT,
	EVENT_PROBE = 64
};

enum { EVENT_ARGS = 6, JOURNAL_CHUNK = 4096 };

/* An event as it is hashed and stored: no padding, little-endian on every supported host. */
struct event {
	cycle_t cycle;
	uint64_t instruction; /* number of the instruction, from 0 */
	uint32_t task, thread;
	uint32_t pc;          /* linear */
	uint16_t kind;
	uint16_t args;        /* how many of arg count */
	uint32_t arg[EVENT_ARGS];
};
_Static_assert(sizeof(struct event) == 56, "events are hashed as bytes");

struct digest {
	uint64_t low, high;
};

/* One line of 32 hexadecimal digits into text. */
void digest_print(const struct digest *digest, char text[static 33]);

struct journal_sink {
	/* A full chunk, or the part of one that a flush found: events number first..first+count-1, and the digest of
	 * everything up to and with them. */
	void (*chunk)(void *ctx, const struct event *event, unsigned count, uint64_t first, const struct digest *after);
	void *ctx;
};

struct journal {
	struct ledger *ledger; /* whose time, task and thread stamp each event */
	struct journal_sink sink;
	struct digest digest;
	uint64_t appended;     /* events so far */
	unsigned filled;       /* of chunk */
	unsigned handed;       /* of chunk: already given to the sink */
	struct event chunk[JOURNAL_CHUNK];
};

void journal_init(struct journal *journal, struct ledger *ledger, struct journal_sink sink);
/* Appends an event at the ledger's now. pc is linear. Charges nothing. */
void journal_append(struct journal *journal, unsigned kind, uint32_t pc, unsigned args, const uint32_t *arg);
/* Hashes more bytes into the chain at the end of a run (the ledger's totals, the console). Flushes and ends the link. */
void journal_absorb(struct journal *journal, const void *bytes, size_t size);
/* Hands to the sink what it has not seen yet; the digest stays as it is. */
void journal_flush(struct journal *journal);
/* The digest of everything appended, as if it ended here; changes nothing. */
struct digest journal_digest(const struct journal *journal);

const char *event_kind_name(enum event_kind kind);
/* Argument names, separated by blanks. */
const char *event_kind_args(enum event_kind kind);
/* 1 or 2, see above. */
int event_kind_level(enum event_kind kind);
/* For snapshots: everything but the ledger and the sink. */
void journal_state(struct stream *stream, struct journal *journal);
