/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device service's results, modes and statuses (Mach 3.0 device/device_types.h).
 */
#pragma once
#include "mach/kern_return.h"

typedef natural_t dev_mode_t;
typedef natural_t dev_flavor_t;
typedef natural_t recnum_t;

enum {
	D_IO_QUEUED = -1,               /* inside the kernel: the answer comes later */
	D_SUCCESS = 0,
	D_IO_ERROR = 2500,              /* the device says so */
	D_WOULD_BLOCK = 2501,
	D_NO_SUCH_DEVICE = 2502,
	D_ALREADY_OPEN = 2503,
	D_DEVICE_DOWN = 2504,           /* it does not answer */
	D_INVALID_OPERATION = 2505,
	D_INVALID_RECNUM = 2506,        /* beyond its end */
	D_INVALID_SIZE = 2507,          /* not in whole records */
	D_NO_MEMORY = 2508,
	D_READ_ONLY = 2509,
};

enum { D_READ = 1, D_WRITE = 2, D_NODELAY = 4, D_NOWAIT = 8 };

enum {
	DEV_NAME_MAX = 128,             /* bytes of a name, end included */
	IO_INBAND_MAX = 128,            /* bytes of device_read_inband, device_write_inband */
};

/* device_get_status: a device's size and its records', bytes. */
#define DEV_GET_SIZE 0u
enum { DEV_GET_SIZE_DEVICE_SIZE = 0, DEV_GET_SIZE_RECORD_SIZE = 1, DEV_GET_SIZE_COUNT = 2 };
