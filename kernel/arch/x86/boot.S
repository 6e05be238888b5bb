/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first instructions: multiboot (version 1) enters here in protected mode without paging, at the physical address.
 * Maps the window twice, at 0 and where it belongs, switches paging on, and goes up.
 */
#include "layout.h"

#define PHYSICAL(symbol_) ((symbol_) - WINDOW_BASE)
#define MULTIBOOT_MAGIC 0x1badb002
#define MULTIBOOT_FLAGS 0x3		/* modules on pages, memory size */
#define CR0_PAGING_AND_WP 0x80010000
#define PRESENT_WRITABLE 3
#define WINDOW_TABLES (WINDOW_SIZE >> 22)
#ifndef BOOT_TABLES_SECTION		/* a kernel whose bss is not free yet has them in its data */
#define BOOT_TABLES_SECTION .bss
#endif

	.section .multiboot,"a",@progbits
	.balign	4
	.long	MULTIBOOT_MAGIC, MULTIBOOT_FLAGS, -(MULTIBOOT_MAGIC + MULTIBOOT_FLAGS)

	.text
	.globl	boot, boot_physical
	.set	boot_physical, PHYSICAL(boot)
boot:
	cld
	cli
	movl	$PHYSICAL(window_tables),%edi
	movl	$PRESENT_WRITABLE,%eax
1:	stosl
	addl	$4096,%eax
	cmpl	$(WINDOW_SIZE + PRESENT_WRITABLE),%eax
	jb	1b

	movl	$PHYSICAL(boot_directory),%edi
	movl	$PHYSICAL(window_tables) + PRESENT_WRITABLE,%eax
	movl	$WINDOW_TABLES,%ecx
2:	movl	%eax,(%edi)
	movl	%eax,(WINDOW_BASE >> 22) * 4(%edi)
	addl	$4,%edi
	addl	$4096,%eax
	decl	%ecx
	jnz	2b

#ifdef TABLE_PAGE
	movl	$PHYSICAL(table_page_table) + PRESENT_WRITABLE,PHYSICAL(boot_directory) + (TABLE_PAGE >> 22) * 4
	movl	$PHYSICAL(table_page) + PRESENT_WRITABLE,PHYSICAL(table_page_table) + (TABLE_PAGE >> 12 & 1023) * 4
#endif

	movl	$PHYSICAL(boot_directory),%eax
	movl	%eax,%cr3
	movl	%cr0,%eax
	orl	$CR0_PAGING_AND_WP,%eax
	movl	%eax,%cr0
	movl	$3f,%eax
	jmp	*%eax
3:	movl	$boot_stack + BOOT_STACK_SIZE,%esp
	xorl	%ebp,%ebp
	pushl	%ebx
	call	kernel_begin_in_c

	.section BOOT_TABLES_SECTION
	.balign	4096
	.globl	boot_directory, boot_stack
boot_directory:
	.skip	4096
window_tables:
	.skip	4096 * WINDOW_TABLES
#ifdef TABLE_PAGE
table_page_table:
	.skip	4096
table_page:
	.skip	4096
#endif
boot_stack:
	.skip	BOOT_STACK_SIZE

	.section .note.GNU-stack,"",@progbits
