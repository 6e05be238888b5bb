/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Coprocessor 0: its registers as mfc0 and mtc0 see them, the TLB instructions, rfe, eret, cache, wait.
 *
 * Kane, "MIPS RISC Architecture", chapters 4 and 6; R4000 User's Manual, chapters 4, 5 and 11, appendix A.
 *
 *   stack of the R2000, R3000        old  previous  current
 *     exception (trap.c)              ^------^ <------^        current: kernel mode, interrupts off
 *     rfe                            old ---> previous ---> current; old stays
 *
 * Simplifications, which docs/caveats.md repeats: no reverse endianness, no watch, no parity; R4000: 32-bit mode alone
 * (KX, SX, UX read as zero), 32 bits of physical address, kseg0 always cached (Config is read-only).
 */
#include <string.h>
#include "sim/arch/mips/cp0.h"
#include "sim/arch/mips/performing.h"

/* --- registers --- */

#define CONTEXT3_BASE 0xffe00000u
#define CONTEXT4_BASE 0xff800000u
#define STATUS3_WRITABLE (SR_CU | SR_BEV | SR3_SWC | SR3_ISC | SR_IM | SR3_STACK)
#define STATUS4_WRITABLE (SR_CU | SR_BEV | SR_IM | SR4_KSU | SR4_ERL | SR4_EXL | SR4_IE)
#define STATUS_REDRAWS (SR3_SWC | SR3_ISC) /* what the engine holds is stale when these change; R4000: ERL */

/* Bits that mtc0 writes, R2000 and R3000, R4000; what is not here is read-only, computed, or not there. */
static const uint32_t writable[32][2] = {
	[CP0_ENTRYLO0] = { 0xffffff00, 0x03ffffff },
	[CP0_ENTRYLO1] = { 0, 0x03ffffff },
	[CP0_CONTEXT] = { CONTEXT3_BASE, CONTEXT4_BASE },
	[CP0_STATUS] = { STATUS3_WRITABLE, STATUS4_WRITABLE },
	[CP0_CAUSE] = { CAUSE_IP_SOFTWARE, CAUSE_IP_SOFTWARE },
	[CP0_EPC] = { 0, 0xffffffff },
	[CP0_COMPARE] = { 0, 0xffffffff },
	[CP0_LLADDR] = { 0, 0xffffffff },
	[CP0_ECC] = { 0, 0xff },
	[CP0_TAGLO] = { 0, 0xffffffff },
	[CP0_TAGHI] = { 0, 0xffffffff },
	[CP0_ERROREPC] = { 0, 0xffffffff },
};

/* The bits of a field that names an entry. */
static uint32_t index_mask(const struct mips *mips)
{
	uint32_t mask = 0;

	while (mask < mips_tlb_entries(mips) - 1)
		mask = mask << 1 | 1;
	return mask << cp0_index_shift(mips);
}

void cp0_set_entryhi(struct mips *mips, uint32_t value)
{
	uint32_t *hi = &mips->cpu.cp0[CP0_ENTRYHI];
	uint32_t page = value & (mips_is_r4000(mips) ? 0xffffe000u : 0xfffff000u);
	uint32_t asid = cp0_asid(mips, value), old = cp0_asid(mips, *hi);

	*hi = page | cp0_asid_field(mips, asid);
	if (asid == old)
		return;
	mips->count[MIPS_COUNT_ADDRESS_SPACE_SWITCHES]++;
	journal_append(mips->journal, EVENT_ADDRESS_SPACE, mips->cpu.pc, 1, &asid);
	if (mips->engine.flush_all)
		mips->engine.flush_all(mips->engine.ctx);
}

uint32_t cp0_context(const struct mips *mips, vaddr_t address)
{
	uint32_t context = mips->cpu.cp0[CP0_CONTEXT];

	if (mips_is_r4000(mips))
		return (context & CONTEXT4_BASE) | (address >> 9 & 0x007ffff0);
	return (context & CONTEXT3_BASE) | (address >> 10 & 0x001ffffc);
}

/* --- Count and Compare (T13) --- */

uint64_t cp0_count(const struct mips *mips)
{
	return (mips->ledger->now - mips->cpu.count_base) / 2;
}

cycle_t cp0_next_match(const struct mips *mips)
{
	uint64_t count = cp0_count(mips);
	uint32_t ahead = mips->cpu.cp0[CP0_COMPARE] - (uint32_t)count;

	return mips->cpu.count_base + 2 * (count + (ahead ? ahead : 1ull << 32));
}

/* Count is written: it may come to equal Compare by that; IP7, once set, stays. */
static void write_count(struct mips *mips, uint32_t value)
{
	struct mips_cpu *cpu = &mips->cpu;
	cycle_t now = mips->ledger->now;

	cpu->count_base = now - 2 * (cycle_t)value;
	if (cpu->compare_due > now)
		cpu->compare_due = value == cpu->cp0[CP0_COMPARE] ? now : cp0_next_match(mips);
}

/* --- Status, PageMask --- */

