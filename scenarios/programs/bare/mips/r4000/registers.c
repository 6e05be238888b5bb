/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Coprocessor 0's registers: what of them can be written (R4000, chapters 4 and 5). */
#include "chapters.h"
#include "tlb.h"
#include "trial.h"

static void addresses(void)
{
	chapter("registers");
	CP0_WRITE(8, 0x1234);
	claim("BadVAddr cannot be written", CP0_READ(8) != 0x1234);
	CP0_WRITE(4, 0xffffffff);
	claim_equal("of Context the base can, its lowest bits cannot", CP0_READ(4) & (CONTEXT_BASE | 15), CONTEXT_BASE);
	CP0_WRITE(4, 0);
	claim_equal("the base is cleared", CP0_READ(4) & CONTEXT_BASE, 0);
	CP0_WRITE(14, 0xa5a5a5a4);
	claim_equal("EPC keeps a word", CP0_READ(14), 0xa5a5a5a4);
	CP0_WRITE(30, 0x5a5a5a58);
	claim_equal("ErrorEPC keeps a word", CP0_READ(30), 0x5a5a5a58);
	CP0_WRITE(10, 0xffffffff);
	claim_equal("of EntryHi the page and the ASID can be written", CP0_READ(10), VPN_MASK | ASID_MOST);
	CP0_WRITE(10, 0);
	CP0_WRITE(2, lo_of(0x12345000, LO_VALID | LO_DIRTY));
	claim_equal("EntryLo0 keeps an entry", CP0_READ(2), lo_of(0x12345000, LO_VALID | LO_DIRTY));
	CP0_WRITE(3, lo_of(0x0abcd000, LO_GLOBAL));
	claim_equal("EntryLo1 keeps another", CP0_READ(3), lo_of(0x0abcd000, LO_GLOBAL));
}

static void random_register(void)
{
	uint32_t first;
	bool within = true;

	chapter("Wired and Random");
	CP0_WRITE(6, 3);
	first = random_now();
	claim_equal("Wired keeps a number", CP0_READ(6), 3);
	not_in_qemu("its Random is a generator of its own");
	not_in_gxemul("its Random is a generator of its own");
	claim("Random begins at the last entry when Wired is written", tlb_entries - first <= 8);
	CP0_WRITE(6, tlb_entries - 2);
	for (unsigned n = 0; n < 100; n++)
		within = within && random_now() >= tlb_entries - 2 && random_now() < tlb_entries;
	claim("Random stays at or above Wired", within);
	CP0_WRITE(1, 0);
	claim("Random cannot be written", random_now() >= tlb_entries - 2);
	CP0_WRITE(6, WIRED);
}

void claims_of_registers(void)
{
	addresses();
	random_register();
}
