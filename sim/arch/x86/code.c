/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Code as the books know it: pages of code and their blocks.
 *
 *   (none) --block_at--> LIVE --code_opened, code_written--> RETIRED --code_free_retired--> freed
 *
 * A block is decoded once for each (linear page, frame, offset), and kept until its frame is written.  Two ways lead to
 * that: the engine asks for a frame to be writable (it never holds one writable that has decoded code), or the
 * simulator or a device writes.  A frame that is written again and again by other code, code and data in one page, is
 * called mixed: other code may write it freely, and its blocks are compared with memory each time that they begin.
 * Code that writes the frame that it runs in is gone through instruction by instruction (gear.c: own_store).
 * The engine itself sees only the first of several stores into a page of its code: it is told to forget, always.
 *
 * Invariants
 *   1. a live block of a frame that is not mixed has the bytes that memory has.
 *   2. code_frame.translated covers all bytes of the frame that the engine may have translated.
 *   3. a retired block stays readable until the run loop frees it: the current block may be retired.
 */
#include <stdlib.h>
#include <string.h>
#include "sim/arch/x86/runner.h"
#include "sim/core/error.h"

struct code_frame *code_frame(struct x86 *x86, uint32_t frame)
{
	struct x86_runner *r = x86->runner;

	return &r->frame[frame < r->frames ? frame : r->frames];
}

/* --- pages --- */

static unsigned hash_of(uint32_t page, uint32_t frame) { return (page * 31 + frame) % CODE_HASH; }

static struct code_page *make_page(struct x86 *x86, uint32_t page, uint32_t frame, bool big)
{
	struct x86_runner *r = x86->runner;
	struct code_frame *info = code_frame(x86, frame);
	struct code_page *code = calloc(1, sizeof *code);
	unsigned hash = hash_of(page, frame);

	muk_assert(code); /* nothing can be run without it */
	*code = (struct code_page){ .page = page, .frame = frame, .big = big, .next_same_hash = r->hash[hash],
	                            .next_same_frame = info->pages };
	r->hash[hash] = info->pages = code;
	if (++r->code_pages > CODE_PAGES_MOST)
		ask_errand(r, &r->forget_all_code);
	return code;
}

static struct code_page *find_page(struct x86 *x86, uint32_t page, uint32_t frame, bool big)
{
	struct code_page *code = x86->runner->hash[hash_of(page, frame)];

	while (code && (code->page != page || code->frame != frame || code->big != big))
		code = code->next_same_hash;
	return code ? code : make_page(x86, page, frame, big);
}

/* --- reading --- */

static unsigned frame_bytes(const struct x86 *x86, uint32_t frame, uint32_t offset, uint8_t *to, unsigned size)
{
	if (size > PAGE_SIZE - offset)
		size = PAGE_SIZE - offset;
	if (frame < x86->runner->frames)
		memcpy(to, x86->ram + ((size_t)frame << PAGE_SHIFT) + offset, size);
	else
		memset(to, 0xff, size);
	return size;
}

/* At most size bytes of code from an address of the entered page on; fewer where the next page cannot be fetched. */
unsigned code_read(struct x86 *x86, laddr_t address, uint8_t *to, unsigned size)
{
	const struct code_page *code = x86->runner->code;
	unsigned got = frame_bytes(x86, code->frame, address & PAGE_MASK, to, size);
	uint32_t frame;

	if (got < size && x86_look_fetch(x86, address + got, running_as(x86), &frame))
		got += frame_bytes(x86, frame, 0, to + got, size - got);
	return got;
}

void code_decode(struct x86 *x86, laddr_t address, struct x86_instruction *insn)
{
	uint8_t bytes[X86_MAX_LENGTH];
	unsigned got = code_read(x86, address, bytes, sizeof bytes);

	if (!x86_decode(bytes, got, x86->runner->code->big, x86->model->family, insn))
		insn->length = 0; /* goes on in a page that cannot be fetched */
}

bool block_is_current(struct x86 *x86, const struct block *block)
{
	uint8_t bytes[PAGE_SIZE];

	return block->bytes && code_read(x86, block->start, bytes, block->bytes) == block->bytes &&
	       memcmp(bytes, block->code, block->bytes) == 0;
}

