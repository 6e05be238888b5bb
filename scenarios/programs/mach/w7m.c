/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The paging benchmark of GD91 §7.2: 7 MB of anonymous memory, more or less of which fits.
 *
 * GD91 does not say what its program did; docs/caveats.md derives this one from the three rows of table 7-1. Arguments:
 *
 *   pattern=a   each page is written once, upwards, then read once, downwards, and released: what does not fit is
 *               written out once and comes back once, and no other page moves
 *   pattern=k   the same, but the pages are kept: reading displaces pages that were written and had stayed
 *   pattern=b   two passes over the pages in a random order, each page read, changed and written; computing between
 *   pattern=c   two sweeps upwards: the negative control, of which least-recently-used replacement keeps nothing
 *   pages=N     how many (1792)
 *   compute=N   sweeps of additions over 256 KiB: before everything else, or in b between the touches
 *
 * The memory is in pieces of 256 KiB, each a memory object of its own with an unallocated page behind it: Mach gives the
 * pages of an object back when all of it is released.  Computing goes over the first piece.
 *
 * Every word of every page is checked when it is read: a page that comes back changed ends the run with code 2.
 */
#include "pager/lib/mach/mach.h"
#include "pager/lib/print.h"
#include "scenarios/programs/mach/arguments.h"

enum { WORDS = VM_PAGE_SIZE / 4, PAGES_MAX = 4096, PIECE_PAGES = 64, EXIT_CHANGED = 2, EXIT_REFUSED = 3 };

static uint32_t *memory;
static uint32_t pages, compute, sum;
static volatile uint32_t total;         /* of the computing */
static uint8_t generation[PAGES_MAX];   /* how often each page has been written */

static uint32_t *page_at(uint32_t number)
{
	return memory + (number + number / PIECE_PAGES) * WORDS;
}

/* What the word of a page holds after so many writes: a different number everywhere. */
static uint32_t content(uint32_t number, uint32_t word, uint32_t writes)
{
	return (number * WORDS + word) * 2654435761u + writes;
}

static void write_page(uint32_t number)
{
	uint32_t *at = page_at(number), next = content(number, 0, ++generation[number]);

	for (uint32_t word = 0; word < WORDS; word++, next += 2654435761u)
		at[word] = next;
}

static void check_page(uint32_t number)
{
	const uint32_t *at = page_at(number);
	uint32_t next = content(number, 0, generation[number]);

	for (uint32_t word = 0; word < WORDS; word++, next += 2654435761u) {
		if (at[word] != next) {
			print("w7m: page %u word %u is %08x instead of %08x\n", number, word, at[word], next);
			exit(EXIT_CHANGED);
		}
		sum = (sum << 1 | sum >> 31) + at[word];
	}
}

static void compute_sweep(void)
{
	const uint32_t *const word = memory, words = (pages < PIECE_PAGES ? pages : PIECE_PAGES) * WORDS;
	uint32_t subtotal = total;

	for (uint32_t i = 0; i < words; i++)
		subtotal += word[i];
	total = subtotal;
}

static void compute_sweeps(uint32_t count)
{
	while (count-- > 0)
		compute_sweep();
}

/* A random permutation of the pages (Fisher and Yates). */
static void shuffle(uint16_t *order)
{
	uint32_t seed = 1991;

	for (uint32_t i = 0; i < pages; i++)
		order[i] = (uint16_t)i;
	for (uint32_t i = pages - 1; i > 0; i--) {
		seed = seed * 1664525 + 1013904223;
		const uint32_t other = (uint32_t)((uint64_t)seed * (i + 1) >> 32);
		const uint16_t kept = order[i];

		order[i] = order[other];
		order[other] = kept;
	}
}

/* The pages from the first of a piece on, at most a piece. */
static void release_piece(uint32_t first)
{
	const uint32_t count = pages - first < PIECE_PAGES ? pages - first : PIECE_PAGES;

	vm_deallocate(mach_task_self(), (vm_address_t)page_at(first), count * VM_PAGE_SIZE);
}

