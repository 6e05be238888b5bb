/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel says to the manager of temporary memory (Y87 table 3-5; Mach 3.0 memory_object and
 * memory_object_default), and clients to the default pager (GD91 §6.1).
 *
 * Routines that take a message's turn (object.h) return KERN_SUCCESS; those that refuse have not taken it, and the
 * message is destroyed by who called (main.c), which then passes the turn.
 */
#include "pager/default_pager/default_pager.h"
#include "pager/default_pager/io.h"
#include "memory_object_server.h"
#include "memory_object_default_server.h"
#include "default_pager_server.h"

/* A right to the object's control port that came with a message has been counted; a stranger's is given back. */
static void keep_control(struct object *object, mach_port_t control)
{
	if (control != object->control)
		mach_port_deallocate(mach_task_self(), control);
}

static vm_size_t whole_pages(vm_size_t bytes) { return bytes & ~VM_PAGE_MASK; }

/* --- Data --- */

kern_return_t seqnos_memory_object_data_request(mach_port_t port, mach_port_seqno_t seqno, mach_port_t control,
                                                vm_offset_t offset, vm_size_t length, vm_prot_t access)
{
	struct object *object = object_lookup(port);
	(void)access;
	if (object == NULL)
		return KERN_FAILURE;
	object_begin_read(object, seqno, control);
	for (vm_size_t done = 0; done < length; done += VM_PAGE_SIZE)
		page_supply(object, control, trunc_page(offset) + done);
	keep_control(object, control);
	object_end_read(object);
	return KERN_SUCCESS;
}

/* Pages out: whole ones. What is not to be written is still to be given back. */
static kern_return_t take_data(mach_port_t port, mach_port_seqno_t seqno, mach_port_t control, vm_offset_t offset,
                               vm_offset_t data, vm_size_t bytes, bool wanted, bool only_new)
{
	struct object *object = object_lookup(port);
	if (object == NULL)
		return KERN_FAILURE;
	object_begin_write(object, seqno, control);
	for (vm_size_t done = 0; wanted && done < whole_pages(bytes); done += VM_PAGE_SIZE)
		page_store(object, offset + done, data + done, only_new);
	keep_control(object, control);
	object_end_write(object);
	vm_deallocate(mach_task_self(), data, bytes);
	return KERN_SUCCESS;
}

kern_return_t seqnos_memory_object_data_write(mach_port_t port, mach_port_seqno_t seqno, mach_port_t control,
                                              vm_offset_t offset, vm_offset_t data, mach_msg_type_number_t bytes)
{
	return take_data(port, seqno, control, offset, data, bytes, true, false);
}

kern_return_t seqnos_memory_object_data_return(mach_port_t port, mach_port_seqno_t seqno, mach_port_t control,
                                               vm_offset_t offset, vm_offset_t data, mach_msg_type_number_t bytes,
                                               bool dirty, bool kernel_copy)
{
	(void)kernel_copy;
	return take_data(port, seqno, control, offset, data, bytes, dirty, false);
}

/* What the pager has never seen: if it has, that is newer. */
kern_return_t seqnos_memory_object_data_initialize(mach_port_t port, mach_port_seqno_t seqno, mach_port_t control,
                                                   vm_offset_t offset, vm_offset_t data, mach_msg_type_number_t bytes)
{
	return take_data(port, seqno, control, offset, data, bytes, true, true);
}

/* --- Objects --- */

/* The kernel's object gets its contents' manager; it comes with the port that had been the kernel's own. */
kern_return_t seqnos_memory_object_create(mach_port_t pager, mach_port_seqno_t seqno, mach_port_t port, vm_size_t size,
                                          mach_port_t control, mach_port_t name, vm_size_t page_size)
{
	(void)pager;
	(void)seqno;
	if (page_size != VM_PAGE_SIZE)
		return KERN_INVALID_ARGUMENT;
	struct object *object = object_create(port, round_page(size) >> VM_PAGE_SHIFT, false);
	if (object == NULL) {
		memory_object_destroy(control, KERN_RESOURCE_SHORTAGE);
		return KERN_RESOURCE_SHORTAGE;
	}
	object->control = control;
	object->name = name;
	object->control_references = 1;
	mach_port_move_member(mach_task_self(), port, default_pager.internal_set);
	return KERN_SUCCESS;
}

/* A kernel maps an object that was made for a client. There is one kernel: the pager keeps no two copies consistent. */
kern_return_t seqnos_memory_object_init(mach_port_t port, mach_port_seqno_t seqno, mach_port_t control,
                                        mach_port_t name, vm_size_t page_size)
{
	struct object *object = object_lookup(port);
	if (object == NULL || !object->external)
		return KERN_FAILURE;
	object_begin_alone(object, seqno);
	if (object->control != MACH_PORT_NULL || page_size != VM_PAGE_SIZE) {
		memory_object_destroy(control, KERN_FAILURE);
		mach_port_deallocate(mach_task_self(), control);
		mach_port_deallocate(mach_task_self(), name);
	} else {
		object->control = control;
		object->name = name;
		object->control_references = 1;
		memory_object_ready(control, false, MEMORY_OBJECT_COPY_DELAY);
	}
	object_end_alone(object);
	return KERN_SUCCESS;
}

