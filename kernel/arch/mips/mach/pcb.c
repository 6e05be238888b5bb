/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Threads as the processor knows them: saved registers, kernel stacks, and passing from one to the other.
 *
 *   1. While a thread runs, user_frame is its saved frame, and kernel_stack_top is the end of its kernel stack.
 *      load_thread makes all of that so.
 *   2. The lowest word of a stack never changes: it is looked at when the stack is left, so that an overflow does not
 *      stay unseen.
 *   3. A thread that leaves the processor within its task's restartable sequence goes on at the sequence's beginning
 *      (Bershad, Redell and Ellis 1992): nobody has run in its midst, if nobody else has run at all.
 */
#include "machine/pcb.h"
#include "base/memory.h"
#include "base/panic.h"
#include "kern/task.h"
#include "kern/thread.h"
#include "layout.h"
#include "mach/syscalls.h"
#include "pmap_private.h"
#include "trap.h"
#include "vm/vm_map.h"

enum { STACK_END_MARK = 0x57ac0e4d, INSTRUCTION = 4 };

struct trap_frame *user_frame;
vm_offset_t kernel_stack_top;

/* What switch_stacks keeps: s0 to s8, ra. */
struct switch_frame {
	uint32_t s[9], ra;
};

/* entry.S */
struct thread *switch_stacks(uint32_t *save, uint32_t load, struct thread *old);
void stack_begin(void);

/* The processor is the new thread's in everything but its stack pointer. */
static inline void load_thread(struct thread *old, struct thread *new)
{
	if (old->pcb.user.registers.pc == loaded_pmap->restart_at)
		old->pcb.user.registers.pc -= INSTRUCTION;
	if (!new->kernel_loaded && new->task != old->task)
		pmap_activate(new->task->map->pmap);
	user_frame = &new->pcb.user;
	kernel_stack_top = new->kernel_stack + KERNEL_STACK_SIZE;
	current_thread_ = new;
}

void pcb_adopt_boot(struct thread *thread, vm_offset_t stack)
{
	pcb_init(thread);
	thread->kernel_stack = stack;
	*(uint32_t *)stack = STACK_END_MARK;
	user_frame = &thread->pcb.user;
	kernel_stack_top = stack + KERNEL_STACK_SIZE;
	current_thread_ = thread;
}

void pcb_init(struct thread *thread) { memset(&thread->pcb, 0, sizeof thread->pcb); }

void pcb_terminate(struct thread *thread) { (void)thread; }

void pcb_set_user(struct thread *thread, vm_offset_t entry, vm_offset_t stack)
{
	thread->pcb.user.registers.pc = entry;
	thread->pcb.user.registers.sp = stack;
}

kern_return_t mips_restartable(vm_offset_t address)
{
	if (address % INSTRUCTION || address > USER_END - 2 * INSTRUCTION)
		return KERN_INVALID_ARGUMENT;
	current_task()->map->pmap->restart_at = address ? address + INSTRUCTION : RESTART_NONE;
	return KERN_SUCCESS;
}

/* --- Stacks --- */

void stack_attach(struct thread *thread, vm_offset_t stack, void (*resume)(struct thread *old))
{
	const vm_offset_t top = stack + KERNEL_STACK_SIZE - 16; /* room for the arguments of a function */
	struct switch_frame *frame = (struct switch_frame *)top - 1;
	*(uint32_t *)stack = STACK_END_MARK;
	*frame = (struct switch_frame){ .s = { (uint32_t)resume }, .ra = (uint32_t)stack_begin };
	thread->kernel_stack = stack;
	thread->pcb.kernel_sp = (uint32_t)frame;
}

#include "machine/pcb_stacks.h"

/* --- Registers for others --- */

kern_return_t thread_setstatus(struct thread *thread, int flavor, const natural_t *state, natural_t count)
{
	if (flavor != MIPS_THREAD_STATE || count < MIPS_THREAD_STATE_COUNT)
		return KERN_INVALID_ARGUMENT;
	thread->pcb.user.registers = *(const struct mips_thread_state *)state;
	return KERN_SUCCESS;
}

static kern_return_t get_flavors(natural_t *state, natural_t *count)
{
	if (*count < 1)
		return KERN_INVALID_ARGUMENT;
	state[0] = MIPS_THREAD_STATE;
	*count = 1;
	return KERN_SUCCESS;
}

kern_return_t thread_getstatus(struct thread *thread, int flavor, natural_t *state, natural_t *count)
{
	if (flavor == THREAD_STATE_FLAVOR_LIST)
		return get_flavors(state, count);
	if (flavor != MIPS_THREAD_STATE || *count < MIPS_THREAD_STATE_COUNT)
		return KERN_INVALID_ARGUMENT;
	*(struct mips_thread_state *)state = thread->pcb.user.registers;
	*count = MIPS_THREAD_STATE_COUNT;
	return KERN_SUCCESS;
}
