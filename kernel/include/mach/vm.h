/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Virtual memory: protections, inheritance, statistics (Mach 3.0; Y87 table 3-3).
 */
#pragma once
#include "mach/types.h"

typedef integer_t vm_prot_t;
#define VM_PROT_NONE 0
#define VM_PROT_READ 1
#define VM_PROT_WRITE 2
#define VM_PROT_EXECUTE 4
#define VM_PROT_DEFAULT (VM_PROT_READ | VM_PROT_WRITE)
#define VM_PROT_ALL (VM_PROT_READ | VM_PROT_WRITE | VM_PROT_EXECUTE)
#define VM_PROT_NO_CHANGE 8 /* memory_object_lock_request only */

typedef natural_t vm_inherit_t;
#define VM_INHERIT_SHARE 0u
#define VM_INHERIT_COPY 1u
#define VM_INHERIT_NONE 2u
#define VM_INHERIT_DEFAULT VM_INHERIT_COPY

typedef struct vm_statistics {
	integer_t pagesize;
	integer_t free_count, active_count, inactive_count, wire_count; /* pages */
	integer_t zero_fill_count, reactivations;
	integer_t pageins, pageouts, faults, cow_faults;
	integer_t lookups, hits;        /* of the object cache */
} vm_statistics_data_t;
