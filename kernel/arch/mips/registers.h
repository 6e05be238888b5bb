/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Registers by name, for assembly (o32), and coprocessor 0's for both.
 */
#pragma once

#define C0_INDEX $0
#define C0_RANDOM $1
#define C0_ENTRYLO0 $2                 /* R3000: its only one, EntryLo */
#define C0_ENTRYLO1 $3
#define C0_CONTEXT $4
#define C0_PAGEMASK $5
#define C0_WIRED $6
#define C0_BADVADDR $8
#define C0_COUNT $9
#define C0_ENTRYHI $10
#define C0_COMPARE $11
#define C0_STATUS $12
#define C0_CAUSE $13
#define C0_EPC $14
#define C0_PRID $15
#define C0_CONFIG $16

/* Cause. */
#define CAUSE_CODE_MASK 0x7c           /* the exception's code, times 4 */
#define CAUSE_IP2 0x400                /* the board's 8259 */
#define CAUSE_BD_SHIFT 31
#define CAUSE_UNIT_SHIFT 28            /* of CODE_UNUSABLE: which coprocessor */

/* Exception codes. */
#define CODE_INTERRUPT 0
#define CODE_MODIFIED 1
#define CODE_TLB_LOAD 2
#define CODE_TLB_STORE 3
#define CODE_ADDRESS_LOAD 4
#define CODE_ADDRESS_STORE 5
#define CODE_BUS_CODE 6
#define CODE_BUS_DATA 7
#define CODE_SYSCALL 8
#define CODE_BREAK 9
#define CODE_RESERVED 10
#define CODE_UNUSABLE 11
#define CODE_OVERFLOW 12
#define CODE_TRAP 13                   /* R4000 */

#ifndef __ASSEMBLER__
#include <stdint.h>

/* name_read(), name_write(value): coprocessor 0's register, and the time that it takes until others see it. */
#define CP0_REGISTER(name_, number_)                                                                    \
	static inline uint32_t name_##_read(void)                                                       \
	{                                                                                               \
		uint32_t value;                                                                         \
		__asm__ volatile(".set push\n\t.set noreorder\n\t"                                      \
		                 "mfc0 %0,$" #number_ "\n\tnop\n\t.set pop" : "=r"(value));             \
		return value;                                                                           \
	}                                                                                               \
	static inline void name_##_write(uint32_t value)                                                \
	{                                                                                               \
		__asm__ volatile(".set push\n\t.set noreorder\n\t"                                      \
		                 "mtc0 %0,$" #number_ "\n\t" CP0_HAZARD "\n\t.set pop" : : "r"(value) : "memory"); \
	}
/* An instruction on coprocessor 0 without operands. */
#define CP0_OPERATION(name_)                                                                            \
	static inline void name_(void)                                                                  \
	{                                                                                               \
		__asm__ volatile(".set push\n\t.set noreorder\n\t" CP0_HAZARD "\n\t"                    \
		                 #name_ "\n\t" CP0_HAZARD "\n\t.set pop" : : : "memory");               \
	}
/* Writes EntryLo's words, as they are, to an entry. */
#define CP0_TLB_WRITE                                                                                   \
	static inline void tlb_write(uint32_t entry_hi, uint32_t index)                                 \
	{                                                                                               \
		__asm__ volatile(".set push\n\t.set noreorder\n\t"                                      \
		                 "mtc0 %0,$10\n\tmtc0 %1,$0\n\t" CP0_HAZARD "\n\ttlbwi\n\t.set pop"       \
		                 : : "r"(entry_hi), "r"(index) : "memory");                             \
	}
#endif
