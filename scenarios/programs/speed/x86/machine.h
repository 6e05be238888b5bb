/* SPDX-License-Identifier: GPL-2.0-or-later */
/* speed on x86: how the small kernel is called, and where its data lie. */
#pragma once
#include "scenarios/programs/bare/bare.h"

enum { VECTOR_SPEED = 0x42 };

/* int VECTOR_SPEED: number in EAX, a in EDX, b in ECX; result in EAX. */
static inline uint32_t speed_call(enum speed_call number, uint32_t a, uint32_t b)
{
	uint32_t result;

	__asm__ volatile("int %1" : "=a"(result) : "i"(VECTOR_SPEED), "0"(number), "d"(a), "c"(b) : "memory");
	return result;
}

/* page.c: what lies in the kernel's page, and its making. */
#define KERNEL_PAGE __attribute__((section(".bss.kernel_page")))
void speed_page_init(void);
/* call.S: the gate leads here. */
extern char speed_call_entry[];
/* How call.S passes arguments. */
#define SPEED_CALLED __attribute__((regparm(3)))
