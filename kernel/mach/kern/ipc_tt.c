/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ports of tasks and threads (Mach 3.0 kern/ipc_tt).
 *
 *   init       the ports are made, and what a task has from its parent; the kernel does not answer to them yet
 *   enable     they stand for the task or thread
 *   disable    they stand for nothing: it is being terminated
 *   terminate  they die, with all that is held by it
 *
 * A right to the port of a task or thread that is disabled is like one to a kernel's port of another kind.
 */
#include "base/memory.h"
#include "ipc/ipc_space.h"
#include "kern/ipc_kobject.h"
#include "kern/task.h"
#include "kern/thread.h"
#include "kern/zalloc.h"
#include "mach/special_ports.h"
#include "mach_server.h"

/* A right takes the place of another. */
static void replace_send(ipc_port_t *place, ipc_port_t right)
{
	const ipc_port_t old = *place;
	*place = right;
	ipc_port_release_send(old);
}

/* --- Tasks --- */

kern_return_t ipc_task_init(struct task *task, struct task *parent)
{
	const kern_return_t result = ipc_memory_is_short() ? KERN_RESOURCE_SHORTAGE
		: ipc_space_create(&task->itk_space);
	if (result)
		return result;
	task->itk_self = ipc_port_alloc_kernel();
	if (!task->itk_self) {
		ipc_space_destroy(task->itk_space);
		is_release(task->itk_space);
		return KERN_RESOURCE_SHORTAGE;
	}
	task->itk_sself = ipc_port_make_send(task->itk_self);
	task->itk_exception = parent ? ipc_port_copy_send(parent->itk_exception) : IP_NULL;
	task->itk_bootstrap = parent ? ipc_port_copy_send(parent->itk_bootstrap) : IP_NULL;
	for (unsigned i = 0; i < TASK_PORT_REGISTER_MAX; i++)
		task->itk_registered[i] = parent ? ipc_port_copy_send(parent->itk_registered[i]) : IP_NULL;
	return KERN_SUCCESS;
}

void ipc_task_enable(struct task *task) { ipc_kobject_set(task->itk_self, task, IKOT_TASK); }

void ipc_task_disable(struct task *task)
{
	if (task->itk_self)
		ipc_kobject_set(task->itk_self, NULL, IKOT_NONE);
}

void ipc_task_terminate(struct task *task)
{
	const ipc_port_t self = task->itk_self;
	if (!self)
		return;
	task->itk_self = IP_NULL;
	replace_send(&task->itk_sself, IP_NULL);
	replace_send(&task->itk_exception, IP_NULL);
	replace_send(&task->itk_bootstrap, IP_NULL);
	for (unsigned i = 0; i < TASK_PORT_REGISTER_MAX; i++)
		replace_send(&task->itk_registered[i], IP_NULL);
	ipc_space_destroy(task->itk_space);
	ipc_port_dealloc_kernel(self);
}

/* --- Threads --- */

kern_return_t ipc_thread_init(struct thread *thread)
{
	thread->ith_self = ipc_memory_is_short() ? IP_NULL : ipc_port_alloc_kernel();
	if (!thread->ith_self)
		return KERN_RESOURCE_SHORTAGE;
	thread->ith_sself = ipc_port_make_send(thread->ith_self);
	thread->ith_exception = thread->ith_rpc_reply = IP_NULL;
	thread->ith_doomed = NULL;
	return KERN_SUCCESS;
}

void ipc_thread_enable(struct thread *thread) { ipc_kobject_set(thread->ith_self, thread, IKOT_THREAD); }

void ipc_thread_disable(struct thread *thread)
{
	if (thread->ith_self)
		ipc_kobject_set(thread->ith_self, NULL, IKOT_NONE);
}

void ipc_thread_drop_reply(struct thread *thread)
{
	const ipc_port_t reply = thread->ith_rpc_reply;
	if (!reply)
		return;
	thread->ith_rpc_reply = IP_NULL;
	ipc_port_clear_receiver(reply);
	ipc_port_destroy(reply);
}

void ipc_thread_terminate(struct thread *thread)
{
	const ipc_port_t self = thread->ith_self;
	if (!self)
		return;
	thread->ith_self = IP_NULL;
	replace_send(&thread->ith_sself, IP_NULL);
	replace_send(&thread->ith_exception, IP_NULL);
	ipc_thread_drop_reply(thread);
	ipc_port_dealloc_kernel(self);
}

/* --- From ports, and to them --- */

static void *object_of(ipc_port_t port, enum ipc_kobject_type type)
{
	return IP_VALID(port) && ip_active(port) && port->kotype == type ? port->kobject : NULL;
}

struct task *convert_port_to_task(ipc_port_t port)
{
	struct task *task = object_of(port, IKOT_TASK);
	if (task)
		task_reference(task);
	return task;
}

