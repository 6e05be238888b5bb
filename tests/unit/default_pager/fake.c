/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "fake.h"

struct fake fake;

/* One lock for all of the fake itself: the pager's threads come from several sides. */
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
#define GUARDED(statement_) (pthread_mutex_lock(&guard), (statement_), pthread_mutex_unlock(&guard))

/* --- Locks, memory, words --- */

void mutex_init(struct mutex *mutex) { pthread_mutex_init(&mutex->mutex, NULL); }
void mutex_lock(struct mutex *mutex)
{
	pthread_mutex_lock(&mutex->mutex);
	__atomic_add_fetch(&fake.locks, 1, __ATOMIC_RELAXED);
}
void mutex_unlock(struct mutex *mutex) { pthread_mutex_unlock(&mutex->mutex); }
void condition_init(struct condition *condition) { pthread_cond_init(&condition->condition, NULL); }
void condition_wait(struct condition *condition, struct mutex *mutex)
{
	pthread_cond_wait(&condition->condition, &mutex->mutex);
}
void condition_broadcast(struct condition *condition) { pthread_cond_broadcast(&condition->condition); }

void *env_allocate(vm_size_t size)
{
	if (fake.no_memory)
		return NULL;
	GUARDED(fake.allocated += size);
	/* Not cleared: with something in it that would show. */
	void *memory = malloc(size);
	return memset(memory, 0xa5, size);
}

void env_free(void *memory, vm_size_t size)
{
	GUARDED(fake.allocated -= size);
	free(memory);
}

void env_thread(const char *name, void (*start)(void *argument), void *argument, bool privileged)
{
	(void)name, (void)start, (void)argument, (void)privileged;
}

void env_print(const char *format, ...)
{
	(void)format;
	fake.said++;
}

/* --- Data --- */

enum { DATA_MAX = 1024, DATA_BASE = 0x40000000 };
static struct { bool used; uint32_t content; } data_of[DATA_MAX];

vm_offset_t make_data(uint32_t content)
{
	vm_offset_t address = 0;
	pthread_mutex_lock(&guard);
	for (uint32_t i = 0; i < DATA_MAX && address == 0; i++)
		if (!data_of[i].used) {
			data_of[i].used = true;
			data_of[i].content = content;
			fake.in_transit++;
			address = DATA_BASE + (i << VM_PAGE_SHIFT);
		}
	pthread_mutex_unlock(&guard);
	cr_assert_neq(address, 0, "the pager keeps data");
	return address;
}

static uint32_t content_at(vm_offset_t address)
{
	const uint32_t i = (address - DATA_BASE) >> VM_PAGE_SHIFT;
	cr_assert(i < DATA_MAX && data_of[i].used, "data that is not there");
	return data_of[i].content;
}

kern_return_t vm_deallocate(mach_port_t task, vm_offset_t address, vm_size_t size)
{
	(void)task;
	cr_assert_eq(size, VM_PAGE_SIZE);
	(void)content_at(address);
	GUARDED(data_of[(address - DATA_BASE) >> VM_PAGE_SHIFT].used = false);
	GUARDED(fake.in_transit--);
	return KERN_SUCCESS;
}

/* --- The disk --- */

static uint32_t page_at(mach_port_t device, recnum_t record)
{
	cr_assert_eq(device, DEVICE);
	cr_assert(record >= FIRST_SECTOR && (record - FIRST_SECTOR) % SECTORS_A_PAGE == 0);
	const uint32_t page = (record - FIRST_SECTOR) / SECTORS_A_PAGE;
	cr_assert(page < PAGES_MAX);
	return page;
}

kern_return_t device_read(mach_port_t device, dev_mode_t mode, recnum_t record, int bytes, vm_offset_t *data,
                          mach_msg_type_number_t *count)
{
	(void)mode;
	cr_assert_eq(bytes, (int)VM_PAGE_SIZE);
	const uint32_t page = page_at(device, record);
	if (fake.read_failures > 0) {
		fake.read_failures--;
		return D_IO_ERROR;
	}
	*data = make_data(fake.disk[page]);
	*count = VM_PAGE_SIZE;
	return D_SUCCESS;
}

