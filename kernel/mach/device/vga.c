/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "vga": the memory of a PC's text screen, to be mapped, where there is one; it can be neither read nor written by
 * requests.
 */
#include "device/device.h"
#include "layout.h"

enum { VGA_SIZE = 0x8000 };

static kern_return_t vga_start(io_req_t request)
{
	request->residual = request->bytes;
	return D_INVALID_OPERATION;
}

static paddr_t vga_map(vm_offset_t offset)
{
	return offset < VGA_SIZE ? VGA_MEMORY + offset : ~(paddr_t)0;
}

const struct device_ops vga_ops = {.start = vga_start, .map = vga_map};

void vga_init(device_t device)
{
	device->record_size = 1;
	device->present = VGA_MEMORY != 0;
}
