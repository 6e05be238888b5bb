/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lays a file system out (McKusick et al. 1984).
 *
 *   - Inodes are numbered from the root's on, in the order of the tree; files are laid down in this order, each from
 *     the next free block on and without a gap but for the heads of cylinder groups: first its indirect blocks, then
 *     its data, so that the blocks of a paging file are one run.
 *   - The end of a file of up to twelve blocks is as many fragments as it needs.
 *   - Every group has one cylinder, of the group's size: what a disk's geometry is, its driver knows.
 *   - All times are one moment; owner and group are root's.
 */
#include "layout.h"
#include "pager/bootfs/ffs.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { MOMENT = 690595200 /* 20 November 1991 */, INODE_BYTES_PER = 4096, BOOT_BYTES = 8192 };

struct layout {
	const struct layout_options *options;
	uint8_t *image;
	uint8_t *used;                              /* a byte a fragment */
	uint32_t block, fragment, per_block;        /* bytes, bytes, fragments */
	uint32_t fragments, groups, group, inodes;  /* fragments in all; groups; fragments and inodes a group */
	uint32_t sblkno, cblkno, iblkno, dblkno;    /* fragments from a group's start */
	uint32_t csaddr, cssize, cgsize;            /* fragment; bytes */
	uint32_t next_inode, next;                  /* the next inode; the next fragment to be given out */
	uint32_t *directories;                      /* by group */
};

static uint32_t up(uint64_t number, uint32_t multiple)
{
	return (uint32_t)((number + multiple - 1) / multiple * multiple);
}
static uint32_t log2_of(uint32_t number) { return (uint32_t)__builtin_ctz(number); }
static void *fragment_at(const struct layout *l, uint32_t fragment)
{
	return l->image + (uint64_t)fragment * l->fragment;
}

/* --- Sizes --- */

/* Bytes of a group's structure: head, two tables of the cylinder, bits of inodes and fragments. */
static uint32_t group_bytes(uint32_t inodes, uint32_t fragments)
{
	return (uint32_t)sizeof(struct ffs_group) + 4 + 2 + up(inodes, 8) / 8 + up(fragments, 8) / 8 + 4;
}

/* The inodes of a group: one for INODE_BYTES_PER bytes, filling blocks. */
static uint32_t inodes_for(const struct layout *l, uint32_t fragments)
{
	const uint32_t a_block = l->block / sizeof(struct ffs_inode);
	const uint32_t wanted = (uint32_t)((uint64_t)fragments * l->fragment / INODE_BYTES_PER);
	/* cg_niblk has 16 bits, of which some systems take the highest for a sign. */
	return up(wanted < 32000 ? wanted + 1 : 32000, a_block);
}

static void set_group_size(struct layout *l)
{
	uint64_t most = l->options->group_size ? l->options->group_size / l->fragment : l->fragments;
	if (most > l->fragments)
		most = l->fragments;
	uint32_t fragments = (uint32_t)most / l->per_block * l->per_block;
	while (fragments > 0 && group_bytes(inodes_for(l, fragments), fragments) > l->block)
		fragments -= l->per_block;
	l->group = fragments;
	l->inodes = inodes_for(l, fragments);
}

static void set_sizes(struct layout *l)
{
	const struct layout_options *options = l->options;
	l->block = options->block_size;
	l->fragment = options->fragment_size;
	l->per_block = l->block / l->fragment;
	l->fragments = (uint32_t)(options->size / l->fragment) / l->per_block * l->per_block;
	set_group_size(l);
	l->sblkno = up(up(BOOT_BYTES + FFS_SUPERBLOCK_BYTES, l->fragment) / l->fragment, l->per_block);
	l->cblkno = l->sblkno + up(FFS_SUPERBLOCK_BYTES / l->fragment, l->per_block);
	l->iblkno = l->cblkno + l->per_block;
	l->dblkno = l->iblkno + l->inodes * (uint32_t)sizeof(struct ffs_inode) / l->fragment;
	if (l->group <= l->dblkno)
		complain("a cylinder group is too small for its inodes");
	l->groups = l->fragments / l->group;
	/* A last group that has no room for data is left out; one that has is a group. */
	if (l->fragments % l->group > l->dblkno)
		l->groups++;
	else
		l->fragments = l->groups * l->group;
	l->csaddr = l->dblkno;
	l->cssize = up(l->groups * sizeof(struct ffs_summary), l->fragment);
	l->cgsize = up(group_bytes(l->inodes, l->group), l->fragment);
}

