/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tasks of a program's own: other address spaces that run the same image, which this program pages to them at the same
 * addresses.  The program is their chief (L95 §2.2, clans): what they send out of the clan comes to it.
 */
#pragma once
#include "pager/lib/l4/program.h"

/* Starts the thread that pages for the family (thread 1). Call once, before family_start. */
void family_open(void);
/* A task number of this program's own, from root; 0: there is none. */
uint32_t family_task_number(void);
/* A new address space whose thread 0 runs function(argument) on a stack in this image. nil: refused. */
l4_threadid_t family_start(void *stack, size_t size, void (*function)(void *), void *argument);
/* The same in a task of that number, which the program owns (a new version of it if it is alive). */
l4_threadid_t family_start_in(uint32_t task, void *stack, size_t size, void (*function)(void *), void *argument);
/* Kills it; its number stays the program's. */
void family_end(l4_threadid_t task);
/* Who pages for the family. */
l4_threadid_t family_pager(void);

/*
 * What lies beyond the image: a fault of a family's member in [begin, end) is noted and answered with `sentinel`, a
 * page of this program, so that a page that is missing can be told from one that is there; in [silent_begin,
 * silent_end) it is noted and never answered.  Any other is not answered either.
 */
struct family_window {
	uintptr_t begin, end;
	void *sentinel;
	uintptr_t silent_begin, silent_end;
};
void family_set_window(const struct family_window *window);

/* What the pager has noted since family_open: faults in the window, and the last of them; exceptions, and the last. */
struct family_notes {
	uint32_t faults, fault_address, fault_writes, exceptions, exception_vector, exception_task;
};
struct family_notes family_notes(void);
