/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What mmu.c and memory.c share. */
#pragma once
#include "sim/arch/x86/x86.h"

/* Bits of page table entries. */
enum { PTE_P = 1, PTE_W = 2, PTE_U = 4, PTE_A = 0x20, PTE_D = 0x40, PDE_PS = 0x80, PTE_G = 0x100 };
enum { LARGE_SHIFT = 22 };
#define LARGE_FRAME 0xffc00000u

/* A word of physical memory, quietly: ones where there is none. */
uint32_t mmu_read32(const struct x86 *x86, paddr_t address);
/* Whether a directory entry maps 4 MB by itself (CR4.PSE, the model). */
bool mmu_is_large(const struct x86 *x86, uint32_t pde);