/* --- entering a page --- */

static void retire_frame(struct x86_runner *r, struct code_frame *frame);

bool beyond_window(const struct x86 *x86, laddr_t address)
{
	const struct x86_runner *r = x86->runner;

	return r->window && x86->cpu.cpl == 3 && address - r->window_base > r->window_limit;
}

/* The walk set A in the very page that is entered, of which the engine has just translated what was there before. */
static bool forget_marked(struct x86 *x86, uint32_t frame)
{
	struct x86_runner *r = x86->runner;

	if (r->marked_frame[0] != frame && r->marked_frame[1] != frame)
		return false;
	retire_frame(r, code_frame(x86, frame));
	gear_flush(x86);
	engine_forget_code(r->engine, frame << PAGE_SHIFT, 0, PAGE_MASK);
	return true;
}

enum entered enter_code(struct x86 *x86, laddr_t address, struct x86_fault *fault)
{
	struct x86_runner *r = x86->runner;
	uint32_t page = PAGE_OF(address);
	struct tlb_entry entry;

	if (page == r->code_page)
		return CODE_ENTERED;
	r->code_page = NO_PAGE;
	if (beyond_window(x86, address)) {
		*fault = (struct x86_fault){ .vector = VECTOR_GP, .has_error = true };
		return CODE_FAULTED;
	}
	x86->cpu.eip = address - x86->cpu.seg[CS].base; /* what events name */
	r->marked_frame[0] = r->marked_frame[1] = NO_PAGE;
	if (!x86_translate(x86, address, ACCESS_FETCH, running_as(x86), &entry, fault))
		return CODE_FAULTED;
	const struct held_page *held = &r->held[page];
	bool stale = held->code_at == r->flushes && held->code_frame != entry.frame;
	if (stale)
		gear_flush(x86);
	if (code_frame(x86, entry.frame)->written == r->flushes)
		gear_flush(x86); /* what it writes to itself is gone through: gear.c */
	stale |= forget_marked(x86, entry.frame);
	r->code = find_page(x86, page, entry.frame, x86->cpu.seg[CS].rights & RIGHTS_BIG);
	r->table = r->code->block;
	r->code_page = page;
	r->recent[page % RECENT_PAGES] = (struct recent_page){ page, running_as(x86), r->code };
	return stale ? CODE_STALE : CODE_ENTERED;
}

bool enter_recent(struct x86_runner *r, uint32_t page)
{
	const struct recent_page *recent = &r->recent[page % RECENT_PAGES];

	if (recent->page != page || recent->as != (uint32_t)running_as(r->x86))
		return false;
	if (r->recency)
		gear_touch_code(r->x86, page);
	r->code = recent->code;
	r->table = recent->code->block;
	r->code_page = page;
	return !gear_must_release(r);
}

void forget_recent(struct x86_runner *r)
{
	for (unsigned n = 0; n < RECENT_PAGES; n++)
		r->recent[n].page = NO_PAGE;
}

void forget_recent_page(struct x86_runner *r, uint32_t page)
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

/* The engine has, or will have, code of these bytes; and must not hold their frame writable. */
static void note_translated(struct x86 *x86, laddr_t address, uint32_t size)
{
	struct x86_runner *r = x86->runner;
	uint32_t offset = address & PAGE_MASK, second;
	struct code_frame *frame = code_frame(x86, r->code->frame);

	frame->translated |= granules(offset, offset + size - 1);
	if (frame->written == r->flushes)
		gear_flush(x86);
	if (offset + size <= PAGE_SIZE || !x86_look_fetch(x86, address + PAGE_SIZE - offset, running_as(x86), &second))
		return;
	code_frame(x86, second)->translated |= granules(0, offset + size - 1 - PAGE_SIZE);
}

static void retire(struct x86_runner *r, struct block *block)
{
	block->older = r->retired;
	r->retired = block;
}

static void replace(struct x86 *x86, struct block **slot, struct block *block)
{
	struct code_page *code = x86->runner->code;

	if (*slot) {
		struct block **link = &code->blocks;
		while (*link != *slot)
			link = &(*link)->older;
		*link = (*slot)->older;
		retire(x86->runner, *slot);
	}
	*slot = block;
	block->older = code->blocks;
	code->blocks = block;
}

