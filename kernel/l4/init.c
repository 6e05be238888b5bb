/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's beginning, in order: boot information, modules to their places, memory, tables, the idle thread, and
 * on its stack the first two tasks; then it idles, and they run.
 *
 * Command line: spaces=pages|segments  tcb=1024|4096  small=4|8|16|32|64 (MiB)
 */
#include "l4/init.h"
#include "layout.h"
#include "machine.h"
#include "trap.h"
#include "base/console.h"
#include "base/panic.h"
#include "l4/irq.h"
#include "l4/probes.h"
#include "l4/schedule.h"
#include "l4/task.h"
#include "l4/thread.h"

enum { MIB = 1 << 20, POOL_LEAST = MIB, POOL_MOST = 16 * MIB, PRIORITY_FIRST = 128, MCP_ALL = 255 };

extern uint8_t kernel_begin[], kernel_end[];

static struct boot_information boot;
static struct kernel_options options;
static uint8_t kip_draft[PAGE_SIZE] __attribute__((aligned(4096))); /* the loader's strings may lie
                                                                     where segments, or the page, go */

static void read_options(void)
{
	const char *line = boot.command_line;
	const char *spaces = command_word(line, "spaces="), *tcb = command_word(line, "tcb=");
	const char *small = command_word(line, "small=");
	const uint32_t mib = small ? text_number(small) : 16;
	options.segments = MACHINE_HAS_SMALL_SPACES && spaces && text_begins(spaces, "segments");
	options.tcb_size = MACHINE_HAS_SMALL_TCBS && tcb && text_number(tcb) == 1024 ? 1024 : 4096;
	if (mib < 4 || mib > 64 || (mib & (mib - 1)))
		panic("small= takes 4, 8, 16, 32 or 64");
	options.small_size = mib * MIB;
}

/* A quarter of memory is the kernel's, within bounds, or what is left above the modules if that is less.
 * Its beginning. */
static uint32_t set_pool_aside(void)
{
	uint32_t size = boot.memory_size / 4, highest = 0;
	for (unsigned i = 0; i < boot.modules; i++)
		if (boot.module[i].end > highest)
			highest = boot.module[i].end;
	size = size > POOL_MOST ? POOL_MOST : size < POOL_LEAST ? POOL_LEAST : size;
	if (size > boot.memory_size - highest)
		size = boot.memory_size - highest;
	if (size < POOL_LEAST)
		panic("not enough memory above the modules");
	size &= ~(uint32_t)(PAGE_SIZE - 1);
	kmem_init(WINDOW_BASE + boot.memory_size - size, WINDOW_BASE + boot.memory_size);
	return boot.memory_size - size;
}

/* The text's address in a register: a probe cannot name a compiler's own label. */
static void name_task(l4_u32 task, const char *text)
{
	__asm__("" : "+r"(text));
	probe_task_name(task, text);
}

static void start_first_tasks(void)
{
	if (boot.modules < 2)
		panic("modules wanted: sigma0 and root");
	const struct boot_module *sigma0 = &boot.module[0], *root = &boot.module[1];
	bool fine = task_create(L4_SIGMA0_TASK, L4_KERNEL_TASK, sigma0->entry, 0, L4_NIL_ID, PRIORITY_FIRST, MCP_ALL);
	sigma0_space = task_table[L4_SIGMA0_TASK].space;
	fine = fine && task_create(L4_ROOT_TASK, L4_KERNEL_TASK, root->entry, 0, L4_SIGMA0_ID, PRIORITY_FIRST, MCP_ALL);
	if (!fine)
		panic("no memory to begin with");
	name_task(L4_KERNEL_TASK, "kernel");
	name_task(L4_SIGMA0_TASK, "sigma0");
	name_task(L4_ROOT_TASK, "root");
}

/* On the idle thread's stack. */
static _Noreturn void begin_as_idle(void)
{
	start_first_tasks();
	schedule_yield();
	schedule_idle();
}

_Noreturn void kernel_begin_in_c(uint32_t loader)
{
	const uint32_t image_begin = (uint32_t)kernel_begin - WINDOW_BASE;
	const uint32_t image_end = (uint32_t)kernel_end - WINDOW_BASE;
	l4_u32 boot_stack_pointer;
	console_init();
	multiboot_read(&boot, loader, WINDOW_BASE, WINDOW_SIZE);
	read_options();
	multiboot_measure_modules(&boot);
	const uint32_t pool_begin = set_pool_aside();
	kip_write((struct l4_kip *)kip_draft, &boot, &options, pool_begin, image_begin, image_end);
	multiboot_load_modules(&boot, image_begin, image_end);
	memcpy((void *)(WINDOW_BASE + L4_KIP_ADDRESS), kip_draft, PAGE_SIZE);
	thread_init(options.tcb_size);
	pmap_init(boot.memory_size, options.segments ? options.small_size : 0);
	machine_init(options.segments);
	irq_init();
	task_init();
	struct tcb *idle = thread_create_idle();
	schedule_init(idle);
	thread_continue_at(idle, begin_as_idle);
	switch_stack(&boot_stack_pointer, idle->stack_pointer);
	panic("nobody comes back to the boot's stack");
}
