/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Traps: interrupts and exceptions, through the gates of the IDT.
 *
 * Source: i386 §9 (interrupts and exceptions), instruction INT; i486 and Pentium where they differ: a null or
 * wrong stack segment of an inner ring is #TS.
 *
 *                         fault on the way, serial        (next_trap)
 *                        .----------------------.
 *                        v                      |
 *   x86_trap -> DELIVERING --deliver, done--> taken
 *                        |
 *                        | contributory after contributory, either after a page fault: becomes #DF (next_trap)
 *                        | any of them after #DF
 *                        v
 *                     shutdown
 *
 * Invariants
 *   1. until all checks are done and everything is pushed, the cpu is unchanged (task gates: until the switch).
 *   2. EXT is set in error codes that arise while anything but int n, int3, into is delivered.
 *   3. what a fault on the way pushes as return address is cpu->eip: the caller leaves it at the instruction that is
 *      to be restarted, while return_eip, for int n, is after it.
 */
#include "sim/arch/x86/performing.h"

struct trap {
	int vector;
	enum x86_trap_source source;
	uint32_t return_eip;
	bool has_error;
	uint32_t error;
};

static uint32_t ext_of(const struct trap *trap)
{
	return trap->source == TRAP_SOFTWARE ? 0 : ERROR_EXT;
}

static bool is_fault(int vector)
{
	switch (vector) {
	case VECTOR_DE: case VECTOR_BR: case VECTOR_UD: case VECTOR_NM: case VECTOR_TS: case VECTOR_NP: case VECTOR_SS:
	case VECTOR_GP: case VECTOR_PF: case VECTOR_MF: case VECTOR_AC:
		return true;
	default:
		return false;
	}
}

/* The flags as they are saved: a fault's are marked, so that its restart meets no instruction breakpoint again; so
 * are those of a string instruction that is interrupted between elements. */
static uint32_t saved_flags(const struct x86_cpu *cpu, const struct trap *trap)
{
	bool fault = trap->source == TRAP_EXCEPTION && is_fault(trap->vector);
	return fault || cpu->string_begun ? cpu->eflags | EFLAGS_RF : cpu->eflags;
}

/* --- charging and telling --- */

static void account(struct x86 *x86, const struct trap *trap, enum x86_cost gate, uint32_t from_cpl)
{
	uint32_t arg[] = { (uint32_t)trap->vector, trap->has_error ? trap->error : 0, from_cpl, x86->cpu.cpl };

	x86->count[trap->source == TRAP_EXTERNAL ? COUNT_INTERRUPTS : COUNT_TRAPS]++;
	x86_charge(x86, CAUSE_TRAP_ENTRY, gate);
	if (trap->source == TRAP_EXTERNAL)
		x86_charge(x86, CAUSE_TRAP_ENTRY, COST_IRQ_EXTRA);
	else if (trap->source == TRAP_EXCEPTION)
		x86_charge(x86, CAUSE_TRAP_ENTRY, COST_FAULT_EXTRA);
	perform_event(x86, EVENT_TRAP, x86->cpu.eip, 4, arg);
}

/* --- the gate --- */

static bool gate_read(struct x86 *x86, const struct trap *trap, struct x86_descriptor *gate, struct x86_fault *fault)
{
	uint32_t offset = (uint32_t)trap->vector * 8, ext = ext_of(trap);

	if (offset + 7 > x86->cpu.idtr.limit)
		return fault_error(fault, VECTOR_GP, ERROR_GATE(trap->vector, ext));
	if (!x86_read(x86, x86->cpu.idtr.base + offset, gate, sizeof(*gate), AS_SUPERVISOR, fault))
		return false;
	uint32_t type = descriptor_type(*gate);
	if (descriptor_s(*gate) || (type != TYPE_TASK_GATE && type != TYPE_INTERRUPT16 && type != TYPE_TRAP16 &&
	                            type != TYPE_INTERRUPT32 && type != TYPE_TRAP32))
		return fault_error(fault, VECTOR_GP, ERROR_GATE(trap->vector, ext));
	if (trap->source == TRAP_SOFTWARE && descriptor_dpl(*gate) < x86->cpu.cpl)
		return fault_error(fault, VECTOR_GP, ERROR_GATE(trap->vector, ext));
	if (!descriptor_present(*gate))
		return fault_error(fault, VECTOR_NP, ERROR_GATE(trap->vector, ext));
	return true;
}

