/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A ring of links around a head; an element that is on no ring has a NULL next (so a zeroed one is on none).
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct list {
	struct list *next, *previous;
};

#define LIST_OWNER(link_, type_, member_) ((type_ *)((char *)(link_) - offsetof(type_, member_)))

static inline void list_init(struct list *head) { head->next = head->previous = head; }
static inline bool list_is_empty(const struct list *head) { return head->next == head; }
static inline bool list_is_linked(const struct list *link) { return link->next != NULL; }

static inline void list_insert_before(struct list *where, struct list *link)
{
	link->next = where;
	link->previous = where->previous;
	where->previous->next = link;
	where->previous = link;
}

static inline void list_append(struct list *head, struct list *link) { list_insert_before(head, link); }
static inline void list_prepend(struct list *head, struct list *link) { list_insert_before(head->next, link); }

/* Takes an element off its ring; does nothing to one that is on none. */
static inline void list_remove(struct list *link)
{
	if (!list_is_linked(link))
		return;
	link->previous->next = link->next;
	link->next->previous = link->previous;
	link->next = link->previous = NULL;
}
