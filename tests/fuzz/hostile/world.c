/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hostile guest's tables: good ones, so that it comes far, with bad ones
 * among them.  The handlers (guest.S) need those below SELECT_ODD and the stubs.
 */
#include <string.h>
#include "tests/fuzz/hostile/world.h"

enum { PAGE = 4096, PRESENT_USER = 7 };
enum { FLAT_CODE_0 = 0xcf9b00, FLAT_DATA_0 = 0xcf9300, FLAT_CODE_3 = 0xcffb00, FLAT_DATA_3 = 0xcff300 };

/* --- places --- */

uint32_t world_alias(const struct world *world, uint32_t address)
{
	uint32_t page = (address - HOSTILE_START) / PAGE;

	return page < 256 ? HOSTILE_ALIAS + world->shuffle[page] * PAGE + address % PAGE : address;
}

uint32_t world_place(struct world *world)
{
	struct choices *choices = world->choices;
	uint32_t offset = rarely(choices, 6) ? PAGE - 1 - choose(choices, 8) : choose(choices, PAGE);
	uint32_t address;

	switch (choose(choices, 24)) {
	case 0:
		address = HOSTILE_PROGRAM + choose(choices, HOSTILE_CHUNKS) * PAGE + offset;
		break;
	case 1:
		address = HOSTILE_START + choose(choices, 0x40) * PAGE + offset;
		break;
	case 2:
		return choose_word(choices);
	case 3:
		return 0x7ff000 + offset;
	case 4:
		return 0x200000 - 16 + choose(choices, 32); /* memory's end */
	default:
		address = HOSTILE_DATA + choose(choices, 0x20) * PAGE + offset;
		break;
	}
	return rarely(choices, 4) ? world_alias(world, address) : address;
}

uint16_t world_selector(struct world *world)
{
	static const uint16_t good[] = { SELECT_CODE_0, SELECT_DATA_0, SELECT_CODE_3, SELECT_DATA_3, SELECT_WINDOW_CODE,
		                         SELECT_WINDOW_DATA, SELECT_DATA_3, SELECT_DATA_3, 0 };
	struct choices *choices = world->choices;

	if (!rarely(choices, 3))
		return good[choose(choices, sizeof good / sizeof *good)];
	if (rarely(choices, 8))
		return (uint16_t)choose_word(choices);
	return (uint16_t)(choose(choices, 0x28) * 8 + choose(choices, 8));
}

/* --- descriptors --- */

uint32_t world_rights(struct world *world)
{
	static const uint8_t type[] = { 0x92, 0x93, 0x96, 0x97, 0x9a, 0x9b, 0x9e, 0x9f, 0x90, 0xf2, 0xf3, 0xf6, 0xf7,
		                        0xfa, 0xfb, 0xfe, 0xff, 0xf0, 0xb2, 0xd2, 0x12, 0xbb, 0xdf, 0xf8 };
	struct choices *choices = world->choices;
	uint32_t rights = (uint32_t)type[choose(choices, sizeof type)] << 8;

	if (rarely(choices, 8))
		rights = (uint32_t)choose_byte(choices) << 8;
	if (!rarely(choices, 5))
		rights |= 1u << 22; /* 32 bits */
	if (!rarely(choices, 3))
		rights |= 1u << 23; /* in pages */
	return rights;
}

static void put_descriptor(struct world *world, uint32_t at, uint32_t base, uint32_t limit, uint32_t rights)
{
	put_word(world, at, (limit & 0xffff) | base << 16);
	put_word(world, at + 4, rights | (limit & 0xf0000) | (base >> 16 & 0xff) | (base & 0xff000000));
}

static void put_gate(struct world *world, uint32_t at, uint16_t selector, uint32_t offset, uint32_t kind)
{
	put_word(world, at, (offset & 0xffff) | (uint32_t)selector << 16);
	put_word(world, at + 4, (offset & 0xffff0000) | kind << 8);
}

