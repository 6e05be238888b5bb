/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Users' calls of the interface shop, made by mig from shop.defs. */
#pragma once
#include "mach/mig.h"
#include "mach/vm.h"

/* 500 */
kern_return_t r_shop_values(mach_port_t shop, bool flag, integer_t *number, bool *switch_, integer_t *sum);
/* 503 */
kern_return_t r_shop_list(mach_port_t shop, const natural_t *quad, natural_t *four, natural_t *list,
	mach_msg_type_number_t *list_count, const natural_t *wanted, mach_msg_type_number_t wanted_count);
/* 504 */
kern_return_t r_shop_name(mach_port_t shop, const char *name, char *answer);
/* 505 */
kern_return_t r_shop_ports(mach_port_t shop, mach_port_t taken, mach_port_t any, mach_msg_type_name_t any_type,
	mach_port_t *given, mach_port_t *other, mach_msg_type_name_t *other_type);
/* 506 */
kern_return_t r_shop_memory(mach_port_t shop, vm_offset_t data, mach_msg_type_number_t data_count,
	bool data_deallocate, vm_statistics_data_t *statistics, vm_offset_t *result_data,
	mach_msg_type_number_t *result_data_count, char *letters, mach_msg_type_number_t *letters_count);
/* 507 */
kern_return_t r_shop_tell(mach_port_t shop, mach_port_t answer_to, integer_t number);
/* 508 */
kern_return_t r_shop_wait(mach_port_t shop, mach_msg_timeout_t timeout, integer_t number);
