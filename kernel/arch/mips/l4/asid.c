/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "asid.h"
#include <stdbool.h>
#include <stddef.h>
#include "cp0.h"
#include "tlb.h"

enum { ASIDS_MOST = 256 };

struct space_root *space_current;
static struct space_root *nobody;
static struct space_root *owner[ASIDS_MOST];
static uint32_t next_asid;

static bool told_apart(void) { return tlb_asids > 1; }
static bool has_asid(const struct space_root *root) { return root->entry_hi != NO_ASID; }
static uint32_t asid_of(const struct space_root *root) { return root->entry_hi >> ENTRY_HI_ASID_SHIFT; }

void asid_init(struct space_root *nobodys)
{
	nobody = nobodys;
	space_current = nobodys;
}

static void take_all_back(void)
{
	tlb_flush();
	for (uint32_t asid = 0; asid < tlb_asids; asid++) {
		if (owner[asid])
			owner[asid]->entry_hi = NO_ASID;
		owner[asid] = NULL;
	}
	next_asid = 0;
}

static void give_one(struct space_root *root)
{
	if (next_asid == tlb_asids)
		take_all_back();
	owner[next_asid] = root;
	root->entry_hi = next_asid++ << ENTRY_HI_ASID_SHIFT;
}

void space_enter(struct space_root *root)
{
	space_current = root;
	if (!told_apart())
		tlb_flush();
	if (!told_apart() || root == nobody)
		return;
	if (!has_asid(root))
		give_one(root);
	cp0_entry_hi_write(root->entry_hi);
}

void space_forget(struct space_root *root)
{
	if (has_asid(root))
		owner[asid_of(root)] = NULL;
	if (space_current == root)
		space_enter(nobody);
}

void space_forget_page(const struct space_root *root, uint32_t address)
{
	if (has_asid(root))
		tlb_forget(address, asid_of(root));
	else if (root == space_current && !told_apart())
		tlb_forget(address, 0);
}
