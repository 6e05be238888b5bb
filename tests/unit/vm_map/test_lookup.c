/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the fault handler relies on: versions that notice every change, shadows only for who writes, and what the kernel
 * has wired for reading stays as it is.
 */
#include <criterion/criterion.h>
#include "fake.h"
#include "mach_server.h"
#include "vm/vm_map_entry.h"

static vm_map_t map;
static vm_address_t memory;        /* four pages */
enum { BYTES = 4 * VM_PAGE_SIZE };

static void setup(void)
{
	vm_map_init();
	map = fake_space();
	vm_allocate(map, &memory, BYTES, true);
}

static void lookup(vm_address_t address, vm_prot_t access, vm_map_version_t *version, vm_object_t *object)
{
	vm_offset_t offset;
	vm_prot_t prot;
	bool wired;
	cr_assert_eq(vm_map_lookup(&map, address, access, version, object, &offset, &prot, &wired), KERN_SUCCESS);
	vm_map_verify_done(map, version);
}

static bool still_holds(const vm_map_version_t *version)
{
	bool holds = vm_map_verify(map, version);
	if (holds)
		vm_map_verify_done(map, version);
	return holds;
}

TestSuite(lookup, .init = setup);

Test(lookup, a_version_holds_until_the_map_changes)
{
	vm_map_version_t version;
	vm_object_t object;
	lookup(memory, VM_PROT_READ, &version, &object);
	cr_assert(still_holds(&version));
	cr_assert(still_holds(&version));
	vm_protect(map, memory + VM_PAGE_SIZE, VM_PAGE_SIZE, false, VM_PROT_READ);
	cr_assert(!still_holds(&version));
	lookup(memory, VM_PROT_READ, &version, &object);
	vm_deallocate(map, memory, VM_PAGE_SIZE);
	cr_assert(!still_holds(&version));
}

Test(lookup, a_version_notices_that_a_shadow_was_made)
{
	vm_map_version_t version, of_write;
	vm_object_t object, shadow;
	vm_address_t copy = memory + 2 * VM_PAGE_SIZE;
	cr_assert_eq(fake_write(map, memory, 1), KERN_SUCCESS);
	cr_assert_eq(vm_copy(map, memory, VM_PAGE_SIZE, copy), KERN_SUCCESS);
	lookup(copy, VM_PROT_READ, &version, &object);
	lookup(copy, VM_PROT_WRITE, &of_write, &shadow);
	cr_assert_neq(object, shadow);
	cr_assert_eq(shadow->shadow, object);
	cr_assert(!still_holds(&version));
	cr_assert(still_holds(&of_write));
}

Test(lookup, a_version_notices_a_change_by_another_who_shares)
{
	vm_map_version_t version;
	vm_object_t object;
	vm_inherit(map, memory, BYTES, VM_INHERIT_SHARE);
	vm_map_t child = vm_map_fork(map);
	lookup(memory, VM_PROT_READ, &version, &object);
	cr_assert(version.share_map != VM_MAP_NULL && still_holds(&version));
	cr_assert_eq(vm_copy(child, memory, VM_PAGE_SIZE, memory + VM_PAGE_SIZE), KERN_SUCCESS);
	cr_assert(!still_holds(&version));
	vm_map_deallocate(child);
}

Test(lookup, reading_a_copy_makes_no_shadow)
{
	vm_map_version_t version;
	vm_object_t object, first;
	lookup(memory, VM_PROT_READ, &version, &first);
	cr_assert_eq(vm_copy(map, memory, VM_PAGE_SIZE, memory + VM_PAGE_SIZE), KERN_SUCCESS);
	lookup(memory + VM_PAGE_SIZE, VM_PROT_READ, &version, &object);
	cr_assert_eq(object, first);
}

Test(lookup, zero_filled_memory_has_no_object_before_it_is_touched)
{
	vm_map_version_t version;
	vm_object_t object;
	cr_assert_eq(fake_counts.objects, 0);
	lookup(memory, VM_PROT_READ, &version, &object);
	cr_assert_eq(fake_counts.objects, 1);
}

Test(lookup, an_access_beyond_the_protection_is_refused_and_leaves_the_map_unlocked)
{
	vm_map_version_t version;
	vm_object_t object;
	vm_offset_t offset;
	vm_prot_t prot;
	bool wired;
	vm_protect(map, memory, VM_PAGE_SIZE, false, VM_PROT_READ);
	cr_assert_eq(vm_map_lookup(&map, memory, VM_PROT_WRITE, &version, &object, &offset, &prot, &wired),
	             KERN_PROTECTION_FAILURE);
	cr_assert_eq(vm_map_lookup(&map, memory + BYTES, VM_PROT_READ, &version, &object, &offset, &prot, &wired),
	             KERN_INVALID_ADDRESS);
	cr_assert(map->lock.readers == 0 && !map->lock.writer);
}

Test(lookup, what_the_kernel_wired_for_reading_is_not_copied_and_not_written)
{
	vm_map_version_t version;
	vm_object_t object, same;
	vm_address_t copy = memory + 2 * VM_PAGE_SIZE;
	uint32_t value;
	fake_write(map, memory, 7);
	vm_copy(map, memory, VM_PAGE_SIZE, copy);
	lookup(copy, VM_PROT_READ, &version, &object);
	cr_assert_eq(vm_map_pageable(map, copy, copy + VM_PAGE_SIZE, VM_PROT_READ, false), KERN_SUCCESS);
	lookup(copy, VM_PROT_READ, &version, &same);
	cr_assert_eq(same, object);
	cr_assert_eq(fake_write(map, copy, 8), KERN_PROTECTION_FAILURE);
	cr_assert_eq(vm_copy(map, memory, VM_PAGE_SIZE, copy), KERN_PROTECTION_FAILURE);
	cr_assert_eq(vm_protect(map, copy, VM_PAGE_SIZE, false, VM_PROT_DEFAULT), KERN_FAILURE);
	cr_assert_eq(vm_map_pageable(map, copy, copy + VM_PAGE_SIZE, VM_PROT_DEFAULT, true), KERN_FAILURE);
	cr_assert(fake_read(map, copy, &value) == KERN_SUCCESS && value == 7);
	cr_assert_eq(vm_map_pageable(map, copy, copy + VM_PAGE_SIZE, VM_PROT_NONE, false), KERN_SUCCESS);
	cr_assert_eq(fake_write(map, copy, 8), KERN_SUCCESS);
	cr_assert(fake_read(map, memory, &value) == KERN_SUCCESS && value == 7);
}

Test(lookup, neighbours_that_are_one_become_one_again)
{
	for (int i = 0; i < 4; i++) {
		vm_protect(map, memory + i * VM_PAGE_SIZE, VM_PAGE_SIZE, false, VM_PROT_READ);
		vm_inherit(map, memory + i * VM_PAGE_SIZE, VM_PAGE_SIZE, VM_INHERIT_NONE);
	}
	cr_assert_eq(map->nentries, 1);
}

Test(lookup, memory_that_follows_grows_the_entry_and_its_object)
{
	vm_address_t more;
	fake_write(map, memory, 1);
	vm_allocate(map, &more, VM_PAGE_SIZE, true);
	cr_assert_eq(more, memory + BYTES);
	cr_assert_eq(map->nentries, 1);
}
