/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pager/default_pager/partition.h"
#include "pager/default_pager/version.h"

enum { PAGE_SECTORS_SHIFT = VM_PAGE_SHIFT - 9, WORD_BITS = 32 };

struct partition {
	struct mutex lock;              /* bits, and free */
	struct mutex file_lock;         /* the first version's: the file's block list */
	struct paging_file file;
	uint32_t *used;                 /* a bit a page */
	uint32_t words, hint;           /* words of `used`; where the search begins */
	uint32_t total, free;           /* pages, but for bad ones; free ones of them */
};

/* The lock holds for the first version's readers of the table; for additions, which only the bootstrap makes, too. */
static struct {
	struct mutex lock;
	struct partition partition[PARTITIONS_MAX];
	uint32_t count;
} table;

static block_t block_of(uint32_t partition, uint32_t page) { return partition << 24 | page; }
static struct partition *partition_of(block_t block) { return &table.partition[block >> 24]; }
static uint32_t page_of(block_t block) { return block & (PARTITION_PAGES_MAX - 1); }

void partitions_init(void)
{
	mutex_init(&table.lock);
}

kern_return_t partition_add(const struct paging_file *file)
{
	/* The last partition's last page numbers are no places. */
	const uint32_t pages = file->pages < PARTITION_PAGES_MAX - 2 ? file->pages : PARTITION_PAGES_MAX - 2;
	const uint32_t words = (pages + WORD_BITS - 1) / WORD_BITS;
	if (table.count == PARTITIONS_MAX || pages == 0)
		return KERN_RESOURCE_SHORTAGE;
	uint32_t *used = env_allocate(words * sizeof *used);
	if (used == NULL)
		return KERN_RESOURCE_SHORTAGE;
	memset(used, 0, words * sizeof *used);
	/* What the last word has more than there are pages is in use for ever. */
	if (pages % WORD_BITS != 0)
		used[words - 1] = ~0u << pages % WORD_BITS;
	struct partition *partition = &table.partition[table.count];
	*partition = (struct partition){.file = *file, .used = used, .words = words, .total = pages, .free = pages};
	mutex_init(&partition->lock);
	mutex_init(&partition->file_lock);
	mutex_lock(&table.lock);
	table.count++;
	mutex_unlock(&table.lock);
	return KERN_SUCCESS;
}

/* The partition is locked and has a free page. */
static uint32_t take_page(struct partition *partition)
{
	uint32_t word = partition->hint;
	while (partition->used[word] == ~0u)
		word = word + 1 == partition->words ? 0 : word + 1;
	const uint32_t bit = (uint32_t)__builtin_ctz(~partition->used[word]);
	partition->used[word] |= 1u << bit;
	partition->free--;
	partition->hint = word;
	return word * WORD_BITS + bit;
}

block_t partition_allocate(void)
{
	for (uint32_t i = 0; i < table.count; i++) {
		struct partition *partition = &table.partition[i];
		block_t block = BLOCK_NONE;
		mutex_lock(&partition->lock);
		if (partition->free > 0)
			block = block_of(i, take_page(partition));
		mutex_unlock(&partition->lock);
		if (block != BLOCK_NONE)
			return block;
	}
	return BLOCK_NONE;
}

void partition_free(block_t block)
{
	struct partition *partition = partition_of(block);
	const uint32_t page = page_of(block);
	mutex_lock(&partition->lock);
	partition->used[page / WORD_BITS] &= ~(1u << page % WORD_BITS);
	partition->free++;
	mutex_unlock(&partition->lock);
}

void partition_retire(block_t block)
{
	struct partition *partition = partition_of(block);
	mutex_lock(&partition->lock);
	partition->total--;
	mutex_unlock(&partition->lock);
}

/* The partition's place in the table, and its file, were locked in the first version, though neither changes once it is
 * there. */
static void first_version_look(struct partition *partition)
{
	mutex_lock(&table.lock);
	mutex_unlock(&table.lock);
	mutex_lock(&partition->lock);
	mutex_unlock(&partition->lock);
}

void partition_place(block_t block, mach_port_t *device, uint32_t *sector)
{
	struct partition *partition = partition_of(block);
	const struct paging_file *file = &partition->file;
	const uint32_t shift = file->block_shift - VM_PAGE_SHIFT, page = page_of(block);
	if (FIRST_VERSION) {
		first_version_look(partition);
		mutex_lock(&partition->file_lock);
	}
	*device = file->device;
	*sector = file->sectors[page >> shift] + ((page & ((1u << shift) - 1)) << PAGE_SECTORS_SHIFT);
	if (FIRST_VERSION)
		mutex_unlock(&partition->file_lock);
}

void partition_info(uint32_t *total, uint32_t *free)
{
	*total = *free = 0;
	for (uint32_t i = 0; i < table.count; i++) {
		mutex_lock(&table.partition[i].lock);
		*total += table.partition[i].total;
		*free += table.partition[i].free;
		mutex_unlock(&table.partition[i].lock);
	}
}
