/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs known by their content: tasks are loaded by the guest itself, from its disk, to any frames.
 *
 * A frame holds page P of a program if it has, at the same offsets, the bytes that the image has there as code.  That
 * is certain enough: equal bytes at equal offsets are equal instructions, and what a page is asked for is which function
 * and which probe an instruction is.  A page that two programs have alike belongs to both, and to say which of them runs
 * there is the matter of threads and tasks: it is told as the one that has more code in the page, of equals as the first
 * listed.
 *
 * A frame is looked at whenever a block of code in it is decoded, so whether it is a program's follows from what memory
 * holds at that time alone; and a decoded block is forgotten with the code cache when its frame is written.  A frame
 * that the guest changes in part is no program's any more, for the blocks that are decoded from then on.
 *
 * Invariants
 *   1. pages, functions and sites have their numbers when the machine is made: the order of discovery changes nothing.
 *   2. nothing here is in a snapshot: it all follows from the configuration and from memory.
 */
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "sim/machine/private.h"

static unsigned pages_of(const struct image_segment *segment)
{
	paddr_t first = segment->paddr + segment->code_from, end = segment->paddr + segment->code_end;

	return first == end ? 0 : PAGE_OF(end - 1) - PAGE_OF(first) + 1;
}

/* Adds a segment's pages, in order; those at its ends may be code in part. */
static void add_pages(struct machine *machine, const struct machine_image *image, const struct image_segment *segment)
{
	paddr_t at = segment->paddr + segment->code_from, end = segment->paddr + segment->code_end;

	while (at < end) {
		struct machine_page *page = &machine->page[machine->pages];
		uint32_t size = PAGE_SIZE - (at & PAGE_MASK);

		if (size > end - at)
			size = end - at;
		*page = (struct machine_page){ .address = at, .size = size, .image = image, .order = machine->pages++,
		                               .code = segment->data + (at - segment->paddr) };
		if (size == PAGE_SIZE) {
			page->hash = XXH3_64bits(page->code, PAGE_SIZE);
			machine->whole_pages++;
		}
		at += size;
	}
}

/* Whole pages by hash, then the others, those with more code first; in the order of the list where that is equal. */
static int by_search(const void *a, const void *b)
{
	const struct machine_page *left = a, *right = b;

	if (left->size != right->size)
		return left->size > right->size ? -1 : 1;
	if (left->hash != right->hash)
		return left->hash < right->hash ? -1 : 1;
	return left->order < right->order ? -1 : 1;
}

bool machine_know_programs(struct machine *machine)
{
	unsigned count = 0;

	for (unsigned i = 0; i < machine->config.programs; i++)
		for (unsigned s = 0; s < machine->config.program[i]->segments; s++)
			count += pages_of(&machine->config.program[i]->segment[s]);
	machine->page = calloc(count + 1, sizeof *machine->page);
	if (!machine->page)
		return false;
	for (unsigned i = 0; i < machine->config.programs; i++) {
		const struct machine_image *image = machine->image;

		while (image->image != machine->config.program[i])
			image++;
		for (unsigned s = 0; s < image->image->segments; s++)
			add_pages(machine, image, &image->image->segment[s]);
	}
	qsort(machine->page, machine->pages, sizeof *machine->page, by_search);
	return true;
}

/* --- looking --- */

static const struct machine_page *whole_page(const struct machine *machine, const uint8_t *frame)
{
	uint64_t hash = XXH3_64bits(frame, PAGE_SIZE);
	unsigned low = 0, high = machine->whole_pages;

	while (low < high) {
		unsigned middle = low + (high - low) / 2;

		if (machine->page[middle].hash < hash)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < machine->whole_pages && machine->page[low].hash == hash; low++)
		if (memcmp(machine->page[low].code, frame, PAGE_SIZE) == 0)
			return &machine->page[low];
	return NULL;
}

static const struct machine_page *part_page(const struct machine *machine, const uint8_t *frame)
{
	for (unsigned i = machine->whole_pages; i < machine->pages; i++) {
		const struct machine_page *page = &machine->page[i];

		if (memcmp(page->code, frame + (page->address & PAGE_MASK), page->size) == 0)
			return page;
	}
	return NULL;
}

void machine_code_page(void *ctx, uint32_t frame)
{
	struct machine *machine = ctx;
	const uint8_t *bytes = machine->ram + ((size_t)frame << PAGE_SHIFT);

	machine->code_frame = frame;
	machine->code_page = NULL;
	if (machine->pages == 0 || frame >= machine->config.model->memory >> PAGE_SHIFT)
		return;
	machine->code_page = whole_page(machine, bytes);
	if (!machine->code_page)
		machine->code_page = part_page(machine, bytes);
}

const struct machine_image *machine_program_at(const struct machine *machine, paddr_t address, paddr_t *in_image)
{
	const struct machine_page *page = machine->code_page;

	if (!page || PAGE_OF(address) != machine->code_frame)
		return NULL;
	*in_image = (page->address & ~(paddr_t)PAGE_MASK) | (address & PAGE_MASK);
	return *in_image - page->address < page->size ? page->image : NULL;
}
