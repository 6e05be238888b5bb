/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loads a program into a new task: an ELF executable for this processor, as far as loading needs it; its stack with
 * the arguments; its first thread.
 */
#include "pager/bootstrap/bootstrap.h"
#include "mach/special_ports.h"
#include "mach/thread_status.h"
#include "mach/vm_param.h"

enum {
	SEGMENTS_MAX = 4, BUFFER_BYTES = 2 * VM_PAGE_SIZE, STACK_BYTES = 16 * VM_PAGE_SIZE, ARGUMENTS_MAX = 32,
	ELF_EXECUTABLE = 2, ELF_LOAD = 1, ELF_EXECUTE = 1, ELF_WRITE = 2,
};
#define STACK_TOP (VM_MAX_ADDRESS - VM_PAGE_SIZE)
#define ELF_MAGIC 0x464c457fu

struct elf_header {
	uint32_t magic;
	uint8_t identity[12];
	uint16_t type, machine;
	uint32_t version, entry, program_headers, section_headers, flags;
	uint16_t header_size, program_header_size, program_header_count;
};
struct elf_segment {
	uint32_t type, offset, vaddr, paddr, file_size, memory_size, flags, align;
};

/* A program that is being loaded. */
struct loading {
	struct bootfs_file file;
	const char *path;
	mach_port_t task;
	uint8_t *buffer;                /* BUFFER_BYTES, wired */
	uint32_t entry, segments;
	struct elf_segment segment[SEGMENTS_MAX];
};

static _Noreturn void refuse(const struct loading *loading, const char *why)
{
	bootstrap_fail("cannot be loaded", loading->path, why, 0);
}

static void check(const struct loading *loading, kern_return_t result, const char *why)
{
	if (result != KERN_SUCCESS)
		bootstrap_fail("cannot be loaded", loading->path, why, result);
}

static void read_all(struct loading *loading, uint32_t offset, void *to, uint32_t bytes)
{
	uint32_t done;
	const enum bootfs_result result = bootfs_read(&loading->file, offset, to, bytes, &done);
	if (result != BOOTFS_OK)
		refuse(loading, bootfs_text(result));
	if (done != bytes)
		refuse(loading, "it is too short");
}

/* --- What the file says --- */

static void check_segment(const struct loading *loading, const struct elf_segment *segment)
{
	if (segment->file_size > segment->memory_size || segment->memory_size > VM_MAX_ADDRESS ||
	    segment->vaddr > STACK_TOP - STACK_BYTES || segment->memory_size > STACK_TOP - STACK_BYTES - segment->vaddr)
		refuse(loading, "a segment does not fit into the address space");
	if (segment->offset > loading->file.size || segment->file_size > loading->file.size - segment->offset)
		refuse(loading, "a segment is not within the file");
}

static void read_headers(struct loading *loading)
{
	struct elf_header header;
	struct elf_segment segment;
	read_all(loading, 0, &header, sizeof header);
	if (header.magic != ELF_MAGIC || header.type != ELF_EXECUTABLE || header.machine != PROGRAM_MACHINE ||
	    header.program_header_size != sizeof segment)
		refuse(loading, "it is no executable for " PROGRAM_MACHINE_NAME);
	if (header.program_headers > loading->file.size)
		refuse(loading, "its program headers are not within the file");
	loading->entry = header.entry;
	for (uint32_t i = 0; i < header.program_header_count; i++) {
		read_all(loading, header.program_headers + i * sizeof segment, &segment, sizeof segment);
		if (segment.type != ELF_LOAD || segment.memory_size == 0)
			continue;
		check_segment(loading, &segment);
		if (loading->segments == SEGMENTS_MAX)
			refuse(loading, "it has too many segments");
		loading->segment[loading->segments++] = segment;
	}
	if (loading->segments == 0)
		refuse(loading, "it has nothing to load");
}

/* --- Its memory --- */

/* Fills pages of the task from the file: the buffer has whole pages, of which [skip, skip + bytes) is the file's. */
static void fill(struct loading *loading, vm_offset_t page, uint32_t skip, uint32_t offset, uint32_t bytes)
{
	const uint32_t whole = round_page(skip + bytes);
	memset(loading->buffer, 0, whole);
	read_all(loading, offset, loading->buffer + skip, bytes);
	check(loading, vm_write(loading->task, page, (vm_offset_t)loading->buffer, whole),
	      "its memory cannot be written");
}

