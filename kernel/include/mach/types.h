/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The basic types of the Mach interface, as the Mach 3.0 kernel interface names them.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint32_t natural_t;
typedef int32_t integer_t;
typedef natural_t vm_offset_t, vm_size_t, vm_address_t;

typedef natural_t mach_port_t;        /* a port name in the task's IPC space */
typedef natural_t mach_port_right_t;
typedef natural_t mach_port_urefs_t;
typedef integer_t mach_port_delta_t;
typedef natural_t mach_port_seqno_t;
typedef natural_t mach_port_mscount_t;
typedef natural_t mach_port_msgcount_t;
typedef natural_t mach_port_rights_t;
typedef integer_t kern_return_t;

#define MACH_PORT_NULL ((mach_port_t)0)
#define MACH_PORT_DEAD ((mach_port_t)~0u)
#define MACH_PORT_VALID(name_) ((name_) != MACH_PORT_NULL && (name_) != MACH_PORT_DEAD)

/* The page of Mach on every machine here. */
#define VM_PAGE_SHIFT 12
#define VM_PAGE_SIZE (1u << VM_PAGE_SHIFT)
#define VM_PAGE_MASK (VM_PAGE_SIZE - 1)
#define trunc_page(address_) ((vm_offset_t)(address_) & ~VM_PAGE_MASK)
#define round_page(address_) (((vm_offset_t)(address_) + VM_PAGE_MASK) & ~VM_PAGE_MASK)
