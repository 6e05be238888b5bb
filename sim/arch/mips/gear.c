/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Gears: which of the model's translations the engine may hold by itself.
 *
 * The model's TLB is the MMU.  The engine serves an access by itself only if the access would change nothing in the
 * model; every other access is refused, and performed by the simulator at its exact place (step.c).
 *
 *   subset        random, round-robin, FIFO: a hit changes nothing, so any page of the model may be held.
 *   set-mru       LRU, pseudo-LRU: of each set only the entry most recently used may be held, since touching it again
 *                 changes nothing.  When another entry of the set is touched, the engine is flushed.
 *   every-access  the engine may hold any page of the model, and a hook sees each access: exact for any policy, and the
 *                 only gear for caches.
 *
 *   set-mru --(more is spent on flushing than is saved)--> every-access
 *
 * Held are: kseg0 for the kernel, pages of the TLB for both modes, with the rights that their entries have.  What a
 * change of the model makes stale is flushed only if something of it may be held.  The engine keeps the kernel's and
 * the user's translations apart, so a change of modes flushes nothing.
 *
 * Invariants
 *   1. what the engine holds is a subset of the model's TLB (and of kseg0), rights included; a frame that has code is
 *      not held writable.
 *   2. a fill changes nothing in the model but (set-mru) who was used last, and that once: it may be asked again as the
 *      engine likes.
 *   3. while two entries match some page (R2000, R3000: the first access to it ends the run) no data is held.
 *   4. every-access: a frame is shown by one page at a time, since the hook tells physical addresses.
 *   5. all gears leave the same misses, cycles and events.
 */
#include <stdlib.h>
#include <string.h>
#include "sim/arch/mips/performing.h"
#include "sim/arch/mips/runner.h"
#include "sim/arch/mips/tlb.h"

static bool looks_at_hits(const struct model *model)
{
	return model->tlb.policy == TLB_LRU || model->tlb.policy == TLB_PSEUDO_LRU;
}

/* What set-MRU pays for a flush with all that must be filled again, in instructions' worth of what every-access costs
 * more; looked at each PAY_PERIOD.  With fewer sets than these it never pays. */
enum { PAY_FLUSH = 150, PAY_PERIOD = 600000, SETS_LEAST = 4 };

static enum engine_mode gear_for(const struct model *model)
{
	uint32_t sets = model->tlb.entries / model->tlb.ways;

	if (model->cache_enabled)
		return ENGINE_EVERY_ACCESS;
	if (model->engine != ENGINE_AUTO)
		return model->engine;
	if (!looks_at_hits(model))
		return ENGINE_SUBSET;
	return sets >= SETS_LEAST ? ENGINE_SET_MRU : ENGINE_EVERY_ACCESS;
}

const char *mips_gear_error(const struct model *model)
{
	if (model->engine == ENGINE_AUTO || model->engine == ENGINE_EVERY_ACCESS)
		return NULL;
	if (model->cache_enabled)
		return "a model with caches needs the engine mode every-access";
	if (model->engine == ENGINE_SUBSET && looks_at_hits(model))
		return "the engine mode subset is not exact for the policies lru and pseudo-lru";
	return NULL;
}

bool mips_gear_init(struct mips *mips)
{
	struct mips_runner *r = mips->runner;

	r->gear = gear_for(mips->model);
	r->recency = looks_at_hits(mips->model);
	r->flushes = 1;
	r->last_data = NO_PAGE;
	r->held = calloc((size_t)1 << (32 - PAGE_SHIFT), sizeof *r->held);
	r->set = calloc(mips->tlb->sets, sizeof *r->set);
	return r->held && r->set;
}

bool mips_gear_wants_memory(const struct mips *mips) { return mips->runner->gear == ENGINE_EVERY_ACCESS; }

/* --- flushing --- */

/* The stamps are about to repeat: forget them all. */
static void restart_stamps(struct mips_runner *r)
{
	memset(r->held, 0, ((size_t)1 << (32 - PAGE_SHIFT)) * sizeof *r->held);
	memset(r->set, 0, r->mips->tlb->sets * sizeof *r->set);
	for (uint32_t n = 0; n < r->frames; n++)
		r->frame[n].written = r->frame[n].fetched = r->frame[n].shown_at = 0;
	r->flushes = 1;
}

