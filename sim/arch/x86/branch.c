/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The branch target buffer: see branch.h for what it is, its states and invariants.
 * Replacement in a set is by turns: which way the Pentium evicts is not documented.
 */
#include "sim/arch/x86/branch.h"
#include <string.h>

enum { COUNTER_STRONGLY_TAKEN = 3, COUNTER_TAKEN = 2 };

static bool is_power_of_two(uint32_t n)
{
	return n && !(n & (n - 1));
}

const char *branch_geometry_error(uint32_t entries, uint32_t ways)
{
	if (entries == 0 || entries > BRANCH_MAX_ENTRIES)
		return "a branch target buffer has 1 to 1024 entries";
	if (ways == 0 || ways > entries || entries % ways || ways > 255)
		return "the ways of a branch target buffer divide its entries, and are at most 255";
	if (!is_power_of_two(entries / ways))
		return "a branch target buffer's entries / ways is a power of two";
	return NULL;
}

void branch_init(struct branch_buffer *buffer, uint32_t entries, uint32_t ways)
{
	memset(buffer, 0, sizeof(*buffer));
	buffer->entries = entries;
	buffer->ways = ways;
	buffer->last_set = entries / ways - 1;
}

static struct branch_entry *find(struct branch_buffer *buffer, laddr_t address)
{
	struct branch_entry *entry = &buffer->entry[(address & buffer->last_set) * buffer->ways];
	for (const struct branch_entry *end = entry + buffer->ways; entry < end; entry++)
		if (entry->address == address && entry->valid)
			return entry;
	return NULL;
}

/* A taken branch enters, in an empty way or in its turn. */
static void enter(struct branch_buffer *buffer, laddr_t address, laddr_t target)
{
	uint32_t set = address & buffer->last_set, way = 0;
	struct branch_entry *entry = &buffer->entry[set * buffer->ways];
	while (way < buffer->ways && entry[way].valid)
		way++;
	if (way == buffer->ways) {
		way = buffer->next[set];
		buffer->next[set] = (uint8_t)((way + 1) % buffer->ways);
	}
	entry[way] = (struct branch_entry){
		.address = address, .target = target, .counter = COUNTER_STRONGLY_TAKEN, .valid = true
	};
}

bool branch_predict_update(struct branch_buffer *buffer, laddr_t address, bool taken, laddr_t target)
{
	struct branch_entry *entry = find(buffer, address);
	if (!entry) {
		if (taken)
			enter(buffer, address, target);
		return taken;
	}
	bool predicted = entry->counter >= COUNTER_TAKEN;
	bool wrong = predicted != taken || (taken && entry->target != target);
	if (taken) {
		entry->target = target;
		entry->counter += entry->counter < COUNTER_STRONGLY_TAKEN;
	} else {
		entry->counter -= entry->counter > 0;
	}
	return wrong;
}

void branch_state(struct stream *stream, struct branch_buffer *buffer)
{
	stream_field(stream, buffer->entries);
	stream_field(stream, buffer->ways);
	stream_field(stream, buffer->last_set);
	for (uint32_t i = 0; i < BRANCH_MAX_ENTRIES; i++) {
		stream_field(stream, buffer->entry[i].address);
		stream_field(stream, buffer->entry[i].target);
		stream_field(stream, buffer->entry[i].counter);
		stream_flag(stream, &buffer->entry[i].valid);
		stream_field(stream, buffer->next[i]);
	}
}
