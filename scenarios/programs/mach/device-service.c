/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the device service promises, asked by a program that is the first server.
 *
 *   device-service from=RECORD                   the claims; the disk has nothing from there on, 1 MiB at least
 *   device-service from=RECORD fault=bad         record from + 10 cannot be read, from + 20 is not found at all
 *   device-service from=RECORD fault=stop        the disk stops answering some time after the boot
 *   device-service from=RECORD type=yes          asks, and reads what is typed: "keys" and a line's end, twice
 *   device-service from=RECORD pages=N           memory of N pages, more than there is, is written to the disk (GD91 §5.6)
 */
#include "device_reply_server.h"
#include "device_request_user.h"
#include "mach/machine_devices.h"
#include "pager/lib/claim.h"
#include "pager/lib/mach/cthreads.h"
#include "pager/lib/mach/mach.h"
#include "pager/lib/print.h"

enum { RECORD = 512, AREA = 64 * 1024, MOST = 64 * 1024 };

static mach_port_t host_priv, master, disk;
static recnum_t from;
static uint8_t area[AREA + VM_PAGE_SIZE];

/* --- arguments --- */

static const char *argument(int argc, char **argv, const char *key)
{
	for (int n = 1; n < argc; n++) {
		const char *text = argv[n], *at = key;

		for (; *at && *text == *at; text++, at++)
			;
		if (!*at)
			return text;
	}
	return "";
}

static uint32_t number(const char *text)
{
	uint32_t value = 0;

	for (; *text >= '0' && *text <= '9'; text++)
		value = value * 10 + (uint32_t)(*text - '0');
	return value;
}

/* --- data --- */

static void fill(uint8_t *bytes, vm_size_t size, uint32_t seed)
{
	for (vm_size_t n = 0; n < size; n++) {
		seed = seed * 1664525u + 1013904223u;
		bytes[n] = (uint8_t)(seed >> 24);
	}
}

static bool same(const uint8_t *a, const uint8_t *b, vm_size_t size)
{
	for (vm_size_t n = 0; n < size; n++)
		if (a[n] != b[n])
			return false;
	return true;
}

static kern_return_t read_to(recnum_t record, vm_size_t size, uint8_t *to)
{
	vm_offset_t data;
	mach_msg_type_number_t count = 0;
	kern_return_t result = device_read(disk, 0, record, (int)size, &data, &count);

	if (result != D_SUCCESS)
		return result;
	if (count != size)
		return KERN_FAILURE;
	memcpy(to, (const void *)data, size);
	return vm_deallocate(mach_task_self(), data, count);
}

/* The result of a read whose data nobody wants. */
static kern_return_t read_result(recnum_t record, int size)
{
	vm_offset_t data;
	mach_msg_type_number_t count;
	kern_return_t result = device_read(disk, 0, record, size, &data, &count);

	if (result == D_SUCCESS)
		(void)vm_deallocate(mach_task_self(), data, count);
	return result;
}

static kern_return_t write_from(recnum_t record, const uint8_t *data, vm_size_t size)
{
	int written = -1;
	kern_return_t result = device_write(disk, 0, record, (vm_offset_t)data, size, &written);

	return result == D_SUCCESS && written != (int)size ? KERN_FAILURE : result;
}

/* --- open, close, status --- */

static void names(void)
{
	mach_port_t port, other;

	claim(device_open(master, D_READ, "hd1a", &port) == D_NO_SUCH_DEVICE, "there is no hd1a");
	claim(device_open(master, D_READ, "", &port) == D_NO_SUCH_DEVICE, "nor a device without a name");
	claim(device_open(mach_task_self(), D_READ, "hd0a", &port) == D_INVALID_OPERATION,
	      "only the master device port opens devices");
	claim(device_open(master, D_READ | D_WRITE, "hd0a", &disk) == D_SUCCESS, "hd0a opens");
	claim(device_open(master, D_READ, "hd0a", &other) == D_SUCCESS && other == disk, "twice: the same port");
	claim(device_close(other) == D_SUCCESS, "a close");
	claim(read_result(0, RECORD) == D_SUCCESS, "leaves it open for the other");
}

