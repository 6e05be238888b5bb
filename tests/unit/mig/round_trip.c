/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What mig writes, compiled for the host: a user's stubs and a server's, with a mach_msg between them that makes of
 * each request what a receiver finds.  Values that go through must come out; messages that are not as the interface
 * says must be refused, whichever word of them is wrong.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "shop_server.h"
#include "shop_user.h"

enum { SHOP = 0x11, REPLY = 0x22, WORDS = 64 };

/* ---- the kernel between them ---- */

static natural_t buffer[WORDS], answer[WORDS];
static mach_msg_size_t request_size;
static mach_msg_option_t option_seen;
static mach_msg_timeout_t timeout_seen;
static mach_msg_return_t msg_result;
static int spoil_request = -1, spoil_reply = -1; /* index of a word to change; -1: none */
static natural_t spoil_with = 0x40000001;
static kern_return_t server_code;
static unsigned calls, discarded, replaced_ports;

/* Rights arrive by the receiver's names: all items here are single words, memory (three of descriptor) or in line. */
static void translate(natural_t *message, mach_msg_size_t size)
{
	natural_t *at = message + 6, *end = message + size / 4;

	while (at < end) {
		mach_msg_type_long_t *type = (mach_msg_type_long_t *)at;
		const bool is_long = type->msgtl_header.msgt_longform;
		const natural_t name = is_long ? type->msgtl_name : type->msgtl_header.msgt_name;
		const natural_t bytes = is_long ? 4
		                                : (type->msgtl_header.msgt_number * type->msgtl_header.msgt_size + 7) / 8;

		if (name == MACH_MSG_TYPE_COPY_SEND || name == MACH_MSG_TYPE_MAKE_SEND)
			type->msgtl_header.msgt_name = MACH_MSG_TYPE_PORT_SEND;
		if (name == MACH_MSG_TYPE_MAKE_SEND_ONCE)
			type->msgtl_header.msgt_name = MACH_MSG_TYPE_PORT_SEND_ONCE;
		at += (is_long ? 3 : 1) + (bytes + 3) / 4;
	}
}

mach_msg_return_t mach_msg(mach_msg_header_t *msg, mach_msg_option_t option, mach_msg_size_t send_size,
                           mach_msg_size_t rcv_size, mach_port_t rcv_name, mach_msg_timeout_t timeout,
                           mach_port_t notify)
{
	mach_msg_header_t *request = (mach_msg_header_t *)buffer, *reply = (mach_msg_header_t *)answer;

	(void)rcv_name, (void)notify;
	option_seen = option;
	timeout_seen = timeout;
	request_size = send_size;
	if (msg_result != MACH_MSG_SUCCESS)
		return msg_result;
	memset(buffer, 0xee, sizeof(buffer));
	memset(answer, 0xee, sizeof(answer));
	memcpy(request, msg, send_size);
	request->msgh_size = send_size;
	request->msgh_seqno = 77;
	translate(buffer, send_size);
	/* The receiver's own port is the local one. */
	request->msgh_bits = (request->msgh_bits & MACH_MSGH_BITS_COMPLEX) |
	                     MACH_MSGH_BITS(MACH_MSG_TYPE_PORT_SEND_ONCE, MACH_MSG_TYPE_PORT_SEND);
	request->msgh_local_port = msg->msgh_remote_port;
	request->msgh_remote_port = msg->msgh_local_port;
	if (spoil_request >= 0)
		buffer[spoil_request] ^= spoil_with;
	(void)do_shop_server(request, reply);
	if ((option & MACH_RCV_MSG) == 0)
		return MACH_MSG_SUCCESS;
	translate(answer, reply->msgh_size);
	cr_assert_leq(reply->msgh_size, rcv_size);
	if (spoil_reply >= 0)
		answer[spoil_reply] ^= spoil_with;
	memcpy(msg, reply, rcv_size);
	return MACH_MSG_SUCCESS;
}

