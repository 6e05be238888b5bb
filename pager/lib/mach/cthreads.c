/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pager/lib/mach/cthreads.h"
#include "pager/lib/mach/mach.h"
#include "pager/lib/mach/malloc.h"
#include "pager/lib/mach/thread.h"

/* What is joined: it outlives its thread's interest in it. */
struct cthread {
	cthread_fn_t function;
	void *argument, *result;
	bool done, detached;
	struct condition end;
};

static struct mutex work_lock;          /* done and detached of all cthreads; idle */
static struct cproc *idle;              /* threads without work: they wait for a message */
static struct cthread first_work;       /* the program's main */

/* ---- waiting in the kernel ---- */

static void cproc_wait(struct cproc *self)
{
	mach_msg_header_t message;

	while (mach_msg(&message, MACH_RCV_MSG, 0, sizeof(message), self->wait_port, MACH_MSG_TIMEOUT_NONE,
	                MACH_PORT_NULL) != MACH_MSG_SUCCESS)
		;
}

static void cproc_wake(const struct cproc *cproc)
{
	mach_msg_header_t message = {
		.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, 0),
		.msgh_remote_port = cproc->wait_port,
	};

	(void)mach_msg(&message, MACH_SEND_MSG, sizeof(message), 0, MACH_PORT_NULL, MACH_MSG_TIMEOUT_NONE,
	               MACH_PORT_NULL);
}

/* ---- queues of waiters ---- */

static void queue_lock(struct cproc_queue *queue)
{
	while (exchange(&queue->lock, 1) != 0)
		(void)swtch_pri(0);
}

static void queue_unlock(struct cproc_queue *queue)
{
	__asm__ volatile("" : : : "memory");
	queue->lock = 0;
}

static void enqueue(struct cproc_queue *queue, struct cproc *cproc)
{
	cproc->next = NULL;
	if (queue->first == NULL)
		queue->first = cproc;
	else
		queue->last->next = cproc;
	queue->last = cproc;
}

static struct cproc *dequeue(struct cproc_queue *queue)
{
	struct cproc *first = queue->first;

	if (first != NULL)
		queue->first = first->next;
	return first;
}

/* Takes a waiter off that found what it wanted. False: somebody has taken it off, and tells it, or has. */
static bool dequeue_self(struct cproc_queue *queue, const struct cproc *self)
{
	struct cproc *previous = NULL;

	for (struct cproc *at = queue->first; at != NULL; previous = at, at = at->next) {
		if (at != self)
			continue;
		if (previous == NULL)
			queue->first = at->next;
		else
			previous->next = at->next;
		if (queue->last == at)
			queue->last = previous;
		return true;
	}
	return false;
}

/* ---- mutexes and conditions ---- */

void mutex_wait_lock(mutex_t mutex)
{
	struct cproc *self = cproc_self();

	MUK_PROBE("mutex_contended(mutex)", mutex);
	for (;;) {
		bool taken, told = true;

		queue_lock(&mutex->waiters);
		enqueue(&mutex->waiters, self);
		taken = exchange(&mutex->held, 1) == 0;
		if (taken)
			told = !dequeue_self(&mutex->waiters, self);
		queue_unlock(&mutex->waiters);
		if (told)
			cproc_wait(self);
		if (taken || exchange(&mutex->held, 1) == 0)
			return;
	}
}

void mutex_wake(mutex_t mutex)
{
	struct cproc *waiter;

	queue_lock(&mutex->waiters);
	waiter = dequeue(&mutex->waiters);
	queue_unlock(&mutex->waiters);
	if (waiter != NULL)
		cproc_wake(waiter);
}

void condition_wait(condition_t condition, mutex_t mutex)
{
	struct cproc *self = cproc_self();

	queue_lock(&condition->waiters);
	enqueue(&condition->waiters, self);
	queue_unlock(&condition->waiters);
	mutex_unlock(mutex);
	cproc_wait(self);
	mutex_lock(mutex);
}

void condition_signal(condition_t condition)
{
	struct cproc *waiter;

	if (condition->waiters.first == NULL)
		return;
	queue_lock(&condition->waiters);
	waiter = dequeue(&condition->waiters);
	queue_unlock(&condition->waiters);
	if (waiter != NULL)
		cproc_wake(waiter);
}