static void status(void)
{
	natural_t words[DEV_GET_SIZE_COUNT];
	mach_msg_type_number_t count = DEV_GET_SIZE_COUNT;

	claim(device_get_status(disk, DEV_GET_SIZE, words, &count) == D_SUCCESS && count == DEV_GET_SIZE_COUNT,
	      "it tells its size");
	claim(words[DEV_GET_SIZE_RECORD_SIZE] == RECORD, "and its records': 512 bytes");
	claim(words[DEV_GET_SIZE_DEVICE_SIZE] / RECORD >= from + AREA / RECORD, "it is as large as the test needs");
	count = 1;
	claim(device_get_status(disk, DEV_GET_SIZE, words, &count) == D_INVALID_SIZE, "a status needs its room");
	count = DEV_GET_SIZE_COUNT;
	claim(device_get_status(disk, 77, words, &count) == D_INVALID_OPERATION, "other flavors are refused");
	claim(device_set_status(disk, DEV_GET_SIZE, words, 2) == D_INVALID_OPERATION, "nothing can be set");
}

static void wrong_transfers(void)
{
	natural_t words[DEV_GET_SIZE_COUNT];
	mach_msg_type_number_t count = DEV_GET_SIZE_COUNT;
	int written;
	char data[IO_INBAND_MAX];

	(void)device_get_status(disk, DEV_GET_SIZE, words, &count);
	const recnum_t end = words[DEV_GET_SIZE_DEVICE_SIZE] / RECORD;
	claim(read_result(0, 0) == D_INVALID_SIZE, "a read of nothing");
	claim(read_result(0, -512) == D_INVALID_SIZE, "a read of less");
	claim(read_result(0, 100) == D_INVALID_SIZE, "a read of a part of a record");
	claim(read_result(0, MOST + RECORD) == D_INVALID_SIZE, "a read of too much");
	claim(read_result(end, RECORD) == D_INVALID_RECNUM, "a read beyond the end");
	claim(read_result(end - 1, 2 * RECORD) == D_INVALID_RECNUM, "a read over the end");
	claim(read_result(~0u, RECORD) == D_INVALID_RECNUM, "a read of the last record there could be");
	claim(read_result(end - 1, RECORD) == D_SUCCESS, "a read of the last record there is");
	claim(write_from(end, area, RECORD) == D_INVALID_RECNUM, "a write beyond the end");
	claim(write_from(0, area, RECORD - 1) == D_INVALID_SIZE, "a write of a part of a record");
	claim(write_from(0, area, 0) == D_INVALID_SIZE, "a write of nothing");
	claim(device_write_inband(disk, 0, 0, data, IO_INBAND_MAX, &written) == D_INVALID_SIZE,
	      "a write in band is too small for a disk");
	count = IO_INBAND_MAX;
	claim(device_read_inband(disk, 0, 0, RECORD, data, &count) == D_INVALID_SIZE, "and so is a read");
}

/* --- data --- */

static void pieces(void)
{
	static uint8_t whole[MOST];
	bool equal = true;

	claim(read_to(0, sizeof whole, whole) == D_SUCCESS, "128 records at once");
	for (recnum_t record = 0; record < 16; record++)
		equal &= read_to(record, RECORD, area) == D_SUCCESS && same(area, whole + record * RECORD, RECORD);
	claim(equal, "are the same as one by one");
	claim(read_to(5, 20 * RECORD, area) == D_SUCCESS && same(area, whole + 5 * RECORD, 20 * RECORD),
	      "and as 20 from the fifth");
}

/* Writes of one size from each kind of place in a page; what is around them on the disk stays. */
static void write_from_anywhere(vm_size_t size)
{
	static const vm_offset_t places[] = {0, 1, 2, 511, 1024, 3583, 4094, 4095};
	static uint8_t got[AREA];
	bool right = true;

	for (unsigned n = 0; n < sizeof places / sizeof places[0]; n++) {
		uint8_t *data = area + places[n];

		fill(data, size, size + n);
		right &= write_from(from + 1, data, size) == D_SUCCESS;
		right &= read_to(from, size + 2 * RECORD > MOST ? size : size + 2 * RECORD, got) == D_SUCCESS;
		right &= same(got + RECORD, data, size > MOST - 2 * RECORD ? MOST - 2 * RECORD : size);
		right &= got[0] == 0 && got[RECORD - 1] == 0;
	}
	claim(right, "%u bytes are written from any place in memory, and read again", size);
}

static void untouched_memory(void)
{
	static uint8_t got[2 * VM_PAGE_SIZE];
	vm_address_t fresh;
	bool zero = true;

	fill(area, sizeof got, 3);
	(void)write_from(from + 100, area, sizeof got);
	claim(vm_allocate(mach_task_self(), &fresh, sizeof got, true) == KERN_SUCCESS &&
	      write_from(from + 100, (const uint8_t *)fresh, sizeof got) == D_SUCCESS,
	      "memory that was never touched is written");
	claim(read_to(from + 100, sizeof got, got) == D_SUCCESS, "and read");
	for (unsigned n = 0; n < sizeof got; n++)
		zero &= got[n] == 0;
	claim(zero, "as zeros");
	(void)vm_deallocate(mach_task_self(), fresh, sizeof got);
}

