/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The processor's instructions that C has no words for.
 */
#pragma once
#include <stdint.h>

static inline void out8(uint16_t port, uint8_t value) { __asm__ volatile("outb %0,%1" : : "a"(value), "Nd"(port)); }
static inline uint8_t in8(uint16_t port)
{
	uint8_t value;
	__asm__ volatile("inb %1,%0" : "=a"(value) : "Nd"(port));
	return value;
}

/* Whose ELF files are modules. */
enum { ELF_MACHINE = 3 };
#define ELF_MACHINE_NAME "i386"

static inline void interrupts_off(void) { __asm__ volatile("cli" : : : "memory"); }

/* With interrupts off: an interrupt is let in when there is one, and off they are again.  STI lets none in before the
 * instruction after it: none is lost between the two. */
static inline void cpu_wait(void) { __asm__ volatile("sti; hlt; cli" : : : "memory"); }
/* Nothing happens any more. */
static inline void cpu_halt(void) { __asm__ volatile("cli; hlt"); }

static inline uint32_t cr2_read(void)
{
	uint32_t value;
	__asm__ volatile("movl %%cr2,%0" : "=r"(value));
	return value;
}
static inline uint32_t cr3_read(void)
{
	uint32_t value;
	__asm__ volatile("movl %%cr3,%0" : "=r"(value));
	return value;
}
static inline void cr3_write(uint32_t value) { __asm__ volatile("movl %0,%%cr3" : : "r"(value) : "memory"); }