/* Where the engine has a frame: that of memory which is not there stands for them all. */
static paddr_t engine_frame(const struct x86_runner *r, uint32_t frame)
{
	return frame < r->frames ? frame << PAGE_SHIFT : ENGINE_VOID_READ;
}

/* The engine's code of a block's page, and of the next where it goes on. */
static void forget_engine_code(struct x86 *x86, const struct block *block)
{
	struct x86_runner *r = x86->runner;
	uint32_t second;

	gear_flush(x86);
	engine_forget_code(r->engine, engine_frame(r, r->code->frame), 0, PAGE_MASK);
	if (block->crossing && x86_look_fetch(x86, (block->start | PAGE_MASK) + 1, running_as(x86), &second))
		engine_forget_code(r->engine, engine_frame(r, second), 0, PAGE_MASK);
}

struct block *block_at(struct x86 *x86, laddr_t address, uint32_t size, bool *changed)
{
	struct x86_runner *r = x86->runner;
	struct block **slot = &r->table[address & PAGE_MASK];
	bool mixed = code_frame(x86, r->code->frame)->mixed;

	*changed = false;
	if (*slot && ((*slot)->engine_size == size || (*slot)->performed) &&
	    !((mixed || (*slot)->crossing) && !block_is_current(x86, *slot)))
		return *slot;
	struct block *block = compose_block(x86, address, size, BLOCK_INSTRUCTIONS, false);
	*changed = (mixed || block->crossing) && !block->performed;
	if (mixed)
		block->attention |= ATTEND_ALWAYS;
	note_translated(x86, address, size);
	replace(x86, slot, block);
	if (*changed)
		forget_engine_code(x86, block);
	return block;
}

struct block *block_here(struct x86 *x86, laddr_t address, bool alone)
{
	uint32_t size = alone ? 1 : PAGE_SIZE - (address & PAGE_MASK);
	struct block *block = compose_block(x86, address, size, alone ? 1 : BLOCK_INSTRUCTIONS, true);

	block->engine_size = block->bytes;
	note_translated(x86, address, block->bytes);
	retire(x86->runner, block);
	return block;
}

struct block *performed_at(struct x86 *x86, laddr_t address)
{
	struct x86_runner *r = x86->runner;
	struct block **slot = &r->table[address & PAGE_MASK];
	bool mixed = code_frame(x86, r->code->frame)->mixed;
	struct x86_instruction insn;

	if (*slot && !((mixed || (*slot)->crossing) && !block_is_current(x86, *slot)))
		return (*slot)->performed ? *slot : NULL;
	code_decode(x86, address, &insn);
	if (!insn.length || !x86_operation_performed(insn.operation))
		return NULL;
	struct block *block = compose_block(x86, address, insn.length, 1, false);
	note_translated(x86, address, insn.length);
	replace(x86, slot, block);
	return block;
}

/* --- marks --- */

static void set_mark(struct x86 *x86, laddr_t address)
{
	uint32_t frame = x86->runner->code->frame;

	if (PAGE_OF(address) != x86->runner->code->page && !x86_look_fetch(x86, address, running_as(x86), &frame))
		return;
	muk_assert(engine_mark(x86->runner->engine, address, engine_frame(x86->runner, frame)));
}

void block_set_marks(struct x86 *x86, struct block *block)
{
	struct x86_runner *r = x86->runner;

	if (block->cut != CUT_NONE && block->next < block->start + block->engine_size)
		set_mark(x86, block->next);
	for (unsigned n = 0; n < block->probes; n++)
		set_mark(x86, block->probe[n].address);
	block->marked = true;
	r->filled = true; /* marking flushed the engine: its stamps go on too */
	gear_flush(x86);
	if (engine_marks(r->engine) > MARKS_MOST)
		ask_errand(r, &r->forget_all_code);
}

/* --- forgetting --- */

static void retire_page(struct x86_runner *r, struct code_page *code)
{
	while (code->blocks) {
		struct block *block = code->blocks;
		code->blocks = block->older;
		code->block[block->start & PAGE_MASK] = NULL;
		retire(r, block);
	}
}

