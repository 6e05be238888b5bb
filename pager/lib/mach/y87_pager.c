/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Managers as Y87 names what they do (tables 3-5 and 3-6).
 *
 *   Y87                       Mach 3.0
 *   pager_init                memory_object_init, answered by memory_object_set_attributes (ready)
 *   pager_data_request, _write, _unlock, _provided, _unavailable     memory_object_*
 *   pager_data_lock           memory_object_lock_request: nothing returned, nothing flushed
 *   pager_flush_request       memory_object_lock_request: modified pages returned, all flushed, locks as they are
 *   pager_clean_request       memory_object_lock_request: modified pages returned, locks as they are
 *   pager_cache               memory_object_set_attributes
 *   pager_create              memory_object_create
 */
#include "memory_object_default_server.h"
#include "memory_object_server.h"
#include "pager/lib/mach/mach.h"
#include "pager/lib/mach/y87.h"

static void drop(mach_port_t right)
{
	if (MACH_PORT_VALID(right))
		(void)mach_port_deallocate(mach_task_self(), right);
}

/* ---- from the kernel ---- */

kern_return_t memory_object_init(mach_port_t memory_object, mach_port_t memory_control,
                                 mach_port_t memory_object_name, vm_size_t memory_object_page_size)
{
	const kern_return_t result = pager_init(memory_object, memory_control, memory_object_name);

	(void)memory_object_page_size;
	if (result == KERN_SUCCESS)
		return memory_object_set_attributes(memory_control, true, false, MEMORY_OBJECT_COPY_DELAY);
	(void)memory_object_destroy(memory_control, result);
	return KERN_SUCCESS;
}

kern_return_t memory_object_terminate(mach_port_t memory_object, mach_port_t memory_control,
                                      mach_port_t memory_object_name)
{
	const kern_return_t result = pager_terminate(memory_object, memory_control, memory_object_name);

	(void)mach_port_mod_refs(mach_task_self(), memory_control, MACH_PORT_RIGHT_RECEIVE, -1);
	(void)mach_port_mod_refs(mach_task_self(), memory_object_name, MACH_PORT_RIGHT_RECEIVE, -1);
	return result;
}

/* Y87 has no such call: objects here ask for MEMORY_OBJECT_COPY_DELAY, and the kernel never makes it. */
kern_return_t memory_object_copy(mach_port_t old_memory_object, mach_port_t old_memory_control, vm_offset_t offset,
                                 vm_size_t length, mach_port_t new_memory_object)
{
	(void)old_memory_object, (void)old_memory_control, (void)offset, (void)length, (void)new_memory_object;
	return KERN_FAILURE;
}

kern_return_t memory_object_data_request(mach_port_t memory_object, mach_port_t memory_control, vm_offset_t offset,
                                         vm_size_t length, vm_prot_t desired_access)
{
	const kern_return_t result = pager_data_request(memory_object, memory_control, offset, length, desired_access);

	drop(memory_control);
	return result == KERN_SUCCESS ? KERN_SUCCESS : MIG_NO_REPLY;
}

kern_return_t memory_object_data_unlock(mach_port_t memory_object, mach_port_t memory_control, vm_offset_t offset,
                                        vm_size_t length, vm_prot_t desired_access)
{
	const kern_return_t result = pager_data_unlock(memory_object, memory_control, offset, length, desired_access);

	drop(memory_control);
	return result == KERN_SUCCESS ? KERN_SUCCESS : MIG_NO_REPLY;
}

kern_return_t memory_object_data_write(mach_port_t memory_object, mach_port_t memory_control, vm_offset_t offset,
                                       vm_offset_t data, mach_msg_type_number_t data_count)
{
	const kern_return_t result = pager_data_write(memory_object, offset, data, data_count);

	drop(memory_control);
	return result == KERN_SUCCESS ? KERN_SUCCESS : MIG_NO_REPLY;
}

