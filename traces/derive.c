// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Slices and flows: what the stored events say together.
 *
 *   slice        from a probe NAME:begin to the next NAME:end (spans of one name do not nest)
 *   flow 'ipc'   from ipc_send(from, to, ...) to the next thread_switch(task, to)
 *   flow 'fault' from a thread's page_fault to its next trap_return to the instruction that faulted
 *
 * Each thread has at most one open flow of each kind; a later one replaces it.
 * Only stored events count: at a trace level that leaves one end out there is no flow.
 */
#include <stdlib.h>
#include <string.h>
#include "traces/private.h"

enum role { ROLE_NONE, ROLE_BEGIN, ROLE_END, ROLE_SEND, ROLE_SWITCH, ROLE_FAULT, ROLE_RETURN };

/* What a kind of event means here; span: which, for BEGIN and END. */
struct meaning {
	uint8_t role;
	unsigned span;
};

struct span {
	char *name;
	bool open;
	cycle_t begin;
	uint32_t thread;
};

/* The open flows of a thread; event 0: none. */
struct waiting {
	uint32_t thread;
	bool used;
	uint64_t send, fault;
	uint32_t eip;
};

struct derive {
	struct derive_out out;
	struct meaning *meaning; /* by kind */
	unsigned meanings;
	struct span *span;
	unsigned spans;
	struct waiting *table;   /* open addressing, a power of 2, at most half full */
	size_t capacity, used;
};

struct derive *derive_new(struct derive_out out)
{
	struct derive *derive = calloc(1, sizeof(*derive));
	if (!derive)
		return NULL;
	derive->out = out;
	derive->capacity = 64;
	derive->table = calloc(derive->capacity, sizeof(*derive->table));
	if (!derive->table) {
		free(derive);
		return NULL;
	}
	return derive;
}

void derive_free(struct derive *derive)
{
	if (!derive)
		return;
	for (unsigned i = 0; i < derive->spans; i++)
		free(derive->span[i].name);
	free(derive->span);
	free(derive->meaning);
	free(derive->table);
	free(derive);
}

/* The number of the span called name[0..length), made if new; UINT32_MAX when memory is exhausted. */
static unsigned span_named(struct derive *derive, const char *name, size_t length)
{
	char *copy = strndup(name, length);
	if (!copy)
		return UINT32_MAX;
	text_clean(copy);
	for (unsigned i = 0; i < derive->spans; i++)
		if (!strcmp(derive->span[i].name, copy)) {
			free(copy);
			return i;
		}
	struct span *grown = realloc(derive->span, (derive->spans + 1) * sizeof(*grown));
	if (!grown) {
		free(copy);
		return UINT32_MAX;
	}
	derive->span = grown;
	derive->span[derive->spans] = (struct span){.name = copy};
	return derive->spans++;
}

/* The role that a name gives to a kind; *span_length: how much of it names the span. */
static enum role role_of(unsigned kind, const char *name, size_t *span_length)
{
	if (kind == EVENT_PAGE_FAULT)
		return ROLE_FAULT;
	if (kind == EVENT_TRAP_RETURN)
		return ROLE_RETURN;
	if (kind < EVENT_PROBE)
		return ROLE_NONE;
	if (!strcmp(name, "ipc_send"))
		return ROLE_SEND;
	if (!strcmp(name, "thread_switch"))
		return ROLE_SWITCH;
	const char *colon = strrchr(name, ':');
	if (!colon)
		return ROLE_NONE;
	*span_length = (size_t)(colon - name);
	return !strcmp(colon, ":begin") ? ROLE_BEGIN : !strcmp(colon, ":end") ? ROLE_END : ROLE_NONE;
}

bool derive_kind(struct derive *derive, unsigned kind, const char *name)
{
	if (kind >= derive->meanings) {
		struct meaning *grown = realloc(derive->meaning, (kind + 1) * sizeof(*grown));
		if (!grown)
			return false;
		memset(grown + derive->meanings, 0, (kind + 1 - derive->meanings) * sizeof(*grown));
		derive->meaning = grown;
		derive->meanings = kind + 1;
	}
	size_t length = 0;
	struct meaning meaning = {.role = (uint8_t)role_of(kind, name, &length)};
	if (meaning.role == ROLE_BEGIN || meaning.role == ROLE_END) {
		meaning.span = span_named(derive, name, length);
		if (meaning.span == UINT32_MAX)
			return false;
	}
	derive->meaning[kind] = meaning;
	return true;
}

