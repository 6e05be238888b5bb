/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of traps (mach/syscalls.h), which entry.S calls through: the arguments are where a C function has them.
 */
#include "kern/syscall_sw.h"
#include "ipc/ipc_space.h"
#include "ipc/mach_msg.h"
#include "kern/ipc_kobject.h"
#include "kern/sched.h"
#include "kern/task.h"
#include "kern/thread.h"
#include "mach/syscalls.h"

kern_return_t mach_null(void) { return KERN_SUCCESS; }

natural_t swtch(void) { return thread_yield(false); }

natural_t swtch_pri(int priority)
{
	(void)priority; /* anybody may run */
	return thread_yield(true);
}

/* --- thread_switch --- */

/* Lets the thread of this name run, if it can. */
static bool run_named(mach_port_t name)
{
	struct ipc_port *port = ipc_port_translate_send(current_task()->itk_space, name);
	if (!port)
		return false;
	struct thread *thread = convert_port_to_thread(port);
	ip_release(port);
	if (!thread)
		return false;
	const bool ran = thread_run(thread);
	thread_deallocate(thread);
	return ran;
}

static void sleep_for(natural_t milliseconds)
{
	static const char reason[] = "sleep";
	thread_will_wait(current_thread(), true);
	thread_set_timeout(milliseconds);
	current_thread()->wait_reason = reason;
	thread_block(NULL);
}

kern_return_t thread_switch(mach_port_t name, int option, natural_t milliseconds)
{
	if (option != SWITCH_OPTION_NONE && option != SWITCH_OPTION_DEPRESS && option != SWITCH_OPTION_WAIT)
		return KERN_INVALID_ARGUMENT;
	if (option == SWITCH_OPTION_WAIT)
		sleep_for(milliseconds);
	else if (name == MACH_PORT_NULL || !run_named(name))
		thread_yield(option == SWITCH_OPTION_DEPRESS);
	return KERN_SUCCESS;
}

/* --- The table --- */

static kern_return_t refuse(void) { return KERN_INVALID_ARGUMENT; }
#define no_such_call (void (*)(void))refuse

const struct syscall syscall_table[] = {
	/* the numbers between those of mach/syscalls.h */
	[0 ... 16] = { no_such_call, 0 }, [18 ... 24] = { no_such_call, 0 }, [30 ... 58] = { no_such_call, 0 },
#define X(number_, name_, words_) [number_] = { (void (*)(void))name_, words_ },
	MACH_TRAPS(X) MACHINE_TRAPS(X)
#undef X
};
const natural_t syscall_count = sizeof syscall_table / sizeof *syscall_table;
