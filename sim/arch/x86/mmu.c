/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memory management unit: the walk of the page tables, the model's TLBs and
 * caches.  The simulator's own accesses: memory.c.
 *
 * Source: i386 §5.2, §5.3; i486 chapter 5 (CR0.WP, invlpg); Pentium volume 3 (CR4, 4 MB pages).
 *
 *   x86_translate:   hit --rights--> done
 *                     |  `--write to a clean entry--> walk for D --> done
 *                   miss --> walk --> fill --> done
 *                             `--> page fault (the walk is charged)
 *
 * Invariants
 *   1. an entry is used as it was filled: tables that change meanwhile are not seen before a flush, as on the
 *      processor.
 *   2. A and D are set only by accesses that are allowed.
 *   3. user and writable of an entry are both levels' bits, combined; CR0.WP is judged at the access.
 *   4. with tags, a tag belongs to one page directory at a time; tags go round, and a tag taken away is flushed.
 *      Where there are global pages too, the highest tag is theirs (mmu.h), and no directory's.
 *
 * A TLB that software refills (tlb.refill, what if) takes a stated cost for each miss and each setting of D, in place of
 * what the walk takes; what is found and set is the same.
 *
 * Tagged models: loading CR3 changes the tag and flushes nothing; loading the directory that is running flushes its
 * own tag, since a kernel does that for no other purpose.
 */
#include <string.h>
#include "sim/arch/x86/mmu.h"
#include "sim/core/error.h"

/* --- making --- */

static bool make_tlbs(struct x86 *x86)
{
	const struct model *model = x86->model;
	struct x86_mmu *mmu = &x86->mmu;

	mmu->data = tlb_create(model->split_tlb ? &model->data_tlb : &model->tlb);
	if (!mmu->data)
		return false;
	if (model->split_tlb && !(mmu->code = tlb_create(&model->code_tlb)))
		return false;
	return !model->large_tlb.entries || (mmu->large = tlb_create(&model->large_tlb));
}

static bool make_caches(struct x86 *x86)
{
	const struct model *model = x86->model;
	struct x86_mmu *mmu = &x86->mmu;

	if (!model->cache_enabled)
		return true;
	mmu->data_cache = cache_create(model->split_cache ? &model->data_cache : &model->cache);
	mmu->code_cache = model->split_cache ? cache_create(&model->code_cache) : mmu->data_cache;
	return mmu->data_cache && mmu->code_cache;
}

bool x86_mmu_init(struct x86 *x86)
{
	memset(&x86->mmu, 0, sizeof x86->mmu);
	if (make_tlbs(x86) && make_caches(x86))
		return true;
	x86_mmu_free(x86);
	return false;
}

void x86_mmu_free(struct x86 *x86)
{
	struct x86_mmu *mmu = &x86->mmu;

	tlb_destroy(mmu->data);
	tlb_destroy(mmu->code);
	tlb_destroy(mmu->large);
	if (mmu->code_cache != mmu->data_cache)
		cache_destroy(mmu->code_cache);
	cache_destroy(mmu->data_cache);
	memset(mmu, 0, sizeof *mmu);
}

/* --- physical memory --- */

/* Memory that is not there reads as ones and ignores writes. */
uint32_t mmu_read32(const struct x86 *x86, paddr_t address)
{
	uint32_t value = 0xffffffffu;

	if (address <= x86->ram_size - 4)
		memcpy(&value, x86->ram + address, 4);
	return value;
}

static void physical_write32(struct x86 *x86, paddr_t address, uint32_t value)
{
	if (address > x86->ram_size - 4)
		return;
	memcpy(x86->ram + address, &value, 4);
	if (x86->engine.written)
		x86->engine.written(x86->engine.ctx, address, 4);
}

static void count_misses(struct x86 *x86, const struct cache_result *result, bool code)
{
	x86->count[COUNT_CACHE_MISSES] += result->misses;
	x86->count[code ? COUNT_CODE_CACHE_MISSES : COUNT_DATA_CACHE_MISSES] += result->misses;
}