static uint32_t group_end(const struct layout *l, uint32_t group)
{
	return group + 1 == l->groups ? l->fragments : (group + 1) * l->group;
}

/* Marks what belongs to the groups themselves: of the first also boot block and summaries. */
static void mark_heads(struct layout *l)
{
	for (uint32_t g = 0; g < l->groups; g++) {
		const uint32_t base = g * l->group, first = g == 0 ? 0 : l->sblkno;
		memset(l->used + base + first, 1, l->dblkno - first);
	}
	memset(l->used + l->csaddr, 1, l->cssize / l->fragment);
	l->next = up(l->csaddr + l->cssize / l->fragment, l->per_block);
}

/* --- Giving out --- */

/* So many fragments of one block: a whole one begins where blocks do. */
static uint32_t take(struct layout *l, uint32_t fragments)
{
	const uint32_t within = l->next % l->per_block;
	if (within != 0 && within + fragments > l->per_block)
		l->next = up(l->next, l->per_block);
	const uint32_t group = l->next / l->group;
	if (l->next - group * l->group < l->dblkno)
		l->next = group * l->group + l->dblkno;
	if (l->next + fragments > l->fragments)
		complain("the files do not fit into %llu bytes", (unsigned long long)l->options->size);
	const uint32_t taken = l->next;
	memset(l->used + taken, 1, fragments);
	l->next += fragments;
	return taken;
}

static struct ffs_inode *inode_at(const struct layout *l, uint32_t number)
{
	const uint32_t group = number / l->inodes;
	return (struct ffs_inode *)fragment_at(l, group * l->group + l->iblkno) + number % l->inodes;
}

static void number_nodes(struct layout *l, struct node *node)
{
	node->inode = l->next_inode++;
	if (node->inode >= l->groups * l->inodes)
		complain("more files than inodes");
	if (node->kind == NODE_DIRECTORY)
		l->directories[node->inode / l->inodes]++;
	for (struct node *child = node->children; child != NULL; child = child->next)
		number_nodes(l, child);
}

/* --- Contents --- */

/* Appends an entry; the last one of a chunk takes what is left of it. */
struct entries {
	const struct layout *layout;
	uint8_t *data;
	uint32_t size, last;                        /* bytes; where the last entry is */
};

static void put_entry(struct entries *entries, const char *name, uint32_t inode, enum node_kind kind)
{
	static const uint8_t types[] = {
		[NODE_DIRECTORY] = FFS_DT_DIRECTORY, [NODE_FILE] = FFS_DT_REGULAR, [NODE_LINK] = FFS_DT_LINK,
	};
	const uint32_t length = (uint32_t)strlen(name);
	const uint32_t bytes = (uint32_t)sizeof(struct ffs_directory_entry) + up(length + 1, 4);
	const uint32_t used = entries->size % FFS_DIRECTORY_CHUNK;
	if (used != 0 && used + bytes > FFS_DIRECTORY_CHUNK) {
		struct ffs_directory_entry *last = (void *)(entries->data + entries->last);
		last->d_reclen = ffs_16((uint16_t)(ffs_16(last->d_reclen) + FFS_DIRECTORY_CHUNK - used));
		entries->size += FFS_DIRECTORY_CHUNK - used;
	}
	struct ffs_directory_entry *entry = (void *)(entries->data + entries->size);
	entry->d_ino = ffs_32(inode);
	entry->d_reclen = ffs_16((uint16_t)bytes);
	if (entries->layout->options->old_format) {
		entry->d_type = (uint8_t)length;
	} else {
		entry->d_type = types[kind];
		entry->d_namlen = (uint8_t)length;
	}
	memcpy(entry + 1, name, length);
	entries->last = entries->size;
	entries->size += bytes;
}

