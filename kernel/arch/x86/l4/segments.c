/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptors (486 manual ch. 5, 6, 7), all in the table page, so that entering and leaving the kernel takes
 * one TLB entry for them.
 */
#include "arch/x86/l4/segments.h"
#include "arch/x86/cpu.h"
#include "arch/x86/l4/layout.h"
#include "arch/x86/l4/trap.h"
#include "base/memory.h"
#include "l4/space.h"
#include "l4/tcb.h"

enum { CODE_RING0 = 0x9a, DATA_RING0 = 0x92, CODE_RING3 = 0xfa, DATA_RING3 = 0xf2, TSS_AVAILABLE = 0x89 };
enum { PAGES_32BIT = 0xc, BYTES_32BIT = 0x4, BYTES = 0x0 };
enum { GATE_RING0 = 0x8e00, GATE_RING3 = 0xee00 };
enum { IDT_ENTRIES = 64, GDT_ENTRIES = 6, BITMAP_BYTES = 8192 };
_Static_assert(TABLE_IDT + IDT_ENTRIES * 8 <= TABLE_GDT, "the IDT ends before the GDT");
_Static_assert(TABLE_GDT + GDT_ENTRIES * 8 <= TABLE_SLOT, "the GDT ends before the words");
_Static_assert(TABLE_TSS >= TABLE_CR3 + 4 && TABLE_TSS + TSS_SIZE <= PAGE_SIZE, "the TSS is behind the words");
_Static_assert(TABLE_PAGE + PAGE_SIZE == BITMAP_BASE, "the bitmap is behind the page");

struct table_pointer {
	uint16_t limit;
	uint32_t base;
} __attribute__((packed));

static uint32_t *const idt = (uint32_t *)(TABLE_PAGE + TABLE_IDT);
static uint32_t *const gdt = (uint32_t *)(TABLE_PAGE + TABLE_GDT);
static uint32_t *const tss = (uint32_t *)(TABLE_PAGE + TABLE_TSS);
static uint32_t *const current_slot = (uint32_t *)(TABLE_PAGE + TABLE_SLOT);
static uint32_t *const current_cr3 = (uint32_t *)(TABLE_PAGE + TABLE_CR3);
static bool by_segments;

static void describe(uint32_t descriptor[2], uint32_t base, uint32_t limit, uint32_t type, uint32_t granularity)
{
	descriptor[0] = base << 16 | (limit & 0xffff);
	descriptor[1] = (base & 0xff000000) | granularity << 20 | (limit & 0xf0000) | type << 8 | (base >> 16 & 0xff);
}

static void set_gate(unsigned vector, const void *entry, uint32_t kind)
{
	idt[2 * vector] = KERNEL_CODE << 16 | ((uint32_t)entry & 0xffff);
	idt[2 * vector + 1] = ((uint32_t)entry & 0xffff0000) | kind;
}

static uint32_t large_limit(void) { return (by_segments ? USER_END - 1 : 0xffffffffu) >> PAGE_SHIFT; }

static void init_gdt(void)
{
	describe(&gdt[2 * (KERNEL_CODE / 8)], 0, 0xfffff, CODE_RING0, PAGES_32BIT);
	describe(&gdt[2 * (KERNEL_DATA / 8)], 0, 0xfffff, DATA_RING0, PAGES_32BIT);
	describe(&gdt[2 * (USER_CODE / 8)], 0, large_limit(), CODE_RING3, PAGES_32BIT);
	describe(&gdt[2 * (USER_DATA / 8)], 0, large_limit(), DATA_RING3, PAGES_32BIT);
	/* the bitmap, and the byte of ones that must follow it */
	const uint32_t bitmap = PAGE_SIZE - TABLE_TSS;
	describe(&gdt[2 * (TSS_SELECTOR / 8)], TABLE_PAGE + TABLE_TSS, bitmap + BITMAP_BYTES, TSS_AVAILABLE, BYTES);
	tss[TSS_SS0 / 4] = KERNEL_DATA;
	tss[TSS_BITMAP_WORD / 4] = bitmap << 16;
}

