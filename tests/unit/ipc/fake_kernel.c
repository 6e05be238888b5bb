/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE
#include "fake_kernel.h"
#include "base/panic.h"
#include "ipc/ipc_entry.h"
#include "ipc/ipc_init.h"
#include "ipc/ipc_kmsg.h"
#include "kern/zalloc.h"
#include "machine/copyio.h"
#include "vm/vm_map.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct block {
	size_t bytes;
	struct block *next;
	uint64_t mark;
};
struct zone {
	size_t bytes;
};
enum { ARENA = 64 << 20, CLASSES = 64, ZONES = 16 };
static const uint64_t IN_USE = 0x1234567812345678, FREED = 0x8765432187654321;

struct task fake_task[FAKE_TASKS];
bool fake_no_address_space;
struct thread *current_thread_;
ipc_port_t realhost_self;
natural_t vm_page_free_count = 1000, vm_page_active_count, vm_page_inactive_count;
static struct thread thread;
static char *arena, *arena_next, *user;
static struct block *free_blocks[CLASSES];
static struct zone zones[ZONES];
static unsigned zone_count;
static size_t kernel_bytes, copies, user_blocks;
static long fails_after = -1;

/* --- Memory --- */

static _Noreturn void fail(const char *text)
{
	fprintf(stderr, "%s\n", text);
	abort();
}

static unsigned class_of(size_t bytes)
{
	unsigned c = 0;
	while ((size_t)16 << c < bytes)
		c++;
	return c;
}

static void *allocate(size_t bytes)
{
	const unsigned c = class_of(bytes);
	struct block *block = free_blocks[c];
	if (block) {
		free_blocks[c] = block->next;
	} else {
		block = (struct block *)(void *)arena_next;
		arena_next += sizeof *block + ((size_t)16 << c);
		if (arena_next > arena + ARENA)
			fail("the fake kernel's memory is exhausted");
	}
	*block = (struct block){ .bytes = bytes, .mark = IN_USE };
	memset(block + 1, 0xa5, bytes);
	return block + 1;
}

static void release(void *data, size_t bytes)
{
	struct block *block = (struct block *)data - 1;
	if (block->mark != IN_USE || block->bytes != bytes)
		fail("freed what is not in use, or in another size");
	memset(data, 0x5a, bytes);
	block->mark = FREED;
	block->next = free_blocks[class_of(bytes)];
	free_blocks[class_of(bytes)] = block;
}

void *kalloc(vm_size_t size)
{
	if (fails_after >= 0 && fails_after-- == 0) {
		fails_after = 0;
		return NULL;
	}
	kernel_bytes += size;
	return allocate(size);
}

void *kget(vm_size_t size) { return kalloc(size); }

void kfree(void *data, vm_size_t size)
{
	kernel_bytes -= size;
	release(data, size);
}

zone_t zinit(vm_size_t size, vm_size_t max, const char *name)
{
	(void)max, (void)name;
	if (zone_count == ZONES)
		fail("zones");
	zones[zone_count].bytes = size;
	return &zones[zone_count++];
}

void *zalloc(zone_t zone) { return kalloc((vm_size_t)zone->bytes); }
void *zget(zone_t zone) { return kalloc((vm_size_t)zone->bytes); }
void zfree(zone_t zone, void *element) { kfree(element, (vm_size_t)zone->bytes); }

void consider_zone_gc(void) {}

size_t fake_kernel_bytes(void) { return kernel_bytes; }
size_t fake_copies(void) { return copies; }
void fake_memory_fails_after(long allocations) { fails_after = allocations; }

/* --- User memory --- */

void *fake_user(size_t offset) { return user + offset; }
void *fake_no_user(void) { return (void *)(uintptr_t)16; }
size_t fake_user_blocks(void) { return user_blocks; }

static bool is_user(const void *address, size_t bytes)
{
	const char *at = address;
	return at >= user && at < arena && bytes <= (size_t)(arena - at);
}

/* What users get lies in the arena as well. */
static bool is_anywhere(const void *address, size_t bytes)
{
	const char *at = address;
	return is_user(address, bytes) || (at >= arena && at + bytes <= arena + ARENA);
}

bool copyin(const void *from, void *kernel, vm_size_t bytes)
{
	if (!is_anywhere(from, bytes))
		return false;
	memcpy(kernel, from, bytes);
	return true;
}

bool copyout(const void *kernel, void *to, vm_size_t bytes)
{
	if (!is_anywhere(to, bytes))
		return false;
	memcpy(to, kernel, bytes);
	return true;
}

static vm_offset_t give_user(size_t bytes)
{
	size_t *block = allocate(bytes + sizeof(size_t));
	*block = bytes;
	user_blocks++;
	return (vm_offset_t)(uintptr_t)(block + 1);
}

void fake_user_free(vm_offset_t address)
{
	size_t *block = (size_t *)(uintptr_t)address - 1;
	user_blocks--;
	release(block, *block + sizeof(size_t));
}

