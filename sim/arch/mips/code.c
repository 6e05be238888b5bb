/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Code as the books know it: pages of code and their blocks.
 *
 *   (none) --mips_block_at--> LIVE --mips_code_written, mips_code_stored--> RETIRED --mips_code_free_retired--> freed
 *
 * A block is decoded once for each (virtual page, frame, word), and kept until its bytes are written.  The engine never
 * holds a frame writable that has code: each store into it is refused, and performed by the simulator (step.c), which
 * tells what it wrote.  So code and data in one page agree, and code may write over itself.  A frame that is stored
 * into again and again, while none of its code is entered, has become data: its blocks go, and the engine may write it.
 *
 * Invariants
 *   1. a live block has the bytes that memory has.
 *   2. code_frame.translated covers all bytes of the frame that the engine may have translated.
 *   3. a retired block stays readable until the run loop frees it: the current block may be retired.
 */
#include <stdlib.h>
#include <string.h>
#include "sim/arch/mips/runner.h"
#include "sim/core/error.h"

enum { QUIET_MOST = 16 };

/* --- pages --- */

static unsigned hash_of(uint32_t page, uint32_t frame) { return (page * 31 + frame) % CODE_HASH; }

static struct code_page *make_page(struct mips_runner *r, uint32_t page, uint32_t frame)
{
	struct code_frame *info = &r->frame[frame];
	struct code_page *code = calloc(1, sizeof *code);
	unsigned hash = hash_of(page, frame);

	muk_assert(code); /* nothing can be run without it */
	code->page = page;
	code->frame = frame;
	code->next_same_hash = r->hash[hash];
	code->next_same_frame = info->pages;
	r->hash[hash] = info->pages = code;
	if (++r->code_pages > CODE_PAGES_MOST)
		mips_ask_errand(r, &r->forget_all_code);
	return code;
}

static struct code_page *find_page(struct mips_runner *r, uint32_t page, uint32_t frame)
{
	struct code_page *code = r->hash[hash_of(page, frame)];

	while (code && (code->page != page || code->frame != frame))
		code = code->next_same_hash;
	return code ? code : make_page(r, page, frame);
}

static void enter(struct mips_runner *r, struct code_page *code)
{
	r->code = code;
	r->table = code->block;
	r->code_page = code->page;
	r->frame[code->frame].quiet = 0;
}

/* --- entering a page --- */

bool mips_enter_code(struct mips *mips, laddr_t address, struct mips_fault *fault)
{
	struct mips_runner *r = mips->runner;
	uint32_t page = PAGE_OF(address);
	struct mips_place place;

	if (page == r->code_page && !(address & 3))
		return true;
	r->code_page = NO_PAGE;
	uint64_t misses = mips->count[MIPS_COUNT_TLB_MISSES];
	if (!mips_translate(mips, address, 4, ACCESS_FETCH, &place, fault))
		return false;
	mips_gear_fetched(mips, address);
	if (mips->count[MIPS_COUNT_TLB_MISSES] != misses)
		mips_gear_performed(mips); /* the processor has refilled itself */
	if (!place.memory) {
		*fault = (struct mips_fault){ .code = EXC_IBE, .fetch = true };
		return false;
	}
	struct code_page *code = find_page(r, page, PAGE_OF(place.address));
	if (r->frame[code->frame].written == r->flushes)
		mips_gear_flush(mips); /* the engine is not to write what it runs */
	code->cached = place.cached;
	enter(r, code);
	r->last_data = NO_PAGE;
	r->recent[page % RECENT_PAGES] = (struct recent_page){ page, mips_user_mode(mips), code };
	return true;
}

bool mips_enter_recent(struct mips_runner *r, uint32_t page)
{
	const struct recent_page *recent = &r->recent[page % RECENT_PAGES];

	if (recent->page != page || recent->user != r->user || r->recency)
		return false;
	if (r->frame[recent->code->frame].written == r->flushes)
		return false;
	enter(r, recent->code);
	return true;
}

void mips_forget_recent(struct mips_runner *r)
{
	for (unsigned n = 0; n < RECENT_PAGES; n++)
		r->recent[n].page = NO_PAGE;
}

void mips_forget_recent_page(struct mips_runner *r, uint32_t page)
{
	if (r->recent[page % RECENT_PAGES].page == page)
		r->recent[page % RECENT_PAGES].page = NO_PAGE;
}

/* --- keeping blocks --- */

static uint64_t granules(uint32_t first, uint32_t last)
{
	uint32_t from = first / 64, to = (last > PAGE_MASK ? PAGE_MASK : last) / 64;
	uint64_t upper = to == 63 ? UINT64_MAX : ((uint64_t)1 << (to + 1)) - 1;

	return upper & ~(((uint64_t)1 << from) - 1);
}

static void note_translated(struct mips_runner *r, paddr_t physical, uint32_t size)
{
	struct code_frame *frame = &r->frame[PAGE_OF(physical)];
	uint32_t offset = physical & PAGE_MASK;

	frame->translated |= granules(offset, offset + size - 1);
	if (frame->written == r->flushes)
		mips_gear_flush(r->mips);
}

