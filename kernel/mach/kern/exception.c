/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exceptions (Black et al. 1988; Mach 3.0 kern/exception): the thread sends a request (mach/defs/exc.defs) to its
 * exception port and waits for the answer, without a stack; then to its task's.
 *
 *   exception --> ask the thread's port --KERN_SUCCESS------> back to user mode, by the registers as they are now
 *                        |no port, dead, any other answer
 *                        v
 *                 ask the task's port ----KERN_SUCCESS------> the same
 *                        |as above
 *                        v
 *                 the task is terminated (probe exception)
 *
 * thread_abort ends the wait: the thread goes back to user mode, where the exception most likely happens again.  Its
 * reply port is given up then, so that a late answer goes nowhere.
 */
#include "kern/exception.h"
#include "base/panic.h"
#include "ipc/ipc_kmsg.h"
#include "ipc/ipc_space.h"
#include "kern/ipc_kobject.h"
#include "kern/probes.h"
#include "kern/task.h"
#include "kern/thread.h"
#include "mach/mig.h"

enum { EXCEPTION_RAISE = 2400, SEND_TYPE = MIG_TYPE(MACH_MSG_TYPE_PORT_SEND, 32, 1),
       INTEGER_TYPE = MIG_TYPE(MACH_MSG_TYPE_INTEGER_32, 32, 1) };

struct exception_request {
	mach_msg_header_t Head;
	natural_t thread_type, thread, task_type, task;
	natural_t exception_type;
	integer_t exception;
	natural_t code_type;
	integer_t code;
	natural_t subcode_type;
	integer_t subcode;
};

/* In the thread's saved words while it waits. */
struct pending {
	integer_t type, code, subcode;
	bool task_asked;
};
static struct pending *pending(struct thread *thread) { return (struct pending *)thread->saved.other; }
_Static_assert(sizeof(struct pending) <= sizeof((struct thread){ 0 }.saved.other), "there is room");

static _Noreturn void unhandled(struct thread *self)
{
	const struct pending *p = pending(self);
	probe_exception(self->number, p->type, p->code, p->subcode);
	(void)task_terminate(self->task);
	thread_exception_return();
}

/* The request, with all rights in it. `port`: a send right, consumed. NULL: no memory. */
static ipc_kmsg_t make_request(const struct thread *self, const struct pending *p, ipc_port_t port)
{
	ipc_kmsg_t kmsg = ikm_alloc(sizeof(struct exception_request));
	if (!kmsg)
		return IKM_NULL;
	struct exception_request *request = (struct exception_request *)&kmsg->ikm_header;
	*request = (struct exception_request){
		.Head = { .msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_PORT_SEND, MACH_MSG_TYPE_PORT_SEND_ONCE) |
		                       MACH_MSGH_BITS_COMPLEX,
		          .msgh_size = sizeof *request, .msgh_remote_port = ipc_port_word(port),
		          .msgh_local_port = ipc_port_word(ipc_port_make_sonce(self->ith_rpc_reply)),
		          .msgh_id = EXCEPTION_RAISE },
		.thread_type = SEND_TYPE, .thread = ipc_port_word(ipc_port_copy_send(self->ith_sself)),
		.task_type = SEND_TYPE, .task = ipc_port_word(ipc_port_copy_send(self->task->itk_sself)),
		.exception_type = INTEGER_TYPE, .exception = p->type, .code_type = INTEGER_TYPE, .code = p->code,
		.subcode_type = INTEGER_TYPE, .subcode = p->subcode,
	};
	return kmsg;
}

static _Noreturn void exception_continue(void);

/* Sends the request and waits. Comes back if there is nobody to ask, or nothing to ask with. */
static void ask(struct thread *self, ipc_port_t exception_port)
{
	const ipc_port_t port = ipc_port_copy_send(exception_port);
	if (!IP_VALID(port))
		return;
	if (!self->ith_rpc_reply)
		self->ith_rpc_reply = ipc_port_alloc_special(ipc_space_reply, MACH_PORT_NULL);
	ipc_kmsg_t kmsg = self->ith_rpc_reply ? make_request(self, pending(self), port) : IKM_NULL;
	if (!kmsg) {
		ipc_port_release_send(port);
		return;
	}
	if (ipc_mqueue_send(kmsg, MACH_MSG_OPTION_NONE, MACH_MSG_TIMEOUT_NONE)) {
		ipc_kmsg_destroy(kmsg);
		ipc_thread_drop_reply(self);
		thread_exception_return();
	}
	const ipc_port_t reply = self->ith_rpc_reply;
	ip_reference(reply);
	self->ith_receive.object = &reply->object;
	self->ith_receive.mqueue = &reply->messages;
	self->ith_receive.option = MACH_RCV_MSG;
	self->ith_receive.rcv_size = MACH_MSG_SIZE_MAX;
	if (ipc_mqueue_receive(exception_continue) == MACH_MSG_SUCCESS) {
		self->ith_state = MACH_MSG_SUCCESS;
		exception_continue();
	}
}

/* The answer in a message; anything that is none is a failure. Consumes it. */
static kern_return_t answer(ipc_kmsg_t kmsg)
{
	const struct mig_reply_error *reply = (const struct mig_reply_error *)&kmsg->ikm_header;
	kern_return_t result = KERN_FAILURE;
	if (reply->Head.msgh_id == EXCEPTION_RAISE + 100 && reply->Head.msgh_size == sizeof *reply &&
	    reply->RetCodeType == MIG_TYPE_RETURN_CODE)
		result = reply->RetCode;
	ipc_kmsg_received(kmsg);
	return result;
}

/* Whoever has not been asked is. */
static _Noreturn void ask_next(struct thread *self)
{
	if (!pending(self)->task_asked) {
		pending(self)->task_asked = true;
		ask(self, self->task->itk_exception);
	}
	unhandled(self);
}

static _Noreturn void exception_continue(void)
{
	struct thread *self = current_thread();
	const mach_msg_return_t result = ipc_mqueue_received();
	ipc_object_release(self->ith_receive.object);
	if (result != MACH_MSG_SUCCESS) {
		ipc_thread_drop_reply(self);
		thread_exception_return();
	}
	if (answer(self->ith_kmsg) == KERN_SUCCESS)
		thread_exception_return();
	ask_next(self);
}

_Noreturn void exception(integer_t type, integer_t code, integer_t subcode)
{
	struct thread *self = current_thread();
	if (self->kernel_loaded)
		panic("exception in a thread of the kernel");
	*pending(self) = (struct pending){ type, code, subcode, false };
	ask(self, self->ith_exception);
	ask_next(self);
}
