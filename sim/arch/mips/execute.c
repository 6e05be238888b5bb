/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Performing any instruction (Kane, "MIPS RISC Architecture", appendix A; R4000 User's Manual, appendix A): the slow path
 * for slots, devices, isolated caches, and the only one for coprocessor 0 (system.c).
 *
 *                branch, jump                      any
 *   (in_slot 0) --------------> (in_slot 1, target) --------> (in_slot 0, pc = target)
 *
 * Invariants
 *   1. registers, memory and clock after n performed instructions are those after the engine ran them as blocks.
 *   2. a branch reads its registers before it links.
 *   3. a branch in a slot, which the manuals leave undefined, is a reserved instruction.
 *   4. what the manuals leave undefined of a division: by zero, the quotient is the dividend and the remainder 0; the
 *      most negative by -1 gives itself and 0.
 */
#include <string.h>
#include "sim/arch/mips/performing.h"
#include "sim/core/error.h"

/* --- time and pc --- */

void begin(struct mips *mips, const struct mips_instruction *insn)
{
	cycle_t now = mips->ledger->now;
	cycle_t t = mips_begins(insn, mips->cpu.ready, mips->cpu.hilo_ready, now);

	ledger_execute(mips->ledger, 0, (uint32_t)(t - now));
}

void charge(struct mips *mips, const struct mips_instruction *insn)
{
	mips_makes_ready(mips->model, insn, mips->ledger->now, mips->cpu.ready, &mips->cpu.hilo_ready);
	ledger_execute(mips->ledger, insn->absent ? 0 : 1, mips_own_cost(mips->model, insn));
}

void go_on(struct mips_cpu *cpu)
{
	cpu->pc = cpu->in_slot ? cpu->slot_target : cpu->pc + 4;
	cpu->in_slot = false;
}

bool conclude(struct mips *mips, const struct mips_instruction *insn)
{
	charge(mips, insn);
	go_on(&mips->cpu);
	return true;
}

/* --- arithmetic --- */

static uint32_t compute_immediate(const struct mips_instruction *insn, uint32_t s)
{
	uint32_t immediate = (uint32_t)insn->immediate, low = immediate & 0xffff;

	switch (insn->word >> 26) {
	case 9: return s + immediate;
	case 10: return (int32_t)s < insn->immediate;
	case 11: return s < immediate;
	case 12: return s & low;
	case 13: return s | low;
	case 14: return s ^ low;
	default: return low << 16; /* lui */
	}
}

static uint32_t shift_right_signed(uint32_t value, unsigned amount)
{
	uint32_t sign = value & 0x80000000 ? ~(UINT32_MAX >> amount) : 0;

	return value >> amount | sign;
}

static uint32_t compute_register(const struct mips_instruction *insn, uint32_t s, uint32_t t)
{
	switch (insn->word & 63) {
	case 0: return t << insn->shift;
	case 2: return t >> insn->shift;
	case 3: return shift_right_signed(t, insn->shift);
	case 4: return t << (s & 31);
	case 6: return t >> (s & 31);
	case 7: return shift_right_signed(t, s & 31);
	case 33: return s + t;
	case 35: return s - t;
	case 36: return s & t;
	case 37: return s | t;
	case 38: return s ^ t;
	case 39: return ~(s | t);
	case 42: return (int32_t)s < (int32_t)t;
	default: return s < t; /* sltu */
	}
}

/* Register to register.  charges instruction. */
static bool perform_ordinary(struct mips *mips, const struct mips_instruction *insn, struct mips_fault *fault)
{
	const uint32_t *reg = mips->cpu.reg;
	bool immediate = insn->word >> 26;
	uint32_t value = immediate ? compute_immediate(insn, reg[insn->rs])
	                           : compute_register(insn, reg[insn->rs], reg[insn->rt]);

	(void)fault;
	begin(mips, insn);
	register_set(&mips->cpu, insn->writes, value);
	return conclude(mips, insn);
}

/* add, addi, sub: Ov.  charges instruction. */
static bool perform_overflowing(struct mips *mips, const struct mips_instruction *insn, struct mips_fault *fault)
{
	int32_t s = (int32_t)mips->cpu.reg[insn->rs], t = (int32_t)mips->cpu.reg[insn->rt], value;
	bool immediate = insn->word >> 26, subtract = !immediate && (insn->word & 2);
	bool over = subtract ? __builtin_sub_overflow(s, t, &value)
	                     : __builtin_add_overflow(s, immediate ? insn->immediate : t, &value);

	if (over)
		return fault_plain(fault, EXC_OV);
	begin(mips, insn);
	register_set(&mips->cpu, insn->writes, (uint32_t)value);
	return conclude(mips, insn);
}

/* The condition of a trap: the function's (or rt's) low three bits say which. */
static bool trap_condition(unsigned which, uint32_t a, uint32_t b)
{
	switch (which & 7) {
	case 0: return (int32_t)a >= (int32_t)b;
	case 1: return a >= b;
	case 2: return (int32_t)a < (int32_t)b;
	case 3: return a < b;
	case 4: return a == b;
	default: return a != b;
	}
}

/* See perform.h. */
bool mips_trap_taken(const struct mips_instruction *insn, const uint32_t reg[32])
{
	bool immediate = insn->word >> 26;

	return trap_condition(immediate ? insn->rt : insn->word, reg[insn->rs],
	                      immediate ? (uint32_t)insn->immediate : reg[insn->rt]);
}

/* tge ... tnei (R4000): Tr.  charges instruction. */
static bool perform_trapping(struct mips *mips, const struct mips_instruction *insn, struct mips_fault *fault)
{
	if (mips_trap_taken(insn, mips->cpu.reg))
		return fault_plain(fault, EXC_TR);
	begin(mips, insn);
	return conclude(mips, insn);
}

/* --- HI and LO --- */

/* mult, multu.  charges instruction. */
static bool perform_multiply(struct mips *mips, const struct mips_instruction *insn, struct mips_fault *fault)
{
	uint32_t s = mips->cpu.reg[insn->rs], t = mips->cpu.reg[insn->rt];
	uint64_t product = insn->is_signed ? (uint64_t)((int64_t)(int32_t)s * (int32_t)t) : (uint64_t)s * t;

	(void)fault;
	begin(mips, insn);
	mips->cpu.lo = (uint32_t)product;
	mips->cpu.hi = (uint32_t)(product >> 32);
	return conclude(mips, insn);
}

static void divide(struct mips_cpu *cpu, uint32_t s, uint32_t t, bool is_signed)
{
	if (t == 0 || (is_signed && s == 0x80000000 && t == UINT32_MAX)) {
		cpu->lo = s;
		cpu->hi = 0;
	} else if (is_signed) {
		cpu->lo = (uint32_t)((int32_t)s / (int32_t)t);
		cpu->hi = (uint32_t)((int32_t)s % (int32_t)t);
	} else {
		cpu->lo = s / t;
		cpu->hi = s % t;
	}
}

/* div, divu.  charges instruction. */
static bool perform_divide(struct mips *mips, const struct mips_instruction *insn, struct mips_fault *fault)
{
	(void)fault;
	begin(mips, insn);
	divide(&mips->cpu, mips->cpu.reg[insn->rs], mips->cpu.reg[insn->rt], insn->is_signed);
	return conclude(mips, insn);
}

/* mfhi, mflo, mthi, mtlo: the function's bit 1 says LO.  charges instruction. */
static bool perform_hilo(struct mips *mips, const struct mips_instruction *insn, struct mips_fault *fault)
{
	uint32_t *which = insn->word & 2 ? &mips->cpu.lo : &mips->cpu.hi;

	(void)fault;
	begin(mips, insn);
	if (insn->operation == MIPS_TO_HILO)
		*which = mips->cpu.reg[insn->rs];
	else
		register_set(&mips->cpu, insn->writes, *which);
	return conclude(mips, insn);
}

/* --- branches --- */

/* All that have a slot.  charges instruction. */
static bool perform_branch(struct mips *mips, const struct mips_instruction *insn, struct mips_fault *fault)
{
	struct mips_cpu *cpu = &mips->cpu;
	const uint32_t *cost = mips->model->cost;
	bool taken = mips_branch_taken(insn, cpu->reg);
	vaddr_t target = mips_branch_target(insn, cpu->pc, cpu->reg);

	if (cpu->in_slot)
		return fault_plain(fault, EXC_RI);
	begin(mips, insn);
	register_set(cpu, insn->writes, cpu->pc + 8);
	charge(mips, insn);
	if (!taken && insn->operation == MIPS_BRANCH_LIKELY) {
		ledger_execute(mips->ledger, 0, cost[MIPS_COST_ISSUE]);
		cpu->pc = target;
		return true;
	}
	ledger_execute(mips->ledger, 0, taken ? cost[MIPS_COST_BRANCH_TAKEN] : 0);
	cpu->pc += 4;
	cpu->in_slot = true;
	cpu->slot_target = target;
	return true;
}

/* --- loads and stores --- */

/* The bytes of a register that lwl, lwr, swl, swr move, and how far they are shifted in it (little-endian). */
struct part {
	uint32_t mask;       /* of the register's bits */
	unsigned shift;      /* the memory word << shift is the register's, for the left ones; >> for the right ones */
};

static bool is_left(const struct mips_instruction *insn) { return !(insn->word >> 26 & 4); }

static struct part part_of(const struct mips_instruction *insn, vaddr_t address)
{
	unsigned byte = address & 3;

	if (is_left(insn))
		return (struct part){ UINT32_MAX << 8 * (3 - byte), 8 * (3 - byte) };
	return (struct part){ UINT32_MAX >> 8 * byte, 8 * byte };
}

/* What a load leaves in its register. */
static uint32_t loaded(const struct mips_instruction *insn, vaddr_t address, uint32_t old, uint32_t value)
{
	struct part part;

	if (insn->size == 1)
		return insn->is_signed ? (uint32_t)(int8_t)value : value;
	if (insn->size == 2)
		return insn->is_signed ? (uint32_t)(int16_t)value : value;
	if (insn->aligned)
		return value;
	part = part_of(insn, address);
	return (old & ~part.mask) | ((is_left(insn) ? value << part.shift : value >> part.shift) & part.mask);
}

/* What a store of part of a register leaves in the memory word. */
static uint32_t merged(const struct mips_instruction *insn, vaddr_t address, uint32_t old, uint32_t value)
{
	struct part part = part_of(insn, address);
	uint32_t mask = is_left(insn) ? part.mask >> part.shift : part.mask << part.shift;

	return (old & ~mask) | ((is_left(insn) ? value >> part.shift : value << part.shift) & mask);
}

/* Where the access of a load or store goes: of the unaligned ones, the word; they want memory. */
static bool find_place(struct mips *mips, const struct mips_instruction *insn, enum access access,
                       struct mips_place *place, struct mips_fault *fault)
{
	vaddr_t address = mips_address(insn, mips->cpu.reg);

	if (!mips_translate(mips, address, insn->aligned ? insn->size : 1, access, place, fault))
		return false;
	if (insn->aligned)
		return true;
	place->address &= ~3u;
	return place->memory || caches_isolated(mips) || fault_plain(fault, EXC_DBE);
}

/* One access, in its order: issue is charged, then the access; what does not answer takes issue back. */
static bool access_place(struct mips *mips, const struct mips_instruction *insn, const struct mips_place *place,
                         uint32_t *value, struct mips_fault *fault)
{
	cycle_t t = mips->ledger->now;
	uint32_t own = mips_own_cost(mips->model, insn);
	bool store = insn->operation == MIPS_STORE || insn->operation == MIPS_STORE_CONDITIONAL;

	ledger_execute(mips->ledger, 1, own);
	if (!(store ? place_store(mips, place, insn->size, *value, fault)
	            : place_load(mips, place, insn->size, value, fault))) {
		ledger_refund(mips->ledger, 1, own);
		return false;
	}
	mips_makes_ready(mips->model, insn, t, mips->cpu.ready, &mips->cpu.hilo_ready);
	return true;
}

/* lb ... lwr, ll.  charges instruction, cache, bus_io; tlb_walk (T12). */
static bool perform_load(struct mips *mips, const struct mips_instruction *insn, struct mips_fault *fault)
{
	vaddr_t address = mips_address(insn, mips->cpu.reg);
	struct mips_place place;
	uint32_t value;

	if (!find_place(mips, insn, ACCESS_READ, &place, fault))
		return false;
	begin(mips, insn);
	if (caches_isolated(mips)) {
		value = isolated_load(mips, place.address, insn->size);
		charge(mips, insn);
	} else if (!access_place(mips, insn, &place, &value, fault)) {
		return false;
	}
	register_set(&mips->cpu, insn->writes, loaded(insn, address, mips->cpu.reg[insn->rt], value));
	if (insn->operation == MIPS_LOAD_LINKED) {
		mips->cpu.linked = true;
		mips->cpu.cp0[CP0_LLADDR] = place.address >> 4;
	}
	go_on(&mips->cpu);
	return true;
}

/* The store itself, checked and begun. */
static bool store_to(struct mips *mips, const struct mips_instruction *insn, const struct mips_place *place,
                     vaddr_t address, struct mips_fault *fault)
{
	uint32_t value = mips->cpu.reg[insn->rt], old = isolated_load(mips, place->address & ~3u, 4);

	if (!insn->aligned && !caches_isolated(mips))
		memcpy(&old, mips->ram + place->address, 4);
	if (!insn->aligned)
		value = merged(insn, address, old, value);
	if (caches_isolated(mips)) {
		isolated_store(mips, place->address, insn->size, value);
		charge(mips, insn);
		return true;
	}
	if (place->memory)
		buffer_store(mips);
	return access_place(mips, insn, place, &value, fault);
}

/* sb ... swr.  charges instruction, write_buffer, cache, bus_io; tlb_walk (T12). */
static bool perform_store(struct mips *mips, const struct mips_instruction *insn, struct mips_fault *fault)
{
	struct mips_place place;

	if (!find_place(mips, insn, ACCESS_WRITE, &place, fault))
		return false;
	begin(mips, insn);
	if (!store_to(mips, insn, &place, mips_address(insn, mips->cpu.reg), fault))
		return false;
	go_on(&mips->cpu);
	return true;
}

/* sc: stores, and says so, if the link of ll holds.  charges as perform_store. */
static bool perform_store_conditional(struct mips *mips, const struct mips_instruction *insn, struct mips_fault *fault)
{
	vaddr_t address = mips_address(insn, mips->cpu.reg);
	struct mips_place place;

	if (!find_place(mips, insn, ACCESS_WRITE, &place, fault))
		return false;
	begin(mips, insn);
	if (!mips->cpu.linked)
		charge(mips, insn);
	else if (!store_to(mips, insn, &place, address, fault))
		return false;
	register_set(&mips->cpu, insn->rt, mips->cpu.linked);
	go_on(&mips->cpu);
	return true;
}

/* --- exceptions that instructions are --- */

static bool perform_syscall(struct mips *mips, const struct mips_instruction *insn, struct mips_fault *fault)
{
	(void)mips;
	return fault_plain(fault, insn->operation == MIPS_SYSCALL ? EXC_SYS : EXC_BP);
}

/* sync: memory is always in order here.  charges instruction. */
static bool perform_sync(struct mips *mips, const struct mips_instruction *insn, struct mips_fault *fault)
{
	(void)fault;
	begin(mips, insn);
	return conclude(mips, insn);
}

enum { OPCODE_COP0 = 16 };

/* Of coprocessor 0 what is not defined is unusable first. */
static bool perform_reserved(struct mips *mips, const struct mips_instruction *insn, struct mips_fault *fault)
{
	if (insn->word >> 26 == OPCODE_COP0 && !cp0_usable(mips))
		return fault_unusable(fault, 0);
	return fault_plain(fault, EXC_RI);
}

/* No model has coprocessors 1 to 3. */
static bool perform_coprocessor(struct mips *mips, const struct mips_instruction *insn, struct mips_fault *fault)
{
	(void)mips;
	return fault_unusable(fault, insn->word >> 26 & 3);
}

static perform_fn *const handler[MIPS_OPERATION_COUNT] = {
	[MIPS_ORDINARY] = perform_ordinary, [MIPS_OVERFLOWING] = perform_overflowing, [MIPS_TRAPPING] = perform_trapping,
	[MIPS_MULTIPLY] = perform_multiply, [MIPS_DIVIDE] = perform_divide, [MIPS_FROM_HILO] = perform_hilo,
	[MIPS_TO_HILO] = perform_hilo, [MIPS_LOAD] = perform_load, [MIPS_STORE] = perform_store,
	[MIPS_LOAD_LINKED] = perform_load, [MIPS_STORE_CONDITIONAL] = perform_store_conditional,
	[MIPS_BRANCH] = perform_branch, [MIPS_BRANCH_LIKELY] = perform_branch, [MIPS_JUMP] = perform_branch,
	[MIPS_JUMP_REGISTER] = perform_branch, [MIPS_SYSCALL] = perform_syscall, [MIPS_BREAK] = perform_syscall,
	[MIPS_SYNC] = perform_sync, [MIPS_MFC0] = perform_mfc0, [MIPS_MTC0] = perform_mtc0, [MIPS_TLBR] = perform_tlb,
	[MIPS_TLBWI] = perform_tlb, [MIPS_TLBWR] = perform_tlb, [MIPS_TLBP] = perform_tlb, [MIPS_RFE] = perform_rfe,
	[MIPS_ERET] = perform_eret, [MIPS_CACHE] = perform_cache, [MIPS_WAIT] = perform_await,
	[MIPS_COPROCESSOR] = perform_coprocessor, [MIPS_RESERVED] = perform_reserved,
};

bool mips_perform(struct mips *mips, const struct mips_instruction *insn, struct mips_fault *fault)
{
	*fault = (struct mips_fault){ .code = -1 };
	muk_assert(insn->operation < MIPS_OPERATION_COUNT && handler[insn->operation]);
	return handler[insn->operation](mips, insn, fault);
}
