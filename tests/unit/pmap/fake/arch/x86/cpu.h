/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The processor's part in page tables, for the host: CR3 and the TLB are test_pmap.c's. */
#pragma once
#include <stdint.h>

uint32_t cr3_read(void);
void cr3_write(uint32_t value);
