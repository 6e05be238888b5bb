/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Faults of user threads (L95 §2.1, §2.2).
 *
 *   page fault     a message to the pager; sigma0 has none, and gets the frame of the same address, if there is one
 *   segment limit  where there are small spaces: in one, the space becomes large, and the instruction is tried again;
 *                  only in a large space it is an exception
 *   exception      a message to the pager, too (L4_EXCEPTION); the reply restarts the thread.  A page fault at an
 *                  address that is no user's is one, too (TRAP_PAGE_FAULT).
 *
 * A thread whose pager does not answer is HALTED, until somebody sets its registers.
 */
#include "l4/fault.h"
#include "layout.h"
#include "l4/ipc_kernel.h"
#include "l4/probes.h"
#include "l4/schedule.h"

l4_u32 fault_ipc(l4_u32 word0, l4_u32 word1, l4_u32 pfault)
{
	struct tcb *me = tcb_current();
	const struct ipc_registers saved = me->ipc;
	const l4_u32 receive = me->receive, timeouts = me->timeouts, lost = me->lost;
	me->ipc.send = L4_IPC_SHORT;
	me->ipc.word0 = word0;
	me->ipc.word1 = word1;
	me->ipc.partner = me->pager;
	me->timeouts = pfault ? L4_TIMEOUT(pfault < 15, pfault, pfault < 15, pfault, 0, 0) : L4_NEVER;
	me->receive = L4_IPC_RECEIVE_WINDOW(L4_FPAGE_ALL);
	ipc_as(true);
	const l4_u32 error = l4_dope_error(me->ipc.dope);
	me->ipc = saved;
	me->receive = receive;
	me->timeouts = timeouts;
	me->lost |= lost;
	return error;
}

l4_u32 fault_resolve(l4_u32 address, bool write, l4_u32 pfault)
{
	struct tcb *me = tcb_current();
	if (address >= USER_END)
		return L4_ENOT_EXISTENT;
	if (me->space == sigma0_space) {
		if (pmap_mapping(me->space, address >> PAGE_SHIFT))
			return L4_ENOT_EXISTENT; /* it is there, but not for that */
		return space_touch_sigma0(address >> PAGE_SHIFT) ? 0 : L4_ENOT_EXISTENT;
	}
	const l4_u32 pc = tcb_stack_top(me)[FRAME_PC];
	probe_page_fault(address, pc, me->pager.low);
	return fault_ipc((address & ~3u) | (write ? 2 : 0), pc, pfault);
}

/* A wait that was canceled (lthread_ex_regs) has changed the thread's registers: it goes on with them. */
static void halt_unless_canceled(l4_u32 error)
{
	const bool canceled = error == L4_RECANCELED || error == L4_SECANCELED;
	const bool aborted = error == L4_REABORTED || error == L4_SEABORTED;
	if (!error || canceled || aborted)
		return;
	tcb_current()->state = HALTED;
	schedule_block(NULL);
}

void fault_page(struct trap_frame *frame, uint32_t linear)
{
	struct tcb *me = tcb_current();
	const uint32_t address = trap_user_address(me, linear);
	if (address >= USER_END)
		fault_exception(TRAP_PAGE_FAULT, frame->error);
	else
		halt_unless_canceled(fault_resolve(address, trap_is_write(frame), 0));
}

void fault_exception(uint32_t vector, uint32_t error)
{
	struct tcb *me = tcb_current();
	if (trap_is_segment_limit(me, vector, error)) {
		pmap_make_large(me->space);
		return;
	}
	const l4_u32 pc = tcb_stack_top(me)[FRAME_PC];
	probe_exception(vector, pc, me->pager.low);
	const bool own_pager = me->space == sigma0_space;
	halt_unless_canceled(own_pager ? L4_ENOT_EXISTENT : fault_ipc(L4_EXCEPTION | vector << 4, pc, 0));
}
