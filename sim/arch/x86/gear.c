/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Gears: which of the model's translations the engine may hold by itself.
 *
 * The model's TLB is the MMU.  The engine serves an access by itself only if the
 * access would change nothing in the model; every other access comes to a hook.
 *
 *   subset        random, round-robin, FIFO: a hit changes nothing, so any page of the model may be held.
 *                 An eviction flushes the engine if it held the page.
 *   set-mru       LRU, pseudo-LRU: of each set only the page most recently used may be held, since touching it again
 *                 changes nothing.  When another page of the set is touched, the engine is flushed, before the mode
 *                 (user, supervisor) that may use what it holds runs on.
 *   every-access  the engine may hold any page of the model, and a hook sees each access: exact for any policy, and
 *                 the only gear for caches.
 *
 *   set-mru --(pay: more is spent on forgetting than saved)--> every-access
 *
 * The side of code is not here: a block touches its page when it begins (code.c), and fetch fills are quiet.
 *
 * Invariants
 *   1. what the engine holds is a subset of the model's TLB, rights and D included: a page whose entry is clean, or
 *      whose frame holds decoded code, is not held writable.
 *   2. a fill that is asked again (the engine forgets as it likes) changes nothing: only a model's miss does.
 *   3. every-access: a frame is shown by one linear page at a time, since the hook tells physical addresses.
 *   4. all gears leave the same misses, cycles and events.
 */
#include <stdlib.h>
#include <string.h>
#include "sim/arch/x86/mmu.h"
#include "sim/arch/x86/runner.h"
#include "sim/core/error.h"

/*
 * What set-MRU pays, in instructions' worth of what every-access would cost more: a flush with all that must be filled
 * again, and the forgetting of single pages.  Looked at each PAY_PERIOD.
 */
enum { PAY_FLUSH = 150, PAY_RELEASE = 30, PAY_PERIOD = 600000 };
/* How often a block is taken up again before the engine is flushed: an instruction may need two pages of one set. */
enum { RESUMES_MOST = 4 };

static bool looks_at_hits(enum tlb_policy policy) { return policy == TLB_LRU || policy == TLB_PSEUDO_LRU; }

static bool any_recency(const struct model *model)
{
	bool large = model->large_tlb.entries && looks_at_hits(model->large_tlb.policy);

	if (model->split_tlb)
		return large || looks_at_hits(model->code_tlb.policy) || looks_at_hits(model->data_tlb.policy);
	return large || looks_at_hits(model->tlb.policy);
}

enum engine_mode gear_for(const struct model *model)
{
	if (model->cache_enabled)
		return ENGINE_EVERY_ACCESS;
	if (model->engine != ENGINE_AUTO)
		return model->engine;
	return any_recency(model) ? ENGINE_SET_MRU : ENGINE_SUBSET;
}

const char *gear_error(const struct model *model)
{
	if (model->engine == ENGINE_AUTO || model->engine == ENGINE_EVERY_ACCESS)
		return NULL;
	if (model->cache_enabled)
		return "a model with caches needs the engine mode every-access";
	if (model->engine == ENGINE_SUBSET && any_recency(model))
		return "the engine mode subset is not exact for the policies lru and pseudo-lru";
	return NULL;
}

bool gear_init(struct x86 *x86)
{
	struct x86_runner *r = x86->runner;

	r->gear = gear_for(x86->model);
	r->recency = any_recency(x86->model);
	r->flushes = 1;
	r->last_data = NO_PAGE;
	r->held = calloc((size_t)1 << (32 - PAGE_SHIFT), sizeof *r->held);
	return r->held != NULL;
}

bool gear_wants_memory(const struct x86 *x86) { return x86->runner->gear == ENGINE_EVERY_ACCESS; }

/* --- flushing --- */

/* The stamps are about to repeat: forget them all. */
static void restart_stamps(struct x86_runner *r)
{
	memset(r->held, 0, ((size_t)1 << (32 - PAGE_SHIFT)) * sizeof *r->held);
	memset(r->set_at, 0, sizeof r->set_at);
	for (uint32_t n = 0; n < r->frames + VOID_FRAMES; n++)
		r->frame[n].written = r->frame[n].linear_at = 0;
	r->flushes = 1;
}

/* When set-MRU has paid more than it saves, the run loop changes over. */
static void pay(struct x86_runner *r, uint32_t price)
{
	r->paid += price;
	if (r->gear != ENGINE_SET_MRU || r->paid < PAY_PERIOD)
		return;
	if (r->ledger->instructions - r->paid_since < r->paid)
		ask_errand(r, &r->change_gear);
	r->paid_since = r->ledger->instructions;
	r->paid = 0;
}

