/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pager/lib/l4/lock.h"
#include "atomic.h"

void spin_acquire(struct spin_lock *lock)
{
	while (exchange(&lock->held, 1) != 0)
		l4_thread_switch(L4_NIL_ID);
}

void spin_release(struct spin_lock *lock)
{
	__asm__ volatile("" : : : "memory");
	lock->held = 0;
}

void queue_acquire(struct queue_lock *lock, struct queue_node *node)
{
	struct queue_node *before;
	uint32_t w0, w1;

	node->thread = l4_myself();
	node->next = NULL;
	before = (struct queue_node *)exchange(&lock->tail, (uint32_t)node);
	if (before == NULL)
		return;
	/* Its id is read before it learns of us: from then on its node may go. */
	l4_threadid_t holder = before->thread;

	before->next = node;
	while (l4_dope_error(l4_ipc_receive(holder, &w0, &w1, L4_IPC_SHORT, L4_NEVER)) != 0)
		;
}

void queue_release(struct queue_lock *lock, struct queue_node *node)
{
	if (node->next == NULL) {
		if (compare_exchange(&lock->tail, (uint32_t)node, 0))
			return;
		/* Somebody is between taking its place in the queue and telling us. */
		while (node->next == NULL)
			l4_thread_switch(L4_NIL_ID);
	}
	l4_ipc_send(node->next->thread, L4_IPC_SHORT, 0, 0, L4_NEVER);
}
