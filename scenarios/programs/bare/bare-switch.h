/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the pages of bare-switch lie; for C and assembly. */
#pragma once

/* 9 pages apart, and each 32 bytes further in its page: neighbours fall into different sets of TLB and cache. */
#define STEP (9 * 4096 + 32)
#define DATA_BASE 0x40000000
#define CODE_BASE 0x80000000
#define SMALL_BASE 0xc0000000
