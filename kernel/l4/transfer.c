/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a message carries beyond two words: further dwords, strings, and pages (include/l4/types.h has the layout).
 *
 * Both spaces are seen through the kernel's window on memory, page by page, so a copy takes no temporary mapping and
 * never faults by itself: a page that is not there is asked for before it is touched.
 *   - In the sender's space: the sender asks its pager; the receiver says how long that may take (its snd_pfault).
 *   - In the receiver's space: the receiver asks its own pager; the sender says how long that may take (its
 *     rcv_pfault).
 * So each is protected against the other's pager.  Errors are written as the sender sees them; the receiver's code is
 * the same without L4_DOPE_SEND_ERROR.
 */
#include "l4/ipc_kernel.h"
#include "l4/schedule.h"

struct message {             /* one side's */
	l4_u32 address;      /* of the header; 0: there is none */
	struct l4_message header;
};

enum { HEADER = sizeof(struct l4_message), REGISTER_DWORDS = 2 };

/* --- Pages of both sides; NULL and *error if they cannot be had --- */

static void *sender_page(struct tcb *me, struct tcb *to, l4_u32 address, bool write, l4_u32 *error)
{
	void *page;
	while (!(page = pmap_user_pointer(me->space, address, write))) {
		const l4_u32 pfault = to ? to->timeouts >> 12 & 0xf : 0;
		if (fault_resolve(address, write, pfault))
			*error = L4_SESNDPFTO;
		if (me->lost)
			*error = L4_SEABORTED;
		if (*error)
			return NULL;
	}
	return page;
}

static void *receiver_page(struct tcb *me, struct tcb *to, l4_u32 address, bool write, l4_u32 *error)
{
	void *page;
	while (!(page = pmap_user_pointer(to->space, address, write))) {
		to->fault_address = (address & ~3u) | (write ? 2 : 0) | 1;
		to->state = READY;
		me->error = 0;
		me->state = PAGING_PARTNER;
		schedule_block(to);
		if (me->error)
			*error = L4_SERCVPFTO;
		if (me->lost)
			*error = L4_SEABORTED;
		if (*error)
			return NULL;
	}
	return page;
}

static l4_u32 to_page_end(l4_u32 address) { return PAGE_SIZE - (address & (PAGE_SIZE - 1)); }

/* --- Copies: 0 or an error --- */

typedef void *page_of_side(struct tcb *me, struct tcb *to, l4_u32 address, bool write, l4_u32 *error);

/* Between a user's memory and the kernel's. */
static l4_u32 copy_user(page_of_side *side, struct tcb *me, struct tcb *to, l4_u32 address, void *kernel, l4_u32 bytes,
                        bool write)
{
	l4_u32 error = 0;
	while (bytes) {
		const l4_u32 end = to_page_end(address), chunk = bytes < end ? bytes : end;
		void *page = side(me, to, address, write, &error);
		if (!page)
			return error;
		memcpy(write ? page : kernel, write ? kernel : page, chunk);
		address += chunk;
		kernel = (char *)kernel + chunk;
		bytes -= chunk;
	}
	return 0;
}

/* From the sender's memory to the receiver's. The second page may block: then the first is looked for again. */
static l4_u32 copy_across(struct tcb *me, struct tcb *to, l4_u32 from_address, l4_u32 to_address, l4_u32 bytes)
{
	l4_u32 error = 0;
	while (bytes) {
		l4_u32 chunk = bytes;
		if (chunk > to_page_end(from_address))
			chunk = to_page_end(from_address);
		if (chunk > to_page_end(to_address))
			chunk = to_page_end(to_address);
		if (!sender_page(me, to, from_address, false, &error))
			return error;
		void *target = receiver_page(me, to, to_address, true, &error);
		if (!target)
			return error;
		const void *source = pmap_user_pointer(me->space, from_address, false);
		if (!source)
			continue; /* taken away meanwhile */
		memcpy(target, source, chunk);
		from_address += chunk;
		to_address += chunk;
		bytes -= chunk;
	}
	return 0;
}

l4_u32 transfer_read_own(struct tcb *me, l4_u32 address, void *to, l4_u32 bytes)
{
	return copy_user(sender_page, me, NULL, address, to, bytes, false);
}

/* --- Parts of a message --- */

static l4_u32 read_headers(struct tcb *me, struct tcb *to, struct message *out, struct message *in)
{
	l4_u32 error = 0;
	memset(out, 0, sizeof *out);
	memset(in, 0, sizeof *in);
	out->address = me->ipc.send & ~3u;
	if (out->address)
		error = copy_user(sender_page, me, to, out->address, &out->header, HEADER, false);
	if (error)
		return error;
	if (to->receive & L4_IPC_WINDOW) {
		in->header.receive_window = to->receive & ~3u;
		return 0;
	}
	in->address = to->receive & ~3u;
	if (in->address)
		error = copy_user(receiver_page, me, to, in->address, &in->header, HEADER, false);
	return error;
}

