/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random kernel calls, right and wrong, by tasks that know no fear: whatever they do, the kernel stands, and others'
 * memory is whole.
 *
 *   storm    makes a child at a time, a copy of itself, lets it rage for a while, and ends it with all that it made;
 *            then its own memory must be as it was, and in the end nearly as many pages must be free as before
 *   child    three threads of the library and some raw ones; each throws traps, messages to the kernel's ports, and calls
 *            on memory, threads and ports, with arguments that are often nearly right.  It makes no tasks: one that nobody
 *            has a right to any more would live for ever
 *
 * Arguments: seed=N rounds=N only=N (a bit for each kind of call; see rage).
 */
#include "mach/vm_param.h"
#include "pager/lib/claim.h"
#include "pager/lib/mach/cthreads.h"
#include "pager/lib/mach/fork.h"
#include "pager/lib/mach/mach.h"
#include "pager/lib/print.h"
#include "processor.h"

enum { BALLAST_PAGES = 128, NAMES = 48, REGIONS = 16, RAW_THREADS = 3, STACK_BYTES = 8192, ROUND_MS = 400,
       MOST_LOST = 24 /* pages: what tables have grown */ };

static mach_port_t self_task;
static uint64_t random_state;
static uint32_t seed, rounds, only;
static volatile natural_t *ballast;

/* --- Chance --- */

static uint32_t any(void)
{
	random_state = random_state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(random_state >> 32);
}

static uint32_t below(uint32_t n) { return any() % n; }

/* --- The child --- */

static mach_port_t name[NAMES];          /* ports of all kinds, some dead, some never there */
static vm_offset_t region[REGIONS];      /* memory that it believes to have */
static vm_size_t region_size[REGIONS];
static char raw_stack[RAW_THREADS][STACK_BYTES] __attribute__((aligned(4096)));
static natural_t buffer[1024] __attribute__((aligned(4096)));

static mach_port_t any_name(void)
{
	switch (below(8)) {
	case 0: return any();
	case 1: return below(64);
	case 2: return self_task;
	case 3: return MACH_PORT_DEAD;
	default: return name[below(NAMES)];
	}
}

static void keep_name(mach_port_t port) { name[below(NAMES)] = port; }

static vm_offset_t any_address(void)
{
	static const vm_offset_t edges[] = {
		0, 0x1000, VM_MAX_ADDRESS - VM_PAGE_SIZE, VM_MAX_ADDRESS - 4, VM_MAX_ADDRESS, KERNEL_ADDRESS, 0xc4000000,
		0xfffff000,
	};
	switch (below(8)) {
	case 0: return any();
	case 1: return edges[below(sizeof edges / sizeof *edges)];
	case 2: return (vm_offset_t)buffer + below(sizeof buffer);
	default: return region[below(REGIONS)] + (below(4) ? 0 : below(16) * VM_PAGE_SIZE);
	}
}

static vm_size_t any_size(void)
{
	switch (below(8)) {
	case 0: return any();
	case 1: return below(VM_PAGE_SIZE);
	default: return (1 + below(12)) * VM_PAGE_SIZE;
	}
}

static natural_t any_word(void)
{
	switch (below(5)) {
	case 0: return any();
	case 1: return below(4);
	case 2: return any_address();
	case 3: return any_name();
	default: return any_size();
	}
}

/* mach_msg_trap waits for no longer than a little while. */
static void throw_trap(void)
{
	natural_t words[10];

	for (unsigned i = 0; i < 10; i++)
		words[i] = any_word();
	natural_t number = below(70);
	if (number == 25 || below(4) == 0) {
		number = 25;
		words[2] |= MACH_RCV_TIMEOUT | MACH_SEND_TIMEOUT;
		words[6] = below(20);
	}
	if (number == 61)
		words[3] = below(30);
	raw_trap(number, words + 1);
}

/* A message with some of its words as they should be. */
static void throw_message(void)
{
	struct { mach_msg_header_t head; natural_t body[24]; } message;
	const natural_t size = sizeof message.head + 4 * below(24);

	for (unsigned i = 0; i < 24; i++)
		message.body[i] = i % 2 ? any_word() :
			(natural_t)(below(22) | 32 << 8 | below(3) << 16 | (below(2) ? 1u << 28 : 0) | (below(8) ? 0 : any()));
	message.head = (mach_msg_header_t){
		.msgh_bits = MACH_MSGH_BITS(16 + below(6), below(3) ? 21 : below(24)) | (below(3) ? 0 : MACH_MSGH_BITS_COMPLEX),
		.msgh_remote_port = any_name(),
		.msgh_local_port = below(2) ? mig_get_reply_port() : any_name(),
		.msgh_id = below(4) ? (mach_msg_id_t)(2000 + below(1300)) : (mach_msg_id_t)any(),
	};
	mach_msg_trap(&message.head, MACH_SEND_MSG | MACH_SEND_TIMEOUT | (below(2) ? MACH_RCV_MSG | MACH_RCV_TIMEOUT : 0),
	              below(16) ? size : any_size(), sizeof message, mig_get_reply_port(), below(20), any_name());
}

