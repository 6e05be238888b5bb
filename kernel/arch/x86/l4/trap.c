/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What every entry is for: interrupts, kernel calls, faults of users, and the few faults that the kernel itself may
 * have.
 *
 * Those are:
 *   - a page fault at a thread control block: it is made then (l4/tcb.h);
 *   - #GP at an IRET to a user whose EIP is beyond its segment: the user's fault, with its registers in place and its
 *     return frame still on top of the stack.
 *   - an invalid opcode where the 386 lacks an instruction (arch/x86/tlb.c).
 * Anything else is a defect.
 */
#include "arch/x86/l4/trap.h"
#include "arch/x86/cpu.h"
#include "arch/x86/l4/layout.h"
#include "base/pic.h"
#include "arch/x86/tlb.h"
#include "base/panic.h"
#include "l4/fault.h"
#include "l4/irq.h"
#include "l4/task.h"
#include "l4/thread.h"

/* Places in ipc_fast.S, of all its variants. */
#define IPC_VARIANTS(X) X(ipc_pages_4096) X(ipc_pages_1024) X(ipc_segments_4096) X(ipc_segments_1024)
#define DECLARE(name_) extern const uint8_t name_[], name_##_iret[], name_##_touch[], name_##_give_up[];
IPC_VARIANTS(DECLARE)
extern const uint8_t id_nearest_4096[], id_nearest_1024[], id_nearest_4096_iret[], id_nearest_1024_iret[];

const void *trap_ipc_entry(bool segments, uint32_t size)
{
	if (segments)
		return size == 1024 ? ipc_segments_1024 : ipc_segments_4096;
	return size == 1024 ? ipc_pages_1024 : ipc_pages_4096;
}

const void *trap_id_nearest_entry(uint32_t size) { return size == 1024 ? id_nearest_1024 : id_nearest_4096; }

static bool is_return_to_user(uint32_t eip)
{
#define IRET(name_) name_##_iret,
	static const uint8_t *const place[] = {
		trap_iret, ipc_iret, thread_iret, id_nearest_4096_iret, id_nearest_1024_iret, IPC_VARIANTS(IRET)
	};
	for (unsigned i = 0; i < sizeof place / sizeof *place; i++)
		if (eip == (uint32_t)place[i])
			return true;
	return false;
}

/* Without memory for a control block that the short path looks at, the thread is not there: C will find so. */
static bool give_up_short_path(struct trap_frame *frame)
{
#define TOUCH_AND_GIVE_UP(name_) { name_##_touch, name_##_give_up },
	static const uint8_t *const place[][2] = { IPC_VARIANTS(TOUCH_AND_GIVE_UP) };
	for (unsigned i = 0; i < sizeof place / sizeof *place; i++) {
		if (frame->eip != (uint32_t)place[i][0])
			continue;
		frame->eip = (uint32_t)place[i][1];
		return true;
	}
	return false;
}

static void kernel_fault(struct trap_frame *frame)
{
	const uint32_t address = cr2_read();
	if (frame->vector == TRAP_PAGE_FAULT && address >= TCB_BASE && address < TCB_END) {
		if (!pmap_touch_tcb(address, frame->error & FAULT_WRITE) && !give_up_short_path(frame))
			panic("no kernel memory for a thread control block");
	} else if (frame->vector == TRAP_GP && is_return_to_user(frame->eip)) {
		fault_exception(TRAP_GP, 0);
	} else if (frame->vector != TRAP_INVALID_OPCODE || !tlb_manages_without(&frame->eip)) {
		panic_number("fault in the kernel at", frame->eip);
	}
}

static void fpage_unmap_call(struct trap_frame *frame)
{
	space_unmap(tcb_current()->space, frame->eax, frame->ecx);
}

static void user_trap(struct trap_frame *frame)
{
	static void (*const call[])(struct trap_frame *) = {
		id_nearest_call, fpage_unmap_call, thread_switch_call, thread_schedule_call, lthread_ex_regs_call,
		task_new_call,
	};
	if (frame->vector >= TRAP_ID_NEAREST && frame->vector <= TRAP_LAST_CALL)
		call[frame->vector - TRAP_ID_NEAREST](frame);
	else if (frame->vector == TRAP_PAGE_FAULT)
		fault_page(frame, cr2_read());
	else
		fault_exception(frame->vector, frame->error);
}

void trap(struct trap_frame *frame)
{
	if (frame->vector - PIC_VECTOR < PIC_LINES)
		irq_interrupt(frame->vector - PIC_VECTOR);
	else if (frame->cs & 3)
		user_trap(frame);
	else
		kernel_fault(frame);
}
