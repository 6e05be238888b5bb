/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims of servers that are made of mig's stubs: exceptions, notifications, devices without waiting, requests that
 * nobody serves, and what becomes of what requests hold.
 */
#include "device_request_user.h"
#include "exc_server.h"
#include "exc_user.h"
#include "notify_server.h"
#include "pager/lib/claim.h"
#include "pager/lib/mach/cthreads.h"
#include "pager/lib/mach/device_replies.h"
#include "pager/lib/mach/mach.h"
#include "pager/lib/mach/malloc.h"

enum { ROOM = 512, WAIT = 3000 /* ms */ };

/* ---- exceptions ---- */

static struct {
	mach_port_t thread, task;
	integer_t exception, code, subcode;
	natural_t count;
	kern_return_t answer;
} caught;

/* A page is put where there was none: the thread goes on. */
kern_return_t catch_exception_raise(mach_port_t exception_port, mach_port_t thread, mach_port_t task,
                                    integer_t exception, integer_t code, integer_t subcode)
{
	vm_offset_t page = trunc_page(subcode);

	(void)exception_port;
	caught.thread = thread;
	caught.task = task;
	caught.exception = exception;
	caught.code = code;
	caught.subcode = subcode;
	caught.count++;
	if (caught.answer != KERN_SUCCESS)
		return caught.answer;
	return vm_allocate(mach_task_self(), &page, VM_PAGE_SIZE, false);
}

static void *touch(void *argument)
{
	volatile natural_t *word = argument;

	*word = 5;
	return (void *)(uintptr_t)*word;
}

static void *serve_exceptions(void *argument)
{
	while (mach_msg_server_once(exc_server, ROOM, (mach_port_t)(uintptr_t)argument, MACH_RCV_TIMEOUT, WAIT) ==
	       MACH_MSG_SUCCESS)
		;
	return NULL;
}

static void claim_exceptions(void)
{
	mach_port_t port, before;
	const vm_offset_t hole = 0x60000000; /* far from where memory is given */
	cthread_t server, toucher;

	(void)mach_port_allocate_send(&port);
	claim(task_get_special_port(mach_task_self(), TASK_EXCEPTION_PORT, &before) == KERN_SUCCESS &&
	      task_set_special_port(mach_task_self(), TASK_EXCEPTION_PORT, port) == KERN_SUCCESS,
	      "a task has a port for its exceptions");
	server = cthread_fork(serve_exceptions, (void *)(uintptr_t)port);
	toucher = cthread_fork(touch, (void *)(uintptr_t)(hole + 8));
	claim(cthread_join(toucher) == (void *)5, "a thread goes on when its exception's cause is removed");
	claim(caught.count == 1 && caught.exception == EXC_BAD_ACCESS && caught.code == KERN_INVALID_ADDRESS &&
	      (vm_offset_t)caught.subcode == hole + 8, "the exception says what, why and where");
	claim(caught.task == mach_task_self() && MACH_PORT_VALID(caught.thread), "and whose it is");
	(void)vm_deallocate(mach_task_self(), hole, VM_PAGE_SIZE);

	caught.answer = KERN_FAILURE;
	claim(exception_raise(port, mach_thread_self(), mach_task_self(), EXC_SOFTWARE, 7, 8) == KERN_FAILURE &&
	      caught.exception == EXC_SOFTWARE && caught.code == 7 && caught.subcode == 8,
	      "anybody may raise an exception, and gets the answer");
	(void)task_set_special_port(mach_task_self(), TASK_EXCEPTION_PORT, before);
	(void)mach_port_destroy(mach_task_self(), port);
	(void)cthread_join(server);
}

/* ---- notifications ---- */

static struct {
	mach_port_t dead, destroyed, deleted;
	mach_port_mscount_t mscount;
	natural_t dead_names, no_senders, send_onces, port_destroyeds;
} told;

kern_return_t do_mach_notify_port_deleted(mach_port_t notify, mach_port_t name)
{
	(void)notify;
	told.deleted = name;
	return KERN_SUCCESS;
}

kern_return_t do_mach_notify_msg_accepted(mach_port_t notify, mach_port_t name)
{
	(void)notify, (void)name;
	return KERN_SUCCESS;
}

kern_return_t do_mach_notify_port_destroyed(mach_port_t notify, mach_port_t rights)
{
	(void)notify;
	told.destroyed = rights;
	told.port_destroyeds++;
	return KERN_SUCCESS;
}

kern_return_t do_mach_notify_no_senders(mach_port_t notify, mach_port_mscount_t mscount)
{
	(void)notify;
	told.mscount = mscount;
	told.no_senders++;
	return KERN_SUCCESS;
}

kern_return_t do_mach_notify_send_once(mach_port_t notify)
{
	(void)notify;
	told.send_onces++;
	return KERN_SUCCESS;
}

