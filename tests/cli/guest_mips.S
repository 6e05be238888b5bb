/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * MIPS guests that end each in its own way: -DEND=fine, failed, resets, panics, loops, reserved, ... (each said
 * where it stands).  MIPS I, little-endian; for an R4000 with -DGENERAL=0x180.  Where not said otherwise, an
 * exception shuts the guest down with its code + 100, a TLB refill with 99.
 */
#define ENTRY_HI $10
#define ENTRY_LO $2
#define INDEX $0
#define STATUS $12
#define CAUSE $13
#if GENERAL == 0x80
#define ENTRY(n) (n << 8)
#define VALID 0x200
#else
#define ENTRY(n) n
#define VALID 2
#endif

	/* From an exception to $26, which is EPC. */
	.macro go_back
#if GENERAL == 0x80
	jr $26
	rfe
#else
	.set push
	.set mips3
	eret
	.set pop
	nop
#endif
	.endm

	.set noreorder
	.set noat
	.text
	.globl start
start:
	mtc0 $0, STATUS
	la $8, refill_begin
	lui $9, 0x8000
	jal copy
	addiu $10, $8, 128
	la $8, general_begin
	lui $9, 0x8000
	ori $9, $9, GENERAL
	jal copy
	addiu $10, $8, 64
	j END
	nop

copy:
	lw $11, 0($8)
	addiu $8, $8, 4
	sw $11, 0($9)
	bne $8, $10, copy
	addiu $9, $9, 4
	jr $31
	nop

	.macro shut_down
990:	nop
	.pushsection .muk_probes, "", @progbits
	.4byte 990b
	.byte 1
	.asciz "shutdown", "4@$2"
	.popsection
	.endm

/* --- ends --- */
fine:
	b 1f
	addiu $2, $0, 0
failed:
	addiu $2, $0, 7
1:	shut_down
	b .
	nop

/* The board's reset, though nobody has said that all is well. */
resets:
	addiu $2, $0, 0x42
	lui $3, 0xbf00
	sw $2, 0x500($3)
	b .
	nop

panics:
	la $2, sentence
991:	nop
	.pushsection .muk_probes, "", @progbits
	.4byte 991b
	.byte 1
	.asciz "panic", "4@$2"
	.popsection
loops:
	b loops
	addiu $3, $3, 1

halts:
	b halts
	nop

/* --- exceptions: the general vector tells which --- */
reserved:
	.word 0x0000003f
unaligned:
	lui $3, 0x8010
	lw $2, 1($3)
nobody_there:
	lui $3, 0xba00
	lw $2, 0($3)
	nop
later_isa:                              /* ll: MIPS II */
	lui $3, 0x8010
	.word 0xc0620000
	b fine
	nop
touches_memory:
	lui $3, 0x0040
	lw $2, 0($3)
	nop
	b fine
	nop

/* The kernel's entry code runs in user mode, at an address that is the kernel's. */
leaves_for_kernel:
#if GENERAL == 0x80
	addiu $3, $0, 8                 /* KUp */
#else
	addiu $3, $0, 0x12              /* KSU user, EXL */
#endif
	la $26, fine
	mtc0 $26, $14
	mtc0 $3, STATUS
	nop
	nop
	nop
	go_back

/* --- the TLB --- */

/* Two entries, 3 and 5, for one page, and an access to it. */
tlb_conflict:
	lui $3, 0x0040
	mtc0 $3, ENTRY_HI
	addiu $4, $0, VALID
	mtc0 $4, ENTRY_LO
	addiu $5, $0, ENTRY(3)
	mtc0 $5, INDEX
	nop
	tlbwi
	nop
	addiu $5, $0, ENTRY(5)
	mtc0 $5, INDEX
	nop
	tlbwi
	nop
	nop
	lw $2, 0x10($3)
	nop
	b fine
	nop

	.balign 4
sentence:
	.asciz "the test gave up"
	.balign 4

/* --- the handlers, copied to the vectors --- */
refill_begin:
#if defined REFILL_LOOPS                /* returns, and has mended nothing */
	mfc0 $26, $14
	nop
	go_back
#elif defined REFILL_SPINS
1:	b 1b
	addiu $27, $27, 1
#elif defined REFILL_FAULTS             /* its own table is not there: kseg2 */
	lui $26, 0xc000
	lw $27, 0($26)
	nop
	go_back
#elif defined REFILL_MISSES             /* its own table is in kuseg */
	lui $26, 0x0050
	lw $27, 0($26)
	nop
	go_back
#elif defined REFILL_TWICE              /* two entries for the page that missed */
	mfc0 $26, $14
	addiu $27, $0, VALID
	mtc0 $27, ENTRY_LO
	addiu $27, $0, ENTRY(9)
	mtc0 $27, INDEX
	nop
	tlbwi
	addiu $27, $0, ENTRY(11)
	mtc0 $27, INDEX
	nop
	tlbwi
	nop
	go_back
#else
	addiu $2, $0, 99
	la $26, 1f
	jr $26
	nop
1:	shut_down
	b .
	nop
#endif
	.space 128
general_begin:
	la $26, 1f
	jr $26
	nop
	nop
1:	mfc0 $2, CAUSE
	nop
	srl $2, $2, 2
	andi $2, $2, 31
	addiu $2, $2, 100
	shut_down
	b .
	nop
	.space 64
