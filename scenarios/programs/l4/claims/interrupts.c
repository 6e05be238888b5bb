/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * S-L3, L95 §2.2: interrupts as IPC: an empty message whose sender is the interrupt; drivers at user level with their
 * ports in their address space; the kernel ends the interrupt at the driver's next IPC.
 */
#include "pager/l4/drivers/protocol.h"
#include "scenarios/programs/l4/claims/claims.h"

static uint32_t attach(unsigned irq)
{
	uint32_t w0, w1;

	return l4_dope_error(l4_ipc_receive(L4_INTERRUPT_ID(irq), &w0, &w1, L4_IPC_SHORT, L4_RECEIVE_ZERO));
}

/* The line is "# irq": a comment among the claims' own. */
static void states_driver(l4_threadid_t serial)
{
	uint32_t four = helper_call(serial, SERIAL_WRITE, '#' | ' ' << 8 | 'i' << 16 | (uint32_t)'r' << 24, NULL);
	uint32_t two = helper_call(serial, SERIAL_WRITE, 'q' | '\n' << 8, NULL);

	claim(four == 4 && two == 2, "interrupts: the driver sends four bytes, and two");
	claim(helper_call(serial, SERIAL_COUNT, 0, NULL) == 6,
	      "interrupts: an empty message came for each, from the interrupt");
}

void claims_interrupts(void)
{
	l4_threadid_t serial = program_find("serial");

	helper_call(serial, SERIAL_COUNT, 0, NULL); /* it answers: so it has attached */
	claim(attach(4) != L4_RETIMEOUT, "interrupts: one that has a driver cannot be attached to by another");
	claim(attach(5) == L4_RETIMEOUT, "interrupts: one that is free can");
	states_driver(serial);
}
