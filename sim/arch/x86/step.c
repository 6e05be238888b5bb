/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One instruction at a time: where the engine must not run freely.
 *
 *   EFLAGS.TF, breakpoints in DR0..3        each instruction alone
 *   an interrupt waits in the shadow of sti or a load of SS: the one instruction
 *   a block with accesses through odd segments (window.c): the block, each access checked before it is made
 *   a block that runs into a page that cannot be fetched: the engine would fault too early
 *   the rest of a block from a store on into the page of code that it is in (gear.c)
 *
 * The engine executes the instruction with TF set, and its trap after it is ours.  Breakpoints: i386 §12.
 *
 *   step --> check --> execute --> trap (TF, data breakpoint) or next
 *              |          `--> exception, int n, page fault (run.c)
 *              `--> #GP, #SS of the segment
 *
 * Invariants
 *   1. the block that is gone through was charged whole; what is not reached is refunded (cut_current).
 *   2. the guest's TF lives in struct x86_cpu alone; the engine's is ours.
 */
#include "sim/arch/x86/runner.h"

enum { NO_VECTOR = 0xffffffffu };
#define DR6_SINGLE_STEP (1u << 14)

/* --- breakpoints --- */

static bool is_enabled(const struct x86_cpu *cpu, unsigned n) { return cpu->dr[7] >> (2 * n) & 3; }

bool debug_at_instruction(struct x86 *x86)
{
	struct x86_cpu *cpu = &x86->cpu;
	uint32_t hits = 0;

	if (!debug_enabled(x86) || cpu->eflags & EFLAGS_RF)
		return false;
	for (unsigned n = 0; n < 4; n++)
		if (is_enabled(cpu, n) && !(cpu->dr[7] >> (16 + 4 * n) & 3) && cpu->dr[n] == linear_eip(x86))
			hits |= 1u << n;
	cpu->dr[6] |= hits;
	return hits;
}

static void debug_trap(struct x86 *x86, uint32_t hits, bool single_step)
{
	x86->cpu.dr[6] |= hits | (single_step ? DR6_SINGLE_STEP : 0);
	x86_trap(x86, VECTOR_DB, TRAP_EXCEPTION, x86->cpu.eip, false, 0);
	transferred(x86->runner);
}

/* A load of SS holds the trap off too; sti does not. */
void debug_after_performed(struct x86 *x86, uint8_t operation, bool single_step)
{
	if (x86->cpu.shadow && operation != OP_STI && !x86->debug_hits)
		return;
	debug_trap(x86, x86->debug_hits, single_step);
}

/* --- checks --- */

static bool code_within(const struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	uint32_t last = x86->cpu.eip + insn->length - 1;

	*fault = (struct x86_fault){ .vector = VECTOR_GP, .has_error = true };
	return !(x86->runner->attention & ATTEND_CODE) ||
	       (last <= x86->cpu.seg[CS].limit && last >= x86->cpu.eip);
}

/* Translates an access, so that the engine will not be refused it. */
static bool translate(struct x86 *x86, laddr_t at, const struct x86_access *access, struct x86_fault *fault)
{
	enum access kind = access->write ? ACCESS_WRITE : ACCESS_READ;
	laddr_t last = at + access->size - 1;
	struct tlb_entry entry;

	return x86_translate(x86, at, kind, running_as(x86), &entry, fault) &&
	       (PAGE_OF(last) == PAGE_OF(at) || x86_translate(x86, last & ~PAGE_MASK, kind, running_as(x86), &entry, fault));
}

/* Checks all accesses of an instruction; *hits: the breakpoints that they will meet. */
static bool check(struct x86 *x86, const struct x86_instruction *insn, uint32_t *hits, struct x86_fault *fault)
{
	struct x86_access access[X86_MAX_ACCESSES];

	*hits = 0;
	if (!code_within(x86, insn, fault))
		return false;
	unsigned n = x86_accesses(insn, &x86->cpu, access);
	for (unsigned i = 0; i < n; i++) {
		if (!x86_segment_check(&x86->cpu, &access[i], fault))
			return false;
		laddr_t at = x86->cpu.seg[access[i].segment].base + access[i].offset;
		if (rotates_through_carry(insn) && !translate(x86, at, &access[i], fault))
			return false;
		*hits |= x86_debug_match(&x86->cpu, at, access[i].size, access[i].write);
	}
	return true;
}

