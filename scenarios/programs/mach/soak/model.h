/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the pages of a world's spaces must hold.
 *
 *   slot (a page of a space) ---> place (a page of a map, or of a sharing map) ---> cell (a page of an object)
 *
 *   1. Several slots have one place where inheritance shares them: what is written over it is seen by all of them.
 *   2. Several places have one cell where a manager's object is mapped: stores are seen by all of them, but what is
 *      written over one place is apart from then on (Y87 §5.1).
 *   3. A copy has a place and a cell of its own, with the contents of the time of the call.
 *   4. The model is changed when a call is ordered, not when it has been made.  Calls that are under way together do not
 *      depend on each other: no cell that one of them writes is read or written by another one (model_free).
 */
#pragma once
#include "scenarios/programs/mach/soak/soak.h"

enum {
	SPACES = 4, WINDOW = 64, LOOSE = 4, SLOTS = WINDOW + LOOSE * RUN, QUEUE = 3,
	CELLS = SPACES * SLOTS + OBJECTS * OBJECT_PAGES + 2 * RUN,
};
#define WINDOW_ADDRESS 0x20000000u      /* nothing else is near it */

struct cell {
	struct contents contents;
	natural_t references;           /* 0: free */
	bool managed;
	natural_t read, written;        /* by calls of this turn */
};
struct place {
	struct cell *cell;              /* NULL: free */
	natural_t references;
};
struct slot {
	struct place *place;            /* NULL: not allocated */
	vm_prot_t protection;
	vm_inherit_t inheritance;
	bool wired;
};
/* A parcel in the queue of a space. */
struct parcel_model {
	natural_t first, bytes, pad, pad_value;
	struct contents contents[RUN];
};

struct space {
	bool exists;
	mach_port_t task, service, data;
	natural_t life;                 /* how many spaces have been here */
	struct slot slot[SLOTS];        /* the window, then runs of memory that was received */
	vm_address_t loose[LOOSE];
	struct parcel_model queue[QUEUE];
	natural_t queued;
	/* The command that is under way. */
	bool busy;
	enum kind kind;
	kern_return_t result;           /* of the last one */
	natural_t keeps;                /* RECEIVE: the first slot of what it keeps; SLOTS: nothing */
};

struct world {
	natural_t turn, writes;         /* writes: values that have been used */
	struct space space[SPACES];
	struct cell object[OBJECTS][OBJECT_PAGES];
	struct cell cell[CELLS];
	struct place place[CELLS];
	struct findings findings;
};
extern struct world *world;

vm_address_t model_address(const struct space *space, natural_t slot);
/* Contents that nothing had before; halves: of which (a bit each), the others stay. */
struct contents model_new_contents(struct contents old, natural_t halves);

/* New memory, a page of an object, a copy; the slot was free. */
void model_allocate(struct slot *slot, struct contents contents);
void model_map(struct slot *slot, natural_t object, natural_t page);
void model_release(struct slot *slot);
/* Another page is put there; in what is wired, the bytes. */
void model_overwrite(struct slot *slot, struct contents contents);
/* `child` is not there yet. */
void model_fork(const struct space *parent, struct space *child);
void model_drop(struct space *space);

/* Whether calls under way leave the contents of these slots alone. */
bool model_free(const struct space *space, natural_t first, natural_t pages, bool to_write);
void model_use(struct space *space, natural_t first, natural_t pages, bool to_write);
