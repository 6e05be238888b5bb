/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The processor's state, as the simulator owns it: R2000, R3000 (Kane, "MIPS RISC Architecture", 1988) and R4000
 * ("MIPS R4000 Microprocessor User's Manual", 1994), in 32-bit mode, little-endian.
 *
 * The engine executes ordinary instructions on the general registers, HI and LO; coprocessor 0, its TLB, and every
 * instruction that reads or writes them live only here.
 */
#pragma once
#include "sim/core/types.h"

enum mips_register {
	R_ZERO, R_AT, R_V0, R_V1, R_A0, R_A1, R_A2, R_A3, R_T0, R_T1, R_T2, R_T3, R_T4, R_T5, R_T6, R_T7,
	R_S0, R_S1, R_S2, R_S3, R_S4, R_S5, R_S6, R_S7, R_T8, R_T9, R_K0, R_K1, R_GP, R_SP, R_FP, R_RA
};

/* Registers of coprocessor 0.  R2000/R3000 have those marked 3, R4000 those marked 4. */
enum mips_cp0 {
	CP0_INDEX = 0 /* 34 */, CP0_RANDOM = 1 /* 34 */, CP0_ENTRYLO0 = 2 /* 34, the 3's only EntryLo */,
	CP0_ENTRYLO1 = 3 /* 4 */, CP0_CONTEXT = 4 /* 34 */, CP0_PAGEMASK = 5 /* 4 */, CP0_WIRED = 6 /* 4 */,
	CP0_BADVADDR = 8 /* 34 */, CP0_COUNT = 9 /* 4 */, CP0_ENTRYHI = 10 /* 34 */, CP0_COMPARE = 11 /* 4 */,
	CP0_STATUS = 12 /* 34 */, CP0_CAUSE = 13 /* 34 */, CP0_EPC = 14 /* 34 */, CP0_PRID = 15 /* 34 */,
	CP0_CONFIG = 16 /* 4 */, CP0_LLADDR = 17 /* 4 */, CP0_WATCHLO = 18 /* 4 */, CP0_WATCHHI = 19 /* 4 */,
	CP0_ECC = 26 /* 4 */, CP0_CACHEERR = 27 /* 4 */, CP0_TAGLO = 28 /* 4 */, CP0_TAGHI = 29 /* 4 */, CP0_ERROREPC = 30 /* 4 */
};

/* Status.  The R2000/R3000's stack of (KU, IE) pairs: KU 1 is user mode. */
#define SR3_IEC (1u << 0)
#define SR3_KUC (1u << 1)
#define SR3_STACK 0x3fu
#define SR3_ISC (1u << 16)   /* caches isolated from memory */
#define SR3_SWC (1u << 17)   /* caches swapped */
#define SR3_TS (1u << 21)    /* TLB shutdown */
#define SR_BEV (1u << 22)
#define SR_IM 0xff00u        /* both: interrupt mask, as Cause.IP */
#define SR_CU0 (1u << 28)
#define SR_CU 0xf0000000u
/* The R4000's. */
#define SR4_IE (1u << 0)
#define SR4_EXL (1u << 1)
#define SR4_ERL (1u << 2)
#define SR4_KSU (3u << 3)    /* 0 kernel, 1 supervisor, 2 user */
#define SR4_KSU_USER (2u << 3)

#define CAUSE_BD (1u << 31)
#define CAUSE_CE_SHIFT 28
#define CAUSE_IP 0xff00u
#define CAUSE_IP_SOFTWARE 0x0300u
#define CAUSE_IP2 (1u << 10) /* the board's 8259 */
#define CAUSE_IP7 (1u << 15) /* the R4000's Count/Compare */
#define CAUSE_CODE_SHIFT 2

/* Exception codes. */
enum mips_exception {
	EXC_INT = 0, EXC_MOD = 1, EXC_TLBL = 2, EXC_TLBS = 3, EXC_ADEL = 4, EXC_ADES = 5, EXC_IBE = 6, EXC_DBE = 7,
	EXC_SYS = 8, EXC_BP = 9, EXC_RI = 10, EXC_CPU = 11, EXC_OV = 12, EXC_TR = 13 /* 4 */
};

/* EntryHi and EntryLo. */
#define HI3_ASID_SHIFT 6
#define LO3_N (1u << 11)
#define LO3_D (1u << 10)
#define LO3_V (1u << 9)
#define LO3_G (1u << 8)
#define LO4_G (1u << 0)
#define LO4_V (1u << 1)
#define LO4_D (1u << 2)
#define LO4_C (7u << 3)
#define LO4_PFN_SHIFT 6

/* Segments of the address space. */
#define KSEG0 0x80000000u
#define KSEG1 0xa0000000u
#define KSEG2 0xc0000000u
#define UNMAPPED_PHYSICAL 0x1fffffffu

/* Vectors (BEV clear). */
#define VECTOR_REFILL 0x80000000u
#define VECTOR3_GENERAL 0x80000080u
#define VECTOR4_GENERAL 0x80000180u

struct mips_cpu {
	uint32_t reg[32];
	uint32_t hi, lo;
	vaddr_t pc;          /* of the next instruction */
	/* The next instruction is in the delay slot of the branch at pc - 4, and control goes here after it. */
	bool in_slot;
	vaddr_t slot_target;
	uint32_t cp0[32];    /* but Random, Count and Cause.IP's hardware bits, which are computed when they are read */
	uint64_t random_base;  /* R4000: instructions retired when Random was last at its upper bound */
	cycle_t count_base;    /* R4000: Count = (now - count_base) / 2 */
	cycle_t compare_due;   /* R4000: IP7 is set from this cycle on, until Compare is written */
	cycle_t hilo_ready;    /* T3 of timing.h */
	cycle_t ready[32];     /* T2 */
	cycle_t drained;       /* T7: when the write buffer will be empty */
	bool linked;           /* ll */
	bool waiting;          /* wait (R4000's successors): until an interrupt */
	bool shutdown;         /* TLB shutdown, or reset */
};
