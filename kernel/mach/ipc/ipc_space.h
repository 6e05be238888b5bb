/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Spaces of port names.
 */
#pragma once
#include "ipc/ipc_port.h"

typedef struct ipc_space *ipc_space_t;   /* opaque but to ipc/: ipc_entry.h */

/* Where the kernel's ports have their receive rights; and the kernel's replies come to. */
extern ipc_space_t ipc_space_kernel, ipc_space_reply;

/* An empty space, with one reference. KERN_RESOURCE_SHORTAGE. */
kern_return_t ipc_space_create(ipc_space_t *space);
/* All its rights are released; the space stays, empty and not active, while there are references. */
void ipc_space_destroy(ipc_space_t space);
void is_reference(ipc_space_t space);
void is_release(ipc_space_t space);

/* The send right goes into the space: its name; MACH_PORT_NULL for IP_NULL, MACH_PORT_DEAD for IP_DEAD or without room
 * (then the right is released). */
mach_port_t ipc_port_copyout_send(ipc_port_t right, ipc_space_t space);
/* The port behind a name, if the space holds a right to it that may be looked at so. A reference; IP_NULL. */
ipc_port_t ipc_port_translate_send(ipc_space_t space, mach_port_t name);
ipc_port_t ipc_port_translate_receive(ipc_space_t space, mach_port_t name);
