/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The default memory manager's port, for what the kernel itself makes (Y87 §6.2.2; GD91 §5.1).
 */
#include "ipc/ipc_port.h"
#include "kern/thread.h"
#include "vm/memory_object.h"

static ipc_port_t manager;      /* a send right; IP_NULL until somebody has been named */

static bool is_alive(void) { return IP_VALID(manager) && ip_active(manager); }

struct ipc_port *memory_manager_default_reference(void)
{
	while (!is_alive()) {
		assert_wait(&manager, false);
		current_thread()->wait_reason = "default manager";
		thread_block(NULL);
	}
	return ipc_port_copy_send(manager);
}

bool memory_manager_default_space(const struct ipc_space *space)
{
	return is_alive() && space && manager->receiver == space;
}

bool memory_manager_default_port(const struct ipc_port *port)
{
	return IP_VALID(port) && ip_active(port) && memory_manager_default_space(port->receiver);
}

kern_return_t vm_set_default_memory_manager(struct ipc_port **new_manager)
{
	ipc_port_t old = manager;
	if (!IP_VALID(*new_manager)) {
		*new_manager = IP_VALID(old) ? ipc_port_copy_send(old) : IP_NULL;
		return KERN_SUCCESS;
	}
	manager = *new_manager;
	*new_manager = old;
	thread_wakeup(&manager);
	return KERN_SUCCESS;
}
