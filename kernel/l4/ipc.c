/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IPC (L95 §2.2; the interface: include/l4/ipc.h): synchronous, unbuffered.  This is the general path; ipc_fast.S takes
 * the short and frequent way through the same states (l4/tcb.h).
 *
 *   1. The sender does all the work of a transfer, on its own kernel stack, while the receiver is LOCKED to it.
 *   2. While a transfer can block, tcb.receiver of the sender and tcb.sender (or tcb.serving) of its receiver name
 *      each other; whoever drops out sets `lost` of the other.
 *   3. A result is in tcb.ipc before a thread becomes READY.
 *
 * A rendezvous, with the function that takes each edge:
 *
 *   sender   READY --[wait_for_receiver]--> SENDING --[take_sender]--.
 *   receiver READY --[wait_for_message]--> RECEIVE_... --[lock]--> LOCKED --[transfer, deliver]--> READY
 *                                             LOCKED --[transfer: fault]--> READY: [ipc_resumed] --> LOCKED
 */
#include "l4/ipc_kernel.h"
#include "trap.h"
#include "base/panic.h"
#include "l4/irq.h"
#include "l4/probes.h"
#include "l4/schedule.h"
#include "l4/task.h"
#include "l4/thread.h"

/* --- Timeouts --- */

enum wait { WAIT_FOR_EVER, WAIT_NOT, WAIT_SOME };

static enum wait decode_timeout(l4_u32 exponent, l4_u32 mantissa, ticks_t *ticks)
{
	*ticks = 0;
	if (exponent == 0)
		return WAIT_FOR_EVER;
	if (mantissa == 0)
		return WAIT_NOT;
	*ticks = timeout_ticks_of_us(ipc_timeout_us(exponent, mantissa));
	return WAIT_SOME;
}

static enum wait send_timeout(l4_timeout_t t, ticks_t *ticks)
{
	return decode_timeout(t >> 4 & 0xf, t >> 16 & 0xff, ticks);
}

static enum wait receive_timeout(l4_timeout_t t, ticks_t *ticks)
{
	return decode_timeout(t & 0xf, t >> 24, ticks);
}

/* --- Results --- */

static void give_result(struct tcb *to, l4_threadid_t from, l4_u32 word0, l4_u32 word1, l4_msgdope_t dope)
{
	to->ipc.partner = from;
	to->ipc.word0 = word0;
	to->ipc.word1 = word1;
	to->ipc.dope = dope;
	to->ipc.meant = L4_NIL_ID;
	probe_ipc_receive(to->number, from.low);
}

void ipc_deliver(struct tcb *to, l4_threadid_t from, l4_u32 word0, l4_u32 word1, l4_msgdope_t dope)
{
	thread_stop_receiving(to);
	give_result(to, from, word0, word1, dope);
	schedule_ready(to);
}

void ipc_time_is_over(struct tcb *thread)
{
	probe_timeout(thread->number);
	if (thread->state == SENDING) {
		ipc_stop_sending(thread, L4_SETIMEOUT);
	} else {
		thread->ipc.dope = L4_RETIMEOUT;
		schedule_ready(thread);
	}
}

/* --- Who waits for a thread that is gone --- */

/* The low word of the id that a closed receive waits for; 0: it does not, or not for a thread. */
static l4_u32 waits_for(const struct tcb *thread)
{
	const l4_u32 low = thread->state == RECEIVE_TIMED ? thread->from.low : thread->state;
	return thread_is_receiving(thread) && low >= RECEIVE_CLOSED_LEAST && low != ~0u ? low : 0;
}

static bool is_orphan(const struct tcb *thread)
{
	const l4_threadid_t id = { waits_for(thread), 0 };
	if (!id.low)
		return false;
	const struct space *space = task_table[l4_id_task(id)].space;
	const bool kernels = id.low == L4_KERNEL_ID.low;
	return !kernels && (!space || l4_id_lthread(id) >= space->threads ||
	                    tcb_of(l4_id_task(id), l4_id_lthread(id))->id.low != id.low);
}

void ipc_release_orphans(void)
{
	for (l4_u32 task = 0; task < L4_TASKS; task++) {
		for (l4_u32 lthread = 0; task_table[task].active && lthread < task_table[task].space->threads; lthread++) {
			struct tcb *thread = tcb_of(task, lthread);
			if (!is_orphan(thread))
				continue;
			thread_stop_receiving(thread);
			thread->ipc.dope = L4_ENOT_EXISTENT;
			schedule_ready(thread);
		}
	}
}

/* --- Who waits to send --- */

static void leave_queue(struct tcb *sender)
{
	struct tcb *at = sender->queued_at;
	timeout_stop(&sender->timeout);
	list_remove(&sender->on_senders);
	sender->queued_at = NULL;
	if (list_is_empty(&at->senders))
		at->attention &= ~(l4_u32)ATTENTION_SENDERS;
}

void ipc_stop_sending(struct tcb *sender, l4_u32 error)
{
	leave_queue(sender);
	sender->error = error;
	schedule_ready(sender);
}

