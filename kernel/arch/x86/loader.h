/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a multiboot loader (version 1) hands over: multiboot specification 0.6.96, section 3.3.  For base/boot.c.
 */
#pragma once
#include "base/boot.h"
#include "base/memory.h"
#include "base/panic.h"

enum { HAS_MEMORY = 1 << 0, HAS_COMMAND_LINE = 1 << 2, HAS_MODULES = 1 << 3, MIB = 1 << 20 };

struct multiboot_info {
	uint32_t flags, memory_lower, memory_upper, boot_device, command_line, modules, module;
};
struct multiboot_module {
	uint32_t begin, end, command_line, reserved;
};

/* From the structure at this physical address. */
static inline void loader_read(struct boot_information *boot, uint32_t address, uint32_t window, uint32_t window_size)
{
	const struct multiboot_info *info = (const void *)(address + window);
	if (!(info->flags & HAS_MEMORY))
		panic("the boot loader does not say how much memory there is");
	const uint32_t upper = info->memory_upper, most = (window_size - MIB) / 1024;
	boot->memory_size = (MIB + (upper < most ? upper : most) * 1024) & ~(uint32_t)(PAGE_SIZE - 1);
	boot->command_line = info->flags & HAS_COMMAND_LINE ? (const char *)(info->command_line + window) : "";
	boot->modules = info->flags & HAS_MODULES ? info->modules : 0;
	if (boot->modules > BOOT_MODULES)
		panic("too many modules");
	const struct multiboot_module *module = (const void *)(info->module + window);
	for (unsigned i = 0; i < boot->modules; i++) {
		boot->module[i].file = module[i].begin;
		boot->module[i].file_end = module[i].end;
		boot->module[i].command_line =
			module[i].command_line ? (const char *)(module[i].command_line + window) : "";
		if (module[i].end > boot->memory_size)
			panic("a module lies beyond the memory that the kernel uses");
	}
}
