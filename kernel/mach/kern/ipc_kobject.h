/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ports whose receiver is the kernel, what each stands for, and the server that answers messages to them.
 */
#pragma once
#include "mach/kern_return.h"
#include "mach/types.h"
#include "mach/message.h"

struct ipc_port;
struct ipc_kmsg;
struct task;
struct thread;
struct vm_map;
struct ipc_space;

enum ipc_kobject_type {
	IKOT_NONE, IKOT_THREAD, IKOT_TASK, IKOT_HOST, IKOT_HOST_PRIV, IKOT_PAGER /* memory object, external */,
	IKOT_PAGING_REQUEST /* memory control */, IKOT_PAGING_NAME, IKOT_DEVICE, IKOT_MASTER_DEVICE
};

/* The port, whose receiver is the kernel or a manager, stands for this from now on; no reference is counted. */
void ipc_kobject_set(struct ipc_port *port, void *object, enum ipc_kobject_type type);
/* Answers a request to one of the kernel's ports, in the caller's context: takes the message, returns the reply to be
 * sent, or NULL for none. Every server routine is found by its message id in the tables that mig made. */
struct ipc_kmsg *ipc_kobject_server(struct ipc_kmsg *request);
/* The kernel's half of destroying a port. */
void ipc_kobject_destroy(struct ipc_port *port);

/* What a port stands for; NULL if it is of another kind. Each result holds a reference. */
struct task *convert_port_to_task(struct ipc_port *port);
struct thread *convert_port_to_thread(struct ipc_port *port);
struct vm_map *convert_port_to_map(struct ipc_port *port);
struct ipc_space *convert_port_to_space(struct ipc_port *port);
/* Whether it is the host's port (the privileged one will do); the privileged one. */
bool convert_port_to_host(struct ipc_port *port);
bool convert_port_to_host_priv(struct ipc_port *port);
/* A send right for a task's or thread's port; consumes a reference. */
struct ipc_port *convert_task_to_port(struct task *task);
struct ipc_port *convert_thread_to_port(struct thread *thread);

/* kern/ipc_tt: the ports of tasks and threads are made, stand for them, stand for nothing, and die with all that is
 * held by them. The parent's exception, bootstrap and registered ports are a task's, too (NULL: none).
 * KERN_RESOURCE_SHORTAGE: nothing has been made. */
kern_return_t ipc_task_init(struct task *task, struct task *parent);
void ipc_task_enable(struct task *task);
void ipc_task_disable(struct task *task);
void ipc_task_terminate(struct task *task);
kern_return_t ipc_thread_init(struct thread *thread);
void ipc_thread_enable(struct thread *thread);
void ipc_thread_disable(struct thread *thread);
void ipc_thread_terminate(struct thread *thread);
/* The port for the answers of who handles exceptions: a new one is made when it is needed. */
void ipc_thread_drop_reply(struct thread *thread);
/* kern/ipc_host: host, privileged host, master device port. */
void ipc_host_init(void);
extern struct ipc_port *realhost_self, *realhost_priv, *master_device_port;
