/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests to devices: their memory, their end, their replies.
 *
 *   io_req_alloc --> (data attached) --> io_req_start --D_IO_QUEUED--> the driver's --io_done--> done queue --> answer
 *                                              '---------- over at once ------------------------------------> answer
 *
 * answer runs in the thread that started the request, or in io_done_thread, which is wired: what it answers may be the
 * default pager's, when memory is short.
 */
#include "base/panic.h"
#include "device/device.h"
#include "device_reply_user.h"
#include "ipc/ipc_port.h"
#include "kern/probes.h"
#include "kern/task.h"
#include "kern/thread.h"
#include "kern/zalloc.h"
#include "vm/memory_object.h"

enum { IO_REQ_ZONE_MAX = 64 * 1024, IO_REQS_AT_LEAST = 16 };

static zone_t io_req_zone;
static struct { io_req_t first, last; } done;

/* --- data --- */

void *io_req_data(const struct io_req *request, vm_offset_t at, vm_size_t *run)
{
	if (request->inband) {
		*run = request->bytes - at;
		return (char *)request->inband_data + at;
	}
	at += request->offset;
	*run = VM_PAGE_SIZE - (at & VM_PAGE_MASK);
	return (char *)phystokv(request->pages[at >> VM_PAGE_SHIFT]->phys_addr) + (at & VM_PAGE_MASK);
}

static natural_t read_pages(const struct io_req *request)
{
	return (natural_t)(round_page(request->bytes) >> VM_PAGE_SHIFT);
}

/* Data nobody will see, or their pages' remains: what holds them goes. */
static void free_data(io_req_t request)
{
	if (request->inband_data)
		kfree(request->inband_data, IO_INBAND_MAX);
	if (request->copy)
		vm_map_copy_discard(request->copy);
	if (request->object) {
		kfree(request->pages, read_pages(request) * sizeof(vm_page_t));
		vm_object_deallocate(request->object);
	}
}

/* --- life --- */

io_req_t io_req_alloc(device_t device, struct ipc_port *reply_port, mach_msg_type_name_t reply_type)
{
	io_req_t request = zalloc(io_req_zone);

	if (request)
		*request = (struct io_req){.device = device, .reply_port = reply_port, .reply_type = reply_type};
	return request;
}

void io_req_free(io_req_t request)
{
	free_data(request);
	zfree(io_req_zone, request);
}

/* --- the end --- */

static vm_size_t moved(const struct io_req *request)
{
	return request->bytes - request->residual;
}

/* GD91 §5.5: what is read for the default pager stays in memory until it lets go of it. */
static void release_pages(io_req_t request)
{
	bool wire = memory_manager_default_port(request->reply_port);

	for (natural_t n = 0; n < read_pages(request); n++) {
		vm_page_t page = request->pages[n];

		page->dirty = true;
		if (wire)
			vm_page_wire(page);
		else
			vm_page_activate(page);
		page_wakeup_done(page);
	}
}

/* The memory that was read into, as what a message carries. */
static kern_return_t read_result(io_req_t request, vm_map_copy_t *copy)
{
	vm_object_t object = request->object;
	kern_return_t result;

	release_pages(request);
	kfree(request->pages, read_pages(request) * sizeof(vm_page_t));
	request->object = VM_OBJECT_NULL;
	*copy = VM_MAP_COPY_NULL;
	if (request->error != D_SUCCESS || !IP_VALID(request->reply_port) || moved(request) == 0) {
		vm_object_deallocate(object);
		return request->error;
	}
	result = vm_map_copyin_object(object, 0, moved(request), copy);
	if (result != KERN_SUCCESS)
		vm_object_deallocate(object);
	return result == KERN_SUCCESS ? D_SUCCESS : D_NO_MEMORY;
}

static void answer_read(io_req_t request)
{
	vm_map_copy_t copy;
	kern_return_t result;

	if (request->inband) {
		ds_device_read_reply_inband(request->reply_port, request->reply_type, request->error,
		                            request->inband_data, request->error == D_SUCCESS ? moved(request) : 0);
		return;
	}
	result = read_result(request, &copy);
	ds_device_read_reply(request->reply_port, request->reply_type, result, copy, copy ? moved(request) : 0);
}

static void answer_write(io_req_t request)
{
	if (request->copy)
		vm_map_copy_discard(request->copy);
	request->copy = VM_MAP_COPY_NULL;
	if (request->inband)
		ds_device_write_reply_inband(request->reply_port, request->reply_type, request->error,
		                             (int)moved(request));
	else
		ds_device_write_reply(request->reply_port, request->reply_type, request->error, (int)moved(request));
}

static void answer(io_req_t request)
{
	probe_io_done(request, request->error);
	if (request->write)
		answer_write(request);
	else
		answer_read(request);
	io_req_free(request);
}

void io_req_start(io_req_t request)
{
	kern_return_t result;

	probe_io_start(request, request->write, request->recnum, request->bytes);
	result = request->device->ops->start(request);
	if (result == D_IO_QUEUED)
		return;
	request->error = result;
	answer(request);
}

void io_done(io_req_t request)
{
	request->next = NULL;
	if (done.first)
		done.last->next = request;
	else
		done.first = request;
	done.last = request;
	thread_wakeup(&done);
}

static void io_done_thread(void *unused)
{
	(void)unused;
	(void)thread_wire(current_thread(), true);
	for (;;) {
		io_req_t request = done.first;

		if (request) {
			done.first = request->next;
			answer(request);
		} else {
			current_thread()->wait_reason = "device requests";
			(void)thread_sleep(&done, false);
		}
	}
}

void io_req_init(void)
{
	io_req_zone = zinit(sizeof(struct io_req), IO_REQ_ZONE_MAX, "io requests");
	zfill(io_req_zone, IO_REQS_AT_LEAST);
	(void)kernel_thread(kernel_task, "io_done", io_done_thread, NULL);
}
