/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hardware is seen as threads that send empty messages: line n as L4_INTERRUPT_ID(n), to the thread attached to it.
 *
 *            irq_interrupt                  irq_before_receive
 *   OPEN ----------------------> MASKED -----------------------> OPEN
 *                                  the driver has been told        the driver receives again: that is how it says
 *                                  (or a message waits)            that the device has been served
 *
 * The controller is told the end of the interrupt at once; it is the masked line that waits for the driver.
 * The kernel knows nothing of devices, but for the timer, which is its own.
 */
#include "l4/irq.h"
#include "base/pic.h"
#include "l4/ipc_kernel.h"
#include "l4/probes.h"
#include "l4/schedule.h"
#include "l4/thread.h"

enum { TIMER_LINE = 0 };

static struct tcb *driver[PIC_LINES];
static bool waiting[PIC_LINES]; /* came while its driver was not receiving */

void irq_init(void)
{
	pic_init();
	pic_unmask(TIMER_LINE);
}

static void timer_interrupt(void)
{
	pic_acknowledge(TIMER_LINE);
	timeout_interrupt();
	for (struct timeout *t; (t = timeout_expired());)
		ipc_time_is_over(LIST_OWNER(t, struct tcb, timeout));
	timeout_arm();
	schedule_tick();
}

void irq_interrupt(unsigned line)
{
	if (pic_is_spurious(line))
		return;
	if (line == TIMER_LINE) {
		timer_interrupt();
		return;
	}
	probe_irq(line);
	pic_mask(line);
	pic_acknowledge(line);
	struct tcb *thread = driver[line];
	if (!thread)
		return;
	const l4_threadid_t id = L4_INTERRUPT_ID(line);
	if (thread_accepts(thread, id)) {
		ipc_deliver(thread, id, 0, 0, 0);
		schedule_preempt();
	} else {
		waiting[line] = true;
	}
}

bool irq_before_receive(struct tcb *thread, l4_threadid_t from)
{
	const unsigned line = thread->irq_plus_1 - 1u;
	const l4_threadid_t id = L4_INTERRUPT_ID(line);
	if (!l4_id_is_nil(from) && !l4_id_equal(from, id))
		return false;
	if (!waiting[line]) {
		pic_unmask(line);
		return false;
	}
	waiting[line] = false;
	thread->ipc.partner = id;
	thread->ipc.word0 = thread->ipc.word1 = 0;
	thread->ipc.dope = 0;
	return true;
}

bool irq_attach(struct tcb *thread, l4_threadid_t interrupt)
{
	const unsigned line = interrupt.low - 1;
	if (line == PIC_CASCADE || line == TIMER_LINE)
		return false;
	if (driver[line] == thread)
		return true;
	if (driver[line])
		return false;
	irq_detach(thread);
	driver[line] = thread;
	thread->irq_plus_1 = (l4_u8)(line + 1);
	thread->attention |= ATTENTION_INTERRUPT;
	return true;
}

void irq_detach(struct tcb *thread)
{
	if (!thread->irq_plus_1)
		return;
	const unsigned line = thread->irq_plus_1 - 1u;
	pic_mask(line);
	driver[line] = NULL;
	waiting[line] = false;
	thread->irq_plus_1 = 0;
	thread->attention &= ~(l4_u32)ATTENTION_INTERRUPT;
}
