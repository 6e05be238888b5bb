/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Appendix A of L95, written down as it stands: address spaces are functions, σ0: V -> R u {nil}, σ: V -> (Σ x V) u
 * {nil}, kept as tables, and all operations are made of one replacement.  No trees, no links back: to flush, every
 * element of every space is looked at.
 *
 * Two things are added that the appendix leaves open (kernel/l4/mapping.c says why):
 *   - access rights: an element has rights, never more than what it is mapped from;
 *   - what was mapped on from a granted element is mapped on from its new place; and to map the same again only adds
 *     rights.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum { MODEL_SPACES = 6, MODEL_PAGES = 8 };

struct element {
	enum { NIL, FRAME, LINK } kind;
	unsigned space, page; /* LINK: what it is mapped from; FRAME: page is r */
	unsigned rights;      /* 1 read, 2 write */
};
struct model_spaces {
	struct element sigma[MODEL_SPACES][MODEL_PAGES];
	bool no_memory;       /* the next element that would be filled is not */
};

/* The frame and the rights that σ(v) comes down to, following links; false for nil. */
bool model_access(const struct model_spaces *m, unsigned space, unsigned page, unsigned *frame, unsigned *rights);
bool model_frame_is_used(const struct model_spaces *m, unsigned frame);
void model_root(struct model_spaces *m, unsigned page);
void model_map(struct model_spaces *m, unsigned space, unsigned page, unsigned to, unsigned to_page, unsigned rights);
void model_grant(struct model_spaces *m, unsigned space, unsigned page, unsigned to, unsigned to_page, unsigned rights);
void model_flush(struct model_spaces *m, unsigned space, unsigned page, unsigned rights, bool self);