static void put_odd_segment(struct world *world, uint32_t at)
{
	static const uint32_t base[] = { 0, 0, HOSTILE_PROGRAM, HOSTILE_DATA, HOSTILE_DATA + 0x123, 0xfffff000, HOSTILE_ALIAS };
	static const uint32_t limit[] = { 0xfffff, 0xfffff, 0x1f, 0xff, 0x1f, 0x7ff, 0, 0x1fff, 0x13f };
	struct choices *choices = world->choices;
	uint32_t from = base[choose(choices, 7)], last = limit[choose(choices, 9)];

	put_descriptor(world, at, rarely(choices, 8) ? world_place(world) : from, last, world_rights(world));
}

static void put_odd_gate(struct world *world, uint32_t at)
{
	static const uint8_t kind[] = { 0xec, 0xec, 0x8c, 0xe5, 0xe5, 0x85, 0xee, 0xef, 0xe4, 0xe6, 0x6c, 0xcc };
	struct choices *choices = world->choices;
	uint16_t selector = kind[choose(choices, 12)] == 0xe5 ? (uint16_t)(SELECT_TSS_OTHER + 8 * choose(choices, 4))
	                                                      : world_selector(world);
	uint32_t offset = rarely(choices, 2) ? world->chunk[choose(choices, HOSTILE_CHUNKS)] : HOSTILE_COMMON;

	put_gate(world, at, selector, offset, kind[choose(choices, 12)]);
	if (rarely(choices, 3))
		put_byte(world, at + 4, (uint8_t)choose(choices, 32)); /* parameters to copy */
}

static void put_odd(struct world *world, uint32_t at)
{
	if (rarely(world->choices, 3))
		put_odd_gate(world, at);
	else
		put_odd_segment(world, at);
}

static void make_gdt(struct world *world)
{
	put_descriptor(world, HOSTILE_GDT + SELECT_CODE_0, 0, 0xfffff, FLAT_CODE_0);
	put_descriptor(world, HOSTILE_GDT + SELECT_DATA_0, 0, 0xfffff, FLAT_DATA_0);
	put_descriptor(world, HOSTILE_GDT + (SELECT_CODE_3 & ~7), 0, 0xfffff, FLAT_CODE_3);
	put_descriptor(world, HOSTILE_GDT + (SELECT_DATA_3 & ~7), 0, 0xfffff, FLAT_DATA_3);
	put_descriptor(world, HOSTILE_GDT + SELECT_TSS, HOSTILE_TSS, 0x1ff, 0x8900);
	put_descriptor(world, HOSTILE_GDT + SELECT_TSS_FAULT, HOSTILE_TSS_FAULT, 0x67, 0x8900);
	put_descriptor(world, HOSTILE_GDT + SELECT_LDT, HOSTILE_LDT, 0xff, 0x8200);
	put_descriptor(world, HOSTILE_GDT + (SELECT_WINDOW_CODE & ~7), HOSTILE_PROGRAM, 0x2f, 0xc0fb00);
	put_descriptor(world, HOSTILE_GDT + (SELECT_WINDOW_DATA & ~7), HOSTILE_PROGRAM, 0x2f, 0xc0f300);
	for (uint32_t n = 0; n < HOSTILE_OTHERS; n++)
		put_descriptor(world, HOSTILE_GDT + SELECT_TSS_OTHER + 8 * n, HOSTILE_TSS_OTHER + 0x80 * n, 0x67,
		               rarely(world->choices, 16) ? 0x8100 : 0xe900);
	for (uint32_t at = SELECT_ODD; at < 0x140; at += 8)
		put_odd(world, HOSTILE_GDT + at);
	for (uint32_t at = 0; at < 0x100; at += 8)
		put_odd(world, HOSTILE_LDT + at);
}

static void make_idt(struct world *world)
{
	for (uint32_t n = 0; n < 256; n++)
		put_gate(world, HOSTILE_IDT + 8 * n, SELECT_CODE_0, HOSTILE_STUBS + 16 * n, n < 0x30 ? 0x8e : n & 1 ? 0xee : 0xef);
	put_gate(world, HOSTILE_IDT + 8 * 8, SELECT_TSS_FAULT, 0, 0x85);
	for (uint32_t n = 0x40; n < 0x60; n++)
		put_odd_gate(world, HOSTILE_IDT + 8 * n);
	if (rarely(world->choices, 8))
		put_odd_gate(world, HOSTILE_IDT + 8 * choose(world->choices, 0x30));
}

/* --- tasks --- */

