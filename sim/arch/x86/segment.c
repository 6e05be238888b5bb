/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Segment registers: what may be loaded into them, and what they allow.
 *
 * Source: i386 §6.3.1 (type, limit, privilege), instruction MOV to segment register, LGS/LSS/LDS/LES/LFS, POP.
 *
 *            null          load, checked            return to an outer ring
 *   unusable <---- any ----------------> usable ---------------------------> unusable
 *            segment_choose_data   segment_choose_{data,stack}   segment_drop_inner
 *
 * Invariants
 *   1. a usable cache equals its descriptor as it was when loaded; memory written since has no effect.
 *   2. a descriptor whose cache is in use is marked accessed in memory.
 *   3. SS and CS are never null.
 */
#include "sim/arch/x86/performing.h"

/* --- what a loaded segment allows --- */

static bool expands_down(const struct x86_segment_cache *segment)
{
	return (segment->rights & (RIGHTS_CODE | RIGHTS_EXPAND_DOWN)) == RIGHTS_EXPAND_DOWN;
}

bool segment_within(const struct x86_segment_cache *segment, vaddr_t offset, uint32_t size)
{
	uint32_t least = 0, greatest = segment->limit;

	if (expands_down(segment)) {
		if (segment->limit == UINT32_MAX)
			return false;
		least = segment->limit + 1;
		greatest = segment->rights & RIGHTS_BIG ? UINT32_MAX : 0xffff;
	}
	return offset >= least && offset <= greatest && greatest - offset >= size - 1;
}

static bool allows(const struct x86_segment_cache *segment, bool write)
{
	if (segment->rights & RIGHTS_CODE)
		return !write && (segment->rights & RIGHTS_READABLE);
	return !write || (segment->rights & RIGHTS_WRITABLE);
}

bool x86_segment_check(const struct x86_cpu *cpu, const struct x86_access *access, struct x86_fault *fault)
{
	const struct x86_segment_cache *segment = &cpu->seg[access->segment];

	if (segment->usable && allows(segment, access->write) && segment_within(segment, access->offset, access->size))
		return true;
	return fault_error(fault, access->segment == SS ? VECTOR_SS : VECTOR_GP, 0);
}

bool x86_segment_is_flat(const struct x86_segment_cache *segment)
{
	const uint32_t asked = RIGHTS_CODE | RIGHTS_EXPAND_DOWN | RIGHTS_WRITABLE;
	return segment->usable && segment->limit == UINT32_MAX && (segment->rights & asked) == RIGHTS_WRITABLE;
}

/* --- what may be loaded --- */

static void choose_null(uint16_t selector, struct segment_choice *choice)
{
	choice->null = true;
	choice->cache = (struct x86_segment_cache){ .selector = selector };
}

static void choose_found(struct segment_choice *choice)
{
	choice->null = false;
	descriptor_to_cache(&choice->found, &choice->cache);
	choice->cache.rights |= RIGHTS_ACCESSED;
}

bool segment_choose_data(struct x86 *x86, uint16_t selector, uint32_t cpl, int vector, uint32_t ext,
                         struct segment_choice *choice, struct x86_fault *fault)
{
	if (SELECTOR_IS_NULL(selector)) {
		choose_null(selector, choice);
		return true;
	}
	if (!descriptor_find(x86, selector, vector, ext, &choice->found, fault))
		return false;
	struct x86_descriptor descriptor = choice->found.descriptor;
	uint32_t dpl = descriptor_dpl(descriptor), rpl = selector & SELECTOR_RPL;
	if (!descriptor_is_readable(descriptor))
		return fault_selector(fault, vector, selector, ext);
	if (!descriptor_is_conforming_code(descriptor) && (rpl > dpl || cpl > dpl))
		return fault_selector(fault, vector, selector, ext);
	if (!descriptor_present(descriptor))
		return fault_selector(fault, VECTOR_NP, selector, ext);
	choose_found(choice);
	return true;
}

bool segment_choose_stack(struct x86 *x86, uint16_t selector, uint32_t cpl, int vector, uint32_t ext,
                          struct segment_choice *choice, struct x86_fault *fault)
{
	if (SELECTOR_IS_NULL(selector))
		return fault_error(fault, vector, ext);
	if (!descriptor_find(x86, selector, vector, ext, &choice->found, fault))
		return false;
	struct x86_descriptor descriptor = choice->found.descriptor;
	if ((selector & SELECTOR_RPL) != cpl || !descriptor_is_writable_data(descriptor) ||
	    descriptor_dpl(descriptor) != cpl)
		return fault_selector(fault, vector, selector, ext);
	if (!descriptor_present(descriptor))
		return fault_selector(fault, VECTOR_SS, selector, ext);
	choose_found(choice);
	return true;
}

bool segment_mark(struct x86 *x86, struct segment_choice *choice, struct x86_fault *fault)
{
	return choice->null || descriptor_mark_accessed(x86, &choice->found, fault);
}

