/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What programs ask root, by a call of two words; word 0 says what.  Every code is odd, so none is a page fault's.
 *
 *   word 0                 word 1         answer
 *   ROOT_EXIT              code           none: the run ends
 *   ROOT_TASK              -              the number of a task that is now the caller's to create; 0: there is none
 *   ROOT_MODULE            module number  the id of its thread 0, low and high; 0, 0: there is none
 * and what sigma0 gives (l4/kip.h), with a window to receive it in:
 *   L4_SIGMA0_FREE_PAGE    -              a page, mapped at its physical address
 *   L4_SIGMA0_IO           I/O fpage      the ports
 */
#pragma once

#define ROOT_EXIT 0xffff8001u
#define ROOT_TASK 0xffff8005u
#define ROOT_MODULE 0xffff8009u