static void destroy_ports(mach_port_t control, mach_port_t name)
{
	if (control != MACH_PORT_NULL)
		mach_port_destroy(mach_task_self(), control);
	if (name != MACH_PORT_NULL)
		mach_port_destroy(mach_task_self(), name);
}

/* The kernel lets go, and gives its two ports away: with the rights to them that are here already, they die. */
kern_return_t seqnos_memory_object_terminate(mach_port_t port, mach_port_seqno_t seqno, mach_port_t control,
                                             mach_port_t name)
{
	struct object *object = object_lookup(port);
	if (object == NULL)
		return KERN_FAILURE;
	object_begin_alone(object, seqno);
	if (control == object->control) {
		object->control = object->name = MACH_PORT_NULL;
		object->control_references = 0;
	}
	if (object->external || object->control != MACH_PORT_NULL) {
		object_end_alone(object);
	} else {
		object_destroy(object);
		mach_port_destroy(mach_task_self(), port);
	}
	destroy_ports(control, name);
	return KERN_SUCCESS;
}

kern_return_t default_pager_no_senders(mach_port_t port, mach_port_seqno_t seqno)
{
	struct object *object = object_lookup(port);
	if (object == NULL || !object->external)
		return KERN_FAILURE;
	object_begin_alone(object, seqno);
	const mach_port_t control = object->control, name = object->name;
	object_destroy(object);
	mach_port_destroy(mach_task_self(), port);
	destroy_ports(control, name);
	return KERN_SUCCESS;
}

void default_pager_pass_turn(mach_port_t port, mach_port_seqno_t seqno)
{
	struct object *object = object_lookup(port);
	if (object == NULL)
		return;
	object_begin_write(object, seqno, MACH_PORT_NULL);
	object_end_write(object);
}

/* --- What a manager is told that has asked for it, and this one never does --- */

kern_return_t seqnos_memory_object_copy(mach_port_t port, mach_port_seqno_t seqno, mach_port_t control,
                                        vm_offset_t offset, vm_size_t length, mach_port_t new_port)
{
	(void)port, (void)seqno, (void)control, (void)offset, (void)length, (void)new_port;
	return KERN_FAILURE;
}

kern_return_t seqnos_memory_object_data_unlock(mach_port_t port, mach_port_seqno_t seqno, mach_port_t control,
                                               vm_offset_t offset, vm_size_t length, vm_prot_t access)
{
	(void)port, (void)seqno, (void)control, (void)offset, (void)length, (void)access;
	return KERN_FAILURE;
}

kern_return_t seqnos_memory_object_lock_completed(mach_port_t port, mach_port_seqno_t seqno, mach_port_t control,
                                                  vm_offset_t offset, vm_size_t length)
{
	(void)port, (void)seqno, (void)control, (void)offset, (void)length;
	return KERN_FAILURE;
}

kern_return_t seqnos_memory_object_supply_completed(mach_port_t port, mach_port_seqno_t seqno, mach_port_t control,
                                                    vm_offset_t offset, vm_size_t length, kern_return_t result,
                                                    vm_offset_t error_offset)
{
	(void)port, (void)seqno, (void)control, (void)offset, (void)length, (void)result, (void)error_offset;
	return KERN_FAILURE;
}

kern_return_t seqnos_memory_object_change_completed(mach_port_t port, mach_port_seqno_t seqno, bool may_cache,
                                                    memory_object_copy_strategy_t copy_strategy)
{
	(void)port, (void)seqno, (void)may_cache, (void)copy_strategy;
	return KERN_FAILURE;
}

/* --- What clients ask --- */

kern_return_t default_pager_info(mach_port_t pager, vm_size_t *total, vm_size_t *free)
{
	uint32_t total_pages, free_pages;
	(void)pager;
	partition_info(&total_pages, &free_pages);
	*total = total_pages << VM_PAGE_SHIFT;
	*free = free_pages << VM_PAGE_SHIFT;
	return KERN_SUCCESS;
}

kern_return_t default_pager_object_create(mach_port_t pager, mach_port_t *memory_object, vm_size_t size)
{
	mach_port_t port, previous;
	(void)pager;
	kern_return_t result = mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &port);
	if (result != KERN_SUCCESS)
		return result;
	struct object *object = object_create(port, round_page(size) >> VM_PAGE_SHIFT, true);
	if (object == NULL) {
		mach_port_destroy(mach_task_self(), port);
		return KERN_RESOURCE_SHORTAGE;
	}
	/* The reply makes the first right: when as many as there were then are gone, so is the object. */
	result = mach_port_request_notification(mach_task_self(), port, MACH_NOTIFY_NO_SENDERS, 1, port,
	                                        &previous);
	if (result == KERN_SUCCESS)
		result = mach_port_move_member(mach_task_self(), port, default_pager.external_set);
	if (result != KERN_SUCCESS) {
		object_destroy(object);
		mach_port_destroy(mach_task_self(), port);
		return result;
	}
	*memory_object = port;
	return KERN_SUCCESS;
}
