/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The loop that every manager is. */
#pragma once
#include "pager/lib/l4/program.h"
#include "pager/l4/managers/protocol.h"

/*
 * Answers one message: words 0 and 1 in and out; returns the send descriptor (L4_IPC_SHORT, or L4_IPC_SHORT_MAP with a
 * hot spot and an fpage).
 */
typedef uint32_t manager_answer(uint32_t *w0, uint32_t *w1);

/* Waits, answers, for ever. */
void manager_serve(manager_answer *answer) __attribute__((noreturn));

/* The refusal: two words 0, no mapping. */
static inline uint32_t manager_refuse(uint32_t *w0, uint32_t *w1)
{
	*w0 = *w1 = 0;
	return L4_IPC_SHORT;
}

/* Gives the page at `local` to the asker at `address`. */
static inline uint32_t manager_give(uintptr_t address, const volatile void *local, uint32_t flags, uint32_t *w0,
                                    uint32_t *w1)
{
	*w0 = address & ~(uintptr_t)(PAGE_SIZE - 1);
	*w1 = L4_FPAGE(local, L4_PAGE_SHIFT, flags);
	return L4_IPC_SHORT_MAP;
}

/* A number as the answer. */
static inline uint32_t manager_number(uint32_t number, uint32_t *w0, uint32_t *w1)
{
	*w0 = number;
	*w1 = 0;
	return L4_IPC_SHORT;
}
