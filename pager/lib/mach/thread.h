/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Threads of the kernel, below cthreads: a stack, registers, go. */
#pragma once
#include "mach/kern_return.h"

struct cproc;

/* A stack in the caller's memory on which a thread begins in function(argument), never to return; with the thread's
 * cproc at its base. *stack: the stack pointer. */
kern_return_t stack_prepare(struct cproc *cproc, void (*function)(void *argument), void *argument, vm_offset_t *stack);
void stack_free(vm_offset_t stack);
/* A thread of a task with that stack, running. *thread is set before it runs. */
kern_return_t thread_run_on(mach_port_t task, vm_offset_t stack, mach_port_t *thread);
/* Both, in the caller's task: the argument is the cproc. */
kern_return_t thread_start(mach_port_t task, struct cproc *cproc, void (*function)(void *argument),
                           mach_port_t *thread);
/* crt0 */
void thread_begin(void);
_Noreturn void stack_call(void *stack, void (*function)(void));
