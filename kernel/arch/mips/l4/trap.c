/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What every entry is for: interrupts, kernel calls, faults of users.  The kernel itself has no faults: nothing that it
 * touches is mapped by the TLB.
 */
#include "trap.h"
#include "base/panic.h"
#include "cpu.h"
#include "l4/atomic_code.h"
#include "l4/fault.h"
#include "l4/irq.h"
#include "l4/task.h"
#include "l4/thread.h"

enum { INSTRUCTION = 4 };

void trap_interrupt(void) { irq_interrupt(interrupt_acknowledge()); }

void trap_in_kernel(uint32_t pc) { panic_number("fault in the kernel at", pc); }

static void fpage_unmap_call(struct trap_frame *frame)
{
	space_unmap(tcb_current()->space, frame->first, frame->second);
}

/* The numbers of include/mips/l4/calls.h; 0 is IPC, which never comes here. */
static void kernel_call(struct trap_frame *frame)
{
	static void (*const call[])(struct trap_frame *) = {
		id_nearest_call, fpage_unmap_call, thread_switch_call, thread_schedule_call, lthread_ex_regs_call,
		task_new_call,
	};
	if (frame->number - 1 < sizeof call / sizeof *call) {
		call[frame->number - 1](frame);
		return;
	}
	frame->pc -= INSTRUCTION;
	fault_exception(CODE_SYSCALL, 0);
}

/* Who was interrupted, or has faulted, between a sequence's load and its store, begins it anew. */
static void restart_sequence(struct trap_frame *frame)
{
	enum { EXCHANGE_STORE = 1 * INSTRUCTION, COMPARE_EXCHANGE_STORE = 4 * INSTRUCTION };
	if (frame->pc - L4_EXCHANGE_ADDRESS <= EXCHANGE_STORE)
		frame->pc = L4_EXCHANGE_ADDRESS;
	else if (frame->pc - L4_COMPARE_EXCHANGE_ADDRESS <= COMPARE_EXCHANGE_STORE)
		frame->pc = L4_COMPARE_EXCHANGE_ADDRESS;
}

void trap(struct trap_frame *frame)
{
	restart_sequence(frame);
	switch (frame->vector) {
	case CODE_INTERRUPT:
		trap_interrupt();
		break;
	case CODE_SYSCALL:
		kernel_call(frame);
		break;
	case CODE_MODIFIED: case CODE_TLB_LOAD: case CODE_TLB_STORE:
		fault_page(frame, frame->error);
		break;
	default:
		fault_exception(frame->vector, frame->error);
	}
}
