/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Code segments of 16 bits (I386 16.1, 16.2: mixing 16-bit and 32-bit code): sizes of operands, addresses and the
 * instruction pointer follow the segment, prefixes turn them round; far calls and returns between both kinds.
 */
#include "cpu.h"

SNIPPET(small_moves, ".code16\n"
        "movl $0x12345678, %eax\n"     /* with an operand prefix */
        "movw $0xabcd, %bx\n"
        "pushw %bx\n"
        "popw %cx\n"
        "movw (%si), %dx\n"            /* an address of 16 bits */
        "movb 4(%esi), %ah\n"          /* with an address prefix */
        "int $0x40\n"
        ".code32");
SNIPPET(small_call, ".code16\n"
        "call 1f\n"
        "1: popw %di\n"
        "int $0x40\n"
        ".code32");
SNIPPET(small_wrap, ".code16\n"
        "movw 2(%bx), %ax\n"           /* bx = 0xffff: the offset is 1 */
        "int $0x40\n"
        ".code32");
SNIPPET(small_return, ".code16\n"
        "movw $0x77, %bp\n"
        "lretl\n"                      /* to 32-bit code: an operand prefix makes the frame wide */
        ".code32");
SNIPPET_AT(call_small, "lcall *(%esi)\ncall_small_at: movl %esp, %ebx");

static uint16_t words[4] = { 0x1111, 0x2222, 0x3333, 0x4444 };
static struct { uint32_t offset; uint16_t selector; } pointer;

/* A code segment of 16 bits over the snippet's page, a data segment over the words. */
static struct frame small_frame(const char *code)
{
	uint32_t base = (uint32_t)code & ~0xfffu;
	struct frame frame = in_ring(3, (void *)((uint32_t)code - base));
	set_descriptor(SCRATCH, base, 0xffff, PRESENT | DPL3 | CODE_R, 0);
	set_descriptor(SCRATCH2, (uint32_t)words, 0xffff, PRESENT | DPL3 | DATA_W, BIG);
	frame.cs = SCRATCH | 3;
	frame.ds = SCRATCH2 | 3;
	return frame;
}

void chapter_small_code(void)
{
	chapter("code of 16 bits");
	struct frame frame = small_frame(small_moves);
	frame.esi = 0;
	frame.ebx = frame.ecx = frame.edx = 0xeeeeeeee;
	run(&frame);
	claim_done("it runs");
	claim_equal("an operand prefix makes 32 bits; an address prefix reaches through esi", outcome.eax, 0x12343378);
	claim_equal("16 bits leave the upper half of a register", outcome.ebx, 0xeeeeabcd);
	claim("push and pop of 16 bits", outcome.ecx == 0xeeeeabcd && outcome.esp == frame.esp);
	claim_equal("an address of 16 bits", outcome.edx, 0xeeee1111);
	frame = small_frame(small_moves);
	frame.esi = 0xabcd0000;
	set_descriptor(SCRATCH2, (uint32_t)words, 0xfffff, PRESENT | DPL3 | DATA_W, BIG | GRANULAR);
	frame.ds = SCRATCH2 | 3;
	run(&frame);
	claim_equal("an address of 16 bits ignores the upper half of its registers", outcome.edx & 0xffff, 0x1111);
	frame = small_frame(small_call);
	run(&frame);
	claim("a near call pushes 16 bits", outcome.vector == DONE && (outcome.edi & 0xffff) == frame.eip + 3 &&
	      outcome.esp == frame.esp);
	frame = small_frame(small_wrap);
	frame.ebx = 0xffff;
	set_descriptor(SCRATCH2, (uint32_t)words - 1, 0xffff, PRESENT | DPL3 | DATA_W, BIG);
	run(&frame);
	claim_equal("an address of 16 bits wraps at 64 KiB", outcome.eax & 0xffff, 0x1111);
	frame = small_frame(small_return);
	pointer.offset = frame.eip;
	pointer.selector = SCRATCH | 3;
	struct frame big = in_ring(3, call_small);
	big.esi = (uint32_t)&pointer;
	run(&big);
	claim("a far call from 32 to 16 bits and back", outcome.vector == DONE && (outcome.ebp & 0xffff) == 0x77 &&
	      outcome.ebx == big.esp && outcome.cs == CODE3);
	reset_tables();
}
