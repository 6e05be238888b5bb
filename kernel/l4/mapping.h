/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which space has which page from whom: the mapping trees of L95, appendix A.
 *
 * Pages are numbered: 0 .. 2^20-1 are pages of memory, PAGE_PORT + p is I/O port p (a very small page, L95 §2.1).
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct space;

typedef uint32_t page_t;
enum { PAGE_PORT = 1 << 20, PAGE_COUNT = PAGE_PORT + 65536 };

enum rights { RIGHT_READ = 1, RIGHT_WRITE = 2, RIGHTS_ALL = 3 };

/* A node of a tree: "this space has the frame at this page, and got it from parent". */
struct mapping {
	struct space *space;
	page_t page;
	struct mapping *parent, *child, *next, *previous;
};

enum mapping_result {
	MAPPING_DONE,
	MAPPING_NOTHING,    /* the source had no such page (any more) */
	MAPPING_NO_MEMORY,  /* no memory for a node or a page table; the destination is empty then */
};

/* --- What the trees stand on: the tables P of appendix A. Arch code, or a test. --- */

/* The node of a space's page, NULL if the space has none there. */
struct mapping *pmap_mapping(struct space *space, page_t page);
enum rights pmap_rights(struct space *space, page_t page);
page_t pmap_frame(struct space *space, page_t page);
/* Fills an empty page; false if there is no memory for its table. */
bool pmap_enter(struct space *space, page_t page, page_t frame, enum rights rights, struct mapping *mapping);
void pmap_remove(struct space *space, page_t page);
void pmap_protect(struct space *space, page_t page, enum rights rights);
/* The root of this frame's tree is gone: its frame goes back to whoever owns frames by construction. */
void pmap_frame_free(page_t frame);

/* --- The operations --- */

/* σ0 v := r: the root of a new tree; the caller knows that the frame has no tree and the page is empty. */
enum mapping_result mapping_root(struct space *space, page_t page, page_t frame, enum rights rights);
/* σ' v' <- (σ, v), with the source's rights and `rights`, whichever is less. */
enum mapping_result mapping_map(struct space *from, page_t page, struct space *to, page_t to_page, enum rights rights);
/* σ' v' <- σ v, and σ v := nil; what had been mapped on from there is now mapped on from σ' v'. */
enum mapping_result mapping_grant(struct space *from, page_t page, struct space *to, page_t to_page,
                                  enum rights rights);
/* Takes `rights` from all pages that were mapped, directly or not, from this one (all rights: the pages go), and with
 * `self` from this one too. */
void mapping_flush(struct space *space, page_t page, enum rights rights, bool self);
