/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Performing one instruction: the table of handlers, and what they share:
 * operands, advancing, charging.
 *
 * Source: perform.h has the contract.
 *
 * Invariants
 *   1. a performed instruction counts as one, when it completes: a rep string counts once, however often it stops.
 *   2. a fault charges what its memory accesses cost, and nothing for the instruction (ESC apart: its #NM is the rule).
 *   3. EFLAGS.RF and the interrupt shadow last for one instruction: completed, it clears them, unless it sets them.
 */
#include "sim/arch/x86/performing.h"
#include "sim/core/error.h"

static perform_fn *const handler[X86_OPERATION_COUNT] = {
	[OP_UNDEFINED] = perform_undefined, [OP_ESC] = perform_esc, [OP_WAIT] = perform_wait,
	[OP_MOV_SREG] = perform_mov_sreg, [OP_MOV_FROM_SREG] = perform_mov_from_sreg,
	[OP_PUSH_SREG] = perform_push_sreg, [OP_POP_SREG] = perform_pop_sreg,
	[OP_LOAD_FAR_POINTER] = perform_load_far_pointer,
	[OP_CALL_FAR] = perform_call_far, [OP_CALL_FAR_M] = perform_call_far,
	[OP_JMP_FAR] = perform_jmp_far, [OP_JMP_FAR_M] = perform_jmp_far,
	[OP_RET_FAR] = perform_ret_far, [OP_IRET] = perform_iret,
	[OP_LGDT] = perform_lgdt, [OP_LIDT] = perform_lidt, [OP_SGDT] = perform_sgdt, [OP_SIDT] = perform_sidt,
	[OP_LLDT] = perform_lldt, [OP_SLDT] = perform_sldt, [OP_LTR] = perform_ltr, [OP_STR] = perform_str,
	[OP_LMSW] = perform_lmsw, [OP_SMSW] = perform_smsw, [OP_CLTS] = perform_clts,
	[OP_LAR] = perform_lar, [OP_LSL] = perform_lsl, [OP_VERR] = perform_verr, [OP_VERW] = perform_verw,
	[OP_ARPL] = perform_arpl,
	[OP_MOV_TO_CR] = perform_mov_to_cr, [OP_MOV_FROM_CR] = perform_mov_from_cr,
	[OP_MOV_TO_DR] = perform_mov_to_dr, [OP_MOV_FROM_DR] = perform_mov_from_dr,
	[OP_INVLPG] = perform_invlpg, [OP_INVD] = perform_invd, [OP_WBINVD] = perform_wbinvd,
	[OP_CLI] = perform_cli, [OP_STI] = perform_sti, [OP_PUSHF] = perform_pushf, [OP_POPF] = perform_popf,
	[OP_HLT] = perform_hlt, [OP_IN] = perform_in, [OP_OUT] = perform_out, [OP_INS] = perform_ins,
	[OP_OUTS] = perform_outs, [OP_MOVS] = perform_movs, [OP_STOS] = perform_stos, [OP_LODS] = perform_lods,
	[OP_CPUID] = perform_cpuid, [OP_RDTSC] = perform_rdtsc, [OP_RDMSR] = perform_rdmsr,
	[OP_WRMSR] = perform_wrmsr, [OP_RSM] = perform_rsm,
};

/* These set or clear the shadow themselves. */
static bool sets_shadow(enum x86_operation operation)
{
	return operation == OP_STI || operation == OP_MOV_SREG || operation == OP_POP_SREG;
}

/* After these RF is what they loaded: the program's image, or the new task's. */
static bool loads_flags(enum x86_operation operation)
{
	return operation == OP_IRET || operation == OP_JMP_FAR || operation == OP_JMP_FAR_M ||
	       operation == OP_CALL_FAR || operation == OP_CALL_FAR_M;
}

bool x86_perform(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	enum x86_operation operation = insn->operation;

	fault->vector = -1;
	muk_assert(operation < X86_OPERATION_COUNT && handler[operation]);
	if (!handler[operation](x86, insn, fault))
		return false;
	if (!sets_shadow(operation))
		x86->cpu.shadow = false;
	if (!loads_flags(operation) && !x86->cpu.string_begun)
		x86->cpu.eflags &= ~EFLAGS_RF;
	return true;
}

/* --- operands --- */

bool operand_read(struct x86 *x86, unsigned segment, vaddr_t offset, void *data, unsigned size, struct x86_fault *fault)
{
	const struct x86_access access = { .offset = offset, .segment = (uint8_t)segment, .size = (uint8_t)size };

	return x86_segment_check(&x86->cpu, &access, fault) &&
	       x86_read(x86, x86->cpu.seg[segment].base + offset, data, size, privilege_of(x86->cpu.cpl), fault);
}

bool operand_write(struct x86 *x86, unsigned segment, vaddr_t offset, const void *data, unsigned size,
                   struct x86_fault *fault)
{
	const struct x86_access access = { .offset = offset, .segment = (uint8_t)segment, .size = (uint8_t)size,
	                                   .write = true };

	return x86_segment_check(&x86->cpu, &access, fault) &&
	       x86_write(x86, x86->cpu.seg[segment].base + offset, data, size, privilege_of(x86->cpu.cpl), fault);
}

bool operand_word_read(struct x86 *x86, const struct x86_instruction *insn, uint16_t *value, struct x86_fault *fault)
{
	if (insn->has_memory)
		return operand_read(x86, insn->segment, x86_effective_address(insn, &x86->cpu), value, 2, fault);
	*value = (uint16_t)x86->cpu.reg[modrm_rm(insn)];
	return true;
}

bool operand_word_write(struct x86 *x86, const struct x86_instruction *insn, uint32_t value, struct x86_fault *fault)
{
	if (insn->has_memory)
		return operand_write(x86, insn->segment, x86_effective_address(insn, &x86->cpu), &value, 2, fault);
	register_set(&x86->cpu, modrm_rm(insn), insn->operand_size, value);
	return true;
}

void register_set(struct x86_cpu *cpu, unsigned number, unsigned size, uint32_t value)
{
	cpu->reg[number] = size == 4 ? value : (cpu->reg[number] & 0xffff0000u) | (value & 0xffff);
}

bool require_ring_0(const struct x86 *x86, struct x86_fault *fault)
{
	return x86->cpu.cpl == 0 || fault_error(fault, VECTOR_GP, 0);
}

/* --- time and events --- */

static bool is_string(enum x86_operation operation)
{
	return operation == OP_MOVS || operation == OP_STOS || operation == OP_LODS || operation == OP_INS ||
	       operation == OP_OUTS;
}

uint32_t prefix_cycles(const struct x86 *x86, const struct x86_instruction *insn)
{
	unsigned own = (insn->lock ? 1 : 0) + (insn->rep && is_string(insn->operation) ? 1 : 0);
	return insn->prefixes > own ? (insn->prefixes - own) * x86->model->cost[COST_PREFIX] : 0;
}

void charge_performed(struct x86 *x86, const struct x86_instruction *insn, enum ledger_cause cause, enum x86_cost cost)
{
	uint32_t prefixes = prefix_cycles(x86, insn);

	if (cause == CAUSE_INSTRUCTION) {
		ledger_execute(x86->ledger, 1, x86->model->cost[cost] + prefixes);
		return;
	}
	ledger_execute(x86->ledger, 1, prefixes);
	x86_charge(x86, cause, cost);
}

bool finish(struct x86 *x86, const struct x86_instruction *insn, enum ledger_cause cause, enum x86_cost cost)
{
	charge_performed(x86, insn, cause, cost);
	x86->cpu.eip = next_eip(&x86->cpu, insn);
	return true;
}

void perform_event(struct x86 *x86, enum event_kind kind, uint32_t eip, unsigned args, const uint32_t *arg)
{
	journal_append(x86->journal, kind, x86->cpu.seg[CS].base + eip, args, arg);
}
