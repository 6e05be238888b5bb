/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The default pager against a model that keeps the contents of every page of every object in an array: what the kernel
 * asks for it gets as it was, or an error where it must be lost; never something else.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <unistd.h>

#include "default_pager_server.h"
#include "fake.h"
#include "memory_object_default_server.h"
#include "memory_object_server.h"
#include "pager/default_pager/default_pager.h"
#include "pager/default_pager/object.h"
#include "pager/default_pager/version.h"
#include "tests/unit/random.h"

struct default_pager default_pager;

enum { SPACE_PAGES = 600, PAGER = 5, OBJECTS = 12, OBJECT_PAGES_MAX = 200 };

static void start_with(uint32_t pages)
{
	/* Blocks of 8 KiB: two pages each, one after the other. */
	const uint32_t blocks = (pages + 1) / 2;
	uint32_t *sectors = malloc(blocks * sizeof *sectors);
	for (uint32_t i = 0; i < blocks; i++)
		sectors[i] = FIRST_SECTOR + i * 2 * SECTORS_A_PAGE;
	const struct paging_file file = {DEVICE, 13, pages, sectors};
	objects_init();
	partitions_init();
	cr_assert_eq(partition_add(&file), KERN_SUCCESS);
}

static void start(void) { start_with(SPACE_PAGES); }

static uint32_t free_pages(void)
{
	vm_size_t total, free;
	cr_assert_eq(default_pager_info(PAGER, &total, &free), KERN_SUCCESS);
	return free >> VM_PAGE_SHIFT;
}

/* --- The kernel's side of one object --- */

struct client {
	mach_port_t port, control;
	mach_port_seqno_t seqno;
	uint32_t pages;
	uint32_t content[OBJECT_PAGES_MAX]; /* 0: never written */
	bool lost[OBJECT_PAGES_MAX];
};

static void create(struct client *client, uint32_t pages)
{
	static mach_port_t next = 100;
	*client = (struct client){.port = next, .control = next + 1, .pages = pages};
	next += 10;
	cr_assert_eq(seqnos_memory_object_create(PAGER, 0, client->port, pages << VM_PAGE_SHIFT, client->control, 9,
	                                         VM_PAGE_SIZE), KERN_SUCCESS);
}

static void terminate(struct client *client)
{
	cr_assert_eq(seqnos_memory_object_terminate(client->port, client->seqno++, client->control, 9), KERN_SUCCESS);
	client->port = 0;
}

static void write_page(struct client *client, uint32_t page, uint32_t content)
{
	cr_assert_eq(seqnos_memory_object_data_return(client->port, client->seqno++, client->control,
	                                              page << VM_PAGE_SHIFT, make_data(content), VM_PAGE_SIZE, true,
	                                              false), KERN_SUCCESS);
	client->content[page] = content;
}

/* What the kernel gets for the page is what the model says. */
static void expect_page(struct client *client, uint32_t page)
{
	const unsigned answers = fake.answers;
	cr_assert_eq(seqnos_memory_object_data_request(client->port, client->seqno++, client->control,
	                                               page << VM_PAGE_SHIFT, VM_PAGE_SIZE, VM_PROT_READ),
	             KERN_SUCCESS);
	cr_assert(fake.answers == answers + 1 && fake.control == client->control);
	cr_assert_eq(fake.offset, page << VM_PAGE_SHIFT);
	if (client->lost[page])
		cr_assert_eq(fake.answer, ANSWER_ERROR);
	else if (client->content[page] == 0)
		cr_assert_eq(fake.answer, ANSWER_UNAVAILABLE);
	else
		cr_assert(fake.answer == ANSWER_SUPPLY && fake.content == client->content[page]);
}

/* --- Claims --- */

