/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What every entry but the kernel calls is for.
 *
 *   from user mode    interrupt -> its handler; page fault -> vm_fault, with a continuation: the thread waits for its
 *                     page without a kernel stack; anything else -> exception
 *   from the kernel   interrupt (machine_idle, interrupt_window); page fault where the kernel touches memory that may
 *                     be away: a copy from or to a user, a kernel call's arguments, pageable memory of servers in the
 *                     kernel.  If it cannot be had, the copy fails, at a place that is known here
 *
 * A page fault is first one of the bits that the processor does not keep (pmap_touch): an entry is not valid until its
 * page is referenced, and not writable until it is modified.
 */
#include "trap.h"
#include "base/console.h"
#include "base/panic.h"
#include "base/pic.h"
#include "cpu.h"
#include "kern/exception.h"
#include "kern/task.h"
#include "kern/thread.h"
#include "layout.h"
#include "mach/exception.h"
#include "machine/copyio.h"
#include "pmap_private.h"
#include "registers.h"
#include "vm/vm_fault.h"

enum { BREAK_SHIFT = 16, BREAK_MASK = 0x3ff }; /* of a break instruction: what the assembler puts there */

static unsigned code_of(const struct trap_frame *frame) { return (frame->cause & CAUSE_CODE_MASK) >> 2; }

static bool is_page_fault(unsigned code)
{
	return code == CODE_MODIFIED || code == CODE_TLB_LOAD || code == CODE_TLB_STORE;
}

static vm_prot_t access_of(bool writes) { return writes ? VM_PROT_READ | VM_PROT_WRITE : VM_PROT_READ; }

/* --- From user mode --- */

/* Also where a thread goes on that has waited for its page.  Aborted, it faults again when it runs again. */
static void user_page_fault_done(kern_return_t result)
{
	const struct pcb *pcb = &current_thread()->pcb;
	if (result == KERN_SUCCESS)
		(void)pmap_touch(current_task()->map->pmap, pcb->fault_address, pcb->fault_writes);
	if (result == KERN_SUCCESS || result == KERN_ABORTED)
		thread_exception_return();
	exception(EXC_BAD_ACCESS, result, (integer_t)pcb->fault_address);
}

static void user_page_fault(struct pcb *pcb, uint32_t address, bool writes)
{
	vm_map_t map = current_task()->map;
	if (pmap_touch(map->pmap, address, writes))
		return;
	pcb->fault_address = address;
	pcb->fault_writes = writes;
	user_page_fault_done(vm_fault(map, trunc_page(address), access_of(writes), false, user_page_fault_done));
}

/* The number in a user's break instruction, ~0 if it cannot be read any more. */
static uint32_t break_number(const struct trap_frame *frame)
{
	uint32_t instruction;
	const uint32_t pc = frame->registers.pc + (frame->cause >> CAUSE_BD_SHIFT) * 4;
	if (!copyin((const void *)pc, &instruction, sizeof instruction))
		return ~0u;
	return instruction >> BREAK_SHIFT & BREAK_MASK;
}

static _Noreturn void user_break(const struct trap_frame *frame)
{
	const uint32_t number = break_number(frame);
	if (number == EXC_MIPS_DIV_ZERO || number == EXC_MIPS_DIV_OVERFLOW)
		exception(EXC_ARITHMETIC, (integer_t)number, 0);
	exception(EXC_BREAKPOINT, EXC_MIPS_BP, (integer_t)number);
}

