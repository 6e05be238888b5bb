/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The address space, shared by C, assembly and the linker.
 *
 *   0x00000000  kuseg: the user's, 2 GiB, by the TLB
 *   0x80000000  kseg0: memory, physical address p at WINDOW_BASE + p: vectors and IPC path in its first page, the
 *               kernel information page, the kernel from 1 MiB, thread control blocks and page tables at its end
 *   0xa0000000  kseg1: the same, uncached; devices
 *   0xc0000000  kseg2: nothing.  No address of the kernel's is mapped by the TLB: it takes no entry from users, and is
 *               never missed (L95 §5: what is best differs by processor; where the segment is unmapped, control blocks
 *               as virtual objects, which are x86's way, would only cost entries)
 */
#pragma once

#define USER_END 0x80000000
#define WINDOW_BASE 0x80000000
#define WINDOW_SIZE 0x10000000
#define BOOT_STACK_SIZE 4096
#define KIP_TEXTS_END 0xfc0         /* in the kernel info page: behind its texts lies code (atomic_code.h) */
