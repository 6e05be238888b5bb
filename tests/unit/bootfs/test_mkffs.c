/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mkffs's images as fsck would look at them: every fragment is the groups' own, or one file's, or free; the maps, the
 * groups' counts and the totals say the same. And what mkffs refuses.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/bootfs/image.h"

struct check {
	const uint8_t *bytes;
	const struct ffs_superblock *super;
	uint8_t *owner;                 /* a byte a fragment: 0 nobody's */
};

static const uint8_t *at(const struct check *c, uint32_t fragment)
{
	return c->bytes + (size_t)fragment * c->super->fs_fsize;
}

static void claim(struct check *c, uint32_t fragment, uint32_t count)
{
	for (uint32_t i = fragment; i < fragment + count; i++) {
		cr_assert(i < c->super->fs_size && c->owner[i] == 0, "fragment %u has two owners", i);
		c->owner[i] = 1;
	}
}

/* An indirect block with so many levels below; *left: blocks of the file that are still to be found. */
static uint32_t claim_tree(struct check *c, uint32_t block, unsigned levels, uint64_t *left)
{
	const uint32_t entries = c->super->fs_nindir, frag = c->super->fs_frag;
	uint32_t held = frag;
	claim(c, block, frag);
	const uint32_t *table = (const uint32_t *)at(c, block);
	for (uint32_t i = 0; i < entries && *left > 0; i++) {
		if (levels > 1) {
			held += claim_tree(c, table[i], levels - 1, left);
			continue;
		}
		if (table[i] != 0) {
			claim(c, table[i], frag);
			held += frag;
		}
		--*left;
	}
	return held;
}

static void check_inode(struct check *c, const struct ffs_inode *inode)
{
	const uint32_t bsize = c->super->fs_bsize, fsize = c->super->fs_fsize;
	uint64_t left = (inode->di_size + (uint64_t)bsize - 1) / bsize;
	const bool has_fragments = left <= FFS_DIRECT;
	uint32_t held = 0;
	if ((inode->di_mode & FFS_FORMAT) == FFS_SYMBOLIC_LINK && inode->di_size < c->super->fs_maxsymlinklen) {
		cr_assert_eq(inode->di_blocks, 0);
		return;
	}
	for (unsigned i = 0; i < FFS_DIRECT && left > 0; i++, left--) {
		const uint32_t bytes = left == 1 && has_fragments ? inode->di_size - i * bsize : bsize;
		const uint32_t count = (bytes + fsize - 1) / fsize;
		if (inode->di_db[i] == 0)
			continue;
		cr_assert(inode->di_db[i] % c->super->fs_frag + count <= c->super->fs_frag, "fragments across blocks");
		claim(c, inode->di_db[i], count);
		held += count;
	}
	for (unsigned i = 0; i < FFS_INDIRECT && left > 0; i++)
		held += claim_tree(c, inode->di_ib[i], i + 1, &left);
	cr_assert_eq(left, 0);
	cr_assert_eq(inode->di_blocks, held * (fsize / FFS_SECTOR_SIZE));
}

static void claim_heads(struct check *c)
{
	const struct ffs_superblock *s = c->super;
	claim(c, 0, s->fs_sblkno);
	for (uint32_t g = 0; g < s->fs_ncg; g++)
		claim(c, g * s->fs_fpg + s->fs_sblkno, s->fs_dblkno - s->fs_sblkno);
	claim(c, s->fs_csaddr, s->fs_cssize / s->fs_fsize);
}

static void check_inodes(struct check *c, uint32_t g, const struct ffs_group *group, struct ffs_summary *sum)
{
	const struct ffs_superblock *s = c->super;
	const struct ffs_inode *inodes = (const void *)at(c, g * s->fs_fpg + s->fs_iblkno);
	const uint8_t *used = (const uint8_t *)group + group->cg_iusedoff;
	for (uint32_t i = 0; i < s->fs_ipg; i++) {
		const bool is_used = used[i / 8] >> i % 8 & 1;
		cr_assert_eq(is_used, inodes[i].di_mode != 0 || g * s->fs_ipg + i < FFS_ROOT_INODE);
		sum->free_inodes += !is_used;
		sum->directories += (inodes[i].di_mode & FFS_FORMAT) == FFS_DIRECTORY;
		if (inodes[i].di_mode != 0)
			check_inode(c, &inodes[i]);
	}
}

static void check_free(struct check *c, uint32_t g, const struct ffs_group *group, struct ffs_summary *sum)
{
	const struct ffs_superblock *s = c->super;
	const uint8_t *bits = (const uint8_t *)group + group->cg_freeoff;
	uint32_t runs[8] = {0};
	for (uint32_t b = 0; b < group->cg_ndblk; b += s->fs_frag) {
		uint32_t free = 0, run = 0;
		for (uint32_t i = b; i < b + s->fs_frag; i++) {
			const bool is_free = bits[i / 8] >> i % 8 & 1;
			cr_assert_eq(is_free, !c->owner[g * s->fs_fpg + i], "fragment %u of group %u", i, g);
			free += is_free;
			if (!is_free && run > 0)
				runs[run]++;
			run = is_free ? run + 1 : 0;
		}
		if (run > 0 && run < s->fs_frag)
			runs[run]++;
		sum->free_blocks += free == s->fs_frag;
		sum->free_fragments += free == s->fs_frag ? 0 : free;
	}
	cr_assert(memcmp(runs + 1, group->cg_frsum + 1, 7 * sizeof runs[0]) == 0);
}

