/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of a space: see ipc_entry.h, and Mach 3.0 ipc/ipc_entry for what it stands in for.
 */
#include "ipc/ipc_entry.h"
#include "base/memory.h"
#include "base/panic.h"
#include "kern/zalloc.h"

#define GENERATION_END (1u << (32 - IPC_ENTRY_SLOT_BITS))

static natural_t table_bytes(natural_t size)
{
	return size * (sizeof(struct ipc_entry) + 2 * sizeof(uint16_t));
}

/* --- The two hashes --- */

static uint16_t *object_head(const struct ipc_space *space, const struct ipc_object *object)
{
	const natural_t key = (natural_t)(uintptr_t)object;
	return &space->by_object[(key >> 4 ^ key >> 11) & (space->size - 1)];
}

static uint16_t *name_head(const struct ipc_space *space, mach_port_t name)
{
	return &space->by_name[(name ^ name >> 9) & (space->size - 1)];
}

void ipc_entry_hash(struct ipc_space *space, struct ipc_entry *entry)
{
	uint16_t *head = object_head(space, entry->object);
	entry->next_by_object = *head;
	*head = (uint16_t)ipc_entry_slot(space, entry);
}

void ipc_entry_unhash(struct ipc_space *space, struct ipc_entry *entry)
{
	const natural_t slot = ipc_entry_slot(space, entry);
	uint16_t *link = object_head(space, entry->object);
	while (*link != slot)
		link = &space->table[*link].next_by_object;
	*link = entry->next_by_object;
	entry->next_by_object = 0;
}

static void hash_name(struct ipc_space *space, struct ipc_entry *entry)
{
	uint16_t *head = name_head(space, entry->name);
	entry->next_by_name = *head;
	entry->bits |= IE_BITS_CHOSEN;
	*head = (uint16_t)ipc_entry_slot(space, entry);
	space->chosen++;
}

static void unhash_name(struct ipc_space *space, struct ipc_entry *entry)
{
	if (!(entry->bits & IE_BITS_CHOSEN))
		return;
	const natural_t slot = ipc_entry_slot(space, entry);
	uint16_t *link = name_head(space, entry->name);
	while (*link != slot)
		link = &space->table[*link].next_by_name;
	*link = entry->next_by_name;
	entry->next_by_name = 0;
	entry->bits &= ~IE_BITS_CHOSEN;
	space->chosen--;
}

struct ipc_entry *ipc_entry_of_port(const struct ipc_space *space, const struct ipc_port *port)
{
	if (port->receiver == space)
		return ipc_entry_lookup(space, port->receiver_name);
	for (natural_t slot = space->size ? *object_head(space, &port->object) : 0; slot;
	     slot = space->table[slot].next_by_object)
		if (space->table[slot].object == &port->object)
			return &space->table[slot];
	return NULL;
}

struct ipc_entry *ipc_entry_lookup_chosen(const struct ipc_space *space, mach_port_t name)
{
	for (natural_t slot = *name_head(space, name); slot; slot = space->table[slot].next_by_name)
		if (space->table[slot].name == name)
			return &space->table[slot];
	return NULL;
}

/* --- Growth --- */

static void add_free(struct ipc_space *space, natural_t slot)
{
	space->table[slot].next_by_object = (uint16_t)space->first_free;
	space->first_free = slot;
	space->free++;
}

/* The new table takes the place of the old one. */
static void move_table(struct ipc_space *space, struct ipc_entry *table, natural_t size)
{
	struct ipc_entry *old = space->table;
	const natural_t old_size = space->size;
	memset(table, 0, table_bytes(size));
	if (old)
		memcpy(table, old, old_size * sizeof *old);
	space->table = table;
	space->by_object = (uint16_t *)(table + size);
	space->by_name = space->by_object + size;
	space->size = size;
	for (natural_t slot = size - 1; slot >= (old_size ? old_size : 1); slot--)
		add_free(space, slot);
	space->chosen = 0;
	for (natural_t slot = 1; slot < old_size; slot++) {
		struct ipc_entry *entry = &table[slot];
		if (entry->bits & IE_BITS_CHOSEN)
			hash_name(space, entry);
		if ((entry->bits & MACH_PORT_TYPE_SEND_RECEIVE) == MACH_PORT_TYPE_SEND)
			ipc_entry_hash(space, entry);
	}
	if (old)
		kfree(old, table_bytes(old_size));
}

kern_return_t ipc_entry_reserve(struct ipc_space *space, natural_t entries)
{
	while (space->active && space->free < entries) {
		const natural_t old_size = space->size, size = old_size ? old_size * 2 : IPC_ENTRY_MIN;
		if (size > IPC_ENTRY_MAX)
			return KERN_NO_SPACE;
		struct ipc_entry *table = ipc_memory_is_short() ? NULL : kalloc(table_bytes(size));
		if (!table)
			return KERN_RESOURCE_SHORTAGE;
		if (!space->active || space->size != old_size)
			kfree(table, table_bytes(size)); /* so much has happened while this waited for memory */
		else
			move_table(space, table, size);
	}
	return space->active ? KERN_SUCCESS : KERN_INVALID_TASK;
}

void ipc_entry_discard(struct ipc_space *space)
{
	struct ipc_entry *table = space->table;
	const natural_t size = space->size;
	space->table = NULL;
	space->size = space->free = space->first_free = space->chosen = 0;
	if (table)
		kfree(table, table_bytes(size));
}

/* --- Taking and freeing --- */

static struct ipc_entry *take_free(struct ipc_space *space)
{
	kernel_assert(space->free);
	struct ipc_entry *entry = &space->table[space->first_free];
	space->first_free = entry->next_by_object;
	entry->next_by_object = 0;
	space->free--;
	ipc_statistics.names++;
	return entry;
}

/* A name for a slot that the space has not, and has not had for long. */
static mach_port_t new_name(struct ipc_space *space, natural_t slot)
{
	mach_port_t name;
	do {
		/* The last generation is left out: with the last slot it would make MACH_PORT_DEAD. */
		if (++space->generation >= GENERATION_END - 1)
			space->generation = 1;
		name = space->generation << IPC_ENTRY_SLOT_BITS | slot;
	} while (space->chosen && ipc_entry_lookup_chosen(space, name));
	return name;
}

struct ipc_entry *ipc_entry_take(struct ipc_space *space)
{
	const mach_port_t name = new_name(space, space->first_free);
	struct ipc_entry *entry = take_free(space);
	entry->name = name;
	return entry;
}

struct ipc_entry *ipc_entry_take_name(struct ipc_space *space, mach_port_t name)
{
	struct ipc_entry *entry = take_free(space);
	entry->name = name;
	hash_name(space, entry);
	return entry;
}

void ipc_entry_free(struct ipc_space *space, struct ipc_entry *entry)
{
	const natural_t slot = ipc_entry_slot(space, entry);
	unhash_name(space, entry);
	entry->bits = 0;
	entry->name = MACH_PORT_NULL;
	entry->object = NULL;
	entry->request = 0;
	entry->next_by_name = 0;
	add_free(space, slot);
	ipc_statistics.names--;
}

void ipc_entry_rename(struct ipc_space *space, struct ipc_entry *entry, mach_port_t name)
{
	unhash_name(space, entry);
	entry->name = name;
	hash_name(space, entry);
}