void segment_drop_inner(struct x86_cpu *cpu)
{
	static const enum x86_segment data[] = { ES, DS, FS, GS };

	for (unsigned i = 0; i < sizeof(data) / sizeof(data[0]); i++) {
		struct x86_segment_cache *segment = &cpu->seg[data[i]];
		const uint32_t conforming = RIGHTS_CODE | RIGHTS_CONFORMING;
		if (!segment->usable || (segment->rights & conforming) == conforming)
			continue;
		if (RIGHTS_DPL(segment->rights) < cpu->cpl)
			*segment = (struct x86_segment_cache){ 0 };
	}
}

/* --- the instructions --- */

/* Checks a selector for any register but CS, at the current privilege, and marks its descriptor. */
static bool choose(struct x86 *x86, unsigned number, uint16_t selector, struct segment_choice *choice,
                   struct x86_fault *fault)
{
	bool chosen = number == SS
		? segment_choose_stack(x86, selector, x86->cpu.cpl, VECTOR_GP, 0, choice, fault)
		: segment_choose_data(x86, selector, x86->cpu.cpl, VECTOR_GP, 0, choice, fault);
	return chosen && segment_mark(x86, choice, fault);
}

static void commit(struct x86 *x86, unsigned number, const struct segment_choice *choice)
{
	uint32_t arg[] = { number, choice->cache.selector };

	x86->cpu.seg[number] = choice->cache;
	x86->count[COUNT_SEGMENT_LOADS]++;
	perform_event(x86, EVENT_SEGMENT_LOAD, x86->cpu.eip, 2, arg);
}

/* mov sreg, r/m16.  charges segment_load (MOV_SREG). SS holds interrupts off for one instruction. */
bool perform_mov_sreg(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	unsigned number = modrm_reg(insn);
	struct segment_choice choice;
	uint16_t selector;

	if (number == CS || number >= SEGMENTS)
		return fault_plain(fault, VECTOR_UD);
	if (!operand_word_read(x86, insn, &selector, fault) || !choose(x86, number, selector, &choice, fault))
		return false;
	commit(x86, number, &choice);
	x86->cpu.shadow = number == SS;
	return finish(x86, insn, CAUSE_SEGMENT_LOAD, COST_MOV_SREG);
}

/* mov r/m, sreg: a register's upper half becomes zero.  charges instruction (MOV_FROM_SREG). */
bool perform_mov_from_sreg(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	unsigned number = modrm_reg(insn);

	if (number >= SEGMENTS)
		return fault_plain(fault, VECTOR_UD);
	if (!operand_word_write(x86, insn, x86->cpu.seg[number].selector, fault))
		return false;
	return finish(x86, insn, CAUSE_INSTRUCTION, COST_MOV_FROM_SREG);
}

/* Which segment register the opcode of a push, pop or load names. */
static unsigned opcode_segment(const struct x86_instruction *insn)
{
	switch (insn->opcode) {
	case 0x06: case 0x07: case 0xc4: return ES;
	case 0x0e: return CS;
	case 0x16: case 0x17: case 0x0fb2: return SS;
	case 0x1e: case 0x1f: case 0xc5: return DS;
	case 0x0fa0: case 0x0fa1: case 0x0fb4: return FS;
	default: return GS;
	}
}

/* push sreg.  charges instruction (PUSH_SREG). */
bool perform_push_sreg(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	struct x86_stack stack = stack_current(x86, 0);
	uint32_t selector = x86->cpu.seg[opcode_segment(insn)].selector;

	if (!stack_push(x86, &stack, insn->operand_size, &selector, 1, fault))
		return false;
	stack_commit(x86, &stack);
	return finish(x86, insn, CAUSE_INSTRUCTION, COST_PUSH_SREG);
}

/* pop sreg.  charges segment_load (POP_SREG). SS holds interrupts off for one instruction. */
bool perform_pop_sreg(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	unsigned number = opcode_segment(insn);
	struct x86_stack stack = stack_current(x86, 0);
	struct segment_choice choice;
	uint32_t value;

	if (!stack_pop(x86, &stack, insn->operand_size, &value, 1, fault) ||
	    !choose(x86, number, (uint16_t)value, &choice, fault))
		return false;
	stack_commit(x86, &stack);
	commit(x86, number, &choice);
	x86->cpu.shadow = number == SS;
	return finish(x86, insn, CAUSE_SEGMENT_LOAD, COST_POP_SREG);
}

/* lds, les, lfs, lgs, lss: the offset to a register, the selector behind it to the segment register.
 * charges segment_load (LDS, LSS). */
bool perform_load_far_pointer(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	unsigned number = opcode_segment(insn), size = insn->operand_size;
	struct segment_choice choice;
	uint8_t pointer[6];
	uint32_t offset = 0;
	uint16_t selector;

	if (!insn->has_memory)
		return fault_plain(fault, VECTOR_UD);
	if (!operand_read(x86, insn->segment, x86_effective_address(insn, &x86->cpu), pointer, size + 2, fault))
		return false;
	memcpy(&offset, pointer, size);
	memcpy(&selector, pointer + size, 2);
	if (!choose(x86, number, selector, &choice, fault))
		return false;
	commit(x86, number, &choice);
	register_set(&x86->cpu, modrm_reg(insn), size, offset);
	return finish(x86, insn, CAUSE_SEGMENT_LOAD, number == SS ? COST_LSS : COST_LDS);
}
