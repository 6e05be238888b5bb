/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The serial line's driver: an ordinary program that has the ports of COM1 in its address space, and receives its
 * interrupts as messages (L95 §2.2).  A byte is put, and the next one waits for the message that says "transmitter
 * empty"; the kernel ends the interrupt when the driver receives again.
 *
 *   idle --SERIAL_WRITE--> a byte is put --interrupt's message--> next byte ... --none left--> answer, idle
 */
#include "pager/l4/drivers/protocol.h"
#include "pager/lib/l4/ports.h"
#include "pager/lib/l4/program.h"

enum { COM1 = 0x3f8, COM1_LOG2 = 3, COM1_IRQ = 4 };
enum { DATA = COM1, ENABLE = COM1 + 1, IDENTIFY = COM1 + 2, MODEM = COM1 + 4 };
enum { ENABLE_EMPTY = 2, MODEM_OUT2 = 8 /* connects the interrupt line on a PC */, MODEM_DTR_RTS = 3 };

static uint32_t interrupts;

static bool attach(void)
{
	const l4_threadid_t interrupt = L4_INTERRUPT_ID(COM1_IRQ);
	uint32_t w0, w1;

	return l4_dope_error(l4_ipc_receive(interrupt, &w0, &w1, L4_IPC_SHORT, L4_RECEIVE_ZERO)) == L4_RETIMEOUT;
}

static void wait_for_interrupt(void)
{
	l4_threadid_t from = L4_INTERRUPT_ID(COM1_IRQ);
	uint32_t w0 = 1, w1 = 1;
	l4_msgdope_t dope = l4_ipc(&from, L4_IPC_NONE, &w0, &w1, L4_IPC_SHORT, L4_NEVER);

	/* The message is empty, and its sender is the interrupt. */
	interrupts += l4_dope_error(dope) == 0 && w0 == 0 && w1 == 0 && l4_id_equal(from, L4_INTERRUPT_ID(COM1_IRQ));
	(void)port_read(IDENTIFY); /* which also says to the chip that we know */
}

/* Sends the bytes of a word up to a zero; returns how many. */
static uint32_t write_word(uint32_t bytes)
{
	uint32_t sent = 0;

	while (sent < 4 && (bytes >> 8 * sent & 0xff) != 0) {
		port_write(DATA, (uint8_t)(bytes >> 8 * sent));
		if (sent++ == 0)
			port_write(ENABLE, ENABLE_EMPTY);
		wait_for_interrupt();
	}
	port_write(ENABLE, 0);
	return sent;
}

static uint32_t answer(uint32_t w0, uint32_t w1)
{
	switch (w0) {
	case SERIAL_WRITE: return write_word(w1);
	case SERIAL_COUNT: return interrupts;
	default: return 0;
	}
}

int program_main(void)
{
	l4_threadid_t from;
	uint32_t w0, w1;

	if (!ports_get(COM1, COM1_LOG2) || !attach())
		return 1;
	port_write(ENABLE, 0);
	port_write(MODEM, MODEM_OUT2 | MODEM_DTR_RTS);
	l4_ipc_wait(&from, &w0, &w1, L4_IPC_SHORT, L4_NEVER);
	for (;;) {
		w0 = answer(w0, w1);
		w1 = 0;
		l4_ipc_reply_and_wait(&from, L4_IPC_SHORT, &w0, &w1, L4_IPC_SHORT, L4_SEND_ZERO);
	}
}
