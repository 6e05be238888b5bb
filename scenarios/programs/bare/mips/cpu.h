/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bare-cpu for MIPS: claims about the processor, from the manuals, tried on the machine it runs on.
 *
 * A trial is a snippet of code, started with all registers chosen (struct frame), in kernel or user mode.  It ends
 * by an exception: one that it met, or syscall DONE at its end.  Every exception comes to one place, which leaves
 * the processor's state at that moment in `outcome` and goes back to whoever called run().
 *
 *   run(frame) --rfe/eret--> snippet --any exception--> vector --> caught (trap.S) --> run() returns
 *
 * Snippets lie in pages of their own.  Kernel mode runs them in kseg0, user mode in kuseg, where wired TLB entries
 * map them, and the page `data`, at their physical addresses: USER() of an address.
 *
 * Sources, as the claims name them: KANE is "MIPS RISC Architecture" (R2000, R3000), R4000 the MIPS R4000 User's
 * Manual.  What differs between the generations stands in r3000/ and r4000/ under the same names (generation.h).
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The registers of a trial.  trap.S knows this order. */
struct frame {
	uint32_t reg[32];       /* of a trial's beginning, reg[26] and reg[27] are not taken */
	uint32_t hi, lo;
	uint32_t pc;            /* of the outcome: EPC */
	uint32_t status;        /* of the trial; of the outcome: as the exception has left it */
	uint32_t entry_hi;
	uint32_t vector;        /* from here on of the outcome only: the vector's offset */
	uint32_t cause, address, context;
};

enum { V0 = 2, V1, A0, A1, A2, A3, T0, T1, T2, T3, T4, S0 = 16, SP = 29, RA = 31 };

enum {
	INT = 0, MOD = 1, TLBL = 2, TLBS = 3, ADEL = 4, ADES = 5, IBE = 6, DBE = 7, SYS = 8, BP = 9, RI = 10, CPU = 11,
	OV = 12, TR = 13
};

#define BIT_BD (1u << 31)
#define STATUS_CU0 (1u << 28)
#define STATUS_BEV (1u << 22)

#define KSEG0 0x80000000u
#define KSEG1 0xa0000000u
#define KSEG2 0xc0000000u
#define PHYSICAL(p_) ((uint32_t)(uintptr_t)(p_) & 0x1fffffffu)
#define USER(p_) PHYSICAL(p_)
#define UNCACHED(p_) (PHYSICAL(p_) | KSEG1)

enum { PAGE = 4096 };

/* Virtual addresses for trials of the TLB; nothing is mapped there but by the trial. */
enum { FREE_1 = 0x00c00000, FREE_2 = 0x30404000 };

#include "generation.h"

/* --- trap.S --- */
extern struct frame outcome;
void run(const struct frame *frame);
void flush_code(void);               /* what was written as data may be executed */
uint32_t read_status(void);
void write_status(uint32_t value);
uint32_t read_cause(void);
void write_cause(uint32_t value);

/* --- claims.c --- */
/* A trial's frame: a snippet in kernel or user mode, interrupts masked, its stack and data in reach. */
struct frame in_kernel(const void *code);
struct frame in_user(const void *code);
/* For the next claim only: this emulator does not do it, for this reason. */
void not_in_qemu(const char *reason);
void not_in_gxemul(const char *reason);
/* For all claims from here on, until NULL is the reason. */
void unlike_gxemul(const char *reason);
/* Under GXemul: skips a claim whose trial would not come back, and says true. */
bool gxemul_cannot(const char *text, const char *reason);
void chapter(const char *name);
void claim(const char *text, bool holds);
void claim_equal(const char *text, uint32_t got, uint32_t expected);
/* The outcome is that exception, by the general vector, with EPC and BD so. */
void claim_trap(const char *text, unsigned code, uint32_t epc, bool slot);
/* The same, by the refill vector. */
void claim_refill(const char *text, unsigned code, uint32_t epc, bool slot);
/* The outcome is the trial's end. */
void claim_done(const char *text);
bool is_done(void);
extern bool under_qemu, under_gxemul, brief;
unsigned claims_end(void);           /* prints the totals; returns how many failed */
void open_line(void);
void print(const char *text);

/* --- tlb.c: what chapters use of it --- */
void tlb_init(void);
/* Entry by index; for the R4000 the pair's other half is invalid, or as map_pair says. */
void map(unsigned index, uint32_t address, uint32_t frame, unsigned asid, unsigned rights);
void unmap(unsigned index);
void unmap_all(void);                /* but the wired ones */
extern uint32_t tlb_entries;

/* Pages of RAM for trials: in the image, so that they are somewhere. */
extern uint8_t data[4 * PAGE];

/* A piece of code whose name is its address, its end a trap that says DONE. */
#define SNIPPET(name_, text_)                                                                                       \
	extern const uint32_t name_[];                                                                              \
	__asm__(".pushsection .snippets, \"ax\"\n.set push\n.set noreorder\n.set noat\n.balign 4\n" #name_ ":\n" text_ \
	        "\nsyscall 0xd0e\nnop\n.set pop\n.popsection\n")
/* The same with a second name within, where "at" is written as name_at: in the text. */
#define SNIPPET_AT(name_, text_) extern const uint32_t name_##_at[]; SNIPPET(name_, text_)

static inline void outb(uint16_t port, uint8_t value)
{
	*(volatile uint8_t *)(0xb8000000u + port) = value;
}
static inline uint8_t inb(uint16_t port)
{
	return *(volatile uint8_t *)(0xb8000000u + port);
}
static inline uint16_t inw(uint16_t port)
{
	return *(volatile uint16_t *)(0xb8000000u + port);
}
static inline uint32_t load(uint32_t address)
{
	return *(volatile uint32_t *)address;
}
static inline void store(uint32_t address, uint32_t value)
{
	*(volatile uint32_t *)address = value;
}

/* A register of coprocessor 0, by its number. */
#define CP0_READ(number_)                                                                                       \
	({ uint32_t value_; __asm__ volatile("mfc0 %0, $" #number_ "\nnop" : "=r"(value_)); value_; })
#define CP0_WRITE(number_, value_)                                                                              \
	__asm__ volatile("mtc0 %0, $" #number_ "\nnop\nnop\nnop" : : "r"(value_) : "memory")

/* The chapters. */
void chapter_arithmetic(void);
void chapter_multiply(void);
void chapter_branches(void);
void chapter_memory(void);
void chapter_unaligned(void);
void chapter_addresses(void);
void chapter_exceptions(void);
void chapter_slots(void);
void chapter_reserved(void);
void chapter_tlb(void);
void chapter_faults(void);
void chapter_random(void);
void chapter_refill(void);
void chapter_interrupts(void);
void chapter_board(void);
void chapter_generation(void); /* what only this one has: r3000/, r4000/ */