static void check_image(const struct device *device)
{
	struct check c = {device->bytes, (const void *)(device->bytes + 8192), NULL};
	const struct ffs_superblock *s = c.super;
	struct ffs_summary total = {0}, sums[64] = {{0}};
	c.owner = calloc(1, s->fs_size);
	cr_assert(s->fs_ncg <= 64);
	claim_heads(&c);
	for (uint32_t g = 0; g < s->fs_ncg; g++) {
		const struct ffs_group *group = (const void *)at(&c, g * s->fs_fpg + s->fs_cblkno);
		cr_assert_eq(group->cg_magic, FFS_GROUP_MAGIC);
		cr_assert(group->cg_nextfreeoff <= s->fs_cgsize && s->fs_cgsize <= s->fs_bsize);
		cr_assert(memcmp(s, at(&c, g * s->fs_fpg + s->fs_sblkno), sizeof *s) == 0, "the superblock's copies");
		check_inodes(&c, g, group, &sums[g]);
	}
	for (uint32_t g = 0; g < s->fs_ncg; g++) {
		const struct ffs_group *group = (const void *)at(&c, g * s->fs_fpg + s->fs_cblkno);
		check_free(&c, g, group, &sums[g]);
		cr_assert(memcmp(&sums[g], &group->cg_cs, sizeof sums[g]) == 0, "group %u's counts", g);
		total.directories += sums[g].directories;
		total.free_blocks += sums[g].free_blocks;
		total.free_inodes += sums[g].free_inodes;
		total.free_fragments += sums[g].free_fragments;
	}
	cr_assert(memcmp(sums, at(&c, s->fs_csaddr), s->fs_ncg * sizeof sums[0]) == 0, "the summaries");
	cr_assert(memcmp(&total, &s->fs_cstotal, sizeof total) == 0, "the totals");
	free(c.owner);
}

Test(mkffs, every_fragment_has_one_owner_and_the_books_agree)
{
	static const char *const formats[][7] = {
		{"--block", "8192", "--fragment", "1024", "--group", "64M", "/x/"},
		{"--block", "8192", "--fragment", "1024", "--group", "2M", "--old"},
		{"--block", "4096", "--fragment", "512", "--group", "1M", "/x/"},
		{"--block", "4096", "--fragment", "4096", "--group", "3M", "--old"},
	};
	uint8_t *bytes;
	const char *small = random_file("small", 777, 1, &bytes), *large = random_file("large", 700001, 2, &bytes);
	for (unsigned i = 0; i < sizeof formats / sizeof formats[0]; i++) {
		const char *const *f = formats[i];
		struct device device = make_image((const char *const[]){
			"--size", "16M", f[0], f[1], f[2], f[3], f[4], f[5], f[6],
			text("/a/small=%s", small), text("/a/large=%s", large),
			text("/b/small=%s", small), "/paging:zero=6M", "/holes:holes=400K/5", "/short:link=a/small",
			"/long:link=a/../a/../a/../a/../a/../a/../a/../a/../a/../a/../a/../a/small", "/zero:zero=0",
			NULL});
		check_image(&device);
		free_image(&device);
	}
}

Test(mkffs, the_order_of_its_arguments_and_of_the_hosts_directories_is_nothing)
{
	uint8_t *bytes;
	const char *one = text("/d/one=%s", random_file("one", 5000, 1, &bytes));
	const char *two = text("/d/two=%s", random_file("two", 100, 2, &bytes));
	struct device a = make_image((const char *const[]){"--size", "1M", one, two, "/e/", "/l:link=d/one", NULL});
	struct device b = make_image((const char *const[]){"/l:link=d/one", two, "/e/", "--size", "1M", one, NULL});
	cr_assert(a.size == b.size && memcmp(a.bytes, b.bytes, a.size) == 0);
	cr_assert_eq(system(text("cd %s && mkdir d e && mv one two d && ln -s d/one l && rm image", folder())), 0);
	struct device c = make_image((const char *const[]){"--size", "1M", text("/:tree=%s", folder()), NULL});
	cr_assert(a.size == c.size && memcmp(a.bytes, c.bytes, a.size) == 0);
	free_image(&a);
	free_image(&b);
	free_image(&c);
}

Test(mkffs, what_it_cannot_make_it_refuses_in_words)
{
	static const struct { const char *words[6], *said; } cases[] = {
		{{"--size", "1M", "/f:zero=2M"}, "do not fit"},
		{{"--size", "10K", "/f:zero=1"}, "--size"},
		{{"--size", "1M", "--block", "5000"}, "4096 or 8192"},
		{{"--size", "1M", "--fragment", "256"}, "fragment"},
		{{"--size", "1M", "--what", "1"}, "no such option"},
		{{"--size"}, "value is missing"},
		{{"--size", "-1"}, "number of bytes"},
		{{"--size", "1Q"}, "number of bytes"},
		{{"--size", "1M", "/f=/nonexistent/file"}, "No such file"},
		{{"--size", "1M", "/f:zero=1", "/f:zero=1"}, "there already"},
		{{"--size", "1M", "/f:zero=1", "/f/g:zero=1"}, "there already"},
		{{"--size", "1M", "/a/../f:zero=1"}, "has a .."},
		{{"--size", "1M", "/f:holes=1000"}, "holes=BYTES/N"},
		{{"--size", "1M", "/f:what=1"}, "zero="},
		{{"--size", "1M", "word"}, "PATH=FILE"},
	};
	for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char said[512];
		cr_assert_eq(run_mkffs(cases[i].words, text("%s/image", folder()), said, sizeof said), 1, "case %u", i);
		cr_assert(strncmp(said, "mkffs: ", 7) == 0 && strstr(said, cases[i].said) != NULL, "case %u: %s", i,
		          said);
	}
}
