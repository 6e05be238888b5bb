/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Task switches by the processor, through a task state segment.
 *
 * Source: i386 §7 (multitasking), table 7-1 (the checks and their order), table 7-2 (busy, NT, back link).
 *
 *   find_tss        old context: the descriptor, the new state, everything that will be written is probed
 *   save_old        old context: registers to the old TSS
 *   mark_tasks      old context: busy bits, back link
 *   ------------------------------------------------------------------ the point of no return
 *   enter           TR, CR0.TS, CR3, registers
 *   load_segments   new context: LDT, CS, SS, DS, ES, FS, GS; what is wrong is the new task's fault
 *
 *   by          old busy    new busy                  NT saved in old    back link, NT of new
 *   jmp         cleared     must be clear; set        as it is           -
 *   call, int   stays       must be clear; set        as it is           old TR, set
 *   iret        cleared     must be set               cleared            -
 *
 * Invariants
 *   1. while a segment is not loaded yet, its cache is not usable: nothing of the old task's is left in it.
 *   2. 32-bit tasks only; 16-bit TSS and virtual-8086 tasks end the run as unsupported.
 */
#include "sim/arch/x86/performing.h"

/* The dynamic part of a TSS, as it lies in memory from TSS_CR3 on. */
struct task_image {
	uint32_t cr3, eip, eflags, reg[8], segment[SEGMENTS], ldt;
	uint16_t trap, iomap;
};
_Static_assert(sizeof(struct task_image) == TSS_LEAST_LIMIT + 1 - TSS_CR3, "it is read from memory as it is");

enum { PIECE = 16 }; /* the longest access */

/* --- old context: checks --- */

static bool read_image(struct x86 *x86, laddr_t tss, struct task_image *image, struct x86_fault *fault)
{
	uint8_t *to = (uint8_t *)image;

	for (uint32_t done = 0, size; done < sizeof(*image); done += size) {
		size = sizeof(*image) - done < PIECE ? (uint32_t)sizeof(*image) - done : PIECE;
		if (!x86_read(x86, tss + TSS_CR3 + done, to + done, size, AS_SUPERVISOR, fault))
			return false;
	}
	return true;
}

static bool probe(struct x86 *x86, laddr_t address, uint32_t bytes, struct x86_fault *fault)
{
	for (uint32_t done = 0, size; done < bytes; done += size) {
		size = bytes - done < PIECE ? bytes - done : PIECE;
		if (!x86_probe_write(x86, address + done, size, AS_SUPERVISOR, fault))
			return false;
	}
	return true;
}

/* The new TSS: global, of the right kind, present. */
static bool find_tss(struct x86 *x86, const struct task_switch *change, struct x86_found *found,
                     struct x86_fault *fault)
{
	int vector = change->by == TASK_BY_IRET ? VECTOR_TS : VECTOR_GP;

	if (change->selector & SELECTOR_TI)
		return fault_selector(fault, vector, change->selector, change->ext);
	if (!descriptor_find(x86, change->selector, vector, change->ext, found, fault))
		return false;
	uint32_t type = descriptor_type(found->descriptor);
	bool busy = type == TYPE_TSS32_BUSY || type == TYPE_TSS16_BUSY;
	bool tss = busy || type == TYPE_TSS32 || type == TYPE_TSS16;
	if (descriptor_s(found->descriptor) || !tss || busy != (change->by == TASK_BY_IRET))
		return fault_selector(fault, vector, change->selector, change->ext);
	if (!descriptor_present(found->descriptor))
		return fault_selector(fault, VECTOR_NP, change->selector, change->ext);
	return true;
}

static bool is_16_bit(const struct x86_found *found)
{
	uint32_t type = descriptor_type(found->descriptor);
	return type == TYPE_TSS16 || type == TYPE_TSS16_BUSY;
}