void gear_flush(struct x86 *x86)
{
	struct x86_runner *r = x86->runner;

	r->last_data = NO_PAGE;
	r->stale[AS_SUPERVISOR] = r->stale[AS_USER] = false;
	r->releases[AS_SUPERVISOR] = r->releases[AS_USER] = 0;
	if (!r->filled)
		return;
	r->filled = false;
	engine_flush(r->engine);
	if (++r->flushes == 0)
		restart_stamps(r);
	pay(r, PAY_FLUSH);
}

/* --- what the MMU tells --- */

static uint32_t tlb_index(const struct x86 *x86, const struct tlb *tlb)
{
	return tlb == x86->mmu.data ? 0 : tlb == x86->mmu.code ? 1 : 2;
}

/* Another page of the set in which the code page is: at the next block the code page is to be touched again. */
static void unsettle_code(struct x86 *x86, const struct tlb *tlb, uint32_t page)
{
	struct x86_runner *r = x86->runner;
	uint32_t code = tlb == x86->mmu.large ? r->code_page >> 10 : r->code_page, sets = tlb_sets(tlb);

	if (x86->mmu.code && tlb == x86->mmu.data)
		return;
	if (page != code && tlb_set_of(page, sets) == tlb_set_of(code, sets))
		r->code_page = NO_PAGE;
}

/* The engine is not to hold a page any more when a mode runs. */
static void release(struct x86_runner *r, unsigned as, uint32_t page)
{
	if (r->releases[as] == ENGINE_FLUSHES)
		r->stale[as] = true;
	else
		r->release[as][r->releases[as]++] = page << PAGE_SHIFT;
	r->held[page].data_at = 0;
}

/* Set-MRU: what the engine holds of this set is not most recently used any more.  It is harmless until a mode runs that
 * can use it. */
static void release_set(struct x86 *x86, const struct tlb *tlb, uint32_t page)
{
	struct x86_runner *r = x86->runner;

	r->last_data = NO_PAGE;
	if (r->gear != ENGINE_SET_MRU)
		return;
	uint32_t index = tlb_index(x86, tlb), set = tlb_set_of(page, tlb_sets(tlb));
	for (unsigned as = 0; as < 2; as++) {
		if (r->set_at[as][index][set] != r->flushes || r->set_page[as][index][set] == page)
			continue;
		r->set_at[as][index][set] = 0;
		if (tlb == x86->mmu.large)
			r->stale[as] = true;
		else
			release(r, as, r->set_page[as][index][set]);
	}
}

bool gear_must_release(const struct x86_runner *r)
{
	unsigned as = running_as(r->x86);

	return r->stale[as] || r->releases[as];
}

void gear_enter(struct x86 *x86)
{
	struct x86_runner *r = x86->runner;
	unsigned as = running_as(x86);

	if (r->stale[as])
		gear_flush(x86);
	if (r->releases[as])
		pay(r, PAY_RELEASE);
	for (unsigned n = 0; n < r->releases[as]; n++)
		engine_flush_page(r->engine, r->release[as][n]);
	r->releases[as] = 0;
}

static void on_touched(void *ctx, const struct tlb *tlb, uint32_t page)
{
	unsettle_code(ctx, tlb, page);
	release_set(ctx, tlb, page);
}

void gear_touch_code(struct x86 *x86, uint32_t page)
{
	struct tlb *tlb = x86->mmu.code ? x86->mmu.code : x86->mmu.data;
	const struct tlb_entry *entry;

	if (!(x86->cpu.cr0 & CR0_PG) || tlb_is_mru(tlb, page, mmu_tag_of(x86, tlb, page)))
		return;
	entry = tlb_touch(tlb, page, mmu_tag_of(x86, tlb, page));
	if (!entry && x86->mmu.large) {
		tlb = x86->mmu.large;
		entry = tlb_touch(tlb, page >> 10, mmu_tag_of(x86, tlb, page >> 10));
	}
	muk_assert(entry); /* code.c forgets pages that are evicted */
	release_set(x86, tlb, entry->page);
}

static void on_flush_page(void *ctx, uint32_t page)
{
	struct x86 *x86 = ctx;
	struct x86_runner *r = x86->runner;

	if (page == r->code_page)
		r->code_page = NO_PAGE;
	forget_recent_page(r, page);
	if (r->held[page].data_at != r->flushes)
		return;
	if (r->in_engine) {
		gear_flush(x86);
		return;
	}
	release(r, AS_SUPERVISOR, page);
	release(r, AS_USER, page);
}

static void on_flush_all(void *ctx)
{
	struct x86 *x86 = ctx;

	x86->runner->code_page = NO_PAGE;
	forget_recent(x86->runner);
	gear_flush(x86);
}

