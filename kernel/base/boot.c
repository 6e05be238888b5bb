/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Modules that are ELF files (ELF specification 1.2, as far as loading needs it).
 *
 * A loader may put the files where segments have to go: then they are first moved up, to the end of memory.
 */
#include "base/boot.h"
#include "base/memory.h"
#include "base/panic.h"
#include "cpu.h"
#include "loader.h"

struct elf_header {
	uint8_t identity[16];
	uint16_t type, machine;
	uint32_t version, entry, program_headers, section_headers, flags;
	uint16_t header_size, program_header_size, program_header_count;
};
struct elf_segment {
	uint32_t type, offset, vaddr, paddr, file_size, memory_size, flags, align;
};
enum { ELF_MAGIC = 0x464c457f, ELF_LOAD = 1 };

static uint32_t window_base;

static void *seen(uint32_t physical) { return (void *)(physical + window_base); }
static uint32_t page_down(uint32_t address) { return address & ~(uint32_t)(PAGE_SIZE - 1); }
static uint32_t page_up(uint32_t address) { return page_down(address + PAGE_SIZE - 1); }

void multiboot_read(struct boot_information *boot, uint32_t address, uint32_t window, uint32_t window_size)
{
	window_base = window;
	loader_read(boot, address, window_base, window_size);
}

/* --- Where segments go --- */

static const struct elf_segment *segment(const struct boot_module *module, unsigned i)
{
	const struct elf_header *header = seen(module->file);
	return (const struct elf_segment *)((const char *)header + header->program_headers) + i;
}

static unsigned segments(const struct boot_module *module)
{
	return ((const struct elf_header *)seen(module->file))->program_header_count;
}

static void check_elf(const struct boot_module *module)
{
	const struct elf_header *header = seen(module->file);
	const uint32_t size = module->file_end - module->file;
	if (size < sizeof *header || *(const uint32_t *)header->identity != ELF_MAGIC ||
	    header->machine != ELF_MACHINE || header->program_header_size != sizeof(struct elf_segment) ||
	    header->program_headers > size ||
	    header->program_header_count > (size - header->program_headers) / sizeof(struct elf_segment))
		panic("a module is no ELF file for " ELF_MACHINE_NAME);
}

static void check_segment(const struct elf_segment *s, uint32_t size, uint32_t memory_size)
{
	if (s->offset > size || s->file_size > size - s->offset || s->file_size > s->memory_size)
		panic("a module's segment is not in its file");
	if (s->paddr > memory_size || s->memory_size > memory_size - s->paddr)
		panic("a module's segment is not in memory");
}

static void measure(struct boot_module *module, uint32_t memory_size)
{
	check_elf(module);
	module->begin = ~0u;
	module->end = 0;
	module->entry = ((const struct elf_header *)seen(module->file))->entry;
	for (unsigned i = 0; i < segments(module); i++) {
		const struct elf_segment *s = segment(module, i);
		if (s->type != ELF_LOAD)
			continue;
		check_segment(s, module->file_end - module->file, memory_size);
		if (page_down(s->paddr) < module->begin)
			module->begin = page_down(s->paddr);
		if (page_up(s->paddr + s->memory_size) > module->end)
			module->end = page_up(s->paddr + s->memory_size);
	}
	if (module->begin >= module->end)
		panic("a module has nothing to load");
}

static bool overlap(uint32_t begin, uint32_t end, uint32_t other_begin, uint32_t other_end)
{
	return begin < other_end && other_begin < end;
}

/* --- Files out of the way --- */

/* The file highest in memory below `limit`; NULL if there is none. */
static struct boot_module *highest_below(struct boot_information *boot, uint32_t limit)
{
	struct boot_module *best = NULL;
	for (unsigned i = 0; i < boot->modules; i++) {
		struct boot_module *m = &boot->module[i];
		if (m->file < limit && (!best || m->file > best->file))
			best = m;
	}
	return best;
}

static void move_files_up(struct boot_information *boot)
{
	uint32_t top = boot->memory_size, limit = ~0u;
	for (struct boot_module *m; (m = highest_below(boot, limit));) {
		const uint32_t size = m->file_end - m->file, target = page_down(top - size);
		limit = m->file;
		if (target > m->file) {
			memmove(seen(target), seen(m->file), size);
			m->file = target;
			m->file_end = target + size;
		}
		top = m->file;
	}
}

static bool files_in_the_way(const struct boot_information *boot)
{
	for (const struct boot_module *m = boot->module; m < &boot->module[boot->modules]; m++)
		for (const struct boot_module *other = boot->module; other < &boot->module[boot->modules]; other++)
			if (overlap(m->begin, m->end, other->file, other->file_end))
				return true;
	return false;
}

static void check_places(const struct boot_information *boot, uint32_t reserved_begin, uint32_t reserved_end)
{
	for (unsigned i = 0; i < boot->modules; i++) {
		const struct boot_module *m = &boot->module[i];
		if (overlap(m->begin, m->end, reserved_begin, reserved_end))
			panic("a module is linked where the kernel is");
		for (unsigned j = 0; j < i; j++)
			if (overlap(m->begin, m->end, boot->module[j].begin, boot->module[j].end))
				panic("two modules are linked at the same place");
	}
	if (files_in_the_way(boot))
		panic("not enough memory to load the modules");
}

void multiboot_measure_modules(struct boot_information *boot)
{
	for (unsigned i = 0; i < boot->modules; i++)
		measure(&boot->module[i], boot->memory_size);
}

void multiboot_load_modules(struct boot_information *boot, uint32_t reserved_begin, uint32_t reserved_end)
{
	if (files_in_the_way(boot))
		move_files_up(boot);
	check_places(boot, reserved_begin, reserved_end);
	for (unsigned i = 0; i < boot->modules; i++) {
		const struct boot_module *m = &boot->module[i];
		for (unsigned k = 0; k < segments(m); k++) {
			const struct elf_segment *s = segment(m, k);
			if (s->type != ELF_LOAD)
				continue;
			memcpy(seen(s->paddr), seen(m->file + s->offset), s->file_size);
			memset((char *)seen(s->paddr) + s->file_size, 0, s->memory_size - s->file_size);
		}
	}
}

/* --- Command lines --- */

bool text_begins(const char *text, const char *with)
{
	while (*with)
		if (*text++ != *with++)
			return false;
	return true;
}

const char *command_word(const char *command_line, const char *key)
{
	uint32_t length = 0;
	while (key[length])
		length++;
	for (const char *at = command_line; *at; at++)
		if ((at == command_line || at[-1] == ' ') && text_begins(at, key))
			return at + length;
	return NULL;
}

uint32_t text_number(const char *text)
{
	uint32_t number = 0;
	for (; *text >= '0' && *text <= '9'; text++)
		number = number * 10 + (uint32_t)(*text - '0');
	return number;
}
