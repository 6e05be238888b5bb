/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's mapping trees against appendix A: random operations on both, and after each every page of every space
 * compared. The kernel's code is compiled for the host; its page tables are arrays here.
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/memory.h"
#include "l4/mapping.h"
#include "model.h"

#ifndef OPERATIONS
#define OPERATIONS 30000
#endif

/* --- Page tables and memory, as mapping.c wants them --- */

struct space {
	struct {
		struct mapping *mapping;
		page_t frame;
		enum rights rights;
	} page[MODEL_PAGES];
};
static struct space spaces[MODEL_SPACES];
static bool frame_has_tree[MODEL_PAGES];
static bool enter_fails;
static unsigned defects; /* calls that the trees must not make */

void *kmem_page(void) { return calloc(1, PAGE_SIZE); }

struct mapping *pmap_mapping(struct space *space, page_t page) { return space->page[page].mapping; }

enum rights pmap_rights(struct space *space, page_t page)
{
	defects += !space->page[page].mapping;
	return space->page[page].rights;
}

page_t pmap_frame(struct space *space, page_t page)
{
	defects += !space->page[page].mapping;
	return space->page[page].frame;
}

bool pmap_enter(struct space *space, page_t page, page_t frame, enum rights rights, struct mapping *mapping)
{
	defects += space->page[page].mapping != NULL || !mapping;
	if (enter_fails)
		return false;
	space->page[page].mapping = mapping;
	space->page[page].frame = frame;
	space->page[page].rights = rights;
	frame_has_tree[frame] = true;
	return true;
}

void pmap_remove(struct space *space, page_t page)
{
	defects += !space->page[page].mapping;
	space->page[page].mapping = NULL;
}

void pmap_protect(struct space *space, page_t page, enum rights rights)
{
	defects += !space->page[page].mapping;
	space->page[page].rights = rights;
}

void pmap_frame_free(page_t frame)
{
	defects += !frame_has_tree[frame];
	frame_has_tree[frame] = false;
}

/* --- Both side by side --- */

static struct model_spaces model;
static uint64_t random_state;

static unsigned random_below(unsigned limit)
{
	random_state = random_state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)((random_state >> 33) % limit);
}

static void begin(uint64_t seed)
{
	random_state = seed;
	model = (struct model_spaces){ 0 };
	for (unsigned s = 0; s < MODEL_SPACES; s++)
		for (page_t v = 0; v < MODEL_PAGES; v++)
			mapping_flush(&spaces[s], v, RIGHTS_ALL, true);
	enter_fails = false;
	defects = 0;
}

/* σ0 takes a frame that nobody has. False: it is not free, or its page is not. */
static bool touch(page_t page)
{
	if (pmap_mapping(&spaces[0], page) || frame_has_tree[page])
		return false;
	return mapping_root(&spaces[0], page, page, RIGHTS_ALL) == MAPPING_DONE;
}

static void operate(void)
{
	const unsigned from = random_below(MODEL_SPACES), to = random_below(MODEL_SPACES);
	const unsigned v = random_below(MODEL_PAGES), w = random_below(MODEL_PAGES);
	const enum rights rights = random_below(4) ? RIGHTS_ALL : RIGHT_READ;
	enter_fails = model.no_memory = random_below(50) == 0;
	switch (random_below(8)) {
	case 0: case 1: case 2: case 3:
		mapping_map(&spaces[from], v, &spaces[to], w, rights);
		model_map(&model, from, v, to, w, rights);
		break;
	case 4: case 5:
		mapping_grant(&spaces[from], v, &spaces[to], w, rights);
		model_grant(&model, from, v, to, w, rights);
		break;
	case 6: {
		const enum rights taken = random_below(2) ? RIGHTS_ALL : RIGHT_WRITE;
		const bool self = random_below(2);
		mapping_flush(&spaces[from], v, taken, self);
		model_flush(&model, from, v, taken, self);
		break;
	}
	default:
		enter_fails = false;
		if (touch(v)) {
			cr_assert_not(model_frame_is_used(&model, v), "frame %u has two trees", v);
			model_root(&model, v);
		}
	}
}

static void compare(unsigned long step)
{
	for (unsigned s = 0; s < MODEL_SPACES; s++) {
		for (page_t v = 0; v < MODEL_PAGES; v++) {
			unsigned frame, rights;
			const bool there = model_access(&model, s, v, &frame, &rights);
			if (there != (spaces[s].page[v].mapping != NULL))
				cr_assert_fail("step %lu: space %u page %u: there %d", step, s, v, !there);
			if (there && (frame != spaces[s].page[v].frame || rights != (unsigned)spaces[s].page[v].rights))
				cr_assert_fail("step %lu: space %u page %u: frame %u rights %u, not %u, %u", step, s, v,
				               frame, rights, spaces[s].page[v].frame, spaces[s].page[v].rights);
		}
	}
}

