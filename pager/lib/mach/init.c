/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program's beginning and end, and the ports that every task has.
 */
#include "bootstrap_user.h"
#include "pager/lib/mach/cthreads.h"
#include "pager/lib/mach/mach.h"
#include "pager/lib/mach/thread.h"

int main(int argc, char **argv);
/* From crt0.S, on the stack that the task was given. */
_Noreturn void program_begin(int argc, char **argv);

mach_port_t mach_task_self_;
natural_t mach_identity;

static struct cproc first_cproc;
static struct {
	natural_t identity;             /* whose ports these are; 0: nobody has asked */
	mach_port_t host_priv, device_master;
} privileged;
static int program_argc;
static char **program_argv;

void mach_init(void)
{
	struct cproc *self = cproc_self();

	machine_begin();
	mach_identity++;
	mach_task_self_ = (mach_task_self)();
	*self = (struct cproc){ .thread = mach_thread_self() };
	(void)mach_port_allocate_send(&self->wait_port);
	cthread_init(self);
}

static void begin_on_first_stack(void)
{
	mach_init();
	if (program_argc > 0)
		MUK_PROBE("own_task_name(text)", program_argv[0]);
	exit(main(program_argc, program_argv));
}

void program_begin(int argc, char **argv)
{
	program_argc = argc;
	program_argv = argv;
	*(struct cproc **)cthread_first_stack = &first_cproc;
	stack_call(cthread_first_stack + cthread_stack_size, begin_on_first_stack);
}

void mach_set_privileged_ports(mach_port_t host_priv, mach_port_t device_master)
{
	privileged.identity = mach_identity;
	privileged.host_priv = host_priv;
	privileged.device_master = device_master;
}

kern_return_t mach_privileged_ports(mach_port_t *host_priv, mach_port_t *device_master)
{
	mach_port_t bootstrap, host = MACH_PORT_NULL, device = MACH_PORT_NULL;
	kern_return_t result = KERN_SUCCESS;

	if (privileged.identity != mach_identity) {
		result = task_get_special_port(mach_task_self(), TASK_BOOTSTRAP_PORT, &bootstrap);
		if (result == KERN_SUCCESS && !MACH_PORT_VALID(bootstrap))
			result = KERN_INVALID_CAPABILITY;
		if (result == KERN_SUCCESS)
			result = bootstrap_ports(bootstrap, &host, &device);
		if (result == KERN_SUCCESS)
			mach_set_privileged_ports(host, device);
	}
	*host_priv = result == KERN_SUCCESS ? privileged.host_priv : MACH_PORT_NULL;
	*device_master = result == KERN_SUCCESS ? privileged.device_master : MACH_PORT_NULL;
	return result;
}

void exit(int code)
{
	mach_port_t host_priv, device_master;

	if (mach_privileged_ports(&host_priv, &device_master) == KERN_SUCCESS)
		(void)host_reboot(host_priv, code);
	for (;;)
		(void)task_terminate(mach_task_self());
}

kern_return_t mach_port_allocate_send(mach_port_t *port)
{
	kern_return_t result = mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, port);

	if (result != KERN_SUCCESS)
		return result;
	result = mach_port_insert_right(mach_task_self(), *port, *port, MACH_MSG_TYPE_MAKE_SEND);
	if (result != KERN_SUCCESS)
		(void)mach_port_destroy(mach_task_self(), *port);
	return result;
}
