/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * EXL, ERL and eret (R4000, chapter 5).
 *
 *   exception, EXL clear: EPC, BD written, EXL set, vector by its kind
 *   exception, EXL set:   EPC, BD kept; a miss goes to the general vector
 *   eret, ERL clear:      pc = EPC, EXL cleared              eret, ERL set: pc = ErrorEPC, ERL cleared
 */
#include "chapters.h"
#include "interrupts.h"
#include "trial.h"

SNIPPET_AT(stop_here, "nop\nstop_here_at: syscall\nnop");
/* EXL is set by the trial itself: the harness's own return would clear it. a0: the Status. */
SNIPPET_AT(under_exl, "mtc0 $5, $14\nmtc0 $4, $12\nnop\nnop\nnop\nnop\nlw $2, 0($6)\nunder_exl_at: nop");
SNIPPET_AT(to_epc, "mtc0 $5, $14\nmtc0 $7, $30\nmtc0 $4, $12\nnop\nnop\nnop\nnop\n.set mips3\nto_epc_at: eret\nnop");
SNIPPET(landing_1, "addiu $2, $0, 1\nmfc0 $3, $12\nnop");
SNIPPET(landing_2, "addiu $2, $0, 2\nmfc0 $3, $12\nnop");
SNIPPET(user_look, "lw $2, 0($6)\nnop");

void claim_pushed(const char *text)
{
	claim_equal(text, outcome.status & STATUS_EXL, STATUS_EXL);
	claim_equal("IE is as it was", outcome.status & MODE_INTERRUPTS, MODE_INTERRUPTS);
}

static void entering(void)
{
	struct frame frame = in_user(stop_here);

	chapter("EXL");
	frame.status |= 0xff00 | STATUS_CU0;
	run(&frame);
	claim_equal("an exception sets it and changes nothing else", outcome.status,
	            STATUS_EXL | MODE_USER | 0xff00 | STATUS_CU0);
	frame = in_kernel(stop_here);
	run(&frame);
	claim_equal("in kernel mode too", outcome.status, STATUS_EXL);
}

/* What happens to an exception within one. */
static void nested(void)
{
	struct frame frame = in_kernel(under_exl);

	chapter("an exception under EXL");
	frame.reg[A0] = STATUS_EXL;
	frame.reg[A1] = 0x12345678;
	frame.reg[6] = FREE_1;
	run(&frame);
	claim_trap("a miss goes to the general vector, EPC is kept", TLBL, 0x12345678, false);
	claim_equal("BadVAddr is the miss's", outcome.address, FREE_1);
	claim_equal("EntryHi too", outcome.entry_hi, FREE_1 & VPN_MASK);
	frame.reg[6] = (uint32_t)data + 1;
	run(&frame);
	claim_trap("an address error: EPC is kept", ADEL, 0x12345678, false);
	frame.reg[6] = (uint32_t)data;
	run(&frame);
	claim_trap("a syscall: EPC is kept", SYS, 0x12345678, false);
	frame.reg[A0] = STATUS_EXL | MODE_USER;
	run(&frame);
	claim_trap("with KSU user it is kernel mode all the same", SYS, 0x12345678, false);
}

static void returning(void)
{
	struct frame frame = in_kernel(to_epc);

	chapter("eret");
	frame.reg[A1] = (uint32_t)landing_1;
	frame.reg[7] = (uint32_t)landing_2;
	frame.reg[A0] = STATUS_EXL;
	run(&frame);
	claim_equal("goes to EPC", outcome.reg[V0], 1);
	claim_equal("and clears EXL", outcome.reg[V1] & (STATUS_EXL | STATUS_ERL), 0);
	frame.reg[A0] = STATUS_ERL;
	run(&frame);
	claim_equal("with ERL to ErrorEPC", outcome.reg[V0], 2);
	claim_equal("and clears ERL", outcome.reg[V1] & (STATUS_EXL | STATUS_ERL), 0);
	frame.reg[A0] = STATUS_ERL | STATUS_EXL;
	run(&frame);
	claim_equal("with both to ErrorEPC", outcome.reg[V0], 2);
	claim_equal("and leaves EXL", outcome.reg[V1] & (STATUS_EXL | STATUS_ERL), STATUS_EXL);
	frame.reg[A0] = STATUS_EXL | MODE_USER;
	frame.reg[A1] = USER(user_look);
	frame.reg[6] = KSEG0;
	run(&frame);
	claim_trap("to user mode", ADEL, USER(user_look), false);
	claim_equal("which is not the kernel's any more", outcome.status & MODE_USER, MODE_USER);
}

void claims_of_levels(void)
{
	entering();
	nested();
	returning();
}