static void writer_changes_its_mind(void)
{
	static uint8_t got[VM_PAGE_SIZE];
	mach_port_t reply;

	fill(area, VM_PAGE_SIZE, 21);
	memcpy(got, area, VM_PAGE_SIZE);
	(void)mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &reply);
	claim(device_write_request(disk, reply, 0, from + 200, (vm_offset_t)area, VM_PAGE_SIZE) == KERN_SUCCESS,
	      "a write that nobody waits for is queued");
	fill(area, VM_PAGE_SIZE, 22);
	(void)mach_port_destroy(mach_task_self(), reply);
	claim(read_to(from + 200, VM_PAGE_SIZE, area) == D_SUCCESS && same(area, got, VM_PAGE_SIZE),
	      "and writes what was there when it was asked for");
}

/* --- requests whose answers come later --- */

static unsigned answers;
static bool answers_right;

kern_return_t device_open_reply(mach_port_t port, kern_return_t code, mach_port_t device)
{
	(void)port, (void)code, (void)device;
	return KERN_SUCCESS;
}

kern_return_t device_write_reply(mach_port_t port, kern_return_t code, int written)
{
	(void)port;
	answers_right &= code == D_SUCCESS && written == RECORD;
	answers++;
	return KERN_SUCCESS;
}

kern_return_t device_write_reply_inband(mach_port_t port, kern_return_t code, int written)
{
	(void)port, (void)code, (void)written;
	return KERN_SUCCESS;
}

/* The n-th answer is for the n-th record: a disk answers in the order in which it was asked. */
kern_return_t device_read_reply(mach_port_t port, kern_return_t code, vm_offset_t data, mach_msg_type_number_t count)
{
	(void)port;
	answers_right &= code == D_SUCCESS && count == RECORD && same((uint8_t *)data, area + answers * RECORD, RECORD);
	(void)vm_deallocate(mach_task_self(), data, count);
	answers++;
	return KERN_SUCCESS;
}

kern_return_t device_read_reply_inband(mach_port_t port, kern_return_t code, const char *data,
                                       mach_msg_type_number_t count)
{
	(void)port, (void)code, (void)data, (void)count;
	return KERN_SUCCESS;
}

static bool demux(mach_msg_header_t *request, mach_msg_header_t *reply)
{
	return mig_server(&device_reply_subsystem, request, reply);
}

static void outstanding(void)
{
	enum { REQUESTS = 5 };
	mach_port_t port;
	bool sent = true;

	fill(area, REQUESTS * RECORD, 99);
	(void)mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &port);
	answers_right = true;
	for (recnum_t n = 0; n < REQUESTS; n++)
		sent &= device_write_request(disk, port, 0, from + 300 + n, (vm_offset_t)(area + n * RECORD), RECORD) ==
		        KERN_SUCCESS;
	claim(sent, "writes are asked for before the first is done");
	for (answers = 0; answers < REQUESTS;)
		(void)mach_msg_server_once(demux, 256, port, 0, 0);
	claim(answers_right, "all are answered");
	for (recnum_t n = 0; n < REQUESTS; n++)
		(void)device_read_request(disk, port, 0, from + 300 + n, RECORD);
	for (answers = 0; answers < REQUESTS;)
		(void)mach_msg_server_once(demux, 256, port, 0, 0);
	claim(answers_right, "reads are answered in their order");
	(void)mach_port_destroy(mach_task_self(), port);
}

/* --- mapping --- */