void x86_cache_access(struct x86 *x86, paddr_t address, unsigned size, enum access access)
{
	bool code = access == ACCESS_FETCH;
	struct cache *cache = code ? x86->mmu.code_cache : x86->mmu.data_cache;
	const struct model *model = x86->model;

	if (!cache || !size)
		return;
	struct cache_result result = cache_access(cache, address, size, access == ACCESS_WRITE);
	const struct cache_geometry *geometry = !model->split_cache ? &model->cache
	                                        : code ? &model->code_cache : &model->data_cache;
	cycle_t cycles = (cycle_t)result.misses * model->cost[COST_CACHE_MISS] +
	                 (cycle_t)result.write_backs * model->cost[COST_CACHE_WRITE_BACK];
	if (geometry->write == CACHE_WRITE_BACK)
		cycles += (cycle_t)result.write_misses * model->cost[COST_CACHE_WRITE_MISS];
	count_misses(x86, &result, code);
	if (cycles)
		ledger_charge(x86->ledger, CAUSE_CACHE, cycles);
}

/* --- the walk --- */

/* What a walk found. */
struct walk {
	paddr_t pde_address, pte_address;
	uint32_t pde, pte;       /* large: pte is the pde */
	bool present, large;
	bool user, writable;
	bool missed;             /* a table entry was not in the cache */
	uint32_t waits;          /* cycles of waiting for memory */
};

static uint32_t walk_read(struct x86 *x86, paddr_t address, struct walk *walk)
{
	if (x86->mmu.data_cache && x86->model->walk_cached) {
		struct cache_result result = cache_access(x86->mmu.data_cache, address, 4, false);
		walk->missed |= result.misses != 0;
		count_misses(x86, &result, false);
	}
	walk->waits += x86_wait_cycles(x86->model, 4, false);
	return mmu_read32(x86, address);
}

bool mmu_is_large(const struct x86 *x86, uint32_t pde)
{
	return pde & PDE_PS && x86->model->large_pages && x86->cpu.cr4 & CR4_PSE;
}

static void walk_tables(struct x86 *x86, laddr_t address, struct walk *walk)
{
	*walk = (struct walk){ .pde_address = (x86->cpu.cr3 & ~PAGE_MASK) + (address >> 22) * 4 };
	walk->pde = walk_read(x86, walk->pde_address, walk);
	if (!(walk->pde & PTE_P))
		return;
	walk->large = mmu_is_large(x86, walk->pde);
	walk->pte_address = walk->pde_address;
	walk->pte = walk->pde;
	if (!walk->large) {
		walk->pte_address = (walk->pde & ~PAGE_MASK) + (address >> PAGE_SHIFT & 0x3ff) * 4;
		walk->pte = walk_read(x86, walk->pte_address, walk);
	}
	walk->present = walk->pte & PTE_P;
	walk->user = walk->pde & walk->pte & PTE_U;
	walk->writable = walk->pde & walk->pte & PTE_W;
}

static void walk_write(struct x86 *x86, paddr_t address, uint32_t value, struct walk *walk)
{
	walk->waits += x86_wait_cycles(x86->model, 4, true);
	physical_write32(x86, address, value);
}

/* Sets A and, for a write, D; returns whether memory changed. */
static bool walk_mark(struct x86 *x86, struct walk *walk, bool write)
{
	uint32_t leaf = walk->pte | PTE_A | (write ? (uint32_t)PTE_D : 0);
	bool changed = leaf != walk->pte;

	if (changed)
		walk_write(x86, walk->pte_address, leaf, walk);
	if (!walk->large && !(walk->pde & PTE_A)) {
		walk_write(x86, walk->pde_address, walk->pde | PTE_A, walk);
		changed = true;
	}
	return changed;
}

static uint32_t charge_walk(struct x86 *x86, const struct walk *walk, bool marked)
{
	uint32_t cycles = x86->model->cost[walk->missed ? COST_WALK_MISS : COST_WALK_HIT];

	if (x86->model->tlb_refill_software) {
		cycles = x86->model->cost[COST_REFILL_SOFTWARE];
		ledger_charge(x86->ledger, CAUSE_TLB_REFILL, cycles);
		return cycles;
	}
	cycles += walk->waits;
	if (marked)
		cycles += x86->model->cost[COST_WALK_AD];
	ledger_charge(x86->ledger, CAUSE_TLB_WALK, cycles);
	return cycles;
}

