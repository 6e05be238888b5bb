/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* Whatever the TLB knows of the page of this linear address, it does not know any more. */
void tlb_forget(uint32_t address);
/* An invalid-opcode fault of the kernel at this EIP: true if it was tlb_forget's, which will manage without; *eip is
 * moved to where the kernel goes on. */
bool tlb_manages_without(uint32_t *eip);