/* When set-MRU has paid more than it saves, the run loop changes over. */
static void pay(struct mips_runner *r)
{
	r->paid += PAY_FLUSH;
	if (r->gear != ENGINE_SET_MRU || r->paid < PAY_PERIOD)
		return;
	if (r->ledger->instructions - r->paid_since < r->paid) {
		r->change_gear = true;
		mips_ask_errand(r, &r->reopen);
	}
	r->paid_since = r->ledger->instructions;
	r->paid = 0;
}

void mips_gear_flush(struct mips *mips)
{
	struct mips_runner *r = mips->runner;

	r->last_data = NO_PAGE;
	if (!r->filled)
		return;
	r->filled = r->mapped_held = false;
	engine_flush(r->engine);
	if (++r->flushes == 0)
		restart_stamps(r);
	pay(r);
}

/* --- set-MRU --- */

static bool is_mapped(vaddr_t address) { return address < KSEG0 || address >= KSEG2; }

/* The entry's page: of a pair, the even one. */
static uint32_t entry_page(const struct mips *mips, uint32_t page) { return mips->tlb->pairs ? page & ~1u : page; }

/* A page was used, and is the last one of its set: the engine is not to hold another of it. */
static void use_last(struct mips *mips, uint32_t page)
{
	struct mips_runner *r = mips->runner;
	struct held_set *set = &r->set[mips_tlb_set(mips->tlb, page)];

	if (set->at == r->flushes && set->page != entry_page(mips, page))
		mips_gear_flush(mips);
}

void mips_gear_fetched(struct mips *mips, vaddr_t address)
{
	if (mips->runner->gear == ENGINE_SET_MRU && is_mapped(address))
		use_last(mips, PAGE_OF(address));
}

void mips_gear_performed(struct mips *mips)
{
	if (mips->runner->gear == ENGINE_SET_MRU)
		mips_gear_flush(mips);
}

/* Data of a page are about to be used by the engine: it is touched, and held alone of its set. */
static void hold_in_set(struct mips *mips, laddr_t page, enum access access)
{
	struct mips_runner *r = mips->runner;
	uint32_t set = mips_tlb_set(mips->tlb, PAGE_OF(page));
	struct mips_place place;
	struct mips_fault fault;

	if (r->gear != ENGINE_SET_MRU || !is_mapped(page))
		return;
	mips_translate(mips, page, 1, access, &place, &fault);
	use_last(mips, PAGE_OF(page));
	r->set[set] = (struct held_set){ r->flushes, entry_page(mips, PAGE_OF(page)) };
	if (r->code_page != NO_PAGE && is_mapped(r->code_page << PAGE_SHIFT) && mips_tlb_set(mips->tlb, r->code_page) == set &&
	    entry_page(mips, r->code_page) != entry_page(mips, PAGE_OF(page)))
		r->code_page = NO_PAGE;
}

/* --- what the model tells --- */

static void forget_page(struct mips *mips, uint32_t page)
{
	struct mips_runner *r = mips->runner;
	const struct held_page *held = &r->held[page];

	if (page == r->code_page)
		r->code_page = NO_PAGE;
	mips_forget_recent_page(r, page);
	if (page == r->last_data)
		r->last_data = NO_PAGE;
	if (held->data_at == r->flushes || held->code_at == r->flushes)
		mips_gear_flush(mips);
}

static void on_flush_page(void *ctx, uint32_t page) { forget_page(ctx, page); }

/* Address space, error level or isolation: what of it matters is seen when the engine is entered. */
static void on_flush_all(void *ctx)
{
	struct mips *mips = ctx;

	mips->runner->code_page = NO_PAGE;
	mips_forget_recent(mips->runner);
	if (mips->runner->mapped_held || caches_isolated(mips))
		mips_gear_flush(mips);
}

static void on_written(void *ctx, paddr_t address, unsigned size) { mips_code_written(ctx, address, size); }

void mips_gear_listen(struct mips *mips)
{
	mips->engine = (struct mips_engine_listener){ mips, on_flush_all, on_flush_page, on_written };
}

void mips_gear_enter(struct mips *mips)
{
	struct mips_runner *r = mips->runner;
	bool user = mips_user_mode(mips);

	if (user != r->user)
		r->code_page = NO_PAGE;
	r->user = user;
	if (!mips->tlb->conflicts)
		return;
	mips_gear_flush(mips);
	mips_forget_recent(r);
}

/* --- fills --- */

static bool refuse(struct mips_runner *r, laddr_t page, enum access access)
{
	r->refused_page = PAGE_OF(page);
	r->refused_access = access;
	return false;
}

