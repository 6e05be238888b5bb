/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A bed for the tests of performing: a processor without an engine, 256 KiB of memory,
 * a GDT, an LDT, an IDT and a TSS, all in known places, and every cost different.
 *
 * Linear memory           (identical to physical; bed_paging maps it so)
 *   0x1000 GDT            0x1800 LDT             0x2000 IDT           0x3000 TSS of the running task
 *   0x3100 another TSS    0x4000 code            0x6000 stacks end: ring 0 at 0x6000, 1 at 0x7000, 3 at 0x8000
 *   0x9000 scratch data   0x10000 page directory and one table
 */
#pragma once
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include "sim/arch/x86/descriptor.h"
#include "sim/arch/x86/perform.h"
#include "sim/arch/x86/x86.h"

enum {
	BED_RAM = 1 << 18, BED_GDT = 0x1000, BED_LDT = 0x1800, BED_IDT = 0x2000, BED_TSS = 0x3000, BED_TSS2 = 0x3100,
	BED_CODE = 0x4000, BED_STACK0 = 0x6000, BED_STACK1 = 0x7000, BED_STACK3 = 0x8000, BED_DATA = 0x9000,
	BED_PAGES = 0x10000, BED_HANDLER = 0xa000 /* + vector * 16 */
};

/* Selectors of the GDT. From FREE on: for the test. */
enum {
	CODE0 = 0x08, DATA0 = 0x10, CODE3 = 0x1b, DATA3 = 0x23, CODE1 = 0x29, DATA1 = 0x31, CONFORMING = 0x38,
	TSS = 0x40, TSS_OTHER = 0x48, LDT = 0x50, FREE = 0x58, FREE2 = 0x60, BEYOND = 0x200, BED_GDT_LIMIT = 0x1ff,
	LOCAL = 4 /* TI, first entry */
};

/* Access bytes: present, S, type. DPL is added by ACCESS_DPL. */
enum {
	IS_DATA = 0x92, IS_READ_ONLY = 0x90, IS_DOWN = 0x96, IS_CODE = 0x9a, IS_CODE_ONLY = 0x98, IS_CONFORMING = 0x9e,
	IS_TSS = 0x89, IS_TSS_BUSY = 0x8b, IS_LDT = 0x82, IS_CALL = 0x8c, IS_CALL16 = 0x84, IS_TASK = 0x85,
	IS_INT = 0x8e, IS_TRAP = 0x8f, IS_INT16 = 0x86, ABSENT = 0x80 /* xor */
};
#define ACCESS_DPL(dpl) ((unsigned)(dpl) << 5)
enum { G = 8, B = 4 }; /* flags */

struct bed {
	struct x86 x86;
	struct model model;
	struct ledger ledger;
	struct journal journal;
	struct x86_fault fault;
	const char *unsupported;       /* what x86_unsupported was told */
	uint8_t *ram;
	/* what the bus saw */
	uint16_t port;
	uint32_t value;
	unsigned size, accesses;
	uint32_t answer;
};

/* A processor of a family, in ring cpl, paging off, flags 2. */
struct bed *bed_create(uint32_t family, unsigned cpl);
void bed_destroy(struct bed *bed);
/* Puts a code or data descriptor, or a system one, into the GDT. */
void bed_segment(struct bed *bed, unsigned selector, uint32_t base, uint32_t limit, unsigned access, unsigned flags);
void bed_local(struct bed *bed, unsigned selector, uint32_t base, uint32_t limit, unsigned access, unsigned flags);
void bed_gate(struct bed *bed, unsigned selector, unsigned target, uint32_t offset, unsigned access,
              unsigned parameters);
void bed_vector(struct bed *bed, unsigned vector, unsigned target, uint32_t offset, unsigned access);
/* Loads a segment register as a program would have, without any check. */
void bed_load(struct bed *bed, unsigned number, uint16_t selector);
/* Maps all memory one to one; bed_page changes one entry's rights (0: not present). */
void bed_paging(struct bed *bed);
void bed_page(struct bed *bed, laddr_t address, uint32_t rights);
enum { PAGE_P = 1, PAGE_W = 2, PAGE_U = 4, PAGE_A = 0x20, PAGE_D = 0x40 };

uint32_t bed_word(const struct bed *bed, laddr_t address);
void bed_put(struct bed *bed, laddr_t address, uint32_t value);
/* Pushes on the running stack, unchecked. */
void bed_push(struct bed *bed, uint32_t value);

/* Decodes and performs the bytes at eip; the fault's vector, -1 for none. */
int bed_perform(struct bed *bed, const uint8_t *bytes, unsigned size);
#define DO(bed, ...) \
	bed_perform(bed, (const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ }))
/* Cycles since creation, and what they must be: every key's cost is 100 + its number. */
#define CYCLES(key) (100u + COST_##key)
/* Asserts the fault of the last instruction. */
#define FAULTS(bed, vector_, error_)                                                                     \
	do {                                                                                             \
		cr_assert_eq((bed)->fault.vector, (vector_), "vector %d", (bed)->fault.vector);          \
		cr_assert((bed)->fault.has_error);                                                       \
		cr_assert_eq((bed)->fault.error, (uint32_t)(error_), "error %#x", (bed)->fault.error);   \
	} while (0)
/* All of cpu and memory, for comparing before and after. */
struct bed_copy {
	struct x86_cpu cpu;
	uint8_t ram[BED_RAM];
};
struct bed_copy *bed_copy(const struct bed *bed);
/* Whether the cpu is as it was, and memory but for accessed bits (byte 5 of GDT, LDT entries) and page A, D bits. */
bool bed_same(const struct bed *bed, const struct bed_copy *copy);
