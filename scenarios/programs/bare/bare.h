/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a program without a kernel stands on: descriptor tables, a page
 * directory, the serial line, its command line.  Such programs measure what the
 * processor itself costs (L95 Tables 1 and 3, §4.1.1), with nothing between.
 *
 *   bare_main (here) -> program_main (the program) -> bare_exit
 *
 * Memory: 1 MiB.. the image, below 4 MiB; all of the first 16 MiB identity-mapped by bare_paging_on.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/include/probe.h"

/* Selectors of the program's GDT. */
enum {
	SELECTOR_CODE0 = 0x08, SELECTOR_DATA0 = 0x10,
	SELECTOR_CODE3 = 0x18 | 3, SELECTOR_DATA3 = 0x20 | 3,
	SELECTOR_CODE1 = 0x28 | 1, SELECTOR_DATA1 = 0x30 | 1,
	SELECTOR_TSS = 0x38,
	SELECTOR_SMALL_CODE = 0x40 | 3, SELECTOR_SMALL_DATA = 0x48 | 3 /* a small space: base 8 MiB, 1 MiB long */
};

/* Gates that programs may call. */
enum { VECTOR_NULL = 0x40 /* iret at once */, VECTOR_DONE = 0x41 /* ends bare_call_ring */ };

enum { PAGE = 4096 };
enum { PTE_PRESENT = 1, PTE_WRITE = 2, PTE_USER = 4, PTE_ACCESSED = 32, PTE_DIRTY = 64 };

/* The program: returns the code with which it ends. arguments: the command line's words, read by argument_*. */
int program_main(void);

/* The number after "name=" on the command line, or fallback. */
uint32_t argument_number(const char *name, uint32_t fallback);
/* Whether "name=value" stands there. */
bool argument_is(const char *name, const char *value);

/* Text on COM1: %d %u %x %s and %%, nothing else. Returns when the line has sent it. */
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Sets a page-table entry of a directory; takes page tables from the program's own pool. */
void bare_map(uint32_t *directory, uint32_t address, uint32_t frame, uint32_t rights);
/* A directory with the first 16 MiB identity-mapped, for users too; accessed and dirty already set. */
uint32_t *bare_new_directory(void);
void bare_paging_on(uint32_t *directory);

/* Runs function in ring 1 or 3 until it calls VECTOR_DONE. */
void bare_call_ring(void (*function)(void), uint32_t code, uint32_t data, uint32_t stack);
void bare_call_user(void (*function)(void));
void bare_call_ring1(void (*function)(void));

/* Tells the machine that the run is over (probe shutdown), and halts. */
void bare_exit(int code) __attribute__((noreturn));

static inline void outb(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint8_t inb(uint16_t port)
{
	uint8_t value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}
