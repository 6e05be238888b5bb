/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Copies between the kernel and the current task, straight through its translations (copy_user.S): what is not there
 * faults in on the way, what is protected too.
 */
#include "machine/copyio.h"
#include "base/memory.h"
#include "kern/thread.h"
#include "layout.h"

bool copy_user(void *to, const void *from, size_t bytes); /* copy_user.S */

static bool is_users(const void *address, vm_size_t bytes)
{
	const vm_offset_t start = (vm_offset_t)address;
	return start < USER_END && bytes <= USER_END - start;
}

bool copyin(const void *user, void *kernel, vm_size_t bytes)
{
	if (current_thread()->kernel_loaded) {
		memcpy(kernel, user, bytes);
		return true;
	}
	return is_users(user, bytes) && copy_user(kernel, user, bytes);
}

bool copyout(const void *kernel, void *user, vm_size_t bytes)
{
	if (current_thread()->kernel_loaded) {
		memcpy(user, kernel, bytes);
		return true;
	}
	return is_users(user, bytes) && copy_user(user, kernel, bytes);
}