kern_return_t memory_object_data_return(mach_port_t memory_object, mach_port_t memory_control, vm_offset_t offset,
                                        vm_offset_t data, mach_msg_type_number_t data_count, bool dirty,
                                        bool kernel_copy)
{
	(void)dirty, (void)kernel_copy;
	return memory_object_data_write(memory_object, memory_control, offset, data, data_count);
}

/* Completions are asked for by nobody here. */
kern_return_t memory_object_lock_completed(mach_port_t memory_object, mach_port_t memory_control, vm_offset_t offset,
                                           vm_size_t length)
{
	(void)memory_object, (void)memory_control, (void)offset, (void)length;
	return KERN_FAILURE;
}

kern_return_t memory_object_supply_completed(mach_port_t memory_object, mach_port_t memory_control,
                                             vm_offset_t offset, vm_size_t length, kern_return_t result,
                                             vm_offset_t error_offset)
{
	(void)memory_object, (void)memory_control, (void)offset, (void)length, (void)result, (void)error_offset;
	return KERN_FAILURE;
}

kern_return_t memory_object_change_completed(mach_port_t memory_object, bool may_cache,
                                             memory_object_copy_strategy_t copy_strategy)
{
	(void)memory_object, (void)may_cache, (void)copy_strategy;
	return KERN_FAILURE;
}

kern_return_t memory_object_create(mach_port_t old_memory_object, mach_port_t new_memory_object,
                                   vm_size_t new_object_size, mach_port_t new_control_port, mach_port_t new_name,
                                   vm_size_t new_page_size)
{
	const kern_return_t result = pager_create(old_memory_object, new_memory_object, new_control_port, new_name);

	(void)new_object_size, (void)new_page_size;
	if (result == KERN_SUCCESS)
		return memory_object_set_attributes(new_control_port, true, false, MEMORY_OBJECT_COPY_TEMPORARY);
	return result;
}

kern_return_t memory_object_data_initialize(mach_port_t memory_object, mach_port_t memory_control,
                                            vm_offset_t offset, vm_offset_t data, mach_msg_type_number_t data_count)
{
	return memory_object_data_write(memory_object, memory_control, offset, data, data_count);
}

bool pager_server(mach_msg_header_t *request, mach_msg_header_t *reply)
{
	return memory_object_server(request, reply) || memory_object_default_server(request, reply);
}

/* ---- to the kernel ---- */

kern_return_t pager_data_provided(mach_port_t pager_request_port, vm_offset_t offset, vm_offset_t data,
                                  vm_size_t data_count, vm_prot_t lock_value)
{
	return memory_object_data_provided(pager_request_port, offset, data, data_count, lock_value);
}

kern_return_t pager_data_lock(mach_port_t pager_request_port, vm_offset_t offset, vm_size_t length,
                              vm_prot_t lock_value)
{
	return memory_object_lock_request(pager_request_port, offset, length, MEMORY_OBJECT_RETURN_NONE, false,
	                                  lock_value, MACH_PORT_NULL);
}

kern_return_t pager_flush_request(mach_port_t pager_request_port, vm_offset_t offset, vm_size_t length)
{
	return memory_object_lock_request(pager_request_port, offset, length, MEMORY_OBJECT_RETURN_DIRTY, true,
	                                  VM_PROT_NO_CHANGE, MACH_PORT_NULL);
}

kern_return_t pager_clean_request(mach_port_t pager_request_port, vm_offset_t offset, vm_size_t length)
{
	return memory_object_lock_request(pager_request_port, offset, length, MEMORY_OBJECT_RETURN_DIRTY, false,
	                                  VM_PROT_NO_CHANGE, MACH_PORT_NULL);
}

kern_return_t pager_cache(mach_port_t pager_request_port, bool may_cache_object)
{
	return memory_object_set_attributes(pager_request_port, true, may_cache_object, MEMORY_OBJECT_COPY_DELAY);
}

kern_return_t pager_data_unavailable(mach_port_t pager_request_port, vm_offset_t offset, vm_size_t size)
{
	return memory_object_data_unavailable(pager_request_port, offset, size);
}