mach_port_t mig_get_reply_port(void) { return REPLY; }
void mig_dealloc_reply_port(mach_port_t port) { replaced_ports += port == REPLY; }
kern_return_t mig_reply_discard(mach_msg_header_t *reply, kern_return_t code)
{
	(void)reply;
	discarded++;
	return code;
}
kern_return_t mig_reply_mismatch(mach_msg_header_t *reply) { return mig_reply_discard(reply, MIG_REPLY_MISMATCH); }
kern_return_t mig_reply_code(mach_msg_header_t *reply)
{
	const struct mig_reply_error *error = (struct mig_reply_error *)reply;

	return reply->msgh_size == sizeof(*error) && error->RetCodeType == MIG_TYPE_RETURN_CODE
	               ? error->RetCode
	               : mig_reply_discard(reply, MIG_TYPE_ERROR);
}

/* ---- the server ---- */

static struct {
	bool flag, switch_;
	integer_t number;
	natural_t quad[4], wanted[6];
	natural_t wanted_count, list_room;
	char name[20];
	mach_port_t taken, any, reply_to;
	mach_msg_type_name_t any_type;
	vm_offset_t data;
	natural_t data_count;
	mach_port_seqno_t seqno;
	mach_port_t shop;
} got;

kern_return_t do_shop_values(mach_port_t shop, bool flag, integer_t *number, bool *switch_, integer_t *sum)
{
	calls++;
	got.shop = shop;
	got.flag = flag;
	got.number = *number;
	got.switch_ = *switch_;
	*sum = *number + 5;
	*number = -*number;
	*switch_ = !*switch_;
	return server_code;
}

kern_return_t do_shop_list(mach_port_t shop, const natural_t *quad, natural_t *four, natural_t *list,
                           mach_msg_type_number_t *list_count, const natural_t *wanted,
                           mach_msg_type_number_t wanted_count)
{
	calls++;
	got.shop = shop;
	memcpy(got.quad, quad, sizeof(got.quad));
	memcpy(got.wanted, wanted, wanted_count * sizeof(*wanted));
	got.wanted_count = wanted_count;
	got.list_room = *list_count;
	for (natural_t i = 0; i < 4; i++)
		four[i] = quad[3 - i];
	for (natural_t i = 0; i < wanted_count && i < *list_count; i++)
		list[i] = wanted[i] + 1;
	*list_count = wanted_count < *list_count ? wanted_count : *list_count;
	return server_code;
}

kern_return_t do_shop_name(mach_port_t shop, const char *name, char *reply_name)
{
	calls++;
	got.shop = shop;
	strcpy(got.name, name);
	for (size_t i = 0; i <= strlen(name); i++)
		reply_name[i] = i < strlen(name) ? name[strlen(name) - 1 - i] : '\0';
	return server_code;
}

kern_return_t do_shop_ports(mach_port_t shop, mach_port_t taken, mach_port_t any, mach_msg_type_name_t any_type,
                            mach_port_t *given, mach_port_t *other, mach_msg_type_name_t *other_type)
{
	calls++;
	got.shop = shop;
	got.taken = taken;
	got.any = any;
	got.any_type = any_type;
	*given = taken + 1;
	*other = any + 1;
	*other_type = MACH_MSG_TYPE_MAKE_SEND_ONCE;
	return server_code;
}

kern_return_t do_shop_memory(mach_port_t shop, vm_offset_t data, mach_msg_type_number_t data_count,
                             vm_statistics_data_t *statistics, vm_offset_t *result_data,
                             mach_msg_type_number_t *result_data_count, char *letters,
                             mach_msg_type_number_t *letters_count)
{
	calls++;
	got.shop = shop;
	got.data = data;
	got.data_count = data_count;
	memset(statistics, 0, sizeof(*statistics));
	statistics->pagesize = 4096;
	statistics->hits = 13;
	*result_data = data + 0x1000;
	*result_data_count = data_count + 1;
	cr_assert_eq(*letters_count, 9);
	memcpy(letters, "seven", 5);
	*letters_count = 5;
	return server_code;
}

kern_return_t do_shop_tell(mach_port_t shop, mach_port_seqno_t seqno, integer_t number)
{
	calls++;
	got.shop = shop;
	got.seqno = seqno;
	got.number = number;
	return KERN_SUCCESS;
}

