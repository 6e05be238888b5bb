/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kern/stack.h"
#include "base/console.h"
#include "kern/sched_prim.h"
#include "kern/startup.h"
#include "kern/task.h"
#include "kern/thread.h"
#include "machine/pmap.h"
#include "probe.h"

enum { FREE_KEPT = 3 };
#define FILL_PATTERN 0x5ec0de5eu

struct free_stack {
	natural_t mark;                /* pcb.c's */
	struct free_stack *next;
};

static struct free_stack *free_stacks;
static natural_t free_count, pages = 1 /* the boot's, which stays the pageout daemon's */, deepest;
static struct list waiting = { &waiting, &waiting };

/* --- How deep --- */

static bool measures(void)
{
	static enum { UNKNOWN, NO, YES } answer;
	if (answer == UNKNOWN)
		answer = boot_option_is("check=", "stacks") ? YES : NO;
	return answer == YES;
}

static void fill(vm_offset_t stack)
{
	for (natural_t *word = (natural_t *)(stack + sizeof(struct free_stack));
	     word < (natural_t *)(stack + VM_PAGE_SIZE);)
		*word++ = FILL_PATTERN;
}

static void measure(vm_offset_t stack)
{
	const natural_t *word = (natural_t *)(stack + sizeof(struct free_stack));
	while (word < (natural_t *)(stack + VM_PAGE_SIZE) && *word == FILL_PATTERN)
		word++;
	if (stack + VM_PAGE_SIZE - (vm_offset_t)word > deepest)
		deepest = stack + VM_PAGE_SIZE - (vm_offset_t)word;
}

void stack_init(vm_offset_t boot)
{
	const vm_offset_t here = (vm_offset_t)__builtin_frame_address(0);
	if (measures())
		for (natural_t *word = (natural_t *)(boot + sizeof(struct free_stack));
		     word < (natural_t *)(here - 256);)
			*word++ = FILL_PATTERN;
}

static void measure_threads(const struct task *task)
{
	for (const struct list *l = task->threads.next; l != &task->threads; l = l->next) {
		const struct thread *thread = LIST_OWNER(l, struct thread, thread_list);
		if (thread->kernel_stack)
			measure(thread->kernel_stack);
	}
}

void stack_report(void)
{
	if (!measures())
		return;
	measure_threads(kernel_task);
	for (const struct list *l = kernel_task->tasks.next; l != &kernel_task->tasks; l = l->next)
		measure_threads(LIST_OWNER(l, struct task, tasks));
	MUK_VALUE("kernel_stack_bytes", deepest);
	console_string("kernel stacks: at most 0x");
	console_hex(deepest);
	console_string(" bytes of one are used; pages: 0x");
	console_hex(pages);
	console_string("\n");
}

/* --- Allocation --- */

static vm_offset_t new_stack(void)
{
	const vm_offset_t stack = (vm_offset_t)pmap_wired_page();
	if (!stack)
		return 0;
	pages++;
	if (measures())
		fill(stack);
	return stack;
}

vm_offset_t stack_alloc(const struct thread *thread)
{
	if (thread->stack_privilege)
		return thread->stack_privilege;
	struct free_stack *stack = free_stacks;
	if (!stack)
		return new_stack();
	free_stacks = stack->next;
	free_count--;
	return (vm_offset_t)stack;
}

static void give_back(vm_offset_t stack)
{
	pages--;
	pmap_wired_free((void *)stack);
}

void stack_free(const struct thread *thread, vm_offset_t stack)
{
	if (stack == thread->stack_privilege)
		return;
	if (measures())
		measure(stack);
	if (free_count >= FREE_KEPT) {
		give_back(stack);
	} else {
		struct free_stack *s = (struct free_stack *)stack;
		s->next = free_stacks;
		free_stacks = s;
		free_count++;
	}
	stack_retry();
}

/* --- Without memory --- */

void stack_wait(struct thread *thread) { list_append(&waiting, &thread->link); }

void stack_retry(void)
{
	while (!list_is_empty(&waiting)) {
		struct thread *thread = LIST_OWNER(waiting.next, struct thread, link);
		list_remove(&thread->link);
		thread_setrun(thread);
	}
}

/* --- The privilege --- */

bool stack_set_privilege(struct thread *thread)
{
	if (thread->stack_privilege)
		return true;
	thread->stack_privilege = thread->kernel_stack ? thread->kernel_stack : stack_alloc(thread);
	return thread->stack_privilege != 0;
}

/* The stack that it runs on stays its own, as anybody's; another one comes free. */
void stack_clear_privilege(struct thread *thread)
{
	const vm_offset_t stack = thread->stack_privilege;
	thread->stack_privilege = 0;
	if (stack && stack != thread->kernel_stack)
		stack_free(thread, stack);
}
