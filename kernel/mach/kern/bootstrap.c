/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GD91 §6.2: "creates a task and thread to run the bootstrap code", "a memory object mapping the resident pages holding
 * the bootstrap code", maps it, "allocates a stack for the task, passes it a small set of arguments".
 *
 *   - The image's pages are not among those that the page queues know: the object's pages are made here, wired, and
 *     the object is never let go.  Text is mapped to be read and executed; data, whose pages nobody else uses, to be
 *     written: nothing is copied.
 *   - Its arguments: its name, the names that it has for the ports of the privileged host and the master device, and
 *     the words of the kernel's command line that are for it.
 *   - A bootstrap in the kernel begins with the same arguments, in a task whose map is the kernel's.
 */
#include "kern/bootstrap.h"
#include "base/memory.h"
#include "base/panic.h"
#include "ipc/ipc_space.h"
#include "kern/boot_image.h"
#include "kern/ipc_kobject.h"
#include "kern/probes.h"
#include "kern/startup.h"
#include "kern/task.h"
#include "kern/thread.h"
#include "kern/zalloc.h"
#include "layout.h"
#include "vm/vm_kern.h"
#include "vm/vm_object.h"

enum { STACK_SIZE = 4096, STACK_TOP = USER_END - 4096, ARGUMENTS_MAX = 6, TEXT_MAX = 512 };

/* The bootstrap that is linked into the kernel; NULL if none is. */
extern void bootstrap_main(int argc, char **argv) __attribute__((weak));

static struct task *bootstrap_task;

/* --- Arguments --- */

static struct {
	int argc;
	char *argv[ARGUMENTS_MAX + 1];
	char text[TEXT_MAX];
	natural_t used;
} arguments;

static void begin_argument(void)
{
	kernel_assert(arguments.argc < ARGUMENTS_MAX);
	arguments.argv[arguments.argc++] = &arguments.text[arguments.used];
}

static void put(char character)
{
	if (arguments.used == TEXT_MAX)
		panic("the command line's words for the bootstrap are too long");
	arguments.text[arguments.used++] = character;
}

/* Up to a blank or the end. */
static void put_word(const char *word)
{
	for (; *word != '\0' && *word != ' '; word++)
		put(*word);
}

static void add_number(natural_t number)
{
	natural_t unit = 1;
	begin_argument();
	while (number / unit >= 10)
		unit *= 10;
	for (; unit > 0; unit /= 10)
		put((char)('0' + number / unit % 10));
	put('\0');
}

static void add_option(const char *key)
{
	const char *value = boot_option(key);
	if (value == NULL)
		return;
	begin_argument();
	put_word(key);
	put_word(value);
	put('\0');
}

static void make_arguments(struct task *task)
{
	begin_argument();
	put_word("bootstrap");
	put('\0');
	add_number(ipc_port_copyout_send(ipc_port_make_send(realhost_priv), task->itk_space));
	add_number(ipc_port_copyout_send(ipc_port_make_send(master_device_port), task->itk_space));
	add_option("server=");
	add_option("pager=");
}

/* --- Out of the boot image --- */

/* The object whose pages are those of the image. */
static vm_object_t make_image_object(void)
{
	const natural_t count = round_page(boot_image.image_size) >> VM_PAGE_SHIFT;
	vm_object_t object = vm_object_allocate(count << VM_PAGE_SHIFT);
	vm_page_t pages = kalloc(count * sizeof *pages);
	if (object == NULL || pages == NULL)
		panic("no memory for the bootstrap task");
	memset(pages, 0, count * sizeof *pages);
	for (natural_t i = 0; i < count; i++) {
		pages[i].phys_addr = kvtophys((void *)(boot_image.image + (i << VM_PAGE_SHIFT)));
		pages[i].wire_count = 1;
		vm_page_insert(&pages[i], object, i << VM_PAGE_SHIFT);
	}
	vm_page_wire_count += count;
	return object;
}

static void enter(vm_map_t map, vm_offset_t start, vm_size_t size, vm_object_t object, vm_offset_t offset,
                  vm_prot_t protection)
{
	if (size == 0)
		return;
	vm_object_reference(object);
	if (vm_map_enter(map, &start, round_page(size), 0, false, object, offset, false, protection, VM_PROT_ALL,
	                 VM_INHERIT_DEFAULT) != KERN_SUCCESS)
		panic("the bootstrap image cannot be mapped");
}

static void map_image(vm_map_t map, vm_object_t object)
{
	const struct loader_info *load = &boot_image.load;
	const vm_offset_t data_end = round_page(load->data_start + load->data_size);
	const vm_offset_t bss_end = round_page(load->data_start + load->data_size + load->bss_size);
	enter(map, load->text_start, load->text_size, object, load->text_offset, VM_PROT_READ | VM_PROT_EXECUTE);
	enter(map, load->data_start, load->data_size, object, load->data_offset, VM_PROT_DEFAULT);
	enter(map, data_end, bss_end - data_end, VM_OBJECT_NULL, 0, VM_PROT_DEFAULT);
	enter(map, STACK_TOP - STACK_SIZE, STACK_SIZE, VM_OBJECT_NULL, 0, VM_PROT_DEFAULT);
}