static void fill_directory(struct layout *l, struct node *node)
{
	uint64_t room = 2 * FFS_DIRECTORY_CHUNK;
	for (const struct node *child = node->children; child != NULL; child = child->next)
		room += 2 * (sizeof(struct ffs_directory_entry) + FFS_NAME_MAX + 1);
	struct entries entries = {.layout = l, .data = allocate(room)};
	put_entry(&entries, ".", node->inode, NODE_DIRECTORY);
	put_entry(&entries, "..", node->parent->inode, NODE_DIRECTORY);
	for (const struct node *child = node->children; child != NULL; child = child->next)
		put_entry(&entries, child->name, child->inode, child->kind);
	struct ffs_directory_entry *last = (void *)(entries.data + entries.last);
	const uint32_t size = up(entries.size, FFS_DIRECTORY_CHUNK);
	last->d_reclen = ffs_16((uint16_t)(ffs_16(last->d_reclen) + size - entries.size));
	node->data = entries.data;
	node->size = size;
}

/* The file whose blocks are being laid: direct ones first, then those of one and two levels. */
struct laying {
	struct layout *layout;
	struct ffs_inode *inode;
	uint32_t *tables;                           /* blocks of entries: the first level's, then the second's tables */
	uint32_t taken;                             /* fragments */
};

static void set_entry(struct laying *f, uint32_t index, uint32_t fragment)
{
	struct layout *l = f->layout;
	const uint32_t entries = l->block / 4;
	if (index < FFS_DIRECT) {
		f->inode->di_db[index] = ffs_32(fragment);
		return;
	}
	index -= FFS_DIRECT;
	uint32_t *table = fragment_at(l, ffs_32(f->inode->di_ib[0]));
	if (index >= entries) {
		index -= entries;
		const uint32_t *second = fragment_at(l, ffs_32(f->inode->di_ib[1]));
		table = fragment_at(l, ffs_32(second[index / entries]));
	}
	table[index % entries] = ffs_32(fragment);
}

static uint32_t take_table(struct laying *f)
{
	f->taken += f->layout->per_block;
	return take(f->layout, f->layout->per_block);
}

static void take_tables(struct laying *f, uint64_t blocks)
{
	const uint32_t entries = f->layout->block / 4;
	if (blocks > FFS_DIRECT)
		f->inode->di_ib[0] = ffs_32(take_table(f));
	if (blocks <= FFS_DIRECT + entries)
		return;
	const uint32_t second = take_table(f);
	f->inode->di_ib[1] = ffs_32(second);
	for (uint64_t done = FFS_DIRECT + entries, i = 0; done < blocks; done += entries, i++) {
		const uint32_t table = take_table(f);
		((uint32_t *)fragment_at(f->layout, second))[i] = ffs_32(table);
	}
}

static void lay_blocks(struct layout *l, const struct node *node, struct ffs_inode *inode)
{
	struct laying file = {.layout = l, .inode = inode};
	const uint64_t blocks = (node->size + l->block - 1) / l->block, entries = l->block / 4;
	if (blocks > FFS_DIRECT + entries + entries * entries || node->size > UINT32_MAX)
		complain("%s is too large", node->name);
	take_tables(&file, blocks);
	for (uint64_t i = 0; i < blocks; i++) {
		const uint64_t left = node->size - i * l->block, bytes = left < l->block ? left : l->block;
		if (node->hole_every != 0 && i % node->hole_every == node->hole_every - 1)
			continue;
		/* Beyond the direct blocks there are no fragments. */
		const uint32_t fragments = blocks > FFS_DIRECT ? l->per_block : up(bytes, l->fragment) / l->fragment;
		const uint32_t place = take(l, fragments);
		file.taken += fragments;
		set_entry(&file, (uint32_t)i, place);
		if (node->data != NULL)
			memcpy(fragment_at(l, place), node->data + i * l->block, bytes);
	}
	inode->di_blocks = ffs_32(file.taken * (l->fragment / FFS_SECTOR_SIZE));
}

static uint16_t links_to(const struct node *node)
{
	uint16_t links = node->kind == NODE_DIRECTORY ? 2 : 1;
	for (const struct node *child = node->children; child != NULL; child = child->next)
		links += child->kind == NODE_DIRECTORY;
	return links;
}

