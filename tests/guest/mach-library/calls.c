/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "mach/vm_param.h"
#include "pager/lib/mach/mach.h"
#include "tests/guest/mach-library/calls.h"

/* ---- arguments ---- */

static mach_port_t any_port(const struct targets *t)
{
	const mach_port_t ports[] = { t->self, t->thread, t->task, t->other_thread, t->host, t->port, t->set,
		                      MACH_PORT_NULL, MACH_PORT_DEAD, random_number(64), random_number(0xffffffff) };

	return ports[random_number(sizeof(ports) / sizeof(ports[0]))];
}

static mach_port_t any_task(const struct targets *t)
{
	static const unsigned char odds[] = { 0, 0, 0, 0, 0, 1, 2 };

	switch (odds[random_number(sizeof(odds))]) {
	case 0: return t->task;
	case 1: return t->self;
	default: return any_port(t);
	}
}

static mach_port_t any_thread(const struct targets *t)
{
	return random_number(8) == 0 ? any_port(t) : t->other_thread;
}

static vm_offset_t any_address(const struct targets *t)
{
	switch (random_number(8)) {
	case 0: return 0;
	case 1: return random_number(0xffffffff);
	case 2: return VM_MAX_ADDRESS - random_number(3) * VM_PAGE_SIZE;
	case 3: return t->memory + random_number(TARGET_PAGES * VM_PAGE_SIZE);
	default: return t->memory + random_number(TARGET_PAGES) * VM_PAGE_SIZE;
	}
}

static vm_size_t any_size(void)
{
	switch (random_number(8)) {
	case 0: return 0;
	case 1: return random_number(0xffffffff);
	case 2: return random_number(5 * VM_PAGE_SIZE);
	case 3: return (vm_size_t)-(int)VM_PAGE_SIZE;
	default: return (1 + random_number(4)) * VM_PAGE_SIZE;
	}
}

static natural_t any_small(void)
{
	return random_number(12) == 0 ? random_number(0xffffffff) : random_number(9);
}

static bool any_bool(void)
{
	return random_number(2) != 0;
}

/* Memory of the attacker's that goes along, or comes: only what is the attacker's own. */
static vm_size_t any_length(void)
{
	return random_number(3) * VM_PAGE_SIZE + (random_number(3) == 0 ? random_number(VM_PAGE_SIZE) : 0);
}

static void give_back(vm_offset_t memory, vm_size_t size)
{
	(void)vm_deallocate(mach_task_self(), memory, size);
}

/* ---- interfaces ---- */

static natural_t only_call = ANY_CALL;

/* Which of an interface's calls. */
static natural_t which_call(natural_t calls)
{
	return only_call < calls ? only_call : random_number(calls);
}

static void call_memory(const struct targets *t)
{
	vm_address_t address = any_address(t);
	vm_offset_t data, offset;
	mach_msg_type_number_t count;
	vm_size_t size;
	vm_prot_t protection, maximum;
	vm_inherit_t inheritance;
	struct vm_statistics statistics;
	mach_port_t name;
	bool shared;

	switch (which_call(11)) {
	case 0: (void)vm_allocate(any_task(t), &address, any_size() % 0x1000000, any_bool()); break;
	case 1: (void)vm_deallocate(any_task(t), address, any_size()); break;
	case 2: (void)vm_protect(any_task(t), address, any_size(), any_bool(), (vm_prot_t)any_small()); break;
	case 3: (void)vm_inherit(any_task(t), address, any_size(), any_small()); break;
	case 4:
		if (vm_read(any_task(t), address, any_size(), &data, &count) == KERN_SUCCESS)
			give_back(data, count);
		break;
	case 5: (void)vm_write(any_task(t), address, t->memory, any_length()); break;
	case 6: (void)vm_copy(any_task(t), address, any_size(), any_address(t)); break;
	case 7:
		(void)vm_region(any_task(t), &address, &size, &protection, &maximum, &inheritance, &shared, &name, &offset);
		break;
	case 8: (void)vm_statistics(any_task(t), &statistics); break;
	default:
		(void)vm_map(any_task(t), &address, any_size() % 0x1000000, random_number(3) == 0 ? any_small() << 12 : 0,
		             any_bool(), random_number(2) ? MACH_PORT_NULL : any_port(t), any_size(), any_bool(),
		             (vm_prot_t)any_small(), (vm_prot_t)any_small(), any_small());
		break;
	}
}

