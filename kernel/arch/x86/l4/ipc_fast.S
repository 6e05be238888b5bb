/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The IPC path (L95 §5): a short call, or reply-and-wait, to a thread that waits for it, in the same clan (or the
 * other's chief), with nothing else to be looked after.  Everything is decided before anything is changed; what does
 * not fit goes to C.
 *
 * What makes it short:
 *   - the partner's TCB is at an address computed from its id, and has its kernel stack in the same page; both TCBs
 *     are reached by ESP and EBP, hence by SS, which is the kernel's already: no segment register is loaded;
 *   - all tables that the processor reads on the way are in one page with the words kept here;
 *   - a waiting thread's stack holds the return to its user only: the message stays in registers, and the way out is
 *     the partner's own IRET;
 *   - no queue is touched: a thread that runs, or waits, is in none (l4/schedule.c).
 * After the load of CR3 five TLB entries are needed: this code, the partner's TCB, the table page, the
 * partner's code and data.
 *
 * There is a variant for each size of TCBs, and for each way to switch spaces: chosen at boot by an entry in the IDT.
 *
 * In: EAX send descriptor, ECX timeouts, EDX, EBX words, ESI, EDI partner, EBP receive descriptor; interrupts off.
 */
#include "arch/x86/l4/layout.h"
#include "arch/x86/l4/tcb_layout.h"

#define TSS_STACK %ss:TABLE_PAGE + TABLE_TSS + TSS_ESP0
#define ID_TASK_FIELD 0x0ffe0000
#define GDT_WORD(selector_, word_) %ss:TABLE_PAGE + TABLE_GDT + (selector_) / 8 * 8 + 4 * (word_)

/* The current thread's TCB, from the stack pointer just after the entry; the partner's, from the offset in EBP. */
#define ME(member_) (member_) - (\size - ENTRY_FRAME)(%esp)
#define TO(member_) TCB_BASE + (member_)(%ebp)

/* A probe of two or three arguments (probe.h); numbers as text by the % of alternate macro syntax. */
	.macro PROBE_SITE name, count
	nop
	.pushsection .muk_probes,"",@progbits
	.long	9901f - 1
	.byte	\count
	.asciz	"\name"
	.popsection
9901:
	.endm
	.macro PROBE_SWITCH task, number
	PROBE_SITE thread_switch, 2
	.pushsection .muk_probes,"",@progbits
	.asciz	"4@\task\()(%esp)"
	.asciz	"4@\number\()(%esp)"
	.popsection
	.endm
	.macro PROBE_SEND from, to
	PROBE_SITE ipc_send, 3
	.pushsection .muk_probes,"",@progbits
	.asciz	"4@\from\()(%esp)"
	.asciz	"4@\to\()(%ebp)"
	.asciz	"4@%edx"
	.popsection
	.endm

/* --- Decide: from here to `perform` nothing is written --- */
	.macro IPC_DECIDE name, size, shift
	testl	%eax,%eax			/* two words, no map, no deceit */
	jnz	ipc_slow
	cmpl	$-1,%ebp			/* and then a receive */
	je	ipc_slow
	testb	$0x0f,%cl			/* that may take for ever */
	jnz	ipc_slow
	movl	%ebp,%eax
	movl	%esi,%ebp
	.if \shift
	shll	$\shift,%ebp
	.endif
	andl	$(0x3ffff * \size),%ebp
	.globl	\name\()_touch
\name\()_touch:
	cmpl	%esi,TO(TCB_ID_LOW)		/* may fault: the TCB is then made; without memory, give up */
	jne	9f
	cmpl	%edi,TO(TCB_ID_HIGH)
	jne	9f
	PROBE_SITE "clan_check:begin", 0
	cmpl	%edi,ME(TCB_ID_HIGH)		/* same clan: L95 §2.2's two cycles */
	jne	7f
	PROBE_SITE "clan_check:end", 0
6:	cmpl	$0,ME(TCB_ATTENTION)
	jne	8f
	movl	ME(TCB_ID_LOW),%esi		/* whom the partner will see */
	cmpl	%esi,TO(TCB_STATE)		/* it waits for me, */
	je	1f
	cmpl	$STATE_RECEIVE_OPEN,TO(TCB_STATE) /* or for anybody */
	jne	8f
1:
	.endm

/* --- Perform: up to the partner's stack, but for the space; leaves its number of words in place --- */
	.macro IPC_PERFORM size
	.altmacro
	PROBE_SEND %(TCB_NUMBER - (\size - ENTRY_FRAME)), %(TCB_BASE + TCB_NUMBER - 0x100000000)
	.noaltmacro
	movl	%eax,ME(TCB_RECEIVE)
	movl	%ecx,ME(TCB_TIMEOUTS)		/* of page faults, should a long message come */
	andl	$1,%eax				/* open: STATE_RECEIVE_OPEN; else the partner's id */
	jnz	2f
	movl	TO(TCB_ID_LOW),%eax
2:	movl	%eax,ME(TCB_STATE)
	movl	$STATE_READY,TO(TCB_STATE)
	leal	TO(\size),%eax
	movl	%eax,TSS_STACK
	.endm

	.macro IPC_LEAVE size
	xorl	%eax,%eax			/* the dope: two words, all well */
	xorl	%ecx,%ecx			/* nil was meant; and no address of the kernel gets out */
	xorl	%ebp,%ebp
	.altmacro
	PROBE_SWITCH %(TCB_TASK - (\size - ENTRY_FRAME)), %(TCB_NUMBER - (\size - ENTRY_FRAME))
	.noaltmacro
	.endm

/* --- Not of one clan: still direct if one is the other's chief --- */
/* An id's low word has the task where its high word has the chief. What did not fit gets its registers back as they
 * were. */
	.macro IPC_CHIEFS name, size
7:	xorl	ME(TCB_ID_LOW),%edi
	testl	$ID_TASK_FIELD,%edi
	movl	ME(TCB_ID_HIGH),%edi		/* what the partner will see */
	jz	6b
	xorl	%edi,%esi
	testl	$ID_TASK_FIELD,%esi
	jz	6b
8:	movl	TO(TCB_ID_LOW),%esi
	movl	TO(TCB_ID_HIGH),%edi
	.globl	\name\()_give_up
\name\()_give_up:
9:	movl	%eax,%ebp
	xorl	%eax,%eax
	jmp	ipc_slow
	.endm

	.macro IPC_BY_PAGES size, shift
	.balign	16, 0xcc
	.globl	ipc_pages_\size, ipc_pages_\size\()_iret
ipc_pages_\size:
	IPC_DECIDE ipc_pages_\size, \size, \shift
	IPC_PERFORM \size
	movl	TO(TCB_CR3),%ecx
	cmpl	%ecx,ME(TCB_CR3)
	leal	TO(\size - ENTRY_FRAME),%esp
	je	3f
	movl	%ecx,%cr3
3:	IPC_LEAVE \size
ipc_pages_\size\()_iret:
	iret
	IPC_CHIEFS ipc_pages_\size, \size
	.endm

/* The data segments may hold the old space's bounds in their hidden parts: all four are loaded again. */
	.macro IPC_BY_SEGMENTS size, shift
	.balign	16, 0xcc
	.globl	ipc_segments_\size, ipc_segments_\size\()_iret
ipc_segments_\size:
	IPC_DECIDE ipc_segments_\size, \size, \shift
	IPC_PERFORM \size
	movl	TO(TCB_SLOT),%eax
	cmpl	%eax,%ss:TABLE_PAGE + TABLE_SLOT
	je	3f
	movl	%eax,%ss:TABLE_PAGE + TABLE_SLOT
	movl	TO(TCB_CODE_SEGMENT),%eax
	movl	TO(TCB_CODE_SEGMENT + 4),%ecx
	movl	%eax,GDT_WORD(USER_CODE, 0)
	movl	%ecx,GDT_WORD(USER_CODE, 1)
	movl	TO(TCB_DATA_SEGMENT),%eax
	movl	TO(TCB_DATA_SEGMENT + 4),%ecx
	movl	%eax,GDT_WORD(USER_DATA, 0)
	movl	%ecx,GDT_WORD(USER_DATA, 1)
	movl	$USER_DATA,%eax
	movl	%eax,%ds
	movl	%eax,%es
	movl	%eax,%fs
	movl	%eax,%gs
3:	movl	TO(TCB_CR3),%ecx
	leal	TO(\size - ENTRY_FRAME),%esp
	testl	%ecx,%ecx			/* a small space runs under any directory */
	jz	4f
	cmpl	%ecx,%ss:TABLE_PAGE + TABLE_CR3
	je	4f
	movl	%ecx,%ss:TABLE_PAGE + TABLE_CR3
	movl	%ecx,%cr3
4:	IPC_LEAVE \size
ipc_segments_\size\()_iret:
	iret
	IPC_CHIEFS ipc_segments_\size, \size
	.endm

/* id_nearest of nil: who am I?  The least that a kernel call can be. */
	.macro ID_NEAREST size
	.balign	16, 0xcc
	.globl	id_nearest_\size, id_nearest_\size\()_iret
id_nearest_\size:
	testl	%esi,%esi
	jnz	trap_slow_49
	movl	ME(TCB_ID_LOW),%esi
	movl	ME(TCB_ID_HIGH),%edi
	xorl	%eax,%eax
id_nearest_\size\()_iret:
	iret
	.endm

/* All in one page. */
	.section .text.hot,"ax",@progbits
	.balign	4096, 0xcc
	IPC_BY_PAGES 4096, 2
	ID_NEAREST 4096
	IPC_BY_PAGES 1024, 0
	ID_NEAREST 1024
	IPC_BY_SEGMENTS 4096, 2
	IPC_BY_SEGMENTS 1024, 0

	.section .note.GNU-stack,"",@progbits
