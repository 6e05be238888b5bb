/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Far control transfers: jmp, call and ret between segments, iret.
 *
 * Source: i386 §6.3.3 to §6.3.4 (control transfers, gates, returns), §7.5, instructions CALL, JMP, RET, IRET.
 *
 *   jmp, call    code segment       to_code
 *                call gate          to_gate: same privilege or conforming, or (call) an inner ring by its stack
 *                task gate, TSS     to_task
 *   ret, iret    same or outer ring: return_decide, return_commit
 *   iret         NT set: the task before, by to_task
 *
 * Invariants
 *   1. eip is checked against the new segment before anything is written.
 *   2. an inner ring is entered by call (never jmp) and left by ret or iret only.
 *   3. the selector in CS has CPL as its RPL.
 */
#include "sim/arch/x86/performing.h"

bool code_contains(const struct x86_segment_cache *cs, uint32_t eip, uint32_t ext, struct x86_fault *fault)
{
	return eip <= cs->limit || fault_error(fault, VECTOR_GP, ext);
}

/* A code segment as it is to be in CS at a privilege level. */
static struct x86_segment_cache cs_at(const struct x86_found *code, uint32_t cpl)
{
	struct x86_segment_cache cs;

	descriptor_to_cache(code, &cs);
	cs.selector = (uint16_t)((cs.selector & ~SELECTOR_RPL) | cpl);
	cs.rights |= RIGHTS_ACCESSED;
	return cs;
}

/* --- jmp and call --- */

struct transfer {
	const struct x86_instruction *insn;
	bool call;
	uint16_t selector;
	uint32_t eip;
};

static bool read_pointer(struct x86 *x86, const struct x86_instruction *insn, struct transfer *transfer,
                         struct x86_fault *fault)
{
	uint8_t pointer[6];

	transfer->eip = insn->operand_size == 4 ? insn->immediate : insn->immediate & 0xffff;
	transfer->selector = insn->immediate2;
	if (insn->operation == OP_JMP_FAR || insn->operation == OP_CALL_FAR)
		return true;
	if (!insn->has_memory)
		return fault_plain(fault, VECTOR_UD);
	if (!operand_read(x86, insn->segment, x86_effective_address(insn, &x86->cpu), pointer,
	                  insn->operand_size + 2u, fault))
		return false;
	transfer->eip = 0;
	memcpy(&transfer->eip, pointer, insn->operand_size);
	memcpy(&transfer->selector, pointer + insn->operand_size, 2);
	return true;
}

static void commit_code(struct x86 *x86, const struct x86_segment_cache *cs, uint32_t eip)
{
	x86->cpu.seg[CS] = *cs;
	x86->cpu.eip = eip;
	x86->cpu.eflags &= ~(uint32_t)EFLAGS_RF;
}

/* Goes to code of the same privilege; a call pushes its return address with width. */
static bool go_same(struct x86 *x86, const struct transfer *transfer, struct x86_found *code, uint32_t eip,
                    unsigned width, enum x86_cost cost, struct x86_fault *fault)
{
	struct x86_stack stack = stack_current(x86, 0);
	struct x86_segment_cache cs = cs_at(code, x86->cpu.cpl);
	uint32_t frame[] = { x86->cpu.seg[CS].selector, next_eip(&x86->cpu, transfer->insn) };

	if (transfer->call && !stack_room(x86, &stack, width, 2, fault))
		return false;
	if (!code_contains(&cs, eip, 0, fault) || !descriptor_mark_accessed(x86, code, fault))
		return false;
	if (transfer->call && !stack_push_checked(x86, &stack, width, frame, 2, fault))
		return false;
	stack_commit(x86, &stack);
	charge_performed(x86, transfer->insn, CAUSE_INSTRUCTION, cost);
	commit_code(x86, &cs, eip);
	return true;
}

static bool to_code(struct x86 *x86, const struct transfer *transfer, struct x86_found *code, struct x86_fault *fault)
{
	uint32_t cpl = x86->cpu.cpl, dpl = descriptor_dpl(code->descriptor);
	bool allowed = descriptor_is_conforming_code(code->descriptor)
		? dpl <= cpl : (transfer->selector & SELECTOR_RPL) <= cpl && dpl == cpl;

	if (!descriptor_is_code(code->descriptor) || !allowed)
		return fault_selector(fault, VECTOR_GP, transfer->selector, 0);
	if (!descriptor_present(code->descriptor))
		return fault_selector(fault, VECTOR_NP, transfer->selector, 0);
	return go_same(x86, transfer, code, transfer->eip, transfer->insn->operand_size,
	               transfer->call ? COST_CALL_FAR : COST_JMP_FAR, fault);
}

