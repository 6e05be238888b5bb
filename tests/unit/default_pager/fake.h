/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel and the disk around the pager under test. A page's contents are one number: writing data is remembering it
 * at a sector, and data in transit are known by an address.
 */
#pragma once
#include "env.h"

enum { DEVICE = 77, FIRST_SECTOR = 1000, SECTORS_A_PAGE = 8, PAGES_MAX = 4096 };

enum answer { ANSWER_NONE, ANSWER_SUPPLY, ANSWER_UNAVAILABLE, ANSWER_ERROR };

struct fake {
	uint32_t disk[PAGES_MAX];       /* contents by page of the paging file */
	bool bad[PAGES_MAX];            /* writes to it fail */
	bool down;                      /* the disk does not answer */
	unsigned read_failures;         /* so many reads will fail */
	bool no_memory;                 /* env_allocate gives none */
	long allocated;                 /* bytes that the pager has of env_allocate */
	long in_transit;                /* pieces of data that the pager has not given back */
	unsigned locks;                 /* mutex_lock so far */
	unsigned said;                  /* env_print so far */
	/* the last answer to the kernel */
	enum answer answer;
	mach_port_t control;
	vm_offset_t offset;
	uint32_t content;
	unsigned answers;
	mach_port_t next_port, destroyed[64];
	unsigned ports_destroyed, objects_destroyed, objects_ready;
	long control_references;        /* of all control ports: given with messages, less what was given back */
	void (*before_write)(void);     /* called by device_write, without a lock; NULL */
};
extern struct fake fake;

/* Data with this content, in the pager's hands from now on: its address. */
vm_offset_t make_data(uint32_t content);
