/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exceptions and interrupts (Kane, "MIPS RISC Architecture", chapter 6; R4000 User's Manual, chapter 5).
 *
 *                       R2000, R3000                             R4000
 *   refill vector       a miss of kuseg                          any miss, unless EXL
 *   general vector      all others                               all others
 *   EPC, Cause.BD       always                                   unless EXL
 *   Status              stack pushed: kernel, interrupts off     EXL set
 *
 * T11: refilling is set by an exception through the refill vector, cleared by the next exception, rfe or eret.
 */
#include <string.h>
#include "sim/arch/mips/cp0.h"
#include "sim/arch/mips/performing.h"

/* The refill's vector, without and with BEV, and how far behind it the general one is. */
static const struct vectors {
	vaddr_t ram, rom;
	uint32_t general;
} vectors[2] = {
	{ VECTOR_REFILL, 0xbfc00100, 0x80 },  /* R2000, R3000 */
	{ VECTOR_REFILL, 0xbfc00200, 0x180 }, /* R4000 */
};

void refill_ends(struct mips *mips)
{
	if (!mips->refilling)
		return;
	mips->refilling = false;
	ledger_enter_cause(mips->ledger, CAUSE_INSTRUCTION);
}

void note_mode(struct mips *mips, bool was_user)
{
	if (mips_user_mode(mips) != was_user)
		mips->count[MIPS_COUNT_MODE_SWITCHES]++;
}

/* Where the interrupted program goes on: in a slot, with its branch again. */
static vaddr_t restart(const struct mips_cpu *cpu)
{
	return cpu->in_slot ? cpu->pc - 4 : cpu->pc;
}

/* --- what kind it is --- */

static bool through_refill(const struct mips *mips, const struct mips_fault *fault)
{
	if (!fault->refill)
		return false;
	return mips_is_r4000(mips) ? !(mips->cpu.cp0[CP0_STATUS] & SR4_EXL) : fault->address < KSEG0;
}

static enum access access_of(const struct mips_fault *fault)
{
	if (fault->fetch)
		return ACCESS_FETCH;
	return fault->code == EXC_TLBS ? ACCESS_WRITE : ACCESS_READ;
}

static void note_miss(struct mips *mips, const struct mips_fault *fault, bool refill)
{
	uint32_t cost = mips->model->cost[refill ? MIPS_COST_EXCEPTION_REFILL : MIPS_COST_EXCEPTION_ENTRY];
	uint32_t arg[] = { fault->address, access_of(fault), cost };

	mips->count[MIPS_COUNT_TLB_MISSES]++;
	mips->count[fault->fetch ? MIPS_COUNT_CODE_TLB_MISSES : MIPS_COUNT_DATA_TLB_MISSES]++;
	mips->count[refill ? MIPS_COUNT_UTLB_MISSES : MIPS_COUNT_KTLB_MISSES]++;
	journal_append(mips->journal, EVENT_TLB_MISS, mips->cpu.pc, 3, arg);
}

/* Matched, and not valid or not dirty: what an operating system calls a page fault. */
static void note_page_fault(struct mips *mips, const struct mips_fault *fault)
{
	uint32_t arg[] = { fault->address, (uint32_t)fault->code, restart(&mips->cpu) };

	mips->count[MIPS_COUNT_PAGE_FAULTS]++;
	mips->count[fault->code == EXC_MOD ? MIPS_COUNT_TLB_MODIFIED : MIPS_COUNT_TLB_INVALID]++;
	journal_append(mips->journal, EVENT_PAGE_FAULT, mips->cpu.pc, 3, arg);
}

static bool is_translation(int code)
{
	return code == EXC_TLBL || code == EXC_TLBS || code == EXC_MOD;
}

/* --- entering --- */

/* BadVAddr, Context, EntryHi: the page that was wanted, ready for the handler. */
static void note_address(struct mips *mips, const struct mips_fault *fault)
{
	uint32_t *cp0 = mips->cpu.cp0;

	if (is_translation(fault->code) || fault->code == EXC_ADEL || fault->code == EXC_ADES)
		cp0[CP0_BADVADDR] = fault->address;
	if (!is_translation(fault->code))
		return;
	cp0[CP0_CONTEXT] = cp0_context(mips, fault->address);
	cp0_set_entryhi(mips, (fault->address & ~PAGE_MASK) | cp0_asid_field(mips, cp0_asid(mips, cp0[CP0_ENTRYHI])));
}

/* Cause, EPC and the new mode. */
static void enter(struct mips *mips, const struct mips_fault *fault)
{
	struct mips_cpu *cpu = &mips->cpu;
	uint32_t *cause = &cpu->cp0[CP0_CAUSE], *status = &cpu->cp0[CP0_STATUS];
	bool nested = mips_is_r4000(mips) && *status & SR4_EXL;

	*cause = (*cause & (CAUSE_BD | CAUSE_IP_SOFTWARE)) | (uint32_t)fault->code << CAUSE_CODE_SHIFT |
	         (fault->code == EXC_CPU ? fault->unit : 0) << CAUSE_CE_SHIFT;
	if (!nested) {
		cpu->cp0[CP0_EPC] = restart(cpu);
		*cause = cpu->in_slot ? *cause | CAUSE_BD : *cause & ~CAUSE_BD;
	}
	if (mips_is_r4000(mips))
		*status |= SR4_EXL;
	else
		*status = (*status & ~SR3_STACK) | (*status << 2 & SR3_STACK);
}

static vaddr_t vector_of(const struct mips *mips, bool refill)
{
	const struct vectors *at = &vectors[mips_is_r4000(mips)];
	vaddr_t base = mips->cpu.cp0[CP0_STATUS] & SR_BEV ? at->rom : at->ram;

	return refill ? base : base + at->general;
}

/* The time it takes, and whose the time after it is. */
static void account(struct mips *mips, bool refill)
{
	const uint32_t *cost = mips->model->cost;

	refill_ends(mips);
	if (refill) {
		mips->refilling = true;
		ledger_enter_cause(mips->ledger, CAUSE_TLB_REFILL);
		ledger_charge(mips->ledger, CAUSE_TLB_REFILL, cost[MIPS_COST_EXCEPTION_REFILL]);
	} else {
		ledger_charge(mips->ledger, CAUSE_TRAP_ENTRY, cost[MIPS_COST_EXCEPTION_ENTRY]);
	}
}

static void take(struct mips *mips, const struct mips_fault *fault, bool refill)
{
	struct mips_cpu *cpu = &mips->cpu;
	bool was_user = mips_user_mode(mips);
	uint32_t arg[] = { (uint32_t)fault->code, fault->address, was_user ? MODE_USER : MODE_KERNEL, MODE_KERNEL };

	account(mips, refill);
	journal_append(mips->journal, EVENT_TRAP, cpu->pc, 4, arg);
	note_address(mips, fault);
	enter(mips, fault);
	note_mode(mips, was_user);
	cpu->pc = vector_of(mips, refill);
	cpu->in_slot = false;
	cpu->waiting = false;
	memset(cpu->ready, 0, sizeof cpu->ready);
}

/* See perform.h.  charges tlb_refill or trap_entry. */
void mips_trap(struct mips *mips, const struct mips_fault *fault)
{
	bool refill = through_refill(mips, fault);

	mips_watch_fault(mips, fault);
	mips->count[MIPS_COUNT_TRAPS]++;
	if (fault->refill)
		note_miss(mips, fault, refill);
	else if (is_translation(fault->code))
		note_page_fault(mips, fault);
	take(mips, fault, refill);
}

/* See perform.h.  charges trap_entry. */
void mips_interrupt(struct mips *mips)
{
	const struct mips_fault fault = { .code = EXC_INT };
	uint32_t lines = mips_cp0_read(mips, CP0_CAUSE) & mips->cpu.cp0[CP0_STATUS] & SR_IM, arg = lines >> 8;

	mips_watch_interrupt(mips);
	mips->count[MIPS_COUNT_INTERRUPTS]++;
	journal_append(mips->journal, EVENT_INTERRUPT, mips->cpu.pc, 1, &arg);
	take(mips, &fault, false);
}
