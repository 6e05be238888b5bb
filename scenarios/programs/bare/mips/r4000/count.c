/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Count and Compare: the processor's own timer on IP7 (R4000, chapter 5). */
#include "chapters.h"
#include "trial.h"

enum { IP7 = 1 << 15, LONG = 2000000 };

SNIPPET(wait_here, "1: beq $0, $0, 1b\naddiu $2, $2, 1");
SNIPPET(idle, "addiu $2, $0, 50\n1: bgtz $2, 1b\naddiu $2, $2, -1");

static bool wait_for_timer(void)
{
	for (unsigned n = 0; n < LONG; n++)
		if (read_cause() & IP7)
			return true;
	return false;
}

static void counting(void)
{
	uint32_t before, now;

	chapter("Count");
	before = CP0_READ(9);
	for (volatile unsigned n = 0; n < 200; n++)
		;
	now = CP0_READ(9);
	claim("counts up", now != before && now - before < LONG);
	CP0_WRITE(9, 0xfffffff0);
	for (volatile unsigned n = 0; n < 200; n++)
		;
	claim("begins anew after the greatest number", CP0_READ(9) < LONG);
	CP0_WRITE(9, 1000);
	now = CP0_READ(9);
	claim("keeps what is written, and counts on from there", now >= 1000 && now < 1000 + LONG);
}

static void comparing(void)
{
	struct frame frame = in_user(idle);

	chapter("Compare");
	CP0_WRITE(11, CP0_READ(9) + 0x40000000);
	claim_equal("a new time clears IP7", read_cause() & IP7, 0);
	frame.status |= IP7 | MODE_INTERRUPTS;
	run(&frame);
	claim_done("nothing comes before it");
	CP0_WRITE(11, CP0_READ(9) + 3000);
	claim("IP7 comes when Count has reached it", wait_for_timer());
	claim("Count is not before it then", CP0_READ(9) - CP0_READ(11) < LONG);
	run(&frame);
	claim_trap("and interrupts user mode", INT, frame.pc, false);
	claim_equal("Cause says which", outcome.cause & IP7, IP7);
	frame.status &= ~(uint32_t)IP7;
	run(&frame);
	claim_done("its mask holds it off");
	claim_equal("it stays", read_cause() & IP7, IP7);
	CP0_WRITE(11, CP0_READ(9) + 0x40000000);
	claim_equal("until Compare is written", read_cause() & IP7, 0);
	CP0_WRITE(11, CP0_READ(9) + 3000);
	frame = in_user(wait_here);
	frame.status |= IP7 | MODE_INTERRUPTS;
	run(&frame);
	claim_equal("it ends a loop of user mode", outcome.cause & (IP7 | 0x7c), IP7);
	CP0_WRITE(11, CP0_READ(9) + 0x40000000);
}

void claims_of_count(void)
{
	counting();
	comparing();
}
