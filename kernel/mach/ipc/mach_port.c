/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The calls on a task's port names (Mach 3.0 kernel interface, mach_port_*; Y87 table 3-2): names and rights.
 * mach_port_status.c has queues, sets and requests.
 *
 * All return KERN_INVALID_TASK for a space that is dead.
 */
#include "mach_port_server.h"
#include "base/memory.h"
#include "ipc/ipc_entry.h"
#include "ipc/ipc_pset.h"
#include "ipc/ipc_right.h"
#include "kern/zalloc.h"

/* --- All names --- */

static void list_names(struct ipc_space *space, mach_port_t *names, mach_port_type_t *types)
{
	natural_t n = 0;
	for (natural_t slot = 1; slot < space->size; slot++) {
		const struct ipc_entry *entry = &space->table[slot];
		if (!entry->name)
			continue;
		names[n] = entry->name;
		types[n++] = ipc_right_type(ipc_right_lookup(space, entry->name));
	}
}

static natural_t names_in_use(const struct ipc_space *space) { return space->size ? space->size - 1 - space->free : 0; }

/* Words of the kernel's as memory out of line. */
static kern_return_t copy_of_words(const natural_t *words, natural_t number, vm_map_copy_t *copy)
{
	*copy = VM_MAP_COPY_NULL;
	return number ? vm_map_copyin_kernel(words, number * sizeof *words, copy) : KERN_SUCCESS;
}

/* Names and types in the kernel's memory, room for so many each. KERN_ABORTED: there are more by now. */
static kern_return_t copy_names(struct ipc_space *space, natural_t room, natural_t *names, natural_t *types,
                                natural_t *number)
{
	if (!names || !types)
		return KERN_RESOURCE_SHORTAGE;
	*number = names_in_use(space);
	if (*number > room)
		return KERN_ABORTED;
	list_names(space, names, types);
	return KERN_SUCCESS;
}

/* One try. */
static kern_return_t names_once(struct ipc_space *space, vm_map_copy_t *names, vm_map_copy_t *types, natural_t *number)
{
	const natural_t room = names_in_use(space) + 8;
	natural_t *words = kalloc(room * sizeof *words), *type_words = kalloc(room * sizeof *words);
	kern_return_t result = copy_names(space, room, words, type_words, number);
	if (result == KERN_SUCCESS)
		result = copy_of_words(words, *number, names);
	if (result == KERN_SUCCESS && (result = copy_of_words(type_words, *number, types)) != KERN_SUCCESS && *names)
		vm_map_copy_discard(*names);
	if (words)
		kfree(words, room * sizeof *words);
	if (type_words)
		kfree(type_words, room * sizeof *words);
	return result;
}

kern_return_t mach_port_names(ipc_space_t space, vm_map_copy_t *names, mach_msg_type_number_t *names_count,
                              vm_map_copy_t *types, mach_msg_type_number_t *types_count)
{
	kern_return_t result = KERN_ABORTED;
	while (result == KERN_ABORTED)
		result = space->active ? names_once(space, names, types, names_count) : KERN_INVALID_TASK;
	if (result == KERN_SUCCESS)
		*types_count = *names_count;
	return result;
}

/* KERN_INVALID_NAME, KERN_INVALID_TASK: what it is that the name is not there. */
static kern_return_t missing(const struct ipc_space *space)
{
	return space->active ? KERN_INVALID_NAME : KERN_INVALID_TASK;
}

kern_return_t mach_port_type(ipc_space_t space, mach_port_t name, mach_port_type_t *type)
{
	const struct ipc_entry *entry = ipc_right_lookup(space, name);
	if (!entry)
		return missing(space);
	*type = ipc_right_type(entry);
	return KERN_SUCCESS;
}

kern_return_t mach_port_rename(ipc_space_t space, mach_port_t old_name, mach_port_t new_name)
{
	if (!space->active)
		return KERN_INVALID_TASK;
	if (!MACH_PORT_VALID(new_name))
		return KERN_INVALID_VALUE;
	return ipc_right_rename(space, old_name, new_name);
}

/* --- New names --- */

/* What a new name is to denote; NULL for a dead name. */
static kern_return_t make_object(struct ipc_space *space, mach_port_right_t right, ipc_object_t *object)
{
	*object = NULL;
	if (!space->active)
		return KERN_INVALID_TASK;
	if (ipc_memory_is_short())
		return KERN_RESOURCE_SHORTAGE;
	if (right == MACH_PORT_RIGHT_RECEIVE)
		*object = (ipc_object_t)ipc_port_alloc_special(space, MACH_PORT_NULL);
	else if (right == MACH_PORT_RIGHT_PORT_SET)
		*object = (ipc_object_t)ipc_pset_alloc(MACH_PORT_NULL);
	else
		return right == MACH_PORT_RIGHT_DEAD_NAME ? KERN_SUCCESS : KERN_INVALID_VALUE;
	return *object ? KERN_SUCCESS : KERN_RESOURCE_SHORTAGE;
}

