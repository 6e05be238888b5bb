/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pager's objects: each the contents of one memory object, found by its port.
 *
 *   1. Messages to one object begin in the order in which its port had them, though several threads take them from the
 *      set: each waits until the message with the number before its own has begun (object_begin_*).
 *   2. A read waits for the writes that began before it.  Writes do not wait for each other: the kernel writes a page
 *      again only after it has read it again.
 *   3. Termination waits for all of them; and as it has the last number, nobody comes after it.
 *
 *      IDLE --begin_read--> READING   --end_read-->  IDLE       (any number of readers or of writers)
 *      IDLE --begin_write-> WRITING   --end_write--> IDLE
 *      IDLE --begin_alone-> ALONE     --object_end_alone--> IDLE, or gone (object_destroy)
 */
#pragma once
#include "pager/default_pager/page_map.h"

struct object {
	struct object *next;            /* in its chain of the table */
	mach_port_t port;               /* receive right */
	struct mutex lock;              /* what follows, up to `map` */
	struct condition changed;
	mach_port_seqno_t seqno;        /* of the message whose turn it is */
	uint32_t readers, writers;
	bool external;                  /* made for a client: its contents outlive the kernel's interest */
	mach_port_t control, name;      /* the kernel's; MACH_PORT_NULL: it does not know the object, or no more */
	uint32_t control_references;    /* user references of `control` that messages have brought */
	struct mutex reference_lock;    /* the first version's */
	uint32_t references;
	struct page_map map;            /* has its own lock */
};

void objects_init(void);
/* An object of so many pages with this port, in the table. NULL without memory. */
struct object *object_create(mach_port_t port, uint32_t pages, bool external);
/* Off the table, and gone with its blocks. The caller is alone with it; the port is the caller's. */
void object_destroy(struct object *object);
/* Who has this port; NULL. */
struct object *object_lookup(mach_port_t port);
/* Waits for the turn of the message with this number, which has brought a right to `control`: counted, if it is the
 * object's. */
void object_begin_read(struct object *object, mach_port_seqno_t seqno, mach_port_t control);
void object_end_read(struct object *object);
void object_begin_write(struct object *object, mach_port_seqno_t seqno, mach_port_t control);
void object_end_write(struct object *object);
void object_begin_alone(struct object *object, mach_port_seqno_t seqno);
void object_end_alone(struct object *object);
