/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The host's ports (Mach 3.0 kern/ipc_host): one that anybody may have, one that allows everything (GD91 §5.1: it is
 * what vm_wire, thread_wire and vm_set_default_memory_manager ask for), and the one by which devices are opened.
 */
#include "base/panic.h"
#include "ipc/ipc_port.h"
#include "kern/ipc_kobject.h"

ipc_port_t realhost_self, realhost_priv, master_device_port;

static ipc_port_t make_port(enum ipc_kobject_type type)
{
	ipc_port_t port = ipc_port_alloc_kernel();
	if (!port)
		panic("no memory for the host's ports");
	ipc_kobject_set(port, &realhost_self, type);
	return port;
}

void ipc_host_init(void)
{
	realhost_self = make_port(IKOT_HOST);
	realhost_priv = make_port(IKOT_HOST_PRIV);
	master_device_port = make_port(IKOT_MASTER_DEVICE);
}

bool convert_port_to_host_priv(ipc_port_t port) { return port == realhost_priv; }
bool convert_port_to_host(ipc_port_t port) { return port == realhost_self || port == realhost_priv; }
