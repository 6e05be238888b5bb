/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hostile guest, made from choices: its tables, tasks and gates (world.c), its programs (code.c). */
#pragma once
#include "sim/model/model.h"
#include "tests/fuzz/hostile/choices.h"
#include "tests/fuzz/hostile/layout.h"

struct world {
	struct choices *choices;
	uint8_t *memory;             /* of HOSTILE_START on */
	uint32_t family;
	uint32_t at;                 /* where code goes, an address */
	uint32_t end;
	uint32_t chunk[HOSTILE_CHUNKS];
	uint16_t shuffle[256];       /* which page of HOSTILE_ALIAS shows a page from HOSTILE_START on */
};

static inline void put_byte(struct world *world, uint32_t address, uint8_t value)
{
	world->memory[address - HOSTILE_START] = value;
}

static inline void put_word(struct world *world, uint32_t address, uint32_t value)
{
	for (unsigned n = 0; n < 4; n++)
		put_byte(world, address + n, (uint8_t)(value >> 8 * n));
}

/* Fills the tables; raw: the program's bytes are taken as they come. */
void world_make(struct world *world, int raw);
/* A linear address of data, or at times of code, tables, or of nothing. */
uint32_t world_place(struct world *world);
/* The linear address in the second mapping. */
uint32_t world_alias(const struct world *world, uint32_t address);
/* A selector, mostly one that is good for something. */
uint16_t world_selector(struct world *world);
/* The second word of a descriptor of some kind, limit's and base's bits apart. */
uint32_t world_rights(struct world *world);
/* Writes a program into the chunks. */
void code_make(struct world *world);
