/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tasks.
 *
 *   1. References: one of the task itself until it is terminated, one of each thread, one of each pointer kept.
 *   2. The ports die at termination, the memory with the last reference: threads that end need it until then.
 *   3. The kernel's task is for ever; a task in the kernel shares its map, and is for ever as well.
 */
#include "kern/task.h"
#include "base/memory.h"
#include "base/panic.h"
#include "ipc/ipc_port.h"
#include "ipc/ipc_space.h"
#include "kern/ipc_kobject.h"
#include "kern/probes.h"
#include "kern/sched.h"
#include "kern/thread.h"
#include "kern/times.h"
#include "kern/zalloc.h"
#include "layout.h"
#include "vm/vm_map.h"

enum { TASKS_MOST = 1024, USER_BEGIN = VM_PAGE_SIZE }; /* a null pointer faults */

static struct task the_kernel = {
	.tasks = { &the_kernel.tasks, &the_kernel.tasks }, .threads = { &the_kernel.threads, &the_kernel.threads },
	.ref_count = 1, .active = true, .name = "kernel"
};
struct task *kernel_task = &the_kernel;

static zone_t task_zone;
static natural_t last_number;

static void announce(const struct task *task)
{
	const char *text = task->name;
	probe_task_name(task->number, text);
}

void task_init(void)
{
	task_zone = zinit(sizeof(struct task), TASKS_MOST * sizeof(struct task), "task");
	kernel_task->map = kernel_map;
	announce(kernel_task);
	if (ipc_task_init(kernel_task, NULL) != KERN_SUCCESS)
		panic("no memory for the kernel's task");
	ipc_task_enable(kernel_task);
}

void task_set_name(struct task *task, const char *name)
{
	unsigned i = 0;
	for (; i < TASK_NAME_SIZE - 1 && name[i]; i++)
		task->name[i] = name[i];
	task->name[i] = '\0';
	announce(task);
}

void task_reference(struct task *task) { task->ref_count++; }

void task_deallocate(struct task *task)
{
	if (!task || --task->ref_count)
		return;
	kernel_assert(!task->active && !task->thread_count);
	list_remove(&task->tasks);
	vm_map_deallocate(task->map);
	is_release(task->itk_space);
	zfree(task_zone, task);
}

/* --- Creation --- */

/* A task with the parent's ports, known to the world, and a reference more, for the caller; NULL without memory. */
static struct task *begin(struct task *parent, vm_map_t map)
{
	struct task *task = zalloc(task_zone);
	if (!task)
		return NULL;
	memset(task, 0, sizeof *task);
	if (ipc_task_init(task, parent) != KERN_SUCCESS) {
		zfree(task_zone, task);
		return NULL;
	}
	list_init(&task->threads);
	task->number = ++last_number;
	task->ref_count = 2;
	task->active = true;
	task->map = map;
	list_append(&kernel_task->tasks, &task->tasks);
	probe_task_create(parent->number, task->number);
	ipc_task_enable(task);
	return task;
}

static vm_map_t empty_map(void)
{
	pmap_t pmap = pmap_create();
	if (!pmap)
		return NULL;
	vm_map_t map = vm_map_create(pmap, USER_BEGIN, USER_END);
	if (!map)
		pmap_destroy(pmap);
	return map;
}

kern_return_t task_create(struct task *parent, bool inherit_memory, struct task **child)
{
	if (!parent->active)
		return KERN_FAILURE;
	vm_map_t map = inherit_memory ? vm_map_fork(parent->map) : empty_map();
	if (!map)
		return KERN_RESOURCE_SHORTAGE;
	struct task *task = begin(parent, map);
	if (!task) {
		vm_map_deallocate(map);
		return KERN_RESOURCE_SHORTAGE;
	}
	*child = task;
	return KERN_SUCCESS;
}

struct task *task_create_in_kernel(const char *name)
{
	struct task *task = begin(kernel_task, kernel_map);
	if (!task)
		panic("no memory for a task in the kernel");
	vm_map_reference(kernel_map);
	task_set_name(task, name);
	return task;
}

