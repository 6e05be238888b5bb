/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Port rights and what can be asked about them (Mach 3.0 kernel interface; Y87 table 3-2).
 */
#pragma once
#include "mach/types.h"

enum {
	MACH_PORT_RIGHT_SEND = 0,
	MACH_PORT_RIGHT_RECEIVE = 1,
	MACH_PORT_RIGHT_SEND_ONCE = 2,
	MACH_PORT_RIGHT_PORT_SET = 3,
	MACH_PORT_RIGHT_DEAD_NAME = 4,
	MACH_PORT_RIGHT_NUMBER = 5,
};

/* Names in memory that a call gave (deallocate it with vm_deallocate). */
typedef mach_port_t *mach_port_array_t;

/* mach_port_type: what a name denotes, a bit for each right that it has. */
typedef natural_t mach_port_type_t;
typedef mach_port_type_t *mach_port_type_array_t;
#define MACH_PORT_TYPE(right_) ((mach_port_type_t)1 << ((right_) + 16))
#define MACH_PORT_TYPE_NONE 0u
#define MACH_PORT_TYPE_SEND MACH_PORT_TYPE(MACH_PORT_RIGHT_SEND)
#define MACH_PORT_TYPE_RECEIVE MACH_PORT_TYPE(MACH_PORT_RIGHT_RECEIVE)
#define MACH_PORT_TYPE_SEND_ONCE MACH_PORT_TYPE(MACH_PORT_RIGHT_SEND_ONCE)
#define MACH_PORT_TYPE_PORT_SET MACH_PORT_TYPE(MACH_PORT_RIGHT_PORT_SET)
#define MACH_PORT_TYPE_DEAD_NAME MACH_PORT_TYPE(MACH_PORT_RIGHT_DEAD_NAME)
#define MACH_PORT_TYPE_SEND_RECEIVE (MACH_PORT_TYPE_SEND | MACH_PORT_TYPE_RECEIVE)
#define MACH_PORT_TYPE_SEND_RIGHTS (MACH_PORT_TYPE_SEND | MACH_PORT_TYPE_SEND_ONCE)
#define MACH_PORT_TYPE_PORT_RIGHTS (MACH_PORT_TYPE_SEND_RIGHTS | MACH_PORT_TYPE_RECEIVE)
#define MACH_PORT_TYPE_PORT_OR_DEAD (MACH_PORT_TYPE_PORT_RIGHTS | MACH_PORT_TYPE_DEAD_NAME)
#define MACH_PORT_TYPE_DNREQUEST 0x80000000u /* a dead-name notification is asked for */

/* Queue limits: the backlog of Y87. */
#define MACH_PORT_QLIMIT_DEFAULT 5
#define MACH_PORT_QLIMIT_MAX 16

typedef struct mach_port_status {
	mach_port_t mps_pset;             /* the set that the port is in */
	mach_port_seqno_t mps_seqno;
	mach_port_mscount_t mps_mscount;  /* make-send count */
	mach_port_msgcount_t mps_qlimit;
	mach_port_msgcount_t mps_msgcount;
	mach_port_rights_t mps_sorights;  /* send-once rights out there */
	natural_t mps_srights;            /* true: there are send rights */
	natural_t mps_pdrequest, mps_nsrequest; /* true: a notification is asked for */
} mach_port_status_t;

#define MACH_PORT_UREFS_MAX 0xffffu

/* Notifications, sent to a send-once right (mach_port_request_notification). */
enum {
	MACH_NOTIFY_FIRST = 0100,
	MACH_NOTIFY_PORT_DELETED = MACH_NOTIFY_FIRST + 001,
	MACH_NOTIFY_MSG_ACCEPTED = MACH_NOTIFY_FIRST + 002,
	MACH_NOTIFY_PORT_DESTROYED = MACH_NOTIFY_FIRST + 005,
	MACH_NOTIFY_NO_SENDERS = MACH_NOTIFY_FIRST + 006,
	MACH_NOTIFY_SEND_ONCE = MACH_NOTIFY_FIRST + 007,
	MACH_NOTIFY_DEAD_NAME = MACH_NOTIFY_FIRST + 010,
	MACH_NOTIFY_LAST = MACH_NOTIFY_FIRST + 015,
};
