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
	natural_t user_ticks, system_ticks;    /* of its threads that have ended */
	struct vm_map *map;
	struct ipc_space *itk_space;
	struct ipc_port *itk_self;       /* kernel's; NULL when terminated */
	struct ipc_port *itk_sself;      /* a send right for task_self */
	struct ipc_port *itk_exception;
	struct ipc_port *itk_bootstrap;
	struct ipc_port *itk_registered[TASK_PORT_REGISTER_MAX];
};

extern struct task *kernel_task;

typedef struct task *task_t;

/* The kernel's task, which is there from the first instruction on; its map and ports from task_init on. */
void task_init(void);
/* inherit_memory: the parent's address space by its inheritance attributes; else an empty one.  Takes over its parent's
 * exception, bootstrap and registered ports. KERN_RESOURCE_SHORTAGE; KERN_FAILURE: the parent is being terminated. */
kern_return_t task_create(struct task *parent, bool inherit_memory, struct task **child);
/* A task whose map is the kernel's (servers in the kernel), for kernel_thread. */
struct task *task_create_in_kernel(const char *name);
/* All its threads end, its ports and, when the last thread has gone, its memory. KERN_FAILURE: it ends already.
 * KERN_INVALID_ARGUMENT: a task in the kernel. */
kern_return_t task_terminate(struct task *task);
kern_return_t task_suspend(struct task *task);
/* KERN_FAILURE: the count is 0. */
kern_return_t task_resume(struct task *task);
/* Send rights to all its threads, as an array in kalloc's memory. */
kern_return_t task_threads(struct task *task, struct ipc_port ***threads, natural_t *count);
kern_return_t task_info(struct task *task, int flavor, natural_t *info, natural_t *count);
void task_set_name(struct task *task, const char *name);
void task_reference(struct task *task);
void task_deallocate(struct task *task);
