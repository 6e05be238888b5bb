/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the calls on address spaces must do and answer (Y87 tables 3-3, 3-4; GD91 §5.1): each with every wrong range and
 * right, by tables.
 *
 * The calls are made on another, empty task whose memory is laid out page by page as `layout` has it.
 */
#include "mach/vm_param.h"
#include "pager/lib/claim.h"
#include "pager/lib/mach/mach.h"

enum { PAGE = 4096, USER_BEGIN = PAGE };
#define base 0x200000u          /* where the subject's memory begins */
#define user_end VM_MAX_ADDRESS
#define never 0xfffff000u       /* the last page of all */

static mach_port_t self, host_priv, subject;
static char *data;              /* pages of our own to be written */

/* --- The subject --- */

/* Pages from base on. */
enum kind { HOLE, PLAIN, READ_ONLY, MOST_READ, NOTHING, WIRED };
static const enum kind layout[] = {PLAIN, PLAIN, PLAIN, PLAIN, HOLE, READ_ONLY, MOST_READ, NOTHING, WIRED, PLAIN};
enum { PAGES = sizeof layout / sizeof layout[0], P_HOLE = 4, P_READ_ONLY, P_MOST_READ, P_NOTHING, P_WIRED, P_LAST };

static void make_subject(void)
{
	task_create(self, false, &subject);
	for (unsigned i = 0; i < PAGES; i++) {
		vm_address_t address = base + i * PAGE;
		if (layout[i] == HOLE)
			continue;
		vm_allocate(subject, &address, PAGE, false);
		if (layout[i] == READ_ONLY)
			vm_protect(subject, address, PAGE, false, VM_PROT_READ);
		else if (layout[i] == MOST_READ)
			vm_protect(subject, address, PAGE, true, VM_PROT_READ);
		else if (layout[i] == NOTHING)
			vm_protect(subject, address, PAGE, false, VM_PROT_NONE);
		else if (layout[i] == WIRED)
			vm_wire(host_priv, subject, address, PAGE, VM_PROT_DEFAULT);
	}
}

static void end_subject(void)
{
	task_terminate(subject);
	mach_port_deallocate(self, subject);
}

/* A number that is another if the subject's regions are. */
static natural_t regions(void)
{
	natural_t sum = 0;
	vm_address_t address = 0;
	vm_size_t size;
	vm_prot_t protection, most;
	vm_inherit_t inheritance;
	bool shared;
	mach_port_t name;
	vm_offset_t offset;
	for (; vm_region(subject, &address, &size, &protection, &most, &inheritance, &shared, &name, &offset) ==
	       KERN_SUCCESS; address += size)
		sum = sum * 31 + address * 7 + size + (natural_t)protection * 64 + (natural_t)most * 8 + inheritance;
	return sum;
}

/* --- The calls, as the tables make them --- */

static kern_return_t allocate(vm_address_t address, vm_size_t size, natural_t anywhere)
{
	return vm_allocate(subject, &address, size, anywhere);
}
static kern_return_t deallocate(vm_address_t address, vm_size_t size, natural_t unused)
{
	(void)unused;
	return vm_deallocate(subject, address, size);
}
static kern_return_t protect(vm_address_t address, vm_size_t size, natural_t prot)
{
	return vm_protect(subject, address, size, false, (vm_prot_t)prot);
}
static kern_return_t protect_most(vm_address_t address, vm_size_t size, natural_t prot)
{
	return vm_protect(subject, address, size, true, (vm_prot_t)prot);
}
static kern_return_t inherit(vm_address_t address, vm_size_t size, natural_t inheritance)
{
	return vm_inherit(subject, address, size, inheritance);
}
static kern_return_t read(vm_address_t address, vm_size_t size, natural_t unused)
{
	vm_offset_t got = 0;
	mach_msg_type_number_t bytes = 0;
	(void)unused;
	const kern_return_t result = vm_read(subject, address, size, &got, &bytes);
	if (result == KERN_SUCCESS && bytes != 0)
		vm_deallocate(self, got, bytes);
	return result == KERN_SUCCESS && bytes != size ? KERN_FAILURE : result;
}
static kern_return_t write(vm_address_t address, vm_size_t size, natural_t unused)
{
	(void)unused;
	return vm_write(subject, address, (vm_offset_t)data, size);
}
static kern_return_t copy(vm_address_t address, vm_size_t size, natural_t to)
{
	return vm_copy(subject, address, size, to);
}
static kern_return_t wire(vm_address_t address, vm_size_t size, natural_t access)
{
	return vm_wire(host_priv, subject, address, size, (vm_prot_t)access);
}
static kern_return_t wire_unprivileged(vm_address_t address, vm_size_t size, natural_t access)
{
	return vm_wire(mach_host_self(), subject, address, size, (vm_prot_t)access);
}
static kern_return_t map(vm_address_t address, vm_size_t size, natural_t mask)
{
	return vm_map(subject, &address, size, mask, false, MACH_PORT_NULL, 0, false, VM_PROT_READ, VM_PROT_DEFAULT,
	              VM_INHERIT_NONE);
}
static kern_return_t map_anywhere(vm_address_t address, vm_size_t size, natural_t mask)
{
	return vm_map(subject, &address, size, mask, true, MACH_PORT_NULL, 0, false, VM_PROT_READ, VM_PROT_DEFAULT,
	              VM_INHERIT_NONE);
}

