/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device service's replies (mig makes them of mach/defs/device_reply.defs).  A reply that cannot be sent, because
 * nobody waits for it any more, is thrown away with what is in it.
 */
#pragma once
#include "mach/device.h"
#include "mach/message.h"
#include "vm/vm_map.h"

struct ipc_port;

kern_return_t ds_device_write_reply(struct ipc_port *reply_port, mach_msg_type_name_t reply_type, kern_return_t code,
                                    int bytes_written);
kern_return_t ds_device_write_reply_inband(struct ipc_port *reply_port, mach_msg_type_name_t reply_type,
                                           kern_return_t code, int bytes_written);
kern_return_t ds_device_read_reply(struct ipc_port *reply_port, mach_msg_type_name_t reply_type, kern_return_t code,
                                   vm_map_copy_t data, mach_msg_type_number_t bytes);
kern_return_t ds_device_read_reply_inband(struct ipc_port *reply_port, mach_msg_type_name_t reply_type,
                                          kern_return_t code, const char *data, mach_msg_type_number_t bytes);
