/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's side of external memory management (Y87 §3.4, §6): calls from managers, and the default manager.
 *
 * The calls on a memory control port have mig's prototypes (mach/defs/mach.defs).
 */
#pragma once
#include "mach/kern_return.h"
#include "vm/vm_object.h"

struct ipc_port;
struct ipc_space;

/* The default memory manager's port, with a send right for the caller; waits until there is one. */
struct ipc_port *memory_manager_default_reference(void);
/* Whether this port, or space, is received for by the default manager: memory sent to it stays locked (GD91 §5.5). */
bool memory_manager_default_port(const struct ipc_port *port);
bool memory_manager_default_space(const struct ipc_space *space);
/* GD91 §5.1: replaces it by a send right, which it takes, if *manager is not null; *manager: the one before. */
kern_return_t vm_set_default_memory_manager(struct ipc_port **manager);