#define AT(page_) (base + (page_) * PAGE)
enum { OK = KERN_SUCCESS, ADDRESS = KERN_INVALID_ADDRESS, ARGUMENT = KERN_INVALID_ARGUMENT, SPACE = KERN_NO_SPACE,
       PROTECTION = KERN_PROTECTION_FAILURE, FAILURE = KERN_FAILURE, VALUE = KERN_INVALID_VALUE,
       HOST = KERN_INVALID_HOST, RWX = VM_PROT_ALL, RW = VM_PROT_DEFAULT, R = VM_PROT_READ, NONE = VM_PROT_NONE,
       ALL_OF_IT = 1, TOO_MUCH = 8 };

static const struct row {
	kern_return_t (*call)(vm_address_t address, vm_size_t size, natural_t argument);
	vm_address_t address;
	vm_size_t size;
	natural_t argument;
	kern_return_t result;
	const char *what;
} rows[] = {
	{allocate, AT(P_HOLE), PAGE, false, OK, "vm_allocate in a hole"},
	{allocate, AT(P_HOLE) + 5, 7, false, OK, "vm_allocate of a few bytes is of their page"},
	{allocate, AT(P_HOLE), PAGE + 1, false, SPACE, "vm_allocate over what is there"},
	{allocate, AT(P_HOLE) - 1, 2, false, SPACE, "vm_allocate over the last byte of what is there"},
	{allocate, AT(0), PAGE, false, SPACE, "vm_allocate on what is there"},
	{allocate, AT(0), 0, false, OK, "vm_allocate of nothing"},
	{allocate, 0, PAGE, false, ADDRESS, "vm_allocate of the page of the null pointer"},
	{allocate, user_end, PAGE, false, ADDRESS, "vm_allocate in the kernel"},
	{allocate, user_end - PAGE, 2 * PAGE, false, ADDRESS, "vm_allocate across the end"},
	{allocate, user_end - PAGE, PAGE, false, OK, "vm_allocate of the last page"},
	{allocate, never, 2 * PAGE, false, ADDRESS, "vm_allocate that wraps around"},
	{allocate, 0, 0xfffff001, true, SPACE, "vm_allocate of all there is, anywhere"},
	{allocate, 0, user_end - USER_BEGIN - PAGES * PAGE, true, SPACE, "vm_allocate of what is free, but not in one"},
	{allocate, never, 3 * PAGE, true, OK, "vm_allocate anywhere does not look at the address"},

	{deallocate, AT(0), PAGE, 0, OK, "vm_deallocate"},
	{deallocate, AT(0), PAGES * PAGE, 0, OK, "vm_deallocate of all, with a hole and wired pages"},
	{deallocate, AT(P_HOLE), PAGE, 0, OK, "vm_deallocate of a hole"},
	{deallocate, AT(0), 0, 0, OK, "vm_deallocate of nothing"},
	{deallocate, never, 2 * PAGE, 0, ADDRESS, "vm_deallocate that wraps around"},
	{deallocate, user_end, PAGE, 0, ADDRESS, "vm_deallocate in the kernel"},
	{deallocate, 0, PAGE, 0, ADDRESS, "vm_deallocate of the page of the null pointer"},

	{protect, AT(0), 4 * PAGE, R, OK, "vm_protect"},
	{protect, AT(0) + 1, 2, NONE, OK, "vm_protect of a few bytes"},
	{protect, AT(0), 0, R, OK, "vm_protect of nothing"},
	{protect, AT(0), PAGE, TOO_MUCH, ARGUMENT, "vm_protect with a right that there is not"},
	{protect, AT(P_HOLE), PAGE, R, ADDRESS, "vm_protect of a hole"},
	{protect, AT(3), 3 * PAGE, R, ADDRESS, "vm_protect across a hole"},
	{protect, AT(P_LAST), 2 * PAGE, R, ADDRESS, "vm_protect beyond the end"},
	{protect, never, 2 * PAGE, R, ADDRESS, "vm_protect that wraps around"},
	{protect, AT(P_READ_ONLY), PAGE, RWX, OK, "vm_protect up to the maximum"},
	{protect, AT(P_MOST_READ), PAGE, RW, PROTECTION, "vm_protect beyond the maximum"},
	{protect, AT(P_READ_ONLY), 2 * PAGE, RW, PROTECTION, "vm_protect beyond the maximum of one page of two"},
	{protect, AT(P_WIRED), PAGE, R, OK, "vm_protect of a wired page"},
	{protect_most, AT(0), PAGE, R, OK, "vm_protect of the maximum"},
	{protect_most, AT(P_MOST_READ), PAGE, RW, PROTECTION, "vm_protect of the maximum, upwards"},
	{protect_most, AT(P_HOLE), PAGE, R, ADDRESS, "vm_protect of the maximum of a hole"},

	{inherit, AT(0), 4 * PAGE, VM_INHERIT_SHARE, OK, "vm_inherit"},
	{inherit, AT(0), 0, VM_INHERIT_SHARE, OK, "vm_inherit of nothing"},
	{inherit, AT(0), PAGE, 3, ARGUMENT, "vm_inherit with an inheritance that there is not"},
	{inherit, AT(3), 2 * PAGE, VM_INHERIT_NONE, ADDRESS, "vm_inherit into a hole"},
	{inherit, never, 2 * PAGE, VM_INHERIT_NONE, ADDRESS, "vm_inherit that wraps around"},

	{read, AT(0), 4 * PAGE, 0, OK, "vm_read"},
	{read, AT(P_READ_ONLY), 2 * PAGE, 0, OK, "vm_read of what can only be read"},
	{read, AT(P_WIRED), PAGE, 0, OK, "vm_read of a wired page"},
	{read, AT(0), 0, 0, OK, "vm_read of nothing"},
	{read, AT(0) + 4, PAGE, 0, ARGUMENT, "vm_read from within a page"},
	{read, AT(0), PAGE - 4, 0, ARGUMENT, "vm_read of a part of a page"},
	{read, AT(3), 2 * PAGE, 0, ADDRESS, "vm_read into a hole"},
	{read, AT(P_LAST), 2 * PAGE, 0, ADDRESS, "vm_read beyond the end"},
	{read, never, 2 * PAGE, 0, ADDRESS, "vm_read that wraps around"},
	{read, user_end, PAGE, 0, ADDRESS, "vm_read of the kernel"},
	{read, AT(P_NOTHING), PAGE, 0, PROTECTION, "vm_read of what cannot be read"},
	{read, AT(P_READ_ONLY), 3 * PAGE, 0, PROTECTION, "vm_read of three pages, the last of which cannot be read"},

	{write, AT(0), 2 * PAGE, 0, OK, "vm_write"},
	{write, AT(P_WIRED), PAGE, 0, OK, "vm_write on a wired page"},
	{write, AT(0), 0, 0, OK, "vm_write of nothing"},
	{write, AT(0) + 4, PAGE, 0, ARGUMENT, "vm_write within pages"},
	{write, AT(0), PAGE / 2, 0, ARGUMENT, "vm_write of a part of a page"},
	{write, AT(3), 2 * PAGE, 0, ADDRESS, "vm_write into a hole"},
	{write, never, 2 * PAGE, 0, ADDRESS, "vm_write that wraps around"},
	{write, user_end, PAGE, 0, ADDRESS, "vm_write on the kernel"},
	{write, AT(P_READ_ONLY), PAGE, 0, PROTECTION, "vm_write on what can only be read"},
	{write, AT(P_MOST_READ), PAGE, 0, PROTECTION, "vm_write on what can ever only be read"},
	{write, AT(P_NOTHING), 2 * PAGE, 0, PROTECTION, "vm_write on two pages, the first of which allows nothing"},

	{copy, AT(0), 2 * PAGE, AT(2), OK, "vm_copy"},
	{copy, AT(0), 2 * PAGE, AT(1), OK, "vm_copy of pages over themselves"},
	{copy, AT(P_READ_ONLY), 2 * PAGE, AT(0), OK, "vm_copy of what can only be read"},
	{copy, AT(0), PAGE, AT(P_WIRED), OK, "vm_copy over a wired page"},
	{copy, AT(P_WIRED), PAGE, AT(0), OK, "vm_copy of a wired page"},
	{copy, AT(0), 0, AT(1), OK, "vm_copy of nothing"},
	{copy, AT(0) + 4, PAGE, AT(2), ARGUMENT, "vm_copy from within a page"},
	{copy, AT(0), PAGE, AT(2) + 4, ARGUMENT, "vm_copy to within a page"},
	{copy, AT(0), PAGE + 4, AT(2), ARGUMENT, "vm_copy of a part of a page"},
	{copy, AT(3), 2 * PAGE, AT(0), ADDRESS, "vm_copy of a hole"},
	{copy, AT(0), 2 * PAGE, AT(3), ADDRESS, "vm_copy into a hole"},
	{copy, AT(P_NOTHING), PAGE, AT(0), PROTECTION, "vm_copy of what cannot be read"},
	{copy, AT(0), PAGE, AT(P_READ_ONLY), PROTECTION, "vm_copy over what can only be read"},

	{wire, AT(0), 4 * PAGE, RW, OK, "vm_wire"},
	{wire, AT(P_WIRED), PAGE, R, OK, "vm_wire of a wired page"},
	{wire, AT(P_READ_ONLY), 2 * PAGE, R, OK, "vm_wire for reading of what can only be read"},
	{wire, AT(0), 0, RW, OK, "vm_wire of nothing"},
	{wire, AT(0), PAGE, TOO_MUCH, VALUE, "vm_wire for an access that there is not"},
	{wire, AT(P_READ_ONLY), PAGE, RW, FAILURE, "vm_wire for writing of what can only be read"},
	{wire, AT(3), 2 * PAGE, R, FAILURE, "vm_wire into a hole"},
	{wire, AT(P_LAST), 2 * PAGE, R, FAILURE, "vm_wire beyond the end"},
	{wire, never, 2 * PAGE, R, FAILURE, "vm_wire that wraps around"},
	{wire, AT(P_WIRED), PAGE, NONE, OK, "vm_wire none of a wired page"},
	{wire, AT(0), PAGE, NONE, ARGUMENT, "vm_wire none of a page that is not wired"},
	{wire, AT(P_WIRED), 2 * PAGE, NONE, ARGUMENT, "vm_wire none of two pages, one of which is wired"},
	{wire, AT(P_HOLE), PAGE, NONE, ARGUMENT, "vm_wire none of a hole"},
	{wire_unprivileged, AT(0), PAGE, RW, HOST, "vm_wire without the privileged port"},

	{map, AT(P_HOLE), PAGE, 0, OK, "vm_map of nobody's memory in a hole"},
	{map, AT(P_HOLE), 2 * PAGE, 0, SPACE, "vm_map over what is there"},
	{map, AT(P_HOLE), PAGE, 0x4000, SPACE, "vm_map at an address with a bit of the mask"},
	{map, AT(P_HOLE), 0, 0, ARGUMENT, "vm_map of nothing"},
	{map, user_end, PAGE, 0, ADDRESS, "vm_map in the kernel"},
	{map, never, 2 * PAGE, 0, ADDRESS, "vm_map that wraps around"},
	{map_anywhere, AT(0), PAGE, 0xffff, OK, "vm_map anywhere that is aligned"},
	{map_anywhere, user_end - PAGE, 2 * PAGE, 0, SPACE, "vm_map anywhere from the last page on"},
};

