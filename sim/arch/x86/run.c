/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The run loop: the engine runs ordinary instructions, and here is everything
 * that comes between.
 *
 *              advance: ONWARD_ENGINE           hook: advance, enter_engine
 *   SIMULATOR -----------------------> ENGINE ------------------------------> ENGINE
 *    ^  ^  | ONWARD_STEP                 |
 *    |  |  '--------> step (step.c) --.  | engine_stop by a hook, refused fill
 *    |  '-----------------------------'  |
 *    '-------------- engine_came_back ---'
 *    |
 *    '--ONWARD_STOP--> x86_run returns
 *
 * Boundaries.  At each block's beginning: the end of the run, devices whose time has come, interrupts (IF, and not in
 * the shadow of sti or a load of SS), then the instruction.  A performed instruction is a block of its own, so that
 * the same holds between performed instructions.
 *
 * Invariants
 *   1. when x86_run returns, struct x86_cpu is the whole state, at an instruction boundary.
 *   2. a boundary is passed once: advance, called again at the same instruction, goes on with it (`passed`).
 *   3. nothing that the engine does by chance (how often it asks, when it forgets) has an effect here.
 */
#include <string.h>
#include "sim/arch/x86/runner.h"
#include "sim/core/error.h"

/* --- the state goes from one to the other --- */

static void take_registers(struct x86 *x86, const laddr_t *at)
{
	struct engine_cpu from;
	struct x86_cpu *cpu = &x86->cpu;
	const uint32_t flags = ENGINE_FLAGS & ~(uint32_t)EFLAGS_TF;

	engine_store(x86->runner->engine, &from);
	memcpy(cpu->reg, from.reg, sizeof cpu->reg);
	cpu->eflags = (cpu->eflags & ~flags) | (from.eflags & flags);
	cpu->eip = at ? *at - cpu->seg[CS].base : from.eip;
}

void leave_engine(struct x86 *x86, const laddr_t *at)
{
	struct x86_runner *r = x86->runner;

	take_registers(x86, at);
	r->in_engine = r->restarted = false;
	/* The engine itself never sets RF; what it executed has used it up. */
	x86->cpu.eflags &= ~(uint32_t)EFLAGS_RF;
	x86->cpu.string_begun = r->current && r->current->repeated && r->current->start == linear_eip(x86);
}

void look_at_engine(struct x86 *x86, laddr_t at) { take_registers(x86, &at); }

static void give_segment(const struct x86_segment_cache *from, struct engine_segment *to)
{
	*to = (struct engine_segment){ from->selector, from->base, from->limit, from->usable ? from->rights : 0 };
}

void enter_engine(struct x86 *x86, uint32_t flags)
{
	struct x86_runner *r = x86->runner;
	const struct x86_cpu *cpu = &x86->cpu;
	struct engine_cpu to;

	segments_settle(x86);
	gear_enter(x86);
	memcpy(to.reg, cpu->reg, sizeof to.reg);
	to.eip = cpu->eip;
	to.eflags = (cpu->eflags & ~(uint32_t)EFLAGS_TF) | flags;
	to.cpl = cpu->cpl;
	for (unsigned n = 0; n < SEGMENTS; n++)
		give_segment(&cpu->seg[n], &to.seg[n]);
	engine_load(r->engine, &to);
	r->in_engine = true;
	set_limit(x86);
}

void set_limit(struct x86 *x86)
{
	struct x86_runner *r = x86->runner;
	const struct ledger *ledger = x86->ledger;

	r->limit = ledger->deadline < r->until ? ledger->deadline : r->until;
	if (r->asked || r->unsupported || r->errand || r->late_writes || r->stepping || r->resuming || r->restarted || r->passed ||
	    engine_is_flushing(r->engine))
		r->limit = 0;
}

/* --- at a boundary --- */

static bool must_stop(struct x86 *x86)
{
	struct x86_runner *r = x86->runner;

	if (r->unsupported)
		r->stop = PROCESSOR_STOP_UNSUPPORTED;
	else if (x86->cpu.shutdown)
		r->stop = PROCESSOR_STOP_TRIPLE_FAULT;
	else if (r->asked)
		r->stop = PROCESSOR_STOP_ASKED;
	else if (x86->ledger->now >= r->until)
		r->stop = PROCESSOR_STOP_LIMIT;
	else
		return false;
	return true;
}

static void run_events(struct x86 *x86)
{
	if (x86->ledger->now >= x86->ledger->deadline && x86->bus.run_events)
		x86->bus.run_events(x86->bus.ctx);
}

