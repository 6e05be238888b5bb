/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What C has no words for: the board's I/O space, and the processor's halts.  Devices are reached uncached, in kseg1,
 * and a port is a byte of the ISA window there (Malta user's manual, ch. 6).
 */
#pragma once
#include <stdint.h>

#define KSEG0_BASE 0x80000000u
#define KSEG1_BASE 0xa0000000u
#define PHYSICAL_MASK 0x1fffffffu

/* Physical addresses of the board. */
#define ISA_WINDOW 0x18000000u
#define ISA_WINDOW_SIZE 0x10000u
#define INTERRUPT_ACKNOWLEDGE 0x1be00c34u /* GT-64120: a load is an INTA cycle on PCI, and gives the 8259's vector */
#define SOFTRES 0x1f000500u               /* a store of this resets the board: */
enum { SOFTRES_RESET = 0x42 };

static inline volatile uint8_t *isa_port(uint16_t port)
{
	return (volatile uint8_t *)(KSEG1_BASE + ISA_WINDOW + port);
}
static inline void out8(uint16_t port, uint8_t value) { *isa_port(port) = value; }
static inline uint8_t in8(uint16_t port) { return *isa_port(port); }

/* The line whose interrupt waits at the 8259, of which this is the acknowledgement.  (What comes is the vector, whose
 * low four bits are the line's number: base/pic.h.) */
static inline unsigned interrupt_acknowledge(void)
{
	return *(volatile uint32_t *)(KSEG1_BASE + INTERRUPT_ACKNOWLEDGE) & 0xf;
}

/* Whose ELF files are modules. */
enum { ELF_MACHINE = 8 };
#define ELF_MACHINE_NAME "MIPS"

/* The kernel's own entries and exits see to that: in the kernel they are off. */
static inline void interrupts_off(void) {}
/* With interrupts off: an interrupt is let in when there is one, and dealt with. The kernel's own entry.S has it. */
void cpu_wait(void);
/* Nothing happens any more: the board is reset, and where that is not the end nobody comes further. */
static inline void cpu_halt(void)
{
	*(volatile uint32_t *)(KSEG1_BASE + SOFTRES) = SOFTRES_RESET;
}