/* The old task's TSS and its descriptor: can everything that is to be saved be written there? */
static bool probe_old(struct x86 *x86, const struct task_switch *change, struct x86_found *old, struct x86_fault *fault)
{
	const struct x86_segment_cache *tr = &x86->cpu.tr;

	if (!tr->usable || tr->limit < TSS_LEAST_LIMIT)
		return fault_selector(fault, VECTOR_TS, tr->selector, change->ext);
	return descriptor_find(x86, tr->selector, VECTOR_TS, change->ext, old, fault) &&
	       probe(x86, tr->base + TSS_EIP, TSS_LDT - TSS_EIP, fault) &&
	       (change->by == TASK_BY_CALL || probe(x86, old->address + 5, 1, fault));
}

static bool probe_new(struct x86 *x86, const struct task_switch *change, const struct x86_found *found, laddr_t tss,
                      struct x86_fault *fault)
{
	return (change->by == TASK_BY_IRET || probe(x86, found->address + 5, 1, fault)) &&
	       (change->by != TASK_BY_CALL || probe(x86, tss + TSS_LINK, 2, fault));
}

/* --- old context: what is written --- */

static bool save_old(struct x86 *x86, const struct task_switch *change, struct x86_fault *fault)
{
	const struct x86_cpu *cpu = &x86->cpu;
	uint32_t state[10] = { change->eip, change->eflags };

	if (change->by == TASK_BY_IRET)
		state[1] &= ~(uint32_t)EFLAGS_NT;
	memcpy(&state[2], cpu->reg, sizeof(cpu->reg));
	for (unsigned i = 0; i < 10; i++)
		if (!x86_write(x86, cpu->tr.base + TSS_EIP + 4 * i, &state[i], 4, AS_SUPERVISOR, fault))
			return false;
	for (unsigned i = 0; i < SEGMENTS; i++)
		if (!x86_write(x86, cpu->tr.base + TSS_SEGMENTS + 4 * i, &cpu->seg[i].selector, 2, AS_SUPERVISOR,
		               fault))
			return false;
	return true;
}

static bool mark_tasks(struct x86 *x86, const struct task_switch *change, struct x86_found *old,
                       struct x86_found *found, laddr_t tss, struct x86_fault *fault)
{
	if (change->by != TASK_BY_CALL && !descriptor_mark_busy(x86, old, false, fault))
		return false;
	if (change->by != TASK_BY_IRET && !descriptor_mark_busy(x86, found, true, fault))
		return false;
	return change->by != TASK_BY_CALL ||
	       x86_write(x86, tss + TSS_LINK, &x86->cpu.tr.selector, 2, AS_SUPERVISOR, fault);
}

/* --- new context --- */

static void enter(struct x86 *x86, const struct task_switch *change, const struct x86_found *found,
                  const struct task_image *image)
{
	struct x86_cpu *cpu = &x86->cpu;
	uint32_t arg[] = { cpu->tr.selector, change->selector };

	perform_event(x86, EVENT_TASK_SWITCH, cpu->eip, 2, arg);
	descriptor_to_cache(found, &cpu->tr);
	cpu->cr0 |= CR0_TS;
	if ((cpu->cr0 & CR0_PG) && image->cr3 != cpu->cr3)
		load_page_directory(x86, image->cr3);
	cpu->eip = image->eip;
	cpu->eflags = flags_merge(x86, 0, 0, image->eflags, 4, true);
	if (change->by == TASK_BY_CALL)
		cpu->eflags |= EFLAGS_NT;
	memcpy(cpu->reg, image->reg, sizeof(cpu->reg));
	for (unsigned i = 0; i < SEGMENTS; i++)
		cpu->seg[i] = (struct x86_segment_cache){ .selector = (uint16_t)image->segment[i] };
	cpu->ldtr = (struct x86_segment_cache){ .selector = (uint16_t)image->ldt };
	cpu->cpl = image->segment[CS] & SELECTOR_RPL;
	cpu->dr[7] &= ~0x155u; /* breakpoints enabled locally were the old task's */
	cpu->shadow = cpu->string_begun = false;
}

