/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of a space: what each of its names denotes.
 *
 * A name that the kernel chooses is a slot of the table and a generation, so that it is found at once, and a stale
 * name finds nothing:
 *
 *   31                        14 13          0
 *   +---------------------------+-------------+
 *   | generation, 1 ..          | slot        |
 *   +---------------------------+-------------+
 *
 * A name that a task chose (allocate_name, insert_right, rename) may be any number: its entry stands in any slot, and
 * is found by a hash of names, which costs nothing while a space has no such names.  Another hash finds the one name
 * that a space has for its send right to a port.
 *
 *   1. An entry is free (on the free list; all 0 but for its link there), or denotes something: bits say what.
 *   2. object is NULL for a dead name only, and else a reference.
 *   3. In the hash by object are just the entries with a send right and no receive right.
 *   4. Entries move when the table grows: only ipc_entry_reserve does that, and only it can block.
 */
#pragma once
#include "ipc/ipc_space.h"

enum {
	IPC_ENTRY_SLOT_BITS = 14,
	IPC_ENTRY_MAX = 1 << IPC_ENTRY_SLOT_BITS, /* names of a space */
	IPC_ENTRY_MIN = 16,
};

/* bits: urefs, MACH_PORT_TYPE_*, and: */
#define IE_BITS_UREFS_MASK 0x0000ffffu
#define IE_BITS_TYPE_MASK 0x001f0000u
#define IE_BITS_MAREQUEST 0x00200000u /* a MACH_SEND_NOTIFY message is under way */
#define IE_BITS_CHOSEN 0x00400000u    /* in the hash of names */
#define IE_BITS_UREFS(bits_) ((bits_) & IE_BITS_UREFS_MASK)
#define IE_BITS_TYPE(bits_) ((bits_) & IE_BITS_TYPE_MASK)

struct ipc_entry {
	natural_t bits;
	mach_port_t name;
	struct ipc_object *object;
	natural_t request;           /* the port's dead-name request for this name; 0: none */
	uint16_t next_by_object;     /* slots; 0 ends. Of a free entry: the next free one */
	uint16_t next_by_name;
};

struct ipc_marequest;                /* ipc_notify.h */

struct ipc_space {
	natural_t references;
	bool active;
	struct ipc_entry *table;     /* slot 0 is not used; behind the entries, the heads of both hashes */
	uint16_t *by_object, *by_name;
	natural_t size;              /* slots, a power of 2; 0: none */
	natural_t free, first_free;
	natural_t chosen;            /* entries in the hash of names */
	natural_t generation;
	struct ipc_marequest *marequests;
	vm_size_t queued_bytes;      /* of its messages that wait in queues */
};

static inline natural_t ipc_entry_slot(const struct ipc_space *space, const struct ipc_entry *entry)
{
	return entry->bits & IE_BITS_CHOSEN ? (natural_t)(entry - space->table) : entry->name & (IPC_ENTRY_MAX - 1);
}

/* Among the names that the task chose. */
struct ipc_entry *ipc_entry_lookup_chosen(const struct ipc_space *space, mach_port_t name);
/* NULL: the name denotes nothing. */
static inline struct ipc_entry *ipc_entry_lookup(const struct ipc_space *space, mach_port_t name)
{
	const natural_t slot = name & (IPC_ENTRY_MAX - 1);
	if (slot < space->size && space->table[slot].name == name && name)
		return &space->table[slot];
	return space->chosen ? ipc_entry_lookup_chosen(space, name) : NULL;
}
/* So many entries can be taken now. May block, and then nothing known of the space is true any more.
 * KERN_INVALID_TASK: the space is dead. KERN_NO_SPACE: it has all the names it may. KERN_RESOURCE_SHORTAGE. */
kern_return_t ipc_entry_reserve(struct ipc_space *space, natural_t entries);
/* An entry with a new name; or with a chosen one that is not in use. There must be a free one. bits, object and request
 * are 0. */
struct ipc_entry *ipc_entry_take(struct ipc_space *space);
struct ipc_entry *ipc_entry_take_name(struct ipc_space *space, mach_port_t name);
/* It denotes nothing any more. It must be out of the hash by object, and its reference dealt with. */
void ipc_entry_free(struct ipc_space *space, struct ipc_entry *entry);
/* The table of a space that is dead, and has no names any more, is given back. */
void ipc_entry_discard(struct ipc_space *space);
/* A new name for the same. */
void ipc_entry_rename(struct ipc_space *space, struct ipc_entry *entry, mach_port_t name);

/* The hash by object. */
void ipc_entry_hash(struct ipc_space *space, struct ipc_entry *entry);
void ipc_entry_unhash(struct ipc_space *space, struct ipc_entry *entry);
/* The entry with the space's send or receive right to a port; NULL. */
struct ipc_entry *ipc_entry_of_port(const struct ipc_space *space, const struct ipc_port *port);
