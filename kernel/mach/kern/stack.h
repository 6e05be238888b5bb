/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernel stacks: a page each, in the window, wired.
 *
 * Few are in use at a time: a thread that blocks with a continuation has none.  Some free ones are kept.  When there is
 * no memory for one, the thread that needs it waits aside until a stack or a page comes free (stack_wait); a thread
 * with stack_privilege never does.
 */
#pragma once
#include "mach/types.h"

struct thread;

/* A stack for the thread: its own if it has the privilege, a free one, or a new page; 0: none. */
vm_offset_t stack_alloc(const struct thread *thread);
/* A stack that the thread does not need any more: free, or kept by the privilege. Threads that wait run again. */
void stack_free(const struct thread *thread, vm_offset_t stack);
/* A runnable thread without a stack waits for one. */
void stack_wait(struct thread *thread);
/* Those that wait are to try again (each tick). */
void stack_retry(void);
/* Privilege: a stack that is the thread's for good. False: no memory. Its current stack if it is the current thread. */
bool stack_set_privilege(struct thread *thread);
void stack_clear_privilege(struct thread *thread);
/* Option check=stacks: the boot's stack can be measured; at the end of a run, how many bytes the deepest use of a stack
 * has taken, and how many pages are stacks, on the console and by the value kernel_stack_bytes. */
void stack_init(vm_offset_t boot);
void stack_report(void);
