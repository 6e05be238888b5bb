/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a block of instructions costs by itself: the model's constants, summed,
 * with what neighbours do to each other.
 *
 *   address generation interlock: an address register was written by the instruction before (486), or
 *       in the cycle before (Pentium).  i486 Processor Programmer's Reference Manual, chapter 10 and
 *       appendix on optimization.  A stack pointer that push, pop, call and ret move is exempt.
 *   pairing: Pentium Processor User's Manual, appendix on optimization: two simple instructions issue
 *       together in pipes U and V unless the second reads or writes a register that the first writes,
 *       either has both a displacement and an immediate, or the second has a prefix.
 *   wait states: each access that the instruction makes waits for memory without a cache, up to 4 bytes at a time,
 *       aligned or not.  What waits is what waits while the instruction runs: no write is buffered.
 *
 * Invariants
 *   1. prefix[n] == cycles, prefix is not decreasing, prefix[0] == 0.
 *   2. of a pair the first is charged what it takes alone, the second the rest.
 *   3. an instruction that is absent (a probe's no-op) changes nothing: neither sum, nor pairs, nor interlocks.
 */
#include "sim/arch/x86/decode.h"

static uint32_t key_cycles(const struct model *model, unsigned key)
{
	return key < X86_COST_COUNT ? model->cost[key] : 0;
}

static bool is_repeated(const struct x86_instruction *insn)
{
	return insn->rep && (insn->operation == OP_CMPS || insn->operation == OP_SCAS);
}

/* Prefixes that are charged as such: lock and a string's rep have their own constants. */
static unsigned charged_prefixes(const struct x86_instruction *insn)
{
	unsigned own = insn->lock + is_repeated(insn);
	return insn->prefixes > own ? insn->prefixes - own : 0;
}

static uint32_t decoding_cycles(const struct model *model, const struct x86_instruction *insn)
{
	uint32_t cycles = charged_prefixes(insn) * model->cost[COST_PREFIX];
	if (insn->lock)
		cycles += model->cost[COST_LOCK];
	if (insn->base != NO_REGISTER && insn->index != NO_REGISTER)
		cycles += model->cost[COST_INDEX];
	if (insn->has_modrm && insn->has_displacement && insn->has_immediate)
		cycles += model->cost[COST_IMMEDIATE_DISPLACEMENT];
	return cycles;
}

/* The accesses of an instruction are the same whatever is in the registers. */
static uint32_t memory_waits(const struct model *model, const struct x86_instruction *insn)
{
	static const struct x86_cpu any;
	struct x86_access access[X86_MAX_ACCESSES];
	uint32_t cycles = 0;

	if (model->cost[COST_MEMORY_READ_WAIT] + model->cost[COST_MEMORY_WRITE_WAIT] == 0)
		return 0;
	unsigned n = x86_accesses(insn, &any, access);
	for (unsigned i = 0; i < n; i++)
		cycles += x86_wait_cycles(model, access[i].size, access[i].write);
	return cycles;
}

/* Alone, without interlock. */
static uint32_t own_cycles(const struct model *model, const struct x86_instruction *insn)
{
	if (x86_operation_performed(insn->operation) || insn->operation == OP_INT || insn->operation == OP_INT3)
		return 0;
	uint32_t cycles = decoding_cycles(model, insn) + memory_waits(model, insn);
	if (is_repeated(insn))
		return cycles + key_cycles(model, insn->extra_cost);
	cycles += key_cycles(model, insn->cost) + key_cycles(model, insn->extra_cost);
	if (insn->operation == OP_ENTER)
		cycles += (insn->immediate2 & 31u) * model->cost[COST_ENTER_LEVEL];
	return cycles;
}

/* Registers that the instruction forms addresses from, the stack's included. */
static unsigned address_registers(const struct x86_instruction *insn)
{
	unsigned bits = 0;
	if (insn->base != NO_REGISTER)
		bits |= 1u << insn->base;
	if (insn->index != NO_REGISTER)
		bits |= 1u << insn->index;
	if (insn->opcode == 0xd7) /* xlat */
		bits |= 1u << EAX;
	if (insn->opcode == 0xc9) /* leave */
		return 1u << EBP;
	if (insn->stack)
		bits |= 1u << ESP;
	if (insn->operation == OP_CMPS)
		bits |= 1u << ESI;
	if (insn->operation == OP_CMPS || insn->operation == OP_SCAS)
		bits |= 1u << EDI;
	return bits;
}

static bool is_simple_stack(const struct x86_instruction *insn)
{
	return insn->stack && insn->opcode != 0xc8 && insn->opcode != 0xc9 && insn->operation != OP_POPA;
}

/* Registers written so that a following address has to wait: not the stack pointer that a push moves. */
static unsigned interlocking_writes(const struct x86_instruction *insn)
{
	unsigned bits = insn->writes_registers;
	if (is_simple_stack(insn) && insn->opcode != 0x5c) /* pop esp writes it as any register */
		bits &= ~(1u << ESP);
	return bits;
}

/* push and push, push and call, pop and pop go together, although both move esp. */
static bool stack_pair(const struct x86_instruction *u, const struct x86_instruction *v)
{
	return is_simple_stack(u) && is_simple_stack(v) && (u->stack > 0) == (v->stack > 0);
}

static bool is_branch(const struct x86_instruction *insn)
{
	return insn->operation == OP_JCC || insn->operation == OP_JMP || insn->operation == OP_CALL ||
	       insn->operation == OP_RET;
}

/* The rules of pairing. */
static bool can_pair(const struct x86_instruction *u, const struct x86_instruction *v)
{
	if (u->pairing != PAIR_UV && u->pairing != PAIR_U)
		return false;
	if (v->pairing != PAIR_UV && v->pairing != PAIR_V)
		return false;
	if (v->prefixes || (u->has_displacement && u->has_immediate) || (v->has_displacement && v->has_immediate))
		return false;
	unsigned written = u->writes_registers;
	if (stack_pair(u, v))
		written &= ~(1u << ESP);
	return !(written & (v->reads_registers | v->writes_registers));
}

/* A read-modify-write in U keeps V back: 3 with 2 takes 4, 3 with 3 takes 5; else the longer one decides. */
static uint32_t pair_cycles(const struct x86_instruction *u, uint32_t u_cycles, uint32_t v_cycles)
{
	if (u->reads && u->writes)
		return u_cycles + v_cycles - 1;
	return u_cycles > v_cycles ? u_cycles : v_cycles;
}

/* The index of the first instruction from i on that is there. */
static unsigned skip_absent(const struct x86_instruction *insn, unsigned n, unsigned i)
{
	while (i < n && insn[i].absent)
		i++;
	return i;
}

static void describe_end(const struct model *model, const struct x86_instruction *last, struct x86_block_cost *out)
{
	out->conditional = last->operation == OP_JCC || last->operation == OP_LOOP;
	if (last->operation == OP_LOOP)
		out->taken = model->cost[COST_LOOP_TAKEN];
	if (last->operation == OP_JCC && !model->branch_prediction)
		out->taken = model->cost[COST_JCC_TAKEN];
	out->predicted = model->branch_prediction && is_branch(last);
	if (is_repeated(last))
		out->begin = key_cycles(model, last->cost);
}

/* Sums in the order of execution; sum[i] stands before instruction i. */
struct summing {
	const struct model *model;
	uint32_t *prefix;    /* may be NULL */
	uint32_t cycles;
	unsigned at;         /* prefix is filled up to here */
	unsigned written;    /* registers written in the cycle before */
};

/* Instruction i is done, and took cycles; those passed over before it took none. */
static void advance(struct summing *sum, unsigned i, uint32_t cycles)
{
	while (sum->at <= i) {
		if (sum->at == i)
			sum->cycles += cycles;
		sum->at++;
		if (sum->prefix)
			sum->prefix[sum->at] = sum->cycles;
	}
}

static uint32_t interlock(const struct summing *sum, const struct x86_instruction *insn)
{
	return sum->written & address_registers(insn) ? sum->model->cost[COST_AGI] : 0;
}

static void sum_one(struct summing *sum, const struct x86_instruction *insn, unsigned i)
{
	advance(sum, i, own_cycles(sum->model, insn) + interlock(sum, insn));
	sum->written = interlocking_writes(insn);
}

static void sum_pair(struct summing *sum, const struct x86_instruction *u, unsigned i,
                     const struct x86_instruction *v, unsigned j)
{
	uint32_t u_cycles = own_cycles(sum->model, u), v_cycles = own_cycles(sum->model, v);
	uint32_t stall = interlock(sum, u), v_stall = interlock(sum, v);
	advance(sum, i, u_cycles + stall);
	uint32_t more = v_stall > stall ? v_stall - stall : 0; /* both wait for the later */
	advance(sum, j, pair_cycles(u, u_cycles, v_cycles) - u_cycles + more);
	sum->written = interlocking_writes(u) | interlocking_writes(v);
}

/* See decode.h.  Charges nothing. */
void x86_block_cost(const struct model *model, const struct x86_instruction *insn, unsigned n, uint32_t *prefix,
                    struct x86_block_cost *out)
{
	struct summing sum = { .model = model, .prefix = prefix };
	*out = (struct x86_block_cost){ .count = (uint16_t)n };
	if (prefix)
		prefix[0] = 0;
	for (unsigned i = skip_absent(insn, n, 0); i < n; ) {
		unsigned j = skip_absent(insn, n, i + 1);
		if (model->pairing && j < n && can_pair(&insn[i], &insn[j])) {
			sum_pair(&sum, &insn[i], i, &insn[j], j);
			i = skip_absent(insn, n, j + 1);
		} else {
			sum_one(&sum, &insn[i], i);
			i = j;
		}
	}
	out->cycles = sum.cycles;
	if (n) {
		advance(&sum, n - 1, 0);
		describe_end(model, &insn[n - 1], out);
	}
}
