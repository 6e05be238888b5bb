/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * External memory management: constants of the interface (Y87 tables 3-4 to 3-6; Mach 3.0 names).
 */
#pragma once
#include "mach/vm.h"

typedef mach_port_t memory_object_t;
typedef mach_port_t memory_object_control_t; /* Y87: pager_request_port */
typedef mach_port_t memory_object_name_t;

typedef integer_t memory_object_copy_strategy_t;
#define MEMORY_OBJECT_COPY_NONE 0
#define MEMORY_OBJECT_COPY_CALL 1
#define MEMORY_OBJECT_COPY_DELAY 2
#define MEMORY_OBJECT_COPY_TEMPORARY 3

typedef integer_t memory_object_return_t;
#define MEMORY_OBJECT_RETURN_NONE 0
#define MEMORY_OBJECT_RETURN_DIRTY 1
#define MEMORY_OBJECT_RETURN_ALL 2
