/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel info page: one page, read-only, at this physical address.  sigma0 owns it as it owns any memory
 * (touching the address maps it); everybody else asks sigma0, or his pager, for it like for any other page.
 *
 * The kernel starts modules 0 and 1, named sigma0 and root: sigma0's pager is the kernel itself (every address of
 * memory is mapped to itself when touched), root's pager is sigma0.  Each starts at its ELF entry with ESP 0 and has
 * to set up its own stack.  The segments of all modules have been moved to the physical addresses for which they are
 * linked.
 */
#pragma once
#include "l4/types.h"

#define L4_KIP_ADDRESS 0x00001000u
#define L4_KIP_MAGIC 0x4b34d5b5u /* "µ4K" with two bytes of µ */

enum { L4_KIP_MODULES = 16, L4_KIP_NAME = 24 };

struct l4_kip_module {
	char name[L4_KIP_NAME];   /* the command line's first word, without its directories and ".elf" */
	l4_u32 entry;
	l4_u32 begin, end;        /* physical, and linked, addresses of all its segments; page-aligned */
	l4_u32 command_line;      /* offset in this page of a string; the words after the name too */
};

struct l4_kip {
	l4_u32 magic;
	l4_u32 version;           /* 2 */
	l4_u32 memory_begin;      /* memory that sigma0 has to give, page-aligned: [begin, end) */
	l4_u32 memory_end;
	l4_u32 kernel_begin;      /* the kernel's image in it, not to be had */
	l4_u32 kernel_end;
	l4_u32 segments;          /* 1: small address spaces are made by segments */
	l4_u32 small_size;        /* bytes of a small space; 0 without segments */
	l4_u32 tcb_size;          /* 1024 or 4096 */
	l4_u32 user_end;          /* addresses from here on are no user's */
	l4_u32 command_line;      /* the kernel's, offset in this page */
	l4_u32 modules;
	struct l4_kip_module module[L4_KIP_MODULES];
	char strings[];           /* to the end of the page */
};

/*
 * How to ask sigma0 (a contract between programs; the kernel does not know it).  An ordinary page fault message, or a
 * call with a receive window:
 *   word 0 = address & ~3 | 2 to write     the page at this physical address, mapped once to one task
 *   word 0 = L4_SIGMA0_FREE_PAGE           any free page
 *   word 0 = L4_SIGMA0_IO, word 1 = an I/O fpage   those ports
 * The answer is a map message, or words 0, 0 without a mapping: refused.
 */
#define L4_SIGMA0_FREE_PAGE 0xfffffffcu
#define L4_SIGMA0_IO 0xfffffff4u
