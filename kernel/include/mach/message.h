/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages: a header, then items, each a type descriptor and its data, in line or out of line (Mach 3.0; Y87 §3.2).
 *
 * An item begins on a word.  Its descriptor is short (one word) or, with msgt_longform, the word and three more halves
 * and words that replace its fields.  Data out of line moves copy-on-write: in the message stands its address.
 */
#pragma once
#include "mach/types.h"

typedef natural_t mach_msg_bits_t;
typedef natural_t mach_msg_size_t;
typedef integer_t mach_msg_id_t;
typedef natural_t mach_msg_timeout_t; /* milliseconds */
typedef natural_t mach_msg_option_t;
typedef natural_t mach_msg_type_name_t;
typedef natural_t mach_msg_type_number_t;
typedef kern_return_t mach_msg_return_t;

#define MACH_MSG_TIMEOUT_NONE 0u
#define MACH_MSG_SIZE_MAX 8192u /* bytes in line, header included */

typedef struct mach_msg_header {
	mach_msg_bits_t msgh_bits;
	mach_msg_size_t msgh_size;       /* bytes, header included */
	mach_port_t msgh_remote_port;
	mach_port_t msgh_local_port;
	mach_port_seqno_t msgh_seqno;    /* set by receive: order of the port's messages */
	mach_msg_id_t msgh_id;
} mach_msg_header_t;

/* msgh_bits: dispositions of the two ports, and whether there is anything but plain data in line. */
#define MACH_MSGH_BITS_REMOTE_MASK 0x000000ffu
#define MACH_MSGH_BITS_LOCAL_MASK 0x0000ff00u
#define MACH_MSGH_BITS_PORTS_MASK 0x0000ffffu
#define MACH_MSGH_BITS_COMPLEX 0x80000000u
#define MACH_MSGH_BITS_USED 0x8000ffffu
#define MACH_MSGH_BITS(remote_, local_) ((natural_t)(remote_) | (natural_t)(local_) << 8)
#define MACH_MSGH_BITS_REMOTE(bits_) ((bits_) & MACH_MSGH_BITS_REMOTE_MASK)
#define MACH_MSGH_BITS_LOCAL(bits_) (((bits_) & MACH_MSGH_BITS_LOCAL_MASK) >> 8)

/* One word, from the low bits up: name 8, size 8, number 12, inline 1, longform 1, deallocate 1, unused 1. */
typedef struct mach_msg_type {
	natural_t msgt_name : 8,
		msgt_size : 8,             /* bits of one element */
		msgt_number : 12,          /* elements */
		msgt_inline : 1,
		msgt_longform : 1,
		msgt_deallocate : 1,
		msgt_unused : 1;
} mach_msg_type_t;
typedef struct mach_msg_type_long {
	mach_msg_type_t msgtl_header;      /* its name, size, number are 0 */
	uint16_t msgtl_name;
	uint16_t msgtl_size;
	natural_t msgtl_number;
} mach_msg_type_long_t;
_Static_assert(sizeof(mach_msg_type_t) == 4 && sizeof(mach_msg_type_long_t) == 12, "as the interface has it");

enum {
	MACH_MSG_TYPE_UNSTRUCTURED = 0,
	MACH_MSG_TYPE_BIT = 0,
	MACH_MSG_TYPE_BOOLEAN = 0,
	MACH_MSG_TYPE_INTEGER_16 = 1,
	MACH_MSG_TYPE_INTEGER_32 = 2,
	MACH_MSG_TYPE_CHAR = 8,
	MACH_MSG_TYPE_BYTE = 9,
	MACH_MSG_TYPE_INTEGER_8 = 9,
	MACH_MSG_TYPE_REAL = 10,
	MACH_MSG_TYPE_STRING = 12,
	MACH_MSG_TYPE_STRING_C = 12,
	MACH_MSG_TYPE_PORT_NAME = 15,      /* a name, not a right */
	MACH_MSG_TYPE_MOVE_RECEIVE = 16,
	MACH_MSG_TYPE_MOVE_SEND = 17,
	MACH_MSG_TYPE_MOVE_SEND_ONCE = 18,
	MACH_MSG_TYPE_COPY_SEND = 19,
	MACH_MSG_TYPE_MAKE_SEND = 20,
	MACH_MSG_TYPE_MAKE_SEND_ONCE = 21,
	/* what the receiver finds */
	MACH_MSG_TYPE_PORT_RECEIVE = MACH_MSG_TYPE_MOVE_RECEIVE,
	MACH_MSG_TYPE_PORT_SEND = MACH_MSG_TYPE_MOVE_SEND,
	MACH_MSG_TYPE_PORT_SEND_ONCE = MACH_MSG_TYPE_MOVE_SEND_ONCE,
	MACH_MSG_TYPE_LAST = 22,
};
#define MACH_MSG_TYPE_PORT_ANY(type_) ((type_) >= MACH_MSG_TYPE_MOVE_RECEIVE && (type_) <= MACH_MSG_TYPE_MAKE_SEND_ONCE)
#define MACH_MSG_TYPE_PORT_ANY_SEND(type_) \
	((type_) >= MACH_MSG_TYPE_MOVE_SEND && (type_) <= MACH_MSG_TYPE_MAKE_SEND_ONCE)
