/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Faults of user threads (L95 §2.1, §2.2): messages to their pagers.
 */
#pragma once
#include "trap.h"

/* A user's page fault at a linear address; returns when the thread may try again. */
void fault_page(struct trap_frame *frame, uint32_t linear);
/* Any other exception of a user. */
void fault_exception(uint32_t vector, uint32_t error);