kern_return_t device_write(mach_port_t device, dev_mode_t mode, recnum_t record, vm_offset_t data,
                           mach_msg_type_number_t bytes, int *written)
{
	(void)mode;
	cr_assert_eq(bytes, VM_PAGE_SIZE);
	const uint32_t page = page_at(device, record);
	if (fake.before_write != NULL)
		fake.before_write();
	if (fake.down)
		return D_DEVICE_DOWN;
	if (fake.bad[page])
		return D_IO_ERROR;
	fake.disk[page] = content_at(data);
	*written = (int)bytes;
	return D_SUCCESS;
}

/* --- The kernel --- */

static void answered(enum answer answer, mach_port_t control, vm_offset_t offset, uint32_t content)
{
	pthread_mutex_lock(&guard);
	fake.answer = answer;
	fake.control = control;
	fake.offset = offset;
	fake.content = content;
	fake.answers++;
	pthread_mutex_unlock(&guard);
}

kern_return_t memory_object_data_supply(mach_port_t control, vm_offset_t offset, vm_offset_t data,
                                        mach_msg_type_number_t bytes, bool deallocate, vm_prot_t lock, bool precious,
                                        mach_port_t reply)
{
	cr_assert(deallocate && lock == VM_PROT_NONE && !precious && reply == MACH_PORT_NULL);
	answered(ANSWER_SUPPLY, control, offset, content_at(data));
	return vm_deallocate(1, data, bytes);
}

kern_return_t memory_object_data_unavailable(mach_port_t control, vm_offset_t offset, vm_size_t size)
{
	cr_assert_eq(size, VM_PAGE_SIZE);
	answered(ANSWER_UNAVAILABLE, control, offset, 0);
	return KERN_SUCCESS;
}

kern_return_t memory_object_data_error(mach_port_t control, vm_offset_t offset, vm_size_t size, kern_return_t reason)
{
	cr_assert(size == VM_PAGE_SIZE && reason == KERN_MEMORY_ERROR);
	answered(ANSWER_ERROR, control, offset, 0);
	return KERN_SUCCESS;
}

kern_return_t memory_object_destroy(mach_port_t control, kern_return_t reason)
{
	(void)control, (void)reason;
	fake.objects_destroyed++;
	return KERN_SUCCESS;
}

kern_return_t memory_object_ready(mach_port_t control, bool may_cache, memory_object_copy_strategy_t strategy)
{
	(void)control;
	cr_assert(!may_cache && strategy == MEMORY_OBJECT_COPY_DELAY);
	fake.objects_ready++;
	return KERN_SUCCESS;
}

kern_return_t vm_set_default_memory_manager(mach_port_t host_priv, mach_port_t *manager)
{
	(void)host_priv;
	*manager = MACH_PORT_NULL;
	return KERN_SUCCESS;
}

/* --- Ports --- */

kern_return_t mach_port_allocate(mach_port_t task, natural_t right, mach_port_t *name)
{
	(void)task, (void)right;
	*name = 0x10000 + fake.next_port++;
	return KERN_SUCCESS;
}

kern_return_t mach_port_deallocate(mach_port_t task, mach_port_t name)
{
	(void)task, (void)name;
	GUARDED(fake.control_references--);
	return KERN_SUCCESS;
}

kern_return_t mach_port_destroy(mach_port_t task, mach_port_t name)
{
	(void)task;
	GUARDED(fake.destroyed[fake.ports_destroyed++ % 64] = name);
	return KERN_SUCCESS;
}

kern_return_t mach_port_mod_refs(mach_port_t task, mach_port_t name, natural_t right, mach_port_delta_t delta)
{
	(void)task, (void)name;
	cr_assert_eq(right, MACH_PORT_RIGHT_SEND);
	GUARDED(fake.control_references += delta);
	return KERN_SUCCESS;
}

kern_return_t mach_port_move_member(mach_port_t task, mach_port_t member, mach_port_t set)
{
	(void)task, (void)member, (void)set;
	return KERN_SUCCESS;
}

kern_return_t mach_port_request_notification(mach_port_t task, mach_port_t name, mach_msg_id_t id,
                                             mach_port_mscount_t sync, mach_port_t notify, mach_port_t *previous)
{
	(void)task;
	cr_assert(id == MACH_NOTIFY_NO_SENDERS && sync == 1 && notify == name);
	*previous = MACH_PORT_NULL;
	return KERN_SUCCESS;
}
