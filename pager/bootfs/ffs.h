/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fast file system of 4.2BSD as it lies on the disk (McKusick, Joy, Leffler and Fabry 1984), in the byte order of
 * the 386; and what 4.3BSD-Tahoe and 4.4BSD put into its spare places: the format of inodes and directories, and links
 * that fit into an inode.
 *
 *   The disk is counted in sectors of 512 bytes, the file system in fragments; a block is 1, 2, 4 or 8 of them.
 *   Every cylinder group has, from its start on: a copy of the superblock (sblkno), the group itself (cblkno), its
 *   inodes (iblkno), data (dblkno); the start is cgoffset * (group & ~cgmask) fragments into the group.
 */
#pragma once
#include <stdint.h>

enum {
	FFS_SECTOR_SIZE = 512,
	FFS_SUPERBLOCK_SECTOR = 16,
	FFS_SUPERBLOCK_BYTES = 8192,   /* set aside; the structure is shorter */
	FFS_MAGIC = 0x011954,
	FFS_GROUP_MAGIC = 0x090255,
	FFS_BLOCK_MIN = 4096,
	FFS_BLOCK_MAX = 8192,          /* 4.3BSD's MAXBSIZE */
	FFS_ROOT_INODE = 2,
	FFS_DIRECT = 12,
	FFS_INDIRECT = 3,
	FFS_LINK_BYTES = (FFS_DIRECT + FFS_INDIRECT) * 4,
	FFS_DIRECTORY_CHUNK = 512,     /* no entry crosses it */
	FFS_NAME_MAX = 255,
	FFS_DYNAMIC_TABLES = 1,        /* fs_postblformat: not 4.2BSD's, so fs_inodefmt means something */
	FFS_44_INODES = 2,             /* fs_inodefmt */
};

enum ffs_mode {
	FFS_FORMAT = 0170000, FFS_DIRECTORY = 0040000, FFS_REGULAR = 0100000, FFS_SYMBOLIC_LINK = 0120000,
};
/* d_type of 4.4BSD's directories. */
enum { FFS_DT_DIRECTORY = 4, FFS_DT_REGULAR = 8, FFS_DT_LINK = 10 };

struct ffs_summary {
	uint32_t directories, free_blocks, free_inodes, free_fragments;
};

struct ffs_superblock {
	uint32_t fs_link, fs_rlink;
	uint32_t fs_sblkno, fs_cblkno, fs_iblkno, fs_dblkno;       /* fragments from a group's start */
	uint32_t fs_cgoffset, fs_cgmask;
	uint32_t fs_time;
	uint32_t fs_size, fs_dsize;                                /* fragments: all, and those for data */
	uint32_t fs_ncg;
	uint32_t fs_bsize, fs_fsize, fs_frag;                      /* bytes, bytes, fragments a block */
	uint32_t fs_minfree, fs_rotdelay, fs_rps;
	uint32_t fs_bmask, fs_fmask, fs_bshift, fs_fshift;
	uint32_t fs_maxcontig, fs_maxbpg;
	uint32_t fs_fragshift, fs_fsbtodb;
	uint32_t fs_sbsize, fs_csmask, fs_csshift;
	uint32_t fs_nindir, fs_inopb, fs_nspf;
	uint32_t fs_optim, fs_npsect, fs_interleave, fs_trackskew;
	uint32_t fs_id[2];
	uint32_t fs_csaddr, fs_cssize, fs_cgsize;
	uint32_t fs_ntrak, fs_nsect, fs_spc, fs_ncyl, fs_cpg;
	uint32_t fs_ipg, fs_fpg;                                   /* inodes and fragments a group */
	struct ffs_summary fs_cstotal;
	uint8_t fs_fmod, fs_clean, fs_ronly, fs_flags;
	char fs_fsmnt[512];
	uint32_t fs_cgrotor;
	uint32_t fs_csp[32];
	uint32_t fs_cpc;
	uint16_t fs_opostbl[16][8];
	uint32_t fs_spare[50];
	uint32_t fs_contigsumsize, fs_maxsymlinklen, fs_inodefmt;
	uint32_t fs_maxfilesize[2], fs_qbmask[2], fs_qfmask[2];
	uint32_t fs_state, fs_postblformat, fs_nrpos, fs_postbloff, fs_rotbloff;
	uint32_t fs_magic;
};
_Static_assert(sizeof(struct ffs_superblock) == 1376, "as 4.2BSD has it");

/* A cylinder group's head; the maps follow at the offsets that it tells. */
struct ffs_group {
	uint32_t cg_link, cg_magic, cg_time, cg_cgx;
	uint16_t cg_ncyl, cg_niblk;
	uint32_t cg_ndblk;
	struct ffs_summary cg_cs;
	uint32_t cg_rotor, cg_frotor, cg_irotor;
	uint32_t cg_frsum[8];
	uint32_t cg_btotoff, cg_boff, cg_iusedoff, cg_freeoff, cg_nextfreeoff;
	uint32_t cg_clustersumoff, cg_clusteroff, cg_nclusterblks;
	uint32_t cg_sparecon[13];
};
_Static_assert(sizeof(struct ffs_group) == 168, "as 4.4BSD has it");

struct ffs_inode {
	uint16_t di_mode, di_nlink;
	uint16_t di_ouid, di_ogid;      /* 4.2BSD's */
	uint32_t di_size, di_size_high;
	uint32_t di_atime, di_atimensec, di_mtime, di_mtimensec, di_ctime, di_ctimensec;
	uint32_t di_db[FFS_DIRECT];     /* fragment numbers of blocks; 0: a hole */
	uint32_t di_ib[FFS_INDIRECT];
	uint32_t di_flags, di_blocks, di_gen, di_uid, di_gid;
	uint32_t di_spare[2];
};
_Static_assert(sizeof(struct ffs_inode) == 128, "as 4.2BSD has it");

/* A directory's entry: this, then the name, NUL, and padding up to reclen. */
struct ffs_directory_entry {
	uint32_t d_ino;                 /* 0: free */
	uint16_t d_reclen;
	uint8_t d_type;                 /* 4.2BSD: these two bytes are the name's length */
	uint8_t d_namlen;
};

/* Numbers as they are on the disk, to and from the processor's. */
static inline uint32_t ffs_32(uint32_t number)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	return __builtin_bswap32(number);
#else
	return number;
#endif
}
static inline uint16_t ffs_16(uint16_t number)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	return __builtin_bswap16(number);
#else
	return number;
#endif
}
