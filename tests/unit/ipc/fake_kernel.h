/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What kernel/mach/ipc needs of the rest of the kernel, for the host: memory that is counted, below 4 GiB, since
 * messages have 32-bit words for pointers; a user's memory; one thread, which must never wait.
 */
#pragma once
#include "kern/task.h"
#include "kern/thread.h"
#include "mach/message.h"
#include <stdbool.h>
#include <stddef.h>

enum { FAKE_TASKS = 3, FAKE_USER_BYTES = 1 << 20 };

extern struct task fake_task[FAKE_TASKS];

/* Everything new: tasks with empty spaces, task 0 the current one. */
void fake_begin(void);
void fake_switch_to(unsigned task);
/* Ends all tasks. False: something is left (it says what). */
bool fake_end(void);
/* Bytes of the kernel's memory in use, from kalloc and zones, and copies of user memory under way. */
size_t fake_kernel_bytes(void);
size_t fake_copies(void);
/* The next allocations of the kernel fail, after so many that do not; -1: none does. */
void fake_memory_fails_after(long allocations);
/* Pages that are left; no more room in address spaces. */
extern natural_t vm_page_free_count;
extern bool fake_no_address_space;

/* User memory: addresses that fit in 32 bits, zeroed by fake_begin. */
void *fake_user(size_t offset);
/* An address that is no user's memory. */
void *fake_no_user(void);
/* What was received out of line is given back. */
void fake_user_free(vm_offset_t address);
size_t fake_user_blocks(void);