static void lay_node(struct layout *l, struct node *node)
{
	static const uint16_t modes[] = {
		[NODE_DIRECTORY] = FFS_DIRECTORY | 0755, [NODE_FILE] = FFS_REGULAR | 0644,
		[NODE_LINK] = FFS_SYMBOLIC_LINK | 0777,
	};
	struct ffs_inode *inode = inode_at(l, node->inode);
	if (node->kind == NODE_DIRECTORY)
		fill_directory(l, node);
	inode->di_mode = ffs_16(modes[node->kind] | (node->executable ? 0111 : 0));
	inode->di_nlink = ffs_16(links_to(node));
	inode->di_size = ffs_32((uint32_t)node->size);
	inode->di_atime = inode->di_mtime = inode->di_ctime = ffs_32(MOMENT);
	if (node->kind == NODE_LINK && !l->options->old_format && node->size < FFS_LINK_BYTES)
		memcpy(inode->di_db, node->data, node->size);
	else
		lay_blocks(l, node, inode);
	for (struct node *child = node->children; child != NULL; child = child->next)
		lay_node(l, child);
}

/* --- The books --- */

/* Counts a group's free blocks and fragments, and marks them in its bits. */
static void count_free(const struct layout *l, uint32_t base, uint32_t end, struct ffs_group *group, uint8_t *free_bits)
{
	for (uint32_t block = base; block < end; block += l->per_block) {
		uint32_t run = 0, free = 0;
		for (uint32_t i = 0; i <= l->per_block; i++) {
			if (i < l->per_block && !l->used[block + i]) {
				free_bits[(block + i - base) / 8] |= (uint8_t)(1 << (block + i - base) % 8);
				run++;
				free++;
			} else if (run != 0) {
				if (run < l->per_block)
					group->cg_frsum[run]++;
				run = 0;
			}
		}
		if (free == l->per_block)
			group->cg_cs.free_blocks++;
		else
			group->cg_cs.free_fragments += free;
	}
}

static void count_inodes(const struct layout *l, uint32_t g, struct ffs_group *group, uint8_t *used_bits)
{
	for (uint32_t i = 0; i < l->inodes; i++) {
		const uint32_t number = g * l->inodes + i;
		if (number < l->next_inode)
			used_bits[i / 8] |= (uint8_t)(1 << i % 8);
		else
			group->cg_cs.free_inodes++;
	}
	group->cg_cs.directories = l->directories[g];
}

static void to_disk(uint32_t *numbers, size_t bytes)
{
	for (size_t i = 0; i < bytes / 4; i++)
		numbers[i] = ffs_32(numbers[i]);
}

static struct ffs_summary write_group(const struct layout *l, uint32_t g)
{
	uint8_t *at = fragment_at(l, g * l->group + l->cblkno);
	struct ffs_group *group = (void *)at;
	const uint32_t base = g * l->group, end = group_end(l, g);
	group->cg_magic = FFS_GROUP_MAGIC;
	group->cg_time = MOMENT;
	group->cg_cgx = g;
	group->cg_ncyl = ffs_16(1);
	group->cg_niblk = ffs_16((uint16_t)l->inodes);
	group->cg_ndblk = end - base;
	group->cg_btotoff = sizeof *group;
	group->cg_boff = group->cg_btotoff + 4;
	group->cg_iusedoff = group->cg_boff + 2;
	group->cg_freeoff = group->cg_iusedoff + up(l->inodes, 8) / 8;
	group->cg_nextfreeoff = group->cg_freeoff + up(l->group, 8) / 8;
	count_inodes(l, g, group, at + group->cg_iusedoff);
	count_free(l, base, end, group, at + group->cg_freeoff);
	const struct ffs_summary summary = group->cg_cs;
	const uint32_t total = ffs_32(summary.free_blocks);
	const uint16_t position = ffs_16((uint16_t)summary.free_blocks);
	memcpy(at + group->cg_btotoff, &total, sizeof total);
	memcpy(at + group->cg_boff, &position, sizeof position);
	to_disk(&group->cg_link, 16);
	to_disk(&group->cg_ndblk, sizeof *group - offsetof(struct ffs_group, cg_ndblk));
	return summary;
}

