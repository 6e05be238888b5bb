/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One page for all that a trap touches: descriptor tables, TSS, the kernel's
 * data and its stack.  "Concentrating processor-internal tables and heavily used
 * kernel data in one page" saves TLB misses at every entry (L95 §5.2).
 */
#include "scenarios/programs/speed/speed.h"

enum { GDT_WORDS = 20, IDT_WORDS = 2 * (VECTOR_SPEED + 1), TSS_WORDS = 26, STACK_WORDS = 96 };

static uint32_t gdt[GDT_WORDS] KERNEL_PAGE, idt[IDT_WORDS] KERNEL_PAGE, tss[TSS_WORDS] KERNEL_PAGE;
static uint32_t stack[STACK_WORDS] KERNEL_PAGE;

struct table_register {
	uint16_t limit;
	uint32_t base;
} __attribute__((packed));

static void copy(uint32_t *to, const uint32_t *from, unsigned words)
{
	for (unsigned i = 0; i < words; i++)
		to[i] = from[i];
}

/* A descriptor's base is in three pieces. */
static void describe_tss(void)
{
	uint32_t *descriptor = &gdt[SELECTOR_TSS / 4], base = (uint32_t)(uintptr_t)tss;

	descriptor[0] = base << 16 | (sizeof tss - 1);
	descriptor[1] = (base & 0xff000000) | 0x8900 | (base >> 16 & 0xff); /* a 32-bit TSS, present, not busy */
}

static void describe_call(void)
{
	uint32_t entry = (uint32_t)(uintptr_t)speed_call_entry, *gate = &idt[2 * VECTOR_SPEED];

	gate[0] = (uint32_t)SELECTOR_CODE0 << 16 | (entry & 0xffff);
	gate[1] = (entry & 0xffff0000) | 0xee00; /* present, DPL 3, 32-bit interrupt gate */
}

void speed_page_init(void)
{
	struct table_register old_gdt, old_idt;

	__asm__("sgdt %0\n\tsidt %1" : "=m"(old_gdt), "=m"(old_idt));
	copy(gdt, (const uint32_t *)(uintptr_t)old_gdt.base, GDT_WORDS);
	copy(idt, (const uint32_t *)(uintptr_t)old_idt.base, IDT_WORDS);
	tss[1] = (uint32_t)(uintptr_t)(stack + STACK_WORDS);
	tss[2] = SELECTOR_DATA0;
	tss[TSS_WORDS - 1] = sizeof tss << 16; /* no I/O bitmap */
	describe_tss();
	describe_call();
	const struct table_register new_gdt = { sizeof gdt - 1, (uint32_t)(uintptr_t)gdt };
	const struct table_register new_idt = { sizeof idt - 1, (uint32_t)(uintptr_t)idt };

	__asm__ volatile("lgdt %0\n\tlidt %1\n\tltr %w2" : : "m"(new_gdt), "m"(new_idt), "r"(SELECTOR_TSS));
}
