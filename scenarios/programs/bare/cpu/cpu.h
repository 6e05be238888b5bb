/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bare-cpu: claims about the processor, from the manuals, tried on the machine it runs on.
 *
 * A trial is a snippet of code, started with all registers chosen (struct frame), in any ring.  It ends by a trap:
 * a fault that it met, or int $DONE at its end.  Every trap comes to one place, which leaves the processor's state
 * at that moment in `outcome` and goes back to whoever called run().
 *
 *   run(frame) --iret--> snippet --any trap--> trap stub (trap.S) --> caught() --> run() returns
 *
 * Sources, as the claims name them: I386 is the Intel386 DX Programmer's Reference Manual, I486 the i486 Processor
 * Programmer's Reference Manual, P5 the Pentium Processor User's Manual, volume 3.
 */
#pragma once

typedef unsigned char uint8_t;
typedef unsigned short uint16_t;
typedef unsigned int uint32_t;
typedef unsigned long long uint64_t;
typedef enum { false, true } bool;

/* The registers of a trial, in the order in which trap.S pushes them. */
struct frame {
	uint32_t edi, esi, ebp, ignored_esp, ebx, edx, ecx, eax;
	uint32_t gs, fs, es, ds;
	uint32_t vector, error;
	uint32_t eip, cs, eflags, esp, ss;
};

enum {
	DE = 0, DB = 1, NMI = 2, BP = 3, OF = 4, BR = 5, UD = 6, NM = 7, DF = 8, TS = 10, NP = 11, SS = 12,
	GP = 13, PF = 14,
	IRQ0 = 0x20, DONE = 0x40, /* int $DONE ends a trial */
	GATE = 0x41               /* this vector and the next ones are for trials of gates */
};

enum {
	FLAG_CF = 1 << 0, FLAG_ONE = 1 << 1, FLAG_ZF = 1 << 6, FLAG_TF = 1 << 8, FLAG_IF = 1 << 9, FLAG_DF = 1 << 10,
	FLAG_OF = 1 << 11, FLAG_IOPL_1 = 1 << 12, FLAG_IOPL_3 = 3 << 12, FLAG_NT = 1 << 14, FLAG_RF = 1 << 16,
	FLAG_AC = 1 << 18, FLAG_ID = 1 << 21
};

/* Selectors of the GDT (tables.c). */
enum {
	CODE0 = 0x08, DATA0 = 0x10, CODE1 = 0x18 | 1, DATA1 = 0x20 | 1, CODE3 = 0x28 | 3, DATA3 = 0x30 | 3,
	TSS_MAIN = 0x38, TSS_OTHER = 0x40, TSS_FAULT = 0x48, LDT = 0x50, CONFORMING = 0x58,
	SCRATCH = 0x60, SCRATCH2 = 0x68, SCRATCH3 = 0x70, SCRATCH4 = 0x78, GDT_END = 0x80
};

/* Access bytes of descriptors. */
enum {
	PRESENT = 0x80, DPL1 = 0x20, DPL2 = 0x40, DPL3 = 0x60,
	DATA_R = 0x10, DATA_W = 0x12, DATA_DOWN = 0x16, CODE_X = 0x18, CODE_R = 0x1a, CODE_C = 0x1c, CODE_CR = 0x1e,
	ACCESSED = 0x01,
	SYS_LDT = 0x02, SYS_TASK_GATE = 0x05, SYS_TSS = 0x09, SYS_TSS_BUSY = 0x0b, SYS_CALL_GATE = 0x0c,
	SYS_INTERRUPT_GATE = 0x0e, SYS_TRAP_GATE = 0x0f
};
enum { BIG = 4, GRANULAR = 8 };

struct tss {
	uint32_t link, esp0, ss0, esp1, ss1, esp2, ss2, cr3, eip, eflags, eax, ecx, edx, ebx, esp, ebp, esi, edi;
	uint32_t es, cs, ss, ds, fs, gs, ldt;
	uint16_t trap, bitmap;
	uint8_t permission[132]; /* ports 0 .. 0x41f */
};