static void note_held(struct mips_runner *r, laddr_t page, const struct mips_place *place)
{
	r->filled = true;
	r->mapped_held |= place->entry >= 0 || page < KSEG0;
}

static bool fill_code(struct mips *mips, laddr_t page, struct engine_fill *fill)
{
	struct mips_runner *r = mips->runner;
	struct held_page *held = &r->held[PAGE_OF(page)];
	struct mips_place place;

	if (!mips_look(mips, page, ACCESS_FETCH, r->user, &place) || !place.memory)
		return refuse(r, page, ACCESS_FETCH);
	struct code_frame *frame = &r->frame[PAGE_OF(place.address)];
	/* What it can write may become unsafe behind our back: the run loop takes that from it, entering the page. */
	if (frame->written == r->flushes || !mips_frame_safe(mips, PAGE_OF(place.address)))
		return refuse(r, page, ACCESS_FETCH);
	note_held(r, page, &place);
	frame->fetched = r->flushes;
	held->code_at = r->flushes;
	held->code_frame = PAGE_OF(place.address);
	held->code_user = r->user;
	fill->frame = place.address & ~PAGE_MASK;
	fill->fetch = true;
	if (held->data_at == r->flushes && held->data_frame == held->code_frame && held->data_user == r->user) {
		fill->read = true;
		fill->write = held->write;
	}
	return true;
}

/* Every-access: a frame is shown by one page. */
static void show_frame(struct mips *mips, struct code_frame *frame, uint32_t page)
{
	struct mips_runner *r = mips->runner;

	if (r->gear != ENGINE_EVERY_ACCESS)
		return;
	if (frame->shown_at == r->flushes && frame->shown != page)
		mips_gear_flush(mips);
	frame->shown = page;
	frame->shown_at = r->flushes;
}

static bool fill_data(struct mips *mips, laddr_t page, enum access access, struct engine_fill *fill)
{
	struct mips_runner *r = mips->runner;
	struct held_page *held = &r->held[PAGE_OF(page)];
	struct mips_place place;

	if (caches_isolated(mips) || mips->tlb->conflicts || !mips_look(mips, page, access, r->user, &place) ||
	    !place.memory || !place.cached)
		return refuse(r, page, access);
	struct code_frame *frame = &r->frame[PAGE_OF(place.address)];
	if (access == ACCESS_WRITE && place.writable && !frame->translated && frame->fetched == r->flushes)
		mips_gear_flush(mips);
	bool write = place.writable && !frame->translated && frame->fetched != r->flushes;
	if (access == ACCESS_WRITE && !write)
		return refuse(r, page, access);
	hold_in_set(mips, page, access);
	show_frame(mips, frame, PAGE_OF(page));
	note_held(r, page, &place);
	if (write) {
		frame->written = r->flushes;
		frame->safety = FRAME_UNKNOWN;
	}
	held->data_at = r->flushes;
	held->data_frame = PAGE_OF(place.address);
	held->data_user = r->user;
	held->write = write;
	*fill = (struct engine_fill){ .frame = place.address & ~PAGE_MASK, .read = true, .write = write };
	fill->fetch = held->code_at == r->flushes && held->code_frame == held->data_frame && held->code_user == r->user;
	return true;
}

bool mips_gear_fill(void *ctx, laddr_t page, enum access access, struct engine_fill *fill)
{
	return access == ACCESS_FETCH ? fill_code(ctx, page, fill) : fill_data(ctx, page, access, fill);
}

/* --- every access --- */

/* The page that an access uses is touched; the code page is not the last one used any more. */
static void touch(struct mips *mips, uint32_t page, bool write)
{
	struct mips_runner *r = mips->runner;
	struct mips_place place;
	struct mips_fault fault;

	if (page == r->last_data)
		return;
	mips_translate(mips, page << PAGE_SHIFT, 1, write ? ACCESS_WRITE : ACCESS_READ, &place, &fault);
	r->last_data = page;
	if (page != r->code_page)
		r->code_page = NO_PAGE;
}

void mips_gear_memory(void *unused, int kind, uint64_t address, int size, int64_t value, void *ctx)
{
	struct mips *mips = ctx;
	struct mips_runner *r = mips->runner;
	bool write = kind == ENGINE_WRITE;

	(void)unused;
	(void)value;
	if (r->recency)
		touch(mips, r->frame[PAGE_OF(address)].shown, write);
	if (mips->data_cache && r->logged < LOG_MOST)
		r->log[r->logged++] = (struct logged_access){ (paddr_t)address, (uint8_t)size, write };
}
