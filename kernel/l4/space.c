/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Operations on flexpages: which pages of two spaces a message, or an unmap, is about; and σ0 (L95 §2.1, appendix A).
 *
 * An fpage is a power of 2 of pages, aligned to its size.  A map message has a hot spot beside its fpage: where the
 * two fpages, sender's and receiver's, differ in size, the hot spot's bits between the sizes say which part of the
 * larger one is meant.
 */
#include "l4/space.h"
#include "layout.h"
#include "l4/kip.h"
#include "l4/probes.h"
#include "l4/syscalls.h"

struct space *sigma0_space;

/* A run of pages: memory or ports. */
struct range {
	page_t first, count; /* count is a power of 2 */
	bool io;
};

static const page_t user_pages = USER_END >> PAGE_SHIFT;

/* Size 0 of an fpage is no fpage. False for that. */
static bool range_of(struct range *range, l4_fpage_t fpage)
{
	l4_u32 size = l4_fpage_size(fpage);
	range->io = l4_fpage_is_io(fpage);
	if (range->io) {
		size = size > L4_WHOLE_IO ? L4_WHOLE_IO : size;
		range->count = 1u << size;
		range->first = PAGE_PORT + (l4_fpage_port(fpage) & ~(range->count - 1));
		return true;
	}
	if (size < L4_PAGE_SHIFT)
		return false;
	size = size > L4_WHOLE_SPACE ? L4_WHOLE_SPACE : size;
	range->count = 1u << (size - L4_PAGE_SHIFT);
	range->first = (l4_fpage_address(fpage) >> PAGE_SHIFT) & ~(range->count - 1);
	return true;
}

/* Ports go to the same numbers: what of them is in both ranges. */
static bool meet_ports(struct range *from, struct range *to)
{
	if (to->io) {
		const struct range *small = from->count <= to->count ? from : to, *large = small == from ? to : from;
		if ((small->first & ~(large->count - 1)) != large->first)
			return false;
		*from = *to = *small;
		return true;
	}
	*to = *from;
	return true; /* into a window of memory: a pager's answer to a fault at a port */
}

/* Cuts the two ranges to what is to be mapped on what. False: nothing. */
static bool meet(struct range *from, struct range *to, page_t hot_spot)
{
	if (from->io)
		return meet_ports(from, to);
	if (to->io)
		return false;
	if (from->count > to->count) {
		from->first += hot_spot & (from->count - 1) & ~(to->count - 1);
		from->count = to->count;
	} else {
		to->first += hot_spot & (to->count - 1) & ~(from->count - 1);
		to->count = from->count;
	}
	return true;
}

bool space_touch_sigma0(page_t page)
{
	if (pmap_mapping(sigma0_space, page))
		return true;
	if (!pmap_frame_is_memory(page) || pmap_frame_has_tree(page))
		return false;
	const bool kip = page == L4_KIP_ADDRESS >> PAGE_SHIFT;
	return mapping_root(sigma0_space, page, page, kip ? RIGHT_READ : RIGHTS_ALL) == MAPPING_DONE;
}

/* The next page at or after `page` that the space has, or may have if it is σ0; limit if there is none. */
static page_t next_source(struct space *space, page_t page, page_t limit)
{
	if (space == sigma0_space) {
		while (page < limit && !space_touch_sigma0(page))
			page++;
		return page;
	}
	return pmap_next(space, page, limit);
}

static page_t range_limit(const struct range *range)
{
	const page_t limit = range->first + range->count;
	return !range->io && limit > user_pages ? user_pages : limit;
}

l4_u32 space_map(struct space *from, struct space *to, l4_u32 hot_spot, l4_fpage_t fpage, l4_fpage_t window)
{
	struct range source, target;
	if (!range_of(&source, fpage) || !range_of(&target, window) || !meet(&source, &target, hot_spot >> PAGE_SHIFT))
		return 0;
	const bool grant = fpage & L4_FPAGE_GRANT;
	const enum rights rights = fpage & L4_FPAGE_WRITE || source.io ? RIGHTS_ALL : RIGHT_READ;
	const page_t shift = target.first - source.first, limit = range_limit(&source);
	if (grant)
		probe_grant(from->task, to->task, target.first << PAGE_SHIFT, source.count);
	else
		probe_map(from->task, to->task, target.first << PAGE_SHIFT, source.count);
	page_t page = source.first;
	while ((page = next_source(from, page, limit)) < limit && (source.io || page + shift < user_pages)) {
		const enum mapping_result result = grant ? mapping_grant(from, page, to, page + shift, rights)
		                                         : mapping_map(from, page, to, page + shift, rights);
		if (result == MAPPING_NO_MEMORY)
			return L4_REMAPFAILED;
		page++;
	}
	return 0;
}

static void flush_range(struct space *space, page_t first, page_t limit, enum rights rights, bool self)
{
	for (page_t page = pmap_next(space, first, limit); page < limit; page = pmap_next(space, page + 1, limit))
		mapping_flush(space, page, rights, self);
}

void space_unmap(struct space *space, l4_fpage_t fpage, l4_u32 flags)
{
	struct range range;
	if (!range_of(&range, fpage))
		return;
	probe_flush(space->task, range.first << PAGE_SHIFT, range.count, flags);
	const enum rights rights = flags & L4_UNMAP_ALL || range.io ? RIGHTS_ALL : RIGHT_WRITE;
	flush_range(space, range.first, range_limit(&range), rights, flags & (l4_u32)L4_UNMAP_SELF);
}

void space_clear(struct space *space)
{
	flush_range(space, 0, user_pages, RIGHTS_ALL, true);
	flush_range(space, PAGE_PORT, PAGE_COUNT, RIGHTS_ALL, true);
}
