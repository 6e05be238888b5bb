/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether the processor's kernel heeds write protection (copyio.c): the 386 has no WP bit.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* At the boot: finds out by writing to a page that is mapped read-only whether the processor minds (WP). */
void copyio_init(volatile uint32_t *read_only);
/* Whether the kernel's own stores heed protection. */
bool copyio_write_protects(void);
/* A page fault of the kernel at this EIP: true if it was copyio_init's; *eip is moved on. */
bool copyio_probe_fault(uint32_t *eip);