kern_return_t do_mach_notify_dead_name(mach_port_t notify, mach_port_t name)
{
	(void)notify;
	told.dead = name;
	told.dead_names++;
	return KERN_SUCCESS;
}

static bool be_told(mach_port_t notify)
{
	return mach_msg_server_once(notify_server, ROOM, notify, MACH_RCV_TIMEOUT, WAIT) == MACH_MSG_SUCCESS;
}

static void claim_notifications(void)
{
	mach_port_t notify, port, previous, once, backup;
	mach_msg_type_name_t type;

	(void)mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &notify);
	(void)mach_port_allocate_send(&port);
	(void)mach_port_request_notification(mach_task_self(), port, MACH_NOTIFY_NO_SENDERS, 1, notify, &previous);
	(void)mach_port_deallocate(mach_task_self(), port);
	claim(be_told(notify) && told.no_senders == 1 && told.mscount == 1, "no senders are left");

	(void)mach_port_insert_right(mach_task_self(), port, port, MACH_MSG_TYPE_MAKE_SEND);
	(void)mach_port_request_notification(mach_task_self(), port, MACH_NOTIFY_DEAD_NAME, 0, notify, &previous);
	(void)mach_port_mod_refs(mach_task_self(), port, MACH_PORT_RIGHT_RECEIVE, -1);
	claim(be_told(notify) && told.dead_names == 1 && told.dead == port, "a send right has become a dead name");
	(void)mach_port_mod_refs(mach_task_self(), port, MACH_PORT_RIGHT_DEAD_NAME, -2);

	(void)mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &backup);
	(void)mach_port_request_notification(mach_task_self(), backup, MACH_NOTIFY_PORT_DESTROYED, 0, notify, &previous);
	(void)mach_port_mod_refs(mach_task_self(), backup, MACH_PORT_RIGHT_RECEIVE, -1);
	claim(be_told(notify) && told.port_destroyeds == 1 && MACH_PORT_VALID(told.destroyed),
	      "a receive right that was given up goes to who asked for it");
	(void)mach_port_mod_refs(mach_task_self(), told.destroyed, MACH_PORT_RIGHT_RECEIVE, -1);

	(void)mach_port_extract_right(mach_task_self(), notify, MACH_MSG_TYPE_MAKE_SEND_ONCE, &once, &type);
	(void)mach_port_deallocate(mach_task_self(), once);
	claim(be_told(notify) && told.send_onces == 1, "a send-once right that is not used tells so");
	(void)mach_port_destroy(mach_task_self(), notify);
}

/* ---- devices without waiting ---- */

static struct {
	kern_return_t code;
	mach_port_t device;
	vm_offset_t data;
	natural_t count, opens, reads, writes;
	int written;
} device;

kern_return_t device_open_reply(mach_port_t reply_port, kern_return_t return_code, mach_port_t device_port)
{
	(void)reply_port;
	device.code = return_code;
	device.device = device_port;
	device.opens++;
	return KERN_SUCCESS;
}

kern_return_t device_write_reply(mach_port_t reply_port, kern_return_t return_code, int bytes_written)
{
	(void)reply_port;
	device.code = return_code;
	device.written = bytes_written;
	device.writes++;
	return KERN_SUCCESS;
}

kern_return_t device_write_reply_inband(mach_port_t reply_port, kern_return_t return_code, int bytes_written)
{
	return device_write_reply(reply_port, return_code, bytes_written);
}

kern_return_t device_read_reply(mach_port_t reply_port, kern_return_t return_code, vm_offset_t data,
                                mach_msg_type_number_t data_count)
{
	(void)reply_port;
	device.code = return_code;
	device.data = data;
	device.count = data_count;
	device.reads++;
	return KERN_SUCCESS;
}

kern_return_t device_read_reply_inband(mach_port_t reply_port, kern_return_t return_code, const char *data,
                                       mach_msg_type_number_t data_count)
{
	(void)reply_port, (void)data;
	device.code = return_code;
	device.count = data_count;
	device.reads++;
	return KERN_SUCCESS;
}

static bool be_answered(mach_port_t port)
{
	return mach_msg_server_once(device_replies, ROOM, port, MACH_RCV_TIMEOUT, WAIT) == MACH_MSG_SUCCESS;
}