/* As a C program's beginning finds them: argc, argv[], NULL, an empty environment. Result: the stack pointer. */
static vm_offset_t copy_arguments(vm_map_t map)
{
	natural_t words[ARGUMENTS_MAX + 3];
	const vm_offset_t text = (STACK_TOP - arguments.used) & ~(vm_offset_t)15;
	natural_t count = 0;
	words[count++] = (natural_t)arguments.argc;
	for (int i = 0; i < arguments.argc; i++)
		words[count++] = text + (vm_offset_t)(arguments.argv[i] - arguments.text);
	words[count++] = 0;
	words[count++] = 0;
	const vm_offset_t stack = (text - count * sizeof *words) & ~(vm_offset_t)15;
	if (copyoutmap(map, arguments.text, text, arguments.used) != KERN_SUCCESS ||
	    copyoutmap(map, words, stack, count * sizeof *words) != KERN_SUCCESS)
		panic("the bootstrap's arguments cannot be copied");
	return stack;
}

static void create_user_task(void)
{
	struct thread *thread;
	if (task_create(kernel_task, false, &bootstrap_task) != KERN_SUCCESS)
		panic("the bootstrap task cannot be created");
	task_set_name(bootstrap_task, "bootstrap");
	make_arguments(bootstrap_task);
	map_image(bootstrap_task->map, make_image_object());
	if (thread_create(bootstrap_task, &thread) != KERN_SUCCESS)
		panic("the bootstrap's thread cannot be created");
	pcb_set_user(thread, boot_image.load.entry, copy_arguments(bootstrap_task->map));
	thread_resume(thread);
	thread_deallocate(thread);
}

/* --- In the kernel --- */

static void begin_in_kernel(void *unused)
{
	(void)unused;
	bootstrap_main(arguments.argc, arguments.argv);
	thread_terminate_self();
}

static void create_kernel_task(void)
{
	bootstrap_task = task_create_in_kernel("bootstrap");
	if (bootstrap_task == NULL)
		panic("the bootstrap task cannot be created");
	make_arguments(bootstrap_task);
	kernel_thread(bootstrap_task, "bootstrap", begin_in_kernel, NULL);
}

void bootstrap_create(void)
{
	if (boot_image.image_size != 0)
		create_user_task();
	else if (bootstrap_main != NULL)
		create_kernel_task();
	else
		panic("no bootstrap image was joined to this kernel, and none is linked into it");
}

/* Pages of a map that are locked. */
static natural_t wired_pages(vm_map_t map)
{
	natural_t pages = 0;
	for (struct list *link = map->entries.next; link != &map->entries; link = link->next) {
		const struct vm_map_entry *entry = LIST_OWNER(link, struct vm_map_entry, link);
		if (entry->wired_count > 0)
			pages += (entry->end - entry->start) >> VM_PAGE_SHIFT;
	}
	return pages;
}

/* How many pages of a piece of the image the task has where the kernel has put them: mapped, and not copied (S-G4). */
static natural_t pages_in_place(vm_offset_t start, vm_size_t size, vm_offset_t offset)
{
	natural_t pages = 0;
	for (vm_size_t at = 0; at < size; at += VM_PAGE_SIZE)
		pages += pmap_extract(bootstrap_task->map->pmap, start + at) ==
			kvtophys((void *)(boot_image.image + offset + at));
	return pages;
}

void bootstrap_tell(void)
{
	const struct loader_info *load = &boot_image.load;
	if (boot_image.image_size == 0)
		return;
	MUK_VALUE("bootstrap_file_pages", (round_page(load->text_size) + round_page(load->data_size)) >> VM_PAGE_SHIFT);
	MUK_VALUE("bootstrap_pages_in_place", pages_in_place(load->text_start, load->text_size, load->text_offset) +
	          pages_in_place(load->data_start, load->data_size, load->data_offset));
	MUK_VALUE("bootstrap_wired_pages", wired_pages(bootstrap_task->map));
	MUK_VALUE("bootstrap_waiting_stack_pages", STACK_SIZE >> VM_PAGE_SHIFT);
	MUK_VALUE("bootstrap_table_pages", 1 + pmap_table_pages(bootstrap_task->map->pmap));
	MUK_VALUE("bootstrap_symbol_pages", round_page(boot_image.load.sym_size) >> VM_PAGE_SHIFT);
	MUK_VALUE("kernel_symbol_pages", round_page(boot_image.symbols_size) >> VM_PAGE_SHIFT);
}
