/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device service (GD91 §5.5, §5.6; Forin, Golub and Bershad 1991): devices by name, their ports, reads and writes
 * by record, and memory objects that map them.
 *
 * device_write is done in the context of the calling thread, and returns to it no sooner than the data is queued for
 * the device (GD91 §5.6); the kernel option device_write=pool hands it to one pool of service threads instead, which
 * must deadlock: the scenario S-G2 shows it.
 */
#pragma once
#include "kern/ipc_kobject.h"
#include "mach/kern_return.h"

/* One request to a block or character device. */
struct io_req {
	struct io_req *next;
	struct device *device;
	bool write;
	natural_t recnum;              /* first record: 512 bytes on a disk */
	vm_size_t bytes;
	void *data;                    /* kernel address */
	vm_size_t residual;
	kern_return_t error;           /* D_SUCCESS.. */
	void (*done)(struct io_req *request); /* at interrupt, when it is over */
	void *context;
};

struct device_ops {
	const char *name;              /* "hd", "console": a digit and a letter may follow */
	kern_return_t (*open)(int unit, natural_t mode);
	void (*start)(struct io_req *request); /* queues it; done is called in the end */
	kern_return_t (*get_status)(int unit, natural_t flavor, natural_t *status, natural_t *count);
};

void device_service_create(void);
void hd_init(void);
