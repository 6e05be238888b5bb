/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What host_info tells, by flavor (Mach 3.0 mach/host_info.h).
 */
#pragma once
#include "mach/task_info.h"

enum { KERNEL_VERSION_MAX = 128 }; /* bytes of host_kernel_version's text, end included */

#define HOST_BASIC_INFO 1
typedef struct host_basic_info {
	integer_t max_cpus, avail_cpus;
	vm_size_t memory_size;          /* bytes */
	integer_t cpu_type, cpu_subtype;
} host_basic_info_data_t;
#define HOST_BASIC_INFO_COUNT (sizeof(host_basic_info_data_t) / sizeof(natural_t))

enum { CPU_TYPE_I386 = 7, CPU_TYPE_MIPS = 8, CPU_TYPE_I486 = 17, CPU_TYPE_PENTIUM = 18 };
enum { CPU_SUBTYPE_AT386 = 1, CPU_SUBTYPE_MIPS_R3000 = 3, CPU_SUBTYPE_MIPS_R4000 = 4 };

#define HOST_SCHED_INFO 3
typedef struct host_sched_info {
	integer_t min_timeout;          /* milliseconds */
	integer_t min_quantum;
} host_sched_info_data_t;
#define HOST_SCHED_INFO_COUNT (sizeof(host_sched_info_data_t) / sizeof(natural_t))
