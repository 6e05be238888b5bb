/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Running without an engine, and without the books of blocks: each instruction is fetched and performed by itself, and
 * what begins a block is found by the words of timing.h.  This is what the engine with its books must agree with.
 */
#include <string.h>
#include "rig.h"
#include "sim/arch/mips/performing.h"

/* The law's dynamic case: a load or store that does not go to cached memory, or meets isolated caches. */
static bool goes_elsewhere(const struct mips *mips, const struct mips_instruction *insn)
{
	vaddr_t address = mips_address(insn, mips->cpu.reg);
	bool write = insn->operation == MIPS_STORE;
	struct mips_place place;
	if ((insn->operation != MIPS_LOAD && !write) || (insn->aligned && address % insn->size))
		return false;
	if (!mips_look(mips, address, write ? ACCESS_WRITE : ACCESS_READ, mips_user_mode(mips), &place))
		return false;
	return !place.memory || !place.cached || (mips->model->generation < 4 && mips->cpu.cp0[CP0_STATUS] & SR3_ISC);
}

/* What comes before a block.  True: control is elsewhere now. */
static bool before_block(struct rig *rig, cycle_t until)
{
	struct mips *mips = &rig->mips;
	if (rig->ledger.now >= rig->ledger.deadline)
		mips->bus.run_events(rig);
	if (mips_interrupt_due(mips)) {
		mips_interrupt(mips);
		return true;
	}
	if (!mips->cpu.waiting)
		return false;
	cycle_t next = rig->ledger.deadline < mips_timer_event(mips) ? rig->ledger.deadline : mips_timer_event(mips);
	if (next > until)
		next = until;
	ledger_charge(&rig->ledger, CAUSE_IDLE, next - rig->ledger.now);
	return true;
}

/* The page of the running block, as it was translated at its beginning. */
struct code {
	paddr_t frame;
	bool cached;
};

static void read_word(const struct mips *mips, const struct code *code, struct mips_instruction *insn)
{
	uint32_t word;
	memcpy(&word, mips->ram + (code->frame | (mips->cpu.pc & PAGE_MASK)), 4);
	mips_decode(word, mips->model->generation, insn);
}

/* At a block's beginning, and in a slot of another page. */
static bool translate(struct mips *mips, struct code *code, struct mips_fault *fault)
{
	struct mips_place place;
	if (!mips_translate(mips, mips->cpu.pc, 4, ACCESS_FETCH, &place, fault))
		return false;
	*fault = (struct mips_fault){ .code = EXC_IBE, .fetch = true };
	*code = (struct code){ place.address & ~PAGE_MASK, place.cached };
	return place.memory;
}

/* Performs one instruction; true: the next one begins a block. */
static bool one(struct mips *mips, const struct mips_instruction *insn)
{
	bool slot = mips->cpu.in_slot, alone = mips_operation_performed(insn->operation) || goes_elsewhere(mips, insn);
	vaddr_t pc = mips->cpu.pc;
	struct mips_fault fault;
	if (!mips_perform(mips, insn, &fault)) {
		mips_trap(mips, &fault);
		return true;
	}
	if (mips->cpu.in_slot)
		return false;
	return slot || alone || mips->cpu.pc != pc + 4 || mips->cpu.pc % PAGE_SIZE == 0;
}

/* The end of a program: `b .` with nothing in its slot, interrupts off (bit 0 of Status in each generation). */
static bool has_ended(const struct rig *rig)
{
	const struct mips_cpu *cpu = &rig->mips.cpu;
	return cpu->pc == rig_address(PROGRAM_done) + 4 && !(cpu->cp0[CP0_STATUS] & 1);
}

void rig_perform(struct rig *rig, cycle_t cycles)
{
	struct mips *mips = &rig->mips;
	cycle_t until = rig->ledger.now + cycles;
	struct mips_instruction insn;
	struct mips_fault fault;
	struct code code = { 0 };
	bool begins = true;
	for (;;) {
		bool slot = mips->cpu.in_slot;
		if (!begins && !slot) {
			read_word(mips, &code, &insn);
			begins = mips_operation_performed(insn.operation) || goes_elsewhere(mips, &insn);
		}
		if (begins) {
			if (rig->ledger.now >= until || mips->cpu.shutdown || has_ended(rig))
				break;
			if (before_block(rig, until))
				continue;
		}
		if ((begins || (slot && mips->cpu.pc % PAGE_SIZE == 0)) && !translate(mips, &code, &fault)) {
			mips_trap(mips, &fault);
			begins = true;
			continue;
		}
		read_word(mips, &code, &insn);
		if (code.cached)
			pass_code(mips, code.frame | (mips->cpu.pc & PAGE_MASK));
		begins = one(mips, &insn);
	}
}