/* What else the processor refuses, processors that come later included, is a bad instruction by the processor's code. */
static _Noreturn void user_exception(const struct trap_frame *frame)
{
	const unsigned code = code_of(frame);
	const bool of_address = code == CODE_ADDRESS_LOAD || code == CODE_ADDRESS_STORE;
	if (of_address && frame->badvaddr >= USER_END)
		exception(EXC_BAD_ACCESS, KERN_INVALID_ADDRESS, (integer_t)frame->badvaddr);
	if (code == CODE_BREAK)
		user_break(frame);
	const integer_t type = code == CODE_OVERFLOW ? EXC_ARITHMETIC :
	                       code == CODE_TRAP     ? EXC_SOFTWARE : EXC_BAD_INSTRUCTION;
	exception(type, (integer_t)code,
	          (integer_t)(of_address ? frame->badvaddr : frame->cause >> CAUSE_UNIT_SHIFT & 3));
}
_Static_assert((int)EXC_MIPS_ADEL == CODE_ADDRESS_LOAD && (int)EXC_MIPS_ADES == CODE_ADDRESS_STORE &&
               (int)EXC_MIPS_IBE == CODE_BUS_CODE && (int)EXC_MIPS_DBE == CODE_BUS_DATA &&
               (int)EXC_MIPS_RI == CODE_RESERVED && (int)EXC_MIPS_CPU == CODE_UNUSABLE &&
               (int)EXC_MIPS_OV == CODE_OVERFLOW && (int)EXC_MIPS_TR == CODE_TRAP, "codes are the processor's");

void trap_from_user(struct trap_frame *frame)
{
	const unsigned code = code_of(frame);
	if (is_page_fault(code))
		user_page_fault(&current_thread()->pcb, frame->badvaddr, code != CODE_TLB_LOAD);
	else if (code == CODE_INTERRUPT)
		interrupt(interrupt_acknowledge() % PIC_LINES, true);
	else
		user_exception(frame);
}

/* --- From the kernel --- */

extern const uint8_t syscall_fetch[], syscall_fetched[], syscall_refuse[];
extern const uint8_t copy_user[], copy_user_end[], copy_user_failed[], machine_idle_begin[], machine_idle_end[];

static bool is_within(uint32_t pc, const uint8_t *from, const uint8_t *to)
{
	return pc >= (uint32_t)from && pc < (uint32_t)to;
}

/* Where the kernel goes on if the memory that this instruction touches cannot be had; 0: it must be there. */
static uint32_t recovery(uint32_t pc)
{
	if (is_within(pc, copy_user, copy_user_end))
		return (uint32_t)copy_user_failed;
	return is_within(pc, syscall_fetch, syscall_fetched) ? (uint32_t)syscall_refuse : 0;
}

static bool kernel_page_fault(struct trap_frame *frame, uint32_t address, bool writes)
{
	const bool of_kernel = address >= VIRTUAL_BASE && address < VIRTUAL_END;
	if (!of_kernel && (address >= USER_END || !recovery(frame->registers.pc)))
		return false;
	vm_map_t map = of_kernel ? kernel_map : current_task()->map;
	if (pmap_touch(map->pmap, address, writes))
		return true;
	if (vm_fault(map, trunc_page(address), access_of(writes), false, NULL) == KERN_SUCCESS) {
		(void)pmap_touch(map->pmap, address, writes);
		return true;
	}
	frame->registers.pc = recovery(frame->registers.pc);
	return frame->registers.pc != 0;
}

/* A call's arguments on a stack that is not aligned. */
static bool recovers(struct trap_frame *frame)
{
	const uint32_t to = recovery(frame->registers.pc);
	if (to)
		frame->registers.pc = to;
	return to != 0;
}

static _Noreturn void fault_is_a_defect(const char *what, uint32_t pc, uint32_t of)
{
	console_string("\nat PC ");
	console_hex(pc);
	panic_number(what, of);
}

static void kernel_interrupt(struct trap_frame *frame)
{
	interrupt(interrupt_acknowledge() % PIC_LINES, false);
	if (is_within(frame->registers.pc, machine_idle_begin, machine_idle_end))
		frame->registers.pc = (uint32_t)machine_idle_end;
}

void trap_from_kernel(struct trap_frame *frame)
{
	const uint32_t pc = frame->registers.pc;
	const unsigned code = code_of(frame);
	if (code == CODE_INTERRUPT) {
		kernel_interrupt(frame);
	} else if (is_page_fault(code)) {
		if (!kernel_page_fault(frame, frame->badvaddr, code != CODE_TLB_LOAD))
			fault_is_a_defect("page fault in the kernel", pc, frame->badvaddr);
	} else if (code != CODE_ADDRESS_LOAD || !recovers(frame)) {
		fault_is_a_defect("trap in the kernel", pc, code);
	}
}