/* The invariants of mapping.c. */
static void check_trees(void)
{
	for (unsigned s = 0; s < MODEL_SPACES; s++) {
		for (page_t v = 0; v < MODEL_PAGES; v++) {
			const struct mapping *node = spaces[s].page[v].mapping;
			if (!node)
				continue;
			cr_assert(node->space == &spaces[s] && node->page == v, "a node names another page");
			for (const struct mapping *child = node->child; child; child = child->next) {
				cr_assert(child->parent == node, "a child names another parent");
				cr_assert(!child->next || child->next->previous == child, "siblings disagree");
				cr_assert_not(child->space->page[child->page].rights & ~spaces[s].page[v].rights,
				              "a child has more rights than its parent");
			}
		}
	}
	cr_assert_eq(defects, 0u, "a page was entered twice, or used while it was not there");
}

static void run(uint64_t seed, unsigned long operations)
{
	begin(seed);
	for (unsigned long i = 0; i < operations; i++) {
		operate();
		compare(i);
		if (i % 64 == 0)
			check_trees();
	}
	check_trees();
}

Test(mapping, random_operations_agree_with_appendix_a)
{
	for (uint64_t seed = 1; seed <= 4; seed++)
		run(seed, OPERATIONS / 4);
}

/* --- Single claims --- */

enum { F1 = 1, F = 2, USER_A = 3 };

static void expect(unsigned space, page_t page, bool there, enum rights rights)
{
	cr_expect_eq(spaces[space].page[page].mapping != NULL, there, "space %u page %u", space, page);
	if (there && spaces[space].page[page].mapping)
		cr_expect_eq(spaces[space].page[page].rights, rights, "rights of space %u page %u", space, page);
}

Test(mapping, a_granted_page_is_flushed_by_its_origin_and_not_by_who_passed_it_on)
{
	begin(1);
	touch(0);
	mapping_map(&spaces[0], 0, &spaces[F1], 1, RIGHTS_ALL);
	mapping_map(&spaces[F1], 1, &spaces[F], 2, RIGHTS_ALL);
	mapping_grant(&spaces[F], 2, &spaces[USER_A], 3, RIGHTS_ALL);
	expect(F, 2, false, 0);
	mapping_flush(&spaces[F], 2, RIGHTS_ALL, true);
	expect(USER_A, 3, true, RIGHTS_ALL);
	mapping_flush(&spaces[F1], 1, RIGHTS_ALL, false);
	expect(F1, 1, true, RIGHTS_ALL);
	expect(USER_A, 3, false, 0);
}

Test(mapping, a_map_back_to_where_a_page_came_from_leaves_nothing)
{
	begin(1);
	touch(0);
	mapping_map(&spaces[0], 0, &spaces[1], 0, RIGHTS_ALL);
	cr_expect_eq(mapping_map(&spaces[1], 0, &spaces[0], 0, RIGHTS_ALL), MAPPING_NOTHING);
	expect(0, 0, false, 0);
	expect(1, 0, false, 0);
	touch(0); /* the frame is σ0's again */
	expect(0, 0, true, RIGHTS_ALL);
}

Test(mapping, rights_shrink_on_the_way_and_never_grow_beyond_the_source)
{
	begin(1);
	touch(0);
	mapping_map(&spaces[0], 0, &spaces[1], 0, RIGHT_READ);
	mapping_map(&spaces[1], 0, &spaces[2], 0, RIGHTS_ALL);
	expect(2, 0, true, RIGHT_READ);
	mapping_map(&spaces[0], 0, &spaces[1], 0, RIGHTS_ALL);
	expect(1, 0, true, RIGHTS_ALL);
	expect(2, 0, true, RIGHT_READ);
}

Test(mapping, taking_the_right_to_write_leaves_the_pages)
{
	begin(1);
	touch(0);
	mapping_map(&spaces[0], 0, &spaces[1], 0, RIGHTS_ALL);
	mapping_map(&spaces[1], 0, &spaces[2], 0, RIGHTS_ALL);
	mapping_flush(&spaces[0], 0, RIGHT_WRITE, false);
	expect(0, 0, true, RIGHTS_ALL);
	expect(1, 0, true, RIGHT_READ);
	expect(2, 0, true, RIGHT_READ);
}
