/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Coprocessor 0: its registers, exceptions and the way back.
 *
 * Kane, chapter 5; R4000 manual, chapters 4 and 5.
 *
 *   R2000, R3000   (KU, IE) current <- previous <- old: an exception pushes (kernel, off), rfe pops
 *   R4000          an exception sets EXL, eret clears it; while it is set EPC stays and the general vector serves all
 */
#include "inside.h"

enum { BEV = 1u << 22, CU0 = 1u << 28, TS = 1u << 21, ISC = 1u << 16, EXL = 2, ERL = 4, BD = 1u << 31 };

/* --- modes --- */

bool oracle_user_mode(const struct oracle *o)
{
	uint32_t status = o->cp0[STATUS];

	if (is_r4000(o))
		return (status >> 3 & 3) >= 2 && !(status & (EXL | ERL));
	return status >> 1 & 1;
}

bool oracle_cp0_usable(const struct oracle *o)
{
	bool kernel = !oracle_user_mode(o);

	if (is_r4000(o))
		kernel = (o->cp0[STATUS] >> 3 & 3) == 0 || o->cp0[STATUS] & (EXL | ERL);
	return kernel || o->cp0[STATUS] & CU0;
}

bool oracle_isolated(const struct oracle *o) { return !is_r4000(o) && o->cp0[STATUS] & ISC; }

/* --- registers --- */

static uint32_t lines(const struct oracle *o)
{
	bool board = o->board.interrupt && o->board.interrupt(o->board.ctx);
	bool timer = is_r4000(o) && (o->timer_rang || o->now >= o->timer);

	return (board ? 1u << 10 : 0) | (timer ? 1u << 15 : 0);
}

static uint32_t count_register(const struct oracle *o) { return (uint32_t)((o->now - o->count_base) / 2); }

/* Count has met Compare by now. */
static void look_at_timer(struct oracle *o)
{
	if (!is_r4000(o) || o->now < o->timer)
		return;
	o->timer_rang = true;
	o->timer += 2ull << 32;
}

/* The next time that Count becomes Compare, later than now. */
static void set_timer(struct oracle *o)
{
	uint64_t ticks = (o->now - o->count_base) / 2, low = ticks & 0xffffffff, meets = ticks - low + o->cp0[COMPARE];

	if (meets <= ticks)
		meets += 1ull << 32;
	o->timer = o->count_base + 2 * meets;
}

static bool has_register(const struct oracle *o, unsigned number)
{
	const uint32_t r3000 = 1u << INDEX | 1u << RANDOM | 1u << ENTRYLO | 1u << CONTEXT | 1u << BADVADDR | 1u << ENTRYHI |
	                       1u << STATUS | 1u << CAUSE | 1u << EPC | 1u << PRID;
	const uint32_t r4000 = r3000 | 1u << ENTRYLO1 | 1u << PAGEMASK | 1u << WIRED | 1u << COUNT | 1u << COMPARE |
	                       1u << CONFIG | 1u << LLADDR | 1u << WATCHLO | 1u << WATCHHI | 1u << ECC | 1u << CACHEERR |
	                       1u << TAGLO | 1u << TAGHI | 1u << ERROREPC;

	return (is_r4000(o) ? r4000 : r3000) >> number & 1;
}

uint32_t oracle_cp0(const struct oracle *o, unsigned number)
{
	if (!has_register(o, number))
		return 0;
	switch (number) {
	case RANDOM:
		return oracle_random_register(o);
	case COUNT:
		return count_register(o);
	case CAUSE:
		return o->cp0[CAUSE] | lines(o);
	default:
		return o->cp0[number];
	}
}

/* As many bits as name the TLB's entries. */
static uint32_t index_bits(const struct oracle *o)
{
	uint32_t bits = 0;

	while (bits + 1 < o->model.entries)
		bits = bits << 1 | 1;
	return is_r4000(o) ? bits : bits << 8;
}

static uint32_t entry_hi_bits(const struct oracle *o)
{
	uint32_t asid = (1u << o->model.asid_bits) - 1;

	return is_r4000(o) ? 0xffffe000u | asid : 0xfffff000u | asid << 6;
}

/* What of a register software writes.  No machine here watches addresses, has parity, or another coherency of kseg0. */
static uint32_t writable(const struct oracle *o, unsigned number)
{
	bool r4000 = is_r4000(o);

	switch (number) {
	case INDEX:
	case WIRED:
		return index_bits(o);
	case ENTRYLO:
		return r4000 ? 0x03ffffff : 0xffffff00;
	case ENTRYLO1:
		return 0x03ffffff;
	case CONTEXT:
		return r4000 ? 0xff800000 : 0xffe00000;
	case PAGEMASK:
		return o->model.ways == o->model.entries ? 0x01ffe000 : 0;
	case ENTRYHI:
		return entry_hi_bits(o);
	case STATUS:
		return r4000 ? 0xf040ff1f : 0xf043ff3f;
	case CAUSE:
		return 0x300;
	case ECC:
		return 0xff;
	case EPC:
		return r4000 ? 0xffffffff : 0;
	case COUNT:
	case COMPARE:
	case LLADDR:
	case TAGLO:
	case TAGHI:
	case ERROREPC:
		return 0xffffffff;
	default:
		return 0;
	}
}

/* Pages are of 4 KiB times a power of four: the next such mask up. */
static uint32_t whole_mask(uint32_t mask)
{
	uint32_t whole = 0;

	while (whole < mask)
		whole = whole << 2 | 0x6000;
	return whole;
}

/* Count becomes Compare by being written, too. */
static void count_written(struct oracle *o, uint32_t value)
{
	o->count_base = o->now - 2 * (uint64_t)value;
	set_timer(o);
	o->timer_rang |= value == o->cp0[COMPARE];
}