void condition_broadcast(condition_t condition)
{
	struct cproc *waiter, *next;

	queue_lock(&condition->waiters);
	waiter = condition->waiters.first;
	condition->waiters.first = NULL;
	queue_unlock(&condition->waiters);
	for (; waiter != NULL; waiter = next) {
		next = waiter->next;
		cproc_wake(waiter);
	}
}

/* ---- threads ---- */

void cthread_init(struct cproc *first)
{
	work_lock = (struct mutex){ 0 };
	idle = NULL;
	first_work = (struct cthread){ 0 };
	first->work = &first_work;
}

static void end_work(struct cproc *self, void *result)
{
	struct cthread *work = self->work;
	bool detached;

	mutex_lock(&work_lock);
	work->result = result;
	work->done = true;
	detached = work->detached;
	condition_broadcast(&work->end);
	self->work = NULL;
	self->next = idle;
	idle = self;
	mutex_unlock(&work_lock);
	if (detached)
		free(work);
}

/* A thread's life: it is made with work, and when that is done waits for more. */
static void work_for_ever(void *argument)
{
	struct cproc *self = argument;

	for (;;) {
		if (self->work != NULL)
			end_work(self, self->work->function(self->work->argument));
		cproc_wait(self);
	}
}

/* A new thread for the work; false without memory. */
static bool start_cproc(struct cthread *work)
{
	struct cproc *cproc = malloc(sizeof(*cproc));

	if (cproc == NULL)
		return false;
	*cproc = (struct cproc){ .work = work };
	if (mach_port_allocate_send(&cproc->wait_port) == KERN_SUCCESS) {
		if (thread_start(mach_task_self(), cproc, work_for_ever, &cproc->thread) == KERN_SUCCESS)
			return true;
		(void)mach_port_destroy(mach_task_self(), cproc->wait_port);
	}
	free(cproc);
	return false;
}

cthread_t cthread_fork(cthread_fn_t function, void *argument)
{
	struct cthread *work = malloc(sizeof(*work));
	struct cproc *cproc;

	if (work == NULL)
		return NULL;
	*work = (struct cthread){ .function = function, .argument = argument };
	mutex_lock(&work_lock);
	cproc = idle;
	if (cproc != NULL) {
		idle = cproc->next;
		cproc->work = work;
	}
	mutex_unlock(&work_lock);
	if (cproc != NULL) {
		cproc_wake(cproc);
	} else if (!start_cproc(work)) {
		free(work);
		return NULL;
	}
	return work;
}

void *cthread_join(cthread_t thread)
{
	void *result;

	mutex_lock(&work_lock);
	while (!thread->done)
		condition_wait(&thread->end, &work_lock);
	result = thread->result;
	mutex_unlock(&work_lock);
	free(thread);
	return result;
}

void cthread_detach(cthread_t thread)
{
	bool done;

	mutex_lock(&work_lock);
	thread->detached = true;
	done = thread->done;
	mutex_unlock(&work_lock);
	if (done)
		free(thread);
}

void cthread_exit(void *result)
{
	struct cproc *self = cproc_self();

	if (self->work == &first_work)
		exit((int)(uintptr_t)result);
	end_work(self, result);
	/* What is above on the stack is not needed any more; what is below is the rest of work_for_ever's. */
	for (;;) {
		cproc_wait(self);
		if (self->work != NULL)
			end_work(self, self->work->function(self->work->argument));
	}
}

cthread_t cthread_self(void)
{
	return cproc_self()->work;
}

void cthread_yield(void)
{
	(void)swtch();
}

mach_port_t cthread_port(void)
{
	return cproc_self()->thread;
}

int cthread_wire(mach_port_t host_priv)
{
	return thread_wire(host_priv, cproc_self()->thread, true);
}

/* ---- reply ports ---- */

mach_port_t mig_get_reply_port(void)
{
	struct cproc *self = cproc_self();

	if (self->reply_port == MACH_PORT_NULL)
		self->reply_port = mach_reply_port();
	return self->reply_port;
}

void mig_dealloc_reply_port(mach_port_t port)
{
	struct cproc *self = cproc_self();

	/* Giving it up is a call by itself, and needs another one. */
	self->reply_port = MACH_PORT_NULL;
	(void)mach_port_mod_refs(mach_task_self(), port, MACH_PORT_RIGHT_RECEIVE, -1);
}
