/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The measured code of bare-switch, all in one page.  Between begin and end of a span it uses registers only: no
 * stack, no data but the working set's.
 *
 *   %edi data pages (count)   %ebp first data page   %edx first page of the chain, 0 for none   %ebx where it returns
 */
#include "kernel/include/probe.h"
#include "scenarios/programs/bare/bare-switch.h"

	.macro probe name
990:	nop
	.pushsection .muk_probes, "", @progbits
	.long 990b
	.byte 0
	.asciz "\name"
	.popsection
	.endm

/* The chain, then a word of each data page. Uses %eax, %ebx, %ecx, %esi. */
	.macro touch
	movl $back\@, %ebx
	testl %edx, %edx
	jz back\@
	jmp *%edx
back\@:	movl %ebp, %esi
	movl %edi, %ecx
	jecxz done\@
next\@:	movl (%esi), %eax
	addl $STEP, %esi
	decl %ecx
	jnz next\@
done\@:
	.endm

	.macro enter_measure
	pushl %ebp
	pushl %ebx
	pushl %esi
	pushl %edi
	movl 20(%esp), %eax             /* struct working_set */
	movl 0(%eax), %ebp
	movl 4(%eax), %edi
	movl 8(%eax), %edx
	.endm

	.macro leave_measure
	popl %edi
	popl %esi
	popl %ebx
	popl %ebp
	ret
	.endm

	.section .measure, "ax"

/* void measure_base(const struct working_set *set) */
	.globl measure_base
	.type measure_base, @function
measure_base:
	enter_measure
	touch                           /* what the way here displaced is back */
	touch
	touch
	probe "base:begin"
	touch
	probe "base:end"
	leave_measure
	.size measure_base, . - measure_base

/* void measure_switch(const struct working_set *set, uint32_t directory) */
	.globl measure_switch
	.type measure_switch, @function
measure_switch:
	enter_measure
	movl 24(%esp), %eax
	probe "switch:begin"
	movl %eax, %cr3
	touch
	probe "switch:end"
	leave_measure
	.size measure_switch, . - measure_switch

/*
 * void measure_round(const struct working_set *large, uint32_t large_directory, uint32_t small_pages,
 *                    uint32_t small_directory)
 */
	.globl measure_round
	.type measure_round, @function
measure_round:
	enter_measure
	movl 24(%esp), %ebx
	movl 28(%esp), %ecx
	movl 32(%esp), %eax
	probe "round:begin"
	movl %eax, %cr3
	movl $SMALL_BASE, %esi
	jecxz 2f
1:	movl (%esi), %eax
	addl $STEP, %esi
	decl %ecx
	jnz 1b
2:	movl %ebx, %cr3
	touch
	probe "round:end"
	leave_measure
	.size measure_round, . - measure_round

	.section .note.GNU-stack, "", @progbits