/* Memory and rights in good messages to a port of its own, and back out of it some time. */
static void pass_message(void)
{
	struct {
		mach_msg_header_t head;
		mach_msg_type_t memory_type;
		vm_offset_t memory;
		mach_msg_type_t right_type;
		mach_port_t right;
		char room[64];
	} message = {
		.memory_type = { .msgt_name = MACH_MSG_TYPE_BYTE, .msgt_size = 8, .msgt_deallocate = below(2) },
		.right_type = { .msgt_name = 16 + below(6), .msgt_size = 32, .msgt_number = 1, .msgt_inline = 1 },
	};
	const unsigned r = below(REGIONS);
	const mach_port_t port = name[2 + 4 * below(NAMES / 4)]; /* receive rights, at first */

	if (below(2)) {
		mach_msg_trap(&message.head, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0, sizeof message, port, below(20), 0);
		region[r] = message.memory;
		region_size[r] = VM_PAGE_SIZE;
		keep_name(message.right);
		return;
	}
	message.head.msgh_bits = MACH_MSGH_BITS_COMPLEX | MACH_MSGH_BITS(MACH_MSG_TYPE_MAKE_SEND, 0);
	message.head.msgh_remote_port = port;
	message.memory = region[r] + below(64);
	message.memory_type.msgt_number = below(4096);
	message.right = any_name();
	mach_msg_trap(&message.head, MACH_SEND_MSG | MACH_SEND_TIMEOUT, sizeof message - sizeof message.room, 0, 0,
	              below(20), 0);
}

static void call_memory(void)
{
	const unsigned r = below(REGIONS);
	vm_offset_t address = below(3) ? 0 : any_address(), data;
	mach_msg_type_number_t count;

	switch (below(9)) {
	case 0: case 1: case 2:
		region_size[r] = any_size() % (64 * VM_PAGE_SIZE);
		if (vm_allocate(self_task, &address, region_size[r], below(4) != 0) == KERN_SUCCESS)
			region[r] = address;
		break;
	case 3: vm_deallocate(self_task, region[r], below(2) ? region_size[r] : any_size() % (32 * VM_PAGE_SIZE)); break;
	case 4: vm_protect(self_task, region[r], any_size() % (8 * VM_PAGE_SIZE), below(4) == 0, (vm_prot_t)below(8)); break;
	case 5: vm_inherit(self_task, any_address() | 0x80000000, any_size(), below(4)); break;
	case 6: vm_copy(self_task, any_address(), any_size() % (16 * VM_PAGE_SIZE), region[r]); break;
	case 7:
		if (vm_read(self_task, any_address(), any_size() % (16 * VM_PAGE_SIZE), &data, &count) == KERN_SUCCESS) {
			region[r] = data;
			region_size[r] = count;
		}
		break;
	default: vm_write(self_task, region[r], any_address(), any_size() % (16 * VM_PAGE_SIZE));
	}
}

/* Its own memory, where it believes it to be: it may die of that. */
static void touch(void)
{
	const unsigned r = below(REGIONS);
	vm_prot_t protection, maximum;
	vm_inherit_t inheritance;
	bool shared;
	mach_port_t object;
	vm_offset_t offset, start = region[r];
	vm_size_t size;

	if (vm_region(self_task, &start, &size, &protection, &maximum, &inheritance, &shared, &object, &offset) !=
	    KERN_SUCCESS || start < 0x1000000 || start > region[r] || size < VM_PAGE_SIZE)
		return;
	mach_port_deallocate(self_task, object);
	volatile natural_t *word = (volatile natural_t *)(start + below(size / VM_PAGE_SIZE) * VM_PAGE_SIZE);
	if (protection & VM_PROT_WRITE)
		*word += 1;
	else if (protection & VM_PROT_READ)
		buffer[below(1024)] += *word;
}

static void rage(void);

static void rage_raw(void)
{
	for (;;)
		throw_trap();
}

static void *rage_on(void *unused)
{
	while (unused == NULL)
		rage();
	return NULL;
}

static void call_threads(void)
{
	mach_port_t thread;

	switch (below(8)) {
	case 0:
		if (thread_create(below(4) ? self_task : any_name(), &thread) == KERN_SUCCESS) {
			const natural_t body = below(40) ? (natural_t)rage_raw : any();
			const machine_thread_state_t state = chaotic_registers(
				body, (natural_t)raw_stack[below(RAW_THREADS)] + STACK_BYTES, any(), below(40));
			thread_set_state(thread, MACHINE_THREAD_STATE, (const natural_t *)&state, MACHINE_THREAD_STATE_COUNT);
			thread_resume(thread);
			keep_name(thread);
		}
		break;
	case 1: thread_suspend(any_name()); break;
	case 2: thread_resume(any_name()); break;
	case 3: thread_abort(any_name()); break;
	case 4: thread_priority(any_name(), (int)below(34), below(2)); break;
	case 5: if (below(8) == 0) thread_terminate(any_name()); break;
	case 6: task_suspend(name[below(NAMES)]); break;
	default: task_resume(name[below(NAMES)]);
	}
}