static void pattern_a(bool keep)
{
	compute_sweeps(compute);
	MUK_SPAN_BEGIN("write");
	for (uint32_t i = 0; i < pages; i++)
		write_page(i);
	MUK_SPAN_END("write");
	MUK_SPAN_BEGIN("read");
	for (uint32_t i = pages; i-- > 0;) {
		check_page(i);
		if (!keep && i % PIECE_PAGES == 0)
			release_piece(i);
	}
	MUK_SPAN_END("read");
}

static void pattern_b(void)
{
	static uint16_t order[PAGES_MAX];

	for (unsigned pass = 0; pass < 2; pass++) {
		shuffle(order);
		for (uint32_t i = 0; i < pages; i++) {
			if (generation[order[i]])
				check_page(order[i]);
			write_page(order[i]);
			const uint32_t touch = pass * pages + i;
			compute_sweeps((touch + 1) * compute / (2 * pages) - touch * compute / (2 * pages));
		}
	}
	for (uint32_t i = pages; i-- > 0;)
		check_page(i);
}

static void pattern_c(void)
{
	compute_sweeps(compute);
	for (uint32_t i = 0; i < pages; i++)
		write_page(i);
	for (uint32_t i = 0; i < pages; i++)
		check_page(i);
}

static void refuse(const char *why)
{
	print("w7m: %s\n", why);
	exit(EXIT_REFUSED);
}

/* Finds room for all pieces, and allocates them one by one. */
static void allocate_pieces(void)
{
	const vm_size_t bytes = (pages + pages / PIECE_PAGES + 1) * VM_PAGE_SIZE;
	vm_address_t address = 0;

	if (vm_allocate(mach_task_self(), &address, bytes, true) != KERN_SUCCESS)
		refuse("no room in the address space");
	vm_deallocate(mach_task_self(), address, bytes);
	memory = (uint32_t *)address;
	for (uint32_t first = 0; first < pages; first += PIECE_PAGES) {
		const uint32_t count = pages - first < PIECE_PAGES ? pages - first : PIECE_PAGES;

		address = (vm_address_t)page_at(first);
		if (vm_allocate(mach_task_self(), &address, count * VM_PAGE_SIZE, false) != KERN_SUCCESS)
			refuse("a piece of memory is refused");
	}
}

static void tell(const vm_statistics_data_t *before, const vm_statistics_data_t *after)
{
	MUK_VALUE("faults", after->faults - before->faults);
	MUK_VALUE("pageins", after->pageins - before->pageins);
	MUK_VALUE("pageouts", after->pageouts - before->pageouts);
	MUK_VALUE("zero_fills", after->zero_fill_count - before->zero_fill_count);
	MUK_VALUE("reactivations", after->reactivations - before->reactivations);
	MUK_VALUE("checksum", sum);
	print("w7m: %u pages, checksum %08x\n", pages, sum);
}

int main(int argc, char **argv)
{
	const char *pattern = argument(argc, argv, "pattern", "a");
	vm_statistics_data_t before, after;

	pages = argument_number(argc, argv, "pages", 1792);
	compute = argument_number(argc, argv, "compute", 0);
	if (pages == 0 || pages > PAGES_MAX)
		refuse("pages must be 1 to 4096");
	allocate_pieces();
	vm_statistics(mach_task_self(), &before);
	MUK_VALUE("available", before.free_count + before.active_count + before.inactive_count);
	MUK_SPAN_BEGIN("w7m");
	if (pattern[0] == 'a' || pattern[0] == 'k')
		pattern_a(pattern[0] == 'k');
	else if (pattern[0] == 'b')
		pattern_b();
	else
		pattern_c();
	MUK_SPAN_END("w7m");
	vm_statistics(mach_task_self(), &after);
	tell(&before, &after);
	return 0;
}
