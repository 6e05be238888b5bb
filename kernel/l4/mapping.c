/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mapping trees (L95, appendix A, "Implementing the Model"): one tree a frame, its nodes the pages (σ, v) that show it.
 * Pv is the page table, kept by pmap, and linked to the node, so that a node is selected in a single step.
 *
 *   1. A page is in the page table if and only if it has a node; both name the same space, page and frame.
 *   2. All nodes of a tree show one frame, and no frame has two trees.
 *   3. A child has no right that its parent has not.
 *   4. The destination is flushed before anything is written to it; if that takes the source away, because
 *      it had come from there, there is nothing left to map, and no cycle can arise.
 *
 * The definition of grant, σ'v' <- σv; σv <- nil, read to the letter would flush what σv was mapped on to; the
 * implementation that the same appendix recommends replaces the node's contents and leaves its children.  The two
 * differ, and this is the second.
 *
 * No recursion: kernel stacks are a few hundred bytes, trees are as deep as users like.
 */
#include "l4/mapping.h"
#include "base/memory.h"

/* --- Nodes: carved out of pages, never given back --- */

static struct mapping *free_nodes; /* linked by `next` */

static struct mapping *node_allocate(void)
{
	if (!free_nodes) {
		struct mapping *page = kmem_page();
		if (!page)
			return NULL;
		for (unsigned i = 0; i < PAGE_SIZE / sizeof *page; i++) {
			page[i].next = free_nodes;
			free_nodes = &page[i];
		}
	}
	struct mapping *node = free_nodes;
	free_nodes = node->next;
	return node;
}

static void node_free(struct mapping *node)
{
	node->next = free_nodes;
	free_nodes = node;
}

static void node_link(struct mapping *parent, struct mapping *node)
{
	node->parent = parent;
	node->child = NULL;
	node->previous = NULL;
	node->next = parent ? parent->child : NULL;
	if (node->next)
		node->next->previous = node;
	if (parent)
		parent->child = node;
}

static void node_unlink(struct mapping *node)
{
	if (node->next)
		node->next->previous = node->previous;
	if (node->previous)
		node->previous->next = node->next;
	else if (node->parent)
		node->parent->child = node->next;
}

/* --- Walks over what is below a node --- */

/* Takes a node that has no children out of its tree and its page table. */
static void erase(struct mapping *node)
{
	const page_t frame = pmap_frame(node->space, node->page);
	pmap_remove(node->space, node->page);
	node_unlink(node);
	if (!node->parent)
		pmap_frame_free(frame);
	node_free(node);
}

static void erase_below(struct mapping *top)
{
	for (struct mapping *node = top; top->child;) {
		while (node->child)
			node = node->child;
		struct mapping *parent = node->parent;
		erase(node);
		node = parent;
	}
}

/* The next node of a walk, parents first, through all that is below top; NULL at the end. */
static struct mapping *next_below(const struct mapping *top, struct mapping *node)
{
	if (node->child)
		return node->child;
	while (node != top && !node->next)
		node = node->parent;
	return node == top ? NULL : node->next;
}

static void restrict_node(struct mapping *node, enum rights taken)
{
	const enum rights had = pmap_rights(node->space, node->page);
	if (had & taken)
		pmap_protect(node->space, node->page, had & ~taken);
}

static void restrict_below(struct mapping *top, enum rights taken)
{
	for (struct mapping *node = next_below(top, top); node; node = next_below(top, node))
		restrict_node(node, taken);
}

/* --- The operations --- */

enum mapping_result mapping_root(struct space *space, page_t page, page_t frame, enum rights rights)
{
	struct mapping *node = node_allocate();
	if (!node)
		return MAPPING_NO_MEMORY;
	if (!pmap_enter(space, page, frame, rights, node)) {
		node_free(node);
		return MAPPING_NO_MEMORY;
	}
	node->space = space;
	node->page = page;
	node_link(NULL, node);
	return MAPPING_DONE;
}

/* Empties the destination; returns what is then at the source, NULL if nothing is to be done. */
static struct mapping *source_after_flush(struct space *from, page_t page, struct space *to, page_t to_page)
{
	if (!pmap_mapping(from, page) || (from == to && page == to_page))
		return NULL;
	mapping_flush(to, to_page, RIGHTS_ALL, true);
	return pmap_mapping(from, page);
}

/* Whether the destination is mapped from this very source already; then it gets the rights too. */
static bool same_again(struct space *from, page_t page, struct space *to, page_t to_page, enum rights rights)
{
	const struct mapping *source = pmap_mapping(from, page), *target = pmap_mapping(to, to_page);
	if (!source || !target || target->parent != source)
		return false;
	const enum rights had = pmap_rights(to, to_page), has = had | (rights & pmap_rights(from, page));
	if (has != had)
		pmap_protect(to, to_page, has);
	return true;
}

enum mapping_result mapping_map(struct space *from, page_t page, struct space *to, page_t to_page, enum rights rights)
{
	if (same_again(from, page, to, to_page, rights))
		return MAPPING_DONE;
	struct mapping *source = source_after_flush(from, page, to, to_page);
	if (!source)
		return MAPPING_NOTHING;
	struct mapping *node = node_allocate();
	if (!node)
		return MAPPING_NO_MEMORY;
	if (!pmap_enter(to, to_page, pmap_frame(from, page), rights & pmap_rights(from, page), node)) {
		node_free(node);
		return MAPPING_NO_MEMORY;
	}
	node->space = to;
	node->page = to_page;
	node_link(source, node);
	return MAPPING_DONE;
}

enum mapping_result mapping_grant(struct space *from, page_t page, struct space *to, page_t to_page, enum rights rights)
{
	struct mapping *node = source_after_flush(from, page, to, to_page);
	if (!node)
		return MAPPING_NOTHING;
	const enum rights kept = rights & pmap_rights(from, page);
	if (!pmap_enter(to, to_page, pmap_frame(from, page), kept, node))
		return MAPPING_NO_MEMORY;
	pmap_remove(from, page);
	node->space = to;
	node->page = to_page;
	restrict_below(node, RIGHTS_ALL & ~kept);
	return MAPPING_DONE;
}

void mapping_flush(struct space *space, page_t page, enum rights rights, bool self)
{
	struct mapping *node = pmap_mapping(space, page);
	if (!node)
		return;
	if (rights & RIGHT_READ) {
		erase_below(node);
		if (self)
			erase(node);
	} else {
		restrict_below(node, rights);
		if (self)
			restrict_node(node, rights);
	}
}
