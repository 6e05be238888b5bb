/* SPDX-License-Identifier: GPL-2.0-or-later */
/* S-L2, L95 §2.1 and appendix A: map, grant, flush on trees of mappings; rights only shrink; no cycles. */
#include "scenarios/programs/l4/claims/claims.h"

enum { A, B, C };
enum { PAGES = 4 };

static volatile uint32_t page[PAGES][PAGE_SIZE / sizeof(uint32_t)] __attribute__((aligned(PAGES * PAGE_SIZE)));

#define AT(n_) (WINDOW + (n_) * PAGE_SIZE)
#define MEMBERS_PAGE(n_, rights_) L4_FPAGE(AT(n_), L4_PAGE_SHIFT, rights_)
#define OWN_PAGE(n_, rights_) L4_FPAGE(page[n_], L4_PAGE_SHIFT, rights_)
#define FLUSH (L4_UNMAP_ALL | L4_UNMAP_OTHERS)

static bool has(unsigned member, unsigned n)
{
	return member_read(member, AT(n)) == page[n][0];
}

static bool lacks(unsigned member, unsigned n)
{
	return member_read(member, AT(n)) == SENTINEL;
}

/* Takes sentinels out of the window again: the pager gave them. */
static void forget(void)
{
	for (unsigned member = 0; member < MEMBERS; member++)
		member_unmap(member, L4_FPAGE(WINDOW, WINDOW_LOG2, 0), L4_UNMAP_ALL | L4_UNMAP_SELF);
}

static void chain(void)
{
	member_give(A, OWN_PAGE(0, L4_FPAGE_WRITE), 0);
	member_map(A, B, MEMBERS_PAGE(0, L4_FPAGE_WRITE), 0);
	member_map(B, C, MEMBERS_PAGE(0, L4_FPAGE_WRITE), 0);
}

static void states_map(void)
{
	page[0][0] = 0x1111;
	claim(lacks(A, 0), "map: a new address space is empty");
	claim(member_give(A, OWN_PAGE(0, L4_FPAGE_WRITE), 0) && has(A, 0), "map: the mapped page is there");
	page[0][0] = 0x2222;
	claim(has(A, 0), "map: the mapper keeps the page, and both see one memory");
	member_write(A, AT(0), 0x3333);
	claim(page[0][0] == 0x3333, "map: writing works both ways");
	claim(member_map(A, B, MEMBERS_PAGE(0, L4_FPAGE_WRITE), 0) && has(B, 0),
	      "map: who received a page can map it on");
	claim(member_map(B, C, MEMBERS_PAGE(0, L4_FPAGE_WRITE), 0) && has(C, 0), "map: and so can the next");
	forget();
}

static void states_flush(void)
{
	chain();
	member_unmap(A, MEMBERS_PAGE(0, 0), FLUSH);
	claim(has(A, 0), "flush: the flusher keeps the page");
	claim(lacks(B, 0), "flush: who had it from the flusher has it no longer");
	claim(lacks(C, 0), "flush: nor who had it from him");
	forget();
	chain();
	l4_fpage_unmap(OWN_PAGE(0, 0), FLUSH);
	claim(lacks(A, 0) && lacks(B, 0) && lacks(C, 0),
	      "flush: at the root of the tree it takes the page from everybody");
	page[0][0] = 0x4444;
	claim(page[0][0] == 0x4444, "flush: and the root keeps it");
	forget();
	chain();
	member_unmap(B, MEMBERS_PAGE(0, 0), L4_UNMAP_ALL | L4_UNMAP_SELF);
	claim(has(A, 0) && lacks(B, 0) && lacks(C, 0), "flush: with the own page, it leaves those above");
	forget();
}

static void states_rights(void)
{
	page[0][0] = 0x5555;
	member_give(A, OWN_PAGE(0, 0), 0);
	claim(has(A, 0), "rights: a page mapped for reading can be read");
	member_map(A, B, MEMBERS_PAGE(0, L4_FPAGE_WRITE), 0);
	claim(has(B, 0), "rights: and mapped on for reading, whatever is asked for");
	member_write(B, AT(0), 0x6666);
	claim(page[0][0] == 0x5555, "rights: they only shrink: the third cannot write what the second could not");
	member_write(A, AT(0), 0x6666);
	claim(page[0][0] == 0x5555, "rights: nor can the second");
	forget();
	chain();
	l4_fpage_unmap(OWN_PAGE(0, 0), L4_UNMAP_WRITE | L4_UNMAP_OTHERS);
	claim(has(A, 0) && has(C, 0), "rights: a flush of the right to write leaves the page");
	member_write(C, AT(0), 0x7777);
	claim(page[0][0] == 0x5555, "rights: and takes the right, through the whole tree");
	page[0][0] = 0x8888;
	claim(page[0][0] == 0x8888, "rights: but not from the flusher");
	forget();
}

static void states_grant(void)
{
	page[0][0] = 0x9999;
	member_give(A, OWN_PAGE(0, L4_FPAGE_WRITE), 0);
	member_map(A, B, MEMBERS_PAGE(0, L4_FPAGE_WRITE | L4_FPAGE_GRANT), 0);
	claim(has(B, 0), "grant: the grantee has the page");
	claim(lacks(A, 0), "grant: the granter has it no longer");
	member_unmap(A, MEMBERS_PAGE(0, 0), FLUSH);
	claim(has(B, 0), "grant: a flush by the granter does not concern it");
	l4_fpage_unmap(OWN_PAGE(0, 0), FLUSH);
	claim(lacks(B, 0), "grant: a flush by whom the granter had it from does");
	forget();
	chain();
	member_map(A, B, MEMBERS_PAGE(0, L4_FPAGE_WRITE | L4_FPAGE_GRANT), PAGE_SIZE);
	claim(member_read(B, AT(1)) == page[0][0] && has(C, 0), "grant: who had it from the granter keeps it");
	member_unmap(B, MEMBERS_PAGE(1, 0), FLUSH);
	claim(lacks(C, 0), "grant: and has it from the grantee now");
	forget();
}

static void states_cycle(void)
{
	chain();
	member_map(C, A, MEMBERS_PAGE(0, L4_FPAGE_WRITE), 0);
	l4_fpage_unmap(OWN_PAGE(0, 0), FLUSH);
	claim(lacks(A, 0) && lacks(B, 0) && lacks(C, 0),
	      "no cycles: what was mapped back to its origin goes with the tree");
	forget();
}

static void states_sizes(void)
{
	for (unsigned n = 0; n < PAGES; n++)
		page[n][0] = 0xa000 + n;
	member_give(A, L4_FPAGE(page, L4_PAGE_SHIFT + 2, L4_FPAGE_WRITE), 4 * PAGE_SIZE);
	for (unsigned n = 0; n < PAGES; n++)
		claim(member_read(A, AT(4 + n)) == 0xa000 + n, "fpage: page %u of four arrives at its place", n);
	l4_fpage_unmap(L4_FPAGE(page, L4_PAGE_SHIFT + 2, 0), FLUSH);
	claim(member_read(A, AT(4)) == SENTINEL && member_read(A, AT(7)) == SENTINEL,
	      "fpage: all four are flushed at once");
	forget();
}

void claims_mapping(void)
{
	members_open();
	forget();
	states_map();
	states_flush();
	states_rights();
	states_grant();
	states_cycle();
	states_sizes();
}
