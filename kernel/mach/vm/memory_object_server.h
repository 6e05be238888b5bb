/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Managers' calls on a memory control port, as mig's server in the kernel calls them (mach/defs/mach.defs).
 */
#pragma once
#include "ipc/ipc_port.h"
#include "vm/vm_map.h"

kern_return_t memory_object_data_provided(vm_object_t object, vm_offset_t offset, vm_map_copy_t data,
                                          mach_msg_type_number_t size, vm_prot_t lock_value);
kern_return_t memory_object_data_supply(vm_object_t object, vm_offset_t offset, vm_map_copy_t data,
                                        mach_msg_type_number_t size, vm_prot_t lock_value, bool precious,
                                        ipc_port_t reply_to, mach_msg_type_name_t reply_to_type);
kern_return_t memory_object_data_unavailable(vm_object_t object, vm_offset_t offset, vm_size_t size);
kern_return_t memory_object_data_error(vm_object_t object, vm_offset_t offset, vm_size_t size, kern_return_t reason);
kern_return_t memory_object_lock_request(vm_object_t object, vm_offset_t offset, vm_size_t size,
                                         memory_object_return_t should_return, bool should_flush,
                                         vm_prot_t lock_value, ipc_port_t reply_to,
                                         mach_msg_type_name_t reply_to_type);
kern_return_t memory_object_set_attributes(vm_object_t object, bool object_ready, bool may_cache,
                                           memory_object_copy_strategy_t copy_strategy);
kern_return_t memory_object_ready(vm_object_t object, bool may_cache, memory_object_copy_strategy_t copy_strategy);
kern_return_t memory_object_change_attributes(vm_object_t object, bool may_cache,
                                              memory_object_copy_strategy_t copy_strategy, ipc_port_t reply_to,
                                              mach_msg_type_name_t reply_to_type);
kern_return_t memory_object_get_attributes(vm_object_t object, bool *object_ready, bool *may_cache,
                                           memory_object_copy_strategy_t *copy_strategy);
kern_return_t memory_object_destroy(vm_object_t object, kern_return_t reason);