/* --- rights --- */

static bool allowed(const struct x86 *x86, bool user, bool writable, enum access access, enum x86_privilege as)
{
	if (as == AS_USER)
		return user && (writable || access != ACCESS_WRITE);
	return writable || access != ACCESS_WRITE || !(x86->model->write_protect && x86->cpu.cr0 & CR0_WP);
}

bool x86_may_write(const struct x86 *x86, const struct tlb_entry *entry, enum x86_privilege as)
{
	return allowed(x86, entry->user, entry->writable, ACCESS_WRITE, as);
}

static bool page_fault(struct x86_fault *fault, laddr_t address, enum access access, enum x86_privilege as,
                       bool present)
{
	*fault = (struct x86_fault){ .vector = VECTOR_PF, .has_error = true, .address = address };
	fault->error = (present ? PF_PRESENT : 0) | (access == ACCESS_WRITE ? PF_WRITE : 0) |
	               (as == AS_USER ? PF_USER : 0);
	return false;
}

/* --- the TLBs --- */

static struct tlb *tlb_for(const struct x86 *x86, enum access access)
{
	return access == ACCESS_FETCH && x86->mmu.code ? x86->mmu.code : x86->mmu.data;
}

static void touched(struct x86 *x86, struct tlb *tlb, uint32_t page)
{
	if (x86->engine.touched)
		x86->engine.touched(x86->engine.ctx, tlb, page);
}

static void evicted(struct x86 *x86, const struct tlb *tlb, const struct tlb_entry *victim)
{
	if (victim->tag != x86->mmu.tag && !victim->global)
		return;
	if (tlb == x86->mmu.large) {
		if (x86->engine.flush_all)
			x86->engine.flush_all(x86->engine.ctx);
	} else if (x86->engine.flush_page) {
		x86->engine.flush_page(x86->engine.ctx, victim->page);
	}
}

/* The entry of an address, touched; NULL on a miss. *tlb: where it is. */
static struct tlb_entry *lookup(struct x86 *x86, laddr_t address, enum access access, struct tlb **tlb)
{
	struct tlb_entry *entry;

	*tlb = tlb_for(x86, access);
	entry = tlb_touch(*tlb, PAGE_OF(address), mmu_tag_of(x86, *tlb, PAGE_OF(address)));
	if (!entry && x86->mmu.large) {
		*tlb = x86->mmu.large;
		entry = tlb_touch(*tlb, address >> LARGE_SHIFT, mmu_tag_of(x86, *tlb, address >> LARGE_SHIFT));
	}
	if (entry)
		touched(x86, *tlb, entry->page);
	return entry;
}

static struct tlb_entry entry_of(const struct x86 *x86, laddr_t address, const struct walk *walk, bool in_large)
{
	struct tlb_entry entry = { .tag = x86->mmu.tag, .valid = true, .user = walk->user, .writable = walk->writable };

	entry.dirty = walk->pte & PTE_D;
	entry.global = walk->pte & PTE_G && x86->model->global_pages && x86->cpu.cr4 & CR4_PGE;
	if (entry.global && mmu_has_global_tag(x86))
		entry.tag = mmu_global_tag(x86);
	if (in_large) {
		entry.page = address >> LARGE_SHIFT;
		entry.frame = walk->pte >> LARGE_SHIFT;
	} else {
		entry.page = PAGE_OF(address);
		paddr_t piece = (walk->pte & LARGE_FRAME) | (address & ~LARGE_FRAME);
		entry.frame = PAGE_OF(walk->large ? piece : walk->pte);
	}
	return entry;
}

static struct tlb_entry *fill(struct x86 *x86, laddr_t address, enum access access, const struct walk *walk,
                              struct tlb **tlb)
{
	bool in_large = walk->large && x86->mmu.large, full;
	struct tlb_entry entry = entry_of(x86, address, walk, in_large), victim;

	entry.dirty |= access == ACCESS_WRITE;
	*tlb = in_large ? x86->mmu.large : tlb_for(x86, access);
	struct tlb_entry *place = tlb_fill(*tlb, &entry, &victim, &full);
	if (full)
		evicted(x86, *tlb, &victim);
	touched(x86, *tlb, entry.page);
	return place;
}

