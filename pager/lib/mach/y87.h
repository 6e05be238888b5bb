/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The interface as Y87 prints it (tables 3-1 to 3-6), on top of Mach 3.0's.
 *
 * Ports: port_allocate gives send and receive right under one name.  The default group of msg_receive is a port set of
 * the calling task, so port_enable and port_disable are for the caller's own ports.  port_status says of ownership what
 * it says of the receive right: since Mach 3.0 they are one.
 */
#pragma once
#include "mach/kern_return.h"
#include "mach/memory_object.h"
#include "mach/message.h"

/* Table 3-1. Receiving from MACH_PORT_NULL (msgh_local_port) means the default group; rcv_size: bytes of room. */
#define MSG_OPTION_NONE 0u
#define SEND_TIMEOUT MACH_SEND_TIMEOUT
#define RCV_TIMEOUT MACH_RCV_TIMEOUT
mach_msg_return_t msg_send(mach_msg_header_t *message, mach_msg_option_t option, mach_msg_timeout_t timeout);
/* message->msgh_size: room, in; the message's size, out. */
mach_msg_return_t msg_receive(mach_msg_header_t *message, mach_msg_option_t option, mach_msg_timeout_t timeout);
/* msgh_local_port is where the reply is received, and MACH_MSG_TYPE_MAKE_SEND_ONCE the right to it that is sent. */
mach_msg_return_t msg_rpc(mach_msg_header_t *message, mach_msg_option_t option, mach_msg_size_t rcv_size,
                          mach_msg_timeout_t send_timeout, mach_msg_timeout_t receive_timeout);

/* Table 3-2. */
kern_return_t port_allocate(mach_port_t task, mach_port_t *port);
/* All rights to it. */
kern_return_t port_deallocate(mach_port_t task, mach_port_t port);
kern_return_t port_enable(mach_port_t task, mach_port_t port);
kern_return_t port_disable(mach_port_t task, mach_port_t port);
/* *ports: in memory of their own (vm_deallocate), if there are any. */
kern_return_t port_messages(mach_port_t task, mach_port_t **ports, natural_t *ports_count);
kern_return_t port_status(mach_port_t task, mach_port_t port, mach_port_t *unrestricted, natural_t *num_msgs,
                          natural_t *backlog, bool *receiver, bool *owner);
kern_return_t port_set_backlog(mach_port_t task, mach_port_t port, natural_t backlog);

/* Tables 3-3 and 3-4: the rest is Mach 3.0's under the same names. */
typedef struct vm_region_element {
	vm_offset_t address;
	vm_size_t size;
	vm_prot_t protection, max_protection;
	vm_inherit_t inheritance;
	bool shared;
	mach_port_t object_name;        /* a send right, or MACH_PORT_NULL */
	vm_offset_t offset;
} vm_region_element_t;
/* All regions from `address` on that begin below address + size. *elements: in memory of their own (vm_deallocate). */
kern_return_t vm_regions(mach_port_t task, vm_offset_t address, vm_size_t size, vm_region_element_t **elements,
                         natural_t *elements_count);
kern_return_t vm_allocate_with_pager(mach_port_t task, vm_offset_t *address, vm_size_t size, bool anywhere,
                                     mach_port_t memory_object, vm_offset_t offset);

/* Table 3-5: what a manager provides; pager_server calls it, for messages to a memory object (or to the default
 * manager's port, pager_create).  An object is ready when pager_init returns KERN_SUCCESS, and else destroyed. */
kern_return_t pager_init(mach_port_t memory_object, mach_port_t pager_request_port, mach_port_t pager_name);
kern_return_t pager_data_request(mach_port_t memory_object, mach_port_t pager_request_port, vm_offset_t offset,
                                 vm_size_t length, vm_prot_t desired_access);
/* The data is the manager's, and released by vm_deallocate. */
kern_return_t pager_data_write(mach_port_t memory_object, vm_offset_t offset, vm_offset_t data, vm_size_t data_count);
kern_return_t pager_data_unlock(mach_port_t memory_object, mach_port_t pager_request_port, vm_offset_t offset,
                                vm_size_t length, vm_prot_t desired_access);
kern_return_t pager_create(mach_port_t old_memory_object, mach_port_t new_memory_object, mach_port_t new_request_port,
                           mach_port_t new_name);
/* The kernel has let go of an object: its request and name port have come home, and die with the return. */
kern_return_t pager_terminate(mach_port_t memory_object, mach_port_t pager_request_port, mach_port_t pager_name);
/* For mach_msg_server. */
bool pager_server(mach_msg_header_t *request, mach_msg_header_t *reply);

/* Table 3-6: calls on the kernel. All are asynchronous. */
kern_return_t pager_data_provided(mach_port_t pager_request_port, vm_offset_t offset, vm_offset_t data,
                                  vm_size_t data_count, vm_prot_t lock_value);
kern_return_t pager_data_lock(mach_port_t pager_request_port, vm_offset_t offset, vm_size_t length,
                              vm_prot_t lock_value);
kern_return_t pager_flush_request(mach_port_t pager_request_port, vm_offset_t offset, vm_size_t length);
kern_return_t pager_clean_request(mach_port_t pager_request_port, vm_offset_t offset, vm_size_t length);
kern_return_t pager_cache(mach_port_t pager_request_port, bool may_cache_object);
kern_return_t pager_data_unavailable(mach_port_t pager_request_port, vm_offset_t offset, vm_size_t size);