kern_return_t vm_map_enter(vm_map_t map, vm_offset_t *address, vm_size_t size, vm_offset_t mask, bool anywhere,
                           vm_object_t object, vm_offset_t offset, bool needs_copy, vm_prot_t prot, vm_prot_t max,
                           vm_inherit_t inheritance)
{
	(void)map, (void)mask, (void)anywhere, (void)object, (void)offset, (void)needs_copy, (void)prot, (void)max;
	(void)inheritance;
	if (fake_no_address_space)
		return KERN_NO_SPACE;
	*address = give_user(size);
	return KERN_SUCCESS;
}

kern_return_t vm_map_remove(vm_map_t map, vm_offset_t start, vm_offset_t end)
{
	(void)map, (void)start, (void)end;
	return KERN_SUCCESS;
}

kern_return_t vm_map_copyin_kernel(const void *data, vm_size_t size, vm_map_copy_t *copy)
{
	*copy = allocate(sizeof **copy);
	**copy = (struct vm_map_copy){ .size = size, .kdata = allocate(size) };
	memcpy((*copy)->kdata, data, size);
	copies++;
	return KERN_SUCCESS;
}

kern_return_t vm_map_copyin(vm_map_t map, vm_offset_t address, vm_size_t size, bool destroy, vm_map_copy_t *copy)
{
	(void)map, (void)destroy;
	const void *from = (const void *)(uintptr_t)address;
	return is_user(from, size) ? vm_map_copyin_kernel(from, size, copy) : KERN_INVALID_ADDRESS;
}

void vm_map_copy_discard(vm_map_copy_t copy)
{
	copies--;
	release(copy->kdata, copy->size);
	release(copy, sizeof *copy);
}

kern_return_t vm_map_copyout(vm_map_t map, vm_offset_t *address, vm_map_copy_t copy)
{
	(void)map;
	if (fake_no_address_space)
		return KERN_NO_SPACE;
	*address = give_user(copy->size);
	memcpy((void *)(uintptr_t)*address, copy->kdata, copy->size);
	vm_map_copy_discard(copy);
	return KERN_SUCCESS;
}

/* --- Threads: there is one, and it never waits --- */

_Noreturn void panic(const char *text) { fail(text); }
void thread_will_wait(struct thread *t, bool interruptible) { (void)t, (void)interruptible, fail("a wait"); }
void thread_set_timeout(natural_t milliseconds) { (void)milliseconds, fail("a timeout"); }
void thread_go(struct thread *t) { (void)t, fail("a wakeup"); }
enum wait_result thread_block(continuation_t continuation) { (void)continuation, fail("a wait"); }
bool thread_can_handoff(const struct thread *next) { (void)next, fail("a hand-off"); }
bool thread_handoff(continuation_t continuation, struct thread *next) { (void)continuation, (void)next, fail("a hand-off"); }
_Noreturn void call_continuation(continuation_t continuation) { (void)continuation, fail("a continuation"); }
_Noreturn void thread_syscall_return(kern_return_t result) { (void)result, fail("a return"); }

/* --- The kernel's own ports --- */

void ipc_kobject_set(ipc_port_t port, void *object, enum ipc_kobject_type type)
{
	port->kobject = object;
	port->kotype = type;
}

void ipc_kobject_destroy(ipc_port_t port) { (void)port; }

ipc_kmsg_t ipc_kobject_server(ipc_kmsg_t request)
{
	ipc_kmsg_received(request);
	return IKM_NULL;
}

void ipc_host_init(void) {}

/* --- Beginning and end --- */

void fake_begin(void)
{
	if (!arena) {
		user = mmap(NULL, FAKE_USER_BYTES + ARENA, PROT_READ | PROT_WRITE,
		            MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT | MAP_NORESERVE, -1, 0);
		if (user == MAP_FAILED)
			fail("no memory below 4 GiB");
		arena = arena_next = user + FAKE_USER_BYTES;
		ipc_bootstrap();
	}
	memset(user, 0, FAKE_USER_BYTES);
	fails_after = -1;
	fake_no_address_space = false;
	current_thread_ = &thread;
	for (unsigned i = 0; i < FAKE_TASKS; i++)
		if (ipc_space_create(&fake_task[i].itk_space) != KERN_SUCCESS)
			fail("a space");
	fake_switch_to(0);
}

void fake_switch_to(unsigned task) { thread.task = &fake_task[task]; }

bool fake_end(void)
{
	fails_after = -1;
	for (unsigned i = 0; i < FAKE_TASKS; i++) {
		ipc_space_destroy(fake_task[i].itk_space);
		is_release(fake_task[i].itk_space);
	}
	/* One message may be kept for the next. */
	const struct ipc_statistics *s = &ipc_statistics;
	const size_t kept = s->messages ? IKM_SAVED_KMSG_SIZE : 0;
	const bool clean = !s->ports && !s->sets && !s->spaces && !s->names && s->messages <= 1 && kernel_bytes == kept &&
	                   !copies;
	if (!clean)
		fprintf(stderr, "left: %u ports, %u sets, %u spaces, %u names, %u messages, %zu bytes, %zu copies\n", s->ports,
		        s->sets, s->spaces, s->names, s->messages, kernel_bytes - kept, copies);
	return clean;
}
