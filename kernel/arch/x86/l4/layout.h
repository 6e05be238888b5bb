/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The linear address space, the same in every page directory from USER_END up; shared by C, assembly and the linker.
 *
 *   0x00000000  the user's, up to 2 GiB
 *   0x80000000  small address spaces (L95 §4.1.2): SMALL_END - SMALL_BASE bytes in equal slots; empty without segments
 *   0x90000000  thread control blocks, one for each of the 2^18 threads that can be: virtual objects (L95 §5)
 *   0xd0000000  memory: physical address p is at WINDOW_BASE + p, for the first 64 MiB; the kernel itself is there
 *   0xdffff000  the table page: IDT, GDT, what the IPC path keeps, and the TSS
 *   0xe0000000  the TSS's I/O permission bitmap, right behind that page: 3 pages by a page table that differs
 *               between spaces which have ports, and is the same for all that have none
 */
#pragma once

#define USER_END 0x80000000
#define SMALL_BASE 0x80000000
#define SMALL_END 0x90000000
#define TCB_BASE 0x90000000
#define TCB_END 0xd0000000
#define WINDOW_BASE 0xd0000000
#define WINDOW_SIZE 0x04000000
#define TABLE_PAGE 0xdffff000
#define BITMAP_BASE 0xe0000000

/* In the table page: all that the IPC path touches is in the cache lines from 0x180 to 0x25f, which no thread control
 * block's own words compete for. */
#define TABLE_IDT 0x000
#define TABLE_GDT 0x200
#define TABLE_SLOT 0x240           /* segments: the small space whose segments are in the GDT, 0: the large ones */
#define TABLE_CR3 0x244            /* segments: what CR3 holds */
#define TABLE_TSS 0x248            /* the entry's stack is in the words' cache line */
#define TSS_ESP0 4
#define TSS_SS0 8
#define TSS_BITMAP_WORD 100 /* T bit low, the bitmap's offset high */
#define TSS_SIZE 104

/* Selectors. */
#define KERNEL_CODE 0x08
#define KERNEL_DATA 0x10
#define USER_CODE 0x1b
#define USER_DATA 0x23
#define TSS_SELECTOR 0x28

#define BOOT_STACK_SIZE 4096
#define KIP_TEXTS_END 4096          /* in the kernel info page: it ends with its texts */
