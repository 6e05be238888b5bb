/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device service's calls, with the signatures of mig's server for mach/defs/device.defs.
 *
 * reply_port, reply_type: a send-once right, which a call that answers MIG_NO_REPLY has taken.  Results: D_SUCCESS,
 * D_NO_SUCH_DEVICE, D_INVALID_OPERATION, D_INVALID_SIZE (nothing, no whole records, too much), D_INVALID_RECNUM,
 * D_NO_MEMORY; what faults on a writer's data give; later, in the reply, D_IO_ERROR and D_DEVICE_DOWN.
 */
#pragma once
#include "device/device.h"

kern_return_t ds_device_open(struct ipc_port *master_port, struct ipc_port *reply_port,
                             mach_msg_type_name_t reply_type, dev_mode_t mode, const char *name, device_t *device);
kern_return_t ds_device_close(device_t device);
kern_return_t ds_device_read(device_t device, struct ipc_port *reply_port, mach_msg_type_name_t reply_type,
                             dev_mode_t mode, recnum_t recnum, int bytes_wanted, vm_map_copy_t *data,
                             mach_msg_type_number_t *bytes);
kern_return_t ds_device_read_inband(device_t device, struct ipc_port *reply_port, mach_msg_type_name_t reply_type,
                                    dev_mode_t mode, recnum_t recnum, int bytes_wanted, char *data,
                                    mach_msg_type_number_t *bytes);
kern_return_t ds_device_write(device_t device, struct ipc_port *reply_port, mach_msg_type_name_t reply_type,
                              dev_mode_t mode, recnum_t recnum, vm_map_copy_t data, mach_msg_type_number_t bytes,
                              int *bytes_written);
kern_return_t ds_device_write_inband(device_t device, struct ipc_port *reply_port, mach_msg_type_name_t reply_type,
                                     dev_mode_t mode, recnum_t recnum, const char *data, mach_msg_type_number_t bytes,
                                     int *bytes_written);
kern_return_t ds_device_map(device_t device, vm_prot_t prot, vm_offset_t offset, vm_size_t size,
                            struct ipc_port **pager, int unmap);
kern_return_t ds_device_set_status(device_t device, dev_flavor_t flavor, const natural_t *status,
                                   mach_msg_type_number_t count);
kern_return_t ds_device_get_status(device_t device, dev_flavor_t flavor, natural_t *status,
                                   mach_msg_type_number_t *count);
