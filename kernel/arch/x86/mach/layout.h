/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The linear address space, shared by C, assembly and the linker.
 *
 *   0x00000000  the user's, up to 3 GiB
 *   0xc0000000  memory: physical address p is at WINDOW_BASE + p, as far as there is memory (at most MEMORY_MOST); the
 *               kernel itself is there, at 1 MiB.  The boot maps the first WINDOW_SIZE bytes, pmap_bootstrap the rest
 *   0xc4000000  the kernel's map: what vm_kern hands out
 *   0xd0000000  nothing
 */
#pragma once

#define USER_END 0xc0000000
#define WINDOW_BASE 0xc0000000
#define WINDOW_SIZE 0x00400000
#define MEMORY_MOST 0x04000000
#define VIRTUAL_BASE 0xc4000000
#define VIRTUAL_END 0xd0000000

/* The boot image is joined to the kernel where its bss will be (GD91 §6.2): the boot's page tables and stack are in its
 * data. */
#define BOOT_TABLES_SECTION .data
#define BOOT_STACK_SIZE 4096

/* The screen's memory. */
#define VGA_MEMORY 0xb8000

/* What host_info says. */
#define MACHINE_CPU_TYPE CPU_TYPE_I386
#define MACHINE_CPU_SUBTYPE CPU_SUBTYPE_AT386

/* Selectors.  Data of the kernel are reached by the user's segment, which is flat: a trap leaves DS and ES alone. */
#define KERNEL_CODE 0x08
#define KERNEL_STACK 0x10
#define USER_CODE 0x1b
#define USER_DATA 0x23
#define TSS_SELECTOR 0x28
#define LDT_SELECTOR 0x30          /* its entry 0: the call gate of LCALL $7,$0 */
