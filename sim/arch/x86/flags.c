/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flags: cli, sti, pushf, popf, and who may change which flag.
 *
 * Source: i386 §8.3.1 (IOPL), instructions CLI, STI, PUSHF, POPF; i486 for AC; Pentium for ID.
 *
 *   flag        changed by popf and iret at
 *   CF .. OF    any CPL
 *   TF, NT      any CPL
 *   IF          CPL <= IOPL
 *   IOPL        CPL 0
 *   AC, ID      any CPL, where the family has them, 32-bit images only
 *   RF          iret only, 32-bit images only
 *   VM          neither here: virtual-8086 mode is not modelled (far.c sees it)
 */
#include "sim/arch/x86/performing.h"

static uint32_t flags_of_family(const struct x86 *x86)
{
	uint32_t flags = 0;

	if (x86->model->family >= 4)
		flags |= EFLAGS_AC;
	if (x86->model->family >= 5)
		flags |= EFLAGS_ID;
	return flags;
}

uint32_t flags_merge(const struct x86 *x86, uint32_t cpl, uint32_t old, uint32_t image, unsigned size, bool iret)
{
	uint32_t iopl = (old & EFLAGS_IOPL) >> EFLAGS_IOPL_SHIFT;
	uint32_t mask = EFLAGS_CF | EFLAGS_PF | EFLAGS_AF | EFLAGS_ZF | EFLAGS_SF | EFLAGS_TF | EFLAGS_DF | EFLAGS_OF |
	                EFLAGS_NT;

	if (cpl <= iopl)
		mask |= EFLAGS_IF;
	if (cpl == 0)
		mask |= EFLAGS_IOPL;
	if (size == 4)
		mask |= flags_of_family(x86) | (iret ? EFLAGS_RF : 0);
	return (old & ~mask) | (image & mask) | EFLAGS_ONE;
}

static bool may_change_if(const struct x86 *x86, struct x86_fault *fault)
{
	uint32_t iopl = (x86->cpu.eflags & EFLAGS_IOPL) >> EFLAGS_IOPL_SHIFT;
	return x86->cpu.cpl <= iopl || fault_error(fault, VECTOR_GP, 0);
}

/* cli: #GP(0) unless CPL <= IOPL.  charges instruction (CLI). */
bool perform_cli(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	if (!may_change_if(x86, fault))
		return false;
	x86->cpu.eflags &= ~EFLAGS_IF;
	return finish(x86, insn, CAUSE_INSTRUCTION, COST_CLI);
}

/* sti: #GP(0) unless CPL <= IOPL. If IF was clear, the next instruction still runs undisturbed.
 * charges instruction (STI). */
bool perform_sti(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	if (!may_change_if(x86, fault))
		return false;
	x86->cpu.shadow = !(x86->cpu.eflags & EFLAGS_IF);
	x86->cpu.eflags |= EFLAGS_IF;
	return finish(x86, insn, CAUSE_INSTRUCTION, COST_STI);
}

/* pushf: RF and VM are pushed as zero.  charges instruction (PUSHF). */
bool perform_pushf(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	struct x86_stack stack = stack_current(x86, 0);
	uint32_t image = x86->cpu.eflags & ~(uint32_t)(EFLAGS_RF | EFLAGS_VM);

	if (!stack_push(x86, &stack, insn->operand_size, &image, 1, fault))
		return false;
	stack_commit(x86, &stack);
	return finish(x86, insn, CAUSE_INSTRUCTION, COST_PUSHF);
}

/* popf: what may not be changed stays, silently.  charges instruction (POPF). */
bool perform_popf(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	struct x86_stack stack = stack_current(x86, 0);
	uint32_t image;

	if (!stack_pop(x86, &stack, insn->operand_size, &image, 1, fault))
		return false;
	stack_commit(x86, &stack);
	x86->cpu.eflags = flags_merge(x86, x86->cpu.cpl, x86->cpu.eflags, image, insn->operand_size, false);
	return finish(x86, insn, CAUSE_INSTRUCTION, COST_POPF);
}