/* --- trap.S --- */
extern struct frame outcome;
void run_trial(const struct frame *frame);
/* Entry of a gate whose trap ends the trial as vector GATE, whatever ring it came to. */
extern const char gate_entry[];
/* What the vectors with a task gate to TSS_FAULT are to be recorded as: DF, unless a trial says otherwise. */
extern unsigned task_vector;
/* Loads GDT, IDT and TR as tables.c made them. */
void load_tables(const void *gdt_register, const void *idt_register);

/* --- tables.c --- */
extern uint32_t gdt[GDT_END / 4], ldt[16], idt[256 * 2];
extern struct tss tss_main, tss_other, tss_fault;
enum { STACK = 4096 };
extern uint8_t stack0[STACK], stack1[STACK], stack3[STACK], trap_stack[STACK], fault_stack[STACK];
void make_tables(void);
/* The default gates, TSS contents and scratch descriptors again: a trial may change all of them. */
void reset_tables(void);
void set_descriptor(uint32_t selector, uint32_t base, uint32_t limit, unsigned access, unsigned flags);
void set_gate(uint32_t selector, uint32_t target_selector, const void *target, unsigned access, unsigned parameters);
void set_vector(unsigned vector, uint32_t selector, const void *target, unsigned access);
/* The access byte as it stands in the table now. */
unsigned access_of(uint32_t selector);

/* --- claims.c --- */
/* A trial: run_trial, and the selectors in outcome cut to 16 bits (what is pushed above them is not defined). */
void run(const struct frame *frame);
/* A trial's frame: flat segments and a stack of the ring, flags clear, at code. */
struct frame in_ring(unsigned ring, const void *code);
/* For the next claim only: QEMU does not do it, for this reason. */
void not_in_qemu(const char *reason);
void chapter(const char *name);
/* The outcome is that trap, with that error code (0 if it has none), EIP at that place. */
void claim_trap(const char *text, unsigned vector, uint32_t error, const void *eip);
/* The outcome is the trial's end. */
void claim_done(const char *text);
void claim_equal(const char *text, uint32_t got, uint32_t expected);
void claim(const char *text, bool holds);
extern bool under_qemu;
extern bool brief;      /* only claims that fail are printed, and the totals */
extern unsigned family; /* 3, 4, 5 or more: found by flags AC and ID */
/* Prints the totals; returns how many failed. */
unsigned claims_end(void);
void open_line(void);
void print(const char *text);

/* A piece of code whose name is its address, its end a trap to vector DONE. */
#define SNIPPET(name_, text_)                                                                       \
	extern const char name_[];                                                                  \
	__asm__(".pushsection .snippets, \"ax\"\n" #name_ ":\n" text_ "\nint $0x40\n.popsection\n")
/* The same with a second name within, where "at" is written as name_at: in the text. */
#define SNIPPET_AT(name_, text_) extern const char name_##_at[]; SNIPPET(name_, text_)

static inline void outb(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}
static inline uint8_t inb(uint16_t port)
{
	uint8_t value;
	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}
static inline uint32_t read_cr0(void)
{
	uint32_t value;
	__asm__ volatile("movl %%cr0, %0" : "=r"(value));
	return value;
}
static inline void write_cr0(uint32_t value)
{
	__asm__ volatile("movl %0, %%cr0" : : "r"(value) : "memory");
}
static inline uint32_t read_cr2(void)
{
	uint32_t value;
	__asm__ volatile("movl %%cr2, %0" : "=r"(value));
	return value;
}
static inline void write_cr3(uint32_t value)
{
	__asm__ volatile("movl %0, %%cr3" : : "r"(value) : "memory");
}
static inline uint32_t read_eflags(void)
{
	uint32_t value;
	__asm__ volatile("pushfl\npopl %0" : "=r"(value));
	return value;
}

/* The chapters. */
void chapter_segments(void);
void chapter_limits(void);
void chapter_small_code(void);
void chapter_interrupts(void);
void chapter_far(void);
void chapter_returns(void);
void chapter_tasks(void);
void chapter_exceptions(void);
void chapter_privilege(void);
void chapter_io(void);
void chapter_flags(void);
void chapter_verify(void);
void chapter_paging(void);
void chapter_timer(void);