static bool interrupt_pending(const struct x86 *x86)
{
	return x86->cpu.eflags & EFLAGS_IF && x86->bus.interrupt_pending && x86->bus.interrupt_pending(x86->bus.ctx);
}

/* A transfer took place: no block runs. */
void transferred(struct x86_runner *r)
{
	r->current = NULL;
	r->taken = 0;
	r->predicted = false;
}

static bool take_interrupt(struct x86 *x86)
{
	if (x86->cpu.shadow || !interrupt_pending(x86))
		return false;
	uint32_t vector = (uint32_t)x86->bus.acknowledge(x86->bus.ctx);
	journal_append(x86->journal, EVENT_INTERRUPT, linear_eip(x86), 1, &vector);
	x86->cpu.halted = false;
	x86_trap(x86, (int)vector, TRAP_EXTERNAL, x86->cpu.eip, false, 0);
	transferred(x86->runner);
	return true;
}

/* hlt: time passes to the next event.  False: nothing will ever come. */
static bool idle(struct x86 *x86)
{
	struct x86_runner *r = x86->runner;
	cycle_t now = x86->ledger->now, next = x86->bus.next_event ? x86->bus.next_event(x86->bus.ctx) : CYCLE_NEVER;

	if (!(x86->cpu.eflags & EFLAGS_IF) || next == CYCLE_NEVER) {
		r->stop = PROCESSOR_STOP_HALTED;
		return false;
	}
	cycle_t until = next < r->until ? next : r->until;
	if (until > now)
		ledger_charge(x86->ledger, CAUSE_IDLE, until - now);
	return true;
}

void deliver_fault(struct x86 *x86, const struct x86_fault *fault)
{
	if (fault->vector == VECTOR_PF) {
		uint32_t arg[] = { fault->address, fault->error, x86->cpu.eip };
		x86->cpu.cr2 = fault->address;
		x86->count[COUNT_PAGE_FAULTS]++;
		journal_append(x86->journal, EVENT_PAGE_FAULT, linear_eip(x86), 3, arg);
	}
	x86_trap(x86, fault->vector, TRAP_EXCEPTION, x86->cpu.eip, fault->has_error, fault->error);
	transferred(x86->runner);
}

/* --- transfers that the limit of CS forbids --- */

static void move_stack(struct x86_cpu *cpu, uint32_t bytes)
{
	uint32_t mask = cpu->seg[SS].rights & RIGHTS_BIG ? 0xffffffff : 0xffff;

	cpu->reg[ESP] = (cpu->reg[ESP] & ~mask) | ((cpu->reg[ESP] + bytes) & mask);
}

void undo_transfer(struct x86 *x86, const struct x86_instruction *insn, laddr_t at)
{
	struct x86_cpu *cpu = &x86->cpu;
	uint32_t count = insn->address_size == 2 ? 0xffff : 0xffffffff;

	cpu->eip = at - cpu->seg[CS].base;
	if (insn->operation == OP_CALL)
		move_stack(cpu, insn->operand_size);
	else if (insn->operation == OP_RET)
		move_stack(cpu, 0u - insn->operand_size - insn->immediate);
	else if (insn->operation == OP_LOOP && insn->opcode != 0xe3) /* jecxz counts nothing */
		cpu->reg[ECX] = (cpu->reg[ECX] & ~count) | ((cpu->reg[ECX] + 1) & count);
}

bool left_window(struct x86 *x86, laddr_t at)
{
	const struct x86_fault fault = { .vector = VECTOR_GP, .has_error = true };
	const struct block *block = x86->runner->current;
	struct x86_instruction insn;

	if (!block || at == block->next || !beyond_window(x86, at))
		return false;
	code_decode(x86, block->branch, &insn);
	undo_transfer(x86, &insn, block->branch);
	deliver_fault(x86, &fault);
	return true;
}

/* --- instructions --- */

static bool within_code(const struct x86 *x86, const struct block *block)
{
	uint32_t last = x86->cpu.eip + block->bytes - 1;

	return !(x86->runner->attention & ATTEND_CODE) ||
	       (last <= x86->cpu.seg[CS].limit && last >= x86->cpu.eip);
}

static bool perform(struct x86 *x86, const struct block *block, struct x86_fault *fault)
{
	if (!within_code(x86, block)) {
		*fault = (struct x86_fault){ .vector = VECTOR_GP, .has_error = true };
		return false;
	}
	if (!enter_second_page(x86, block, fault))
		return false;
	if (block->function != x86->ledger->function)
		ledger_enter_function(x86->ledger, block->function);
	cache_code(x86, block);
	x86->debug_hits = 0;
	return x86_perform(x86, block->insn, fault);
}