static void retire(struct mips_runner *r, struct block *block)
{
	block->retired = true;
	block->older = r->retired;
	r->retired = block;
}

/* A block of the entered page. */
static void retire_one(struct mips_runner *r, struct block *block)
{
	struct block **link = &r->code->blocks;

	while (*link != block)
		link = &(*link)->older;
	*link = block->older;
	retire(r, block);
}

struct block *mips_block_at(struct mips *mips, laddr_t address)
{
	struct mips_runner *r = mips->runner;
	struct block **slot = &r->table[(address & PAGE_MASK) / 4];

	/* The slot in the next page is not this frame's, and may be another by now. */
	if (*slot && !(*slot)->far_slot)
		return *slot;
	if (*slot)
		retire_one(r, *slot);
	struct block *block = mips_compose_block(mips, address);
	note_translated(r, block->physical, block->bytes);
	*slot = block;
	block->older = r->code->blocks;
	r->code->blocks = block;
	return block;
}

/* --- marks --- */

void mips_block_fits(struct mips *mips, struct block *block, uint32_t size)
{
	struct mips_runner *r = mips->runner;

	note_translated(r, block->physical, size);
	if (size <= (uint32_t)block->bytes + block->slack)
		return;
	block->stop_by = STOP_MARK;
	block->slack = UINT16_MAX - PAGE_SIZE;
	block->marked = false;
	block->attention = true;
}

void mips_block_set_marks(struct mips *mips, struct block *block)
{
	struct mips_runner *r = mips->runner;
	paddr_t frame = block->physical & ~PAGE_MASK;
	bool set = true;

	if (block->stop_by == STOP_MARK)
		set = engine_mark(r->engine, block->start + 4u * block->stop, frame);
	for (unsigned n = 0; n < block->probes; n++)
		set = set && engine_mark(r->engine, block->start + 4u * block->probe[n].at, frame);
	for (unsigned n = 0; n < block->stop; n++)
		if (block->progress[n] == PROGRESS_MARK)
			set = set && engine_mark(r->engine, block->start + 4 * n, frame);
	muk_assert(set); /* the host's memory is exhausted */
	block->marked = true;
	block->attention = block->idle || !block->stop || block->far_slot;
	r->filled = true; /* marking has flushed the engine: its stamps go on too */
	mips_gear_flush(mips);
	if (engine_marks(r->engine) > MARKS_MOST)
		mips_ask_errand(r, &r->forget_all_code);
}

/* --- forgetting --- */

static void retire_page(struct mips_runner *r, struct code_page *code)
{
	while (code->blocks) {
		struct block *block = code->blocks;
		code->blocks = block->older;
		code->block[(block->start & PAGE_MASK) / 4] = NULL;
		retire(r, block);
	}
}

/* A frame's blocks go, and what the engine has translated of it. */
static void forget_frame(struct mips *mips, uint32_t number)
{
	struct mips_runner *r = mips->runner;
	struct code_frame *frame = &r->frame[number];

	for (struct code_page *code = frame->pages; code; code = code->next_same_frame)
		retire_page(r, code);
	frame->translated = 0;
	mips_gear_flush(mips);
	engine_forget_code(r->engine, number << PAGE_SHIFT, 0, PAGE_MASK);
}

void mips_code_free_retired(struct mips *mips)
{
	struct mips_runner *r = mips->runner;

	while (r->retired) {
		struct block *block = r->retired;
		r->retired = block->older;
		free(block);
	}
}

void mips_code_forget_all(struct mips *mips)
{
	struct mips_runner *r = mips->runner;

	for (unsigned hash = 0; hash < CODE_HASH; hash++) {
		while (r->hash[hash]) {
			struct code_page *code = r->hash[hash];
			r->hash[hash] = code->next_same_hash;
			retire_page(r, code);
			free(code);
		}
	}
	for (uint32_t n = 0; n < r->frames; n++)
		r->frame[n].pages = NULL;
	r->code_pages = 0;
	r->code_page = NO_PAGE;
	r->code = NULL;
	r->table = NULL;
	mips_forget_recent(r);
	if (r->engine)
		engine_unmark_all(r->engine);
	mips_code_free_retired(mips);
}

void mips_code_stored(struct mips *mips, uint32_t number)
{
	struct mips_runner *r = mips->runner;
	struct code_frame *frame = &r->frame[number];

	if (frame->translated && ++frame->quiet >= QUIET_MOST)
		forget_frame(mips, number);
}

void mips_code_written(struct mips *mips, paddr_t address, unsigned size)
{
	struct mips_runner *r = mips->runner;

	while (size) {
		uint32_t offset = address & PAGE_MASK, part = PAGE_SIZE - offset;
		if (part > size)
			part = size;
		mips_frame_written(mips, address, part);
		if (r->frame[PAGE_OF(address)].translated & granules(offset, offset + part - 1))
			forget_frame(mips, PAGE_OF(address));
		address += part;
		size -= part;
	}
}
