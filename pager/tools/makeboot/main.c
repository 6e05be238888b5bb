/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * makeboot: joins a kernel and a bootstrap to one image that boots as the kernel does (GD91 §6.2).
 *
 *   makeboot KERNEL BOOTSTRAP IMAGE
 *
 * The image is an ELF file with the kernel's segments as they are, the data's going on to the end of the file: where
 * the kernel's bss begins come struct boot_info, the kernel's symbols, the bootstrap image, and how to load it
 * (mach/boot_image.h).  It has no bss, no symbol table and no sections.
 *
 * The bootstrap image is the bootstrap's segments, each from a page's beginning on and followed by zeros up to a page's
 * end, so that what the task's bss has of data's last page is zero without a copy; then its symbols.
 */
#include "makeboot.h"
#include "mach/boot_image.h"
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 4096 };

/* The file's head: ELF header, two program headers. Segments begin on pages of the file. */
struct head {
	Elf32_Ehdr elf;
	Elf32_Phdr text, data;
};

static struct bytes make_bootstrap(const struct executable *bootstrap, struct loader_info *load)
{
	const struct segment *text = &bootstrap->text, *data = &bootstrap->data;
	if (text->vaddr % PAGE != 0 || data->vaddr % PAGE != 0)
		complain("%s: text and data must begin on pages of memory", bootstrap->name);
	if (data->memory_size != 0 && data->vaddr < text->vaddr + text->memory_size)
		complain("%s: data must follow the text", bootstrap->name);
	if (bootstrap->entry < text->vaddr || bootstrap->entry - text->vaddr >= text->memory_size)
		complain("%s: it does not begin in its text", bootstrap->name);
	struct bytes image = {0};
	*load = (struct loader_info){
		.magic = LOADER_INFO_MAGIC, .entry = bootstrap->entry,
		.text_start = text->vaddr, .text_size = text->file_size,
		.text_offset = append(&image, text->bytes, text->file_size),
	};
	pad(&image, PAGE);
	load->data_start = data->memory_size ? data->vaddr : (text->vaddr + image.size);
	load->data_size = data->file_size;
	load->data_offset = append(&image, data->bytes, data->file_size);
	load->bss_size = data->memory_size - data->file_size;
	pad(&image, PAGE);
	const struct bytes symbols = symbols_of(bootstrap);
	load->sym_offset = append(&image, symbols.data, symbols.size);
	load->sym_size = symbols.size;
	free(symbols.data);
	return image;
}

/* What stands in the kernel's bss when it is loaded. */
static struct bytes make_joined(const struct executable *kernel, const struct executable *bootstrap)
{
	struct loader_info load;
	struct bytes joined = {0};
	const struct bytes symbols = symbols_of(kernel), image = make_bootstrap(bootstrap, &load);
	const struct boot_info info = {symbols.size, image.size, sizeof load};
	append(&joined, &info, sizeof info);
	append(&joined, symbols.data, symbols.size);
	append(&joined, image.data, image.size);
	append(&joined, &load, sizeof load);
	free(symbols.data);
	free(image.data);
	return joined;
}

/* Bytes between the end of the kernel's data in the file and its bss, which begins on a page. */
static uint32_t gap_before_bss(const struct segment *data)
{
	return (PAGE - (data->vaddr + data->file_size) % PAGE) % PAGE;
}

/* The kernel must know of boot images: its bss begins with struct boot_info. */
static void check_kernel(const struct executable *kernel)
{
	const struct segment *data = &kernel->data;
	const uint32_t bss = data->vaddr + data->file_size + gap_before_bss(data);
	if (data->memory_size == data->file_size)
		complain("%s: no bss, so there is no place for boot_info", kernel->name);
	for (Elf_Scn *section = NULL; (section = elf_nextscn(kernel->elf, section)) != NULL;) {
		const Elf32_Shdr *header = elf32_getshdr(section);
		const Elf_Data *table = header && header->sh_type == SHT_SYMTAB ? elf_getdata(section, NULL) : NULL;
		for (size_t i = 0; table && i < table->d_size / sizeof(Elf32_Sym); i++) {
			const Elf32_Sym *symbol = (const Elf32_Sym *)table->d_buf + i;
			const char *name = elf_strptr(kernel->elf, header->sh_link, symbol->st_name);
			if (name == NULL || strcmp(name, "boot_info") != 0)
				continue;
			if (symbol->st_value != bss)
				complain("%s: boot_info is not at the beginning of its bss", kernel->name);
			return;
		}
	}
	complain("%s: it has no boot_info: it is no kernel that takes a bootstrap image", kernel->name);
}

static Elf32_Phdr program_header(const struct segment *segment, uint32_t offset, uint32_t size, uint32_t flags)
{
	return (Elf32_Phdr){.p_type = PT_LOAD, .p_offset = offset, .p_vaddr = segment->vaddr, .p_paddr = segment->paddr,
	                    .p_filesz = size, .p_memsz = size, .p_flags = flags, .p_align = PAGE};
}

static struct bytes make_file(const struct executable *kernel, const struct bytes *joined)
{
	struct bytes file = {0};
	append(&file, NULL, sizeof(struct head));
	/* Pages of the file and of memory agree. */
	pad(&file, PAGE);
	append(&file, NULL, kernel->text.vaddr % PAGE);
	const uint32_t text = append(&file, kernel->text.bytes, kernel->text.file_size);
	pad(&file, PAGE);
	append(&file, NULL, kernel->data.vaddr % PAGE);
	const uint32_t data = append(&file, kernel->data.bytes, kernel->data.file_size);
	append(&file, NULL, gap_before_bss(&kernel->data));
	append(&file, joined->data, joined->size);
	struct head head = {
		.elf = {.e_type = ET_EXEC, .e_machine = (Elf32_Half)kernel->machine, .e_flags = kernel->flags,
		        .e_version = EV_CURRENT, .e_entry = kernel->entry, .e_phoff = offsetof(struct head, text),
		        .e_ehsize = sizeof(Elf32_Ehdr), .e_phentsize = sizeof(Elf32_Phdr), .e_phnum = 2},
		.text = program_header(&kernel->text, text, kernel->text.file_size, PF_R | PF_X),
		.data = program_header(&kernel->data, data, file.size - data, PF_R | PF_W),
	};
	static const uint8_t identity[] = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32, ELFDATA2LSB, EV_CURRENT};
	memcpy(head.elf.e_ident, identity, sizeof identity);
	memcpy(file.data, &head, sizeof head);
	return file;
}

int main(int count, char **arguments)
{
	struct executable kernel, bootstrap;
	if (count != 4) {
		fputs("usage: makeboot KERNEL BOOTSTRAP IMAGE\n", stderr);
		return 2;
	}
	executable_read(&kernel, arguments[1]);
	executable_read(&bootstrap, arguments[2]);
	check_kernel(&kernel);
	if (bootstrap.machine != kernel.machine)
		complain("%s: not for the processor of %s", bootstrap.name, kernel.name);
	const struct bytes joined = make_joined(&kernel, &bootstrap), file = make_file(&kernel, &joined);
	FILE *output = fopen(arguments[3], "wb");
	if (output == NULL || fwrite(file.data, 1, file.size, output) != file.size || fclose(output) != 0)
		complain("%s: %s", arguments[3], strerror(errno));
	free(joined.data);
	free(file.data);
	executable_free(&kernel);
	executable_free(&bootstrap);
	return 0;
}