/* --- call gates --- */

static bool gate_code(struct x86 *x86, const struct transfer *transfer, struct x86_descriptor gate,
                      struct x86_found *code, struct x86_fault *fault)
{
	uint16_t selector = (uint16_t)descriptor_gate_selector(gate);

	if (SELECTOR_IS_NULL(selector))
		return fault_error(fault, VECTOR_GP, 0);
	if (!descriptor_find(x86, selector, VECTOR_GP, 0, code, fault))
		return false;
	uint32_t dpl = descriptor_dpl(code->descriptor);
	bool same_only = !transfer->call && !descriptor_is_conforming_code(code->descriptor);
	if (!descriptor_is_code(code->descriptor) || dpl > x86->cpu.cpl || (same_only && dpl != x86->cpu.cpl))
		return fault_selector(fault, VECTOR_GP, selector, 0);
	if (!descriptor_present(code->descriptor))
		return fault_selector(fault, VECTOR_NP, selector, 0);
	return true;
}

enum { PARAMETERS_MOST = 31, INNER_FRAME = 4 };

/* The caller's SS:ESP, its parameters as they lie, and the return address. */
static bool inner_frame(struct x86 *x86, const struct transfer *transfer, unsigned width, unsigned parameters,
                        uint32_t *frame, struct x86_fault *fault)
{
	struct x86_stack caller = stack_current(x86, 0);
	uint32_t parameter[PARAMETERS_MOST];
	unsigned n = 0;

	if (!stack_pop(x86, &caller, width, parameter, parameters, fault))
		return false;
	frame[n++] = x86->cpu.seg[SS].selector;
	frame[n++] = x86->cpu.reg[ESP];
	while (parameters > 0)
		frame[n++] = parameter[--parameters];
	frame[n++] = x86->cpu.seg[CS].selector;
	frame[n] = next_eip(&x86->cpu, transfer->insn);
	return true;
}

/* A way into the kernel, as an interrupt through a gate is. */
static void account_inner(struct x86 *x86, const struct transfer *transfer, unsigned parameters)
{
	x86->count[COUNT_MODE_SWITCHES]++;
	charge_performed(x86, transfer->insn, CAUSE_TRAP_ENTRY, COST_CALL_GATE_INNER);
	ledger_execute(x86->ledger, 0, parameters * x86->model->cost[COST_CALL_GATE_PARAM]);
}

static bool go_inner(struct x86 *x86, const struct transfer *transfer, struct x86_found *code,
                     struct x86_descriptor gate, uint32_t eip, unsigned width, struct x86_fault *fault)
{
	uint32_t cpl = descriptor_dpl(code->descriptor), frame[INNER_FRAME + PARAMETERS_MOST];
	unsigned parameters = descriptor_gate_parameters(gate), count = INNER_FRAME + parameters;
	struct x86_segment_cache cs = cs_at(code, cpl);
	struct segment_choice ss;
	struct x86_stack stack;

	if (!stack_inner(x86, cpl, 0, &stack, &ss, fault) || !stack_room(x86, &stack, width, count, fault))
		return false;
	if (!code_contains(&cs, eip, 0, fault) || !inner_frame(x86, transfer, width, parameters, frame, fault))
		return false;
	if (!descriptor_mark_accessed(x86, code, fault) || !segment_mark(x86, &ss, fault) ||
	    !stack_push_checked(x86, &stack, width, frame, count, fault))
		return false;
	x86->cpu.cpl = cpl;
	x86->cpu.seg[SS] = ss.cache;
	x86->cpu.reg[ESP] = stack.sp;
	account_inner(x86, transfer, parameters);
	commit_code(x86, &cs, eip);
	return true;
}

static bool to_gate(struct x86 *x86, const struct transfer *transfer, const struct x86_found *gate,
                    struct x86_fault *fault)
{
	bool wide = descriptor_type(gate->descriptor) == TYPE_CALL32;
	uint32_t eip = wide ? descriptor_gate_offset(gate->descriptor) : descriptor_gate_offset_low(gate->descriptor);
	struct x86_found code;

	if (!gate_code(x86, transfer, gate->descriptor, &code, fault))
		return false;
	if (!descriptor_is_conforming_code(code.descriptor) && descriptor_dpl(code.descriptor) < x86->cpu.cpl)
		return go_inner(x86, transfer, &code, gate->descriptor, eip, wide ? 4 : 2, fault);
	return go_same(x86, transfer, &code, eip, wide ? 4 : 2, transfer->call ? COST_CALL_GATE : COST_JMP_GATE, fault);
}

/* --- tasks --- */

