/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The board's interrupts.  All handlers run with interrupts off, upon user mode, machine_idle or an interrupt_window of
 * the kernel; the controller hears the end of an interrupt before the handler begins, so that the same line may wait
 * there meanwhile.
 *
 * A line without a handler stays masked.
 */
#include "base/panic.h"
#include "base/pic.h"
#include "machine/pcb.h"
#include "trap.h"

static void (*handlers[PIC_LINES])(unsigned line);
bool interrupt_of_user;

void interrupt_init(void) { pic_init(); }

void interrupt_handler(unsigned line, void (*handler)(unsigned line))
{
	kernel_assert(line < PIC_LINES && line != PIC_CASCADE);
	handlers[line] = handler;
	if (handler)
		pic_unmask(line);
	else
		pic_mask(line);
}

void interrupt(unsigned line, bool user_mode)
{
	if (line >= PIC_LINES || pic_is_spurious(line))
		return;
	pic_acknowledge(line);
	interrupt_of_user = user_mode;
	if (handlers[line])
		handlers[line](line);
}