static void perform_here(struct x86 *x86, const struct block *block)
{
	bool single_step = x86->cpu.eflags & EFLAGS_TF;
	struct x86_fault fault;

	transferred(x86->runner);
	if (!perform(x86, block, &fault))
		deliver_fault(x86, &fault);
	else if (single_step || x86->debug_hits)
		debug_after_performed(x86, block->last, single_step);
}

/* The instruction at eip is the engine's: how. */
static enum onward for_the_engine(struct x86 *x86)
{
	struct x86_runner *r = x86->runner;

	r->passed = true;
	if (r->early && r->early_at == linear_eip(x86))
		return ONWARD_STEP;
	r->early = false;
	if (x86->cpu.eflags & EFLAGS_TF || debug_enabled(x86))
		return ONWARD_STEP;
	if (x86->cpu.shadow && interrupt_pending(x86))
		return ONWARD_STEP;
	x86->cpu.shadow = false;
	return ONWARD_ENGINE;
}

/* True: something was done, and eip is at another boundary. */
static bool instruct(struct x86 *x86, enum onward *how)
{
	struct x86_fault fault;

	segments_settle(x86);
	if (debug_at_instruction(x86)) {
		fault = (struct x86_fault){ .vector = VECTOR_DB };
		x86->cpu.eflags |= EFLAGS_RF;
		deliver_fault(x86, &fault);
		return true;
	}
	if (enter_code(x86, linear_eip(x86), &fault) == CODE_FAULTED) {
		if (!left_window(x86, linear_eip(x86)))
			deliver_fault(x86, &fault);
		return true;
	}
	const struct block *block = performed_at(x86, linear_eip(x86));
	if (!block) {
		*how = for_the_engine(x86);
		return false;
	}
	perform_here(x86, block);
	return true;
}

/* What a boundary asks for before the instruction. */
enum boundary { BOUNDARY_PASSED, BOUNDARY_MOVED, BOUNDARY_STOP };

static enum boundary boundary(struct x86 *x86)
{
	if (must_stop(x86))
		return BOUNDARY_STOP;
	run_events(x86);
	if (take_interrupt(x86))
		return BOUNDARY_MOVED;
	if (!x86->cpu.halted)
		return BOUNDARY_PASSED;
	return idle(x86) ? BOUNDARY_MOVED : BOUNDARY_STOP;
}

enum onward advance(struct x86 *x86)
{
	struct x86_runner *r = x86->runner;
	enum onward how;

	code_late_writes(x86);
	for (;;) {
		enum boundary at = r->passed ? BOUNDARY_PASSED : boundary(x86);
		r->passed = false;
		if (at == BOUNDARY_STOP)
			return ONWARD_STOP;
		if (at == BOUNDARY_PASSED && !instruct(x86, &how))
			return how;
	}
}

/* --- hooks --- */

void go_on_in_hook(struct x86 *x86, bool jump)
{
	struct x86_runner *r = x86->runner;

	if (r->errand || advance(x86) != ONWARD_ENGINE || r->errand) {
		engine_stop(r->engine);
		return;
	}
	enter_engine(x86, 0);
	if (jump)
		engine_jump(r->engine, x86->cpu.eip);
}

/*
 * Where the instruction is that asked for the trap which came at `at`, after it: int n and int3 end a block; into,
 * which alone brings #OF about, may be in its midst.  False: the trap is an exception.
 */
static bool is_software(const struct block *block, laddr_t at, uint32_t vector, laddr_t *from)
{
	if (!block)
		return false;
	int after = block_index(block, at);
	*from = vector == VECTOR_OF && after > 0 ? block->start + block->offset[after - 1] : block->branch;
	return vector == VECTOR_OF || (at == block->next && (block->last == OP_INT || block->last == OP_INT3));
}

void take_exception(struct x86 *x86, uint32_t vector)
{
	const struct block *block = x86->runner->current;
	laddr_t at = linear_eip(x86), from;

	if (is_software(block, at, vector, &from)) {
		uint32_t return_eip = x86->cpu.eip;
		cut_current(x86, at);
		x86->cpu.eip = from - x86->cpu.seg[CS].base;
		x86_trap(x86, (int)vector, TRAP_SOFTWARE, return_eip, false, 0);
		transferred(x86->runner);
		return;
	}
	struct x86_fault fault = { .vector = (int)vector };
	fault.has_error = vector == VECTOR_DF || (vector >= VECTOR_TS && vector <= VECTOR_PF);
	cut_current(x86, at);
	deliver_fault(x86, &fault);
}

