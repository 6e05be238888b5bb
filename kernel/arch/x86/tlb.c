/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One page of the TLB.  The 486 has INVLPG for it; the 386 has not, and says so by an invalid-opcode fault the first
 * time: from then on the whole TLB goes, by a load of CR3.
 */
#include "arch/x86/tlb.h"
#include "arch/x86/cpu.h"

extern const uint8_t tlb_invlpg[], tlb_after_invlpg[];
static volatile bool without; /* the fault may change it in the middle of the function */

__attribute__((noinline)) void tlb_forget(uint32_t address)
{
	if (!without)
		__asm__ volatile(".globl tlb_invlpg, tlb_after_invlpg\n"
		                 "tlb_invlpg:\n\tinvlpg (%0)\n"
		                 "tlb_after_invlpg:"
		                 :
		                 : "r"(address)
		                 : "memory");
	if (without)
		cr3_write(cr3_read());
}

bool tlb_manages_without(uint32_t *eip)
{
	if (*eip != (uint32_t)tlb_invlpg)
		return false;
	without = true;
	*eip = (uint32_t)tlb_after_invlpg;
	return true;
}