static void on_written(void *ctx, paddr_t address, unsigned size) { code_written(ctx, address, size); }

void gear_listen(struct x86 *x86)
{
	x86->engine = (struct x86_engine_listener){ x86, on_flush_all, on_flush_page, on_written,
	                                            x86->runner->recency ? on_touched : NULL };
}

/* --- fills --- */

static bool refuse(struct x86_runner *r, laddr_t page, enum access access, const struct x86_fault *fault)
{
	r->refused_page = PAGE_OF(page);
	r->refused_access = access;
	r->refused = fault ? *fault : (struct x86_fault){ .vector = -1 };
	return false;
}

/* Fetches are quiet: the block that is fetched touches its page when it begins. */
static bool fill_code(struct x86 *x86, laddr_t page, struct engine_fill *fill)
{
	struct x86_runner *r = x86->runner;
	struct held_page *held = &r->held[PAGE_OF(page)];
	uint32_t frame;

	if (!x86_look_fetch(x86, page, running_as(x86), &frame))
		return refuse(r, page, ACCESS_FETCH, NULL);
	held->code_at = r->flushes;
	held->code_frame = frame;
	fill->frame = frame < r->frames ? frame << PAGE_SHIFT : ENGINE_VOID_READ;
	fill->fetch = true;
	if (held->data_at == r->flushes && held->data_frame == frame && frame < r->frames) {
		fill->read = held->data_as == running_as(x86);
		fill->write = fill->read && held->write;
	}
	return true;
}

/* Set-MRU: this page is now what the engine holds of its set. */
static void hold_in_set(struct x86 *x86, uint32_t page)
{
	struct x86_runner *r = x86->runner;
	const struct tlb *tlb = x86->mmu.data;

	if (r->gear != ENGINE_SET_MRU || !(x86->cpu.cr0 & CR0_PG))
		return;
	if (x86->mmu.large && !tlb_probe(tlb, page, mmu_tag_of(x86, tlb, page))) {
		tlb = x86->mmu.large;
		page >>= 10;
	}
	uint32_t index = tlb_index(x86, tlb), set = tlb_set_of(page, tlb_sets(tlb));
	r->set_at[running_as(x86)][index][set] = r->flushes;
	r->set_page[running_as(x86)][index][set] = page;
}

/* Every-access: frames are shown by one page at a time. */
static void hold_frame(struct x86 *x86, struct code_frame *frame, uint32_t page)
{
	struct x86_runner *r = x86->runner;

	if (r->gear != ENGINE_EVERY_ACCESS)
		return;
	if (frame->linear_at == r->flushes && frame->linear != page)
		gear_flush(x86);
	frame->linear = page;
	frame->linear_at = r->flushes;
}

/* Memory that is not there: reads are served from one page, writes go to another. */
static void fill_void(struct x86 *x86, laddr_t page, enum access access, struct engine_fill *fill)
{
	struct x86_runner *r = x86->runner;
	bool write = access == ACCESS_WRITE;

	hold_frame(x86, &r->frame[r->frames + (write ? 2 : 1)], PAGE_OF(page));
	fill->frame = write ? ENGINE_VOID_WRITE : ENGINE_VOID_READ;
	fill->read = !write;
	fill->write = write;
	hold_in_set(x86, PAGE_OF(page));
	r->held[PAGE_OF(page)].data_at = r->flushes;
	r->held[PAGE_OF(page)].data_frame = NO_PAGE;
}

static bool is_own(const struct x86_runner *r, uint32_t frame)
{
	return r->current && r->code && r->code->frame == frame;
}

/* A frame that has code: whether the engine may write it for now. */
static bool fill_code_frame(struct x86 *x86, uint32_t number, enum access access)
{
	struct x86_runner *r = x86->runner;
	struct code_frame *frame = &r->frame[number];

	if (access != ACCESS_WRITE)
		return frame->mixed && frame->written == r->flushes;
	if (r->stepping || is_own(r, number)) {
		code_note_open(x86, number);
	} else if (!frame->mixed) {
		code_opened(x86, number);
		code_note_open(x86, number);
	} else {
		frame->unsure = true;
		forget_recent(r);
	}
	return true;
}

/*
 * Code writes the frame that it runs in.  The engine may miss that its code changes: the store and what follows in the
 * block is gone through instruction by instruction, and the code forgotten after each such store (step.c).
 */
static bool own_store(struct x86_runner *r, uint32_t frame, enum access access)
{
	if (access != ACCESS_WRITE || r->stepping || !is_own(r, frame))
		return false;
	return r->walk_wanted = true;
}