Test(default_pager, pages_come_back_as_they_were_and_space_returns, .init = start)
{
	struct random random = {1991};
	static struct client client[OBJECTS];
	const long before = fake.allocated;
	uint32_t next = 1;
	for (unsigned i = 0; i < OBJECTS; i++)
		create(&client[i], random_below(&random, OBJECT_PAGES_MAX - 1) + 1);
	for (unsigned step = 0; step < 40000; step++) {
		struct client *one = &client[random_below(&random, OBJECTS)];
		const uint32_t page = random_below(&random, one->pages);
		const uint32_t what = random_below(&random, 100);
		if (what < 40 && free_pages() > 0)
			write_page(one, page, next++);
		else if (what < 97)
			expect_page(one, page);
		else {
			terminate(one);
			create(one, random_below(&random, OBJECT_PAGES_MAX - 1) + 1);
		}
	}
	for (unsigned i = 0; i < OBJECTS; i++)
		terminate(&client[i]);
	cr_assert_eq(free_pages(), SPACE_PAGES);
	cr_assert_eq(fake.allocated, before, "%ld bytes are left", fake.allocated - before);
	cr_assert_eq(fake.in_transit, 0);
	cr_assert_eq(fake.said, 0);
}

Test(default_pager, what_the_kernel_initializes_does_not_replace_what_it_wrote, .init = start)
{
	struct client client;
	create(&client, 10);
	write_page(&client, 3, 7);
	for (uint32_t page = 3; page < 5; page++)
		cr_assert_eq(seqnos_memory_object_data_initialize(client.port, client.seqno++, client.control,
		                                                  page << VM_PAGE_SHIFT, make_data(8),
		                                                  VM_PAGE_SIZE), KERN_SUCCESS);
	client.content[4] = 8;
	expect_page(&client, 3);
	expect_page(&client, 4);
	cr_assert_eq(fake.in_transit, 0);
}

Test(default_pager, clean_pages_are_given_back_and_not_written, .init = start)
{
	struct client client;
	create(&client, 10);
	cr_assert_eq(seqnos_memory_object_data_return(client.port, client.seqno++, client.control, 0, make_data(1),
	                                              VM_PAGE_SIZE, false, false), KERN_SUCCESS);
	expect_page(&client, 0);
	cr_assert_eq(fake.in_transit, 0);
	cr_assert_eq(free_pages(), SPACE_PAGES);
}

/* The "full paging space": what has room stays, what has none is an error, and it is said once. */
Test(default_pager, a_full_space_loses_new_pages_only_and_says_so_once)
{
	struct client client;
	start_with(51);
	create(&client, 100);
	for (uint32_t page = 0; page < 100; page++)
		write_page(&client, page, page + 1);
	cr_assert_eq(free_pages(), 0);
	for (uint32_t page = 0; page < 100; page++) {
		client.lost[page] = page >= 51;
		expect_page(&client, page);
	}
	cr_assert_eq(fake.said, 1);
	/* Rewriting needs no room; and room that has come back is used: the page is not lost any more. */
	write_page(&client, 10, 1000);
	expect_page(&client, 10);
	struct client other = client;
	create(&client, 1);
	terminate(&other);
	cr_assert_eq(free_pages(), 51);
	write_page(&client, 0, 5);
	expect_page(&client, 0);
	cr_assert_eq(fake.in_transit, 0);
}

Test(default_pager, a_place_that_cannot_be_written_is_never_used_again, .init = start)
{
	struct random random = {3};
	static struct client client;
	uint32_t bad = 0;
	for (uint32_t i = 0; i < SPACE_PAGES; i++)
		bad += fake.bad[i] = random_below(&random, 5) == 0;
	create(&client, OBJECT_PAGES_MAX);
	for (uint32_t page = 0; page < OBJECT_PAGES_MAX; page++)
		write_page(&client, page, page + 1);
	for (uint32_t page = 0; page < OBJECT_PAGES_MAX; page++)
		expect_page(&client, page);
	/* A place that goes bad under its page: the new contents are somewhere else. */
	for (uint32_t i = 0; i < SPACE_PAGES; i++)
		fake.bad[i] = fake.disk[i] == 50 + 1;
	write_page(&client, 50, 777);
	expect_page(&client, 50);
	terminate(&client);
	vm_size_t total, free;
	cr_assert_eq(default_pager_info(PAGER, &total, &free), KERN_SUCCESS);
	cr_assert_eq(total, free, "bad places are not counted");
	cr_assert(total >> VM_PAGE_SHIFT < SPACE_PAGES && total >> VM_PAGE_SHIFT >= SPACE_PAGES - bad - 1);
	cr_assert_eq(fake.said, 1);
}

