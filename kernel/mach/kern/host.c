/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel says of the host, and the end of a run (Mach 3.0 kernel interface).
 */
#include "kern/host.h"
#include "base/panic.h"
#include "device/device.h"
#include "kern/bootstrap.h"
#include "kern/sched.h"
#include "kern/stack.h"
#include "kern/startup.h"
#include "kern/times.h"
#include "layout.h"
#include "mach/host_info.h"

static const char version[] = "Mach 3.0, after MK63 and its successor of 1991";
_Static_assert(sizeof version <= KERNEL_VERSION_MAX, "its text fits");

static void basic_info(host_basic_info_data_t *info)
{
	*info = (host_basic_info_data_t){
		.max_cpus = 1, .avail_cpus = 1, .memory_size = memory_size,
		.cpu_type = MACHINE_CPU_TYPE, .cpu_subtype = MACHINE_CPU_SUBTYPE,
	};
}

static void sched_info(host_sched_info_data_t *info)
{
	*info = (host_sched_info_data_t){ .min_timeout = 1000 / HZ, .min_quantum = QUANTUM_TICKS * 1000 / HZ };
}

kern_return_t host_info(int flavor, natural_t *info, natural_t *count)
{
	if (flavor == HOST_BASIC_INFO && *count >= HOST_BASIC_INFO_COUNT) {
		basic_info((host_basic_info_data_t *)info);
		*count = HOST_BASIC_INFO_COUNT;
	} else if (flavor == HOST_SCHED_INFO && *count >= HOST_SCHED_INFO_COUNT) {
		sched_info((host_sched_info_data_t *)info);
		*count = HOST_SCHED_INFO_COUNT;
	} else {
		return KERN_INVALID_ARGUMENT;
	}
	return KERN_SUCCESS;
}

kern_return_t host_kernel_version(char *text)
{
	for (unsigned i = 0; i < sizeof version; i++)
		text[i] = version[i];
	return KERN_SUCCESS;
}

kern_return_t host_get_time(time_value_t *time)
{
	*time = time_of_ticks(elapsed_ticks);
	return KERN_SUCCESS;
}

kern_return_t host_reboot(int options)
{
	bootstrap_tell();
	stack_report();
	cons_drain();
	shutdown((uint32_t)options);
}
