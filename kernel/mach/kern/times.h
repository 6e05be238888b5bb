/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once
#include "kern/clock.h"
#include "mach/task_info.h"

static inline time_value_t time_of_ticks(natural_t ticks)
{
	return (time_value_t){ .seconds = (integer_t)(ticks / HZ),
	                       .microseconds = (integer_t)(ticks % HZ * (1000000 / HZ)) };
}
