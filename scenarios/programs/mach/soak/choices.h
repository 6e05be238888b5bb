/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * On what the next call is: spaces and runs of slots, by chance.
 */
#pragma once
#include "scenarios/programs/mach/soak/driver.h"

enum { READABLE = VM_PROT_READ, WRITABLE = VM_PROT_DEFAULT, ANY = VM_PROT_NONE };

struct space *any_space(void);
/* One that has no command under way. */
struct space *idle_space(void);

/* Runs do not go from the window into what was received, nor from one piece of that into another. */
natural_t end_of_room(natural_t slot);
/* The slot is allocated and may be used so; or it is free. */
bool suits(const struct slot *slot, bool allocated, vm_prot_t protection);
/* Slots from *first on that all suit. Result: how many, 0 to `most`; few more often than many. */
natural_t any_run(const struct space *space, bool allocated, vm_prot_t protection, natural_t most, natural_t *first);

void contents_of(const struct space *space, natural_t first, natural_t pages, struct contents *contents);
struct command command_on(enum kind kind, const struct space *space, natural_t first, natural_t pages);
/* The contents of these slots are of use to a call that is to be made: none under way is in its way. */
void use(struct space *space, natural_t first, natural_t pages, bool to_write);

/* Calls that must be refused, and change nothing; and a page that is asked about (refusals.c). */
void refuse(struct space *space);
void ask(struct space *space);
