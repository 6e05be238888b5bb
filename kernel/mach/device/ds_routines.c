/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The calls on devices' ports (mach/defs/device.defs).
 *
 * Reads and writes answer MIG_NO_REPLY when they have been started, and reply by themselves; an error that is found
 * before leaves the request's memory and rights to the caller (mach/mig.h).
 *
 * Results: D_SUCCESS, D_NO_SUCH_DEVICE, D_INVALID_OPERATION, D_INVALID_SIZE (nothing, no whole records, too much),
 * D_INVALID_RECNUM, D_NO_MEMORY; what faults on a writer's data give; in the replies that come later D_IO_ERROR and
 * D_DEVICE_DOWN.  The prototypes are mig's.
 */
#include "device/device.h"
#include "device_server.h"
#include "ipc/ipc_port.h"
#include "kern/task.h"
#include "kern/thread.h"
#include "kern/startup.h"
#include "kern/zalloc.h"
#include "base/memory.h"

/* Requests to write that wait for the one thread of device_write=pool; each has its data as they came. */
static struct { io_req_t first, last; bool on; } pool;

/* --- open and close --- */

/* A device that is being opened has a port: D_NO_MEMORY if there is none to be had. To get one may take a while, in
 * which somebody else opens the device, too. */
static kern_return_t give_port(device_t device)
{
	struct ipc_port *port;

	if (device->port)
		return D_SUCCESS;
	port = ipc_port_alloc_kernel();
	if (!port)
		return D_NO_MEMORY;
	if (device->port) {
		ipc_port_dealloc_kernel(port);
		return D_SUCCESS;
	}
	device->port = port;
	ipc_kobject_set(port, device, IKOT_DEVICE);
	return D_SUCCESS;
}

kern_return_t ds_device_open(struct ipc_port *master_port, struct ipc_port *reply_port,
                             mach_msg_type_name_t reply_type, dev_mode_t mode, const char *name, device_t *device)
{
	device_t found;
	kern_return_t result;

	(void)reply_port, (void)reply_type, (void)mode;
	if (!IP_VALID(master_port) || master_port->kotype != IKOT_MASTER_DEVICE)
		return D_INVALID_OPERATION;
	found = dev_name_lookup(name);
	if (!found || !found->present)
		return D_NO_SUCH_DEVICE;
	result = give_port(found);
	if (result != D_SUCCESS)
		return result;
	found->open_count++;
	*device = found;
	return D_SUCCESS;
}

/* The last close takes the port away: all rights to it are dead. Requests under way are answered all the same. */
kern_return_t ds_device_close(device_t device)
{
	struct ipc_port *port = device->port;

	if (--device->open_count == 0) {
		device->port = IP_NULL;
		ipc_port_dealloc_kernel(port);
	}
	return D_SUCCESS;
}

/* --- reads and writes --- */

/* Whether so many bytes from a record on are the device's to move. */
static kern_return_t check(const struct device *device, recnum_t recnum, vm_size_t bytes)
{
	natural_t count = bytes / device->record_size;

	if (bytes == 0 || bytes % device->record_size || bytes > IO_REQ_MAX)
		return D_INVALID_SIZE;
	if (device->records && (recnum >= device->records || count > device->records - recnum))
		return D_INVALID_RECNUM;
	return D_SUCCESS;
}

/* Who has taken some pages and waits for more: one at a time, so that they do not wait for each other's.  Those who may
 * have the reserve do not stand in line. */
static struct { bool taken, wanted; } line;

static void enter_line(void)
{
	while (line.taken) {
		line.wanted = true;
		current_thread()->wait_reason = "memory to read into";
		(void)thread_sleep(&line, false);
	}
	line.taken = true;
}

static void leave_line(void)
{
	line.taken = false;
	if (line.wanted)
		thread_wakeup(&line);
	line.wanted = false;
}

