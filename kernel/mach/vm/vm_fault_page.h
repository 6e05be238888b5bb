/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The search for a page, as vm_fault.c and vm_fault_page.c share it: first the search, which changes what it can at
 * once and never waits; then, if it says so, what must be waited for, with nothing held.
 */
#pragma once
#include "vm/vm_object.h"

enum vm_fault_found {
	FAULT_FOUND,       /* page */
	FAULT_WAIT,        /* lacks: vm_fault_wait, then from the beginning */
	FAULT_SHORTAGE,    /* vm_page_wait, then from the beginning */
	FAULT_ERROR        /* the manager gave an error, or has gone */
};

struct vm_fault_search {
	/* in */
	vm_object_t first_object;
	vm_offset_t first_offset;
	vm_prot_t fault_type;
	bool wired;                  /* the page must be the first object's own: it may not change when it is written */
	/* in and out: what may be granted */
	vm_prot_t protection;
	/* FAULT_FOUND: a page, busy. push: a page of a copy object, busy, for its manager (vm_pageout_page, initial) */
	vm_page_t page, push;
	vm_page_t first_absent;      /* the page, without data, in the first object's place; NULL */
	/* FAULT_WAIT */
	struct {
		enum { LACKS_PAGE, LACKS_DATA, LACKS_UNLOCK, LACKS_READY, LACKS_ROOM } what;
		vm_object_t object;
		vm_offset_t offset;
		vm_page_t page;
		vm_prot_t access;
	} lacks;
};

enum vm_fault_found vm_fault_find(struct vm_fault_search *search);
bool vm_fault_wait(struct vm_fault_search *search, bool interruptible);
