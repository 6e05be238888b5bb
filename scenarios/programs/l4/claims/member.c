/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Members: address spaces of the program's own that map, unmap, read, write and send as they are told.  A message is an
 * order if its word 0 says so; one that brought a page is acknowledged; any other is kept as mail.
 */
#include "scenarios/programs/l4/claims/claims.h"

#define ORDER 0xffffb001u
#define DONE 0xffffb005u

static uint8_t stack[MEMBERS][PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
static uint32_t sentinel[PAGE_SIZE / sizeof(uint32_t)] __attribute__((aligned(PAGE_SIZE)));
static l4_threadid_t member[MEMBERS];
static uint32_t task[MEMBERS];
static struct member_order *volatile order[MEMBERS];
static volatile struct member_mail mail[MEMBERS];
static bool open;

static void map_to_partner(struct member_order *o)
{
	uint32_t w0 = o->base, w1 = o->fpage;
	l4_msgdope_t dope = l4_ipc_call(o->partner, L4_IPC_SHORT_MAP, &w0, &w1, L4_IPC_SHORT, L4_NEVER);

	o->error = l4_dope_error(dope);
	o->value = w0;
}

static void send_to_partner(struct member_order *o)
{
	uint32_t w0 = o->value, w1 = o->flags;
	l4_threadid_t to = o->partner;

	if (l4_id_is_nil(o->as))
		o->error = l4_ipc_send(to, L4_IPC_SHORT, w0, w1, L4_SEND_QUARTER_MS(200));
	else
		o->error = l4_dope_error(l4_ipc_deceive(&to, o->as, L4_IPC_SHORT, &w0, &w1, L4_IPC_NONE,
		                                        L4_SEND_QUARTER_MS(200)));
}

static void obey(struct member_order *o)
{
	switch (o->operation) {
	case MEMBER_READ: o->value = *(volatile uint32_t *)o->address; break;
	case MEMBER_WRITE: *(volatile uint32_t *)o->address = o->value; break;
	case MEMBER_MAP: map_to_partner(o); break;
	case MEMBER_UNMAP: l4_fpage_unmap(o->fpage, o->flags); break;
	case MEMBER_SEND: send_to_partner(o); break;
	case MEMBER_NEAREST: o->value = l4_id_nearest(&o->partner); break;
	}
}

/* The answer to one message, in *w0; false: none. */
static bool take(unsigned n, l4_threadid_t from, l4_msgdope_t dope, uint32_t *w0, uint32_t w1)
{
	if (dope & L4_DOPE_FPAGE) {
		*w0 = DONE;
		return true;
	}
	if (*w0 == ORDER) {
		obey(order[n]);
		*w0 = DONE;
		return true;
	}
	mail[n].from = from;
	mail[n].dope = dope;
	mail[n].w0 = *w0;
	mail[n].w1 = w1;
	mail[n].count++;
	return false;
}

static void live(void *which)
{
	const uint32_t window = L4_IPC_RECEIVE_WINDOW(L4_FPAGE(WINDOW, WINDOW_LOG2, L4_FPAGE_WRITE));
	unsigned n = (unsigned)which;
	l4_threadid_t from;
	uint32_t w0, w1;
	l4_msgdope_t dope = l4_ipc_wait(&from, &w0, &w1, window, L4_NEVER);

	for (;;) {
		bool answer = l4_dope_error(dope) == 0 && take(n, from, dope, &w0, w1);

		dope = answer ? l4_ipc_reply_and_wait(&from, L4_IPC_SHORT, &w0, &w1, window, L4_SEND_ZERO)
		              : l4_ipc_wait(&from, &w0, &w1, window, L4_NEVER);
	}
}

void members_open(void)
{
	const struct family_window window = { WINDOW, WINDOW + (1u << WINDOW_LOG2), sentinel, SILENT,
		SILENT + (1u << 20) };

	if (open)
		return;
	open = true;
	sentinel[0] = SENTINEL;
	family_set_window(&window);
	family_open();
	for (unsigned n = 0; n < MEMBERS; n++) {
		task[n] = family_task_number();
		member[n] = family_start_in(task[n], stack[n], sizeof(stack[n]), live, (void *)n);
	}
}

l4_threadid_t member_id(unsigned n)
{
	return member[n];
}

uint32_t member_task(unsigned n)
{
	return task[n];
}

struct member_mail member_mail(unsigned n)
{
	return mail[n];
}

bool member_obey(unsigned n, struct member_order *o)
{
	uint32_t w0 = ORDER, w1 = 0;
	/* 64 times 16.4 ms */
	const l4_timeout_t a_second = L4_TIMEOUT(64, 8, 64, 8, 0, 0);
	l4_msgdope_t dope;

	sentinel[0] = SENTINEL;
	order[n] = o;
	dope = l4_ipc_call(member[n], L4_IPC_SHORT, &w0, &w1, L4_IPC_SHORT, a_second);
	return l4_dope_error(dope) == 0 && w0 == DONE;
}

uint32_t member_read(unsigned n, uint32_t address)
{
	struct member_order o = { .operation = MEMBER_READ, .address = address };

	return member_obey(n, &o) ? o.value : 0;
}

void member_write(unsigned n, uint32_t address, uint32_t value)
{
	struct member_order o = { .operation = MEMBER_WRITE, .address = address, .value = value };

	member_obey(n, &o);
}

bool member_give(unsigned to, l4_fpage_t fpage, uint32_t base)
{
	uint32_t w0 = base, w1 = fpage;
	l4_msgdope_t dope = l4_ipc_call(member[to], L4_IPC_SHORT_MAP, &w0, &w1, L4_IPC_SHORT, L4_NEVER);

	return l4_dope_error(dope) == 0 && w0 == DONE;
}

bool member_map(unsigned from, unsigned to, l4_fpage_t fpage, uint32_t base)
{
	struct member_order o = { .operation = MEMBER_MAP, .fpage = fpage, .base = base, .partner = member[to] };

	return member_obey(from, &o) && o.error == 0 && o.value == DONE;
}

void member_unmap(unsigned n, l4_fpage_t fpage, uint32_t flags)
{
	struct member_order o = { .operation = MEMBER_UNMAP, .fpage = fpage, .flags = flags };

	member_obey(n, &o);
}
