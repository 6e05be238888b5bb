/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The block hook: what runs at the beginning of each block, before any of its
 * instructions; and the mark hook, in the midst.
 *
 * The short path serves a block of the page that the last one was in, which is
 * decoded and needs no attention: it adds cycles and instructions and is done.
 * Its length is the simulator's speed.
 *
 *   block_hook --short path--> the block runs
 *     `--attend--> boundary (events, interrupts)  -> go_on_in_hook
 *              --> enter_code: fault or stale     -> go_on_in_hook
 *              --> performed instruction          -> go_on_in_hook
 *              --> marks to be set, checks to be made at each instruction -> the run loop
 *              `-> the block runs
 *
 * Order at a block's beginning, in every gear and path alike: the branch before is settled (its cycles), then what is
 * due is done, then the page is touched, then the block is charged.
 *
 * Invariants
 *   1. `current` is the block that is running; NULL when none is.
 *   2. what `taken` and `predicted` hold back is charged once, at the place where control went.
 *   3. nothing is charged twice when a hook leaves and the engine enters again at the same address.
 */
#include "sim/arch/x86/runner.h"

/* --- the branch that ended the block before --- */

static void predict(struct x86 *x86, laddr_t at)
{
	struct x86_runner *r = x86->runner;
	const struct block *block = r->current;

	r->predicted = false;
	if (!block)
		return;
	bool taken = !block->conditional || at != block->next;
	if (branch_predict_update(&r->branches, block->branch, taken, at))
		ledger_execute(x86->ledger, 0, x86->model->cost[COST_JCC_MISPREDICT]);
}

void settle_branch(struct x86 *x86, laddr_t at)
{
	struct x86_runner *r = x86->runner;

	if (r->predicted)
		predict(x86, at);
	if (at != r->next)
		ledger_execute(x86->ledger, 0, r->taken);
	r->taken = 0;
}

/* --- beginning and cutting --- */

int block_index(const struct block *block, laddr_t at)
{
	uint32_t offset = at - block->start;

	for (int n = 0; n < block->instructions && block->offset[n] <= offset; n++)
		if (block->offset[n] == offset)
			return n;
	return -1;
}

void cut_current(struct x86 *x86, laddr_t at)
{
	struct x86_runner *r = x86->runner;
	const struct block *block = r->current;
	int n = block ? block_index(block, at) : -1;

	if (n < 0) {
		settle_branch(x86, at);
	} else if (block->repeated) {
		ledger_refund(x86->ledger, r->repeat_count, r->repeat_cycles);
	} else {
		ledger_refund(x86->ledger, block->count - block->counted[n], block->cycles - block->prefix[n]);
	}
	r->current = NULL;
	r->taken = 0;
	r->predicted = false;
}

/* A repeated cmps or scas comes once an iteration: the beginning is charged once, and an iteration that finds the
 * count used up is none. */
static void charge_repeated(struct x86 *x86, const struct block *block, bool continued)
{
	struct x86_runner *r = x86->runner;
	uint32_t count = r->in_engine ? engine_register(r->engine, ECX) : x86->cpu.reg[ECX];
	bool none = !(block->short_count ? count & 0xffff : count);

	r->repeat_count = !continued;
	r->repeat_cycles = (continued ? 0 : block->begin) + (none ? 0 : block->cycles);
	ledger_execute(x86->ledger, r->repeat_count, r->repeat_cycles);
	x86->cpu.string_begun = false;
}

void cache_code(struct x86 *x86, const struct block *block)
{
	paddr_t physical = x86->runner->code->frame << PAGE_SHIFT | (block->start & PAGE_MASK);
	uint32_t here = PAGE_SIZE - (block->start & PAGE_MASK), frame;

	if (!x86->mmu.code_cache)
		return;
	x86_cache_access(x86, physical, block->bytes < here ? block->bytes : here, ACCESS_FETCH);
	if (block->bytes > here && x86_look_fetch(x86, block->start + here, running_as(x86), &frame))
		x86_cache_access(x86, frame << PAGE_SHIFT, block->bytes - here, ACCESS_FETCH);
}

void begin_block(struct x86 *x86, const struct block *block)
{
	struct x86_runner *r = x86->runner;
	bool same = r->current && r->current->repeated && r->current->start == block->start;
	bool continued = same || x86->cpu.string_begun;

	if (block->function != x86->ledger->function)
		ledger_enter_function(x86->ledger, block->function);
	cache_code(x86, block);
	if (block->repeated)
		charge_repeated(x86, block, continued);
	else
		ledger_execute(x86->ledger, block->count, block->cycles);
	r->current = block;
	r->next = block->next;
	r->taken = block->taken;
	r->predicted = block->predicted;
}

/* --- attending --- */