static void check_row(const struct row *row)
{
	make_subject();
	const natural_t before = regions();
	const kern_return_t result = row->call(row->address, row->size, row->argument);
	claim(result == row->result, "%s: %d", row->what, (int)result);
	if (row->result != KERN_SUCCESS && regions() != before)
		claim(false, "%s: fails and changes nothing", row->what);
	end_subject();
}

/* --- vm_map's other arguments, vm_region, vm_statistics --- */

static kern_return_t map_with(mach_port_t object, vm_offset_t offset, vm_prot_t protection, vm_prot_t most,
                              vm_inherit_t inheritance)
{
	vm_address_t address = 0;
	return vm_map(subject, &address, PAGE, 0, true, object, offset, false, protection, most, inheritance);
}

static void arguments_of_map(void)
{
	make_subject();
	claim(map_with(MACH_PORT_NULL, 0, TOO_MUCH, RWX, 0) == ARGUMENT, "vm_map with a protection that there is not");
	claim(map_with(MACH_PORT_NULL, 0, R, TOO_MUCH, 0) == ARGUMENT, "vm_map with such a maximum");
	claim(map_with(MACH_PORT_NULL, 0, RW, R, 0) == ARGUMENT, "vm_map with more than the maximum");
	claim(map_with(MACH_PORT_NULL, 0, R, R, 3) == ARGUMENT, "vm_map with an inheritance that there is not");
	claim(map_with(MACH_PORT_NULL, 8, R, R, 0) == ARGUMENT, "vm_map from within a page");
	claim(map_with(self, 0, R, R, 0) == ARGUMENT, "vm_map of a task's port");
	claim(map_with(MACH_PORT_NULL, 0, R, R, 0) == OK, "vm_map of nobody's memory anywhere");
	end_subject();
}