/* --- The end --- */

kern_return_t task_terminate(struct task *task)
{
	if (!task->active)
		return KERN_FAILURE;
	if (task->map == kernel_map)
		return KERN_INVALID_ARGUMENT;
	task->active = false;
	ipc_task_disable(task);
	for (struct list *l = task->threads.next; l != &task->threads; l = l->next)
		thread_terminate(LIST_OWNER(l, struct thread, thread_list));
	ipc_task_terminate(task);
	probe_task_terminate(task->number);
	task_deallocate(task);
	return KERN_SUCCESS;
}

/* --- All threads at once --- */

kern_return_t task_suspend(struct task *task)
{
	if (!task->active)
		return KERN_FAILURE;
	if (task->map == kernel_map)
		return KERN_INVALID_ARGUMENT;
	if (task->suspend_count++ == 0)
		for (struct list *l = task->threads.next; l != &task->threads; l = l->next)
			thread_hold(LIST_OWNER(l, struct thread, thread_list));
	return KERN_SUCCESS;
}

kern_return_t task_resume(struct task *task)
{
	if (!task->active || task->suspend_count == 0)
		return KERN_FAILURE;
	if (--task->suspend_count == 0)
		for (struct list *l = task->threads.next; l != &task->threads; l = l->next)
			thread_release(LIST_OWNER(l, struct thread, thread_list));
	return KERN_SUCCESS;
}

kern_return_t task_threads(struct task *task, struct ipc_port ***threads, natural_t *count)
{
	if (!task->active)
		return KERN_FAILURE;
	natural_t room = task->thread_count;
	struct ipc_port **array = room ? kalloc(room * sizeof *array) : NULL;
	if (room && !array)
		return KERN_RESOURCE_SHORTAGE;
	if (room != task->thread_count) { /* kalloc has waited */
		kfree(array, room * sizeof *array);
		return KERN_RESOURCE_SHORTAGE;
	}
	natural_t n = 0;
	for (struct list *l = task->threads.next; l != &task->threads; l = l->next) {
		struct thread *thread = LIST_OWNER(l, struct thread, thread_list);
		thread_reference(thread);
		array[n++] = convert_thread_to_port(thread);
	}
	*threads = array;
	*count = n;
	return KERN_SUCCESS;
}

/* --- Information --- */

static void basic_info(const struct task *task, task_basic_info_data_t *info)
{
	*info = (task_basic_info_data_t){
		.suspend_count = task->suspend_count, .base_priority = PRIORITY_USER, .virtual_size = task->map->size,
		.resident_size = pmap_resident_count(task->map->pmap) * VM_PAGE_SIZE,
		.user_time = time_of_ticks(task->user_ticks), .system_time = time_of_ticks(task->system_ticks),
	};
}

static void thread_times(const struct task *task, task_thread_times_info_data_t *info)
{
	natural_t user = 0, system = 0;
	for (const struct list *l = task->threads.next; l != &task->threads; l = l->next) {
		const struct thread *thread = LIST_OWNER(l, struct thread, thread_list);
		user += thread->user_ticks;
		system += thread->system_ticks;
	}
	*info = (task_thread_times_info_data_t){ time_of_ticks(user), time_of_ticks(system) };
}

kern_return_t task_info(struct task *task, int flavor, natural_t *info, natural_t *count)
{
	if (flavor == TASK_BASIC_INFO && *count >= TASK_BASIC_INFO_COUNT) {
		basic_info(task, (task_basic_info_data_t *)info);
		*count = TASK_BASIC_INFO_COUNT;
	} else if (flavor == TASK_THREAD_TIMES_INFO && *count >= TASK_THREAD_TIMES_INFO_COUNT) {
		thread_times(task, (task_thread_times_info_data_t *)info);
		*count = TASK_THREAD_TIMES_INFO_COUNT;
	} else {
		return KERN_INVALID_ARGUMENT;
	}
	return KERN_SUCCESS;
}