static void retire_frame(struct x86_runner *r, struct code_frame *frame)
{
	for (struct code_page *code = frame->pages; code; code = code->next_same_frame)
		retire_page(r, code);
}

void code_free_retired(struct x86 *x86)
{
	struct x86_runner *r = x86->runner;

	while (r->retired) {
		struct block *block = r->retired;
		r->retired = block->older;
		free(block);
	}
}

static void free_pages(struct x86_runner *r)
{
	for (unsigned hash = 0; hash < CODE_HASH; hash++) {
		while (r->hash[hash]) {
			struct code_page *code = r->hash[hash];
			r->hash[hash] = code->next_same_hash;
			retire_page(r, code);
			free(code);
		}
	}
	for (uint32_t n = 0; n < r->frames + VOID_FRAMES; n++)
		r->frame[n].pages = NULL;
	r->code_pages = 0;
	r->code_page = NO_PAGE;
	forget_recent(r);
	r->code = NULL;
	r->table = NULL;
}

void code_forget_all(struct x86 *x86)
{
	free_pages(x86->runner);
	if (x86->runner->engine)
		engine_unmark_all(x86->runner->engine);
	code_free_retired(x86);
}

void code_opened(struct x86 *x86, uint32_t number)
{
	struct x86_runner *r = x86->runner;
	struct code_frame *frame = code_frame(x86, number);

	if (frame->opens < MIXED_AFTER)
		frame->opens++;
	frame->mixed = frame->opens == MIXED_AFTER;
	retire_frame(r, frame);
}

static void written_part(struct x86 *x86, paddr_t address, uint32_t size)
{
	struct x86_runner *r = x86->runner;
	struct code_frame *frame = code_frame(x86, PAGE_OF(address));
	uint32_t offset = address & PAGE_MASK;

	if (!(frame->translated & granules(offset, offset + size - 1)))
		return;
	retire_frame(r, frame);
	frame->translated = 0;
	gear_flush(x86);
	engine_forget_code(r->engine, address & ~PAGE_MASK, 0, PAGE_MASK);
}

/* A walk sets A or D in a frame that has code, while the engine fills: seen to at the next block.  Too many to keep:
 * all code is to be forgotten, the engine's with it. */
static void note_late_write(struct x86_runner *r, paddr_t address, unsigned size)
{
	if (r->late_writes == LATE_WRITES) {
		ask_errand(r, &r->reopen);
		return;
	}
	r->late_write[r->late_writes].address = address;
	r->late_write[r->late_writes++].size = size;
	r->limit = 0;
}

void code_written(struct x86 *x86, paddr_t address, unsigned size)
{
	struct x86_runner *r = x86->runner;

	r->marked_frame[1] = r->marked_frame[0];
	r->marked_frame[0] = PAGE_OF(address);
	if (r->in_fill && code_frame(x86, PAGE_OF(address))->translated)
		note_late_write(r, address, size);
	else if (!r->in_fill)
		written_part(x86, address, size);
}

void code_note_open(struct x86 *x86, uint32_t frame) { note_late_write(x86->runner, frame << PAGE_SHIFT, PAGE_SIZE); }

void code_make_sure(struct x86 *x86)
{
	struct x86_runner *r = x86->runner;
	struct code_frame *frame = code_frame(x86, r->code->frame);

	if (!frame->unsure)
		return;
	frame->unsure = false;
	gear_flush(x86);
	engine_forget_code(r->engine, engine_frame(r, r->code->frame), 0, PAGE_MASK);
}

void code_late_writes(struct x86 *x86)
{
	struct x86_runner *r = x86->runner;

	while (r->late_writes) {
		r->late_writes--;
		written_part(x86, r->late_write[r->late_writes].address, r->late_write[r->late_writes].size);
	}
}

void x86_memory_written(struct x86 *x86, paddr_t address, uint32_t size)
{
	if (!x86->runner)
		return;
	while (size) {
		uint32_t part = PAGE_SIZE - (address & PAGE_MASK);
		if (part > size)
			part = size;
		written_part(x86, address, part);
		address += part;
		size -= part;
	}
}
