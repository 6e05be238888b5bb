/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What every entry but the kernel calls is for.
 *
 *   from user mode    interrupt -> its handler; page fault -> vm_fault, with a continuation: the thread waits for its
 *                     page without a kernel stack; anything else -> exception
 *   from the kernel   interrupt (machine_idle, interrupt_window, the entry of a kernel call); page fault where the
 *                     kernel touches memory that may be away: a copy from or to a user, a kernel call's arguments,
 *                     pageable memory of servers in the kernel.  If it cannot be had, the copy fails, at a place that
 *                     is known here
 *
 * A debug trap at the entry of a kernel call is a user's who steps over it: the call gate leaves TF as it is.  The
 * kernel clears it, and the user steps on from the second instruction behind the call.
 */
#include "trap.h"
#include "arch/x86/cpu.h"
#include "base/pic.h"
#include "arch/x86/tlb.h"
#include "base/console.h"
#include "base/panic.h"
#include "kern/exception.h"
#include "kern/task.h"
#include "kern/thread.h"
#include "layout.h"
#include "mach/exception.h"
#include "vm/vm_fault.h"
#include "write_protect.h"

/* --- From user mode --- */

/* Also where a thread goes on that has waited for its page.  Aborted, it faults again when it runs again. */
static void user_page_fault_done(kern_return_t result)
{
	if (result == KERN_SUCCESS || result == KERN_ABORTED)
		thread_exception_return();
	exception(EXC_BAD_ACCESS, result, (integer_t)current_thread()->pcb.fault_address);
}

static void user_page_fault(struct pcb *pcb, uint32_t address)
{
	pcb->fault_address = address;
	const vm_prot_t access = pcb->user.error & FAULT_WRITE ? VM_PROT_READ | VM_PROT_WRITE : VM_PROT_READ;
	user_page_fault_done(address >= USER_END ? KERN_INVALID_ADDRESS :
	                     vm_fault(current_task()->map, trunc_page(address), access, false,
	                              user_page_fault_done));
}

static _Noreturn void user_exception(const struct trap_frame *frame)
{
	static const struct { uint8_t type, code; } meaning[] = {
		[TRAP_DIVIDE] = { EXC_ARITHMETIC, EXC_I386_DIV }, [TRAP_DEBUG] = { EXC_BREAKPOINT, EXC_I386_SGL },
		[TRAP_BREAKPOINT] = { EXC_BREAKPOINT, EXC_I386_BPT },
		[TRAP_OVERFLOW] = { EXC_ARITHMETIC, EXC_I386_INTO }, [TRAP_BOUND] = { EXC_ARITHMETIC, EXC_I386_BOUND },
		[TRAP_INVALID_OPCODE] = { EXC_BAD_INSTRUCTION, EXC_I386_INVOP },
		[TRAP_NO_FPU] = { EXC_ARITHMETIC, EXC_I386_NOEXT },
		[TRAP_TSS] = { EXC_BAD_INSTRUCTION, EXC_I386_INVTSSFLT }, /* iret with NT set */
		[TRAP_SEGMENT] = { EXC_BAD_INSTRUCTION, EXC_I386_SEGNPFLT },
		[TRAP_STACK] = { EXC_BAD_INSTRUCTION, EXC_I386_STKFLT },
		[TRAP_GP] = { EXC_BAD_INSTRUCTION, EXC_I386_GPFLT }, [TRAP_FPU] = { EXC_ARITHMETIC, EXC_I386_EXTERR },
		[TRAP_ALIGNMENT] = { EXC_BAD_INSTRUCTION, EXC_I386_ALIGNFLT },
	};
	const unsigned v = frame->vector;
	if (v >= sizeof meaning / sizeof *meaning || !meaning[v].type)
		panic_number("a trap that no user can cause", v);
	exception(meaning[v].type, meaning[v].code, (integer_t)frame->error);
}

void trap_from_user(struct trap_frame *frame)
{
	if (frame->vector == TRAP_PAGE_FAULT)
		user_page_fault(&current_thread()->pcb, cr2_read());
	else if (frame->vector - PIC_VECTOR < PIC_LINES)
		interrupt(frame->vector - PIC_VECTOR, true);
	else
		user_exception(frame);
}

/* --- From the kernel --- */

extern const uint8_t syscall_fetch[], syscall_refuse[], copy_user_words[], copy_user_bytes[], copy_user_failed[];

/* Where the kernel goes on if the memory that this instruction touches cannot be had; 0: it must be there. */
static uint32_t recovery(uint32_t eip)
{
	if (eip == (uint32_t)copy_user_words || eip == (uint32_t)copy_user_bytes)
		return (uint32_t)copy_user_failed;
	return eip == (uint32_t)syscall_fetch ? (uint32_t)syscall_refuse : 0;
}

static bool kernel_page_fault(struct trap_frame *frame, uint32_t address)
{
	const bool of_kernel = address >= VIRTUAL_BASE && address < VIRTUAL_END;
	if (!of_kernel && (address >= USER_END || !recovery(frame->eip)))
		return false;
	/* Without WP the kernel's page is writable or not there (pmap.c): it is asked for as what it can be. */
	const bool write = frame->error & FAULT_WRITE || (of_kernel && !copyio_write_protects());
	vm_map_t map = of_kernel ? kernel_map : current_task()->map;
	const vm_prot_t access = write ? VM_PROT_READ | VM_PROT_WRITE : VM_PROT_READ;
	if (vm_fault(map, trunc_page(address), access, false, NULL) == KERN_SUCCESS)
		return true;
	frame->eip = recovery(frame->eip);
	return frame->eip != 0;
}

static _Noreturn void fault_is_a_defect(const char *what, uint32_t eip, uint32_t of)
{
	console_string("\nat EIP ");
	console_hex(eip);
	panic_number(what, of);
}

void trap_from_kernel(struct trap_frame *frame)
{
	const uint32_t eip = frame->eip;
	if (frame->vector - PIC_VECTOR < PIC_LINES) {
		interrupt(frame->vector - PIC_VECTOR, false);
	} else if (frame->vector == TRAP_PAGE_FAULT) {
		const uint32_t address = cr2_read();
		if (copyio_probe_fault(&frame->eip) || kernel_page_fault(frame, address))
			return;
		fault_is_a_defect("page fault in the kernel", eip, address);
	} else if (frame->vector == TRAP_DEBUG && eip == (uint32_t)syscall_entry) {
		frame->eflags &= ~(uint32_t)EFLAGS_TF;
	} else if (frame->vector != TRAP_INVALID_OPCODE || !tlb_manages_without(&frame->eip)) {
		fault_is_a_defect("trap in the kernel", eip, frame->vector);
	}
}
