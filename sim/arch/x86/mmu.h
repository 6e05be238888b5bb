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

/*
 * Tagged models with global pages: a global entry stands under a tag of its own, the highest, under which every address
 * space looks too.  Elsewhere global entries are of their space's tag, or there are no tags.
 */
static inline bool mmu_has_global_tag(const struct x86 *x86)
{
	return x86->model->global_pages && tlb_geometry(x86->mmu.data)->tag_bits;
}

static inline uint16_t mmu_global_tag(const struct x86 *x86)
{
	return (uint16_t)((1u << tlb_geometry(x86->mmu.data)->tag_bits) - 1);
}

/* The tag under which a page of a TLB is to be looked for now. Quiet. */
static inline uint16_t mmu_tag_of(const struct x86 *x86, const struct tlb *tlb, uint32_t page)
{
	if (!mmu_has_global_tag(x86) || tlb_probe(tlb, page, x86->mmu.tag) || !tlb_probe(tlb, page, mmu_global_tag(x86)))
		return x86->mmu.tag;
	return mmu_global_tag(x86);
}
