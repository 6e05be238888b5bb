/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pager/default_pager/page_map.h"

/* Stands for a table for which there was no memory when the first of its pages was written: all of them are lost. */
static block_t lost_table[PAGE_MAP_TABLE] = {[0 ... PAGE_MAP_TABLE - 1] = BLOCK_LOST};

static bool is_direct(const struct page_map *map) { return map->pages <= PAGE_MAP_TABLE; }
static uint32_t tables(const struct page_map *map) { return (map->pages + PAGE_MAP_TABLE - 1) / PAGE_MAP_TABLE; }

static block_t *new_table(uint32_t entries)
{
	block_t *table = env_allocate(entries * sizeof *table);
	if (table != NULL)
		memset(table, 0xff, entries * sizeof *table); /* BLOCK_NONE */
	return table;
}

static void free_table(block_t *table, uint32_t entries)
{
	for (uint32_t i = 0; i < entries; i++)
		if (block_is_place(table[i]))
			partition_free(table[i]);
	env_free(table, entries * sizeof *table);
}

bool page_map_init(struct page_map *map, uint32_t pages)
{
	mutex_init(&map->lock);
	map->pages = pages;
	if (is_direct(map)) {
		map->direct = new_table(pages);
		return map->direct != NULL;
	}
	map->indirect = env_allocate(tables(map) * sizeof *map->indirect);
	if (map->indirect != NULL)
		memset(map->indirect, 0, tables(map) * sizeof *map->indirect);
	return map->indirect != NULL;
}

void page_map_destroy(struct page_map *map)
{
	if (is_direct(map)) {
		free_table(map->direct, map->pages);
		return;
	}
	for (uint32_t i = 0; i < tables(map); i++)
		if (map->indirect[i] != NULL && map->indirect[i] != lost_table)
			free_table(map->indirect[i], PAGE_MAP_TABLE);
	env_free(map->indirect, tables(map) * sizeof *map->indirect);
}

/* The page's entry; NULL: there is no table for it. The map is locked. */
static block_t *entry_of(const struct page_map *map, uint32_t page)
{
	if (page >= map->pages)
		return NULL;
	if (is_direct(map))
		return &map->direct[page];
	block_t *table = map->indirect[page / PAGE_MAP_TABLE];
	return table == NULL ? NULL : &table[page % PAGE_MAP_TABLE];
}

block_t page_map_lookup(struct page_map *map, uint32_t page)
{
	mutex_lock(&map->lock);
	const block_t *entry = entry_of(map, page);
	const block_t block = entry == NULL ? BLOCK_NONE : *entry;
	mutex_unlock(&map->lock);
	return block;
}

/* The same, to be written. */
static block_t *own_entry_of(const struct page_map *map, uint32_t page)
{
	if (!is_direct(map) && map->indirect[page / PAGE_MAP_TABLE] == lost_table)
		return NULL;
	return entry_of(map, page);
}

/* Makes a table for the page, unless somebody else has by then. False: no memory. Memory may have to be waited for: the
 * map is not locked. */
static bool add_table(struct page_map *map, uint32_t page)
{
	block_t *table = new_table(PAGE_MAP_TABLE);
	if (table == NULL)
		return false;
	mutex_lock(&map->lock);
	block_t **slot = &map->indirect[page / PAGE_MAP_TABLE];
	if (*slot == lost_table)
		memcpy(table, lost_table, sizeof lost_table);
	if (*slot == NULL || *slot == lost_table) {
		*slot = table;
		table = NULL;
	}
	mutex_unlock(&map->lock);
	if (table != NULL)
		free_table(table, PAGE_MAP_TABLE);
	return true;
}

block_t page_map_obtain(struct page_map *map, uint32_t page, bool *fresh)
{
	*fresh = false;
	if (page >= map->pages)
		return BLOCK_NONE;
	mutex_lock(&map->lock);
	block_t *entry = own_entry_of(map, page);
	if (entry == NULL) {
		mutex_unlock(&map->lock);
		if (!add_table(map, page))
			return BLOCK_NONE;
		mutex_lock(&map->lock);
		entry = own_entry_of(map, page);
	}
	block_t block = *entry;
	if (!block_is_place(block)) {
		block = partition_allocate();
		if (block != BLOCK_NONE)
			*entry = block;
		*fresh = true;
	}
	mutex_unlock(&map->lock);
	return block;
}

bool page_map_lose(struct page_map *map, uint32_t page, block_t block)
{
	bool lost = false;
	if (page >= map->pages)
		return false;
	mutex_lock(&map->lock);
	block_t *entry = own_entry_of(map, page);
	if (entry == NULL) {
		map->indirect[page / PAGE_MAP_TABLE] = lost_table;
	} else if (*entry == block) {
		*entry = BLOCK_LOST;
		lost = true;
	}
	mutex_unlock(&map->lock);
	return lost;
}