void ipc_refuse_senders(struct tcb *thread)
{
	while (!list_is_empty(&thread->senders))
		ipc_stop_sending(LIST_OWNER(thread->senders.next, struct tcb, on_senders), L4_ENOT_EXISTENT);
}

/* The receiver's part of a transfer ends: at once, or when its nested page fault is over. */
static void drop_receiver(struct tcb *receiver, const struct tcb *sender)
{
	if (receiver->serving == sender) {
		receiver->serving = NULL;
		receiver->lost = 1;
	} else if (receiver->sender == sender) {
		receiver->sender = NULL;
		receiver->ipc.dope = L4_REABORTED;
		schedule_ready(receiver);
	}
}

static void drop_sender(struct tcb *sender)
{
	sender->receiver = NULL;
	sender->lost = 1;
	if (sender->state == PAGING_PARTNER)
		schedule_ready(sender);
}

void ipc_break_transfer(struct tcb *thread)
{
	struct tcb *receiver = thread->receiver, *sender = thread->sender, *served = thread->serving;
	if (receiver) {
		drop_sender(thread);
		drop_receiver(receiver, thread);
	}
	if (sender) {
		drop_receiver(thread, sender);
		drop_sender(sender);
	}
	if (served) {
		drop_receiver(thread, served);
		drop_sender(served);
	}
}

/* --- Send --- */

static void lock(struct tcb *to, struct tcb *sender)
{
	thread_stop_receiving(to);
	to->state = LOCKED;
	to->sender = sender;
}

/* Until the receiver has locked itself to this thread. 0, or why it will not. */
static l4_u32 wait_for_receiver(struct tcb *me, struct tcb *to)
{
	ticks_t ticks;
	const enum wait wait = send_timeout(me->timeouts, &ticks);
	if (wait == WAIT_NOT)
		return L4_SETIMEOUT;
	me->state = SENDING;
	me->error = 0;
	me->queued_at = to;
	list_append(&to->senders, &me->on_senders);
	to->attention |= ATTENTION_SENDERS;
	if (wait == WAIT_SOME)
		timeout_start(&me->timeout, ticks);
	schedule_block(NULL);
	return me->error;
}

/* In whose name: tcb.as; virtual: the id that a deceiving chief would like, or NULL. */
static void decide_name(struct tcb *me, const struct route *route, const l4_threadid_t *virtual)
{
	me->as = me->id;
	me->flags = 0;
	if (route->redirected) {
		me->flags = L4_DOPE_REDIRECTED | (clan_contains(route->to->task, me->task) ? L4_DOPE_INSIDE : 0);
	} else if (virtual && clan_may_deceive(me, *virtual, route->to)) {
		me->as = *virtual;
		me->flags |= L4_DOPE_DECEITED;
	}
}

/* Gives the receiver its result; it is READY then, but not queued. */
static void deliver(struct tcb *me, struct tcb *to, l4_msgdope_t dope)
{
	to->sender = NULL;
	give_result(to, me->as, me->ipc.word0, me->ipc.word1, dope | me->flags);
	if (me->flags & L4_DOPE_REDIRECTED)
		to->ipc.meant = me->ipc.partner;
	to->state = READY;
}

/* What goes beyond two words; while that may block, the two know of each other. */
static l4_u32 carry(struct tcb *me, struct tcb *to, l4_msgdope_t *dope)
{
	if (!(me->ipc.send & ~(l4_u32)L4_IPC_DECEIT))
		return 0;
	me->receiver = to;
	const l4_u32 error = transfer(me, to, dope);
	me->receiver = NULL;
	return error;
}

/* Sends. 0 or the error; *woken: the receiver if it has become READY, and not been queued. */
static l4_u32 send(struct tcb *me, struct tcb **woken)
{
	l4_threadid_t virtual;
	const bool deceit = me->ipc.send & L4_IPC_DECEIT;
	l4_u32 error = deceit ? transfer_read_own(me, tcb_stack_top(me)[FRAME_SP], &virtual, sizeof virtual) : 0;
	if (error)
		return error;
	const struct route route = clan_route(me, me->ipc.partner);
	struct tcb *to = route.to;
	if (!to || to == me)
		return L4_ENOT_EXISTENT;
	decide_name(me, &route, deceit ? &virtual : NULL);
	if (thread_accepts(to, me->as))
		lock(to, me);
	else if ((error = wait_for_receiver(me, to)))
		return error;
	probe_ipc_send(me->number, to->number, me->ipc.word0);
	l4_msgdope_t dope = 0;
	error = carry(me, to, &dope);
	if (me->lost)
		return L4_SEABORTED;
	deliver(me, to, dope | (error & ~(l4_u32)L4_DOPE_SEND_ERROR));
	*woken = to;
	return error;
}

/* --- Receive --- */

/* The first in the queue whose message this receive takes; NULL if there is none. */
static struct tcb *find_sender(struct tcb *me, l4_threadid_t from)
{
	for (struct list *l = me->senders.next; l != &me->senders; l = l->next) {
		struct tcb *sender = LIST_OWNER(l, struct tcb, on_senders);
		if (l4_id_is_nil(from) || l4_id_equal(from, sender->as))
			return sender;
	}
	return NULL;
}

