/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What task_info and thread_info tell, by flavor; counts are in words (Mach 3.0 mach/task_info.h, thread_info.h).
 */
#pragma once
#include "mach/types.h"

typedef struct time_value {
	integer_t seconds;
	integer_t microseconds;
} time_value_t;

#define TASK_BASIC_INFO 1
typedef struct task_basic_info {
	integer_t suspend_count;
	integer_t base_priority;
	vm_size_t virtual_size;         /* bytes mapped */
	vm_size_t resident_size;        /* bytes in its pmap */
	time_value_t user_time, system_time; /* of threads that have ended */
} task_basic_info_data_t;
#define TASK_BASIC_INFO_COUNT (sizeof(task_basic_info_data_t) / sizeof(natural_t))

#define TASK_THREAD_TIMES_INFO 3
typedef struct task_thread_times_info {
	time_value_t user_time, system_time; /* of threads that live */
} task_thread_times_info_data_t;
#define TASK_THREAD_TIMES_INFO_COUNT (sizeof(task_thread_times_info_data_t) / sizeof(natural_t))

#define THREAD_BASIC_INFO 1
typedef struct thread_basic_info {
	time_value_t user_time, system_time;
	integer_t cpu_usage;            /* thousandths */
	integer_t base_priority, cur_priority;
	integer_t run_state;            /* TH_STATE_* */
	integer_t flags;                /* TH_FLAGS_* */
	integer_t suspend_count;
	integer_t sleep_time;           /* seconds */
} thread_basic_info_data_t;
#define THREAD_BASIC_INFO_COUNT (sizeof(thread_basic_info_data_t) / sizeof(natural_t))

enum {
	TH_STATE_RUNNING = 1,
	TH_STATE_STOPPED = 2,
	TH_STATE_WAITING = 3,
	TH_STATE_UNINTERRUPTIBLE = 4,
	TH_STATE_HALTED = 5,
};
enum {
	TH_FLAGS_SWAPPED = 1,           /* it has no kernel stack */
	TH_FLAGS_IDLE = 2,
};

#define THREAD_SCHED_INFO 2
typedef struct thread_sched_info {
	integer_t policy, data;
	integer_t base_priority, max_priority, cur_priority;
	integer_t depressed, depress_priority;
} thread_sched_info_data_t;
#define THREAD_SCHED_INFO_COUNT (sizeof(thread_sched_info_data_t) / sizeof(natural_t))
