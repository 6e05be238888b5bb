/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The claims about the kernel's interface, a subject a file; a program chooses which it states. */
#pragma once
#include "pager/lib/claim.h"
#include "pager/lib/l4/family.h"
#include "pager/lib/l4/program.h"
#include "pager/lib/l4/thread.h"

void claims_identity(void);
void claims_threads(void);
void claims_ipc(void);
void claims_messages(void);
void claims_tasks(void);
void claims_exceptions(void);
void claims_library(void);
void claims_timer(void);      /* wants the server timer */
void claims_grant(void);      /* S-L1; wants the servers demand, fs-f1, fs-f2, fs */
void claims_mapping(void);    /* S-L2 */
void claims_interrupts(void); /* S-L3; wants the server serial */
void claims_pagers(void);     /* S-L4; wants demand, stacked */
void claims_timeouts(void);   /* S-L5 */
void claims_clans(void);      /* S-L6 */

/* --- helpers.c --- */

enum { HELPER_FIRST = 4, HELPERS = 8 };

/* Starts helper thread n (0 .. HELPERS - 1) of this task. */
l4_threadid_t helper_start(unsigned n, void (*function)(void *), void *argument);
/* Receives from nobody for so many quarters of a millisecond: lets the others run. */
void helper_pause(unsigned quarters);
/* Answers each message with its words plus 1, for ever. */
void helper_echo(void *unused);
/* One short call: the answer's word 0; the dope's error in *error if not NULL. */
uint32_t helper_call(l4_threadid_t to, uint32_t w0, uint32_t w1, uint32_t *error);

/* --- member.c: a task of the family that does as it is told --- */

enum member_operation { MEMBER_READ, MEMBER_WRITE, MEMBER_MAP, MEMBER_UNMAP, MEMBER_SEND, MEMBER_NEAREST };

#define WINDOW 0x00d00000u          /* where members receive pages: 1 MiB, nothing at first */
#define WINDOW_LOG2 20
#define SILENT 0x00e00000u          /* faults from here are never answered */
#define SENTINEL 0xdeadbeefu        /* what a member reads in the window where it has no page */
enum { MEMBERS = 3, MEMBER_PAGES = 4 };

/* What a member is to do; in memory that all share. Results come back in it. */
struct member_order {
	enum member_operation operation;
	uint32_t address, value;          /* READ (result in value), WRITE */
	l4_fpage_t fpage;                 /* MAP: with L4_FPAGE_GRANT it is a grant; UNMAP */
	uint32_t base, flags;             /* MAP: hot spot, offset in the window; UNMAP */
	l4_threadid_t partner;            /* MAP, SEND; NEAREST: of whom, and the answer */
	l4_threadid_t as;                 /* SEND: not nil: claims to be him */
	uint32_t error;                   /* SEND, MAP */
};

/* Starts the family and its members (once; later calls do nothing). */
void members_open(void);
l4_threadid_t member_id(unsigned member);
uint32_t member_task(unsigned member);
/* Has a member obey. Returns false if it does not answer within a second. */
bool member_obey(unsigned member, struct member_order *order);
uint32_t member_read(unsigned member, uint32_t address);
void member_write(unsigned member, uint32_t address, uint32_t value);
/* From this program, or from one member, to another: true if the receiver got a page. */
bool member_give(unsigned to, l4_fpage_t fpage, uint32_t base);
bool member_map(unsigned from, unsigned to, l4_fpage_t fpage, uint32_t base);
void member_unmap(unsigned member, l4_fpage_t fpage, uint32_t flags);
/* What the last message a member received, and did not understand as an order, looked like. */
struct member_mail {
	l4_threadid_t from;
	l4_msgdope_t dope;
	uint32_t w0, w1, count;
};
struct member_mail member_mail(unsigned member);
