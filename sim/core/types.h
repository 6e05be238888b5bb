/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The units of the simulated machine: no guest address is ever an unsigned long. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint64_t cycle_t; /* cycles of the processor's clock */
typedef uint32_t vaddr_t; /* an offset in a segment, as the program has it */
typedef uint32_t laddr_t; /* a linear address: segment base + offset, before paging */
typedef uint32_t paddr_t; /* a physical address */

enum { PAGE_SHIFT = 12, PAGE_SIZE = 1 << PAGE_SHIFT };
#define PAGE_MASK ((uint32_t)PAGE_SIZE - 1)
#define PAGE_OF(a) ((uint32_t)(a) >> PAGE_SHIFT)

#define CYCLE_NEVER UINT64_MAX

/* What an access to memory wants. */
enum access { ACCESS_READ, ACCESS_WRITE, ACCESS_FETCH };
