/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The beginning of IPC: zones first, as tasks and threads are made of ports; then the host's ports.
 */
#include "ipc/ipc_init.h"
#include "ipc/ipc_port.h"

/* As soon as there are zones. */
void ipc_bootstrap(void)
{
	ipc_port_init();
	ipc_pset_init();
	ipc_space_init();
	ipc_kmsg_init();
	ipc_notify_init();
}

/* When the kernel's memory is as it will be. */
void ipc_init(void) { ipc_host_init(); }
