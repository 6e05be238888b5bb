/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's ASIDs, compiled for the host, against a TLB that forgets nothing by itself: spaces are made, entered,
 * changed and destroyed at random.  An entry remembers which space it was loaded for, and as which version of the page;
 * no access may ever hit one of another space, or of an older version.
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdlib.h>
#include <string.h>

#include "../random.h"
#include "asid.h"
#include "cp0.h"
#include "tlb.h"

enum { ASIDS_MOST = 256, PAGES = 8, SPACES = 12, OPERATIONS = 40000, PAGE_SHIFT = 12 };

struct entry {
	bool valid;
	uint32_t space, version;         /* of whom; each space that ever was has a number of its own */
};
struct user {
	struct space_root *root;         /* NULL: it is not there */
	uint32_t number, version[PAGES];
};

uint32_t tlb_entries = 64, tlb_asids, entry_hi;
static struct entry tlb[ASIDS_MOST][PAGES];
static unsigned flushes;

void tlb_flush(void)
{
	memset(tlb, 0, sizeof tlb);
	flushes++;
}

void tlb_forget(uint32_t address, uint32_t asid)
{
	cr_assert_lt(asid, tlb_asids);
	tlb[asid][address >> PAGE_SHIFT].valid = false;
}

/* --- The spaces --- */

static struct user user[SPACES];
static uint32_t numbers;

static struct space_root *make_root(void)
{
	struct space_root *root = calloc(1, sizeof *root);
	root->entry_hi = NO_ASID;
	return root;
}

static void create(struct user *u)
{
	*u = (struct user){ .root = make_root(), .number = numbers++ };
}

static void destroy(struct user *u)
{
	space_forget(u->root);
	memset(u->root, 0xee, sizeof *u->root); /* its memory is somebody else's now */
	free(u->root);
	u->root = NULL;
}

/* An access of the user who runs: a hit must be his own, and new. */
static void touch(const struct user *u, unsigned page)
{
	struct entry *entry = &tlb[entry_hi >> ENTRY_HI_ASID_SHIFT][page];
	if (entry->valid) {
		cr_assert_eq(entry->space, u->number, "an entry of another space is hit");
		cr_assert_eq(entry->version, u->version[page], "an entry is hit that is out of date");
	}
	*entry = (struct entry){ true, u->number, u->version[page] };
}

static void change(struct user *u, unsigned page)
{
	u->version[page]++;
	space_forget_page(u->root, page << PAGE_SHIFT);
}

static void begin(uint32_t asids)
{
	tlb_asids = asids;
	tlb_flush();
	flushes = 0;
	asid_init(make_root());
}

/* --- Claims --- */

static uint32_t few_and_many[] = { 1, 2, 4, 8, 64, 256 };

ParameterizedTestParameters(asid, should_never_let_a_space_hit_an_entry_of_another)
{
	return cr_make_param_array(uint32_t, few_and_many, sizeof few_and_many / sizeof *few_and_many);
}

ParameterizedTest(uint32_t *asids, asid, should_never_let_a_space_hit_an_entry_of_another)
{
	struct random random = { *asids };
	struct user *runs = NULL;
	begin(*asids);
	for (unsigned i = 0; i < OPERATIONS; i++) {
		struct user *u = &user[random_below(&random, SPACES)];
		const unsigned page = random_below(&random, PAGES);
		switch (u->root ? random_below(&random, 20) : 0) {
		case 0:
			if (u->root)
				destroy(u);
			else
				create(u);
			runs = u == runs ? NULL : runs;
			break;
		case 1: case 2: case 3:
			change(u, page);
			break;
		case 4: case 5: case 6: case 7:
			space_enter(u->root);
			runs = u;
			break;
		default:
			if (runs)
				touch(runs, page);
		}
		if (runs)
			cr_assert_eq(space_current, runs->root);
	}
}

Test(asid, should_not_empty_the_TLB_while_there_are_ASIDs_for_all)
{
	begin(4);
	for (unsigned i = 0; i < 4; i++)
		create(&user[i]);
	for (unsigned i = 0; i < 100; i++)
		space_enter(user[i % 4].root);
	cr_assert_eq(flushes, 0);
}

Test(asid, should_empty_the_TLB_once_in_as_many_new_spaces_as_there_are_ASIDs)
{
	begin(8);
	for (unsigned i = 0; i < 80; i++) {
		create(&user[0]);
		space_enter(user[0].root);
		destroy(&user[0]);
	}
	cr_assert_eq(flushes, 9);
}

Test(asid, should_empty_an_untagged_TLB_at_each_change_of_spaces)
{
	begin(1);
	create(&user[0]);
	create(&user[1]);
	for (unsigned i = 0; i < 10; i++)
		space_enter(user[i % 2].root);
	cr_assert_eq(flushes, 10);
	cr_assert_eq(user[0].root->entry_hi, NO_ASID, "nobody has one: the short IPC path asks");
}

Test(asid, should_leave_nothing_of_a_space_that_has_gone_while_it_was_current)
{
	begin(1);
	create(&user[0]);
	space_enter(user[0].root);
	touch(&user[0], 3);
	destroy(&user[0]);
	cr_assert_not(tlb[0][3].valid);
	cr_assert_neq(space_current, NULL);
}