/* It has got no name. */
static void drop_object(ipc_object_t object)
{
	if (!object)
		return;
	if (object->type == IOT_PORT_SET) {
		ipc_pset_destroy((struct ipc_pset *)object);
	} else {
		((ipc_port_t)object)->receiver = NULL;
		ipc_port_destroy((ipc_port_t)object);
	}
}

static void enter_object(struct ipc_entry *entry, mach_port_right_t right, ipc_object_t object)
{
	entry->object = object;
	entry->bits |= MACH_PORT_TYPE(right) | (object ? 0 : 1);
	if (!object)
		return;
	if (object->type == IOT_PORT_SET)
		((struct ipc_pset *)object)->name = entry->name;
	else
		((ipc_port_t)object)->receiver_name = entry->name;
}

kern_return_t mach_port_allocate(ipc_space_t space, mach_port_right_t right, mach_port_t *name)
{
	ipc_object_t object;
	kern_return_t result = make_object(space, right, &object);
	if (result == KERN_SUCCESS)
		result = ipc_entry_reserve(space, 1);
	if (result) {
		drop_object(object);
		return result;
	}
	struct ipc_entry *entry = ipc_entry_take(space);
	enter_object(entry, right, object);
	*name = entry->name;
	return KERN_SUCCESS;
}

kern_return_t mach_port_allocate_name(ipc_space_t space, mach_port_right_t right, mach_port_t name)
{
	ipc_object_t object;
	if (!MACH_PORT_VALID(name))
		return space->active ? KERN_INVALID_VALUE : KERN_INVALID_TASK;
	kern_return_t result = make_object(space, right, &object);
	if (result == KERN_SUCCESS)
		result = ipc_entry_reserve(space, 1);
	if (result == KERN_SUCCESS && ipc_right_lookup(space, name))
		result = KERN_NAME_EXISTS;
	if (result) {
		drop_object(object);
		return result;
	}
	enter_object(ipc_entry_take_name(space, name), right, object);
	return KERN_SUCCESS;
}

/* --- References --- */

kern_return_t mach_port_destroy(ipc_space_t space, mach_port_t name)
{
	return space->active ? ipc_right_destroy(space, name) : KERN_INVALID_TASK;
}

kern_return_t mach_port_deallocate(ipc_space_t space, mach_port_t name)
{
	return space->active ? ipc_right_deallocate(space, name) : KERN_INVALID_TASK;
}

kern_return_t mach_port_get_refs(ipc_space_t space, mach_port_t name, mach_port_right_t right, mach_port_urefs_t *refs)
{
	if (right >= MACH_PORT_RIGHT_NUMBER)
		return KERN_INVALID_VALUE;
	const struct ipc_entry *entry = ipc_right_lookup(space, name);
	if (!entry)
		return missing(space);
	const bool counted = right == MACH_PORT_RIGHT_SEND || right == MACH_PORT_RIGHT_DEAD_NAME;
	*refs = !(entry->bits & MACH_PORT_TYPE(right)) ? 0 : counted ? IE_BITS_UREFS(entry->bits) : 1;
	return KERN_SUCCESS;
}

kern_return_t mach_port_mod_refs(ipc_space_t space, mach_port_t name, mach_port_right_t right, mach_port_delta_t delta)
{
	return space->active ? ipc_right_delta(space, name, right, delta) : KERN_INVALID_TASK;
}

/* --- Rights from task to task --- */

kern_return_t mach_port_insert_right(ipc_space_t space, mach_port_t name, ipc_port_t right, mach_msg_type_name_t type)
{
	if (!space->active)
		return KERN_INVALID_TASK;
	if (!MACH_PORT_VALID(name) || !MACH_MSG_TYPE_PORT_ANY_RIGHT(type))
		return KERN_INVALID_VALUE;
	if (!IP_VALID(right))
		return KERN_INVALID_CAPABILITY;
	return ipc_object_copyout_name(space, right, type, false, name);
}

kern_return_t mach_port_extract_right(ipc_space_t space, mach_port_t name, mach_msg_type_name_t how, ipc_port_t *right,
                                      mach_msg_type_name_t *type)
{
	if (!space->active)
		return KERN_INVALID_TASK;
	if (!MACH_MSG_TYPE_PORT_ANY(how))
		return KERN_INVALID_VALUE;
	*type = ipc_right_copyin_type(how);
	return ipc_object_copyin(space, name, how, right);
}
