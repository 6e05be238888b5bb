/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel wants done to the processor.
 */
#pragma once
#include "arch/x86/l4/segments.h"
#include "l4/tcb.h"

/* What the command line may choose. */
enum { MACHINE_HAS_SMALL_SPACES = true, MACHINE_HAS_SMALL_TCBS = true };

/* Its tables, and all of its registers from them; the current thread's. */
static inline void machine_init(bool small_spaces) { segments_init(small_spaces); }
/* Sets the words of a thread control block that say how its space is reached. */
static inline void machine_set_thread(struct tcb *thread) { segments_set_thread(thread); }
/* Makes a thread's space the current one, and its kernel stack the one for entries. */
static inline void machine_activate(struct tcb *thread) { segments_activate(thread); }
