/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Servers in the bootstrap task (GD91 §5, §6.1): the user's library of Mach, and memory and threads that are locked.
 *
 * Mutexes and conditions are C Threads'. pager/env/kernel/env.h has the same for servers inside the kernel.
 */
#pragma once
#include "pager/lib/mach/cthreads.h"
#include "pager/lib/mach/mach.h"
#include <string.h>

/* Before anything else. wired: the task's memory and the pager's threads are locked (GD91 §4), now and as they come;
 * without, the system is what §4 warns of (scenario S-G3). */
void env_begin(mach_port_t host_priv, mach_port_t master_device, bool wired);
/* Memory, whole pages on pages of their own; not cleared; wired, if all is. NULL if there is none. */
void *env_allocate(vm_size_t size);
void env_free(void *memory, vm_size_t size);
/* A thread that begins in start(argument) and never returns. privileged: waits for no memory. name: a literal. */
void env_thread(const char *name, void (*start)(void *argument), void *argument, bool privileged);
/* To the console; %s, %u, %d, %x. */
void env_print(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* All threads are there: says by values how much memory is locked for what (GD91 table 7-3). */
void env_tell_wired(void);