Test(default_pager, a_disk_that_is_down_loses_what_is_written_and_keeps_its_space, .init = start)
{
	static struct client client;
	create(&client, 20);
	for (uint32_t page = 0; page < 10; page++)
		write_page(&client, page, page + 1);
	fake.down = true;
	for (uint32_t page = 5; page < 15; page++) {
		write_page(&client, page, 100);
		client.lost[page] = true;
	}
	fake.down = false;
	for (uint32_t page = 0; page < 20; page++)
		expect_page(&client, page);
	cr_assert_eq(free_pages(), SPACE_PAGES - 5);
	cr_assert_eq(fake.said, 1);
	terminate(&client);
	cr_assert_eq(free_pages(), SPACE_PAGES);
}

Test(default_pager, a_read_that_fails_is_an_error_and_the_next_is_not, .init = start)
{
	struct client client;
	create(&client, 2);
	write_page(&client, 0, 1);
	fake.read_failures = 1;
	client.lost[0] = true;
	expect_page(&client, 0);
	client.lost[0] = false;
	expect_page(&client, 0);
	cr_assert_eq(fake.in_transit, 0);
}

Test(default_pager, without_memory_for_a_table_pages_are_lost_and_never_zeros, .init = start)
{
	struct client client;
	create(&client, OBJECT_PAGES_MAX);
	fake.no_memory = true;
	write_page(&client, 70, 1);
	client.lost[70] = true;
	expect_page(&client, 70);
	fake.no_memory = false;
	write_page(&client, 71, 2);
	expect_page(&client, 70);
	expect_page(&client, 71);
	write_page(&client, 70, 3);
	client.lost[70] = false;
	expect_page(&client, 70);
	expect_page(&client, 0);
	terminate(&client);
	cr_assert_eq(free_pages(), SPACE_PAGES);
	fake.no_memory = true;
	cr_assert_eq(seqnos_memory_object_create(PAGER, 0, 1, VM_PAGE_SIZE, 2, 3, VM_PAGE_SIZE),
	             KERN_RESOURCE_SHORTAGE);
	cr_assert_eq(fake.objects_destroyed, 1);
}

Test(default_pager, requests_beyond_an_object_are_answered_and_harmless, .init = start)
{
	struct client client;
	create(&client, 3);
	(void)seqnos_memory_object_data_return(client.port, client.seqno++, client.control, 0xfffff000u, make_data(1),
	                                       VM_PAGE_SIZE, true, false);
	(void)seqnos_memory_object_data_request(client.port, client.seqno++, client.control, 3 << VM_PAGE_SHIFT,
	                                        VM_PAGE_SIZE, VM_PROT_READ);
	cr_assert_eq(fake.answer, ANSWER_UNAVAILABLE);
	cr_assert_eq(free_pages(), SPACE_PAGES);
	cr_assert_eq(fake.in_transit, 0);
	cr_assert_eq(seqnos_memory_object_data_request(4711, 0, 1, 0, VM_PAGE_SIZE, VM_PROT_READ), KERN_FAILURE);
}

/* A kernel's rights to the control port come with every message: names have room for 65535. */
Test(default_pager, references_to_the_control_port_are_given_back_in_time, .init = start)
{
	struct client client;
	create(&client, 1);
	long most = 0;
	for (unsigned i = 0; i < 200000; i++) {
		fake.control_references++;
		expect_page(&client, 0);
		if (fake.control_references > most)
			most = fake.control_references;
	}
	cr_assert(most < (long)MACH_PORT_UREFS_MAX, "%ld references", most);
	/* A stranger's right goes back at once. */
	fake.control_references = 0;
	fake.control_references++;
	(void)seqnos_memory_object_data_request(client.port, client.seqno++, 31337, 0, VM_PAGE_SIZE, VM_PROT_READ);
	cr_assert_eq(fake.control_references, 0);
}

