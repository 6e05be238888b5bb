/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which of its ports task_get_special_port and its like name (Mach 3.0 mach/task_special_ports.h).
 */
#pragma once

enum {
	TASK_KERNEL_PORT = 1,           /* what stands for the task */
	TASK_EXCEPTION_PORT = 3,
	TASK_BOOTSTRAP_PORT = 4,

	THREAD_KERNEL_PORT = 1,
	THREAD_EXCEPTION_PORT = 3,
};