/*
 * The engine meets a store into code that it is running by running the store again, alone, and then what follows: so it
 * comes here in the midst of a block that was charged whole.  How much code the engine runs at once is not the same in
 * each gear, and so that is no matter for the books, unless the block itself has changed: it ends then.
 *
 *   restarted_store --> the store runs --> goes_on_after_store: the block's rest, or the block was cut
 *
 * No jump looks like that: where the engine begins with one instruction that goes nowhere else, a page ends after it,
 * and so does the block, without a jump.
 */
static bool is_store(const struct x86_instruction *insn)
{
	return insn->writes || insn->stack > 0 || insn->operation == OP_PUSHA;
}

/* A call to itself is a jump. */
static bool calls_itself(const struct x86_instruction *insn)
{
	return !insn->has_memory && insn->has_immediate && insn->immediate + insn->length == 0;
}

static bool restarted_store(struct x86 *x86, laddr_t address, uint32_t size)
{
	struct x86_runner *r = x86->runner;
	struct x86_instruction insn;

	if (!r->current || block_index(r->current, address) < 0 || !r->code || r->code->page != PAGE_OF(address))
		return false;
	code_decode(x86, address, &insn);
	if (insn.length != size || !is_store(&insn) || (insn.ends_block && (insn.operation != OP_CALL || calls_itself(&insn))))
		return false;
	r->restarted = !insn.ends_block;
	set_limit(x86);
	return true;
}

static bool goes_on_after_store(struct x86 *x86, laddr_t address)
{
	struct x86_runner *r = x86->runner;

	r->restarted = false;
	if (!r->current || block_index(r->current, address) < 1)
		return false;
	if (block_is_current(x86, r->current)) {
		set_limit(x86);
		return true;
	}
	cut_current(x86, address);
	return false;
}

/* A crossing instruction's second page. */
bool enter_second_page(struct x86 *x86, const struct block *block, struct x86_fault *fault)
{
	laddr_t second = (block->start | PAGE_MASK) + 1;
	struct tlb_entry entry;

	if (!block->crossing)
		return true;
	x86->cpu.eip = block->start - x86->cpu.seg[CS].base;
	bool good = x86_translate(x86, second, ACCESS_FETCH, running_as(x86), &entry, fault);
	x86->runner->code_page = NO_PAGE;
	if (x86->runner->in_engine && gear_must_release(x86->runner))
		gear_flush(x86);
	return good;
}

static void out_of_hook(struct x86 *x86, laddr_t address)
{
	leave_engine(x86, &address);
	engine_stop(x86->runner->engine);
}

static void fault_in_hook(struct x86 *x86, laddr_t address, const struct x86_fault *fault)
{
	leave_engine(x86, &address);
	if (!left_window(x86, address))
		deliver_fault(x86, fault);
	go_on_in_hook(x86, true);
}

/* Runs the block that begins here, if nothing of it needs the simulator. */
static void attend_block(struct x86 *x86, laddr_t address, uint32_t size)
{
	struct x86_runner *r = x86->runner;
	bool changed;
	struct block *block = block_at(x86, address, size, &changed);
	struct x86_fault fault;

	if (block->performed || changed) {
		r->passed = true;
		leave_engine(x86, &address);
		go_on_in_hook(x86, true);
	} else if (!block->marked) {
		r->passed = true;
		r->unmarked = block;
		r->errand = true;
		out_of_hook(x86, address);
	} else if (!enter_second_page(x86, block, &fault)) {
		fault_in_hook(x86, address, &fault);
	} else if (block->attention & r->attention & ~ATTEND_ALWAYS || block->careful) {
		begin_block(x86, block);
		r->walk = block;
		out_of_hook(x86, address);
	} else {
		begin_block(x86, block);
	}
}

static __attribute__((noinline)) void attend(struct x86 *x86, laddr_t address, uint32_t size)
{
	struct x86_runner *r = x86->runner;
	struct x86_fault fault;

	if (r->stepping || engine_is_flushing(r->engine))
		return;
	if (r->resuming) { /* the block that is charged goes on */
		r->resuming = false;
		r->predicted = r->resume_predicted;
		set_limit(x86);
		return;
	}
	if (r->restarted && goes_on_after_store(x86, address))
		return;
	if (restarted_store(x86, address, size))
		return;
	settle_branch(x86, address);
	bool passed = r->passed;
	r->passed = false;
	if (x86->ledger->now >= r->limit)
		set_limit(x86); /* it may have been there to get here */
	if (!passed && x86->ledger->now >= r->limit) {
		leave_engine(x86, &address);
		go_on_in_hook(x86, true);
		return;
	}
	switch (enter_code(x86, address, &fault)) {
	case CODE_ENTERED:
		if (!gear_must_release(r)) {
			attend_block(x86, address, size);
			break;
		}
		/* fall through */
	case CODE_STALE:
		r->passed = true;
		leave_engine(x86, &address);
		go_on_in_hook(x86, true);
		break;
	case CODE_FAULTED:
		fault_in_hook(x86, address, &fault);
		break;
	}
}

