/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs of the run loop's tests, for kernel mode at 0x80000000.
 * The rig (rig.c) makes the page table: words of EntryLo for user pages, at TABLE, as Context points to them.
 *
 * For an R4000 the rig puts what is at 0xf80 at 0, and what is at 0xf40 at 0xf00.
 *
 * A program begins at a symbol of the table at 0x400 (programs.def), and ends in `done`.
 * Each exception but a refill is written to the log (LOG: count, then four words each: Cause, EPC, BadVAddr, the
 * processor's t9).  Its handler goes on behind the instruction (with BD: behind the slot); an interrupt's goes on at
 * it, after the device's line has been lowered; a syscall with v0 = 1 ends the program.
 */
#define LOG 0x80005000
#define LOG_MOST 200
#define SAVED 0x80004f00
#define RESULT 0x80006000
#define DEVICE 0xb8000000
#define USER_DATA 0x10000000

#define INDEX $0
#define ENTRYLO $2
#define ENTRYLO1 $3
#define CONTEXT $4
#define BADVADDR $8
#define STATUS $12
#define CAUSE $13
#define EPC $14

	.set noreorder
	.set noat
	.text
	.globl __start
__start:
refill3:
	mfc0 $k1, CONTEXT
	nop
	lw $k1, 0($k1)
	mfc0 $k0, EPC
	mtc0 $k1, ENTRYLO
	nop
	tlbwr
	jr $k0
	rfe

	.org 0x80
	j general
	nop

	.org 0x180
	j general
	nop

	.org 0x400
#define PROGRAM(name) .word name;
#include "programs.def"
#undef PROGRAM

	.org 0x800
general:
	la $k0, SAVED
	sw $t0, 0($k0)
	sw $t1, 4($k0)
	sw $t2, 8($k0)
	la $t0, LOG
	lw $t1, 0($t0)
	nop
	sltiu $t2, $t1, LOG_MOST
	beqz $t2, done
	addiu $t2, $t1, 1
	sw $t2, 0($t0)
	sll $t1, $t1, 4
	addu $t0, $t0, $t1
	mfc0 $t1, CAUSE
	nop
	sw $t1, 4($t0)
	mfc0 $t2, EPC
	nop
	sw $t2, 8($t0)
	mfc0 $k1, BADVADDR
	nop
	sw $k1, 12($t0)
	sw $t9, 16($t0)
	move $k1, $t2
	andi $t2, $t1, 0x7c
	beqz $t2, interrupt
	addiu $t2, $t2, -0x20
	bnez $t2, 1f
	addiu $t2, $v0, -1
	beqz $t2, done
1:	nop
	bgez $t1, 2f             /* BD */
	addiu $k1, $k1, 4
	addiu $k1, $k1, 4
	b 2f
	nop
interrupt:
	la $t1, DEVICE
	sw $zero, 0x20($t1)
2:	lw $t2, 8($k0)
	lw $t1, 4($k0)
	j 0x80000f00
	lw $t0, 0($k0)

done:
	mtc0 $zero, STATUS
	b .
	nop

	.org 0xf00
	jr $k1
	rfe

	.org 0xf40
	.set push
	.set mips3
	mtc0 $k1, EPC
	nop
	nop
	eret

	.org 0xf80               /* refill of an R4000: a pair at each 16 bytes */
	mfc0 $k1, CONTEXT
	nop
	lw $k0, 0($k1)
	lw $k1, 8($k1)
	mtc0 $k0, ENTRYLO
	mtc0 $k1, ENTRYLO1
	nop
	tlbwr
	nop
	eret
	.set pop

	.org 0x1000
/* 1 + 2 + ... + 1000 */
sums:
	li $t0, 1000
	li $t1, 0
1:	addu $t1, $t1, $t0
	addiu $t0, $t0, -1
	bnez $t0, 1b
	nop
	la $t2, RESULT
	sw $t1, 0($t2)
	j done
	nop

/* What slots do, taken and not. */
slots:
	la $s0, RESULT
	li $t0, 0
	b 1f
	addiu $t0, $t0, 1
	addiu $t0, $t0, 100
1:	beqz $t0, 2f
	addiu $t0, $t0, 2
	addiu $t0, $t0, 4
2:	jal 3f
	sw $t0, 0($s0)
	sw $ra, 4($s0)
	j done
	nop
3:	jr $ra
	addiu $t0, $t0, 8

/* Loads and stores in slots that miss, that are of no page, that are misaligned. */
slot_faults:
	la $s1, USER_DATA
	la $s0, RESULT
	li $t0, 0
	b 1f
	lw $t0, 0($s1)           /* a miss */
	li $t0, -1
1:	sw $t0, 0($s0)
	la $s2, USER_DATA + 0x200000
	b 2f
	lw $t1, 4($s2)           /* no page: behind the slot */
	li $t1, 77
2:	sw $t1, 4($s0)
	bnez $zero, 3f
	sw $t0, 2($s0)           /* misaligned */
	li $t2, 5
3:	sw $t2, 8($s0)
	jal 4f
	sw $t0, 0x1000($s1)      /* a miss: jal again */
	j done
	nop
4:	sw $ra, 12($s0)
	j done
	nop

/* Branches that an engine takes apart otherwise: never taken, to where it goes anyway, with a slot of coprocessor 0. */
likely_pairs:
	la $s0, RESULT
	li $t0, 0
	bne $zero, $zero, 1f
	addiu $t0, $t0, 1
	addiu $t0, $t0, 2
1:	beqz $zero, 2f
	addiu $t0, $t0, 4
2:	bltz $zero, 3f
	addiu $t0, $t0, 8
	b 3f
	mfc0 $t1, STATUS
	addiu $t0, $t0, 16
3:	sw $t0, 0($s0)
	j done
	nop

/* Jumps to the next but one, with registers that their slots write, and to nowhere aligned. */
odd_jumps:
	la $s0, RESULT
	li $t0, 0
	la $t9, 1f
	jr $t9
	addiu $t0, $t0, 1
1:	la $t9, 2f
	jr $t9
	li $t9, 0
2:	addiu $t0, $t0, 2
	la $t9, 3f + 2
	jr $t9
	addiu $t0, $t0, 4
	.word 0                  /* the handler comes to the misaligned target + 4, which is misaligned too */
3:	nop

/* Misaligned addresses in the midst of blocks, with registers that change. */
misaligned:
	la $s0, RESULT
	la $t0, RESULT + 0x100
	addiu $t1, $t0, 0x11
	sw $t1, 0($t0)
	lw $t0, 0($t0)           /* t0 is misaligned from here on */
	addiu $t2, $zero, 7
	lw $t3, 0($t0)           /* faults, not the one before */
	lw $t4, 4($s0)
	lh $t5, 1($s0)           /* faults */
	sw $t2, 3($s0)           /* faults */
	addiu $s0, $s0, 2
	sw $t2, 0($s0)           /* faults */
	sh $t2, 0($s0)
	j done
	nop

overflows:
	la $s0, RESULT
	lui $t0, 0x7fff
	li $t2, 3
	add $t1, $t0, $t0        /* faults: t1 stays */
	addi $t0, $t0, 1
	add $t0, $t0, $t0        /* faults */
	sub $t2, $t2, $t0
	lui $t3, 0x8000
	sub $t3, $t3, $t0        /* faults */
	addi $t3, $t3, -1        /* faults */
	sw $t0, 0($s0)
	sw $t2, 4($s0)
	j done
	nop

/* Writes over code that has run, in its own page and in its own block. */
modifying:
	la $s0, RESULT
	la $s1, 2f
	li $s2, 3
	li $s3, 0
1:	jal 2f
	nop
	lw $t0, 0($s1)
	nop
	addiu $t0, $t0, 1        /* the immediate */
	sw $t0, 0($s1)
	addiu $s2, $s2, -1
	bnez $s2, 1b
	nop
	sw $s3, 0($s0)
	la $t1, 3f
	lui $t2, 0x2409          /* li t1, 9 */
	ori $t2, $t2, 9
	sw $t2, 0($t1)
	nop
3:	li $t1, 1
	sw $t1, 4($s0)
	j done
	nop
2:	addiu $s3, $s3, 1
	jr $ra
	nop

/* Code and data in one page. */
mixed:
	la $s0, 9f
	li $t0, 300
1:	lw $t1, 0($s0)
	nop
	addiu $t1, $t1, 3
	sw $t1, 0($s0)
	addiu $t0, $t0, -1
	bnez $t0, 1b
	nop
	la $t2, RESULT
	sw $t1, 0($t2)
	j done
	nop
9:	.word 0

/* Isolated caches: what is stored does not reach memory, and comes back. */
isolated:
	la $s0, RESULT
	li $t0, 0x1234
	sw $t0, 0($s0)
	lui $t1, 1
	mtc0 $t1, STATUS
	nop
	li $t0, 0x5678
	sw $t0, 0($s0)
	lw $t2, 0($s0)
	mtc0 $zero, STATUS
	nop
	sw $t2, 4($s0)
	lw $t3, 0($s0)
	nop
	sw $t3, 8($s0)
	j done
	nop

/* Through kseg1, in the midst of a block and in a slot. */
uncached:
	la $s0, RESULT
	lui $t0, 0x2000
	addu $s1, $s0, $t0
	li $t1, 5
	sw $t1, 0($s1)
	lw $t2, 0($s0)
	addiu $t2, $t2, 1
	b 1f
	sw $t2, 4($s1)
	nop
1:	lw $t3, 4($s0)
	nop
	sw $t3, 8($s0)
	j done
	nop

/* A counting device: each load gives one more. */
device:
	la $s0, RESULT
	la $s1, DEVICE
	lw $t0, 0x40($s1)
	lw $t1, 0x40($s1)
	sw $t0, 0($s0)
	b 1f
	lw $t2, 0x40($s1)
	nop
1:	sw $t1, 4($s0)
	sw $t2, 8($s0)
	lw $t3, 0x80($s1)        /* nothing answers */
	addiu $t3, $t3, 1
	j done
	nop

/* Counts until ten interrupts were logged, in short blocks. */
spinning:
	la $s0, LOG
	la $s1, RESULT
	li $t0, 0x401
	mtc0 $t0, STATUS
	li $t1, 0
1:	addiu $t1, $t1, 1
	lw $t2, 0($s0)
	nop
	sltiu $t2, $t2, 10
	bnez $t2, 1b
	nop
	sw $t1, 0($s1)
	j done
	nop

/* Idles: the handler's log ends it after 200 interrupts. */
idling:
	li $t0, 0x401
	mtc0 $t0, STATUS
	nop
1:	b 1b
	nop

/* A block of a thousand instructions, begun in several places. */
long_block:
	li $t0, 20
	li $t1, 0
1:	la $t2, 2f
	sll $t3, $t0, 5
	addu $t2, $t2, $t3
	jr $t2
	nop
2:	.rept 900
	addiu $t1, $t1, 1
	.endr
	addiu $t0, $t0, -1
	bnez $t0, 1b
	nop
	la $t2, RESULT
	sw $t1, 0($t2)
	j done
	nop

/* A branch in a page's last word. */
	.balign 4096
	.space 4096 - 24
page_end:
	la $s0, RESULT
	li $t0, 0
	nop
	addiu $t0, $t0, 1
	b 1f
	addiu $t0, $t0, 2        /* in the next page */
	addiu $t0, $t0, 4
1:	sw $t0, 0($s0)
	j done
	nop

/* A list whose last pointer is misaligned: each load's base is the load before. */
pointers:
	la $t0, RESULT + 0x40
	addiu $t1, $t0, 0x20
	sw $t1, 0($t0)
	addiu $t2, $t1, 0x22
	sw $t2, 0($t1)
	lw $t0, 0($t0)
	addiu $t9, $zero, 1
	lw $t0, 0($t0)
	addiu $t9, $zero, 2
	lw $t0, 0($t0)           /* faults, t9 is 2 */
	addiu $t9, $zero, 3
	la $s0, RESULT
	sw $t9, 0($s0)
	j done
	nop

/* To be run in user mode, at the user's address: walks over pages, more than the TLB has. */
user_loop:
	lui $s1, USER_DATA >> 16
	li $s2, 4
1:	move $t0, $s1
	li $t1, 100
2:	lw $t2, 0($t0)
	addiu $t1, $t1, -1
	addiu $t2, $t2, 1
	sw $t2, 0($t0)
	bnez $t1, 2b
	addiu $t0, $t0, 4096
	addiu $s2, $s2, -1
	bnez $s2, 1b
	nop
	li $v0, 1
	syscall

multiplies:
	la $s0, RESULT
	li $t0, 1234
	li $t1, 567
	mult $t0, $t1
	mflo $t2
	nop
	nop
	div $zero, $t2, $t1
	addiu $t3, $t2, 1
	b 1f
	addiu $t3, $t3, 1
1:	mflo $t4
	mfhi $t5
	sw $t2, 0($s0)
	sw $t4, 4($s0)
	sw $t5, 8($s0)
	j done
	nop