void oracle_set_entry_hi(struct oracle *o, uint32_t value)
{
	uint32_t asid = oracle_current_asid(o);

	o->cp0[ENTRYHI] = value & entry_hi_bits(o);
	o->count.asid_changes += oracle_current_asid(o) != asid;
}

void oracle_cp0_write(struct oracle *o, unsigned number, uint32_t value)
{
	uint32_t mask = writable(o, number);

	if (!has_register(o, number))
		return;
	look_at_timer(o);
	if (number == ENTRYHI)
		oracle_set_entry_hi(o, value);
	else
		o->cp0[number] = (o->cp0[number] & ~mask) | (value & mask);
	if (number == PAGEMASK)
		o->cp0[PAGEMASK] = whole_mask(o->cp0[PAGEMASK]);
	if (number == WIRED)
		o->wired_written = o->retired + 1;
	if (number == COUNT)
		count_written(o, value);
	if (number == COMPARE) {
		o->timer_rang = false;
		set_timer(o);
	}
}

/* --- exceptions --- */

static void address_registers(struct oracle *o, const struct fault *fault)
{
	uint32_t va = fault->address;

	o->cp0[BADVADDR] = va;
	if (fault->code == ADEL || fault->code == ADES)
		return;
	if (is_r4000(o)) {
		o->cp0[CONTEXT] = (o->cp0[CONTEXT] & 0xff800000) | (va >> 13 << 4);
		o->cp0[ENTRYHI] = (va & ~0x1fffu) | (o->cp0[ENTRYHI] & 0xff);
	} else {
		o->cp0[CONTEXT] = (o->cp0[CONTEXT] & 0xffe00000) | (va >> 12 << 2 & 0x1ffffc);
		o->cp0[ENTRYHI] = (va & ~0xfffu) | (o->cp0[ENTRYHI] & 0xfff);
	}
}

/* Where it happened, and the state that goes on the stack. */
static void save_state(struct oracle *o)
{
	uint32_t *status = &o->cp0[STATUS];

	if (is_r4000(o) && *status & EXL)
		return;
	o->cp0[EPC] = o->in_slot ? o->pc - 4 : o->pc;
	o->cp0[CAUSE] = (o->cp0[CAUSE] & ~BD) | (o->in_slot ? BD : 0);
	*status = is_r4000(o) ? *status | EXL : (*status & ~0x3fu) | (*status << 2 & 0x3c);
}

static uint32_t vector(const struct oracle *o, bool refill)
{
	bool bev = o->cp0[STATUS] & BEV;

	if (is_r4000(o))
		return (bev ? 0xbfc00200u : 0x80000000u) + (refill ? 0 : 0x180);
	if (bev)
		return refill ? 0xbfc00100u : 0xbfc00180u;
	return refill ? 0x80000000u : 0x80000080u;
}

/* All registers are ready, a block begins: T2. */
static void go(struct oracle *o, uint32_t pc)
{
	for (int n = 0; n < 32; n++)
		o->ready[n] = 0;
	o->pc = pc;
	o->in_slot = false;
	o->block_begins = true;
}

/* R2000, R3000: pages of kuseg have their own vector.  R4000: all pages, unless an exception is being handled. */
static bool to_refill_vector(const struct oracle *o, const struct fault *fault)
{
	if (!fault->missed)
		return false;
	return is_r4000(o) ? !(o->cp0[STATUS] & EXL) : fault->address < 0x80000000u;
}

static void count_exception(struct oracle *o, const struct fault *fault, bool refill)
{
	o->count.traps += fault->code != INT;
	if (fault->missed)
		(*(refill ? &o->count.refill_vector : &o->count.general_vector))++;
	if (fault->code == MOD)
		o->count.modified++;
	if ((fault->code == TLBL || fault->code == TLBS) && !fault->missed)
		o->count.invalid++;
}

void oracle_take_exception(struct oracle *o, const struct fault *fault)
{
	bool refill = to_refill_vector(o, fault);

	count_exception(o, fault, refill);
	if (fault->has_address)
		address_registers(o, fault);
	save_state(o);
	o->cp0[CAUSE] = (o->cp0[CAUSE] & ~0x3000007cu) | (uint32_t)fault->code << 2 |
	                (fault->code == CPU ? fault->unit << 28 : 0);
	if (refill)
		oracle_spend(o, ORACLE_TLB_REFILL, o->model.cost.exception_refill);
	else
		oracle_spend(o, ORACLE_TRAP_ENTRY, o->model.cost.exception_entry);
	o->refilling = refill;
	go(o, vector(o, refill));
}

/* --- interrupts --- */

bool oracle_interrupt_due(struct oracle *o)
{
	uint32_t status = o->cp0[STATUS];
	bool enabled = is_r4000(o) ? (status & 7) == 1 : status & 1;

	look_at_timer(o);
	return enabled && oracle_cp0(o, CAUSE) & status & 0xff00;
}

void oracle_take_interrupt(struct oracle *o)
{
	const struct fault fault = { .code = INT };

	o->count.interrupts++;
	oracle_take_exception(o, &fault);
}

/* --- the way back --- */

void oracle_return_from_exception(struct oracle *o, enum oracle_id id)
{
	uint32_t *status = &o->cp0[STATUS];

	o->refilling = false;
	for (int n = 0; n < 32; n++)
		o->ready[n] = 0;
	if (id == I_RFE) {
		*status = (*status & ~0xfu) | (*status >> 2 & 0xf);
		return;
	}
	o->linked = false;
	o->pc = *status & ERL ? o->cp0[ERROREPC] : o->cp0[EPC];
	*status &= *status & ERL ? ~(uint32_t)ERL : ~(uint32_t)EXL;
}
