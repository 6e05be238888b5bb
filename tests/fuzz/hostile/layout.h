/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where everything of the hostile guest is: shared by guest.S, which is its
 * handlers, and world.c, which fills its tables and programs.  All addresses are
 * physical and, in the first 4 MiB, linear.
 */
#define HOSTILE_START 0x100000      /* guest.S: start, stubs of all vectors, the common handler */
#define HOSTILE_STUBS 0x100100      /* 16 bytes a vector */
#define HOSTILE_COMMON 0x101100
#define HOSTILE_FAULT 0x101300      /* where the task of double faults begins */
#define HOSTILE_GDT 0x104000
#define HOSTILE_IDT 0x105000
#define HOSTILE_TSS 0x106000        /* the task that everything runs in */
#define HOSTILE_TSS_FAULT 0x106200  /* the task of double faults */
#define HOSTILE_TSS_OTHER 0x106400  /* HOSTILE_OTHERS tasks, 0x80 bytes each */
#define HOSTILE_LDT 0x107000
#define HOSTILE_DIRECTORY 0x108000
#define HOSTILE_DIRECTORY_2 0x109000
#define HOSTILE_TABLES 0x10a000     /* of 0..4 MiB: itself; of 4..8 MiB: its second half again, shuffled */
#define HOSTILE_WORLD 0x10c000      /* what the handlers go by, see below */
#define HOSTILE_STACK_0 0x10e000    /* tops of stacks */
#define HOSTILE_STACK_FAULT 0x10f000
#define HOSTILE_STACK_3 0x110000
#define HOSTILE_PROGRAM 0x110000
#define HOSTILE_DATA 0x120000
#define HOSTILE_END 0x140000

#define HOSTILE_OTHERS 4
#define HOSTILE_CHUNKS 16           /* a program is so many pieces, a page each */
#define HOSTILE_ALIAS 0x400000

/* The world's words. */
#define WORLD_TRAPS (HOSTILE_WORLD + 0)    /* so far */
#define WORLD_MOST (HOSTILE_WORLD + 4)     /* at which the guest ends */
#define WORLD_NEXT (HOSTILE_WORLD + 8)     /* the chunk that is next */
#define WORLD_CR0 (HOSTILE_WORLD + 12)
#define WORLD_CR3 (HOSTILE_WORLD + 16)
#define WORLD_TIMER (HOSTILE_WORLD + 20)   /* the timer's divisor */
#define WORLD_MASK (HOSTILE_WORLD + 24)    /* of the first 8259 */
#define WORLD_MEND (HOSTILE_WORLD + 28)    /* and with the count of traps: zero means that a page fault is mended */
#define WORLD_GDTR (HOSTILE_WORLD + 32)
#define WORLD_IDTR (HOSTILE_WORLD + 40)
#define WORLD_REGISTERS (HOSTILE_WORLD + 64) /* eax ecx edx ebx ebp esi edi, at a chunk's beginning */
#define WORLD_CHUNK (HOSTILE_WORLD + 128)  /* 64 bytes each: see CHUNK_ */
#define CHUNK_EIP 0
#define CHUNK_CS 4
#define CHUNK_EFLAGS 8
#define CHUNK_ESP 12
#define CHUNK_SS 16
#define CHUNK_DS 20
#define CHUNK_ES 24
#define CHUNK_FS 28
#define CHUNK_GS 32
#define CHUNK_RESTORE 36            /* not 0: control and debug registers are put right first */

/* Selectors. */
#define SELECT_CODE_0 0x08
#define SELECT_DATA_0 0x10
#define SELECT_CODE_3 0x1b
#define SELECT_DATA_3 0x23
#define SELECT_TSS 0x28
#define SELECT_TSS_FAULT 0x30
#define SELECT_LDT 0x38
#define SELECT_WINDOW_CODE 0x43     /* pages of the program and data alone */
#define SELECT_WINDOW_DATA 0x4b
#define SELECT_TSS_OTHER 0x50       /* HOSTILE_OTHERS of them */
#define SELECT_ODD 0x70             /* from here on: anything */
