/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of devices; names and ports. */
#include "base/memory.h"
#include "device/device.h"
#include "ipc/ipc_port.h"

enum { DEVICE_HD0A, DEVICE_CONSOLE, DEVICE_VGA, DEVICES };

static struct device devices[DEVICES] = {
	[DEVICE_HD0A] = {.name = "hd0a", .ops = &hd_ops},
	[DEVICE_CONSOLE] = {.name = "console", .ops = &cons_ops},
	[DEVICE_VGA] = {.name = "vga", .ops = &vga_ops},
};

static bool equal(const char *a, const char *b)
{
	for (; *a && *a == *b; a++, b++)
		;
	return *a == *b;
}

device_t dev_name_lookup(const char *name)
{
	for (unsigned n = 0; n < DEVICES; n++)
		if (equal(devices[n].name, name))
			return &devices[n];
	return NULL;
}

device_t dev_port_lookup(struct ipc_port *port)
{
	return IP_VALID(port) && port->kotype == IKOT_DEVICE ? port->kobject : NULL;
}

void device_deallocate(device_t device)
{
	(void)device; /* mig's translation wants something to call; the table is for good */
}

struct ipc_port *convert_device_to_port(device_t device)
{
	return ipc_port_make_send(device->port);
}

void device_table_init(void)
{
	hd_init(&devices[DEVICE_HD0A]);
	cons_init(&devices[DEVICE_CONSOLE]);
	vga_init(&devices[DEVICE_VGA]);
}
