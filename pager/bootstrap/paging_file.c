/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The paging file (GD91 §5.2): found by its well-known name, and turned into a list of blocks while the file system
 * can be read. It must have all its blocks: the pager cannot allocate any.
 */
#include "pager/bootstrap/bootstrap.h"
#include "pager/default_pager/default_pager.h"
#include "pager/default_pager/partition.h"

static const char paging_file_name[] = "/mach_servers/paging_file";

static void check(enum bootfs_result result)
{
	if (result != BOOTFS_OK)
		bootstrap_fail("cannot be used", paging_file_name, bootfs_text(result), 0);
}

/* Where all its whole blocks are. */
static uint32_t *block_list(struct bootfs_file *file, uint32_t blocks)
{
	uint32_t *sectors = env_allocate(blocks * sizeof *sectors);
	if (sectors == NULL)
		bootstrap_fail("cannot be used", paging_file_name, "no memory for the list of its blocks", 0);
	for (uint32_t i = 0; i < blocks; i++) {
		check(bootfs_block_sector(file, i, &sectors[i]));
		if (sectors[i] == 0)
			check(BOOTFS_HOLE);
	}
	return sectors;
}

void bootstrap_start_pager(struct bootstrap *bootstrap)
{
	struct bootfs_file file;
	check(bootfs_open(&bootstrap->fs, paging_file_name, &file));
	if (bootfs_is_directory(&file))
		check(BOOTFS_NOT_FILE);
	const uint32_t blocks = file.size >> bootstrap->fs.block_shift;
	if (blocks == 0)
		bootstrap_fail("cannot be used", paging_file_name, "it has no block", 0);
	const struct paging_file space = {
		.device = bootstrap->device, .block_shift = bootstrap->fs.block_shift,
		.pages = blocks << (bootstrap->fs.block_shift - VM_PAGE_SHIFT), .sectors = block_list(&file, blocks),
	};
	const kern_return_t result = default_pager_start(bootstrap->host_priv, &space);
	if (result != KERN_SUCCESS)
		bootstrap_fail("does not start", "the default pager", NULL, result);
}
