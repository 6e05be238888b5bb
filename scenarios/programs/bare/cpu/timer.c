/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * External interrupts: the 8254's counter 0 through the 8259 (their data sheets), hlt, and when interrupts are taken
 * after IF was set (I386, the pages of STI, POPF, HLT).
 */
#include "cpu.h"

enum { PIC = 0x20, PIC_DATA = 0x21, PIT_0 = 0x40, PIT_CONTROL = 0x43, COUNT = 200 };

SNIPPET_AT(set_then_nop, "sti\nnop\nset_then_nop_at: nop\nnop\ncli");
SNIPPET_AT(set_then_clear, "sti\ncli\nset_then_clear_at: nop");
SNIPPET_AT(pop_then_nop, "popfl\npop_then_nop_at: nop\nnop\ncli");
SNIPPET_AT(halt, "sti\nhlt\nhalt_at: nop\ncli");
SNIPPET(spin, "spin_loop: jmp spin_loop");
SNIPPET(idle_a_while, "sti\nnop\nnop\nnop\ncli");

static void start_pic(uint8_t mask)
{
	outb(PIC, 0x11);      /* ICW1: edges, cascade, ICW4 */
	outb(PIC_DATA, IRQ0);
	outb(PIC_DATA, 4);
	outb(PIC_DATA, 1);    /* ICW4: 8086 */
	outb(PIC_DATA, mask);
}

/* Mode 0: the output goes low now, and high when the count has run out. */
static void start_timer(void)
{
	outb(PIT_CONTROL, 0x30);
	outb(PIT_0, COUNT & 0xff);
	outb(PIT_0, COUNT >> 8);
}

static bool wait_for_request(void)
{
	for (unsigned i = 0; i < 1000000; i++) {
		outb(PIC, 0x0a); /* OCW3: read requests */
		if (inb(PIC) & 1)
			return true;
	}
	return false;
}

static void end_of_interrupt(void)
{
	outb(PIC, 0x20);
}

/* A trial in ring 0 with a request of IRQ 0 waiting. */
static void with_request(const char *code)
{
	struct frame frame = in_ring(0, code);
	frame.esp -= 4;
	*(uint32_t *)frame.esp = FLAG_ONE | FLAG_IF;
	start_timer();
	wait_for_request();
	run(&frame);
}

static void shadows(void)
{
	start_timer();
	claim("the timer requests an interrupt", wait_for_request());
	with_request(set_then_nop);
	claim_trap("sti: the interrupt is taken after the next instruction", IRQ0, 0, set_then_nop_at);
	claim_equal("IF is set in the flags pushed", outcome.eflags & FLAG_IF, FLAG_IF);
	end_of_interrupt();
	with_request(set_then_clear);
	claim_done("sti and cli let no interrupt in between");
	struct frame frame = in_ring(0, set_then_nop);
	run(&frame);
	claim_trap("the request is kept", IRQ0, 0, set_then_nop_at);
	end_of_interrupt();
	with_request(pop_then_nop);
	claim_trap("popf: the interrupt is taken at once", IRQ0, 0, pop_then_nop_at);
	end_of_interrupt();
}

static void waiting(void)
{
	struct frame frame = in_ring(0, halt);
	start_timer();
	run(&frame);
	claim_trap("hlt waits for the interrupt, and goes on after itself", IRQ0, 0, halt_at);
	end_of_interrupt();
	frame = in_ring(3, spin);
	frame.eflags |= FLAG_IF;
	start_timer();
	run(&frame);
	claim_trap("an interrupt takes ring 3 from a loop", IRQ0, 0, spin);
	claim("it came from ring 3, on the stack of ring 0", outcome.cs == CODE3 && outcome.esp == frame.esp);
	end_of_interrupt();
}

static void controller(void)
{
	outb(PIC_DATA, 0xff);
	with_request(idle_a_while);
	claim_done("a masked request waits");
	outb(PIC_DATA, 0xfe);
	struct frame frame = in_ring(0, set_then_nop);
	run(&frame);
	claim_trap("and comes when it is unmasked", IRQ0, 0, set_then_nop_at);
	with_request(idle_a_while);
	claim_done("a request of the level in service waits for its end");
	end_of_interrupt();
	run(&frame);
	claim_trap("and comes after it", IRQ0, 0, set_then_nop_at);
	end_of_interrupt();
}

void chapter_timer(void)
{
	chapter("interrupts");
	start_pic(0xfe);
	shadows();
	waiting();
	controller();
	outb(PIC_DATA, 0xff);
}