/* The handler's code segment: never of an outer ring. */
static bool handler_code(struct x86 *x86, uint16_t selector, uint32_t ext, struct x86_found *code,
                         struct x86_fault *fault)
{
	if (SELECTOR_IS_NULL(selector))
		return fault_error(fault, VECTOR_GP, ext);
	if (!descriptor_find(x86, selector, VECTOR_GP, ext, code, fault))
		return false;
	if (!descriptor_is_code(code->descriptor) || descriptor_dpl(code->descriptor) > x86->cpu.cpl)
		return fault_selector(fault, VECTOR_GP, selector, ext);
	if (!descriptor_present(code->descriptor))
		return fault_selector(fault, VECTOR_NP, selector, ext);
	return true;
}

/* --- interrupt and trap gates --- */

/* Everything that the passage through a gate decides before it happens. */
struct passage {
	struct x86_found code;
	struct x86_segment_cache cs;
	uint32_t eip, cpl;
	bool inner;
	struct x86_stack stack;
	struct segment_choice ss; /* if inner */
};

static bool decide(struct x86 *x86, const struct trap *trap, struct x86_descriptor gate, struct passage *to,
                   struct x86_fault *fault)
{
	const struct x86_cpu *cpu = &x86->cpu;
	uint32_t ext = ext_of(trap);

	if (!handler_code(x86, (uint16_t)descriptor_gate_selector(gate), ext, &to->code, fault))
		return false;
	bool conforming = descriptor_is_conforming_code(to->code.descriptor);
	to->cpl = conforming ? cpu->cpl : descriptor_dpl(to->code.descriptor);
	to->inner = to->cpl < cpu->cpl;
	to->stack = stack_current(x86, ext);
	if (to->inner && !stack_inner(x86, to->cpl, ext, &to->stack, &to->ss, fault))
		return false;
	to->eip = descriptor_type(gate) >= TYPE_INTERRUPT32 ? descriptor_gate_offset(gate)
	                                                    : descriptor_gate_offset_low(gate);
	descriptor_to_cache(&to->code, &to->cs);
	to->cs.selector = (uint16_t)((to->cs.selector & ~SELECTOR_RPL) | to->cpl);
	to->cs.rights |= RIGHTS_ACCESSED;
	return true;
}

enum { FRAME_LONGEST = 6 };

/* What is pushed, in order; returns how many. */
static unsigned make_frame(const struct x86_cpu *cpu, const struct trap *trap, bool inner, uint32_t *frame)
{
	unsigned n = 0;

	if (inner) {
		frame[n++] = cpu->seg[SS].selector;
		frame[n++] = cpu->reg[ESP];
	}
	frame[n++] = saved_flags(cpu, trap);
	frame[n++] = cpu->seg[CS].selector;
	frame[n++] = trap->return_eip;
	if (trap->has_error)
		frame[n++] = trap->error;
	return n;
}

static void enter_handler(struct x86 *x86, const struct trap *trap, uint32_t type, const struct passage *to)
{
	struct x86_cpu *cpu = &x86->cpu;
	uint32_t from = cpu->cpl;

	if (to->inner) {
		x86->count[COUNT_MODE_SWITCHES]++;
		cpu->seg[SS] = to->ss.cache;
		cpu->reg[ESP] = to->stack.sp;
	}
	stack_commit(x86, &to->stack);
	cpu->cpl = to->cpl;
	account(x86, trap, to->inner ? COST_INT_INNER : COST_INT_SAME, from);
	cpu->seg[CS] = to->cs;
	cpu->eip = to->eip;
	cpu->eflags &= ~(uint32_t)(EFLAGS_TF | EFLAGS_NT | EFLAGS_RF | EFLAGS_VM);
	if (type == TYPE_INTERRUPT16 || type == TYPE_INTERRUPT32)
		cpu->eflags &= ~(uint32_t)EFLAGS_IF;
}

static bool through_gate(struct x86 *x86, const struct trap *trap, struct x86_descriptor gate, struct x86_fault *fault)
{
	uint32_t type = descriptor_type(gate), ext = ext_of(trap);
	unsigned width = type >= TYPE_INTERRUPT32 ? 4 : 2;
	uint32_t frame[FRAME_LONGEST];
	struct passage to;

	if (!decide(x86, trap, gate, &to, fault))
		return false;
	unsigned n = make_frame(&x86->cpu, trap, to.inner, frame);
	if (!stack_room(x86, &to.stack, width, n, fault) || !code_contains(&to.cs, to.eip, ext, fault))
		return false;
	if (!descriptor_mark_accessed(x86, &to.code, fault) || (to.inner && !segment_mark(x86, &to.ss, fault)))
		return false;
	if (!stack_push_checked(x86, &to.stack, width, frame, n, fault))
		return false;
	enter_handler(x86, trap, type, &to);
	return true;
}