static bool to_task(struct x86 *x86, const struct transfer *transfer, uint16_t tss, struct x86_fault *fault)
{
	const struct task_switch change = {
		.by = transfer->call ? TASK_BY_CALL : TASK_BY_JUMP, .selector = tss,
		.eip = next_eip(&x86->cpu, transfer->insn), .eflags = x86->cpu.eflags & ~(uint32_t)EFLAGS_RF
	};
	bool switched, fine = task_switch(x86, &change, &switched, fault);

	if (switched)
		charge_performed(x86, transfer->insn, CAUSE_INSTRUCTION, COST_CALL_TASK);
	return fine;
}

/* Gates and TSS: what they are, and whether the caller may use them. */
static bool to_system(struct x86 *x86, const struct transfer *transfer, const struct x86_found *found,
                      struct x86_fault *fault)
{
	struct x86_descriptor descriptor = found->descriptor;
	uint32_t type = descriptor_type(descriptor), dpl = descriptor_dpl(descriptor);
	bool gate = type == TYPE_CALL16 || type == TYPE_CALL32 || type == TYPE_TASK_GATE;

	if (!gate && type != TYPE_TSS16 && type != TYPE_TSS32)
		return fault_selector(fault, VECTOR_GP, transfer->selector, 0);
	if (dpl < x86->cpu.cpl || dpl < (uint32_t)(transfer->selector & SELECTOR_RPL))
		return fault_selector(fault, VECTOR_GP, transfer->selector, 0);
	if (!descriptor_present(descriptor))
		return fault_selector(fault, VECTOR_NP, transfer->selector, 0);
	if (!gate)
		return to_task(x86, transfer, transfer->selector, fault);
	if (type == TYPE_TASK_GATE)
		return to_task(x86, transfer, (uint16_t)descriptor_gate_selector(descriptor), fault);
	return to_gate(x86, transfer, found, fault);
}

static bool perform_transfer(struct x86 *x86, const struct x86_instruction *insn, bool call, struct x86_fault *fault)
{
	struct transfer transfer = { .insn = insn, .call = call };
	struct x86_found found;

	if (!read_pointer(x86, insn, &transfer, fault))
		return false;
	if (SELECTOR_IS_NULL(transfer.selector))
		return fault_error(fault, VECTOR_GP, 0);
	if (!descriptor_find(x86, transfer.selector, VECTOR_GP, 0, &found, fault))
		return false;
	return descriptor_s(found.descriptor) ? to_code(x86, &transfer, &found, fault)
	                                      : to_system(x86, &transfer, &found, fault);
}

/* jmp far, direct or by memory.  charges instruction (JMP_FAR, JMP_GATE, CALL_TASK), task_switch. */
bool perform_jmp_far(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	return perform_transfer(x86, insn, false, fault);
}

/* call far.  charges instruction (CALL_FAR, CALL_GATE, CALL_GATE_INNER, CALL_GATE_PARAM, CALL_TASK), task_switch. */
bool perform_call_far(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	return perform_transfer(x86, insn, true, fault);
}

/* --- ret and iret --- */

struct homecoming {
	struct x86_found code;
	struct x86_segment_cache cs;
	uint32_t eip, cpl;
	bool outer;
	struct x86_stack stack;
	struct segment_choice ss; /* if outer */
};

static bool return_code(struct x86 *x86, uint16_t selector, struct x86_found *code, struct x86_fault *fault)
{
	uint32_t rpl = selector & SELECTOR_RPL;

	if (SELECTOR_IS_NULL(selector))
		return fault_error(fault, VECTOR_GP, 0);
	if (!descriptor_find(x86, selector, VECTOR_GP, 0, code, fault))
		return false;
	uint32_t dpl = descriptor_dpl(code->descriptor);
	bool fits = descriptor_is_conforming_code(code->descriptor) ? dpl <= rpl : dpl == rpl;
	if (rpl < x86->cpu.cpl || !descriptor_is_code(code->descriptor) || !fits)
		return fault_selector(fault, VECTOR_GP, selector, 0);
	if (!descriptor_present(code->descriptor))
		return fault_selector(fault, VECTOR_NP, selector, 0);
	return true;
}

static bool return_stack(struct x86 *x86, unsigned width, struct homecoming *to, struct x86_fault *fault)
{
	uint32_t pointer[2];

	if (!stack_pop(x86, &to->stack, width, pointer, 2, fault) ||
	    !segment_choose_stack(x86, (uint16_t)pointer[1], to->cpl, VECTOR_GP, 0, &to->ss, fault))
		return false;
	to->stack = (struct x86_stack){ to->ss.cache, pointer[0], privilege_of(to->cpl), 0 };
	return true;
}

