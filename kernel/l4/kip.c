/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "layout.h"
#include "base/memory.h"
#include "base/panic.h"
#include "l4/init.h"

/* The offset of a copy of a text in the page. */
static uint32_t add_text(struct l4_kip *kip, uint32_t *used, const char *text)
{
	const uint32_t offset = *used;
	do {
		if (*used >= KIP_TEXTS_END)
			panic("the command lines do not fit into the kernel info page");
		((char *)kip)[(*used)++] = *text;
	} while (*text++);
	return offset;
}

/* A command line's first word without directories and ".elf". */
static void set_name(char name[L4_KIP_NAME], const char *line)
{
	unsigned length = 0;
	memset(name, 0, L4_KIP_NAME);
	for (; *line && *line != ' ' && !(text_begins(line, ".elf") && (line[4] == 0 || line[4] == ' ')); line++) {
		if (*line == '/') {
			memset(name, 0, L4_KIP_NAME);
			length = 0;
		} else if (length < L4_KIP_NAME - 1) {
			name[length++] = *line;
		}
	}
}

void kip_write(struct l4_kip *kip, const struct boot_information *boot, const struct kernel_options *options,
               uint32_t pool_begin, uint32_t kernel_begin, uint32_t kernel_end)
{
	uint32_t used = sizeof *kip;
	memset(kip, 0, PAGE_SIZE);
	kip->magic = L4_KIP_MAGIC;
	kip->version = 2;
	kip->memory_begin = PAGE_SIZE;
	kip->memory_end = pool_begin;
	kip->kernel_begin = kernel_begin;
	kip->kernel_end = kernel_end;
	kip->segments = options->segments;
	kip->small_size = options->segments ? options->small_size : 0;
	kip->tcb_size = options->tcb_size;
	kip->user_end = USER_END;
	kip->command_line = add_text(kip, &used, boot->command_line);
	kip->modules = boot->modules;
	for (unsigned i = 0; i < boot->modules; i++) {
		struct l4_kip_module *module = &kip->module[i];
		set_name(module->name, boot->module[i].command_line);
		module->entry = boot->module[i].entry;
		module->begin = boot->module[i].begin;
		module->end = boot->module[i].end;
		module->command_line = add_text(kip, &used, boot->module[i].command_line);
	}
}