static void write_status(struct mips *mips, uint32_t value)
{
	uint32_t *status = &mips->cpu.cp0[CP0_STATUS], old = *status;
	uint32_t mask = writable[CP0_STATUS][mips_is_r4000(mips)];
	bool was_user = mips_user_mode(mips);

	*status = (old & ~mask) | (value & mask);
	if ((old ^ *status) & (mips_is_r4000(mips) ? SR4_ERL : STATUS_REDRAWS) && mips->engine.flush_all)
		mips->engine.flush_all(mips->engine.ctx);
	note_mode(mips, was_user);
}

/* The least legal mask (pages of 4 KiB times a power of four) that has these bits; a TLB with sets has 4 KiB alone. */
static uint32_t legal_pagemask(const struct mips *mips, uint32_t value)
{
	uint32_t mask = 0;

	if (mips->model->tlb.ways != mips->model->tlb.entries)
		return 0;
	while (value >> 13 & 0xfff & ~mask)
		mask = mask << 2 | 3;
	return mask << 13;
}

/* --- mfc0, mtc0 --- */

uint32_t mips_cp0_read(const struct mips *mips, unsigned number)
{
	const uint32_t *cp0 = mips->cpu.cp0;

	switch (number) {
	case CP0_RANDOM: return mips_random(mips);
	case CP0_COUNT: return mips_is_r4000(mips) ? (uint32_t)cp0_count(mips) : 0;
	case CP0_CAUSE: return cp0[CP0_CAUSE] | mips_interrupt_lines(mips);
	default: return cp0[number & 31];
	}
}

/* Registers that only the R4000 has, and whose writing does more than to set bits. */
static void write_r4000(struct mips *mips, unsigned number, uint32_t value)
{
	struct mips_cpu *cpu = &mips->cpu;

	switch (number) {
	case CP0_PAGEMASK:
		cpu->cp0[CP0_PAGEMASK] = legal_pagemask(mips, value);
		break;
	case CP0_WIRED:
		cpu->cp0[CP0_WIRED] = value & index_mask(mips);
		cpu->random_base = mips->ledger->instructions + 1; /* this mtc0 is not retired yet */
		break;
	case CP0_COUNT:
		write_count(mips, value);
		break;
	case CP0_COMPARE:
		cpu->cp0[CP0_COMPARE] = value;
		cpu->compare_due = cp0_next_match(mips);
		break;
	default:
		break;
	}
}

void mips_cp0_write(struct mips *mips, unsigned number, uint32_t value)
{
	bool r4000 = mips_is_r4000(mips);
	uint32_t *cp0 = mips->cpu.cp0, mask = writable[number & 31][r4000];

	switch (number) {
	case CP0_INDEX:
		cp0[CP0_INDEX] = (cp0[CP0_INDEX] & INDEX_P) | (value & index_mask(mips));
		return;
	case CP0_ENTRYHI:
		cp0_set_entryhi(mips, value);
		return;
	case CP0_STATUS:
		write_status(mips, value);
		return;
	case CP0_PAGEMASK: case CP0_WIRED: case CP0_COUNT: case CP0_COMPARE:
		if (r4000)
			write_r4000(mips, number, value);
		return;
	default:
		cp0[number & 31] = (cp0[number & 31] & ~mask) | (value & mask);
	}
}

/* --- the instructions --- */

bool cp0_usable(const struct mips *mips)
{
	uint32_t status = mips->cpu.cp0[CP0_STATUS];

	if (status & SR_CU0)
		return true;
	if (!mips_is_r4000(mips))
		return !mips_user_mode(mips);
	return status & (SR4_EXL | SR4_ERL) || !(status & SR4_KSU);
}

/* charges instruction (cp0.move). */
bool perform_mfc0(struct mips *mips, const struct mips_instruction *insn, struct mips_fault *fault)
{
	if (!cp0_usable(mips))
		return fault_unusable(fault, 0);
	begin(mips, insn);
	register_set(&mips->cpu, insn->rt, mips_cp0_read(mips, insn->rd));
	return conclude(mips, insn);
}

/* charges instruction (cp0.move). */
bool perform_mtc0(struct mips *mips, const struct mips_instruction *insn, struct mips_fault *fault)
{
	if (!cp0_usable(mips))
		return fault_unusable(fault, 0);
	begin(mips, insn);
	mips_cp0_write(mips, insn->rd, mips->cpu.reg[insn->rt]);
	return conclude(mips, insn);
}

/* tlbr, tlbwi, tlbwr, tlbp.  charges instruction (tlb.read, tlb.write, tlb.probe). */
bool perform_tlb(struct mips *mips, const struct mips_instruction *insn, struct mips_fault *fault)
{
	if (!cp0_usable(mips))
		return fault_unusable(fault, 0);
	begin(mips, insn);
	switch (insn->operation) {
	case MIPS_TLBR: mips_tlb_read(mips); break;
	case MIPS_TLBWI: mips_tlb_write_indexed(mips); break;
	case MIPS_TLBWR: mips_tlb_write_random(mips); break;
	default: mips_tlb_probe(mips);
	}
	return conclude(mips, insn);
}