static void regions_are_told(void)
{
	vm_address_t address = AT(2) + 5;
	vm_size_t size;
	vm_prot_t protection, most;
	vm_inherit_t inheritance;
	bool shared;
	mach_port_t name;
	vm_offset_t offset;
	make_subject();
	claim(vm_region(subject, &address, &size, &protection, &most, &inheritance, &shared, &name, &offset) == OK &&
	      address == AT(0) && size == 4 * PAGE && protection == RW && most == RWX && inheritance == VM_INHERIT_COPY &&
	      !shared && name == MACH_PORT_NULL, "vm_region finds the region around an address");
	address = AT(P_HOLE);
	claim(vm_region(subject, &address, &size, &protection, &most, &inheritance, &shared, &name, &offset) == OK &&
	      address == AT(P_READ_ONLY) && size == PAGE && protection == R, "vm_region finds the next in a hole");
	address = AT(PAGES);
	claim(vm_region(subject, &address, &size, &protection, &most, &inheritance, &shared, &name, &offset) == SPACE,
	      "vm_region beyond the last");
	end_subject();
	vm_statistics_data_t statistics;
	claim(vm_statistics(self, &statistics) == OK && statistics.pagesize == PAGE && statistics.free_count > 0 &&
	      statistics.wire_count > 0 && statistics.faults > 0, "vm_statistics");
}