static bool load_ldt(struct x86 *x86, uint32_t ext, struct x86_fault *fault)
{
	uint16_t selector = x86->cpu.ldtr.selector;
	struct x86_found found;

	if (SELECTOR_IS_NULL(selector))
		return true;
	if (selector & SELECTOR_TI)
		return fault_selector(fault, VECTOR_TS, selector, ext);
	if (!descriptor_find(x86, selector, VECTOR_TS, ext, &found, fault))
		return false;
	if (descriptor_s(found.descriptor) || descriptor_type(found.descriptor) != TYPE_LDT ||
	    !descriptor_present(found.descriptor))
		return fault_selector(fault, VECTOR_TS, selector, ext);
	descriptor_to_cache(&found, &x86->cpu.ldtr);
	return true;
}

static bool load_code(struct x86 *x86, uint32_t ext, struct x86_fault *fault)
{
	uint16_t selector = x86->cpu.seg[CS].selector;
	struct x86_found found;

	if (SELECTOR_IS_NULL(selector))
		return fault_error(fault, VECTOR_TS, ext);
	if (!descriptor_find(x86, selector, VECTOR_TS, ext, &found, fault))
		return false;
	uint32_t dpl = descriptor_dpl(found.descriptor);
	bool conforming = descriptor_is_conforming_code(found.descriptor);
	if (!descriptor_is_code(found.descriptor) || (conforming ? dpl > x86->cpu.cpl : dpl != x86->cpu.cpl))
		return fault_selector(fault, VECTOR_TS, selector, ext);
	if (!descriptor_present(found.descriptor))
		return fault_selector(fault, VECTOR_NP, selector, ext);
	if (!descriptor_mark_accessed(x86, &found, fault))
		return false;
	descriptor_to_cache(&found, &x86->cpu.seg[CS]);
	return true;
}

static bool load_data(struct x86 *x86, unsigned number, uint32_t ext, struct x86_fault *fault)
{
	uint16_t selector = x86->cpu.seg[number].selector;
	struct segment_choice choice;
	bool chosen = number == SS ? segment_choose_stack(x86, selector, x86->cpu.cpl, VECTOR_TS, ext, &choice, fault)
	                           : segment_choose_data(x86, selector, x86->cpu.cpl, VECTOR_TS, ext, &choice, fault);

	if (!chosen || !segment_mark(x86, &choice, fault))
		return false;
	x86->cpu.seg[number] = choice.cache;
	return true;
}

static bool load_segments(struct x86 *x86, uint32_t ext, struct x86_fault *fault)
{
	static const enum x86_segment order[] = { SS, DS, ES, FS, GS };

	if (!load_ldt(x86, ext, fault) || !load_code(x86, ext, fault))
		return false;
	for (unsigned i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (!load_data(x86, order[i], ext, fault))
			return false;
	return code_contains(&x86->cpu.seg[CS], x86->cpu.eip, ext, fault);
}

bool task_switch(struct x86 *x86, const struct task_switch *change, bool *switched, struct x86_fault *fault)
{
	struct x86_found found, old;
	struct x86_segment_cache tss;
	struct task_image image;

	*switched = false;
	if (!find_tss(x86, change, &found, fault))
		return false;
	if (is_16_bit(&found)) {
		x86_unsupported(x86, "a task switch to a 16-bit TSS");
		return true;
	}
	descriptor_to_cache(&found, &tss);
	if (tss.limit < TSS_LEAST_LIMIT)
		return fault_selector(fault, VECTOR_TS, change->selector, change->ext);
	if (!read_image(x86, tss.base, &image, fault) || !probe_old(x86, change, &old, fault) ||
	    !probe_new(x86, change, &found, tss.base, fault))
		return false;
	if (image.eflags & EFLAGS_VM) {
		x86_unsupported(x86, "a task switch to a virtual-8086 task");
		return true;
	}
	if (!save_old(x86, change, fault) || !mark_tasks(x86, change, &old, &found, tss.base, fault))
		return false;
	x86_charge(x86, CAUSE_TASK_SWITCH, COST_TASK_SWITCH);
	enter(x86, change, &found, &image);
	*switched = true;
	if (!load_segments(x86, change->ext, fault))
		return false;
	if (image.trap & 1) {
		x86->cpu.dr[6] |= DR6_BT;
		return fault_plain(fault, VECTOR_DB);
	}
	return true;
}