static void call_task(const struct targets *t)
{
	natural_t words[40] = { 0 };
	mach_msg_type_number_t count = random_number(20);
	mach_port_array_t list;
	mach_port_t port, ports[3] = { any_port(t), any_port(t), t->port };

	switch (which_call(10)) {
	case 0:
		if (task_create(any_task(t), any_bool(), &port) == KERN_SUCCESS)
			end_task(port);
		break;
	case 1:
		if (task_threads(any_task(t), &list, &count) == KERN_SUCCESS)
			give_back((vm_offset_t)(uintptr_t)list, count * sizeof(*list));
		break;
	case 2: (void)task_info(any_task(t), (int)any_small(), words, &count); break;
	case 3: (void)mach_ports_register(any_task(t), ports, random_number(4)); break;
	case 4:
		if (mach_ports_lookup(any_task(t), &list, &count) == KERN_SUCCESS)
			give_back((vm_offset_t)(uintptr_t)list, count * sizeof(*list));
		break;
	case 5: (void)task_suspend(t->task); break;
	case 6: (void)task_resume(any_task(t)); break;
	case 7: (void)task_get_special_port(any_task(t), (int)any_small(), &port); break;
	case 8: (void)task_set_special_port(t->task, (int)any_small(), any_port(t)); break;
	default:
		if (random_number(4) == 0)
			(void)task_terminate(random_number(2) == 0 ? t->task : any_port(t));
		break;
	}
}

static void call_thread(const struct targets *t)
{
	natural_t words[40] = { 0 };
	mach_msg_type_number_t count = random_number(33);
	mach_port_t port;

	for (natural_t i = 0; i < 20; i++)
		words[i] = random_number(0xffffffff);
	switch (which_call(12)) {
	case 0: (void)thread_create(any_task(t), &port); break;
	case 1: (void)thread_get_state(any_thread(t), (int)any_small(), words, &count); break;
	case 2:
		(void)thread_set_state(any_thread(t), (int)random_number(3), words,
		                       random_number(3) == 0 ? count % 32 : MACHINE_THREAD_STATE_COUNT);
		break;
	case 3: (void)thread_info(any_thread(t), (int)any_small(), words, &count); break;
	case 4: (void)thread_suspend(t->other_thread); break;
	case 5: (void)thread_resume(any_thread(t)); break;
	case 6: (void)thread_abort(any_thread(t)); break;
	case 7: (void)thread_get_special_port(any_thread(t), (int)any_small(), &port); break;
	case 8: (void)thread_set_special_port(t->other_thread, (int)any_small(), any_port(t)); break;
	case 9: (void)thread_priority(any_thread(t), (int)any_small() * 4, any_bool()); break;
	case 10: (void)thread_switch(any_port(t), (int)random_number(4), random_number(20)); break;
	default:
		if (random_number(6) == 0)
			(void)thread_terminate(t->other_thread);
		break;
	}
}