void interrupt_hook(void *ctx, uint32_t vector)
{
	struct x86 *x86 = ctx;
	struct x86_runner *r = x86->runner;

	if (r->stepping) {
		r->step_vector = vector;
		engine_stop(r->engine);
		return;
	}
	leave_engine(x86, NULL);
	take_exception(x86, vector);
	go_on_in_hook(x86, false);
}

/* --- the engine came back by itself --- */

static bool touches_page(const struct x86_cpu *cpu, const struct x86_access *access, uint32_t page)
{
	laddr_t first = cpu->seg[access->segment].base + access->offset;

	return PAGE_OF(first) == page || PAGE_OF(first + access->size - 1) == page;
}

/* The access that the engine was refused: its fault, with the exact address. */
static void refused_fault(struct x86 *x86, laddr_t at, struct x86_fault *fault)
{
	const struct x86_runner *r = x86->runner;
	struct x86_access access[X86_MAX_ACCESSES];
	struct x86_instruction insn;

	code_decode(x86, at, &insn);
	unsigned n = x86_accesses(&insn, &x86->cpu, access);
	*fault = r->refused;
	for (unsigned i = 0; i < n; i++) {
		if (!touches_page(&x86->cpu, &access[i], r->refused_page))
			continue;
		if (!x86_segment_check(&x86->cpu, &access[i], fault))
			return;
		if (access[i].write != (r->refused_access == ACCESS_WRITE))
			continue;
		laddr_t first = x86->cpu.seg[access[i].segment].base + access[i].offset;
		*fault = r->refused;
		fault->address = PAGE_OF(first) == r->refused_page ? first : r->refused_page << PAGE_SHIFT;
		break;
	}
	muk_assert(fault->vector >= 0); /* the engine accessed what the instruction does not */
}

void take_refusal(struct x86 *x86)
{
	struct x86_runner *r = x86->runner;
	laddr_t at = linear_eip(x86);
	struct x86_fault fault;

	if (r->refused_access == ACCESS_FETCH) {
		settle_branch(x86, at);
		if (left_window(x86, at))
			return;
		transferred(r);
		r->early = r->refused_page != PAGE_OF(at);
		r->early_at = at;
		return;
	}
	cut_current(x86, at);
	refused_fault(x86, at, &fault);
	deliver_fault(x86, &fault);
}

/* The engine takes up the current block where it stopped; what it must forget is forgotten on the way. */
static enum engine_stop resume(struct x86 *x86)
{
	struct x86_runner *r = x86->runner;

	leave_engine(x86, NULL);
	x86->cpu.string_begun = false; /* the iteration that is taken up is charged */
	r->resume_wanted = false;
	r->resuming = true;
	r->resume = linear_eip(x86);
	r->resume_predicted = r->predicted;
	r->predicted = false; /* not of the blocks that come first */
	enter_engine(x86, 0);
	return engine_run(r->engine, x86->cpu.eip);
}

static void engine_came_back(struct x86 *x86, enum engine_stop stop)
{
	const struct x86_fault undefined = { .vector = VECTOR_UD };
	struct x86_runner *r = x86->runner;

	muk_assert(stop != ENGINE_STOPPED);
	if (r->resuming)
		r->predicted = r->resume_predicted;
	r->resuming = false;
	leave_engine(x86, NULL);
	if (r->walk_wanted) {
		r->walk_wanted = false;
		r->walk = r->current;
	} else if (stop == ENGINE_REFUSED) {
		take_refusal(x86);
	} else {
		cut_current(x86, linear_eip(x86));
		deliver_fault(x86, &undefined);
	}
}

/* --- for others --- */

enum processor_stop x86_run(struct x86 *x86, cycle_t until, const char **what)
{
	struct x86_runner *r = x86->runner;
	enum onward how = ONWARD_ENGINE;

	r->until = until;
	r->unsupported = NULL;
	while (how != ONWARD_STOP) {
		if (!r->walk) {
			r->current = NULL;
			do_errands(x86);
			code_free_retired(x86);
		}
		how = r->walk ? ONWARD_STEP : advance(x86);
		if (how == ONWARD_STEP) {
			step(x86);
		} else if (how == ONWARD_ENGINE && !r->errand) {
			enter_engine(x86, 0);
			enum engine_stop stop = engine_run(r->engine, x86->cpu.eip);
			while (r->in_engine && stop == ENGINE_REFUSED && r->resume_wanted)
				stop = resume(x86);
			if (r->in_engine)
				engine_came_back(x86, stop);
		}
	}
	r->asked = false;
	*what = r->unsupported ? r->unsupported : "";
	return r->stop;
}