Test(default_pager, clients_objects_live_as_long_as_their_rights_and_have_one_kernel, .init = start)
{
	mach_port_t port;
	struct client client = {.pages = 4};
	cr_assert_eq(default_pager_object_create(PAGER, &port, 4 * VM_PAGE_SIZE), KERN_SUCCESS);
	client.port = port;
	client.control = 1001;
	cr_assert_eq(seqnos_memory_object_init(port, client.seqno++, 1001, 1002, VM_PAGE_SIZE), KERN_SUCCESS);
	cr_assert_eq(fake.objects_ready, 1);
	write_page(&client, 1, 5);
	/* S-G5: a second kernel is refused. */
	cr_assert_eq(seqnos_memory_object_init(port, client.seqno++, 2001, 2002, VM_PAGE_SIZE), KERN_SUCCESS);
	cr_assert(fake.objects_ready == 1 && fake.objects_destroyed == 1);
	/* The kernel lets go, and comes again: the contents are still there. */
	cr_assert_eq(seqnos_memory_object_terminate(port, client.seqno++, 1001, 1002), KERN_SUCCESS);
	client.control = 3001;
	cr_assert_eq(seqnos_memory_object_init(port, client.seqno++, 3001, 3002, VM_PAGE_SIZE), KERN_SUCCESS);
	cr_assert_eq(fake.objects_ready, 2);
	expect_page(&client, 1);
	cr_assert_eq(seqnos_memory_object_terminate(port, client.seqno++, 3001, 3002), KERN_SUCCESS);
	cr_assert_eq(free_pages(), SPACE_PAGES - 1);
	cr_assert_eq(default_pager_no_senders(port, client.seqno++), KERN_SUCCESS);
	cr_assert_eq(free_pages(), SPACE_PAGES);
	cr_assert_eq(fake.destroyed[fake.ports_destroyed - 1], port);
	cr_assert_eq(default_pager_no_senders(port, client.seqno++), KERN_FAILURE);
}

Test(default_pager, a_stranger_does_not_terminate_an_object_of_the_kernels, .init = start)
{
	struct client client;
	create(&client, 4);
	write_page(&client, 1, 5);
	cr_assert_eq(seqnos_memory_object_terminate(client.port, client.seqno++, 4711, 4712), KERN_SUCCESS);
	expect_page(&client, 1);
	/* Nor does a message that is refused hold up those after it. */
	default_pager_pass_turn(client.port, client.seqno++);
	expect_page(&client, 1);
	cr_assert_eq(seqnos_memory_object_init(client.port, client.seqno, 1, 2, VM_PAGE_SIZE), KERN_FAILURE);
}

/* GD91-C2. */
Test(default_pager, reading_a_page_takes_as_many_lock_pairs_as_its_version_has, .init = start)
{
	struct client client;
	create(&client, 100);
	write_page(&client, 1, 5);
	const unsigned before = fake.locks;
	expect_page(&client, 1);
	cr_assert_eq(fake.locks - before, DEFAULT_PAGER_LOCK_PAIRS);
}

/* --- Order --- */

static struct client ordered;
static pthread_barrier_t all_started;

static void *deliver_write(void *argument)
{
	const mach_port_seqno_t seqno = (mach_port_seqno_t)(uintptr_t)argument;
	pthread_barrier_wait(&all_started);
	(void)seqnos_memory_object_data_return(ordered.port, seqno, ordered.control, 0, make_data(seqno + 1),
	                                       VM_PAGE_SIZE, true, false);
	return NULL;
}

static void *deliver_read(void *argument)
{
	const mach_port_seqno_t seqno = (mach_port_seqno_t)(uintptr_t)argument;
	pthread_barrier_wait(&all_started);
	(void)seqnos_memory_object_data_request(ordered.port, seqno, ordered.control, 0, VM_PAGE_SIZE, VM_PROT_READ);
	/* The write before it was done. */
	cr_assert(fake.answer == ANSWER_SUPPLY && fake.content == seqno);
	return NULL;
}

static void dawdle(void) { usleep(2000); }

Test(default_pager, messages_that_threads_take_in_any_order_are_done_in_the_ports, .init = start, .timeout = 60)
{
	fake.before_write = dawdle;
	create(&ordered, 1);
	for (unsigned round = 0; round < 20; round++) {
		enum { THREADS = 8 };
		pthread_t thread[THREADS];
		pthread_barrier_init(&all_started, NULL, THREADS);
		/* Write, read, write, read: the threads begin in the opposite order. */
		for (unsigned i = THREADS; i-- > 0;)
			pthread_create(&thread[i], NULL, i % 2 ? deliver_read : deliver_write,
			               (void *)(uintptr_t)(ordered.seqno + i));
		for (unsigned i = 0; i < THREADS; i++)
			pthread_join(thread[i], NULL);
		ordered.seqno += THREADS;
	}
	terminate(&ordered);
	cr_assert_eq(free_pages(), SPACE_PAGES);
}