struct thread *convert_port_to_thread(ipc_port_t port)
{
	struct thread *thread = object_of(port, IKOT_THREAD);
	if (thread)
		thread_reference(thread);
	return thread;
}

struct vm_map *convert_port_to_map(ipc_port_t port)
{
	const struct task *task = object_of(port, IKOT_TASK);
	if (!task)
		return NULL;
	vm_map_reference(task->map);
	return task->map;
}

struct ipc_space *convert_port_to_space(ipc_port_t port)
{
	const struct task *task = object_of(port, IKOT_TASK);
	if (!task)
		return NULL;
	is_reference(task->itk_space);
	return task->itk_space;
}

ipc_port_t convert_task_to_port(struct task *task)
{
	const ipc_port_t port = task->itk_self ? ipc_port_make_send(task->itk_self) : IP_DEAD;
	task_deallocate(task);
	return port;
}

ipc_port_t convert_thread_to_port(struct thread *thread)
{
	const ipc_port_t port = thread->ith_self ? ipc_port_make_send(thread->ith_self) : IP_DEAD;
	thread_deallocate(thread);
	return port;
}

/* --- Special ports --- */

static ipc_port_t *task_place(struct task *task, int which)
{
	switch (which) {
	case TASK_KERNEL_PORT:
		return &task->itk_sself;
	case TASK_EXCEPTION_PORT:
		return &task->itk_exception;
	case TASK_BOOTSTRAP_PORT:
		return &task->itk_bootstrap;
	default:
		return NULL;
	}
}

static ipc_port_t *thread_place(struct thread *thread, int which)
{
	switch (which) {
	case THREAD_KERNEL_PORT:
		return &thread->ith_sself;
	case THREAD_EXCEPTION_PORT:
		return &thread->ith_exception;
	default:
		return NULL;
	}
}

/* KERN_INVALID_ARGUMENT: no such port. KERN_FAILURE: the task is dead. */
kern_return_t task_get_special_port(task_t task, int which, ipc_port_t *port)
{
	const ipc_port_t *place = task_place(task, which);
	if (!place)
		return KERN_INVALID_ARGUMENT;
	if (!task->itk_self)
		return KERN_FAILURE;
	*port = ipc_port_copy_send(*place);
	return KERN_SUCCESS;
}

kern_return_t task_set_special_port(task_t task, int which, ipc_port_t port)
{
	ipc_port_t *place = task_place(task, which);
	if (!place)
		return KERN_INVALID_ARGUMENT;
	if (!task->itk_self)
		return KERN_FAILURE;
	replace_send(place, port);
	return KERN_SUCCESS;
}

kern_return_t thread_get_special_port(thread_t thread, int which, ipc_port_t *port)
{
	const ipc_port_t *place = thread_place(thread, which);
	if (!place)
		return KERN_INVALID_ARGUMENT;
	if (!thread->ith_self)
		return KERN_FAILURE;
	*port = ipc_port_copy_send(*place);
	return KERN_SUCCESS;
}

kern_return_t thread_set_special_port(thread_t thread, int which, ipc_port_t port)
{
	ipc_port_t *place = thread_place(thread, which);
	if (!place)
		return KERN_INVALID_ARGUMENT;
	if (!thread->ith_self)
		return KERN_FAILURE;
	replace_send(place, port);
	return KERN_SUCCESS;
}

/* --- Registered ports: those that children inherit --- */

/* ports: kalloc's memory, consumed with the rights on success; those not given become null. */
kern_return_t mach_ports_register(task_t task, ipc_port_t *ports, mach_msg_type_number_t count)
{
	if (count > TASK_PORT_REGISTER_MAX)
		return KERN_INVALID_ARGUMENT;
	if (!task->itk_self)
		return KERN_FAILURE;
	for (natural_t i = 0; i < TASK_PORT_REGISTER_MAX; i++)
		replace_send(&task->itk_registered[i], i < count ? ports[i] : IP_NULL);
	if (count)
		kfree(ports, count * sizeof *ports);
	return KERN_SUCCESS;
}

kern_return_t mach_ports_lookup(task_t task, ipc_port_t **ports, mach_msg_type_number_t *count)
{
	ipc_port_t *copy = kalloc(TASK_PORT_REGISTER_MAX * sizeof *copy);
	if (!copy)
		return KERN_RESOURCE_SHORTAGE;
	if (!task->itk_self) {
		kfree(copy, TASK_PORT_REGISTER_MAX * sizeof *copy);
		return KERN_FAILURE;
	}
	for (unsigned i = 0; i < TASK_PORT_REGISTER_MAX; i++)
		copy[i] = ipc_port_copy_send(task->itk_registered[i]);
	*ports = copy;
	*count = TASK_PORT_REGISTER_MAX;
	return KERN_SUCCESS;
}