/* What returns have in common: pc and mode are new.  charges trap_return. */
static void returned(struct mips *mips, bool was_user, enum mips_cost cost)
{
	uint32_t to = mips->cpu.in_slot ? mips->cpu.slot_target : mips->cpu.pc;
	uint32_t arg[] = { to, was_user ? MODE_USER : MODE_KERNEL, mips_user_mode(mips) ? MODE_USER : MODE_KERNEL };

	refill_ends(mips);
	ledger_charge(mips->ledger, CAUSE_TRAP_RETURN, mips->model->cost[cost]);
	memset(mips->cpu.ready, 0, sizeof mips->cpu.ready);
	note_mode(mips, was_user);
	journal_append(mips->journal, EVENT_TRAP_RETURN, to, 3, arg);
}

/* rfe: the stack of Status is popped.  charges instruction, trap_return (rfe). */
bool perform_rfe(struct mips *mips, const struct mips_instruction *insn, struct mips_fault *fault)
{
	uint32_t *status = &mips->cpu.cp0[CP0_STATUS];
	bool was_user = mips_user_mode(mips);

	if (!cp0_usable(mips))
		return fault_unusable(fault, 0);
	begin(mips, insn);
	conclude(mips, insn);
	*status = (*status & ~0xfu) | (*status >> 2 & 0xf);
	returned(mips, was_user, MIPS_COST_RFE);
	return true;
}

/* eret: to ErrorEPC if ERL, else to EPC; a slot that it stands in is forgotten.
 * charges instruction, trap_return (eret). */
bool perform_eret(struct mips *mips, const struct mips_instruction *insn, struct mips_fault *fault)
{
	struct mips_cpu *cpu = &mips->cpu;
	uint32_t *status = &cpu->cp0[CP0_STATUS];
	bool was_user = mips_user_mode(mips), error_level = *status & SR4_ERL;

	if (!cp0_usable(mips))
		return fault_unusable(fault, 0);
	begin(mips, insn);
	charge(mips, insn);
	cpu->in_slot = false;
	cpu->linked = false;
	cpu->pc = cpu->cp0[error_level ? CP0_ERROREPC : CP0_EPC];
	*status &= error_level ? ~SR4_ERL : ~SR4_EXL;
	if (error_level && mips->engine.flush_all)
		mips->engine.flush_all(mips->engine.ctx);
	returned(mips, was_user, MIPS_COST_ERET);
	return true;
}

/* --- cache --- */

enum { CACHE_CODE = 0, CACHE_DATA = 1 };
enum { INDEX_INVALIDATE = 0, INDEX_STORE_TAG = 2, HIT_INVALIDATE = 4, HIT_WRITE_BACK_INVALIDATE = 5, HIT_WRITE_BACK = 6 };

/* What an operation does to lines that are there; contents are always those of memory.  charges cache (write.back). */
static void operate(struct mips *mips, unsigned which, unsigned operation, paddr_t address)
{
	struct cache *cache = which == CACHE_CODE ? mips->code_cache : which == CACHE_DATA ? mips->data_cache : NULL;
	bool by_index = operation == INDEX_INVALIDATE || operation == INDEX_STORE_TAG;
	bool writes = operation == INDEX_INVALIDATE || operation == HIT_WRITE_BACK_INVALIDATE || operation == HIT_WRITE_BACK;
	bool forgets = by_index || operation == HIT_INVALIDATE || operation == HIT_WRITE_BACK_INVALIDATE;
	uint32_t dirty;

	if (!cache || (!forgets && operation != HIT_WRITE_BACK))
		return;
	if (which == CACHE_CODE && operation == HIT_WRITE_BACK_INVALIDATE)
		return; /* of the code cache this number is Fill */
	if (!forgets && !cache_probe(cache, address))
		return;
	dirty = cache_forget(cache, address, by_index);
	if (!forgets)
		cache_access(cache, address, 1, false);
	if (writes)
		ledger_charge(mips->ledger, CAUSE_CACHE, (cycle_t)dirty * mips->model->cost[MIPS_COST_WRITE_BACK]);
}

/* cache (R4000): which cache and what in rt's field.  charges instruction (cache.op), cache. */
bool perform_cache(struct mips *mips, const struct mips_instruction *insn, struct mips_fault *fault)
{
	struct mips_place place;

	if (!cp0_usable(mips))
		return fault_unusable(fault, 0);
	if (!mips_translate(mips, mips_address(insn, mips->cpu.reg), 1, ACCESS_READ, &place, fault))
		return false;
	begin(mips, insn);
	charge(mips, insn);
	operate(mips, insn->rt & 3, insn->rt >> 2, place.address);
	go_on(&mips->cpu);
	return true;
}

/* wait: run.c lets time pass.  charges instruction. */
bool perform_await(struct mips *mips, const struct mips_instruction *insn, struct mips_fault *fault)
{
	if (!cp0_usable(mips))
		return fault_unusable(fault, 0);
	begin(mips, insn);
	mips->cpu.waiting = true;
	return conclude(mips, insn);
}
