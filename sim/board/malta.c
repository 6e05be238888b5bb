/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Malta's physical addresses (malta.h): a table of what answers where. */
#include "sim/board/malta.h"

enum { ISA_SIZE = 0x10000, WORD = 4, RESET_NOW = 0x42, REVISION = 0x420 };

enum place { PLACE_ISA, PLACE_ACKNOWLEDGE, PLACE_SOFT_RESET, PLACE_REVISION, PLACES };

static const struct {
	paddr_t begin, size;
	bool loads, stores;
	bool whole;             /* only by words */
} places[PLACES] = {
	[PLACE_ISA] = { 0x18000000, ISA_SIZE, true, true, false },
	[PLACE_ACKNOWLEDGE] = { 0x1be00c34, WORD, true, false, true },
	[PLACE_SOFT_RESET] = { 0x1f000500, WORD, true, true, false },
	[PLACE_REVISION] = { 0x1fc00010, WORD, true, false, false },
};

static enum place place_of(paddr_t address)
{
	unsigned place = 0;

	while (place < PLACES && address - places[place].begin >= places[place].size)
		place++;
	return (enum place)place;
}

/* The bytes of a register's word that a load of less asks for. */
static uint32_t part_of(uint32_t word, paddr_t address, unsigned size)
{
	uint32_t mask = size == WORD ? UINT32_MAX : (1u << (8 * size)) - 1;

	return word >> (8 * (address % WORD)) & mask;
}

bool malta_load(struct malta *malta, paddr_t address, unsigned size, uint32_t *value)
{
	enum place place = place_of(address);

	if (place == PLACES || !places[place].loads || (places[place].whole && size != WORD))
		return false;
	switch (place) {
	case PLACE_ISA:
		*value = board_in(malta->board, (uint16_t)(address - places[place].begin), size);
		break;
	case PLACE_ACKNOWLEDGE:
		*value = (uint32_t)board_acknowledge(malta->board);
		break;
	case PLACE_REVISION:
		*value = part_of(REVISION, address, size);
		break;
	default: /* SOFTRES reads as 0 */
		*value = 0;
		break;
	}
	return true;
}

bool malta_store(struct malta *malta, paddr_t address, unsigned size, uint32_t value)
{
	enum place place = place_of(address);

	if (place == PLACES || !places[place].stores)
		return false;
	if (place == PLACE_ISA)
		board_out(malta->board, (uint16_t)(address - places[place].begin), size, value);
	else if (address == places[place].begin && (uint8_t)value == RESET_NOW)
		malta->reset(malta->ctx);
	return true;
}
