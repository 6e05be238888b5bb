/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the R2000 and R3000 alone have: Status's stack of (KU, IE) pairs, rfe, and caches that software isolates from
 * memory (KANE, chapters 5 and 6).
 *
 *   exception: old <- previous <- current <- (kernel, interrupts off)        rfe: current <- previous <- old
 */
#include "interrupts.h"
#include "trial.h"

enum { CURRENT = 3, PREVIOUS = 3 << 2, OLD = 3 << 4, STACK = 0x3f };
enum { ISOLATED = 1 << 16, SWAPPED = 1 << 17 };

SNIPPET_AT(stop_here, "nop\nstop_here_at: syscall\nnop");

void claim_pushed(const char *text)
{
	claim_equal(text, outcome.status & CURRENT, 0);
	claim_equal("what was current is previous", outcome.status & PREVIOUS & 1 << 2, 1 << 2);
}

/* A trial's Status goes in as current and previous (old is previous then): run() returns to it by rfe. */
static void pushed(uint32_t current, uint32_t previous)
{
	struct frame frame = { .pc = current & MODE_USER ? USER(stop_here) : (uint32_t)stop_here };

	frame.status = current | previous << 2;
	run(&frame);
	claim_trap("the exception", SYS, current & MODE_USER ? USER(stop_here_at) : (uint32_t)stop_here_at, false);
	claim_equal("current is kernel mode, interrupts off", outcome.status & CURRENT, 0);
	claim_equal("what was current is previous", outcome.status & PREVIOUS, current << 2);
	claim_equal("what was previous is old", outcome.status & OLD, previous << 4);
}

/* rfe itself, without a change of mode: it pops, and old stays. */
static uint32_t popped(uint32_t stack)
{
	uint32_t status;

	__asm__ volatile("mtc0 %1, $12\nnop\nnop\nrfe\nnop\nmfc0 %0, $12\nnop" : "=r"(status) : "r"(stack));
	write_status(0);
	return status & STACK;
}

static void stack(void)
{
	chapter("the stack of modes: exceptions");
	for (uint32_t current = 0; current < 4; current++)
		for (uint32_t previous = 0; previous < 4; previous++)
			pushed(current, previous);
	chapter("the stack of modes: rfe");
	claim_equal("nothing", popped(0), 0);
	claim_equal("previous becomes current", popped(1 << 2), 1);
	not_in_gxemul("it clears old");
	claim_equal("old becomes previous, and stays", popped(2 << 4), 2 << 4 | 2 << 2);
	not_in_gxemul("it clears old");
	claim_equal("both", popped(3 << 4 | 1 << 2), 3 << 4 | 3 << 2 | 1);
	claim_equal("what was current is gone", popped(1), 0);
}

/* Status's other bits are none of an exception's business. */
static void rest(void)
{
	struct frame frame = in_kernel(stop_here);

	chapter("Status");
	frame.status = 0xff00 | STATUS_CU0;
	run(&frame);
	claim_equal("the mask and CU0 stay", outcome.status & (0xff00 | STATUS_CU0), 0xff00 | STATUS_CU0);
	claim_equal("EPC can be read as it was", CP0_READ(14), (uint32_t)stop_here_at);
	claim_equal("PRId's implementation is an R2000's or R3000's", (CP0_READ(15) >> 8 & 0xff) - 1 < 3, true);
	CP0_WRITE(8, 0x1234);
	unlike_gxemul("it keeps whatever is written");
	claim("BadVAddr cannot be written", CP0_READ(8) != 0x1234);
	CP0_WRITE(4, 0xffffffff);
	claim_equal("of Context only the base can", CP0_READ(4) & 3, 0);
	unlike_gxemul(NULL);
}

/* --- isolated caches --- */

/* Loads and stores stay in the cache, whatever it has; memory is not touched. */
static uint32_t isolated_store(uint32_t address, uint32_t value)
{
	uint32_t seen;

	__asm__ volatile("mtc0 %2, $12\nnop\nnop\nnop\nsw %3, 0(%1)\nnop\nlw %0, 0(%1)\nnop\nmtc0 $0, $12\nnop\nnop\nnop"
	                 : "=&r"(seen) : "r"(address), "r"(ISOLATED), "r"(value) : "memory");
	return seen;
}

static void isolation(void)
{
	volatile uint32_t *word = (volatile uint32_t *)data;

	chapter("isolated caches");
	word[0] = 0x11111111;
	word[1] = 0x22222222;
	isolated_store((uint32_t)data, 0x99999999);
	flush_code();
	claim_equal("a store does not reach memory", load(UNCACHED(data)), 0x11111111);
	claim_equal("nor its neighbour", load(UNCACHED(data) + 4), 0x22222222);
	claim_equal("nor is it seen after a flush", word[0], 0x11111111);
	isolated_store(KSEG0 + 0x0f000000, 1);
	claim("an address where no memory is does no harm", true);
	write_status(SWAPPED);
	claim_equal("Status shows SwC", read_status() & (ISOLATED | SWAPPED), SWAPPED);
	write_status(0);
	word[0] = 0x33333333;
	claim_equal("afterwards stores are stores", load(UNCACHED(data)), 0x33333333);
}

void chapter_generation(void)
{
	stack();
	rest();
	isolation();
}