/* --- the hooks --- */

/* Another function begins with this block: what passed is booked for the one before. */
static __attribute__((noinline)) void enter_in_function(struct x86_runner *r, const struct block *block)
{
	ledger_enter_function(r->ledger, block->function);
	ledger_execute(r->ledger, block->count, block->cycles);
}

/* A prediction is settled on the short path unless control is in the midst of the block before: see attend. */
static inline bool settles_shortly(const struct x86_runner *r, laddr_t address)
{
	return address - r->current->start - 1 >= (uint32_t)r->current->bytes - 1;
}

/*
 * The short path, once the page is the code page.  Whatever it calls it calls last: so it needs no register of its
 * caller's and saves none, a third of its time.
 */
static inline __attribute__((always_inline)) void enter_in_page(struct x86_runner *r, laddr_t address, uint32_t size,
                                                                bool predicting)
{
	struct ledger *ledger = r->ledger;
	cycle_t now = ledger->now + (address == r->next ? 0 : r->taken);
	const struct block *block = r->table[address & PAGE_MASK];

	if (unlikely(now >= r->limit || !block || block->engine_size != size || block->attention & r->attention)) {
		attend(r->x86, address, size);
		return;
	}
	ledger->now = now;
	r->current = block;
	r->next = block->next;
	r->taken = block->taken;
	if (predicting)
		r->predicted = block->predicted;
	if (unlikely(block->function != ledger->function)) {
		enter_in_function(r, block);
		return;
	}
	ledger_execute(ledger, block->count, block->cycles);
}

/* The page is not that of the block before: perhaps one of a little while ago. */
static __attribute__((noinline)) void enter_other_page(struct x86_runner *r, laddr_t address, uint32_t size)
{
	if (r->ledger->now + (address == r->next ? 0 : r->taken) < r->limit && enter_recent(r, PAGE_OF(address)))
		enter_in_page(r, address, size, true);
	else
		attend(r->x86, address, size);
}

void block_hook(void *unused, uint64_t address64, uint32_t size, void *ctx)
{
	struct x86_runner *r = ctx;
	laddr_t address = (laddr_t)address64;

	(void)unused;
	if (likely(PAGE_OF(address) == r->code_page))
		enter_in_page(r, address, size, false);
	else
		enter_other_page(r, address, size);
}

void block_hook_predicting(void *unused, uint64_t address64, uint32_t size, void *ctx)
{
	struct x86_runner *r = ctx;
	laddr_t address = (laddr_t)address64;

	(void)unused;
	if (r->predicted && settles_shortly(r, address))
		predict(r->x86, address);
	if (unlikely(r->predicted))
		attend(r->x86, address, size);
	else if (likely(PAGE_OF(address) == r->code_page))
		enter_in_page(r, address, size, true);
	else
		enter_other_page(r, address, size);
}

void fire_probe(struct x86 *x86, const struct block *block, laddr_t at)
{
	int n = block_index(block, at);

	for (unsigned probe = 0; probe < block->probes; probe++) {
		if (block->probe[probe].address != at)
			continue;
		uint32_t count = block->count - block->counted[n], cycles = block->cycles - block->prefix[n];
		ledger_refund(x86->ledger, count, cycles);
		x86->code_map.fire(x86->code_map.ctx, block->probe[probe].probe);
		ledger_execute(x86->ledger, count, cycles);
	}
}

/* Reads the engine's registers so that a probe sees them; the engine keeps the state. */
static void fire_in_engine(struct x86 *x86, const struct block *block, laddr_t at)
{
	for (unsigned probe = 0; probe < block->probes; probe++) {
		if (block->probe[probe].address != at)
			continue;
		look_at_engine(x86, at);
		fire_probe(x86, block, at);
		return;
	}
}

void mark_hook(void *unused, uint64_t address64, uint32_t size, void *ctx)
{
	struct x86 *x86 = ctx;
	struct x86_runner *r = x86->runner;
	const struct block *block = r->current;
	laddr_t address = (laddr_t)address64;

	(void)unused;
	(void)size;
	if (r->stepping || engine_is_flushing(r->engine) || !block)
		return;
	if (address != block->next || block->cut == CUT_NONE) {
		fire_in_engine(x86, block, address);
	} else if (block->cut == CUT_PERFORMED) {
		leave_engine(x86, &address);
		go_on_in_hook(x86, true);
	} else {
		attend(x86, address, block->start + block->engine_size - address);
	}
}