static void mapping(void)
{
	mach_port_t screen, pager;
	vm_address_t one = 0, two = 0;

	claim(device_map(disk, VM_PROT_READ, 0, VM_PAGE_SIZE, &pager, 0) == D_INVALID_OPERATION, "a disk cannot be mapped");
	if (!MACHINE_HAS_SCREEN) {
		claim(device_open(master, D_READ | D_WRITE, "vga", &screen) == D_NO_SUCH_DEVICE, "there is no screen");
		return;
	}
	claim(device_open(master, D_READ | D_WRITE, "vga", &screen) == D_SUCCESS, "the screen opens");
	claim(device_map(screen, VM_PROT_READ | VM_PROT_WRITE, 0x7000, 0x2000, &pager, 0) == D_INVALID_SIZE,
	      "there is no more of it than there is");
	claim(device_map(screen, VM_PROT_READ | VM_PROT_WRITE, 100, VM_PAGE_SIZE, &pager, 0) == D_INVALID_SIZE,
	      "it is mapped by pages");
	claim(device_map(screen, VM_PROT_READ | VM_PROT_WRITE, 0x1000, 0x2000, &pager, 0) == D_SUCCESS, "it has a pager");
	claim(vm_map(mach_task_self(), &one, 0x2000, 0, true, pager, 0, false, VM_PROT_DEFAULT, VM_PROT_DEFAULT,
	             VM_INHERIT_SHARE) == KERN_SUCCESS &&
	      vm_map(mach_task_self(), &two, 0x1000, 0, true, pager, 0x1000, false, VM_PROT_DEFAULT, VM_PROT_DEFAULT,
	             VM_INHERIT_SHARE) == KERN_SUCCESS && one != two,
	      "which is mapped twice");
	*(volatile uint32_t *)(one + 0x1004) = 0x07410742;
	claim(*(volatile uint32_t *)(two + 4) == 0x07410742, "what is written in one place is read in the other");
	claim(vm_deallocate(mach_task_self(), one, 0x2000) == KERN_SUCCESS &&
	      vm_deallocate(mach_task_self(), two, 0x1000) == KERN_SUCCESS, "and let go");
	claim(vm_map(mach_task_self(), &one, 0x1000, 0, true, pager, 0x1000, false, VM_PROT_READ, VM_PROT_READ,
	             VM_INHERIT_SHARE) == KERN_SUCCESS && *(volatile uint32_t *)(one + 4) == 0x07410742,
	      "it is there for the next one");
}

/* The disk is the bootstrap's, too; the screen nobody else's. */
static void last_close(void)
{
	natural_t words[DEV_GET_SIZE_COUNT];
	mach_msg_type_number_t count = DEV_GET_SIZE_COUNT;
	mach_port_t screen, again;

	if (!MACHINE_HAS_SCREEN)
		return;
	claim(device_open(master, D_READ, "vga", &screen) == D_SUCCESS && device_close(screen) == D_SUCCESS,
	      "a second close of the screen");
	claim(device_get_status(screen, DEV_GET_SIZE, words, &count) == D_SUCCESS, "is not the last");
	claim(device_close(screen) == D_SUCCESS, "the last close");
	claim(device_get_status(screen, DEV_GET_SIZE, words, &count) == MACH_SEND_INVALID_DEST, "ends it: the port is dead");
	claim(device_open(master, D_READ, "vga", &again) == D_SUCCESS && again != screen &&
	      device_get_status(again, DEV_GET_SIZE, words, &count) == D_SUCCESS, "it can be opened again");
}

/* --- faults --- */

static void bad_records(void)
{
	int written = -1;

	claim(read_to(from + 9, RECORD, area) == D_SUCCESS, "before the bad record all is well");
	claim(read_result(from + 10, RECORD) == D_IO_ERROR, "the bad record is an error");
	claim(read_result(from + 8, 8 * RECORD) == D_IO_ERROR, "and so is a read over it");
	claim(read_to(from + 11, RECORD, area) == D_SUCCESS, "behind it all is well");
	claim(write_from(from + 10, area, RECORD) == D_SUCCESS, "it can be written");
	claim(write_from(from + 19, area, RECORD) == D_SUCCESS, "before the lost record all is well");
	claim(device_write(disk, 0, from + 18, (vm_offset_t)area, 4 * RECORD, &written) == D_IO_ERROR,
	      "the lost record cannot be written");
	claim(read_result(from + 20, RECORD) == D_IO_ERROR, "nor read");
	claim(read_to(from + 21, RECORD, area) == D_SUCCESS, "behind it all is well");
}

static void stopped(void)
{
	unsigned answered = 0;
	kern_return_t result;

	while ((result = read_result(from + answered % 256, RECORD)) == D_SUCCESS && answered < 2000)
		answered++;
	claim(result == D_DEVICE_DOWN, "the disk stops answering");
	claim(read_result(0, RECORD) == D_DEVICE_DOWN && write_from(from, area, RECORD) == D_DEVICE_DOWN,
	      "from then on every request is an error");
}

/* --- the console --- */

