/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptors (386 manual ch. 5, 6, 7).  One table for all threads: only the TSS's stack pointer changes with them.
 *
 * All segments are flat; pages protect the kernel from users.  No I/O port is a user's: the TSS has no bitmap.
 */
#include "layout.h"
#include "trap.h"

enum { CODE_RING0 = 0x9a, DATA_RING0 = 0x92, CODE_RING3 = 0xfa, DATA_RING3 = 0xf2, TSS_AVAILABLE = 0x89, LDT = 0x82 };
enum { PAGES_32BIT = 0xc, BYTES = 0x0 };
enum { GATE_RING0 = 0x8e00, GATE_RING3 = 0xee00, CALL_GATE_RING3 = 0xec00 };
enum { GDT_ENTRIES = 7, TSS_ESP0 = 1, TSS_SS0 = 2, TSS_BITMAP = 25, TSS_WORDS = 26, CR0_EMULATE = 4 };

/* On one page: entering and leaving the kernel takes one TLB entry for them. */
static struct {
	uint32_t gdt[GDT_ENTRIES * 2];
	uint32_t ldt[2];
	uint32_t idt[TRAP_VECTORS * 2];
	uint32_t tss[TSS_WORDS];
} tables __attribute__((aligned(1024)));
_Static_assert(sizeof tables <= 1024, "on one page");

uint32_t *const tables_esp0 = &tables.tss[TSS_ESP0];

struct table_pointer {
	uint16_t limit;
	uint32_t base;
} __attribute__((packed));

static void describe(unsigned selector, uint32_t base, uint32_t limit, uint32_t type, uint32_t granularity)
{
	uint32_t *descriptor = &tables.gdt[selector / 8 * 2];
	descriptor[0] = base << 16 | (limit & 0xffff);
	descriptor[1] = (base & 0xff000000) | granularity << 20 | (limit & 0xf0000) | type << 8 | (base >> 16 & 0xff);
}

static void set_gate(uint32_t *gate, const void *entry, uint32_t kind)
{
	gate[0] = KERNEL_CODE << 16 | ((uint32_t)entry & 0xffff);
	gate[1] = ((uint32_t)entry & 0xffff0000) | kind;
}

static void build(void)
{
	describe(KERNEL_CODE, 0, 0xfffff, CODE_RING0, PAGES_32BIT);
	describe(KERNEL_STACK, 0, 0xfffff, DATA_RING0, PAGES_32BIT);
	describe(USER_CODE, 0, 0xfffff, CODE_RING3, PAGES_32BIT);
	describe(USER_DATA, 0, 0xfffff, DATA_RING3, PAGES_32BIT);
	describe(TSS_SELECTOR, (uint32_t)tables.tss, sizeof tables.tss - 1, TSS_AVAILABLE, BYTES);
	describe(LDT_SELECTOR, (uint32_t)tables.ldt, sizeof tables.ldt - 1, LDT, BYTES);
	tables.tss[TSS_SS0] = KERNEL_STACK;
	tables.tss[TSS_BITMAP] = sizeof tables.tss << 16;
	for (unsigned vector = 0; vector < TRAP_VECTORS; vector++)
		if (trap_entry[vector])
			set_gate(&tables.idt[2 * vector], trap_entry[vector],
			         vector == TRAP_BREAKPOINT || vector == TRAP_OVERFLOW ? GATE_RING3 : GATE_RING0);
	set_gate(tables.ldt, (const void *)syscall_entry, CALL_GATE_RING3);
}

/* No floating-point unit is anybody's: its instructions trap (TRAP_NO_FPU). */
static void forbid_floating_point(void)
{
	uint32_t cr0;
	__asm__ volatile("movl %%cr0,%0\n\torl %1,%0\n\tmovl %0,%%cr0" : "=&r"(cr0) : "i"(CR0_EMULATE));
}

void tables_init(void)
{
	build();
	forbid_floating_point();
	const struct table_pointer gdt = { sizeof tables.gdt - 1, (uint32_t)tables.gdt };
	const struct table_pointer idt = { sizeof tables.idt - 1, (uint32_t)tables.idt };
	__asm__ volatile("lgdt %0\n\tlidt %1\n\t"
	                 "ljmp %2,$1f\n"
	                 "1:\tmovl %3,%%ss\n\tmovl %4,%%ds\n\tmovl %4,%%es\n\tmovl %5,%%fs\n\tmovl %5,%%gs\n\t"
	                 "lldt %w6\n\tltr %w7"
	                 :
	                 : "m"(gdt), "m"(idt), "i"(KERNEL_CODE), "r"(KERNEL_STACK), "r"(USER_DATA), "r"(0),
	                   "r"(LDT_SELECTOR), "r"(TSS_SELECTOR)
	                 : "memory");
}
