/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What nothing comes between: a MIPS I has no instruction for that.  It is two pieces of code in the kernel info page
 * that the kernel lets a thread begin anew if it was interrupted, or has faulted, before the store (l4/atomic_code.h).
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "l4/atomic_code.h"

static inline uint32_t exchange(volatile void *at, uint32_t value)
{
	return ((l4_exchange_code *)L4_EXCHANGE_ADDRESS)(at, value);
}

/* Sets *at to new if it is old; says whether it was. */
static inline bool compare_exchange(volatile void *at, uint32_t old, uint32_t new)
{
	return ((l4_compare_exchange_code *)L4_COMPARE_EXCHANGE_ADDRESS)(at, old, new);
}

/* Writes what is there already: so that the page must be writable. */
static inline void write_same(volatile uint32_t *word)
{
	const uint32_t value = *word;

	compare_exchange(word, value, value);
}
