/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ASIDs: who may have entries in the TLB.
 *
 *   none --space_enter--> has one --(all are taken: the TLB is emptied, and everybody loses his)--> none
 *
 *   1. No two spaces have the same ASID, and the TLB has no entry of an ASID but its space's.
 *   2. The ASID of a space that has gone is not given again before the TLB is emptied.
 *   3. Where the TLB knows no ASIDs nobody has one, and each change of spaces empties it.
 */
#pragma once
#include <stdint.h>
#include "space_tables.h"

/* `nobodys`: a root without pages, for when no space is current. */
void asid_init(struct space_root *nobodys);
/* Whose page tables the refill handler walks. */
extern struct space_root *space_current;
/* Makes this the current space. */
void space_enter(struct space_root *root);
/* The space goes: nothing of it is current any more, and nothing in the TLB can ever match. */
void space_forget(struct space_root *root);
/* A page of the space changes: the TLB does not know it any more. */
void space_forget_page(const struct space_root *root, uint32_t address);
