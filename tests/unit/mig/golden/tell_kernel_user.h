/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Users' calls of the interface tell, made by mig from tell.defs. */
#pragma once
#include "mach/mig.h"
#include "kern/things.h"

/* 700 */
kern_return_t say_tell_data(ipc_port_t home, mach_msg_type_name_t home_type, ipc_port_t control, ipc_port_t right,
	vm_map_copy_t data, mach_msg_type_number_t data_count, bool dirty);
