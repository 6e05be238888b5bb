/* SPDX-License-Identifier: GPL-2.0-or-later */
/* speed on MIPS: how the small kernel is called. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/include/probe.h"

/* syscall: number in v0, a in a0, b in a1; result in v0.  What C may lose in a call, it may lose here. */
static inline uint32_t speed_call(enum speed_call number, uint32_t a, uint32_t b)
{
	register uint32_t v0 __asm__("$2") = number;
	register uint32_t a0 __asm__("$4") = a;
	register uint32_t a1 __asm__("$5") = b;

	__asm__ volatile("syscall" : "+r"(v0), "+r"(a0), "+r"(a1)
	                 : : "$1", "$3", "$6", "$7", "$8", "$9", "$10", "$11", "$12", "$13", "$14", "$15", "$24", "$25", "hi",
	                     "lo", "memory");
	return v0;
}

/* Its data are in kseg0, which needs no TLB. */
#define KERNEL_PAGE
#define SPEED_CALLED
