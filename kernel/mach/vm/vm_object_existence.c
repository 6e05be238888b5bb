/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which pages of an internal object the default manager has: a bit each, set when the page is written out.
 *
 * A page that is neither resident nor there has never been written: it is in the shadow, or zero, and no message need
 * be sent to hear so (Y87 §3.4.1 would ask, and be answered pager_data_unavailable).  Objects too large for one page of
 * bits, and of other managers, are not followed: of them nothing is known, and the manager is asked.
 */
#include "base/memory.h"
#include "kern/zalloc.h"
#include "vm/vm_object.h"

enum { EXISTENCE_SIZE_MAX = ZONE_ELEMENT_MOST }; /* bytes of bits: of more than 63 MiB of object */

/* When an internal object gets its manager: which has nothing yet. Without memory it is not followed. */
void vm_object_existence_create(vm_object_t object)
{
	const vm_size_t bytes = ((object->size >> VM_PAGE_SHIFT) + 7) / 8;
	if (bytes == 0 || bytes > EXISTENCE_SIZE_MAX)
		return;
	uint8_t *bits = kget(bytes);
	if (!bits)
		return;
	memset(bits, 0, bytes);
	object->existence = bits;
	object->existence_size = bytes;
}

void vm_object_existence_free(vm_object_t object)
{
	if (object->existence)
		kfree(object->existence, object->existence_size);
	object->existence = NULL;
}

/* By offsets at the manager: the bits move along with it when an object is taken in by another. */
static natural_t bit_of(const struct vm_object *object, vm_offset_t offset)
{
	return (offset + object->paging_offset) >> VM_PAGE_SHIFT;
}

/* Of a page that is not resident. */
enum vm_existence vm_object_existence(const struct vm_object *object, vm_offset_t offset)
{
	if (!object->pager_created)
		return VM_EXISTENCE_ABSENT;
	if (!object->existence)
		return VM_EXISTENCE_UNKNOWN;
	const natural_t bit = bit_of(object, offset);
	if (bit / 8 >= object->existence_size)
		return VM_EXISTENCE_UNKNOWN;
	return object->existence[bit / 8] & 1u << bit % 8 ? VM_EXISTENCE_EXISTS : VM_EXISTENCE_ABSENT;
}

/* The page is on its way to the manager. */
void vm_object_existence_set(vm_object_t object, vm_offset_t offset)
{
	const natural_t bit = bit_of(object, offset);
	if (object->existence && bit / 8 < object->existence_size)
		object->existence[bit / 8] |= (uint8_t)(1u << bit % 8);
}
