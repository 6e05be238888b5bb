/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tasks: an address space, a space of port names, and the threads in them.
 */
#pragma once
#include "base/list.h"
#include "mach/kern_return.h"

struct vm_map;
struct ipc_port;
struct ipc_space;

enum { TASK_NAME_SIZE = 24, TASK_PORT_REGISTER_MAX = 4 };

struct task {
	struct list tasks;               /* all */
	struct list threads;
	natural_t thread_count;
	natural_t number;                /* for probes; the kernel's is 0 */
	natural_t ref_count;
	bool active;
	int suspend_count;
	char name[TASK_NAME_SIZE];
	struct vm_map *map;
	struct ipc_space *itk_space;
	struct ipc_port *itk_self;       /* kernel's; NULL when terminated */
	struct ipc_port *itk_sself;      /* a send right for task_self */
	struct ipc_port *itk_exception;
	struct ipc_port *itk_bootstrap;
	struct ipc_port *itk_registered[TASK_PORT_REGISTER_MAX];
};

extern struct task *kernel_task;

void task_init(void);
/* inherit_memory: the parent's address space by its inheritance attributes; else an empty one.  Shares with the parent
 * its exception, bootstrap and registered ports. kernel_map: NULL, or the map of a task inside the kernel. */
kern_return_t task_create(struct task *parent, bool inherit_memory, struct task **child);
struct task *task_create_in_kernel(const char *name);
kern_return_t task_terminate(struct task *task);
kern_return_t task_suspend(struct task *task);
kern_return_t task_resume(struct task *task);
void task_reference(struct task *task);
void task_deallocate(struct task *task);
