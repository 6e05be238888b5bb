/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls on the host (mach/defs/mach_host.defs).
 */
#pragma once
#include "mach/kern_return.h"
#include "mach/task_info.h"

/* KERN_INVALID_ARGUMENT: no such flavor, or no room for it. */
kern_return_t host_info(int flavor, natural_t *info, natural_t *count);
/* text: KERNEL_VERSION_MAX bytes. */
kern_return_t host_kernel_version(char *text);
/* Since the boot, by ticks. */
kern_return_t host_get_time(time_value_t *time);
/* The end of the run; options is its code (probe shutdown). */
kern_return_t host_reboot(int options);