kern_return_t do_shop_wait(mach_port_t shop, mach_port_t reply_to, integer_t number)
{
	calls++;
	got.shop = shop;
	got.reply_to = reply_to;
	got.number = number;
	return server_code;
}

static void begin(void)
{
	memset(&got, 0, sizeof(got));
	msg_result = MACH_MSG_SUCCESS;
	spoil_request = spoil_reply = -1;
	server_code = KERN_SUCCESS;
	calls = discarded = replaced_ports = 0;
}
TestSuite(mig, .init = begin);

/* ---- values ---- */

Test(mig, values_go_in_and_come_out)
{
	integer_t number = 37, sum = 0;
	bool switch_ = true;

	cr_assert_eq(shop_values(SHOP, true, &number, &switch_, &sum), KERN_SUCCESS);
	cr_assert(got.flag && got.switch_ && got.number == 37 && got.shop == SHOP);
	cr_assert(sum == 42 && number == -37 && !switch_);
	cr_assert_eq(request_size, 24 + 3 * 8);
}

Test(mig, what_is_not_there_is_not_sent)
{
	const natural_t quad[4] = { 1, 2, 3, 4 }, wanted[2] = { 7, 8 };
	natural_t four[4], list[6];
	mach_msg_type_number_t room = 6;

	cr_assert_eq(shop_list(SHOP, quad, four, list, &room, wanted, 2), KERN_SUCCESS);
	cr_assert_eq(request_size, 24 + (4 + 16) + 8 + 4 + 2 * 4);
	cr_assert(got.wanted_count == 2 && got.wanted[1] == 8 && got.list_room == 6 && got.quad[2] == 3);
	cr_assert(room == 2 && list[0] == 8 && list[1] == 9 && four[0] == 4 && four[3] == 1);
}

Test(mig, an_array_that_is_too_long_is_not_sent)
{
	const natural_t quad[4] = { 0 }, wanted[7] = { 0 };
	natural_t four[4], list[6];
	mach_msg_type_number_t room = 6;

	cr_assert_eq(shop_list(SHOP, quad, four, list, &room, wanted, 7), MIG_ARRAY_TOO_LARGE);
	cr_assert_eq(calls, 0);
}

Test(mig, a_server_knows_the_callers_room)
{
	const natural_t quad[4] = { 0 }, wanted[5] = { 1, 2, 3, 4, 5 };
	natural_t four[4], list[3] = { 0, 0, 99 };
	mach_msg_type_number_t room = 2;

	cr_assert_eq(shop_list(SHOP, quad, four, list, &room, wanted, 5), KERN_SUCCESS);
	cr_assert(got.list_room == 2 && room == 2 && list[1] == 3 && list[2] == 99);
}

Test(mig, strings_of_all_lengths)
{
	for (size_t length = 0; length < 25; length++) {
		char name[32] = "", back[20];
		const size_t cut = length < 19 ? length : 19;

		for (size_t i = 0; i < length; i++)
			name[i] = (char)('a' + i);
		cr_assert_eq(shop_name(SHOP, name, back), KERN_SUCCESS);
		cr_assert_eq(request_size, 24 + 4 + (cut + 1 + 3) / 4 * 4);
		cr_assert_eq(strlen(back), cut);
		for (size_t i = 0; i < cut; i++)
			cr_assert(got.name[i] == name[i] && back[i] == name[cut - 1 - i]);
	}
}

Test(mig, rights_arrive_by_the_receivers_names)
{
	mach_port_t given, other;
	mach_msg_type_name_t type;

	cr_assert_eq(shop_ports(SHOP, 100, 200, MACH_MSG_TYPE_MAKE_SEND_ONCE, &given, &other, &type), KERN_SUCCESS);
	cr_assert(got.taken == 100 && got.any == 200 && got.any_type == MACH_MSG_TYPE_PORT_SEND_ONCE);
	cr_assert(given == 101 && other == 201 && type == MACH_MSG_TYPE_PORT_SEND_ONCE);
	cr_assert_neq(((mach_msg_header_t *)buffer)->msgh_bits & MACH_MSGH_BITS_COMPLEX, 0);
}

