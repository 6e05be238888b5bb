/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel wants done to the processor.
 */
#pragma once
#include <stdbool.h>
#include "l4/tcb.h"

/* What the command line may choose. */
enum { MACHINE_HAS_SMALL_SPACES = false, MACHINE_HAS_SMALL_TCBS = false };

/* Who runs: for the entries into the kernel. */
extern struct tcb *thread_current;

/* TLB, vectors, the tables of threads. */
void machine_init(bool small_spaces);
/* Sets the words of a thread control block that say how its space is reached. */
void machine_set_thread(struct tcb *thread);
/* Makes a thread's space the current one, and its kernel stack the one for entries. */
void machine_activate(struct tcb *thread);
