/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Threads as the processor knows them: saved registers, kernel stacks, and passing from one to the other.
 *
 *   1. While a thread runs, user_frame is its saved frame, the TSS leads there, and kernel_stack_top is the end of its
 *      kernel stack.  load_thread makes all of that so.
 *   2. The lowest word of a stack never changes: it is looked at when the stack is left, so that an overflow does not
 *      stay unseen.
 *   3. FS and GS are the user's all the time; they change with the thread only if they differ.
 */
#include "machine/pcb.h"
#include "arch/x86/cpu.h"
#include "base/memory.h"
#include "base/panic.h"
#include "kern/task.h"
#include "kern/thread.h"
#include "layout.h"
#include "mach/thread_status.h"
#include "trap.h"
#include "vm/vm_map.h"

enum { STACK_END_MARK = 0x57ac0e4d };
enum { EFLAGS_OF_USERS = 0x00040dd5 }; /* arithmetic, TF, DF, AC */

struct trap_frame *user_frame;
vm_offset_t kernel_stack_top;

/* entry.S */
struct thread *switch_stacks(uint32_t *save, uint32_t load, struct thread *old);
void stack_begin(void);

/* FS low, GS high. */
static inline uint32_t fs_gs_read(void)
{
	uint32_t fs, gs;
	__asm__ volatile("movl %%fs,%0\n\tmovl %%gs,%1" : "=r"(fs), "=r"(gs));
	return (fs & 0xffff) | gs << 16;
}

static inline void fs_gs_write(uint32_t fs_gs)
{
	__asm__ volatile("movl %0,%%fs\n\tmovl %1,%%gs" : : "r"(fs_gs & 0xffff), "r"(fs_gs >> 16));
}

/* The processor is the new thread's in everything but its stack pointer. */
static inline void load_thread(struct thread *old, struct thread *new)
{
	const uint32_t fs_gs = fs_gs_read();
	old->pcb.fs_gs = fs_gs;
	if (!new->kernel_loaded) {
		if (new->pcb.fs_gs != fs_gs)
			fs_gs_write(new->pcb.fs_gs);
		if (new->task != old->task)
			pmap_activate(new->task->map->pmap);
	}
	user_frame = &new->pcb.user;
	tables_set_frame_end(&new->pcb.user + 1);
	kernel_stack_top = new->kernel_stack + KERNEL_STACK_SIZE;
	current_thread_ = new;
}

void pcb_adopt_boot(struct thread *thread, vm_offset_t stack)
{
	pcb_init(thread);
	thread->kernel_stack = stack;
	*(uint32_t *)stack = STACK_END_MARK;
	user_frame = &thread->pcb.user;
	tables_set_frame_end(&thread->pcb.user + 1);
	kernel_stack_top = stack + KERNEL_STACK_SIZE;
	current_thread_ = thread;
}

void pcb_init(struct thread *thread)
{
	memset(&thread->pcb, 0, sizeof thread->pcb);
	struct trap_frame *user = &thread->pcb.user;
	user->ds = user->es = user->ss = USER_DATA;
	user->cs = USER_CODE;
	user->eflags = EFLAGS_FIXED | EFLAGS_IF;
}

void pcb_terminate(struct thread *thread) { (void)thread; }

void pcb_set_user(struct thread *thread, vm_offset_t entry, vm_offset_t stack)
{
	thread->pcb.user.eip = entry;
	thread->pcb.user.esp = stack;
}

/* --- Stacks --- */

void stack_attach(struct thread *thread, vm_offset_t stack, void (*resume)(struct thread *old))
{
	uint32_t *top = (uint32_t *)(stack + KERNEL_STACK_SIZE);
	*(uint32_t *)stack = STACK_END_MARK;
	*--top = (uint32_t)stack_begin;
	*--top = (uint32_t)resume; /* EBX */
	top -= 3;
	thread->kernel_stack = stack;
	thread->pcb.kernel_sp = (uint32_t)top;
}

#include "machine/pcb_stacks.h"

/* --- Registers for others --- */

static bool is_users_data(natural_t selector) { return selector == 0 || selector == USER_DATA; }

kern_return_t thread_setstatus(struct thread *thread, int flavor, const natural_t *state, natural_t count)
{
	const struct i386_thread_state *s = (const struct i386_thread_state *)state;
	if (flavor != i386_THREAD_STATE || count < i386_THREAD_STATE_COUNT)
		return KERN_INVALID_ARGUMENT;
	if (!is_users_data(s->ds) || !is_users_data(s->es) || !is_users_data(s->fs) || !is_users_data(s->gs))
		return KERN_INVALID_ARGUMENT;
	struct pcb *pcb = &thread->pcb;
	pcb->fs_gs = s->fs | s->gs << 16;
	pcb->user = (struct trap_frame){
		.ds = s->ds ? s->ds : USER_DATA, .es = s->es ? s->es : USER_DATA,
		.edi = s->edi, .esi = s->esi, .ebp = s->ebp, .ebx = s->ebx, .edx = s->edx, .ecx = s->ecx, .eax = s->eax,
		.eip = s->eip, .cs = USER_CODE, .eflags = (s->efl & EFLAGS_OF_USERS) | EFLAGS_FIXED | EFLAGS_IF,
		.esp = s->uesp, .ss = USER_DATA,
	};
	return KERN_SUCCESS;
}

static kern_return_t get_flavors(natural_t *state, natural_t *count)
{
	if (*count < 1)
		return KERN_INVALID_ARGUMENT;
	state[0] = i386_THREAD_STATE;
	*count = 1;
	return KERN_SUCCESS;
}

kern_return_t thread_getstatus(struct thread *thread, int flavor, natural_t *state, natural_t *count)
{
	if (flavor == THREAD_STATE_FLAVOR_LIST)
		return get_flavors(state, count);
	if (flavor != i386_THREAD_STATE || *count < i386_THREAD_STATE_COUNT)
		return KERN_INVALID_ARGUMENT;
	const struct trap_frame *user = &thread->pcb.user;
	*(struct i386_thread_state *)state = (struct i386_thread_state){
		.gs = thread->pcb.fs_gs >> 16, .fs = thread->pcb.fs_gs & 0xffff,
		.es = user->es & 0xffff, .ds = user->ds & 0xffff,
		.edi = user->edi, .esi = user->esi, .ebp = user->ebp, .ebx = user->ebx, .edx = user->edx,
		.ecx = user->ecx, .eax = user->eax, .eip = user->eip, .cs = user->cs & 0xffff, .efl = user->eflags,
		.uesp = user->esp, .ss = user->ss & 0xffff,
	};
	*count = i386_THREAD_STATE_COUNT;
	return KERN_SUCCESS;
}