/* Reads until a line's end, at most size bytes at a time. Result: how many bytes came. */
static unsigned read_line(mach_port_t console, unsigned size, char *line, unsigned room)
{
	unsigned length = 0;

	while (length < room && (length == 0 || line[length - 1] != '\n')) {
		mach_msg_type_number_t count = IO_INBAND_MAX;
		char data[IO_INBAND_MAX];

		if (device_read_inband(console, 0, 0, (int)size, data, &count) != D_SUCCESS || count == 0 || count > size)
			return 0;
		for (mach_msg_type_number_t n = 0; n < count && length < room; n++)
			line[length++] = data[n];
	}
	return length;
}

/* As long as somebody waits for a time to pass, the machine does not take a reader for one who waits in vain. */
static void *sleep_meanwhile(void *unused)
{
	enum { LONG_ENOUGH = 20000 /* ms */ };
	mach_msg_header_t none;
	mach_port_t port;

	(void)mach_port_allocate(mach_task_self(), MACH_PORT_RIGHT_RECEIVE, &port);
	(void)mach_msg(&none, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0, sizeof none, port, LONG_ENOUGH, MACH_PORT_NULL);
	return unused;
}

static void read_typed(void)
{
	mach_port_t console;
	char line[16];

	claim(device_open(master, D_READ | D_WRITE, "console", &console) == D_SUCCESS, "the console opens");
	(void)cthread_fork(sleep_meanwhile, NULL);
	print("?\n");
	claim(read_line(console, IO_INBAND_MAX, line, sizeof line) == 5 && same((uint8_t *)line, (const uint8_t *)"keys\n", 5),
	      "a reader waits for what is typed");
	claim(read_line(console, 1, line, sizeof line) == 5 && same((uint8_t *)line, (const uint8_t *)"keys\n", 5),
	      "bytes that nobody waits for are kept");
}

/* --- memory that is paged out, on its way to the disk --- */

static void fill_pages(vm_address_t memory, uint32_t pages)
{
	for (uint32_t page = 0; page < pages; page++)
		for (uint32_t at = 0; at < VM_PAGE_SIZE; at += RECORD)
			*(uint32_t *)(memory + page * VM_PAGE_SIZE + at) = page * 8 + at / RECORD;
}

static bool is_page(const uint8_t *data, uint32_t page)
{
	bool right = true;

	for (uint32_t at = 0; at < VM_PAGE_SIZE; at += RECORD)
		right &= *(const uint32_t *)(data + at) == page * 8 + at / RECORD;
	return right;
}

/* Of each 16 pages the last 8, which have to be paged in to be written. */
static void write_paged(uint32_t pages)
{
	vm_address_t memory;
	bool written = true, right = true;

	claim(vm_allocate(mach_task_self(), &memory, pages * VM_PAGE_SIZE, true) == KERN_SUCCESS, "there are addresses");
	fill_pages(memory, pages);
	for (uint32_t page = 0; page + 16 <= pages; page += 16) {
		written &= write_from(from, (const uint8_t *)(memory + (page + 8) * VM_PAGE_SIZE), 8 * VM_PAGE_SIZE) == D_SUCCESS;
		written &= read_to(from, 8 * VM_PAGE_SIZE, area) == D_SUCCESS;
		for (uint32_t n = 0; n < 8; n++)
			right &= is_page(area + n * VM_PAGE_SIZE, page + 8 + n);
	}
	claim(written, "what is paged out is written to a disk");
	claim(right, "as it was");
}

int main(int argc, char **argv)
{
	const uint32_t pages = number(argument(argc, argv, "pages="));
	const char *fault = argument(argc, argv, "fault=");

	from = number(argument(argc, argv, "from="));
	claim(mach_privileged_ports(&host_priv, &master) == KERN_SUCCESS, "the first server has the device port");
	names();
	if (*fault == 'b') {
		bad_records();
		return claims_end();
	}
	if (*argument(argc, argv, "type=")) {
		read_typed();
		return claims_end();
	}
	if (pages) {
		write_paged(pages);
		return claims_end();
	}
	if (*fault == 's') {
		stopped();
		return claims_end();
	}
	status();
	wrong_transfers();
	pieces();
	write_from_anywhere(RECORD);
	write_from_anywhere(VM_PAGE_SIZE);
	write_from_anywhere(11 * RECORD);
	write_from_anywhere(9 * VM_PAGE_SIZE);
	write_from_anywhere(MOST - 2 * RECORD);
	write_from_anywhere(MOST);
	untouched_memory();
	writer_changes_its_mind();
	outstanding();
	mapping();
	last_close();
	return claims_end();
}