/* A busy page of the object at each offset; waits for memory. */
static void fill_with_pages(vm_object_t object, vm_page_t *pages, natural_t count)
{
	const bool in_line = !current_thread()->vm_privilege;

	if (in_line)
		enter_line();
	for (natural_t n = 0; n < count; n++)
		while (!(pages[n] = vm_page_alloc(object, n << VM_PAGE_SHIFT)))
			vm_page_wait(NULL);
	if (in_line)
		leave_line();
}

/* Memory to read into. The rest of the last page must show nothing of what was there before. */
static kern_return_t read_alloc(io_req_t request)
{
	natural_t count = (natural_t)(round_page(request->bytes) >> VM_PAGE_SHIFT);
	vm_size_t run;

	request->pages = kalloc(count * sizeof(vm_page_t));
	if (!request->pages)
		return D_NO_MEMORY;
	request->object = vm_object_allocate(count << VM_PAGE_SHIFT);
	if (!request->object) {
		kfree(request->pages, count * sizeof(vm_page_t));
		return D_NO_MEMORY;
	}
	fill_with_pages(request->object, request->pages, count);
	if (request->bytes & VM_PAGE_MASK) {
		void *rest = io_req_data(request, request->bytes, &run);
		memset(rest, 0, run);
	}
	return D_SUCCESS;
}

kern_return_t ds_device_read(device_t device, struct ipc_port *reply_port, mach_msg_type_name_t reply_type,
                             dev_mode_t mode, recnum_t recnum, int bytes_wanted, vm_map_copy_t *data,
                             mach_msg_type_number_t *bytes)
{
	kern_return_t result = bytes_wanted > 0 ? check(device, recnum, (vm_size_t)bytes_wanted) : D_INVALID_SIZE;
	io_req_t request;

	(void)mode, (void)data, (void)bytes;
	if (result != D_SUCCESS)
		return result;
	request = io_req_alloc(device, reply_port, reply_type);
	if (!request)
		return D_NO_MEMORY;
	request->recnum = recnum;
	request->bytes = (vm_size_t)bytes_wanted;
	result = read_alloc(request);
	if (result != D_SUCCESS) {
		io_req_free(request);
		return result;
	}
	io_req_start(request);
	return MIG_NO_REPLY;
}

kern_return_t ds_device_read_inband(device_t device, struct ipc_port *reply_port, mach_msg_type_name_t reply_type,
                                    dev_mode_t mode, recnum_t recnum, int bytes_wanted, char *data,
                                    mach_msg_type_number_t *bytes)
{
	kern_return_t result;
	io_req_t request;

	(void)mode, (void)data, (void)bytes;
	if (bytes_wanted > IO_INBAND_MAX)
		bytes_wanted = IO_INBAND_MAX;
	result = bytes_wanted > 0 ? check(device, recnum, (vm_size_t)bytes_wanted) : D_INVALID_SIZE;
	if (result != D_SUCCESS)
		return result;
	request = io_req_alloc(device, reply_port, reply_type);
	if (!request)
		return D_NO_MEMORY;
	request->recnum = recnum;
	request->bytes = (vm_size_t)bytes_wanted;
	request->inband = true;
	request->inband_data = kalloc(IO_INBAND_MAX);
	if (!request->inband_data) {
		io_req_free(request);
		return D_NO_MEMORY;
	}
	io_req_start(request);
	return MIG_NO_REPLY;
}

/* The data's pages, resident and busy: faulted in now, by whoever is running. */
static kern_return_t write_prepare(io_req_t request, vm_map_copy_t data)
{
	kern_return_t result = vm_map_copy_pages(data, false);

	if (result != KERN_SUCCESS)
		return result;
	request->copy = data;
	request->pages = data->page_list;
	request->offset = data->offset & VM_PAGE_MASK;
	return D_SUCCESS;
}

static void pool_put(io_req_t request, vm_map_copy_t data)
{
	request->copy = data;
	request->next = NULL;
	if (pool.first)
		pool.last->next = request;
	else
		pool.first = request;
	pool.last = request;
	thread_wakeup(&pool);
}

