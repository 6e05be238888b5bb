/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel says to managers: mig's stubs in the kernel's form (mach/defs/memory_object.defs,
 * memory_object_default.defs).  All are asynchronous; whatever moves in a message is gone, whether or not it arrives.
 */
#pragma once
#include "ipc/ipc_port.h"
#include "vm/vm_map.h"

kern_return_t memory_object_init(ipc_port_t memory_object, ipc_port_t memory_control, ipc_port_t memory_object_name,
                                 vm_size_t memory_object_page_size);
kern_return_t memory_object_terminate(ipc_port_t memory_object, ipc_port_t memory_control,
                                      ipc_port_t memory_object_name);
kern_return_t memory_object_copy(ipc_port_t old_memory_object, ipc_port_t old_memory_control, vm_offset_t offset,
                                 vm_size_t length, ipc_port_t new_memory_object);
kern_return_t memory_object_data_request(ipc_port_t memory_object, ipc_port_t memory_control, vm_offset_t offset,
                                         vm_size_t length, vm_prot_t desired_access);
kern_return_t memory_object_data_unlock(ipc_port_t memory_object, ipc_port_t memory_control, vm_offset_t offset,
                                        vm_size_t length, vm_prot_t desired_access);
kern_return_t memory_object_data_write(ipc_port_t memory_object, ipc_port_t memory_control, vm_offset_t offset,
                                       vm_map_copy_t data, mach_msg_type_number_t dataCnt);
kern_return_t memory_object_data_return(ipc_port_t memory_object, ipc_port_t memory_control, vm_offset_t offset,
                                        vm_map_copy_t data, mach_msg_type_number_t dataCnt, bool dirty,
                                        bool kernel_copy);
kern_return_t memory_object_lock_completed(ipc_port_t memory_object, mach_msg_type_name_t memory_objectPoly,
                                           ipc_port_t memory_control, vm_offset_t offset, vm_size_t length);
kern_return_t memory_object_supply_completed(ipc_port_t memory_object, mach_msg_type_name_t memory_objectPoly,
                                             ipc_port_t memory_control, vm_offset_t offset, vm_size_t length,
                                             kern_return_t result, vm_offset_t error_offset);
kern_return_t memory_object_change_completed(ipc_port_t memory_object, mach_msg_type_name_t memory_objectPoly,
                                             bool may_cache, memory_object_copy_strategy_t copy_strategy);
kern_return_t memory_object_create(ipc_port_t old_memory_object, ipc_port_t new_memory_object,
                                   vm_size_t new_object_size, ipc_port_t new_control_port, ipc_port_t new_name,
                                   vm_size_t new_page_size);
kern_return_t memory_object_data_initialize(ipc_port_t memory_object, ipc_port_t memory_control, vm_offset_t offset,
                                            vm_map_copy_t data, mach_msg_type_number_t dataCnt);