static void claim_device_requests(void)
{
	mach_port_t reply, host_priv, device_master, disk;
	vm_offset_t data;
	mach_msg_type_number_t count;
	bool same;

	(void)mach_privileged_ports(&host_priv, &device_master);
	(void)mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &reply);
	claim(device_open_request(device_master, reply, D_READ | D_WRITE, "hd0a") == KERN_SUCCESS && be_answered(reply) &&
	      device.opens == 1 && device.code == D_SUCCESS && MACH_PORT_VALID(device.device),
	      "a device is opened by a request, and its reply");
	disk = device.device;
	claim(device_read_request(disk, reply, 0, 16, VM_PAGE_SIZE) == KERN_SUCCESS && be_answered(reply) &&
	      device.reads == 1 && device.code == D_SUCCESS && device.count == VM_PAGE_SIZE, "a read, too");
	same = device_read(disk, 0, 16, VM_PAGE_SIZE, &data, &count) == D_SUCCESS && count == VM_PAGE_SIZE &&
	       memcmp((void *)(uintptr_t)data, (void *)(uintptr_t)device.data, VM_PAGE_SIZE) == 0;
	claim(same, "with the data that device_read gives");
	claim(device_write_request(disk, reply, 0, 16, data, VM_PAGE_SIZE) == KERN_SUCCESS && be_answered(reply) &&
	      device.writes == 1 && device.code == D_SUCCESS && device.written == VM_PAGE_SIZE, "a write, too");
	claim(device_read_request(disk, reply, 0, 0x7fffff, VM_PAGE_SIZE) == KERN_SUCCESS && be_answered(reply) &&
	      device.reads == 2 && device.code == D_INVALID_RECNUM, "an error comes by the reply");
	claim(device_read_request_inband(disk, reply, 0, 16, 64) == KERN_SUCCESS && be_answered(reply) &&
	      device.reads == 3 && device.code == D_INVALID_SIZE, "in band, too");
	(void)mach_port_destroy(mach_task_self(), reply);
}

/* ---- requests that nobody serves ---- */

static bool drop_request(mach_msg_header_t *request, mach_msg_header_t *reply)
{
	(void)exc_server(request, reply);
	((struct mig_reply_error *)reply)->RetCode = MIG_NO_REPLY;
	mach_msg_destroy(request);
	return true;
}

static void *serve_one(void *argument)
{
	(void)mach_msg_server_once(exc_server, ROOM, (mach_port_t)(uintptr_t)argument, MACH_RCV_TIMEOUT, WAIT);
	return NULL;
}

static void *drop_one(void *argument)
{
	(void)mach_msg_server_once(drop_request, ROOM, (mach_port_t)(uintptr_t)argument, MACH_RCV_TIMEOUT, WAIT);
	return NULL;
}

static natural_t names(void)
{
	mach_port_array_t list;
	mach_port_type_array_t types;
	mach_msg_type_number_t count = 0, type_count;

	if (mach_port_names(mach_task_self(), &list, &count, &types, &type_count) != KERN_SUCCESS)
		return 0;
	(void)vm_deallocate(mach_task_self(), (vm_offset_t)(uintptr_t)list, count * sizeof(*list));
	(void)vm_deallocate(mach_task_self(), (vm_offset_t)(uintptr_t)types, type_count * sizeof(*types));
	return count;
}

static void claim_refusals(void)
{
	mach_port_t port, gift;
	vm_offset_t data;
	cthread_t server;
	natural_t before;

	(void)mach_port_allocate_send(&port);
	before = names();
	server = cthread_fork(serve_one, (void *)(uintptr_t)port);
	claim(vm_deallocate(port, 0, 0) == MIG_BAD_ID, "a request that nobody serves: MIG_BAD_ID");
	(void)cthread_join(server);

	(void)mach_port_allocate_send(&gift);
	(void)memory_allocate(&data, VM_PAGE_SIZE, 0);
	server = cthread_fork(serve_one, (void *)(uintptr_t)port);
	claim(vm_write(port, 0, data, VM_PAGE_SIZE) == MIG_BAD_ID, "also one with memory in it");
	(void)cthread_join(server);
	server = cthread_fork(serve_one, (void *)(uintptr_t)port);
	claim(task_set_special_port(port, 4, gift) == MIG_BAD_ID, "and one with a right");
	(void)cthread_join(server);
	(void)mach_port_destroy(mach_task_self(), gift);
	(void)vm_deallocate(mach_task_self(), data, VM_PAGE_SIZE);

	server = cthread_fork(drop_one, (void *)(uintptr_t)port);
	claim(task_suspend(port) == MIG_SERVER_DIED, "a request whose reply port is dropped: MIG_SERVER_DIED");
	(void)cthread_join(server);
	claim(names() <= before + 2, "and no right is left behind");
	(void)mach_port_destroy(mach_task_self(), port);
	claim(task_suspend(MACH_PORT_NULL) == MACH_SEND_INVALID_DEST && task_suspend(MACH_PORT_DEAD) ==
	      MACH_SEND_INVALID_DEST, "no port: MACH_SEND_INVALID_DEST");
	claim(task_suspend(mach_thread_self()) == KERN_INVALID_ARGUMENT, "a port of another kind: KERN_INVALID_ARGUMENT");
	claim(host_reboot(mach_host_self(), 0) == KERN_INVALID_HOST, "the host's port is not the privileged one");
}

int main(void)
{
	claim_exceptions();
	claim_notifications();
	claim_device_requests();
	claim_refusals();
	return claims_end();
}