/* --- task gates --- */

static bool push_error(struct x86 *x86, uint32_t error, struct x86_fault *fault)
{
	struct x86_stack stack = stack_current(x86, ERROR_EXT);

	if (!stack_push(x86, &stack, 4, &error, 1, fault))
		return false;
	stack_commit(x86, &stack);
	return true;
}

static bool through_task_gate(struct x86 *x86, const struct trap *trap, struct x86_descriptor gate,
                              struct x86_fault *fault)
{
	const struct task_switch change = {
		.by = TASK_BY_CALL, .selector = (uint16_t)descriptor_gate_selector(gate), .eip = trap->return_eip,
		.eflags = saved_flags(&x86->cpu, trap), .ext = ext_of(trap)
	};
	uint32_t from = x86->cpu.cpl;
	bool switched;

	bool fine = task_switch(x86, &change, &switched, fault);
	if (!switched)
		return fine;
	account(x86, trap, COST_INT_TASK, from);
	/* A handler's own T bit would have its debug trap start it for ever. */
	if (!fine && !(fault->vector == VECTOR_DB && trap->vector == VECTOR_DB))
		return false;
	return !trap->has_error || push_error(x86, trap->error, fault);
}

/* --- one trap after another --- */

enum trap_class { CLASS_BENIGN, CLASS_CONTRIBUTORY, CLASS_PAGE_FAULT, CLASS_DOUBLE };

static enum trap_class class_of(int vector, enum x86_trap_source source)
{
	if (source != TRAP_EXCEPTION)
		return CLASS_BENIGN;
	switch (vector) {
	case VECTOR_DE: case VECTOR_TS: case VECTOR_NP: case VECTOR_SS: case VECTOR_GP: return CLASS_CONTRIBUTORY;
	case VECTOR_PF: return CLASS_PAGE_FAULT;
	case VECTOR_DF: return CLASS_DOUBLE;
	default: return CLASS_BENIGN;
	}
}

static void note_page_fault(struct x86 *x86, const struct x86_fault *fault)
{
	uint32_t arg[] = { fault->address, fault->error, x86->cpu.eip };

	x86->cpu.cr2 = fault->address;
	x86->count[COUNT_PAGE_FAULTS]++;
	perform_event(x86, EVENT_PAGE_FAULT, x86->cpu.eip, 3, arg);
}

/* What follows from a fault while a trap was delivered: i386 §9.8.8, table 9-4. False: shutdown. */
static bool next_trap(struct x86 *x86, struct trap *trap, const struct x86_fault *fault)
{
	enum trap_class first = class_of(trap->vector, trap->source), second = class_of(fault->vector, TRAP_EXCEPTION);

	if (second == CLASS_PAGE_FAULT)
		note_page_fault(x86, fault);
	if (first == CLASS_DOUBLE && second != CLASS_BENIGN)
		return false;
	bool twice = (first == CLASS_CONTRIBUTORY && second == CLASS_CONTRIBUTORY) ||
	             (first == CLASS_PAGE_FAULT && second != CLASS_BENIGN);
	*trap = (struct trap){ .vector = fault->vector, .source = TRAP_EXCEPTION, .return_eip = x86->cpu.eip,
	                       .has_error = fault->has_error, .error = fault->error };
	if (twice)
		*trap = (struct trap){ .vector = VECTOR_DF, .source = TRAP_EXCEPTION, .return_eip = x86->cpu.eip,
		                       .has_error = true };
	return true;
}

static bool deliver(struct x86 *x86, const struct trap *trap, struct x86_fault *fault)
{
	struct x86_descriptor gate;

	if (!gate_read(x86, trap, &gate, fault))
		return false;
	return descriptor_type(gate) == TYPE_TASK_GATE ? through_task_gate(x86, trap, gate, fault)
	                                               : through_gate(x86, trap, gate, fault);
}

void x86_trap(struct x86 *x86, int vector, enum x86_trap_source source, uint32_t return_eip, bool has_error,
              uint32_t error)
{
	struct trap trap = { vector, source, return_eip, has_error, error };
	struct x86_fault fault;

	x86->cpu.halted = false;
	if (source == TRAP_EXCEPTION && vector == VECTOR_DB)
		x86->cpu.dr[7] &= ~DR7_GD;
	while (!deliver(x86, &trap, &fault)) {
		if (!next_trap(x86, &trap, &fault)) {
			x86->cpu.shutdown = true;
			break;
		}
	}
	x86->cpu.shadow = false;
	x86->cpu.string_begun = false;
}