static void call_names(const struct targets *t)
{
	const mach_port_t task = any_task(t), name = any_port(t);
	mach_port_t other;
	mach_port_array_t names;
	mach_port_type_array_t types;
	mach_msg_type_number_t count, type_count;
	mach_port_status_t status;
	mach_msg_type_name_t right;
	natural_t number;

	switch (which_call(18)) {
	case 0:
		if (mach_port_names(task, &names, &count, &types, &type_count) == KERN_SUCCESS) {
			give_back((vm_offset_t)(uintptr_t)names, count * sizeof(*names));
			give_back((vm_offset_t)(uintptr_t)types, type_count * sizeof(*types));
		}
		break;
	case 1: (void)mach_port_type(task, name, &number); break;
	case 2: (void)mach_port_rename(t->task, name, any_port(t)); break;
	case 3: (void)mach_port_allocate_name(task, any_small(), random_number(100)); break;
	case 4: (void)mach_port_allocate(task, any_small(), &other); break;
	case 5: (void)mach_port_destroy(t->task, name); break;
	case 6: (void)mach_port_deallocate(t->task, name); break;
	case 7: (void)mach_port_get_refs(task, name, any_small(), &number); break;
	case 8: (void)mach_port_mod_refs(t->task, name, any_small(), (mach_port_delta_t)random_number(5) - 2); break;
	case 9: (void)mach_port_set_qlimit(task, name, any_small()); break;
	case 10: (void)mach_port_set_mscount(task, name, any_small()); break;
	case 11:
		if (mach_port_get_set_status(task, name, &names, &count) == KERN_SUCCESS)
			give_back((vm_offset_t)(uintptr_t)names, count * sizeof(*names));
		break;
	case 12: (void)mach_port_move_member(task, name, any_port(t)); break;
	case 13:
		(void)mach_port_request_notification(task, name, MACH_NOTIFY_FIRST + (mach_msg_id_t)random_number(10),
		                                     any_small(), any_port(t), &other);
		break;
	case 14: (void)mach_port_insert_right(task, random_number(60), name, 15 + random_number(8)); break;
	case 15: (void)mach_port_extract_right(t->task, name, 15 + random_number(8), &other, &right); break;
	case 16: (void)mach_port_get_receive_status(task, name, &status); break;
	default: (void)mach_port_set_seqno(task, name, any_small()); break;
	}
}

static void call_host(const struct targets *t)
{
	natural_t words[40];
	mach_msg_type_number_t count = random_number(20);
	const mach_port_t host = random_number(4) == 0 ? any_port(t) : t->host;
	char text[KERNEL_VERSION_MAX];
	time_value_t time;
	mach_port_t manager = any_port(t);

	switch (which_call(7)) {
	case 0: (void)host_info(host, (int)any_small(), words, &count); break;
	case 1: (void)host_kernel_version(host, text); break;
	case 2: (void)host_get_time(host, &time); break;
	case 3: (void)vm_wire(host, any_task(t), any_address(t), any_size(), (vm_prot_t)any_small()); break;
	case 4: (void)thread_wire(host, any_thread(t), any_bool()); break;
	case 5: (void)vm_set_default_memory_manager(host, &manager); break;
	default: (void)host_reboot(host, 0); break;
	}
}

/* Managers' and devices' calls, on ports that are none. */
static void call_objects(const struct targets *t)
{
	const mach_port_t port = any_port(t);
	natural_t words[32];
	mach_msg_type_number_t count = random_number(32);
	mach_port_t device;
	vm_offset_t data;
	char text[IO_INBAND_MAX];
	int written;

	switch (which_call(10)) {
	case 0: (void)memory_object_data_provided(port, any_size(), t->memory, any_length(), (vm_prot_t)any_small()); break;
	case 1: (void)memory_object_data_supply(port, any_size(), t->memory, any_length(), false, (vm_prot_t)any_small(),
		                                any_bool(), any_port(t)); break;
	case 2: (void)memory_object_lock_request(port, any_size(), any_size(), (int)any_small(), any_bool(),
		                                 (vm_prot_t)any_small(), any_port(t)); break;
	case 3: (void)memory_object_set_attributes(port, any_bool(), any_bool(), (int)any_small()); break;
	case 4: (void)memory_object_destroy(port, KERN_FAILURE); break;
	case 5: (void)device_open(port, any_small(), "console", &device); break;
	case 6: (void)device_write_inband(port, 0, any_small(), text, random_number(IO_INBAND_MAX), &written); break;
	case 7:
		if (device_read(port, 0, any_small(), (int)any_size(), &data, &count) == KERN_SUCCESS)
			give_back(data, count);
		break;
	case 8: (void)device_get_status(port, any_small(), words, &count); break;
	default: (void)device_map(port, (vm_prot_t)any_small(), any_size(), any_size(), &device, 0); break;
	}
}

void call_anything(const struct targets *targets, natural_t only, natural_t call)
{
	static void (*const interfaces[INTERFACES])(const struct targets *) = { call_memory, call_task, call_thread,
		                                                                call_names, call_host, call_objects };

	only_call = call;
	interfaces[only < INTERFACES ? only : random_number(INTERFACES)](targets);
}