static void fill_frame(struct x86 *x86, laddr_t page, enum access access, const struct tlb_entry *entry,
                       struct engine_fill *fill)
{
	struct x86_runner *r = x86->runner;
	struct held_page *held = &r->held[PAGE_OF(page)];
	struct code_frame *frame = &r->frame[entry->frame];
	bool write = entry->dirty && x86_may_write(x86, entry, running_as(x86));

	hold_frame(x86, frame, PAGE_OF(page));
	if (frame->translated)
		write = fill_code_frame(x86, entry->frame, access) && write;
	if (write)
		frame->written = r->flushes;
	hold_in_set(x86, PAGE_OF(page));
	held->data_at = r->flushes;
	held->data_frame = entry->frame;
	held->data_as = running_as(x86);
	held->write = write;
	*fill = (struct engine_fill){ .frame = entry->frame << PAGE_SHIFT, .read = true, .write = write };
	fill->fetch = held->code_at == r->flushes && held->code_frame == entry->frame;
}

/*
 * Another page of the set is held, and there is no forgetting it while the engine fills: the access is refused, the run
 * loop leaves and enters, and the instruction begins again (its touches, repeated, change nothing).
 */
static bool resume_instead(struct x86 *x86)
{
	struct x86_runner *r = x86->runner;

	if (!gear_must_release(r))
		return false;
	if (r->resumes_at != r->ledger->instructions) {
		r->resumes_at = r->ledger->instructions;
		r->resumes = 0;
	}
	if (r->stepping || r->resumes == RESUMES_MOST) {
		gear_flush(x86);
		return false;
	}
	r->resumes++;
	return r->resume_wanted = true;
}

static bool fill_data(struct x86 *x86, laddr_t page, enum access access, struct engine_fill *fill)
{
	struct x86_runner *r = x86->runner;
	struct tlb_entry entry;
	struct x86_fault fault;

	if (beyond_window(x86, page)) {
		if (!r->stepping)
			return refuse(r, page, access, NULL);
		r->outside = true; /* through an odd segment, and checked: step.c makes the engine forget it */
	}
	/* The place that events name is the block's: within it the engine does not tell. */
	if (r->current && !r->stepping)
		x86->cpu.eip = r->current->start - x86->cpu.seg[CS].base;
	if (!x86_translate(x86, page, access, running_as(x86), &entry, &fault))
		return refuse(r, page, access, &fault);
	if (own_store(r, entry.frame, access) || resume_instead(x86))
		return false;
	if (entry.frame < r->frames)
		fill_frame(x86, page, access, &entry, fill);
	else
		fill_void(x86, page, access, fill);
	return true;
}

bool gear_fill(void *ctx, laddr_t page, enum access access, struct engine_fill *fill)
{
	struct x86 *x86 = ctx;
	struct x86_runner *r = x86->runner;

	r->in_fill = true;
	bool filled = access == ACCESS_FETCH ? fill_code(x86, page, fill) : fill_data(x86, page, access, fill);
	r->in_fill = false;
	r->filled |= filled;
	return filled;
}

/* --- every access --- */

static uint32_t linear_page(const struct x86_runner *r, paddr_t address)
{
	if (address >= ENGINE_VOID_WRITE)
		return r->frame[r->frames + 2].linear;
	if (address >= ENGINE_VOID_READ)
		return r->frame[r->frames + 1].linear;
	return r->frame[PAGE_OF(address)].linear;
}

static void touch_data(struct x86 *x86, uint32_t page)
{
	struct tlb *tlb = x86->mmu.data;
	const struct tlb_entry *entry = tlb_touch(tlb, page, mmu_tag_of(x86, tlb, page));

	if (!entry && x86->mmu.large) {
		tlb = x86->mmu.large;
		entry = tlb_touch(tlb, page >> 10, mmu_tag_of(x86, tlb, page >> 10));
	}
	if (entry)
		unsettle_code(x86, tlb, entry->page);
}

void gear_memory(void *unused, int kind, uint64_t address, int size, int64_t value, void *ctx)
{
	struct x86 *x86 = ctx;
	struct x86_runner *r = x86->runner;
	uint32_t offset = (uint32_t)address & PAGE_MASK, end = offset + (uint32_t)size;

	(void)unused;
	(void)value;
	if (r->recency) {
		uint32_t page = linear_page(r, (paddr_t)address);
		if (page != r->last_data) {
			touch_data(x86, page);
			r->last_data = page;
		}
		if (unlikely(end > PAGE_SIZE)) {
			touch_data(x86, page + 1);
			r->last_data = NO_PAGE;
		}
	}
	if (x86->mmu.data_cache) {
		unsigned here = end > PAGE_SIZE ? PAGE_SIZE - offset : (unsigned)size;
		x86_cache_access(x86, (paddr_t)address, here, kind == ENGINE_WRITE ? ACCESS_WRITE : ACCESS_READ);
	}
}