/* A task asks for map entries without end: it is told so, and can give them back. */
static void entries_without_end(void)
{
	kern_return_t result = OK;
	unsigned pages = 0;
	make_subject();
	for (; result == OK && pages < 100000; pages++) {
		vm_address_t address = 0x10000000 + pages * 2 * PAGE;
		result = vm_allocate(subject, &address, PAGE, false);
	}
	claim(result == KERN_RESOURCE_SHORTAGE, "map entries without end: %d", (int)result);
	vm_address_t address;
	claim(vm_allocate(self, &address, PAGE, true) == KERN_RESOURCE_SHORTAGE, "and nobody gets more");
	claim(vm_deallocate(subject, 0x10000000, 0x40000000) == OK, "they can be given back");
	claim(vm_allocate(self, &address, PAGE, true) == OK, "and all is well");
	vm_deallocate(self, address, PAGE);
	end_subject();
}

int main(int argc, char **argv)
{
	mach_port_t device_master;
	(void)argc, (void)argv;
	self = mach_task_self();
	mach_privileged_ports(&host_priv, &device_master);
	vm_allocate(self, (vm_address_t *)&data, 4 * PAGE, true);
	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++)
		check_row(&rows[i]);
	arguments_of_map();
	regions_are_told();
	entries_without_end();
	exit(claims_end());
}
