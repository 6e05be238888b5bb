/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The descriptor tables and task states of the trials (I386 5.1.3 descriptors, 7.1 TSS, 9.5 gates). */
#include "cpu.h"

uint32_t gdt[GDT_END / 4], ldt[16], idt[256 * 2];
struct tss tss_main, tss_other, tss_fault;
uint8_t stack0[STACK], stack1[STACK], stack3[STACK], trap_stack[STACK], fault_stack[STACK];
extern const char trap_stubs[], fault_task[];

static uint32_t *entry_of(uint32_t selector)
{
	return (selector & 4 ? ldt : gdt) + (selector >> 3) * 2;
}

void set_descriptor(uint32_t selector, uint32_t base, uint32_t limit, unsigned access, unsigned flags)
{
	uint32_t *entry = entry_of(selector);
	entry[0] = (limit & 0xffff) | base << 16;
	entry[1] = (base >> 16 & 0xff) | access << 8 | (limit & 0xf0000) | flags << 20 | (base & 0xff000000);
}

unsigned access_of(uint32_t selector)
{
	return entry_of(selector)[1] >> 8 & 0xff;
}

static void fill_gate(uint32_t *entry, uint32_t selector, uint32_t target, unsigned access, unsigned parameters)
{
	entry[0] = (target & 0xffff) | selector << 16;
	entry[1] = (target & 0xffff0000) | access << 8 | parameters;
}

void set_gate(uint32_t selector, uint32_t target_selector, const void *target, unsigned access, unsigned parameters)
{
	fill_gate(entry_of(selector), target_selector, (uint32_t)target, access, parameters);
}

void set_vector(unsigned vector, uint32_t selector, const void *target, unsigned access)
{
	fill_gate(idt + 2 * vector, selector, (uint32_t)target, access, 0);
}

static void flat(uint32_t selector, unsigned access)
{
	set_descriptor(selector, 0, 0xfffff, access | PRESENT, BIG | GRANULAR);
}

static void make_gdt(void)
{
	flat(CODE0, CODE_R);
	flat(DATA0, DATA_W);
	flat(CODE1, CODE_R | DPL1);
	flat(DATA1, DATA_W | DPL1);
	flat(CODE3, CODE_R | DPL3);
	flat(DATA3, DATA_W | DPL3);
	flat(CONFORMING, CODE_CR);
	set_descriptor(LDT, (uint32_t)ldt, sizeof(ldt) - 1, SYS_LDT | PRESENT, 0);
	set_descriptor(TSS_OTHER, (uint32_t)&tss_other, sizeof(tss_other) - 1, SYS_TSS | PRESENT, 0);
	set_descriptor(TSS_FAULT, (uint32_t)&tss_fault, sizeof(tss_fault) - 1, SYS_TSS | PRESENT, 0);
	for (uint32_t selector = SCRATCH; selector < GDT_END; selector += 8)
		set_descriptor(selector, 0, 0, 0, 0);
}

static void make_idt(void)
{
	for (unsigned vector = 0; vector < 0x60; vector++)
		set_vector(vector, CODE0, trap_stubs + 16 * vector, SYS_INTERRUPT_GATE | PRESENT);
	set_vector(BP, CODE0, trap_stubs + 16 * BP, SYS_INTERRUPT_GATE | PRESENT | DPL3);
	set_vector(OF, CODE0, trap_stubs + 16 * OF, SYS_INTERRUPT_GATE | PRESENT | DPL3);
	set_vector(DONE, CODE0, trap_stubs + 16 * DONE, SYS_INTERRUPT_GATE | PRESENT | DPL3);
	set_vector(DF, TSS_FAULT, 0, SYS_TASK_GATE | PRESENT);
}

/* A task that would run code in ring 0 with flat segments. */
static void make_task(struct tss *tss, const void *code, uint8_t *stack)
{
	tss->eip = (uint32_t)code;
	tss->eflags = FLAG_ONE;
	tss->esp = (uint32_t)(stack + STACK);
	tss->cs = CODE0;
	tss->ss = tss->ds = tss->es = tss->fs = tss->gs = DATA0;
	tss->esp0 = (uint32_t)(trap_stack + STACK);
	tss->ss0 = DATA0;
	tss->esp1 = (uint32_t)(stack1 + STACK);
	tss->ss1 = DATA1;
	tss->esp2 = tss->ss2 = tss->ldt = tss->link = 0;
	tss->trap = 0;
	tss->bitmap = sizeof(struct tss); /* beyond the limit: no port is permitted */
}

unsigned task_vector;

void reset_tables(void)
{
	make_gdt();
	make_idt();
	task_vector = DF;
	make_task(&tss_main, gate_entry, stack0);
	make_task(&tss_other, gate_entry, stack0);
	make_task(&tss_fault, fault_task, fault_stack);
}

void make_tables(void)
{
	static struct __attribute__((packed)) { uint16_t limit; const void *base; } gdt_register, idt_register;
	reset_tables();
	set_descriptor(TSS_MAIN, (uint32_t)&tss_main, sizeof(tss_main) - 1, SYS_TSS | PRESENT, 0);
	gdt_register.limit = sizeof(gdt) - 1;
	gdt_register.base = gdt;
	idt_register.limit = 0x60 * 8 - 1;
	idt_register.base = idt;
	load_tables(&gdt_register, &idt_register);
}
