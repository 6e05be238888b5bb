/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a server provides of the interface shop, made by mig from shop.defs. */
#pragma once
#include "mach/mig.h"
#include "mach/vm.h"
#include "kern/things.h"

/* 500 */
kern_return_t shop_values(ipc_port_t shop, bool flag, integer_t *number, bool *switch_, integer_t *sum);
/* 503 */
kern_return_t shop_list(ipc_port_t shop, const natural_t *quad, natural_t *four, natural_t *list,
	mach_msg_type_number_t *list_count, const natural_t *wanted, mach_msg_type_number_t wanted_count);
/* 504 */
kern_return_t shop_name(ipc_port_t shop, const char *name, char *answer);
/* 505 */
kern_return_t shop_ports(ipc_port_t shop, thing_t taken, ipc_port_t any, mach_msg_type_name_t any_type,
	thing_t *given, ipc_port_t *other, mach_msg_type_name_t *other_type);
/* 506 */
kern_return_t shop_memory(ipc_port_t shop, vm_map_copy_t data, mach_msg_type_number_t data_count,
	vm_statistics_data_t *statistics, vm_map_copy_t *result_data, mach_msg_type_number_t *result_data_count,
	char *letters, mach_msg_type_number_t *letters_count);
/* 507 */
kern_return_t shop_tell(ipc_port_t shop, integer_t number);
/* 508 */
kern_return_t shop_wait(ipc_port_t shop, ipc_port_t reply_to, integer_t number);

extern const struct mig_subsystem shop_subsystem;