static void take_sender(struct tcb *me, struct tcb *sender, struct tcb *woken)
{
	leave_queue(sender);
	sender->error = 0;
	sender->state = READY;
	me->sender = sender;
	me->state = LOCKED;
	if (woken)
		schedule_ready(woken);
	schedule_block(sender);
	ipc_resumed();
}

/* Attaching, and whether a closed receive can ever end. 0: go on. */
static l4_u32 check_partner(struct tcb *me, l4_threadid_t from, enum wait wait)
{
	if (l4_id_is_interrupt(from)) {
		if (wait == WAIT_NOT)
			return irq_attach(me, from) ? 0 : L4_ENOT_EXISTENT;
		return me->irq_plus_1 == from.low ? 0 : L4_ENOT_EXISTENT;
	}
	/* These two never send: to sleep by. */
	const bool silent = l4_id_is_nil(from) || l4_id_equal(from, L4_KERNEL_ID);
	return silent || tcb_find(from) ? 0 : L4_ENOT_EXISTENT;
}

/* framed: what is on the kernel stack now matters, so the short path must not wake the thread. */
static void wait_for_message(struct tcb *me, l4_threadid_t from, enum wait wait, ticks_t ticks, bool framed,
                             struct tcb *woken)
{
	const bool open = l4_id_is_nil(from), from_thread = from.low >= RECEIVE_CLOSED_LEAST && from.low != ~0u;
	if (framed || wait == WAIT_SOME || !(open || from_thread)) {
		me->state = RECEIVE_TIMED;
		me->from = from;
		if (wait == WAIT_SOME)
			timeout_start(&me->timeout, ticks);
	} else {
		me->state = open ? RECEIVE_OPEN : from.low;
	}
	schedule_block(woken);
	ipc_resumed();
}

/* Closed from nil: from nobody. */
static void receive(struct tcb *me, bool framed, struct tcb *woken)
{
	const bool open = me->receive & L4_IPC_OPEN;
	l4_threadid_t from = open ? L4_NIL_ID : me->ipc.partner;
	ticks_t ticks;
	const enum wait wait = receive_timeout(me->timeouts, &ticks);
	struct tcb *sender = NULL;
	me->ipc.dope = open ? 0 : check_partner(me, from, wait);
	if (!open && l4_id_is_nil(from))
		from = L4_INVALID_ID;
	const bool refused = me->ipc.dope != 0;
	const bool interrupted = !refused && me->irq_plus_1 && irq_before_receive(me, from);
	if (!refused && !interrupted && !(sender = find_sender(me, from)) && wait != WAIT_NOT) {
		wait_for_message(me, from, wait, ticks, framed, woken);
		return;
	}
	if (sender) {
		take_sender(me, sender, woken);
		return;
	}
	if (!refused && !interrupted)
		me->ipc.dope = L4_RETIMEOUT;
	if (woken) {
		schedule_ready(woken);
		schedule_preempt();
	}
}

void ipc_resumed(void)
{
	struct tcb *me = tcb_current();
	while (me->fault_address) {
		const l4_u32 fault = me->fault_address;
		struct tcb *sender = me->sender;
		me->fault_address = 0;
		me->sender = NULL;
		me->serving = sender;
		me->lost = 0;
		const l4_u32 error = fault_resolve(fault & ~3u, fault & 2, sender->timeouts >> 8 & 0xf);
		if (me->lost) {
			me->lost = 0;
			me->ipc.dope = L4_REABORTED;
			return;
		}
		me->serving = NULL;
		me->sender = sender;
		sender->error = error;
		sender->state = READY;
		me->state = LOCKED;
		schedule_block(sender);
	}
}

/* --- Both --- */

/* The kernel's own messages (include/l4/ipc.h). */
static void send_to_kernel(struct tcb *me)
{
	if (me->task == L4_ROOT_TASK && me->ipc.send == 0 && me->ipc.word0 == L4_KERNEL_SHUTDOWN)
		shutdown(me->ipc.word1);
	me->ipc.dope = L4_ENOT_EXISTENT;
}

void ipc_as(bool framed)
{
	struct tcb *me = tcb_current(), *woken = NULL;
	me->lost = 0;
	me->ipc.dope = 0;
	me->ipc.meant = L4_NIL_ID;
	if (me->ipc.send != L4_IPC_NONE) {
		if (l4_id_equal(me->ipc.partner, L4_KERNEL_ID)) {
			send_to_kernel(me);
			return;
		}
		const l4_u32 error = send(me, &woken);
		if (error || me->receive == L4_IPC_NONE) {
			me->ipc.dope = error;
			if (error)
				probe_ipc_error(me->number, error);
			if (woken) {
				schedule_ready(woken);
				schedule_preempt();
			}
			return;
		}
	}
	if (me->receive != L4_IPC_NONE)
		receive(me, framed, woken);
	if (l4_dope_error(me->ipc.dope))
		probe_ipc_error(me->number, me->ipc.dope);
}

void ipc(void) { ipc_as(false); }