static void call_ports(void)
{
	mach_port_t port, previous;

	switch (below(9)) {
	case 0: if (mach_port_allocate(self_task, below(5), &port) == KERN_SUCCESS) keep_name(port); break;
	case 1: mach_port_destroy(self_task, name[below(NAMES)]); break;
	case 2: mach_port_deallocate(self_task, any_name()); break;
	case 3: mach_port_mod_refs(self_task, any_name(), below(6), (mach_port_delta_t)below(7) - 3); break;
	case 4: mach_port_move_member(self_task, any_name(), below(3) ? any_name() : MACH_PORT_NULL); break;
	case 5: port = any_name(); mach_port_insert_right(self_task, port, port, 16 + below(6)); break;
	case 6: mach_port_rename(self_task, any_name(), any_name()); break;
	case 7: mach_port_set_qlimit(self_task, any_name(), below(20)); break;
	default:
		if (mach_port_request_notification(self_task, any_name(), (mach_msg_id_t)(64 + below(12)), below(4), any_name(),
		                                   &previous) == KERN_SUCCESS)
			keep_name(previous);
	}
}

static void rage(void)
{
	static void (*const call[])(void) = {
		throw_trap, throw_message, pass_message, pass_message, call_memory, call_memory, touch, touch,
		call_threads, call_ports,
	};
	const unsigned kind = below(sizeof call / sizeof *call);

	if (only >> kind & 1)
		call[kind]();
}

static void child(void *round)
{
	self_task = mach_task_self();
	random_state = ((uint64_t)seed << 32) + (natural_t)round * 7919u;
	for (unsigned i = 0; i < NAMES; i++)
		name[i] = i % 4 == 0 ? mach_thread_self() : i % 4 == 1 ? mach_host_self() : i % 4 == 2 ? mach_reply_port() : 0;
	for (unsigned r = 0; r < REGIONS; r++) {
		region_size[r] = 4 * VM_PAGE_SIZE;
		vm_allocate(self_task, &region[r], region_size[r], true);
	}
	cthread_fork(rage_on, NULL);
	cthread_fork(rage_on, NULL);
	rage_on(NULL);
}

/* --- The parent --- */

static void wait_ms(natural_t ms) { thread_switch(MACH_PORT_NULL, SWITCH_OPTION_WAIT, ms); }

static integer_t pages_to_be_had(void)
{
	vm_statistics_data_t s;

	vm_statistics(self_task, &s);
	return s.free_count + s.active_count + s.inactive_count;
}

static void fill_ballast(void)
{
	vm_offset_t address = 0;

	vm_allocate(self_task, &address, BALLAST_PAGES * VM_PAGE_SIZE, true);
	vm_inherit(self_task, address, BALLAST_PAGES * VM_PAGE_SIZE, VM_INHERIT_COPY);
	ballast = (volatile natural_t *)address;
	for (natural_t i = 0; i < BALLAST_PAGES; i++)
		ballast[i * 1024 + i] = i * 2654435761u;
}

static bool ballast_is_whole(void)
{
	for (natural_t i = 0; i < BALLAST_PAGES; i++)
		if (ballast[i * 1024 + i] != i * 2654435761u)
			return false;
	return true;
}

static bool lives(mach_port_t task)
{
	task_basic_info_data_t info;
	mach_msg_type_number_t words = TASK_BASIC_INFO_COUNT;

	return task_info(task, TASK_BASIC_INFO, (natural_t *)&info, &words) == KERN_SUCCESS;
}

/* A child, and its end, by itself or when its time is over. */
static bool one_round(natural_t round)
{
	mach_port_t task;

	if (task_fork(child, (void *)round, &task) != KERN_SUCCESS)
		return false;
	for (natural_t ms = 0; ms < ROUND_MS && lives(task); ms += 20)
		wait_ms(20);
	task_terminate(task);
	mach_port_deallocate(self_task, task);
	wait_ms(40);
	return ballast_is_whole();
}

static uint32_t argument(int argc, char **argv, const char *key, uint32_t otherwise)
{
	for (int i = 1; i < argc; i++) {
		unsigned k = 0;
		while (key[k] && argv[i][k] == key[k])
			k++;
		if (key[k])
			continue;
		uint32_t number = 0;
		for (const char *digit = argv[i] + k; *digit >= '0' && *digit <= '9'; digit++)
			number = number * 10 + (uint32_t)(*digit - '0');
		return number;
	}
	return otherwise;
}

int main(int argc, char **argv)
{
	self_task = mach_task_self();
	seed = argument(argc, argv, "seed=", 1);
	rounds = argument(argc, argv, "rounds=", 8);
	only = argument(argc, argv, "only=", ~0u);
	fill_ballast();
	bool whole = one_round(0);
	const integer_t before = pages_to_be_had();
	for (natural_t round = 1; round < rounds; round++)
		whole &= one_round(round);
	claim(whole, "%u storms leave others' memory whole", (unsigned)rounds);
	wait_ms(200);
	const integer_t lost = before - pages_to_be_had();
	claim(lost <= MOST_LOST, "and nothing behind");
	if (lost > MOST_LOST)
		print("# %d pages are lost\n", (int)lost);
	exit(claims_end());
}
