/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Results of kernel calls (Mach 3.0 kernel interface).
 */
#pragma once
#include "mach/types.h"

enum {
	KERN_SUCCESS = 0,
	KERN_INVALID_ADDRESS = 1,          /* not allocated, or not accessible as asked */
	KERN_PROTECTION_FAILURE = 2,
	KERN_NO_SPACE = 3,                 /* no room in the address space */
	KERN_INVALID_ARGUMENT = 4,
	KERN_FAILURE = 5,
	KERN_RESOURCE_SHORTAGE = 6,
	KERN_NOT_RECEIVER = 7,
	KERN_NO_ACCESS = 8,
	KERN_MEMORY_FAILURE = 9,           /* the memory object is gone */
	KERN_MEMORY_ERROR = 10,            /* its manager gave an error */
	KERN_NOT_IN_SET = 12,
	KERN_NAME_EXISTS = 13,
	KERN_ABORTED = 14,
	KERN_INVALID_NAME = 15,
	KERN_INVALID_TASK = 16,
	KERN_INVALID_RIGHT = 17,
	KERN_INVALID_VALUE = 18,
	KERN_UREFS_OVERFLOW = 19,
	KERN_INVALID_CAPABILITY = 20,
	KERN_RIGHT_EXISTS = 21,
	KERN_INVALID_HOST = 22,
	KERN_MEMORY_PRESENT = 23,

	MIG_TYPE_ERROR = -300,             /* the reply's types are not those expected */
	MIG_REPLY_MISMATCH = -301,
	MIG_REMOTE_ERROR = -302,
	MIG_BAD_ID = -303,                 /* nobody serves this message id */
	MIG_BAD_ARGUMENTS = -304,          /* the request's types are not those expected */
	MIG_NO_REPLY = -305,               /* the server will not reply, or has */
	MIG_EXCEPTION = -306,
	MIG_ARRAY_TOO_LARGE = -307,
	MIG_SERVER_DIED = -308,
};
