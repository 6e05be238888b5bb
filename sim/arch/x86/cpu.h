/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The processor's state, as the simulator owns it.
 *
 * The engine executes ordinary instructions on registers and flags; everything
 * else of an i386 (descriptor tables, control and debug registers, TR, LDTR)
 * lives only here, and every instruction that reads or writes it is performed by
 * the simulator (sim/arch/x86/system.c and its neighbours).
 */
#pragma once
#include "sim/core/types.h"

enum x86_register { EAX, ECX, EDX, EBX, ESP, EBP, ESI, EDI };
enum x86_segment { ES, CS, SS, DS, FS, GS, SEGMENTS };

/* EFLAGS */
enum {
	EFLAGS_CF = 1u << 0, EFLAGS_ONE = 1u << 1, EFLAGS_PF = 1u << 2, EFLAGS_AF = 1u << 4, EFLAGS_ZF = 1u << 6,
	EFLAGS_SF = 1u << 7, EFLAGS_TF = 1u << 8, EFLAGS_IF = 1u << 9, EFLAGS_DF = 1u << 10, EFLAGS_OF = 1u << 11,
	EFLAGS_IOPL = 3u << 12, EFLAGS_NT = 1u << 14, EFLAGS_RF = 1u << 16, EFLAGS_VM = 1u << 17, EFLAGS_AC = 1u << 18,
	EFLAGS_ID = 1u << 21
};
enum { EFLAGS_IOPL_SHIFT = 12 };

/* CR0, CR4 */
#define CR0_PE (1u << 0)
#define CR0_MP (1u << 1)
#define CR0_EM (1u << 2)
#define CR0_TS (1u << 3)
#define CR0_ET (1u << 4)
#define CR0_NE (1u << 5)
#define CR0_WP (1u << 16)
#define CR0_AM (1u << 18)
#define CR0_NW (1u << 29)
#define CR0_CD (1u << 30)
#define CR0_PG (1u << 31)
#define CR4_TSD (1u << 2)
#define CR4_DE (1u << 3)
#define CR4_PSE (1u << 4)
#define CR4_PGE (1u << 7)

/* DR6, DR7 */
enum { DR6_BD = 1u << 13, DR6_BS = 1u << 14, DR6_BT = 1u << 15, DR7_GD = 1u << 13 };

/* The hidden part of a segment register. */
struct x86_segment_cache {
	uint16_t selector;
	bool usable;        /* false: null, or invalidated by a return to an outer ring */
	uint32_t base;
	uint32_t limit;     /* in bytes, granularity applied: the last valid offset (expand-up) */
	uint32_t rights;    /* the descriptor's second word, bits 8..23 as they stand there (type, S, DPL, P, AVL, D/B, G) */
};

/* Bits of rights, as in a descriptor's second word. */
enum {
	RIGHTS_ACCESSED = 1u << 8, RIGHTS_WRITABLE = 1u << 9 /* data */, RIGHTS_READABLE = 1u << 9 /* code */,
	RIGHTS_EXPAND_DOWN = 1u << 10 /* data */, RIGHTS_CONFORMING = 1u << 10 /* code */, RIGHTS_CODE = 1u << 11,
	RIGHTS_S = 1u << 12, RIGHTS_PRESENT = 1u << 15, RIGHTS_BIG = 1u << 22, RIGHTS_GRANULAR = 1u << 23
};
#define RIGHTS_DPL(rights) (((rights) >> 13) & 3)

struct x86_table { uint32_t base; uint16_t limit; };

struct x86_cpu {
	uint32_t reg[8];
	uint32_t eip, eflags;
	uint32_t cpl;
	struct x86_segment_cache seg[SEGMENTS];
	struct x86_segment_cache ldtr, tr;
	struct x86_table gdtr, idtr;
	uint32_t cr0, cr2, cr3, cr4;
	uint32_t dr[8];
	uint64_t tsc_offset; /* rdtsc = now + this */
	bool shadow;         /* interrupts are held off for one instruction (sti, mov ss, pop ss) */
	bool string_begun;   /* eip is at a rep string that has stopped between elements: its beginning is paid for */
	bool halted;         /* hlt: waits for an interrupt */
	bool shutdown;       /* triple fault */
};

/* Exceptions. */
enum x86_vector {
	VECTOR_DE = 0, VECTOR_DB = 1, VECTOR_NMI = 2, VECTOR_BP = 3, VECTOR_OF = 4, VECTOR_BR = 5, VECTOR_UD = 6,
	VECTOR_NM = 7, VECTOR_DF = 8, VECTOR_TS = 10, VECTOR_NP = 11, VECTOR_SS = 12, VECTOR_GP = 13, VECTOR_PF = 14,
	VECTOR_MF = 16, VECTOR_AC = 17
};

/* A fault that an operation met: nothing of the operation has been done. */
struct x86_fault {
	int vector;          /* -1: none */
	bool has_error;
	uint32_t error;
	uint32_t address;    /* CR2 of a page fault */
};

/* Page fault's error code. */
enum { PF_PRESENT = 1, PF_WRITE = 2, PF_USER = 4 };