static struct ffs_superblock superblock(const struct layout *l, struct ffs_summary total)
{
	const bool old = l->options->old_format;
	const uint32_t group_sectors = l->group * (l->fragment / FFS_SECTOR_SIZE);
	const uint64_t n = l->block / 4, largest = (FFS_DIRECT + n + n * n + n * n * n) * l->block - 1;
	return (struct ffs_superblock){
		.fs_sblkno = l->sblkno, .fs_cblkno = l->cblkno, .fs_iblkno = l->iblkno, .fs_dblkno = l->dblkno,
		.fs_cgmask = ~0u, .fs_time = MOMENT, .fs_size = l->fragments,
		.fs_dsize = l->fragments - l->sblkno - l->groups * (l->dblkno - l->sblkno) - l->cssize / l->fragment,
		.fs_ncg = l->groups, .fs_bsize = l->block, .fs_fsize = l->fragment, .fs_frag = l->per_block,
		.fs_minfree = 5, .fs_rps = 60, .fs_bmask = ~(l->block - 1), .fs_fmask = ~(l->fragment - 1),
		.fs_bshift = log2_of(l->block), .fs_fshift = log2_of(l->fragment), .fs_maxcontig = 1,
		.fs_maxbpg = l->block / 4, .fs_fragshift = log2_of(l->per_block),
		.fs_fsbtodb = log2_of(l->fragment / FFS_SECTOR_SIZE),
		.fs_sbsize = up(sizeof(struct ffs_superblock), l->fragment),
		.fs_csmask = ~(l->block / 16 - 1), .fs_csshift = log2_of(l->block / 16), .fs_nindir = l->block / 4,
		.fs_inopb = l->block / 128, .fs_nspf = l->fragment / FFS_SECTOR_SIZE, .fs_npsect = group_sectors,
		.fs_interleave = 1, .fs_csaddr = l->csaddr, .fs_cssize = l->cssize, .fs_cgsize = l->cgsize,
		.fs_ntrak = 1, .fs_nsect = group_sectors, .fs_spc = group_sectors, .fs_ncyl = l->groups,
		.fs_cpg = 1, .fs_ipg = l->inodes, .fs_fpg = l->group, .fs_cstotal = total, .fs_clean = 1,
		.fs_maxsymlinklen = old ? 0 : FFS_LINK_BYTES, .fs_inodefmt = old ? ~0u : FFS_44_INODES,
		.fs_maxfilesize = {(uint32_t)largest, (uint32_t)(largest >> 32)}, .fs_qbmask = {l->block - 1, 0},
		.fs_qfmask = {l->fragment - 1, 0}, .fs_postblformat = FFS_DYNAMIC_TABLES, .fs_nrpos = 1,
		.fs_postbloff = sizeof(struct ffs_superblock), .fs_rotbloff = sizeof(struct ffs_superblock),
		.fs_magic = FFS_MAGIC,
	};
}

static void write_books(const struct layout *l)
{
	struct ffs_summary total = {0}, *summaries = fragment_at(l, l->csaddr);
	for (uint32_t g = 0; g < l->groups; g++) {
		const struct ffs_summary one = write_group(l, g);
		summaries[g] = one;
		to_disk(&summaries[g].directories, sizeof one);
		total.directories += one.directories;
		total.free_blocks += one.free_blocks;
		total.free_inodes += one.free_inodes;
		total.free_fragments += one.free_fragments;
	}
	const struct ffs_superblock host = superblock(l, total);
	struct ffs_superblock disk = host;
	to_disk(&disk.fs_link, offsetof(struct ffs_superblock, fs_fmod));
	to_disk(&disk.fs_spare[0], sizeof disk - offsetof(struct ffs_superblock, fs_spare));
	memcpy(l->image + FFS_SUPERBLOCK_SECTOR * FFS_SECTOR_SIZE, &disk, sizeof disk);
	for (uint32_t g = 0; g < l->groups; g++)
		memcpy(fragment_at(l, g * l->group + l->sblkno), &disk, sizeof disk);
}

uint8_t *layout_image(struct node *root, const struct layout_options *options)
{
	struct layout l = {.options = options, .next_inode = FFS_ROOT_INODE};
	set_sizes(&l);
	l.image = allocate(options->size);
	l.used = allocate(l.fragments + 1);
	l.directories = allocate(l.groups * sizeof *l.directories);
	mark_heads(&l);
	number_nodes(&l, root);
	lay_node(&l, root);
	write_books(&l);
	free(l.used);
	free(l.directories);
	return l.image;
}
