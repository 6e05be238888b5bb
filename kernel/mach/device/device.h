/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device service (GD91 §5.5, §5.6; Forin, Golub and Bershad, An I/O System for Mach 3.0, 1991): devices by name,
 * their ports, reads and writes by record, and memory objects that map them.
 *
 *   ds_routines.c   the calls on devices' ports, as mach/defs/device.defs has them
 *   io_req.c        requests: their memory, their end, their replies
 *   dev_lookup.c    the table of devices; names, ports
 *   hd.c, ata.c     "hd0a", the IDE disk: records of 512 bytes, all of the disk
 *   cons.c, vga.c   "console", the serial line; "vga", the screen's memory
 *   dev_pager.c     memory objects that are a device's memory (device_map)
 *
 * A request goes its way like this:
 *
 *   ds_device_read, _write --io_req_start--> ops->start --D_IO_QUEUED--> (the device) --io_done--> io_done_thread
 *                                                      '--anything else: it is over, and is answered at once
 *
 * device_write is done in the context of the calling thread: its data are faulted in by the caller, and kept busy; the
 * sending of the request ends when they are queued for the disk, and the reply comes when they are written.  The
 * kernel option device_write=pool gives requests to one thread for all callers instead, which faults their data in: it
 * must deadlock (GD91 §5.6), and the scenario S-G2 shows it.
 *
 * Invariants
 *   1. the pages of a request's data are busy, so resident, from before it is started until it is done.
 *   2. ops->start neither waits nor allocates: it may be called by the default pager's threads.
 *   3. a request has one end: ops->start's result, or io_done; and its reply port is used up by then.
 */
#pragma once
#include "kern/ipc_kobject.h"
#include "mach/device.h"
#include "vm/vm_map.h"

struct ipc_port;

typedef struct device *device_t;

/* One request to a device. */
typedef struct io_req {
	struct io_req *next;           /* of the device's queue, or of those done */
	device_t device;
	bool write, inband;
	recnum_t recnum;               /* first record */
	vm_size_t bytes;               /* wanted */
	vm_size_t residual;            /* not moved in the end */
	kern_return_t error;           /* D_SUCCESS.. */
	/* data: in pages, from an offset in the first one; or, in band, in kernel memory */
	vm_page_t *pages;
	vm_offset_t offset;
	void *inband_data;             /* of kalloc, IO_INBAND_MAX bytes */
	vm_map_copy_t copy;            /* write: what has the pages */
	vm_object_t object;            /* read: likewise; pages is of kalloc */
	struct ipc_port *reply_port;
	mach_msg_type_name_t reply_type;
} *io_req_t;

/* What a device's driver can do. */
struct device_ops {
	/* Queues a request, D_IO_QUEUED, and will call io_done; or does it at once, and has set residual: D_SUCCESS or
	 * an error. Its record and size are right. */
	kern_return_t (*start)(io_req_t request);
	/* D_INVALID_OPERATION for flavors that it does not know. *count: words; in, of room, out, of status. */
	kern_return_t (*get_status)(dev_flavor_t flavor, natural_t *status, mach_msg_type_number_t *count);
	/* The physical address of what is at an offset of its memory, ~0 beyond; NULL: cannot be mapped. */
	paddr_t (*map)(vm_offset_t offset);
};

struct device {
	const char *name;
	const struct device_ops *ops;
	vm_size_t record_size;         /* bytes; 1: any size will do, and there is no place */
	natural_t records;             /* 0: it is not there (or has no end, if record_size is 1) */
	bool present;
	natural_t open_count;
	struct ipc_port *port;         /* while it is open: the kernel receives */
};

/* The most bytes of a request that is not in band: so many are in memory, and stay, while it waits for more. */
enum { IO_REQ_MAX = 64 * 1024 };

/* Devices, threads and the master device port's meaning; after ipc_host_init. */
void device_service_create(void);

/* dev_lookup.c: looks for the devices. A device by its name, NULL. A device by its port (mig's translation; no
 * reference is counted: devices are for good); a send right to a device's port, of one that is open. */
void device_table_init(void);
device_t dev_name_lookup(const char *name);
device_t dev_port_lookup(struct ipc_port *port);
void device_deallocate(device_t device);
struct ipc_port *convert_device_to_port(device_t device);

/* io_req.c */
void io_req_init(void);
/* An empty request. reply_port: a send-once right, which goes along. Waits for memory. */
io_req_t io_req_alloc(device_t device, struct ipc_port *reply_port, mach_msg_type_name_t reply_type);
/* With all that it holds, but without an answer. */
void io_req_free(io_req_t request);
/* Starts it; if it is over at once, answers it. */
void io_req_start(io_req_t request);
/* From a driver, also at interrupt: the request is over, its error and residual set. */
void io_done(io_req_t request);
/* Where byte `at` of its data is; *run: how many follow without a break. */
void *io_req_data(const struct io_req *request, vm_offset_t at, vm_size_t *run);

/* Drivers: each looks for its device, and fills in its entry. */
void hd_init(device_t device);
void cons_init(device_t device);
/* Waits until the last byte is on the line: the run may end. */
void cons_drain(void);
void vga_init(device_t device);
extern const struct device_ops hd_ops, cons_ops, vga_ops;
