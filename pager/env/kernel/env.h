/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Servers inside the kernel, as MK63's default pager was (GD91 §3, §4).
 *
 * Where a server calls the kernel it means the interface, not the kernel's own routine of that name: the stubs have
 * the prefix r_, and the names are mapped here.  Kernel threads are not preempted: mutexes are nothing (GD91 §7.2), and
 * conditions are events to sleep for.  Memory of the kernel is wired.
 *
 * pager/env/user/env.h has the same for the bootstrap task.
 */
#pragma once
#include "mach/memory_object.h"
#include "mach/port.h"
#include "r_device_user.h"
#include "r_mach_host_user.h"
#include "r_mach_port_user.h"
#include "r_mach_user.h"
#include <string.h>

#define device_get_status r_device_get_status
#define device_open r_device_open
#define device_read r_device_read
#define device_write r_device_write
#define host_reboot r_host_reboot
#define mach_port_allocate r_mach_port_allocate
#define mach_port_deallocate r_mach_port_deallocate
#define mach_port_destroy r_mach_port_destroy
#define mach_port_insert_right r_mach_port_insert_right
#define mach_port_mod_refs r_mach_port_mod_refs
#define mach_port_move_member r_mach_port_move_member
#define mach_port_request_notification r_mach_port_request_notification
#define memory_object_data_error r_memory_object_data_error
#define memory_object_data_supply r_memory_object_data_supply
#define memory_object_data_unavailable r_memory_object_data_unavailable
#define memory_object_destroy r_memory_object_destroy
#define memory_object_ready r_memory_object_ready
#define task_create r_task_create
#define task_set_special_port r_task_set_special_port
#define task_terminate r_task_terminate
#define thread_create r_thread_create
#define thread_get_state r_thread_get_state
#define thread_resume r_thread_resume
#define thread_set_state r_thread_set_state
#define vm_allocate r_vm_allocate
#define vm_deallocate r_vm_deallocate
#define vm_protect r_vm_protect
#define vm_set_default_memory_manager r_vm_set_default_memory_manager
#define vm_write r_vm_write

/* The bootstrap task's name for itself. */
extern mach_port_t env_task_self;
#define mach_task_self() env_task_self

struct mutex { char none[0]; };
static inline void mutex_init(struct mutex *mutex) { (void)mutex; }
static inline void mutex_lock(struct mutex *mutex) { (void)mutex; }
static inline void mutex_unlock(struct mutex *mutex) { (void)mutex; }

struct condition { char event; };
static inline void condition_init(struct condition *condition) { condition->event = 0; }
/* Sleeps until the next broadcast; the caller looks again. */
void condition_wait(struct condition *condition, struct mutex *mutex);
void condition_broadcast(struct condition *condition);

/* Releases what a message carries: rights and memory. */
void mach_msg_destroy(mach_msg_header_t *message);

/* Before anything else. wired: memory and threads are to be locked (here they always are). */
void env_begin(mach_port_t host_priv, mach_port_t master_device, bool wired);
/* Wired memory, whole pages on pages of their own; not cleared, NULL if there is none. Waits for it, unless the thread
 * is privileged. */
void *env_allocate(vm_size_t size);
void env_free(void *memory, vm_size_t size);
/* A thread that begins in start(argument) and never returns. privileged: waits for no memory. name: a literal. */
void env_thread(const char *name, void (*start)(void *argument), void *argument, bool privileged);
/* To the console; %s, %u, %d, %x. */
void env_print(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* All threads are there: says by values how much memory is locked for what (GD91 table 7-3). */
void env_tell_wired(void);
