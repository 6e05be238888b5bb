/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One instruction at a time: where the engine must not run, or may not go on.
 *
 *   what the simulator performs: coprocessor 0, system calls, devices, uncached memory
 *   loads and stores while caches are isolated
 *   a store into a page that has code, and the rest of its block
 *   a slot whose access the engine was refused; a branch with its slot that the engine does not know rightly
 *   a block that runs on into a slot in the next page
 *   a block so short that the engine is not worth entering
 *
 *   mips_walk --> each instruction: (its slot's page) fetch, probe, mips_perform --fault--> mips_take_fault
 *      '--> the block's end; or where an instruction begins that is a block of its own
 *
 * Invariants
 *   1. what is gone through is charged as it would be by pace.c.
 *   2. blocks end where timing.h says, whoever executes them.
 */
#include "sim/arch/mips/performing.h"
#include "sim/arch/mips/runner.h"

bool mips_stands_alone(const struct mips *mips, const struct mips_instruction *insn)
{
	enum access access = insn->operation == MIPS_STORE ? ACCESS_WRITE : ACCESS_READ;
	vaddr_t address = mips_address(insn, mips->cpu.reg);
	struct mips_place place;

	if (insn->operation != MIPS_LOAD && insn->operation != MIPS_STORE)
		return false;
	if (insn->aligned && address & (insn->size - 1u))
		return false;
	if (!mips_look(mips, address, access, mips_user_mode(mips), &place))
		return false;
	return caches_isolated(mips) || !place.memory || !place.cached;
}

/* A slot in another page: its fetch is translated now.  Its word is what is there. */
static bool enter_slot(struct mips *mips, struct mips_instruction *slot, struct mips_fault *fault)
{
	uint32_t word;

	mips->runner->code_page = NO_PAGE;
	if (!mips_fetch(mips, &word, fault))
		return false;
	mips_gear_performed(mips);
	mips_decode(word, mips->model->generation, slot);
	return true;
}

static bool fetch(struct mips *mips, const struct block *block, unsigned at, struct mips_instruction *insn,
                  struct mips_fault *fault)
{
	*insn = block->insn[at];
	if (block->far_slot && at + 1u == block->instructions)
		return enter_slot(mips, insn, fault);
	if (mips->runner->code->cached)
		pass_code(mips, block->physical + 4 * at);
	return true;
}

/* A store went into a frame that has code. */
static void note_store(struct mips *mips, const struct mips_instruction *insn, vaddr_t address,
                       const struct block *block)
{
	struct mips_place place;

	if (insn->operation != MIPS_STORE || !mips_look(mips, address, ACCESS_WRITE, mips_user_mode(mips), &place) ||
	    !place.memory || PAGE_OF(place.address) == PAGE_OF(block->physical))
		return;
	mips_code_stored(mips, PAGE_OF(place.address));
}

/* It has used, or written, an entry of the TLB. */
static bool uses_tlb(const struct mips_instruction *insn, vaddr_t address)
{
	bool mapped = address < KSEG0 || address >= KSEG2;

	switch (insn->operation) {
	case MIPS_LOAD:
	case MIPS_STORE:
	case MIPS_LOAD_LINKED:
	case MIPS_STORE_CONDITIONAL:
	case MIPS_CACHE:
		return mapped;
	default:
		return insn->operation == MIPS_TLBWI || insn->operation == MIPS_TLBWR;
	}
}

/* One instruction, at pc.  False: the block ends here, or was left. */
static bool walk_one(struct mips *mips, const struct block *block, unsigned at)
{
	vaddr_t pc = mips->cpu.pc, address;
	struct mips_instruction insn;
	struct mips_fault fault;

	if (!fetch(mips, block, at, &insn, &fault)) {
		mips_take_fault(mips, &fault);
		return false;
	}
	address = mips_address(&insn, mips->cpu.reg);
	bool alone = mips_stands_alone(mips, &insn);
	mips_fire_probe(mips, block, at);
	if (!mips_perform(mips, &insn, &fault)) {
		mips_take_fault(mips, &fault);
		return false;
	}
	note_store(mips, &insn, address, block);
	if (uses_tlb(&insn, address))
		mips_gear_performed(mips);
	if (block->retired && !mips->cpu.in_slot && at + 1u < block->instructions) {
		mips->runner->passed = mips->runner->rewritten = true; /* the rest is decoded anew */
		return false;
	}
	return !alone && mips->cpu.pc == pc + 4 && !mips->cpu.shutdown;
}

void mips_walk(struct mips *mips, struct block *block, unsigned from)
{
	struct mips_runner *r = mips->runner;

	if (block->function != mips->ledger->function)
		ledger_enter_function(mips->ledger, block->function);
	for (unsigned n = from; n < block->instructions; n++) {
		bool slot = block->branches && n + 1u == block->instructions;
		if (n && !slot && mips_stands_alone(mips, &block->insn[n])) {
			r->early = true; /* the engine would be refused */
			r->early_at = mips->cpu.pc;
			break;
		}
		if (!walk_one(mips, block, n))
			break;
	}
	if (r->recency) {
		if (!r->passed) /* else the block goes on: its page was touched when it began */
			r->code_page = NO_PAGE;
		r->last_data = NO_PAGE;
	}
}
