/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interrupts: Cause.IP's two software bits, and the 8254's counter 0 through the 8259 on IP2 (KANE, chapter 5; the
 * devices' data sheets), whose vector the GT-64120's acknowledge register gives.
 */
#include "interrupts.h"
#include "trial.h"

enum { PIC = 0x20, PIC_DATA = 0x21, PIC2 = 0xa0, PIC2_DATA = 0xa1, PIT_0 = 0x40, PIT_CONTROL = 0x43 };
enum { VECTORS = 0x40, COUNT = 200, ACKNOWLEDGE = 0xbbe00c34u };
enum { IP0 = 1 << 8, IP1 = 1 << 9, IP2 = 1 << 10 };

SNIPPET(idle, "addiu $2, $0, 100\n1: bgtz $2, 1b\naddiu $2, $2, -1\naddiu $2, $0, 0");
SNIPPET(spin, "1: beq $0, $0, 1b\naddiu $2, $2, 1");
SNIPPET_AT(raise, "mtc0 $4, $13\nraise_at: nop\nnop\nnop\nnop\nnop");

static void start_pic(uint8_t mask)
{
	outb(PIC, 0x11);      /* ICW1: edges, cascade, ICW4 */
	outb(PIC_DATA, VECTORS);
	outb(PIC_DATA, 4);
	outb(PIC_DATA, 1);    /* ICW4: 8086 */
	outb(PIC2, 0x11);
	outb(PIC2_DATA, VECTORS + 8);
	outb(PIC2_DATA, 2);
	outb(PIC2_DATA, 1);
	outb(PIC2_DATA, 0xff);
	outb(PIC_DATA, mask);
}

/* Mode 0: the output goes low now, and high when the count has run out. */
static void start_timer(void)
{
	outb(PIT_CONTROL, 0x30);
	outb(PIT_0, COUNT & 0xff);
	outb(PIT_0, COUNT >> 8);
}

static bool wait_for_line(void)
{
	for (unsigned n = 0; n < 1000000; n++)
		if (read_cause() & IP2)
			return true;
	return false;
}

static void end_of_interrupt(void)
{
	outb(PIC, 0x20);
}

static void claim_pending(const char *text, uint32_t bits)
{
	claim_equal(text, outcome.cause & 0x700, bits);
}

/* --- software interrupts --- */

static struct frame open_to(const uint32_t *code, uint32_t mask, bool user)
{
	struct frame frame = user ? in_user(code) : in_kernel(code);

	frame.status |= mask | MODE_INTERRUPTS;
	return frame;
}

static void by_software(uint32_t bit)
{
	struct frame frame = open_to(idle, bit, true);

	chapter(bit == IP0 ? "software interrupt 0" : "software interrupt 1");
	write_cause(bit);
	claim_equal("Cause shows it", read_cause() & 0x300, bit);
	run(&frame);
	claim_trap("is taken before the first instruction of user mode", INT, frame.pc, false);
	claim_pending("it stays until software takes it back", bit);
	frame = open_to(idle, bit, false);
	run(&frame);
	claim_trap("in kernel mode", INT, frame.pc, false);
	frame = open_to(idle, 0x300 ^ bit, true);
	run(&frame);
	claim_done("not with the other one's mask");
	frame = open_to(idle, bit, true);
	frame.status &= ~(uint32_t)MODE_INTERRUPTS;
	run(&frame);
	claim_done("not with interrupts off");
	write_cause(0);
	frame = open_to(idle, bit, true);
	run(&frame);
	claim_done("not when it has been taken back");
	claim_pending("Cause does not show it then", 0);
}

static void raised_by_itself(void)
{
	struct frame frame = open_to(raise, IP0 | IP1, false);

	chapter("mtc0 to Cause");
	frame.reg[A0] = IP1;
	run(&frame);
	claim_equal("an interrupt is taken where it is raised", outcome.cause & 0x7c, 0);
	claim("within the few instructions that the manuals allow",
	      outcome.pc >= (uint32_t)raise_at && outcome.pc <= (uint32_t)(raise_at + 4));
	write_cause(0xffffffff);
	claim_equal("only the software bits can be written", read_cause() & ~0x7cu & 0xff, 0);
	claim_equal("the devices' cannot", read_cause() & 0x7c00, 0);
	write_cause(0);
}

/* --- the timer --- */

static void request(void)
{
	struct frame frame;

	chapter("the 8259 on IP2");
	start_pic(0xff);
	start_timer();
	frame = open_to(idle, IP2, true);
	for (unsigned n = 0; n < 20; n++)
		run(&frame);
	claim_done("a masked request waits");
	claim_equal("IP2 is not raised", read_cause() & IP2, 0);
	outb(PIC_DATA, 0xfe);
	claim("unmasked, it raises IP2", wait_for_line());
	frame = open_to(idle, IP0, true);
	run(&frame);
	claim_done("IM2 masks it in the processor");
	frame = open_to(idle, IP2, true);
	run(&frame);
	unlike_gxemul("it looks for interrupts from time to time, and its acknowledge register tells lines, not vectors");
	claim_trap("and lets it in", INT, frame.pc, false);
	claim_pending("Cause says which", IP2);
	claim_equal("the acknowledge register gives the vector", load(ACKNOWLEDGE) & 0xff, VECTORS);
	claim_equal("IP2 falls by that", read_cause() & IP2, 0);
	run(&frame);
	unlike_gxemul(NULL);
	claim_done("the next one waits for the end of this");
	end_of_interrupt();
	run(&frame);
	claim_done("and there is none");
}

/* A loop of one branch and its slot: an interrupt finds the branch, with or without BD, or the loop's begin. */
static void out_of_a_loop(bool user)
{
	struct frame frame = open_to(spin, IP2, user);
	uint32_t before;

	chapter(user ? "an interrupt of a loop in user mode" : "an interrupt of a loop in kernel mode");
	start_timer();
	run(&frame);
	claim_equal("it is an interrupt", outcome.cause & 0x7c, 0);
	claim_equal("EPC is the branch's", outcome.pc, frame.pc);
	claim("the loop has turned", outcome.reg[V0] > 0);
	before = outcome.reg[V0];
	load(ACKNOWLEDGE);
	end_of_interrupt();
	start_timer();
	frame.reg[V0] = before;
	frame.pc = outcome.pc;
	run(&frame);
	claim("it goes on turning from there", outcome.reg[V0] > before && outcome.pc == frame.pc);
	claim_pushed("the exception has turned off interrupts and left user mode");
	load(ACKNOWLEDGE);
	end_of_interrupt();
}

static void spurious(void)
{
	chapter("an acknowledge without a request");
	not_in_gxemul("its acknowledge register tells lines, not vectors");
	claim_equal("is IRQ 7's vector", load(ACKNOWLEDGE) & 0xff, VECTORS + 7);
	outb(PIC, 0x0b); /* OCW3: read in-service */
	claim_equal("and none is in service", inb(PIC), 0);
}

void chapter_interrupts(void)
{
	unlike_gxemul("it looks for interrupts from time to time");
	by_software(IP0);
	by_software(IP1);
	raised_by_itself();
	unlike_gxemul(NULL);
	request();
	out_of_a_loop(true);
	out_of_a_loop(false);
	spurious();
	outb(PIC_DATA, 0xff);
}
