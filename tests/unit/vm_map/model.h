/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What address spaces are to be, page by page, with every copy made at once (Y87 §3.3, §5.1).
 *
 *   page --> slot --> cell
 *
 * A cell has the contents: one page of one object. A slot is what is shared by inheritance: who writes over a slot
 * (vm_write) gives all who share it a new cell. A manager's object that is mapped twice has two slots with one cell.
 */
#pragma once
#include "fake.h"

enum { MODEL_SPACES = 6 };

struct cell { unsigned references; uint32_t value; };
struct slot { unsigned references, wired; struct cell *cell; };
struct model_page {
	struct slot *slot;          /* NULL: nothing is mapped */
	vm_prot_t prot, max;
	vm_inherit_t inheritance;
	unsigned user_wired, kernel_wired;
};
struct model_space { struct model_page page[FAKE_PAGES]; };

struct cell *cell_new(uint32_t value);
void cell_release(struct cell *cell);
/* All take ranges of pages [first, end), 0..FAKE_PAGES. */
void model_map(struct model_space *space, unsigned page, struct cell *cell, vm_prot_t prot, vm_prot_t max,
               vm_inherit_t inheritance);                       /* takes the reference to the cell */
void model_unmap(struct model_space *space, unsigned first, unsigned end);
/* The first free range of this size, or FAKE_PAGES. */
unsigned model_find(const struct model_space *space, unsigned size);
kern_return_t model_check(const struct model_space *space, unsigned first, unsigned end, vm_prot_t prot);
kern_return_t model_protect(struct model_space *space, unsigned first, unsigned end, vm_prot_t prot, bool set_max);
/* Contents of pages as copies would have them. */
void model_copyin(const struct model_space *space, unsigned first, unsigned end, uint32_t *values);
void model_overwrite(struct model_space *space, unsigned first, unsigned end, const uint32_t *values);
kern_return_t model_wire(struct model_space *space, unsigned first, unsigned end, vm_prot_t access, bool user);
kern_return_t model_unwire(struct model_space *space, unsigned first, unsigned end, bool user);
void model_fork(const struct model_space *parent, struct model_space *child);
