/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/mmu/pair.h"

void pair_create(struct pair *pair, const struct tlb_geometry *geometry)
{
	*pair = (struct pair){.tlb = tlb_create(geometry), .twin = twin_tlb_create(geometry)};
}

void pair_destroy(struct pair *pair)
{
	tlb_destroy(pair->tlb);
	twin_tlb_destroy(pair->twin);
}

static bool same(const struct tlb_entry *a, const struct tlb_entry *b)
{
	return a->page == b->page && a->frame == b->frame && a->tag == b->tag && a->valid == b->valid &&
	       a->user == b->user && a->writable == b->writable && a->dirty == b->dirty && a->global == b->global;
}

static const char *miss(struct pair *pair, uint32_t page, uint16_t tag, uint8_t flags)
{
	struct tlb_entry entry = {
		.page = page, .frame = (page * 2654435761u) >> 12, .tag = tag, .user = flags & 1,
		.writable = flags & 2, .dirty = flags & 4, .global = flags & 8,
	};
	struct tlb_entry victim = {0}, twin_victim = {0};
	bool evicted, twin_evicted;
	const struct tlb_entry *a = tlb_fill(pair->tlb, &entry, &victim, &evicted);
	const struct tlb_entry *b = twin_tlb_fill(pair->twin, &entry, &twin_victim, &twin_evicted);

	pair->misses++;
	pair->evictions += evicted;
	if (!same(a, b))
		return "the entry that was filled differs";
	if (evicted != twin_evicted)
		return "only one of them had to evict";
	if (evicted && !same(&victim, &twin_victim))
		return "the victims differ";
	return NULL;
}

/* What an access does: a quiet look, a touch, and the fill after a miss; a write makes a hit dirty. */
static const char *access_page(struct pair *pair, uint32_t page, uint16_t tag, uint8_t flags)
{
	const struct tlb_entry *quiet = tlb_probe(pair->tlb, page, tag);
	struct tlb_entry *a = tlb_touch(pair->tlb, page, tag);
	struct tlb_entry *b = twin_tlb_touch(pair->twin, page, tag);

	pair->accesses++;
	if (!a != !b)
		return "a hit here is a miss there";
	if (quiet != a)
		return "the quiet look saw something else than the access";
	if (a && (flags & 4))
		a->dirty = b->dirty = true;
	if (a && !same(a, b))
		return "the entries that were hit differ";
	if (!a) {
		const char *wrong = miss(pair, page, tag, flags);

		if (wrong)
			return wrong;
	}
	if (!tlb_is_mru(pair->tlb, page, tag))
		return "the entry just used is not the most recently used";
	return NULL;
}

/* Saves the TLB and goes on with a new one, restored. */
static const char *snapshot(struct pair *pair)
{
	const struct tlb_geometry geometry = *tlb_geometry(pair->tlb);
	struct stream stream;
	bool failed;

	stream_init(&stream);
	tlb_state(&stream, pair->tlb);
	tlb_destroy(pair->tlb);
	pair->tlb = tlb_create(&geometry);
	stream_rewind(&stream);
	tlb_state(&stream, pair->tlb);
	failed = stream.failed || stream.at != stream.size;
	stream_free(&stream);
	return failed ? "a snapshot could not be restored" : NULL;
}

const char *pair_do(struct pair *pair, enum pair_operation operation, uint32_t page, uint16_t tag, uint8_t flags)
{
	switch (operation) {
	case PAIR_ACCESS:
		return access_page(pair, page, tag, flags);
	case PAIR_FLUSH_PAGE:
		return tlb_flush_page(pair->tlb, page, tag) != twin_tlb_flush_page(pair->twin, page, tag) ?
		       "only one of them flushed a page" : NULL;
	case PAIR_FLUSH_ALL:
	case PAIR_FLUSH_NON_GLOBAL:
		tlb_flush_all(pair->tlb, operation == PAIR_FLUSH_NON_GLOBAL);
		twin_tlb_flush_all(pair->twin, operation == PAIR_FLUSH_NON_GLOBAL);
		return NULL;
	case PAIR_FLUSH_TAG:
		tlb_flush_tag(pair->tlb, tag);
		twin_tlb_flush_tag(pair->twin, tag);
		return NULL;
	default:
		return snapshot(pair);
	}
}

struct place {
	const struct twin_tlb *twin;
	uint32_t at;
	bool differs;
};

static void visit(void *ctx, const struct tlb_entry *entry)
{
	struct place *place = ctx;

	while (place->at < place->twin->geometry.entries && !place->twin->entry[place->at].valid)
		place->at++;
	if (place->at == place->twin->geometry.entries || !same(entry, &place->twin->entry[place->at]))
		place->differs = true;
	else
		place->at++;
}

const char *pair_compare(const struct pair *pair)
{
	struct place place = {.twin = pair->twin};

	tlb_each(pair->tlb, visit, &place);
	while (place.at < place.twin->geometry.entries && !place.twin->entry[place.at].valid)
		place.at++;
	return place.differs || place.at != place.twin->geometry.entries ? "the contents differ" : NULL;
}
