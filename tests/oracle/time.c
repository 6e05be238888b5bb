/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What instructions cost: T1 to T5, T7 and T11 of sim/arch/mips/timing.h, in its order. */
#include "inside.h"

/* T11: what an instruction of a refill handler takes is the refill's. */
void oracle_spend(struct oracle *o, enum oracle_cause cause, uint64_t cycles)
{
	if (cause == ORACLE_INSTRUCTION && o->refilling)
		cause = ORACLE_TLB_REFILL;
	o->now += cycles;
	o->cause[cause] += cycles;
}

static void wait_until(struct oracle *o, uint64_t when)
{
	if (when > o->now)
		oracle_spend(o, ORACLE_INSTRUCTION, when - o->now);
}

static bool uses_hilo(enum oracle_id id)
{
	return id == I_MFHI || id == I_MFLO || id == I_MTHI || id == I_MTLO || id == I_MULT || id == I_MULTU ||
	       id == I_DIV || id == I_DIVU;
}

void oracle_wait_for_operands(struct oracle *o, const struct insn *insn)
{
	if (insn->form->reads & READS_S)
		wait_until(o, o->ready[insn->rs]);
	if (insn->form->reads & READS_T)
		wait_until(o, o->ready[insn->rt]);
	if (uses_hilo(insn->id))
		wait_until(o, o->hilo_ready);
}

static bool loads(enum oracle_id id)
{
	return id == I_LB || id == I_LBU || id == I_LH || id == I_LHU || id == I_LW || id == I_LWL || id == I_LWR ||
	       id == I_LL || id == I_MFC0;
}

/* T2, T3: when what it writes can be read. */
static void results(struct oracle *o, const struct insn *insn)
{
	const struct oracle_costs *cost = &o->model.cost;

	if (oracle_written(insn))
		o->ready[oracle_written(insn)] = loads(insn->id) ? o->now + cost->issue + cost->load_use : 0;
	if (insn->id == I_MULT || insn->id == I_MULTU)
		o->hilo_ready = o->now + cost->mult;
	else if (insn->id == I_DIV || insn->id == I_DIVU)
		o->hilo_ready = o->now + cost->div;
	else if (insn->id == I_MTHI || insn->id == I_MTLO)
		o->hilo_ready = 0;
}

/* What it takes beside its issue; T5, T6. */
static uint32_t extra(const struct oracle_costs *cost, enum oracle_id id)
{
	switch (id) {
	case I_MFC0:
	case I_MTC0:
		return cost->cp0_move;
	case I_TLBR:
		return cost->tlb_read;
	case I_TLBWI:
	case I_TLBWR:
		return cost->tlb_write;
	case I_TLBP:
		return cost->tlb_probe;
	case I_CACHE:
		return cost->cache_op;
	default:
		return 0;
	}
}

void oracle_spend_instruction(struct oracle *o, const struct insn *insn, bool taken)
{
	const struct oracle_costs *cost = &o->model.cost;

	results(o, insn);
	oracle_spend(o, ORACLE_INSTRUCTION, cost->issue + extra(cost, insn->id) + (taken ? cost->branch_taken : 0));
	if (insn->id == I_RFE)
		oracle_spend(o, ORACLE_TRAP_RETURN, cost->rfe);
	if (insn->id == I_ERET)
		oracle_spend(o, ORACLE_TRAP_RETURN, cost->eret);
}

void oracle_pass_write_buffer(struct oracle *o)
{
	uint64_t depth = o->model.cost.write_depth, retire = o->model.cost.write_retire, taken = 0;

	if (!depth || !retire)
		return;
	if (o->drained > o->now)
		taken = (o->drained - o->now + retire - 1) / retire;
	if (taken >= depth)
		oracle_spend(o, ORACLE_WRITE_BUFFER, o->drained - (depth - 1) * retire - o->now);
	o->drained = (o->drained > o->now ? o->drained : o->now) + retire;
}
