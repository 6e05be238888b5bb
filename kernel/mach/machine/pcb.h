/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What each architecture provides for threads: their saved registers, stacks, and switching (Mach machine/pcb).
 *
 * struct pcb is the architecture's (machine_pcb.h in arch/.../mach): the user's registers, and the kernel context of a
 * thread that blocked with its stack.
 */
#pragma once
#include "machine_pcb.h"
#include "mach/kern_return.h"

struct thread;
typedef void (*continuation_t)(void);

enum { KERNEL_STACK_SIZE = 4096 };

/* A new thread's: user registers that are none's yet. */
void pcb_init(struct thread *thread);
/* The thread is the one that runs already, on the boot's stack. */
void pcb_adopt_boot(struct thread *thread, vm_offset_t stack);
void pcb_terminate(struct thread *thread);
/* thread_set_state, thread_get_state by flavor; count in words. */
kern_return_t thread_setstatus(struct thread *thread, int flavor, const natural_t *state, natural_t count);
kern_return_t thread_getstatus(struct thread *thread, int flavor, natural_t *state, natural_t *count);
/* For a first thread: where it begins, and its stack. */
void pcb_set_user(struct thread *thread, vm_offset_t entry, vm_offset_t stack);

/* Gives a thread a stack on which it begins in resume(previous thread). */
void stack_attach(struct thread *thread, vm_offset_t stack, void (*resume)(struct thread *old));
vm_offset_t stack_detach(struct thread *thread);
/* Moves the current stack to another thread, which becomes the current one (thread_block, hand-off). */
void stack_handoff(struct thread *old, struct thread *new);
/* Saves the old thread's context, unless it blocked with a continuation; goes on in the new one's. Result, in the new
 * one's context: the thread that was left. */
struct thread *switch_context(struct thread *old, continuation_t continuation, struct thread *new);
/* Throws away what is on the current stack and calls. */
_Noreturn void call_continuation(continuation_t continuation);
/* Leaves for user mode by the current thread's saved registers. */
_Noreturn void load_user_context(void);
/* Waits for an interrupt, with interrupts on. */
void machine_idle(void);
/* Lets interrupts in that are pending: where the kernel is about to block, or works for long, so that a device does not
 * wait for it.  Handlers only wake threads and move their device's queue: the caller finds all else as it was. */
void interrupt_window(void);
/* An interrupt line of the board has this handler from now on; line 0 is the clock's. */
void interrupt_handler(unsigned line, void (*handler)(unsigned line));