#define MACH_MSG_TYPE_PORT_ANY_RIGHT(type_) \
	((type_) >= MACH_MSG_TYPE_MOVE_RECEIVE && (type_) <= MACH_MSG_TYPE_MOVE_SEND_ONCE)

/* mach_msg's options. */
enum {
	MACH_MSG_OPTION_NONE = 0,
	MACH_SEND_MSG = 0x00000001,
	MACH_RCV_MSG = 0x00000002,
	MACH_SEND_TIMEOUT = 0x00000010,
	MACH_SEND_NOTIFY = 0x00000020,
	MACH_SEND_INTERRUPT = 0x00000040,
	MACH_SEND_CANCEL = 0x00000080,
	MACH_RCV_TIMEOUT = 0x00000100,
	MACH_RCV_NOTIFY = 0x00000200,
	MACH_RCV_INTERRUPT = 0x00000400,
	MACH_RCV_LARGE = 0x00000800,
};

/* mach_msg's results.  MSG_MASK: the bits that say what ran short on top of a code. */
enum {
	MACH_MSG_SUCCESS = 0,
	MACH_MSG_IPC_SPACE = 0x00002000,   /* no room for another name */
	MACH_MSG_VM_SPACE = 0x00001000,    /* no room in the address space */
	MACH_MSG_IPC_KERNEL = 0x00000800,  /* the kernel is short of ports */
	MACH_MSG_VM_KERNEL = 0x00000400,   /* the kernel is short of memory */
	MACH_MSG_MASK = 0x00003c00,

	MACH_SEND_IN_PROGRESS = 0x10000001,
	MACH_SEND_INVALID_DATA = 0x10000002,
	MACH_SEND_INVALID_DEST = 0x10000003,
	MACH_SEND_TIMED_OUT = 0x10000004,
	MACH_SEND_WILL_NOTIFY = 0x10000005,
	MACH_SEND_NOTIFY_IN_PROGRESS = 0x10000006,
	MACH_SEND_INTERRUPTED = 0x10000007,
	MACH_SEND_MSG_TOO_SMALL = 0x10000008,
	MACH_SEND_INVALID_REPLY = 0x10000009,
	MACH_SEND_INVALID_RIGHT = 0x1000000a,
	MACH_SEND_INVALID_NOTIFY = 0x1000000b,
	MACH_SEND_INVALID_MEMORY = 0x1000000c,
	MACH_SEND_NO_BUFFER = 0x1000000d,
	MACH_SEND_NO_NOTIFY = 0x1000000e,
	MACH_SEND_INVALID_TYPE = 0x1000000f,
	MACH_SEND_INVALID_HEADER = 0x10000010,
	MACH_SEND_TOO_LARGE = 0x10000011,  /* over MACH_MSG_SIZE_MAX */

	MACH_RCV_IN_PROGRESS = 0x10004001,
	MACH_RCV_INVALID_NAME = 0x10004002,
	MACH_RCV_TIMED_OUT = 0x10004003,
	MACH_RCV_TOO_LARGE = 0x10004004,
	MACH_RCV_INTERRUPTED = 0x10004005,
	MACH_RCV_PORT_CHANGED = 0x10004006,
	MACH_RCV_INVALID_NOTIFY = 0x10004007,
	MACH_RCV_INVALID_DATA = 0x10004008,
	MACH_RCV_PORT_DIED = 0x10004009,
	MACH_RCV_IN_SET = 0x1000400a,
	MACH_RCV_HEADER_ERROR = 0x1000400b,
	MACH_RCV_BODY_ERROR = 0x1000400c,
};

/*
 * Sends, receives, or both (an RPC), by the option's bits; waits as the timeouts and queue limits have it.
 *   msg       the buffer: what is sent, and where what is received goes
 *   rcv_name  a port or a set that the task holds
 *   timeout   milliseconds, with MACH_SEND_TIMEOUT or MACH_RCV_TIMEOUT (for each of the two)
 *   notify    the send-once right's place for MACH_SEND_NOTIFY, MACH_SEND_CANCEL, MACH_RCV_NOTIFY
 */
mach_msg_return_t mach_msg(mach_msg_header_t *msg, mach_msg_option_t option, mach_msg_size_t send_size,
                           mach_msg_size_t rcv_size, mach_port_t rcv_name, mach_msg_timeout_t timeout,
                           mach_port_t notify);
