/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model.h"
#include <stdlib.h>

struct cell *cell_new(uint32_t value)
{
	struct cell *cell = malloc(sizeof *cell);
	*cell = (struct cell){.references = 1, .value = value};
	return cell;
}

void cell_release(struct cell *cell)
{
	if (--cell->references == 0)
		free(cell);
}

static bool is_wired(const struct model_page *page) { return page->user_wired + page->kernel_wired != 0; }

void model_map(struct model_space *space, unsigned page, struct cell *cell, vm_prot_t prot, vm_prot_t max,
               vm_inherit_t inheritance)
{
	struct slot *slot = malloc(sizeof *slot);
	*slot = (struct slot){.references = 1, .cell = cell};
	space->page[page] = (struct model_page){.slot = slot, .prot = prot, .max = max, .inheritance = inheritance};
}

void model_unmap(struct model_space *space, unsigned first, unsigned end)
{
	for (; first < end; first++) {
		struct model_page *page = &space->page[first];
		if (page->slot == NULL)
			continue;
		page->slot->wired -= is_wired(page);
		if (--page->slot->references == 0) {
			cell_release(page->slot->cell);
			free(page->slot);
		}
		*page = (struct model_page){0};
	}
}

unsigned model_find(const struct model_space *space, unsigned size)
{
	for (unsigned first = 0; first + size <= FAKE_PAGES; first++) {
		unsigned n = 0;
		while (n < size && space->page[first + n].slot == NULL)
			n++;
		if (n == size)
			return first;
	}
	return FAKE_PAGES;
}

kern_return_t model_check(const struct model_space *space, unsigned first, unsigned end, vm_prot_t prot)
{
	for (; first < end; first++) {
		if (first >= FAKE_PAGES || space->page[first].slot == NULL)
			return KERN_INVALID_ADDRESS;
		if ((space->page[first].prot & prot) != prot)
			return KERN_PROTECTION_FAILURE;
	}
	return KERN_SUCCESS;
}

kern_return_t model_protect(struct model_space *space, unsigned first, unsigned end, vm_prot_t prot, bool set_max)
{
	kern_return_t result = model_check(space, first, end, VM_PROT_NONE);
	for (unsigned i = first; result == KERN_SUCCESS && i < end; i++)
		if (prot & ~space->page[i].max)
			result = KERN_PROTECTION_FAILURE;
	for (unsigned i = first; result == KERN_SUCCESS && i < end; i++) {
		if (set_max)
			space->page[i].max = prot;
		space->page[i].prot = set_max ? space->page[i].prot & prot : prot;
	}
	return result;
}

void model_copyin(const struct model_space *space, unsigned first, unsigned end, uint32_t *values)
{
	for (; first < end; first++)
		*values++ = space->page[first].slot->cell->value;
}

void model_overwrite(struct model_space *space, unsigned first, unsigned end, const uint32_t *values)
{
	for (; first < end; first++, values++) {
		struct slot *slot = space->page[first].slot;
		if (slot->wired != 0) {
			slot->cell->value = *values;
			continue;
		}
		cell_release(slot->cell);
		slot->cell = cell_new(*values);
	}
}

kern_return_t model_wire(struct model_space *space, unsigned first, unsigned end, vm_prot_t access, bool user)
{
	if (model_check(space, first, end, access) != KERN_SUCCESS)
		return KERN_FAILURE;
	for (; first < end; first++) {
		struct model_page *page = &space->page[first];
		page->slot->wired += !is_wired(page);
		if (user)
			page->user_wired++;
		else
			page->kernel_wired++;
	}
	return KERN_SUCCESS;
}

kern_return_t model_unwire(struct model_space *space, unsigned first, unsigned end, bool user)
{
	for (unsigned i = first; i < end; i++)
		if (i >= FAKE_PAGES || (user ? space->page[i].user_wired : space->page[i].kernel_wired) == 0)
			return KERN_INVALID_ARGUMENT;
	for (; first < end; first++) {
		struct model_page *page = &space->page[first];
		if (user)
			page->user_wired--;
		else
			page->kernel_wired--;
		page->slot->wired -= !is_wired(page);
	}
	return KERN_SUCCESS;
}

void model_fork(const struct model_space *parent, struct model_space *child)
{
	*child = (struct model_space){0};
	for (unsigned i = 0; i < FAKE_PAGES; i++) {
		const struct model_page *page = &parent->page[i];
		if (page->slot == NULL || page->inheritance == VM_INHERIT_NONE)
			continue;
		if (page->inheritance == VM_INHERIT_SHARE) {
			child->page[i] = *page;
			child->page[i].user_wired = child->page[i].kernel_wired = 0;
			page->slot->references++;
			continue;
		}
		model_map(child, i, cell_new(page->slot->cell->value), page->prot, page->max, page->inheritance);
	}
}