/* Decides where a popped CS:EIP goes; to->stack stands behind what was popped.  skip: parameters to release. */
static bool return_decide(struct x86 *x86, unsigned width, uint16_t selector, uint32_t eip, uint32_t skip,
                          struct homecoming *to, struct x86_fault *fault)
{
	if (!return_code(x86, selector, &to->code, fault))
		return false;
	to->eip = eip;
	to->cpl = selector & SELECTOR_RPL;
	to->outer = to->cpl > x86->cpu.cpl;
	to->cs = cs_at(&to->code, to->cpl);
	stack_skip(&to->stack, skip);
	if (to->outer) {
		if (!return_stack(x86, width, to, fault))
			return false;
		stack_skip(&to->stack, skip);
	}
	return code_contains(&to->cs, eip, 0, fault) && descriptor_mark_accessed(x86, &to->code, fault) &&
	       (!to->outer || segment_mark(x86, &to->ss, fault));
}

static void return_commit(struct x86 *x86, const struct homecoming *to)
{
	x86->cpu.cpl = to->cpl;
	if (to->outer)
		x86->cpu.seg[SS] = to->ss.cache;
	stack_commit(x86, &to->stack);
	commit_code(x86, &to->cs, to->eip);
	if (to->outer)
		segment_drop_inner(&x86->cpu);
}

/* ret far, with parameters to release.  charges instruction (RET_FAR, RET_FAR_OUTER). */
bool perform_ret_far(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	struct homecoming to = { .stack = stack_current(x86, 0) };
	uint32_t popped[2];

	if (!stack_pop(x86, &to.stack, insn->operand_size, popped, 2, fault))
		return false;
	if (!return_decide(x86, insn->operand_size, (uint16_t)popped[1], popped[0], insn->immediate & 0xffff, &to,
	                   fault))
		return false;
	charge_performed(x86, insn, CAUSE_INSTRUCTION, to.outer ? COST_RET_FAR_OUTER : COST_RET_FAR);
	return_commit(x86, &to);
	return true;
}

static void tell_return(struct x86 *x86, uint32_t at, const struct x86_segment_cache *from_cs, uint32_t from_cpl)
{
	uint32_t arg[] = { x86->cpu.eip, from_cpl, x86->cpu.cpl };
	journal_append(x86->journal, EVENT_TRAP_RETURN, from_cs->base + at, 3, arg);
}

static bool iret_task(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	const struct x86_segment_cache cs = x86->cpu.seg[CS];
	uint32_t at = x86->cpu.eip, from = x86->cpu.cpl;
	struct task_switch change = { .by = TASK_BY_IRET, .eip = next_eip(&x86->cpu, insn),
	                              .eflags = x86->cpu.eflags & ~(uint32_t)EFLAGS_RF };
	bool switched, fine;

	if (!x86->cpu.tr.usable)
		return fault_selector(fault, VECTOR_TS, x86->cpu.tr.selector, 0);
	if (!x86_read(x86, x86->cpu.tr.base + TSS_LINK, &change.selector, 2, AS_SUPERVISOR, fault))
		return false;
	fine = task_switch(x86, &change, &switched, fault);
	if (switched) {
		charge_performed(x86, insn, CAUSE_TRAP_RETURN, COST_IRET_TASK);
		tell_return(x86, at, &cs, from);
	}
	return fine;
}

/* iret: same ring, outer ring, or (NT) the task before.  charges trap_return (IRET_SAME, IRET_OUTER, IRET_TASK). */
bool perform_iret(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	const struct x86_segment_cache cs = x86->cpu.seg[CS];
	const uint32_t at = x86->cpu.eip, from = x86->cpu.cpl, flags = x86->cpu.eflags;
	struct homecoming to = { .stack = stack_current(x86, 0) };
	uint32_t popped[3]; /* EIP, CS, EFLAGS */

	if (flags & EFLAGS_NT)
		return iret_task(x86, insn, fault);
	if (!stack_pop(x86, &to.stack, insn->operand_size, popped, 3, fault))
		return false;
	if (insn->operand_size == 4 && (popped[2] & EFLAGS_VM) && from == 0) {
		x86_unsupported(x86, "iret to virtual-8086 mode");
		return true;
	}
	if (!return_decide(x86, insn->operand_size, (uint16_t)popped[1], popped[0], 0, &to, fault))
		return false;
	charge_performed(x86, insn, CAUSE_TRAP_RETURN, to.outer ? COST_IRET_OUTER : COST_IRET_SAME);
	return_commit(x86, &to);
	x86->cpu.eflags = flags_merge(x86, from, flags, popped[2], insn->operand_size, true);
	tell_return(x86, at, &cs, from);
	return true;
}