Test(mig, memory_goes_by_its_address)
{
	vm_statistics_data_t statistics;
	vm_offset_t data;
	mach_msg_type_number_t count, letter_count;
	char letters[9];

	for (int deallocate = 0; deallocate < 2; deallocate++) {
		cr_assert_eq(shop_memory(SHOP, 0x5000, 33, deallocate, &statistics, &data, &count, letters, &letter_count),
		             KERN_SUCCESS);
		cr_assert_eq(((mach_msg_type_t *)buffer)[6].msgt_deallocate, (unsigned)deallocate);
		cr_assert_eq(((mach_msg_type_t *)buffer)[6].msgt_inline, 0u);
		cr_assert(got.data == 0x5000 && got.data_count == 33 && data == 0x6000 && count == 34);
		cr_assert(statistics.pagesize == 4096 && statistics.hits == 13);
		cr_assert(letter_count == 5 && memcmp(letters, "seven", 5) == 0);
	}
}

Test(mig, a_reply_says_nothing_that_nobody_said)
{
	vm_statistics_data_t statistics;
	vm_offset_t data;
	mach_msg_type_number_t count, letter_count;
	char letters[9];
	const mach_msg_header_t *reply = (mach_msg_header_t *)answer;

	cr_assert_eq(shop_memory(SHOP, 0, 0, false, &statistics, &data, &count, letters, &letter_count), KERN_SUCCESS);
	for (const char *at = (char *)answer + reply->msgh_size - 3; at < (char *)answer + reply->msgh_size; at++)
		cr_assert_eq(*at, '\0');
}

Test(mig, a_simpleroutine_waits_for_nothing)
{
	cr_assert_eq(shop_tell(SHOP, 55, 12), KERN_SUCCESS);
	cr_assert(got.seqno == 77 && got.number == 12);
	cr_assert_eq(option_seen, MACH_SEND_MSG);
	cr_assert_eq(((mach_msg_header_t *)buffer)->msgh_remote_port, 55);
}

Test(mig, a_waittime_is_for_both_ways)
{
	cr_assert_eq(shop_wait(SHOP, 250, 9), KERN_SUCCESS);
	cr_assert_eq(option_seen, MACH_SEND_MSG | MACH_RCV_MSG | MACH_SEND_TIMEOUT | MACH_RCV_TIMEOUT);
	cr_assert(timeout_seen == 250 && got.number == 9 && got.reply_to == REPLY);
}

/* ---- refusals ---- */

Test(mig, a_servers_code_comes_back_alone)
{
	mach_port_t given = 1, other = 2;
	mach_msg_type_name_t type = 3;

	server_code = KERN_NO_SPACE;
	cr_assert_eq(shop_ports(SHOP, 100, 200, MACH_MSG_TYPE_COPY_SEND, &given, &other, &type), KERN_NO_SPACE);
	cr_assert(given == 1 && other == 2 && type == 3 && calls == 1 && discarded == 0);
}

Test(mig, after_a_failed_call_the_reply_port_is_another)
{
	integer_t number = 0, sum;
	bool switch_ = false;

	msg_result = MACH_RCV_TIMED_OUT;
	cr_assert_eq(shop_values(SHOP, false, &number, &switch_, &sum), MACH_RCV_TIMED_OUT);
	cr_assert_eq(replaced_ports, 1);
}

Test(mig, ids_that_nobody_serves)
{
	integer_t number = 0, sum;
	bool switch_ = false;
	static const natural_t ids[] = { 499, 501, 502, 509, 0, 600 };

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		spoil_request = 5;
		spoil_with = 500 ^ ids[i];
		cr_assert_eq(shop_values(SHOP, false, &number, &switch_, &sum),
		             ids[i] == 500 - 100 ? MIG_BAD_ID : MIG_REPLY_MISMATCH);
		cr_assert_eq(((struct mig_reply_error *)answer)->RetCode, MIG_BAD_ID);
	}
	cr_assert_eq(calls, 0);
}

