/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptor tables of a program without a kernel: flat segments for rings 0,
 * 1 and 3, a pair for a small space, one TSS with the stack for ring 0, and an
 * IDT whose faults end the program.
 */
#include "scenarios/programs/bare/bare.h"
#include "scenarios/programs/bare/setup.h"

enum { GDT_ENTRIES = 10, IDT_ENTRIES = 256, SMALL_BASE = 0x00800000, SMALL_PAGES = 256 };
/* The second byte of a descriptor. */
enum { ACCESS_CODE = 0x9b, ACCESS_DATA = 0x93, ACCESS_TSS = 0x89, GATE_INTERRUPT = 0x8e };

struct table_register {
	uint16_t limit;
	uint32_t base;
} __attribute__((packed));

static uint64_t gdt[GDT_ENTRIES] __attribute__((aligned(PAGE)));
static uint64_t idt[IDT_ENTRIES] __attribute__((aligned(PAGE)));
static uint32_t tss[26] __attribute__((aligned(128)));
static uint8_t trap_stack[PAGE] __attribute__((aligned(PAGE)));
static uint8_t user_stack[PAGE] __attribute__((aligned(PAGE), section(".bss.user_stack")));

extern char fault_stubs[], trap_return_at_once[], trap_user_done[];

/* pages: length in units of 4 KiB, or 0 for a length in bytes of a TSS. */
static uint64_t descriptor(uint32_t base, uint32_t limit, uint8_t access, unsigned dpl, bool granular)
{
	uint32_t low = (limit & 0xffff) | base << 16;
	uint32_t high = (base >> 16 & 0xff) | (uint32_t)(access | dpl << 5) << 8 | (limit & 0xf0000) |
	                (granular ? 0x00c00000u : 0) | (base & 0xff000000);

	return (uint64_t)high << 32 | low;
}

static uint64_t gate(const void *handler, unsigned dpl)
{
	uint32_t offset = (uint32_t)(uintptr_t)handler;
	uint32_t low = (offset & 0xffff) | (uint32_t)SELECTOR_CODE0 << 16;
	uint32_t high = (offset & 0xffff0000) | (uint32_t)(GATE_INTERRUPT | dpl << 5) << 8;

	return (uint64_t)high << 32 | low;
}

static void fill_gdt(void)
{
	const uint32_t all = 0xfffff;

	gdt[SELECTOR_CODE0 / 8] = descriptor(0, all, ACCESS_CODE, 0, true);
	gdt[SELECTOR_DATA0 / 8] = descriptor(0, all, ACCESS_DATA, 0, true);
	gdt[SELECTOR_CODE3 / 8] = descriptor(0, all, ACCESS_CODE, 3, true);
	gdt[SELECTOR_DATA3 / 8] = descriptor(0, all, ACCESS_DATA, 3, true);
	gdt[SELECTOR_CODE1 / 8] = descriptor(0, all, ACCESS_CODE, 1, true);
	gdt[SELECTOR_DATA1 / 8] = descriptor(0, all, ACCESS_DATA, 1, true);
	gdt[SELECTOR_TSS / 8] = descriptor((uint32_t)(uintptr_t)tss, sizeof(tss) - 1, ACCESS_TSS, 0, false);
	gdt[SELECTOR_SMALL_CODE / 8] = descriptor(SMALL_BASE, SMALL_PAGES - 1, ACCESS_CODE, 3, true);
	gdt[SELECTOR_SMALL_DATA / 8] = descriptor(SMALL_BASE, SMALL_PAGES - 1, ACCESS_DATA, 3, true);
}

static void fill_idt(void)
{
	for (unsigned vector = 0; vector < 32; vector++)
		idt[vector] = gate(fault_stubs + 16 * vector, 0);
	idt[VECTOR_NULL] = gate(trap_return_at_once, 3);
	idt[VECTOR_DONE] = gate(trap_user_done, 3);
}

static void load_tables(void)
{
	const struct table_register gdtr = { sizeof(gdt) - 1, (uint32_t)(uintptr_t)gdt };
	const struct table_register idtr = { sizeof(idt) - 1, (uint32_t)(uintptr_t)idt };

	__asm__ volatile("lgdt %0" : : "m"(gdtr));
	__asm__ volatile("lidt %0" : : "m"(idtr));
	__asm__ volatile("ljmp %0, $1f\n1:" : : "i"(SELECTOR_CODE0));
	__asm__ volatile("movw %w0, %%ds\nmovw %w0, %%es\nmovw %w0, %%fs\nmovw %w0, %%gs\nmovw %w0, %%ss"
	                 : : "r"(SELECTOR_DATA0));
	__asm__ volatile("ltr %w0" : : "r"(SELECTOR_TSS));
}

void descriptors_init(void)
{
	tss[1] = (uint32_t)(uintptr_t)(trap_stack + PAGE);
	tss[2] = SELECTOR_DATA0;
	tss[25] = sizeof(tss) << 16; /* no I/O bitmap */
	fill_gdt();
	fill_idt();
	load_tables();
}

void bare_call_user(void (*function)(void))
{
	bare_call_ring(function, SELECTOR_CODE3, SELECTOR_DATA3, (uint32_t)(uintptr_t)(user_stack + PAGE));
}

void bare_call_ring1(void (*function)(void))
{
	bare_call_ring(function, SELECTOR_CODE1, SELECTOR_DATA1, (uint32_t)(uintptr_t)(user_stack + PAGE));
}
