/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a program is: it begins in program_main, has arguments, and ends by telling root.
 *
 * Which thread is who, by number, in every program:
 *   0 program_main    1 the pager of the program's own tasks (family.h)    2 the region mapper (region.h)
 *   from 3: the program's
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "l4/ipc.h"
#include "l4/kip.h"
#include "l4/syscalls.h"
#include "pager/lib/string.h"
#include "probe.h"

enum { PAGE_SIZE = L4_PAGE_SIZE };

/* The program; what it returns is the code with which it ends. */
int program_main(void);

/* The kernel's information, in this space. */
static inline const struct l4_kip *program_kip(void)
{
	return (const struct l4_kip *)L4_KIP_ADDRESS;
}

/* The number after "name=" among the program's arguments, or fallback. */
uint32_t argument_number(const char *name, uint32_t fallback);
/* Whether "name=value" stands there. */
bool argument_is(const char *name, const char *value);

/* The pager of thread 0, which is also whom to ask for ports, pages and tasks (protocol.h). */
l4_threadid_t program_pager(void);
/* The program's own image. */
bool program_owns(uintptr_t address);

/* Tells root that the program has ended: the kernel ends the run. 0: fine. */
void program_exit(int code) __attribute__((noreturn));

/* Tells whoever watches (probe task_name) what a task is called. */
static inline void program_name_task(l4_threadid_t task, const char *name)
{
	/* The text is to be in memory, and its address in a register: a probe cannot name a compiler's own label. */
	__asm__ volatile("" : "+r"(name) : "r"(*(const volatile char *)name));
	MUK_PROBE("task_name", l4_id_task(task), name);
}

/* Thread 0 of the module of that name; nil: there is none. */
l4_threadid_t program_find(const char *module);
