/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interrupts as messages (L95 §2.2).
 */
#pragma once
#include "l4/tcb.h"

/* All lines but the timer's, which is the kernel's own, are for whoever attaches to them. */
void irq_init(void);
/* A line's interrupt has come. */
void irq_interrupt(unsigned line);
/* A thread is about to receive, from this id or (nil) from anybody: true if an interrupt of its own was waiting, and
 * has been delivered; else its line is open again. */
bool irq_before_receive(struct tcb *thread, l4_threadid_t from);
/* The thread becomes the one that gets this interrupt's messages; false if another has it, or the kernel. */
bool irq_attach(struct tcb *thread, l4_threadid_t interrupt);
void irq_detach(struct tcb *thread);