static void put_task(struct world *world, uint32_t at, uint32_t eip, uint16_t code, uint16_t data, uint32_t stack)
{
	put_word(world, at + 4, HOSTILE_STACK_0);
	put_word(world, at + 8, SELECT_DATA_0);
	put_word(world, at + 0x1c, rarely(world->choices, 4) ? HOSTILE_DIRECTORY_2 : HOSTILE_DIRECTORY);
	put_word(world, at + 0x20, eip);
	put_word(world, at + 0x24, 2);
	put_word(world, at + 0x38, stack);
	put_word(world, at + 0x4c, code);
	for (uint32_t n = 0x48; n <= 0x5c; n += 4)
		if (n != 0x4c)
			put_word(world, at + n, data);
	put_word(world, at + 0x60, SELECT_LDT);
	put_word(world, at + 0x64, 0x680000 | (rarely(world->choices, 8) ? 1u : 0));
}

static void make_tasks(struct world *world)
{
	struct choices *choices = world->choices;

	put_task(world, HOSTILE_TSS, 0, 0, 0, 0);
	put_task(world, HOSTILE_TSS_FAULT, HOSTILE_FAULT, SELECT_CODE_0, SELECT_DATA_0, HOSTILE_STACK_FAULT);
	put_word(world, HOSTILE_TSS_FAULT + 0x1c, HOSTILE_DIRECTORY);
	put_word(world, HOSTILE_TSS + 0x64, 0x680000);
	for (uint32_t n = 0x68; n < 0x200; n++) /* which ports are a program's own */
		put_byte(world, HOSTILE_TSS + n, rarely(choices, 2) ? 0 : 0xff);
	for (uint32_t n = 0; n < HOSTILE_OTHERS; n++) {
		uint32_t eip = world->chunk[choose(choices, HOSTILE_CHUNKS)];
		if (n % 2)
			put_task(world, HOSTILE_TSS_OTHER + 0x80 * n, eip, SELECT_CODE_3, SELECT_DATA_3, HOSTILE_STACK_3);
		else
			put_task(world, HOSTILE_TSS_OTHER + 0x80 * n, eip, SELECT_CODE_0, SELECT_DATA_0, HOSTILE_STACK_0 - 0x400);
	}
}

/* --- pages --- */

static void make_shuffle(struct world *world)
{
	for (uint16_t n = 0; n < 256; n++)
		world->shuffle[n] = n;
	for (uint32_t n = 255; n; n--) {
		uint32_t other = choose(world->choices, n + 1);
		uint16_t kept = world->shuffle[n];
		world->shuffle[n] = world->shuffle[other];
		world->shuffle[other] = kept;
	}
}

static void make_pages(struct world *world)
{
	struct choices *choices = world->choices;
	uint32_t user = rarely(choices, 4) ? PRESENT_USER : 3; /* what is the handlers' own */

	for (uint32_t n = HOSTILE_START / PAGE; n < 1024; n++) {
		uint32_t own = n * PAGE < HOSTILE_PROGRAM - PAGE ? user : PRESENT_USER;
		put_word(world, HOSTILE_TABLES + 4 * n, n * PAGE | own | (rarely(choices, 4) ? 0x60 : 0));
	}
	for (uint32_t n = 0; n < 256; n++)
		put_word(world, HOSTILE_TABLES + 0x1000 + 4 * world->shuffle[n], (HOSTILE_START + n * PAGE) | PRESENT_USER);
	for (uint32_t n = 256; n < 1024; n++)
		put_word(world, HOSTILE_TABLES + 0x1000 + 4 * n, rarely(choices, 4) ? choose_word(choices) : 0);
	for (uint32_t n = choose(choices, 16); n; n--) /* data that is not there, or not to be written */
		put_word(world, HOSTILE_TABLES + 4 * (HOSTILE_DATA / PAGE + choose(choices, 32)),
		         (HOSTILE_DATA + choose(choices, 32) * PAGE) | choose(choices, 8));
	for (uint32_t directory = HOSTILE_DIRECTORY; directory <= HOSTILE_DIRECTORY_2; directory += PAGE) {
		put_word(world, directory, HOSTILE_TABLES | PRESENT_USER);
		put_word(world, directory + 4, (HOSTILE_TABLES + PAGE) | PRESENT_USER);
		put_word(world, directory + 8, 0x87 | (rarely(choices, 2) ? 0x100 : 0)); /* 4 MiB in one, where there are such */
		put_word(world, directory + 0xffc, directory | PRESENT_USER);            /* and itself */
	}
}