static l4_u32 map_one(struct tcb *me, struct tcb *to, const struct message *in, l4_u32 hot_spot, l4_fpage_t fpage,
                      l4_msgdope_t *dope)
{
	if (!l4_fpage_size(in->header.receive_window))
		return L4_SEMSGCUT;
	*dope |= L4_DOPE_FPAGE;
	const l4_u32 error = space_map(me->space, to->space, hot_spot, fpage, in->header.receive_window);
	return error ? error | L4_DOPE_SEND_ERROR : 0;
}

/* Words 0 and 1, then pairs of dwords, up to an fpage of size 0. */
static l4_u32 map_items(struct tcb *me, struct tcb *to, const struct message *out, const struct message *in,
                        l4_msgdope_t *dope)
{
	l4_u32 pair[2] = { me->ipc.word0, me->ipc.word1 };
	const l4_u32 dwords = l4_dope_dwords(out->header.send);
	for (l4_u32 i = 0; l4_fpage_size(pair[1]);) {
		l4_u32 error = map_one(me, to, in, pair[0], pair[1], dope);
		i += 2;
		if (error || i + 2 > dwords)
			return error;
		error = copy_user(sender_page, me, to, out->address + HEADER + 4 * i, pair, sizeof pair, false);
		if (error)
			return error;
	}
	return 0;
}

/* *cut is set if not all of it fits. */
static l4_u32 copy_dwords(struct tcb *me, struct tcb *to, const struct message *out, const struct message *in,
                          l4_u32 *copied, bool *cut)
{
	const l4_u32 wanted = l4_dope_dwords(out->header.send);
	const l4_u32 room = in->address ? l4_dope_dwords(in->header.size) : REGISTER_DWORDS;
	*copied = wanted < room ? wanted : room;
	*cut |= wanted > room;
	if (*copied <= REGISTER_DWORDS)
		return 0;
	const l4_u32 offset = HEADER + 4 * REGISTER_DWORDS;
	return copy_across(me, to, out->address + offset, in->address + offset, 4 * (*copied - REGISTER_DWORDS));
}

static l4_u32 string_address(const struct message *m, l4_u32 i)
{
	return m->address + HEADER + 4 * l4_dope_dwords(m->header.size) + i * sizeof(struct l4_string);
}

static l4_u32 copy_string(struct tcb *me, struct tcb *to, const struct message *out, const struct message *in, l4_u32 i,
                          bool *cut)
{
	struct l4_string from, target;
	l4_u32 error = copy_user(sender_page, me, to, string_address(out, i), &from, sizeof from, false);
	if (!error)
		error = copy_user(receiver_page, me, to, string_address(in, i), &target, sizeof target, false);
	if (error)
		return error;
	l4_u32 bytes = from.send_size < target.receive_size ? from.send_size : target.receive_size;
	bytes = bytes < L4_STRING_MAX ? bytes : L4_STRING_MAX;
	*cut |= bytes < from.send_size;
	error = copy_across(me, to, from.send_address, target.receive_address, bytes);
	if (error)
		return error;
	target.send_size = bytes;
	target.send_address = target.receive_address;
	return copy_user(receiver_page, me, to, string_address(in, i), &target, 2 * sizeof(l4_u32), true);
}

static l4_u32 copy_strings(struct tcb *me, struct tcb *to, const struct message *out, const struct message *in,
                           l4_u32 *copied, bool *cut)
{
	const l4_u32 wanted = l4_dope_strings(out->header.send);
	const l4_u32 room = in->address ? l4_dope_strings(in->header.size) : 0;
	l4_u32 error = 0;
	*cut |= wanted > room;
	for (*copied = 0; !error && *copied < wanted && *copied < room; ++*copied)
		error = copy_string(me, to, out, in, *copied, cut);
	return error;
}

l4_u32 transfer(struct tcb *me, struct tcb *to, l4_msgdope_t *dope)
{
	struct message out, in;
	l4_u32 dwords = 0, strings = 0;
	bool cut = false;
	l4_u32 error = read_headers(me, to, &out, &in);
	if (!error && (me->ipc.send & L4_IPC_MAP))
		error = map_items(me, to, &out, &in, dope);
	if (!error && out.address)
		error = copy_dwords(me, to, &out, &in, &dwords, &cut);
	if (!error && out.address)
		error = copy_strings(me, to, &out, &in, &strings, &cut);
	*dope |= L4_DOPE(dwords, strings);
	return error ? error : cut ? L4_SEMSGCUT : 0;
}