/* Calls routine by number. */
static kern_return_t call(int routine)
{
	static const natural_t quad[4] = { 1, 2, 3, 4 }, wanted[2] = { 7, 8 };
	vm_statistics_data_t statistics;
	integer_t number = 1, sum;
	natural_t four[4], list[6];
	mach_msg_type_number_t room = 6, count, letter_count;
	mach_port_t given, other;
	mach_msg_type_name_t type;
	vm_offset_t data;
	bool switch_ = true;
	char text[20];

	switch (routine) {
	case 0: return shop_values(SHOP, true, &number, &switch_, &sum);
	case 3: return shop_list(SHOP, quad, four, list, &room, wanted, 2);
	case 4: return shop_name(SHOP, "name", text);
	case 5: return shop_ports(SHOP, 100, 200, MACH_MSG_TYPE_COPY_SEND, &given, &other, &type);
	case 6: return shop_memory(SHOP, 0x5000, 33, true, &statistics, &data, &count, text, &letter_count);
	default: return shop_wait(SHOP, 1, 2);
	}
}

/* Where the words of a request, and of a reply, are that say what it is: bits, size, descriptors. Ended by 0. */
static const struct {
	int routine;
	unsigned char request[8], reply[8];
} described[] = {
	{ 0, { 1, 6, 8, 10 }, { 1, 6, 8, 10, 12 } },
	{ 3, { 1, 6, 11, 13 }, { 1, 6, 8, 13 } },
	{ 4, { 1, 6 }, { 1, 6, 8 } },
	{ 5, { 1, 6, 8 }, { 1, 6, 8, 10 } },
	{ 6, { 1, 6, 7 }, { 1, 6, 8, 22, 23, 26 } },
	{ 8, { 1, 6 }, { 1, 6 } },
};

/* Bits of a descriptor that stand for something: name, size, a number that is not as it must be, in line, long. */
static const natural_t spoilings[] = { 0x00000080, 0x00000100, 0x08000000, 0x10000000, 0x20000000 };

Test(mig, a_request_with_any_word_wrong_is_refused)
{
	for (size_t i = 0; i < sizeof(described) / sizeof(described[0]); i++)
		for (const unsigned char *word = described[i].request; *word != 0; word++)
			for (size_t k = 0; k < sizeof(spoilings) / sizeof(spoilings[0]); k++) {
				spoil_request = *word;
				spoil_with = spoilings[k];
				calls = 0;
				cr_assert_eq(call(described[i].routine), MIG_BAD_ARGUMENTS, "routine %d, word %d ^ %x",
				             described[i].routine, *word, spoilings[k]);
				cr_assert_eq(calls, 0);
			}
}

Test(mig, a_reply_with_any_word_wrong_is_an_error)
{
	for (size_t i = 0; i < sizeof(described) / sizeof(described[0]); i++)
		for (const unsigned char *word = described[i].reply; *word != 0; word++)
			for (size_t k = 0; k < sizeof(spoilings) / sizeof(spoilings[0]); k++) {
				spoil_reply = *word;
				spoil_with = spoilings[k];
				discarded = 0;
				cr_assert_eq(call(described[i].routine), MIG_TYPE_ERROR, "routine %d, word %d ^ %x",
				             described[i].routine, *word, spoilings[k]);
				cr_assert_eq(discarded, 1);
			}
}

Test(mig, the_complex_bit_must_be_as_it_is_meant)
{
	for (size_t i = 0; i < sizeof(described) / sizeof(described[0]); i++) {
		begin();
		spoil_request = 0;
		spoil_with = MACH_MSGH_BITS_COMPLEX;
		cr_assert_eq(call(described[i].routine), MIG_BAD_ARGUMENTS);
	}
}

Test(mig, a_string_without_an_end_is_refused)
{
	spoil_request = 8; /* "name" and its end: the word after it */
	spoil_with = 0x61;
	cr_assert_eq(call(4), MIG_BAD_ARGUMENTS);
	cr_assert_eq(calls, 0);
}

Test(mig, any_right_means_a_right)
{
	spoil_request = 8;
	for (natural_t name = 0; name < 256; name++) {
		spoil_with = name ^ MACH_MSG_TYPE_PORT_SEND;
		cr_assert_eq(call(5) == KERN_SUCCESS, name >= MACH_MSG_TYPE_PORT_RECEIVE &&
		             name <= MACH_MSG_TYPE_PORT_SEND_ONCE, "name %u", name);
	}
}