/* --- executing --- */

/* True: the instruction is complete.  False: it faulted or trapped, and that is delivered. */
static bool execute(struct x86 *x86)
{
	struct x86_runner *r = x86->runner;
	const struct x86_fault undefined = { .vector = VECTOR_UD };
	bool predicted = r->predicted;

	r->step_vector = NO_VECTOR;
	r->stepping = true;
	r->predicted = false; /* kept from the block hook until the block is done */
	code_make_sure(x86);
	enter_engine(x86, EFLAGS_TF);
	enum engine_stop stop = engine_run(r->engine, x86->cpu.eip);
	r->stepping = false;
	r->predicted = predicted;
	leave_engine(x86, NULL);
	if (r->outside)
		gear_flush(x86);
	r->outside = false;
	code_late_writes(x86);
	if (stop == ENGINE_STOPPED && r->step_vector == VECTOR_DB)
		return true;
	if (stop == ENGINE_STOPPED) {
		take_exception(x86, r->step_vector);
	} else if (stop == ENGINE_REFUSED) {
		take_refusal(x86);
	} else {
		cut_current(x86, linear_eip(x86));
		deliver_fault(x86, &undefined);
	}
	return false;
}

/* Control has gone beyond the limit of CS: #GP of the transfer, as if it had not been. */
static bool left_code(struct x86 *x86, const struct x86_instruction *insn, laddr_t at)
{
	const struct x86_fault fault = { .vector = VECTOR_GP, .has_error = true };
	bool beyond = x86->runner->attention & ATTEND_CODE && x86->cpu.eip > x86->cpu.seg[CS].limit;

	if (!insn->ends_block || linear_eip(x86) == at + insn->length || !(beyond || beyond_window(x86, linear_eip(x86))))
		return false;
	undo_transfer(x86, insn, at);
	cut_current(x86, at);
	deliver_fault(x86, &fault);
	return true;
}

/* One instruction of the current block.  False: control went elsewhere. */
static bool step_one(struct x86 *x86, const struct block *block)
{
	bool single_step = x86->cpu.eflags & EFLAGS_TF;
	laddr_t at = linear_eip(x86);
	struct x86_instruction insn;
	struct x86_fault fault;
	uint32_t hits;

	code_decode(x86, at, &insn);
	if (!check(x86, &insn, &hits, &fault)) {
		cut_current(x86, at);
		deliver_fault(x86, &fault);
		return false;
	}
	fire_probe(x86, block, at);
	if (!execute(x86) || left_code(x86, &insn, at))
		return false;
	x86->cpu.shadow = false;
	bool last = at == block->branch || block->repeated, trapped = single_step || hits;
	if (!trapped && (last || block_is_current(x86, block)))
		return !last;
	if (last)
		settle_branch(x86, linear_eip(x86));
	else
		cut_current(x86, linear_eip(x86)); /* it trapped, or has changed itself */
	if (trapped)
		debug_trap(x86, hits, single_step);
	return false;
}

static bool go_through(struct x86 *x86, const struct block *block)
{
	while (step_one(x86, block))
		;
	return x86->runner->current == block;
}

void step(struct x86 *x86)
{
	struct x86_runner *r = x86->runner;
	const struct block *block = r->walk;
	struct x86_fault fault;

	r->passed = false;
	if (!block) {
		block = block_here(x86, linear_eip(x86), !r->early);
		if (!enter_second_page(x86, block, &fault)) {
			deliver_fault(x86, &fault);
			return;
		}
		begin_block(x86, block);
	}
	r->walk = block; /* keeps it from being freed */
	if (go_through(x86, block)) {
		settle_branch(x86, linear_eip(x86));
		transferred(r);
	}
	r->walk = NULL;
}
