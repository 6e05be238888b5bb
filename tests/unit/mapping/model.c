/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model.h"

static const struct element nil = { .kind = NIL };

/* For every σ'v' of all spaces. */
#define FOR_ALL(s_, v_)                                  \
	for (unsigned s_ = 0; s_ < MODEL_SPACES; s_++)   \
		for (unsigned v_ = 0; v_ < MODEL_PAGES; v_++)

static bool is_link_to(const struct element *e, unsigned space, unsigned page)
{
	return e->kind == LINK && e->space == space && e->page == page;
}

/* flush(σ, v): every σ'v' = (σ, v) is replaced by nil; σv <- x: flush(σ, v); σv := x */
static void replace(struct model_spaces *m, unsigned space, unsigned page, struct element x)
{
	FOR_ALL(s, v)
		if (is_link_to(&m->sigma[s][v], space, page))
			replace(m, s, v, nil);
	m->sigma[space][page] = x;
}

static void restrict_mapped_on(struct model_spaces *m, unsigned space, unsigned page, unsigned taken)
{
	FOR_ALL(s, v) {
		if (!is_link_to(&m->sigma[s][v], space, page))
			continue;
		m->sigma[s][v].rights &= ~taken;
		restrict_mapped_on(m, s, v, taken);
	}
}

bool model_access(const struct model_spaces *m, unsigned space, unsigned page, unsigned *frame, unsigned *rights)
{
	const struct element *e = &m->sigma[space][page];
	*rights = e->rights;
	for (; e->kind == LINK; e = &m->sigma[e->space][e->page])
		*rights &= e->rights;
	*rights &= e->rights;
	*frame = e->page;
	return e->kind == FRAME;
}

bool model_frame_is_used(const struct model_spaces *m, unsigned frame)
{
	FOR_ALL(s, v)
		if (m->sigma[s][v].kind == FRAME && m->sigma[s][v].page == frame)
			return true;
	return false;
}

void model_root(struct model_spaces *m, unsigned page)
{
	m->sigma[0][page] = (struct element){ .kind = FRAME, .page = page, .rights = 3 };
}

void model_map(struct model_spaces *m, unsigned space, unsigned page, unsigned to, unsigned to_page, unsigned rights)
{
	const struct element *source = &m->sigma[space][page];
	struct element *target = &m->sigma[to][to_page];
	if (source->kind == NIL || source == target)
		return;
	if (is_link_to(target, space, page)) {
		target->rights |= rights & source->rights;
		return;
	}
	replace(m, to, to_page, nil);
	if (source->kind != NIL && !m->no_memory)
		*target = (struct element){ LINK, space, page, rights & source->rights };
}

void model_grant(struct model_spaces *m, unsigned space, unsigned page, unsigned to, unsigned to_page, unsigned rights)
{
	struct element *source = &m->sigma[space][page], *target = &m->sigma[to][to_page];
	if (source->kind == NIL || source == target)
		return;
	replace(m, to, to_page, nil);
	if (source->kind == NIL || m->no_memory)
		return;
	*target = *source;
	target->rights &= rights;
	*source = nil;
	FOR_ALL(s, v) {
		if (!is_link_to(&m->sigma[s][v], space, page))
			continue;
		m->sigma[s][v].space = to;
		m->sigma[s][v].page = to_page;
	}
	restrict_mapped_on(m, to, to_page, ~target->rights);
}

void model_flush(struct model_spaces *m, unsigned space, unsigned page, unsigned rights, bool self)
{
	struct element *e = &m->sigma[space][page];
	if (e->kind == NIL)
		return;
	if (rights & 1) {
		replace(m, space, page, self ? nil : *e);
	} else {
		restrict_mapped_on(m, space, page, rights);
		if (self)
			e->rights &= ~rights;
	}
}