/* --- what the handlers go by --- */

static void make_chunk(struct world *world, uint32_t n)
{
	struct choices *choices = world->choices;
	uint32_t at = WORLD_CHUNK + 64 * n, kind = choose(choices, 8), eflags = 2 | (rarely(choices, 2) ? 0x200 : 0);
	bool user = kind >= 3, window = kind == 7;
	uint32_t data = window ? SELECT_WINDOW_DATA : user ? SELECT_DATA_3 : SELECT_DATA_0;

	if (rarely(choices, 12))
		eflags |= 0x100; /* TF */
	if (rarely(choices, 3))
		eflags |= 0x3000; /* IOPL */
	if (rarely(choices, 16))
		eflags |= choose_word(choices) & 0x54dd5;
	put_word(world, at + CHUNK_EIP, world->chunk[n] - (window ? HOSTILE_PROGRAM : 0));
	put_word(world, at + CHUNK_CS, window ? SELECT_WINDOW_CODE : user ? SELECT_CODE_3 : SELECT_CODE_0);
	put_word(world, at + CHUNK_EFLAGS, eflags);
	put_word(world, at + CHUNK_ESP, window ? 0x2f000 : user ? HOSTILE_STACK_3 : HOSTILE_STACK_0);
	for (uint32_t part = CHUNK_SS; part <= CHUNK_GS; part += 4)
		put_word(world, at + part, data);
	if (rarely(choices, 6))
		put_word(world, at + CHUNK_DS + 4 * choose(choices, 4), world_selector(world));
	put_word(world, at + CHUNK_RESTORE, !rarely(choices, 4));
}

static void make_handlers_world(struct world *world)
{
	static const uint32_t mend[] = { 0, 1, 1, 3, 0xfff };
	struct choices *choices = world->choices;

	put_word(world, WORLD_MOST, 1 + choose(choices, 256) * 4);
	put_word(world, WORLD_CR0, 0x80000011 | (rarely(choices, 2) && world->family > 3 ? 0x10000 : 0));
	put_word(world, WORLD_CR3, HOSTILE_DIRECTORY);
	put_word(world, WORLD_TIMER, rarely(choices, 2) ? 2 + choose(choices, 256) : 0);
	put_word(world, WORLD_MASK, rarely(choices, 4) ? choose_byte(choices) : 0);
	put_word(world, WORLD_MEND, mend[choose(choices, 5)]);
	put_word(world, WORLD_GDTR, 0x13f | (HOSTILE_GDT & 0xffff) << 16);
	put_word(world, WORLD_GDTR + 4, HOSTILE_GDT >> 16);
	put_word(world, WORLD_IDTR, 0x7ff | (HOSTILE_IDT & 0xffff) << 16);
	put_word(world, WORLD_IDTR + 4, HOSTILE_IDT >> 16);
	for (uint32_t n = 0; n < 7; n++)
		put_word(world, WORLD_REGISTERS + 4 * n, world_place(world));
	for (uint32_t n = 0; n < HOSTILE_CHUNKS; n++)
		make_chunk(world, n);
}

void world_make(struct world *world, int raw)
{
	struct choices *choices = world->choices;

	for (uint32_t n = 0; n < HOSTILE_CHUNKS; n++) {
		uint32_t offset = rarely(choices, 4) ? PAGE - 1 - choose(choices, 64) : choose(choices, 2048);
		if (n == HOSTILE_CHUNKS - 1)
			offset %= 2048;
		world->chunk[n] = HOSTILE_PROGRAM + n * PAGE + offset;
	}
	make_shuffle(world);
	make_gdt(world);
	make_idt(world);
	make_tasks(world);
	make_pages(world);
	make_handlers_world(world);
	if (!raw)
		code_make(world);
	for (uint32_t n = 0; raw && n < HOSTILE_CHUNKS; n++)
		for (uint32_t at = 0; at < 256; at++)
			put_byte(world, world->chunk[n] + at, choose_byte(choices));
}
