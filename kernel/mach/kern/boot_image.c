/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GD91 §6.2: "move the symbol table, the bootstrap image, and the load information out of its BSS section".
 *
 *   before   data | boot_info symbols image load | ...
 *   after    data | bss, cleared                 | symbols | image, on pages of its own | load |
 *
 * All parts go up, so the last one is moved first.
 */
#include "kern/boot_image.h"
#include "base/memory.h"
#include "base/panic.h"
#include "layout.h"

extern char kernel_bss[], kernel_end[];

/* Not in the bss: it is cleared when these are known. */
#define IN_DATA __attribute__((section(".data")))

struct boot_info boot_info __attribute__((section(".bss.boot_info")));
struct boot_image boot_image IN_DATA = {.image = 0};

static void check_sizes(const struct boot_info *info)
{
	const vm_size_t most = WINDOW_BASE + WINDOW_SIZE - (vm_offset_t)kernel_end;
	if (info->kern_sym_size >= most || info->boot_image_size >= most || info->load_info_size >= most)
		panic("boot image: its parts are larger than memory");
	if ((info->kern_sym_size | info->boot_image_size | info->load_info_size) % 4 != 0)
		panic("boot image: a part of it is not in whole words");
	if (info->load_info_size != sizeof(struct loader_info))
		panic("boot image: the loader information is not of this kernel's kind");
}

static void check_symbols(const struct boot_symbols *symbols, vm_size_t size)
{
	if (size < sizeof *symbols || symbols->magic != BOOT_SYMBOLS_MAGIC || symbols->size != size)
		panic("boot image: the symbols do not describe themselves");
	const vm_size_t room = size - sizeof *symbols;
	if (symbols->count > room / sizeof(struct boot_symbol) ||
	    symbols->strings_size > room - symbols->count * sizeof(struct boot_symbol))
		panic("boot image: the symbols are more than their size");
}

/* A part of the image, on whole pages, and mapped within the user's addresses. */
static bool piece_is_sound(vm_offset_t start, vm_size_t size, vm_offset_t offset, vm_size_t image_size)
{
	if ((start | offset) & VM_PAGE_MASK)
		return false;
	if (size > image_size || offset > image_size - size)
		return false;
	return size <= USER_END && start <= USER_END - size;
}

static void check_load(const struct loader_info *load, vm_size_t image_size)
{
	if (load->magic != LOADER_INFO_MAGIC)
		panic("boot image: there is no loader information");
	if (load->text_size == 0 || !piece_is_sound(load->text_start, load->text_size, load->text_offset, image_size) ||
	    !piece_is_sound(load->data_start, load->data_size, load->data_offset, image_size))
		panic("boot image: text or data are not within it, or not on pages");
	if (load->data_start < round_page(load->text_start + load->text_size))
		panic("boot image: data lie in the text");
	if (load->bss_size > USER_END - load->data_start - load->data_size)
		panic("boot image: the bss does not fit");
	if (load->sym_size > image_size || load->sym_offset > image_size - load->sym_size)
		panic("boot image: the symbols are not within it");
	if (load->entry < load->text_start || load->entry - load->text_start >= load->text_size)
		panic("boot image: it does not begin in its text");
}

vm_offset_t boot_image_take(void)
{
	const struct boot_info info = boot_info;
	if ((info.kern_sym_size | info.boot_image_size | info.load_info_size) == 0)
		return round_page(kernel_end);
	check_sizes(&info);
	const char *symbols = kernel_bss + sizeof boot_info, *image = symbols + info.kern_sym_size;
	const char *load = image + info.boot_image_size;
	const vm_offset_t new_symbols = round_page(kernel_end);
	const vm_offset_t new_image = round_page(new_symbols + info.kern_sym_size);
	const vm_offset_t new_load = round_page(new_image + info.boot_image_size);
	if (new_load > WINDOW_BASE + WINDOW_SIZE)
		panic("boot image: there is no room behind the kernel");
	memcpy(&boot_image.load, load, sizeof boot_image.load);
	memmove((void *)new_image, image, info.boot_image_size);
	memmove((void *)new_symbols, symbols, info.kern_sym_size);
	memset(kernel_bss, 0, (vm_size_t)(kernel_end - kernel_bss));
	boot_image.symbols = (const struct boot_symbols *)new_symbols;
	boot_image.symbols_size = info.kern_sym_size;
	boot_image.image = new_image;
	boot_image.image_size = info.boot_image_size;
	check_symbols(boot_image.symbols, boot_image.symbols_size);
	check_load(&boot_image.load, boot_image.image_size);
	return new_load;
}
