/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Probes: MUK_PROBE(name, arg, ...) compiles to one no-op; its address and the
 * places of its arguments stand in the section .muk_probes, which is not loaded.
 * On real hardware it is a no-op, and in a simulator that knows the section it
 * costs no cycle.  The habit is that of SystemTap's sdt.h.
 *
 * An entry: .4byte address (not .long, which MIPS's assembler aligns), .byte argument count, then NUL-terminated strings:
 * the name, and one "SIZE@OPERAND" an argument, OPERAND in the assembler's syntax as
 * the compiler has it (x86: %eax, 8(%esp), $5, symbol; MIPS: $4, 8($sp), 5); SIZE is 4,
 * negative if signed.
 * The name may have its arguments' names with it, for whoever lists events: "map(from,to,address,pages)".
 */
#pragma once
#include "probe_site.h"

#define MUK_PROBE_SITE(name_, count_, operands_)                                                            \
	MUK_PROBE_NO_OP                                                                                     \
	".pushsection .muk_probes,\"\",@progbits\n"                                                         \
	".4byte 990b\n.byte " #count_ "\n.asciz \"" name_ "\"\n" operands_ ".popsection\n"

#define MUK_PROBE_ARG(value_) MUK_PROBE_OPERAND((unsigned)(value_))

#define MUK_PROBE_0(name_) __asm__ volatile(MUK_PROBE_SITE(name_, 0, ""))
#define MUK_PROBE_1(name_, a_) \
	__asm__ volatile(MUK_PROBE_SITE(name_, 1, ".asciz \"4@%0\"\n") : : MUK_PROBE_ARG(a_))
#define MUK_PROBE_2(name_, a_, b_)                                                           \
	__asm__ volatile(MUK_PROBE_SITE(name_, 2, ".asciz \"4@%0\"\n.asciz \"4@%1\"\n")      \
	                 : : MUK_PROBE_ARG(a_), MUK_PROBE_ARG(b_))
#define MUK_PROBE_3(name_, a_, b_, c_)                                                                        \
	__asm__ volatile(MUK_PROBE_SITE(name_, 3, ".asciz \"4@%0\"\n.asciz \"4@%1\"\n.asciz \"4@%2\"\n")      \
	                 : : MUK_PROBE_ARG(a_), MUK_PROBE_ARG(b_), MUK_PROBE_ARG(c_))
#define MUK_PROBE_4(name_, a_, b_, c_, d_)                                                                            \
	__asm__ volatile(                                                                                             \
		MUK_PROBE_SITE(name_, 4, ".asciz \"4@%0\"\n.asciz \"4@%1\"\n.asciz \"4@%2\"\n.asciz \"4@%3\"\n")      \
		: : MUK_PROBE_ARG(a_), MUK_PROBE_ARG(b_), MUK_PROBE_ARG(c_), MUK_PROBE_ARG(d_))

#define MUK_PROBE_PICK(_0, _1, _2, _3, _4, name_, ...) name_
/* MUK_PROBE("name", up to four 32-bit values) */
#define MUK_PROBE(...) \
	MUK_PROBE_PICK(__VA_ARGS__, MUK_PROBE_4, MUK_PROBE_3, MUK_PROBE_2, MUK_PROBE_1, MUK_PROBE_0)(__VA_ARGS__)

/* A span of time that metrics can name, and a number that they can. */
#define MUK_SPAN_BEGIN(name_) MUK_PROBE(name_ ":begin")
#define MUK_SPAN_END(name_) MUK_PROBE(name_ ":end")
#define MUK_VALUE(name_, number_) MUK_PROBE(name_ ":value", number_)
