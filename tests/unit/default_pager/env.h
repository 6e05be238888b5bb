/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A third environment for the default pager (pager/env): threads of the host, and a kernel and a disk that are the
 * test's (fake.c). An address that the pager gets for data is a number to it, as here.
 */
#pragma once
#include <pthread.h>
#include <string.h>

#include "mach/device.h"
#include "mach/memory_object.h"
#include "mach/mig.h"
#include "mach/port.h"

struct mutex { pthread_mutex_t mutex; };
struct condition { pthread_cond_t condition; };
void mutex_init(struct mutex *mutex);
void mutex_lock(struct mutex *mutex);
void mutex_unlock(struct mutex *mutex);
void condition_init(struct condition *condition);
void condition_wait(struct condition *condition, struct mutex *mutex);
void condition_broadcast(struct condition *condition);

void *env_allocate(vm_size_t size);
void env_free(void *memory, vm_size_t size);
void env_thread(const char *name, void (*start)(void *argument), void *argument, bool privileged);
void env_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

#define mach_task_self() 1
kern_return_t vm_deallocate(mach_port_t task, vm_offset_t address, vm_size_t size);
kern_return_t vm_set_default_memory_manager(mach_port_t host_priv, mach_port_t *manager);
kern_return_t mach_port_allocate(mach_port_t task, natural_t right, mach_port_t *name);
kern_return_t mach_port_deallocate(mach_port_t task, mach_port_t name);
kern_return_t mach_port_destroy(mach_port_t task, mach_port_t name);
kern_return_t mach_port_mod_refs(mach_port_t task, mach_port_t name, natural_t right, mach_port_delta_t delta);
kern_return_t mach_port_move_member(mach_port_t task, mach_port_t member, mach_port_t set);
kern_return_t mach_port_request_notification(mach_port_t task, mach_port_t name, mach_msg_id_t id,
                                             mach_port_mscount_t sync, mach_port_t notify, mach_port_t *previous);
kern_return_t device_read(mach_port_t device, dev_mode_t mode, recnum_t record, int bytes, vm_offset_t *data,
                          mach_msg_type_number_t *count);
kern_return_t device_write(mach_port_t device, dev_mode_t mode, recnum_t record, vm_offset_t data,
                           mach_msg_type_number_t bytes, int *written);
kern_return_t memory_object_data_supply(mach_port_t control, vm_offset_t offset, vm_offset_t data,
                                        mach_msg_type_number_t bytes, bool deallocate, vm_prot_t lock, bool precious,
                                        mach_port_t reply);
kern_return_t memory_object_data_unavailable(mach_port_t control, vm_offset_t offset, vm_size_t size);
kern_return_t memory_object_data_error(mach_port_t control, vm_offset_t offset, vm_size_t size, kern_return_t reason);
kern_return_t memory_object_destroy(mach_port_t control, kern_return_t reason);
kern_return_t memory_object_ready(mach_port_t control, bool may_cache, memory_object_copy_strategy_t strategy);