static struct waiting *find(struct waiting *table, size_t capacity, uint32_t thread)
{
	size_t at = (thread * 2654435761u) & (capacity - 1); /* Knuth's multiplicative hash */
	while (table[at].used && table[at].thread != thread)
		at = (at + 1) & (capacity - 1);
	return &table[at];
}

/* Doubles the table. Without memory it stays, as long as one place is free. */
static void grow(struct derive *derive)
{
	struct waiting *table = calloc(derive->capacity * 2, sizeof(*table));
	if (!table)
		return;
	for (size_t i = 0; i < derive->capacity; i++)
		if (derive->table[i].used)
			*find(table, derive->capacity * 2, derive->table[i].thread) = derive->table[i];
	free(derive->table);
	derive->table = table;
	derive->capacity *= 2;
}

/* The thread's open flows; NULL if it has none and none can be made. */
static struct waiting *waiting_of(struct derive *derive, uint32_t thread, bool make)
{
	struct waiting *place = find(derive->table, derive->capacity, thread);
	if (place->used || !make)
		return place->used ? place : NULL;
	if (derive->used * 2 >= derive->capacity) {
		grow(derive);
		place = find(derive->table, derive->capacity, thread);
	}
	if (derive->used + 1 >= derive->capacity)
		return NULL;
	derive->used++;
	*place = (struct waiting){.thread = thread, .used = true};
	return place;
}

static void open_flow(struct derive *derive, const struct event *event, uint64_t id, enum role role)
{
	if (event->args < (role == ROLE_SEND ? 2 : 3))
		return;
	struct waiting *waiting = waiting_of(derive, role == ROLE_SEND ? event->arg[1] : event->thread, true);
	if (!waiting)
		return;
	if (role == ROLE_SEND) {
		waiting->send = id;
	} else {
		waiting->fault = id;
		waiting->eip = event->arg[2];
	}
}

static void close_send(struct derive *derive, const struct event *event, uint64_t id)
{
	struct waiting *waiting = event->args >= 2 ? waiting_of(derive, event->arg[1], false) : NULL;
	if (!waiting || !waiting->send)
		return;
	derive->out.flow(derive->out.ctx, waiting->send, id, "ipc");
	waiting->send = 0;
}

static void close_fault(struct derive *derive, const struct event *event, uint64_t id)
{
	struct waiting *waiting = event->args >= 1 ? waiting_of(derive, event->thread, false) : NULL;
	if (!waiting || !waiting->fault || waiting->eip != event->arg[0])
		return;
	derive->out.flow(derive->out.ctx, waiting->fault, id, "fault");
	waiting->fault = 0;
}

static void span_begin(struct span *span, const struct event *event)
{
	span->open = true;
	span->begin = event->cycle;
	span->thread = event->thread;
}

static void span_end(struct derive *derive, struct span *span, const struct event *event)
{
	if (span->open)
		derive->out.slice(derive->out.ctx, span->name, span->begin, event->cycle, span->thread);
	span->open = false;
}

void derive_event(struct derive *derive, const struct event *event, uint64_t id)
{
	if (event->kind >= derive->meanings)
		return;
	struct meaning meaning = derive->meaning[event->kind];
	switch (meaning.role) {
	case ROLE_BEGIN:
		span_begin(&derive->span[meaning.span], event);
		break;
	case ROLE_END:
		span_end(derive, &derive->span[meaning.span], event);
		break;
	case ROLE_SEND:
	case ROLE_FAULT:
		open_flow(derive, event, id, meaning.role);
		break;
	case ROLE_SWITCH:
		close_send(derive, event, id);
		break;
	case ROLE_RETURN:
		close_fault(derive, event, id);
		break;
	default:
		break;
	}
}
