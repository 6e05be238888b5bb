/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "console": the serial line, by bytes.  A write is done when the line has taken all bytes.  A read ends when there is
 * anything: bytes that come are kept, up to a limit, until somebody reads; readers wait in a queue.
 *
 * Invariant: bytes are kept only while no reader waits.
 */
#include "base/console.h"
#include "cpu.h"
#include "device/device.h"
#include "machine/pcb.h"

enum { COM1 = 0x3f8, DATA = COM1, INTERRUPTS = COM1 + 1, FIFO = COM1 + 2, MODEM = COM1 + 4, STATUS = COM1 + 5,
       LINE = 4 };
enum { INTERRUPT_RECEIVED = 0x01, FIFO_ON = 0x01, MODEM_READY_INTERRUPT = 0x0b, STATUS_RECEIVED = 0x01,
       STATUS_IDLE = 0x40, KEPT = 64 };

static struct {
	struct { io_req_t first, last; } readers;
	char kept[KEPT];
	natural_t from, count;
} cons;

static void write_all(io_req_t request)
{
	vm_size_t run;

	for (vm_size_t at = 0; at < request->bytes; at += run) {
		const char *text = io_req_data(request, at, &run);

		if (run > request->bytes - at)
			run = request->bytes - at;
		for (vm_size_t n = 0; n < run; n++)
			console_char(text[n]);
	}
	request->residual = 0;
}

/* What is kept, as much as is wanted; there is something. */
static void read_kept(io_req_t request)
{
	vm_size_t at = 0, run;

	for (; at < request->bytes && cons.count; at++) {
		char *to = io_req_data(request, at, &run);

		*to = cons.kept[cons.from];
		cons.from = (cons.from + 1) % KEPT;
		cons.count--;
	}
	request->residual = request->bytes - at;
	request->error = D_SUCCESS;
}

static void cons_interrupt(unsigned line)
{
	(void)line;
	while (in8(STATUS) & STATUS_RECEIVED) {
		char byte = (char)in8(DATA);

		if (cons.count < KEPT)
			cons.kept[(cons.from + cons.count++) % KEPT] = byte;
	}
	while (cons.count && cons.readers.first) {
		io_req_t request = cons.readers.first;

		cons.readers.first = request->next;
		read_kept(request);
		io_done(request);
	}
}

void cons_drain(void)
{
	while (!(in8(STATUS) & STATUS_IDLE))
		;
}

static kern_return_t cons_start(io_req_t request)
{
	if (request->write) {
		write_all(request);
		return D_SUCCESS;
	}
	if (cons.count) {
		read_kept(request);
		return D_SUCCESS;
	}
	request->next = NULL;
	if (cons.readers.first)
		cons.readers.last->next = request;
	else
		cons.readers.first = request;
	cons.readers.last = request;
	return D_IO_QUEUED;
}

const struct device_ops cons_ops = {.start = cons_start};

void cons_init(device_t device)
{
	device->record_size = 1;
	device->present = true;
	interrupt_handler(LINE, cons_interrupt);
	out8(FIFO, FIFO_ON); /* what comes while a write goes out is kept there */
	out8(MODEM, MODEM_READY_INTERRUPT);
	out8(INTERRUPTS, INTERRUPT_RECEIVED);
}