static void init_idt(void)
{
	for (unsigned vector = 0; vector < IDT_ENTRIES; vector++)
		if (trap_entry[vector])
			set_gate(vector, trap_entry[vector], trap_is_users(vector) ? GATE_RING3 : GATE_RING0);
	set_gate(TRAP_IPC, trap_ipc_entry(by_segments, tcb_size), GATE_RING3);
	set_gate(TRAP_ID_NEAREST, trap_id_nearest_entry(tcb_size), GATE_RING3);
}

static void load_registers(void)
{
	const struct table_pointer gdt_pointer = { GDT_ENTRIES * 8 - 1, (uint32_t)gdt };
	const struct table_pointer idt_pointer = { IDT_ENTRIES * 8 - 1, (uint32_t)idt };
	__asm__ volatile("lgdt %0\n\tlidt %1\n\t"
	                 "ljmp %2,$1f\n"
	                 "1:\tmovl %3,%%ss\n\tmovl %3,%%ds\n\tmovl %3,%%es\n\tmovl %4,%%fs\n\tmovl %4,%%gs\n\t"
	                 "ltr %w5"
	                 :
	                 : "m"(gdt_pointer), "m"(idt_pointer), "i"(KERNEL_CODE), "r"(KERNEL_DATA), "r"(USER_DATA),
	                   "r"(TSS_SELECTOR)
	                 : "memory");
}

void segments_init(bool small_spaces)
{
	by_segments = small_spaces;
	init_gdt();
	init_idt();
	load_registers();
	*current_cr3 = cr3_read();
}

void segments_set_thread(struct tcb *thread)
{
	const struct space *space = thread->space;
	thread->slot = space->slot;
	if (by_segments && space->bitmap_table)
		thread->attention |= ATTENTION_PORTS;
	thread->cr3 = space->slot ? 0 : space->directory_frame;
	const uint32_t base = space->slot ? pmap_slot_base(space->slot) : 0;
	const uint32_t limit = space->slot ? (pmap_slot_size() - 1) >> PAGE_SHIFT : large_limit();
	describe(thread->code_segment, base, limit, CODE_RING3, PAGES_32BIT);
	describe(thread->data_segment, base, limit, DATA_RING3, PAGES_32BIT);
}

void segments_space_changed(struct space *space)
{
	for (l4_u32 lthread = 0; lthread < space->threads; lthread++) {
		struct tcb *thread = tcb_of(space->task, lthread);
		if (thread->state != ABSENT)
			segments_set_thread(thread);
	}
	struct tcb *me = tcb_current();
	if (me->space == space) {
		*current_slot = ~0u; /* its bounds have changed, whatever its slot is */
		segments_activate(me);
	}
}

void segments_load_directory(uint32_t directory)
{
	*current_cr3 = directory;
	cr3_write(directory);
}

/* The hidden parts of FS and GS would keep the old bounds; DS and ES hold the kernel's segment now, and are loaded on
 * the way out, as CS and SS are. */
static void load_user_segments(const struct tcb *thread)
{
	*current_slot = thread->slot;
	memcpy(&gdt[2 * (USER_CODE / 8)], thread->code_segment, 8);
	memcpy(&gdt[2 * (USER_DATA / 8)], thread->data_segment, 8);
	__asm__ volatile("movl %0,%%fs\n\tmovl %0,%%gs" : : "r"(USER_DATA));
}

/* Ports stay behind: a directory that has some serves no small space. */
static uint32_t directory_for(const struct tcb *thread)
{
	if (thread->cr3)
		return thread->cr3;
	const uint32_t loaded = cr3_read();
	const uint32_t *directory = (const uint32_t *)(loaded + WINDOW_BASE);
	const uint32_t *plain = (const uint32_t *)(pmap_kernel_directory() + WINDOW_BASE);
	const unsigned bitmap = BITMAP_BASE >> 22;
	return thread->space && directory[bitmap] != plain[bitmap] ? pmap_kernel_directory() : loaded;
}

void segments_activate(struct tcb *thread)
{
	tss[TSS_ESP0 / 4] = (uint32_t)tcb_stack_top(thread);
	const uint32_t directory = directory_for(thread);
	if (directory != cr3_read())
		segments_load_directory(directory);
	if (by_segments && thread->space && thread->slot != *current_slot)
		load_user_segments(thread);
}
