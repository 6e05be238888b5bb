/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's beginning, in order.
 *
 *   kernel_begin_in_c   on the boot's stack, with nothing but 4 MiB of the window: what the boot loader says is read,
 *                       then the boot image leaves the bss (GD91 §6.2); from here on there are variables
 *                       tables; the boot becomes a thread; physical memory, pages, maps, zones; ports; tasks
 *   start_kernel        the clock, devices, available memory, the bootstrap task.  At its end the boot's thread is the
 *                       pageout daemon
 */
#include "kern/startup.h"
#include "base/boot.h"
#include "base/console.h"
#include "base/memory.h"
#include "base/panic.h"
#include "device/device.h"
#include "ipc/ipc_port.h"
#include "kern/boot_image.h"
#include "kern/bootstrap.h"
#include "kern/ipc_kobject.h"
#include "kern/probes.h"
#include "kern/sched.h"
#include "kern/stack.h"
#include "kern/task.h"
#include "kern/thread.h"
#include "kern/zalloc.h"
#include "layout.h"
#include "trap.h"
#include "vm/vm_init.h"
#include "vm/vm_page.h"
#include "vm/vm_pageout.h"

enum { COMMAND_LINE_SIZE = 256 };

extern char boot_stack[];

/* Known before the bss may be used. */
#define IN_DATA __attribute__((section(".data")))
static char command_line[COMMAND_LINE_SIZE] IN_DATA = "";
vm_size_t memory_size IN_DATA = 0;

static struct thread boot_thread;

_Noreturn void kernel_begin_in_c(uint32_t loader);

/* --- The command line --- */

const char *boot_option(const char *key) { return command_word(command_line, key); }

natural_t boot_option_number(const char *key, natural_t otherwise)
{
	const char *value = boot_option(key);
	return value ? text_number(value) : otherwise;
}

bool boot_option_is(const char *key, const char *value)
{
	const char *given = boot_option(key);
	if (!given || !text_begins(given, value))
		return false;
	while (*value) {
		given++;
		value++;
	}
	return *given == '\0' || *given == ' ' || *given == ',';
}

/* The loader's words, while they are still there. */
static void read_boot_loader(uint32_t loader)
{
	struct boot_information boot;
	multiboot_read(&boot, loader, WINDOW_BASE, MEMORY_MOST);
	memory_size = boot.memory_size;
	unsigned i = 0;
	for (; boot.command_line[i]; i++) {
		if (i == COMMAND_LINE_SIZE - 1)
			panic("the command line is too long");
		command_line[i] = boot.command_line[i];
	}
	command_line[i] = '\0';
}

/* --- In order --- */

static void withhold_memory(void)
{
	const natural_t available = boot_option_number("available=", 0);
	if (available)
		vm_page_withhold(available);
}

static _Noreturn void start_kernel(void)
{
	clock_init();
	device_service_create();
	withhold_memory();
	bootstrap_create();
	thread_set_name(current_thread(), "pageout");
	probe_thread_daemon(current_thread()->number);
	vm_pageout(NULL);
	panic("kernel defect: the pageout daemon has ended");
}

_Noreturn void kernel_begin_in_c(uint32_t loader)
{
	console_init();
	read_boot_loader(loader);
	const vm_offset_t first_free = boot_image_take();
	sched_init();
	tables_init();
	thread_adopt_boot(&boot_thread, kernel_task, (vm_offset_t)boot_stack);
	stack_init((vm_offset_t)boot_stack);
	stack_set_privilege(&boot_thread);
	interrupt_init();
	pmap_bootstrap(first_free - WINDOW_BASE, memory_size);
	vm_mem_bootstrap();
	pmap_init();
	thread_init();
	ipc_bootstrap();
	vm_mem_init();
	ipc_init();
	task_init();
	ipc_thread_init(&boot_thread);
	ipc_thread_enable(&boot_thread);
	start_kernel();
}
