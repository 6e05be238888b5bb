/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The address space, shared by C, assembly and the linker.
 *
 *   0x00000000  kuseg: the user's, 2 GiB, mapped
 *   0x80000000  kseg0: memory, physical address p at WINDOW_BASE + p, as far as there is memory (at most MEMORY_MOST);
 *               the vectors are its first page, the kernel itself is at 1 MiB
 *   0xa0000000  kseg1: the same uncached; devices
 *   0xc0000000  kseg2, mapped: the loaded map's page tables as one array (TABLE_WINDOW), an entry for each page of all
 *               4 GiB, so that Context is an entry's address
 *   0xc4000000  the kernel's map: what vm_kern hands out
 *   0xd0000000  nothing
 */
#pragma once
#include "cpu_type.h"

#define USER_END 0x80000000
#define WINDOW_BASE 0x80000000
#define WINDOW_SIZE 0x00400000     /* what the boot may use */
#define MEMORY_MOST 0x04000000
#define TABLE_WINDOW 0xc0000000
#define VIRTUAL_BASE 0xc4000000
#define VIRTUAL_END 0xd0000000

/* The boot image is joined to the kernel where its bss will be (GD91 §6.2): the boot's stack is in its data. */
#define BOOT_TABLES_SECTION .boot
#define BOOT_STACK_SIZE 4096

/* The screen's memory: the board has none. */
#define VGA_MEMORY 0