kern_return_t ds_device_write(device_t device, struct ipc_port *reply_port, mach_msg_type_name_t reply_type,
                              dev_mode_t mode, recnum_t recnum, vm_map_copy_t data, mach_msg_type_number_t bytes,
                              int *bytes_written)
{
	kern_return_t result = check(device, recnum, bytes);
	io_req_t request;

	(void)mode, (void)bytes_written;
	if (result != D_SUCCESS)
		return result;
	request = io_req_alloc(device, reply_port, reply_type);
	if (!request)
		return D_NO_MEMORY;
	request->write = true;
	request->recnum = recnum;
	request->bytes = bytes;
	if (pool.on) {
		pool_put(request, data);
		return MIG_NO_REPLY;
	}
	result = write_prepare(request, data);
	if (result != D_SUCCESS) {
		io_req_free(request);
		return result;
	}
	io_req_start(request);
	return MIG_NO_REPLY;
}

kern_return_t ds_device_write_inband(device_t device, struct ipc_port *reply_port, mach_msg_type_name_t reply_type,
                                     dev_mode_t mode, recnum_t recnum, const char *data, mach_msg_type_number_t bytes,
                                     int *bytes_written)
{
	kern_return_t result = bytes <= IO_INBAND_MAX ? check(device, recnum, bytes) : D_INVALID_SIZE;
	io_req_t request;

	(void)mode, (void)bytes_written;
	if (result != D_SUCCESS)
		return result;
	request = io_req_alloc(device, reply_port, reply_type);
	if (!request)
		return D_NO_MEMORY;
	request->write = request->inband = true;
	request->recnum = recnum;
	request->bytes = bytes;
	request->inband_data = kalloc(IO_INBAND_MAX);
	if (!request->inband_data) {
		io_req_free(request);
		return D_NO_MEMORY;
	}
	memcpy(request->inband_data, data, bytes);
	io_req_start(request);
	return MIG_NO_REPLY;
}

/* --- the pool that GD91 §5.6 warns of --- */

static void pool_serve(io_req_t request)
{
	vm_map_copy_t data = request->copy;
	kern_return_t result;

	request->copy = VM_MAP_COPY_NULL;
	result = write_prepare(request, data);
	if (result == D_SUCCESS) {
		io_req_start(request);
		return;
	}
	request->copy = data;
	request->error = result;
	request->residual = request->bytes;
	io_done(request);
}

static void pool_thread(void *unused)
{
	(void)unused;
	for (;;) {
		io_req_t request = pool.first;

		if (request) {
			pool.first = request->next;
			pool_serve(request);
		} else {
			current_thread()->wait_reason = "device_write requests";
			(void)thread_sleep(&pool, false);
		}
	}
}

/* --- the rest --- */

kern_return_t ds_device_get_status(device_t device, dev_flavor_t flavor, natural_t *status,
                                   mach_msg_type_number_t *count)
{
	if (flavor != DEV_GET_SIZE)
		return device->ops->get_status ? device->ops->get_status(flavor, status, count) : D_INVALID_OPERATION;
	if (*count < DEV_GET_SIZE_COUNT)
		return D_INVALID_SIZE;
	status[DEV_GET_SIZE_DEVICE_SIZE] = device->records * device->record_size;
	status[DEV_GET_SIZE_RECORD_SIZE] = device->record_size;
	*count = DEV_GET_SIZE_COUNT;
	return D_SUCCESS;
}

/* No device here has anything to be set. */
kern_return_t ds_device_set_status(device_t device, dev_flavor_t flavor, const natural_t *status,
                                   mach_msg_type_number_t count)
{
	(void)device, (void)flavor, (void)status, (void)count;
	return D_INVALID_OPERATION;
}

void device_service_create(void)
{
	io_req_init();
	device_table_init();
	pool.on = boot_option_is("device_write=", "pool");
	if (pool.on)
		(void)kernel_thread(kernel_task, "device_write", pool_thread, NULL);
}
