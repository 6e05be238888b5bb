/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between the kernel and the current task's memory.  All may fault, and block for a page; false: the task has no such
 * memory, or not with that right.  For a task inside the kernel its addresses are the kernel's.
 *
 * No processor's quirk is seen from here: where the kernel's own stores ignore a page's protection (the 386 has no WP
 * bit), copyout looks first.
 */
#pragma once
#include "mach/types.h"

bool copyin(const void *user, void *kernel, vm_size_t bytes);
bool copyout(const void *kernel, void *user, vm_size_t bytes);
