/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A stage: a model, a memory with an exception kernel, page tables and random code, and the registers to begin with.
 * Made of a seed alone.
 *
 *      physical
 *   0x00000  refill vector          0x00080, 0x00180  general vectors     0x00400  the general handler (kernel.c)
 *   0x00c00  its cells: saved registers, the scene's number, pointers
 *   0x01000  the page table that Context names in kseg0 (R4000: 0x02000)
 *   0x04000  scenes: where to go on after an exception that nobody repairs: pc, Status, EntryHi
 *   0x04400  tables of kseg2: by ASID the page of the page table; the pages of 0xc0400000
 *   0x08000  page tables that Context names in kseg2: four, by ASID
 *   0x10000  the kernel's code   0x20000  the user's code   0x30000  kseg2's pages   0x40000  data
 */
#pragma once
#include "tests/oracle/oracle.h"
#include "tests/oracle/random/dice.h"

enum {
	STAGE_MEMORY = 0x100000, STAGE_CELLS = 0xc00, STAGE_SCENES = 0x4000, STAGE_SCENES_NUMBER = 64, STAGE_TABLES = 0x4400,
	STAGE_KSEG2_TABLE = 0x4c00, STAGE_PAGE_TABLES = 0x8000, STAGE_KERNEL_CODE = 0x10000, STAGE_USER_CODE = 0x20000,
	STAGE_KSEG2_PAGES = 0x30000, STAGE_DATA = 0x40000, STAGE_CODE_SIZE = 0x10000
};
/* Cells, from STAGE_CELLS: two saved registers, the scene's offset, from CELL_POINTERS eleven pointers. */
enum { CELL_AT = 0, CELL_K1 = 4, CELL_SCENE = 16, CELL_POINTERS = 32 };
#define STAGE_USER 0x00400000u     /* 1024 pages, the first 16 the user's code */
#define STAGE_WIRED 0x00700000u    /* of these, pages that only tlbwi maps */
#define STAGE_KSEG2 0xc0400000u
#define STAGE_DEVICE 0xb8000000u

struct stage {
	uint64_t seed;
	struct dice dice;
	struct oracle_model model;
	bool linear;                   /* page tables in kseg2 */
	bool nasty;                    /* conflicting entries, pages of several sizes */
	uint32_t period;               /* of the board's interrupts, cycles */
	uint8_t memory[STAGE_MEMORY];
	uint32_t reg[32], status, entry_hi, context, pc;
};

/* Models that the simulator takes: costs, TLB and who refills it are drawn; generation 0: that too. */
void stage_model(struct stage *stage, unsigned generation);
void stage_make(struct stage *stage, uint64_t seed, unsigned generation);

static inline void stage_put(struct stage *stage, uint32_t at, uint32_t word)
{
	for (int n = 0; n < 4; n++)
		stage->memory[at + (uint32_t)n] = (uint8_t)(word >> 8 * n);
}

/* kernel.c: the exception kernel, of model.generation. */
void stage_kernel(struct stage *stage);
/* generate.c: a page's worth and more of random code, for kernel or user mode. */
void stage_code(struct stage *stage, uint32_t from, uint32_t size, bool user);

/* What code and registers agree on: which registers point where. */
enum { P_KSEG0 = 16, P_KSEG1, P_USER, P_EDGE, P_DEVICE, P_KSEG2, P_UNALIGNED, P_CODE };
enum { P_WIRED = 28, P_STACK = 29, P_USER2 = 30 };