static void load_segment(struct loading *loading, const struct elf_segment *segment)
{
	vm_offset_t start = trunc_page(segment->vaddr);
	const vm_size_t size = round_page(segment->vaddr + segment->memory_size) - start;
	check(loading, vm_allocate(loading->task, &start, size, false), "no memory, or its segments share a page");
	uint32_t skip = segment->vaddr - start;
	for (uint32_t done = 0; done < segment->file_size; skip = 0) {
		const uint32_t left = segment->file_size - done, room = BUFFER_BYTES - skip;
		const uint32_t bytes = left < room ? left : room;
		fill(loading, trunc_page(segment->vaddr + done), skip, segment->offset + done, bytes);
		done += bytes;
	}
	const vm_prot_t protection = VM_PROT_READ | (segment->flags & ELF_WRITE ? VM_PROT_WRITE : 0) |
		(segment->flags & ELF_EXECUTE ? VM_PROT_EXECUTE : 0);
	check(loading, vm_protect(loading->task, start, size, false, protection), "its memory cannot be protected");
}

/* The stack, with argc, argv[], NULL and an empty environment at its top, then the texts. Result: the stack pointer. */
static vm_offset_t make_stack(struct loading *loading, int argc, char **argv)
{
	vm_offset_t stack = STACK_TOP - STACK_BYTES;
	const vm_offset_t page = STACK_TOP - VM_PAGE_SIZE;
	static uint32_t words[ARGUMENTS_MAX + 3];
	uint32_t at = VM_PAGE_SIZE;
	check(loading, vm_allocate(loading->task, &stack, STACK_BYTES, false), "no memory for its stack");
	memset(loading->buffer, 0, VM_PAGE_SIZE);
	words[0] = (uint32_t)argc;
	for (int i = 0; i < argc; i++) {
		const uint32_t bytes = (uint32_t)strlen(argv[i]) + 1;
		if (bytes > at - sizeof words - 16)
			refuse(loading, "its arguments are too long");
		at -= bytes;
		memcpy(loading->buffer + at, argv[i], bytes);
		words[1 + i] = page + at;
	}
	words[1 + argc] = words[2 + argc] = 0;
	const uint32_t bytes = (3 + (uint32_t)argc) * sizeof *words;
	at = (at - bytes) & ~15u;
	memcpy(loading->buffer + at, words, bytes);
	check(loading, vm_write(loading->task, page, (vm_offset_t)loading->buffer, VM_PAGE_SIZE),
	      "its stack cannot be written");
	return page + at;
}

static void start_thread(struct loading *loading, vm_offset_t stack)
{
	mach_port_t thread;
	machine_thread_state_t state;
	mach_msg_type_number_t count = MACHINE_THREAD_STATE_COUNT;
	check(loading, thread_create(loading->task, &thread), "no thread can be created");
	check(loading, thread_get_state(thread, MACHINE_THREAD_STATE, (natural_t *)&state, &count),
	      "its thread has no state");
	state.MACHINE_STATE_PC = loading->entry;
	state.MACHINE_STATE_SP = stack;
	check(loading, thread_set_state(thread, MACHINE_THREAD_STATE, (natural_t *)&state, count),
	      "its thread cannot be set");
	check(loading, thread_resume(thread), "its thread does not start");
	mach_port_deallocate(mach_task_self(), thread);
}

void bootstrap_load_server(struct bootstrap *bootstrap, int argc, char **argv)
{
	static char path[64] = "/mach_servers/";
	static struct loading loading = {.path = path};
	const uint32_t length = (uint32_t)strlen(argv[0]), folder = (uint32_t)strlen(path);
	if (length >= sizeof path - folder)
		bootstrap_fail("cannot be loaded", argv[0], "its name is too long", 0);
	memcpy(path + folder, argv[0], length + 1);
	const enum bootfs_result result = bootfs_open(&bootstrap->fs, path, &loading.file);
	if (result != BOOTFS_OK)
		refuse(&loading, bootfs_text(result));
	read_headers(&loading);
	loading.buffer = env_allocate(BUFFER_BYTES);
	if (loading.buffer == NULL)
		refuse(&loading, "no memory");
	check(&loading, task_create(mach_task_self(), false, &loading.task), "no task can be created");
	for (uint32_t i = 0; i < loading.segments; i++)
		load_segment(&loading, &loading.segment[i]);
	const vm_offset_t stack = make_stack(&loading, argc, argv);
	env_free(loading.buffer, BUFFER_BYTES);
	check(&loading, task_set_special_port(loading.task, TASK_BOOTSTRAP_PORT, bootstrap->port), "it gets no port");
	bootstrap->server = loading.task;
	start_thread(&loading, stack);
}