static void report_miss(struct x86 *x86, laddr_t address, enum access access, uint32_t cycles)
{
	uint32_t arg[] = { address, access, cycles };

	x86->count[COUNT_TLB_MISSES]++;
	x86->count[access == ACCESS_FETCH ? COUNT_CODE_TLB_MISSES : COUNT_DATA_TLB_MISSES]++;
	journal_append(x86->journal, EVENT_TLB_MISS, x86->cpu.seg[CS].base + x86->cpu.eip, 3, arg);
}

static struct tlb_entry *miss(struct x86 *x86, laddr_t address, enum access access, enum x86_privilege as,
                              struct tlb **tlb, struct x86_fault *fault)
{
	struct walk walk;

	walk_tables(x86, address, &walk);
	bool good = walk.present && allowed(x86, walk.user, walk.writable, access, as);
	bool marked = good && walk_mark(x86, &walk, access == ACCESS_WRITE);
	report_miss(x86, address, access, charge_walk(x86, &walk, marked));
	if (good)
		return fill(x86, address, access, &walk, tlb);
	page_fault(fault, address, access, as, walk.present);
	return NULL;
}

/* A write to a page whose entry says clean: the processor walks again to set D. */
static void set_dirty(struct x86 *x86, laddr_t address, struct tlb_entry *entry)
{
	struct walk walk;

	walk_tables(x86, address, &walk);
	bool marked = walk.present && walk_mark(x86, &walk, true);
	charge_walk(x86, &walk, marked);
	entry->dirty = true;
}

static void translation_4k(const struct x86 *x86, laddr_t address, const struct tlb *tlb,
                           const struct tlb_entry *entry, struct tlb_entry *out)
{
	*out = *entry;
	if (tlb != x86->mmu.large)
		return;
	out->page = PAGE_OF(address);
	out->frame = entry->frame << (LARGE_SHIFT - PAGE_SHIFT) | (PAGE_OF(address) & 0x3ff);
}

static void translation_unpaged(laddr_t address, struct tlb_entry *out)
{
	*out = (struct tlb_entry){ .page = PAGE_OF(address), .frame = PAGE_OF(address), .valid = true, .user = true,
	                           .writable = true, .dirty = true };
}

bool x86_translate(struct x86 *x86, laddr_t address, enum access access, enum x86_privilege as,
                   struct tlb_entry *entry, struct x86_fault *fault)
{
	struct tlb *tlb;

	if (!(x86->cpu.cr0 & CR0_PG)) {
		translation_unpaged(address, entry);
		return true;
	}
	struct tlb_entry *found = lookup(x86, address, access, &tlb);
	if (!found) {
		found = miss(x86, address, access, as, &tlb, fault);
		if (!found)
			return false;
	} else if (!allowed(x86, found->user, found->writable, access, as)) {
		return page_fault(fault, address, access, as, true);
	} else if (access == ACCESS_WRITE && !found->dirty) {
		set_dirty(x86, address, found);
	}
	translation_4k(x86, address, tlb, found, entry);
	return true;
}

/* --- flushing --- */

static void engine_flush_all(struct x86 *x86)
{
	if (x86->engine.flush_all)
		x86->engine.flush_all(x86->engine.ctx);
}

static void flush_tlbs(struct x86 *x86, bool keep_global)
{
	struct tlb *const tlb[MODEL_TLBS] = { x86->mmu.data, x86->mmu.code, x86->mmu.large };

	for (unsigned n = 0; n < MODEL_TLBS; n++)
		if (tlb[n])
			tlb_flush_all(tlb[n], keep_global);
}

static void flush_tag(struct x86 *x86, uint16_t tag)
{
	struct tlb *const tlb[MODEL_TLBS] = { x86->mmu.data, x86->mmu.code, x86->mmu.large };

	for (unsigned n = 0; n < MODEL_TLBS; n++)
		if (tlb[n])
			tlb_flush_tag(tlb[n], tag);
}

static uint32_t tag_count(const struct x86 *x86)
{
	uint32_t bits = tlb_geometry(x86->mmu.data)->tag_bits, room = sizeof x86->mmu.tag_owner / sizeof(uint32_t);

	uint32_t tags = bits == 0 ? 0 : (1u << bits) - mmu_has_global_tag(x86);

	return tags < room ? tags : room;
}

