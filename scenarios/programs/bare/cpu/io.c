/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * I/O privilege (I386 8.3): within IOPL ports are free; outside, a port of n bytes needs n clear bits in the TSS's
 * permission bitmap, and what is beyond the TSS's limit is not permitted: #GP(0).
 * The ports are some where nothing is: 0x2fd and those after it.
 */
#include "cpu.h"

enum { PORT = 0x2fd };

SNIPPET(in_byte, "inb %dx, %al");
SNIPPET(in_word, "inw %dx, %ax");
SNIPPET(in_long, "inl %dx, %eax");
SNIPPET(in_immediate, "inb $0x61, %al");
SNIPPET(out_byte, "outb %al, %dx");
SNIPPET(in_string, "insb");
SNIPPET(out_string, "outsb");
SNIPPET(clear_interrupts, "cli\npushfl\npopl %eax");
SNIPPET(set_interrupts, "sti\ncli\nmovl $1, %eax");

static uint8_t memory[4];

static struct frame io_frame(unsigned ring, const char *code, uint32_t flags)
{
	struct frame frame = in_ring(ring, code);
	frame.edx = PORT;
	frame.esi = frame.edi = (uint32_t)memory;
	frame.eflags |= flags;
	return frame;
}

static void permitted(const char *text, unsigned ring, const char *code, uint32_t flags)
{
	struct frame frame = io_frame(ring, code, flags);
	run(&frame);
	claim_done(text);
}

static void forbidden(const char *text, unsigned ring, const char *code, uint32_t flags)
{
	struct frame frame = io_frame(ring, code, flags);
	run(&frame);
	claim_trap(text, GP, 0, code);
}

static void permit(uint32_t port, bool yes)
{
	if (yes)
		tss_main.permission[port / 8] &= (uint8_t)~(1u << port % 8);
	else
		tss_main.permission[port / 8] |= (uint8_t)(1u << port % 8);
}

static void level(void)
{
	permitted("ring 0 reads a port", 0, in_byte, 0);
	forbidden("ring 3, IOPL 0, no bitmap: in", 3, in_byte, 0);
	forbidden("ring 3, IOPL 0, no bitmap: in from an immediate port", 3, in_immediate, 0);
	forbidden("ring 3, IOPL 0, no bitmap: out", 3, out_byte, 0);
	forbidden("ring 3, IOPL 0, no bitmap: ins", 3, in_string, 0);
	forbidden("ring 3, IOPL 0, no bitmap: outs", 3, out_string, 0);
	forbidden("ring 1, IOPL 0, no bitmap: in", 1, in_byte, 0);
	permitted("ring 3, IOPL 3: in", 3, in_byte, FLAG_IOPL_3);
	permitted("ring 1, IOPL 1: in", 1, in_byte, FLAG_IOPL_1);
	forbidden("ring 3, IOPL 1: in", 3, in_byte, FLAG_IOPL_1);
	permitted("ring 3, IOPL 3: ins", 3, in_string, FLAG_IOPL_3);
	claim_equal("ins moves edi", outcome.edi, (uint32_t)memory + 1);
}

static void bitmap(void)
{
	for (unsigned i = 0; i < sizeof(tss_main.permission); i++)
		tss_main.permission[i] = 0xff;
	tss_main.bitmap = (uint16_t)((uint32_t)tss_main.permission - (uint32_t)&tss_main);
	forbidden("a port whose bit is set", 3, in_byte, 0);
	permit(PORT, true);
	permitted("a port whose bit is clear", 3, in_byte, 0);
	forbidden("a word of ports, of which the second is forbidden", 3, in_word, 0);
	permit(PORT + 1, true);
	permitted("a word of ports, both permitted", 3, in_word, 0);
	permit(PORT + 2, true);
	forbidden("four ports, of which the last is forbidden", 3, in_long, 0);
	permit(PORT + 3, true);
	permitted("four ports over two bytes of the bitmap, all permitted", 3, in_long, 0);
	permit(PORT, false);
	forbidden("four ports, of which the first is forbidden", 3, in_long, 0);
	permitted("the bitmap does not bind ring 0", 0, in_long, 0);
	permitted("nor a ring within IOPL", 3, in_long, FLAG_IOPL_3);
	forbidden("outs through a forbidden bit", 3, out_string, 0);
	struct frame frame = io_frame(3, in_byte, 0);
	frame.edx = 0x1000;
	run(&frame);
	claim_trap("a port whose bit is beyond the TSS", GP, 0, in_byte);
	tss_main.bitmap = sizeof(struct tss);
}

static void interrupt_flag(void)
{
	forbidden("cli in ring 3, IOPL 0", 3, clear_interrupts, 0);
	forbidden("sti in ring 3, IOPL 0", 3, set_interrupts, 0);
	forbidden("cli in ring 1, IOPL 0", 1, clear_interrupts, 0);
	permitted("sti and cli in ring 3, IOPL 3", 3, set_interrupts, FLAG_IOPL_3);
	permitted("cli in ring 1, IOPL 1", 1, clear_interrupts, FLAG_IOPL_1 | FLAG_IF);
	claim_equal("cli clears IF", outcome.eax & FLAG_IF, 0);
}

void chapter_io(void)
{
	chapter("I/O privilege");
	level();
	bitmap();
	interrupt_flag();
	reset_tables();
}