/* The tag of the directory in CR3; a new directory takes the next tag in turn. */
static uint16_t tag_of(struct x86 *x86, uint32_t count)
{
	struct x86_mmu *mmu = &x86->mmu;
	uint32_t directory = x86->cpu.cr3 & ~PAGE_MASK;
	uint32_t used = mmu->tags_used < count ? mmu->tags_used : count;

	for (uint32_t tag = 0; tag < used; tag++)
		if (mmu->tag_owner[tag] == directory)
			return (uint16_t)tag;
	uint32_t tag = mmu->tags_used % count;
	if (mmu->tags_used >= count)
		flush_tag(x86, (uint16_t)tag);
	/* From count to 2 count - 1 and round: the number in turn, and that all are taken. */
	mmu->tags_used = mmu->tags_used + 1 == 2 * count ? count : mmu->tags_used + 1;
	mmu->tag_owner[tag] = directory;
	return (uint16_t)tag;
}

void x86_mmu_load_cr3(struct x86 *x86)
{
	uint32_t count = tag_count(x86);

	if (!count) {
		flush_tlbs(x86, x86->model->global_pages && x86->cpu.cr4 & CR4_PGE);
	} else {
		bool first = x86->mmu.tags_used == 0;
		uint16_t tag = tag_of(x86, count);
		if (tag == x86->mmu.tag && !first)
			flush_tag(x86, tag);
		x86->mmu.tag = tag;
	}
	engine_flush_all(x86);
}

void x86_mmu_flush(struct x86 *x86)
{
	flush_tlbs(x86, false);
	engine_flush_all(x86);
}

/* A page of a TLB, of this space and, with tags, the global one. True if it was there. */
static bool forget_page(struct x86 *x86, struct tlb *tlb, uint32_t page)
{
	bool was = tlb_flush_page(tlb, page, x86->mmu.tag);

	if (mmu_has_global_tag(x86))
		was |= tlb_flush_page(tlb, page, mmu_global_tag(x86));
	return was;
}

void x86_mmu_invlpg(struct x86 *x86, laddr_t address)
{
	struct x86_mmu *mmu = &x86->mmu;

	forget_page(x86, mmu->data, PAGE_OF(address));
	if (mmu->code)
		forget_page(x86, mmu->code, PAGE_OF(address));
	if (mmu->large && forget_page(x86, mmu->large, address >> LARGE_SHIFT))
		engine_flush_all(x86);
	else if (x86->engine.flush_page)
		x86->engine.flush_page(x86->engine.ctx, PAGE_OF(address));
}

/* --- a quiet look at what a fetch would find --- */

bool x86_look_fetch(const struct x86 *x86, laddr_t address, enum x86_privilege as, uint32_t *frame)
{
	if (!(x86->cpu.cr0 & CR0_PG)) {
		*frame = PAGE_OF(address);
		return true;
	}
	const struct tlb *tlb = tlb_for(x86, ACCESS_FETCH);
	const struct tlb_entry *entry = tlb_probe(tlb, PAGE_OF(address), mmu_tag_of(x86, tlb, PAGE_OF(address)));
	struct tlb_entry small;
	if (!entry && x86->mmu.large) {
		tlb = x86->mmu.large;
		entry = tlb_probe(tlb, address >> LARGE_SHIFT, mmu_tag_of(x86, tlb, address >> LARGE_SHIFT));
	}
	if (entry) {
		translation_4k(x86, address, tlb, entry, &small);
		*frame = small.frame;
		return entry->user || as == AS_SUPERVISOR;
	}
	uint32_t pde = mmu_read32(x86, (x86->cpu.cr3 & ~PAGE_MASK) + (address >> 22) * 4), pte = pde;
	if (pde & PTE_P && !mmu_is_large(x86, pde))
		pte = mmu_read32(x86, (pde & ~PAGE_MASK) + (address >> PAGE_SHIFT & 0x3ff) * 4);
	paddr_t physical;
	if (!x86_look_translate(x86, address, &physical))
		return false;
	*frame = PAGE_OF(physical);
	return pde & pte & PTE_U || as == AS_SUPERVISOR;
}
