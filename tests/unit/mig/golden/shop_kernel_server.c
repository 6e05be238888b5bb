/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The server of the interface shop, made by mig from shop.defs. */
#include "shop_kernel_server.h"

_Static_assert(sizeof(vm_statistics_data_t) == 52, "as its type says");

struct request_shop_values {
	mach_msg_header_t Head;
	natural_t flagType;
	natural_t flag;
	natural_t numberType;
	integer_t number;
	natural_t switch_Type;
	natural_t switch_;
};
struct reply_shop_values {
	mach_msg_header_t Head;
	natural_t RetCodeType;
	kern_return_t RetCode;
	natural_t numberType;
	integer_t number;
	natural_t switch_Type;
	natural_t switch_;
	natural_t sumType;
	integer_t sum;
};

/* 500 */
static void stub_shop_values(mach_msg_header_t *request, mach_msg_header_t *reply)
{
	const struct request_shop_values *in = (const struct request_shop_values *)request;
	struct reply_shop_values *out = (struct reply_shop_values *)reply;
	bool switch_;

	if (in->Head.msgh_size != sizeof(*in) ||
	    (in->Head.msgh_bits & MACH_MSGH_BITS_COMPLEX) != 0 ||
	    in->flagType != MIG_TYPE(MACH_MSG_TYPE_BOOLEAN, 32, 1) ||
	    in->numberType != MIG_TYPE(MACH_MSG_TYPE_INTEGER_32, 32, 1) ||
	    in->switch_Type != MIG_TYPE(MACH_MSG_TYPE_BOOLEAN, 32, 1)) {
		out->RetCode = MIG_BAD_ARGUMENTS;
		return;
	}
	out->number = in->number;
	switch_ = in->switch_ != 0;
	out->RetCode = shop_values(mig_pointer(in->Head.msgh_remote_port),
		in->flag != 0,
		&out->number,
		&switch_,
		&out->sum);
	if (out->RetCode != KERN_SUCCESS)
		return;
	out->numberType = MIG_TYPE(MACH_MSG_TYPE_INTEGER_32, 32, 1);
	out->switch_ = switch_;
	out->switch_Type = MIG_TYPE(MACH_MSG_TYPE_BOOLEAN, 32, 1);
	out->sumType = MIG_TYPE(MACH_MSG_TYPE_INTEGER_32, 32, 1);
	out->Head.msgh_size = sizeof(*out);
}

struct request_shop_list {
	mach_msg_header_t Head;
	natural_t quadType;
	natural_t quad[4];
	natural_t listRoomType, listRoom;
	natural_t wantedType;
	natural_t wanted[6];
};
struct reply_shop_list {
	mach_msg_header_t Head;
	natural_t RetCodeType;
	kern_return_t RetCode;
	natural_t fourType;
	natural_t four[4];
	natural_t listType;
	natural_t list[6];
};

/* 503 */
static void stub_shop_list(mach_msg_header_t *request, mach_msg_header_t *reply)
{
	const struct request_shop_list *in = (const struct request_shop_list *)request;
	struct reply_shop_list *out = (struct reply_shop_list *)reply;
	mach_msg_type_number_t list_count;

	if (in->Head.msgh_size < sizeof(*in) - sizeof(in->wanted) ||
	    (in->Head.msgh_bits & MACH_MSGH_BITS_COMPLEX) != 0 ||
	    in->quadType != MIG_TYPE(MACH_MSG_TYPE_INTEGER_32, 32, 4) ||
	    in->listRoomType != MIG_TYPE(MACH_MSG_TYPE_INTEGER_32, 32, 1) ||
	    (in->wantedType & ~MIG_TYPE_NUMBER_MASK) != MIG_TYPE(MACH_MSG_TYPE_INTEGER_32, 32, 0) ||
	    MIG_TYPE_NUMBER(in->wantedType) > 6 ||
	    in->Head.msgh_size != sizeof(*in) - sizeof(in->wanted) + mig_words(MIG_TYPE_NUMBER(in->wantedType) * 4)) {
		out->RetCode = MIG_BAD_ARGUMENTS;
		return;
	}
	list_count = in->listRoom < 6 ? in->listRoom : 6;
	out->RetCode = shop_list(mig_pointer(in->Head.msgh_remote_port),
		in->quad,
		out->four,
		out->list, &list_count,
		in->wanted, MIG_TYPE_NUMBER(in->wantedType));
	if (out->RetCode != KERN_SUCCESS)
		return;
	out->fourType = MIG_TYPE(MACH_MSG_TYPE_INTEGER_32, 32, 4);
	out->listType = MIG_TYPE(MACH_MSG_TYPE_INTEGER_32, 32, list_count);
	out->Head.msgh_size = sizeof(*out) - sizeof(out->list) + mig_words(list_count * 4);
}

struct request_shop_name {
	mach_msg_header_t Head;
	natural_t nameType;
	char name[20];
};
struct reply_shop_name {
	mach_msg_header_t Head;
	natural_t RetCodeType;
	kern_return_t RetCode;
	natural_t answerType;
	char answer[20];
};

/* 504 */
static void stub_shop_name(mach_msg_header_t *request, mach_msg_header_t *reply)
{
	const struct request_shop_name *in = (const struct request_shop_name *)request;
	struct reply_shop_name *out = (struct reply_shop_name *)reply;
	mach_msg_type_number_t answer_count;

	if (in->Head.msgh_size < sizeof(*in) - sizeof(in->name) ||
	    (in->Head.msgh_bits & MACH_MSGH_BITS_COMPLEX) != 0 ||
	    (in->nameType & ~MIG_TYPE_NUMBER_MASK) != MIG_TYPE(MACH_MSG_TYPE_STRING_C, 8, 0) ||
	    MIG_TYPE_NUMBER(in->nameType) > 20 ||
	    in->Head.msgh_size != sizeof(*in) - sizeof(in->name) + mig_words(MIG_TYPE_NUMBER(in->nameType) * 1) ||
	    !mig_string_ends(in->name, MIG_TYPE_NUMBER(in->nameType))) {
		out->RetCode = MIG_BAD_ARGUMENTS;
		return;
	}
	out->RetCode = shop_name(mig_pointer(in->Head.msgh_remote_port),
		in->name,
		out->answer);
	if (out->RetCode != KERN_SUCCESS)
		return;
	answer_count = mig_string_size(out->answer);
	mig_pad(out->answer, answer_count);
	out->answerType = MIG_TYPE(MACH_MSG_TYPE_STRING_C, 8, answer_count);
	out->Head.msgh_size = sizeof(*out) - sizeof(out->answer) + mig_words(answer_count * 1);
}

struct request_shop_ports {
	mach_msg_header_t Head;
	natural_t takenType;
	mach_port_t taken;
	natural_t anyType;
	mach_port_t any;
};
struct reply_shop_ports {
	mach_msg_header_t Head;
	natural_t RetCodeType;
	kern_return_t RetCode;
	natural_t givenType;
	mach_port_t given;
	natural_t otherType;
	mach_port_t other;
};

/* 505 */
static void stub_shop_ports(mach_msg_header_t *request, mach_msg_header_t *reply)
{
	const struct request_shop_ports *in = (const struct request_shop_ports *)request;
	struct reply_shop_ports *out = (struct reply_shop_ports *)reply;
	thing_t taken;
	thing_t given;
	ipc_port_t other;
	mach_msg_type_name_t other_type;

	if (in->Head.msgh_size != sizeof(*in) ||
	    (in->Head.msgh_bits & MACH_MSGH_BITS_COMPLEX) == 0 ||
	    in->takenType != MIG_TYPE(MACH_MSG_TYPE_PORT_SEND, 32, 1) ||
	    !mig_type_is_right(in->anyType)) {
		out->RetCode = MIG_BAD_ARGUMENTS;
		return;
	}
	taken = convert_port_to_thing(mig_pointer(in->taken));
	if (taken == NULL) {
		out->RetCode = KERN_INVALID_ARGUMENT;
		return;
	}
	out->RetCode = shop_ports(mig_pointer(in->Head.msgh_remote_port),
		taken,
		mig_pointer(in->any), in->anyType & 0xff,
		&given,
		&other, &other_type);
	thing_deallocate(taken);
	if (out->RetCode != KERN_SUCCESS)
		return;
	ipc_port_release_send(mig_pointer(in->taken));
	out->given = mig_word(convert_thing_to_port(given));
	out->givenType = MIG_TYPE(MACH_MSG_TYPE_PORT_SEND, 32, 1);
	out->other = mig_word(other);
	out->otherType = MIG_TYPE(other_type, 32, 1);
	out->Head.msgh_bits |= MACH_MSGH_BITS_COMPLEX;
	out->Head.msgh_size = sizeof(*out);
}

struct request_shop_memory {
	mach_msg_header_t Head;
	natural_t dataType, dataLong, dataNumber, data;
};
struct reply_shop_memory {
	mach_msg_header_t Head;
	natural_t RetCodeType;
	kern_return_t RetCode;
	natural_t statisticsType;
	vm_statistics_data_t statistics;
	natural_t result_dataType, result_dataLong, result_dataNumber, result_data;
	natural_t lettersType;
	char letters[12];
};

/* 506 */
static void stub_shop_memory(mach_msg_header_t *request, mach_msg_header_t *reply)
{
	const struct request_shop_memory *in = (const struct request_shop_memory *)request;
	struct reply_shop_memory *out = (struct reply_shop_memory *)reply;
	vm_map_copy_t result_data;
	mach_msg_type_number_t result_data_count;
	mach_msg_type_number_t letters_count;

	if (in->Head.msgh_size != sizeof(*in) ||
	    (in->Head.msgh_bits & MACH_MSGH_BITS_COMPLEX) == 0 ||
	    (in->dataType & ~MIG_TYPE_DEALLOCATE) != MIG_TYPE_OUT_OF_LINE ||
	    in->dataLong != MIG_TYPE_LONG(MACH_MSG_TYPE_BYTE, 8)) {
		out->RetCode = MIG_BAD_ARGUMENTS;
		return;
	}
	letters_count = 9;
	out->RetCode = shop_memory(mig_pointer(in->Head.msgh_remote_port),
		mig_pointer(in->data), in->dataNumber,
		&out->statistics,
		&result_data, &result_data_count,
		out->letters, &letters_count);
	if (out->RetCode != KERN_SUCCESS)
		return;
	out->statisticsType = MIG_TYPE(MACH_MSG_TYPE_INTEGER_32, 32, 13);
	out->result_data = mig_word(result_data);
	out->result_dataType = MIG_TYPE_OUT_OF_LINE;
	out->result_dataLong = MIG_TYPE_LONG(MACH_MSG_TYPE_BYTE, 8);
	out->result_dataNumber = result_data_count;
	mig_pad(out->letters, letters_count);
	out->lettersType = MIG_TYPE(MACH_MSG_TYPE_CHAR, 8, letters_count);
	out->Head.msgh_bits |= MACH_MSGH_BITS_COMPLEX;
	out->Head.msgh_size = sizeof(*out) - sizeof(out->letters) + mig_words(letters_count * 1);
}

struct request_shop_tell {
	mach_msg_header_t Head;
	natural_t numberType;
	integer_t number;
};
struct reply_shop_tell {
	mach_msg_header_t Head;
	natural_t RetCodeType;
	kern_return_t RetCode;
};

/* 507 */
static void stub_shop_tell(mach_msg_header_t *request, mach_msg_header_t *reply)
{
	const struct request_shop_tell *in = (const struct request_shop_tell *)request;
	struct reply_shop_tell *out = (struct reply_shop_tell *)reply;

	if (in->Head.msgh_size != sizeof(*in) ||
	    (in->Head.msgh_bits & MACH_MSGH_BITS_COMPLEX) != 0 ||
	    in->numberType != MIG_TYPE(MACH_MSG_TYPE_INTEGER_32, 32, 1)) {
		out->RetCode = MIG_BAD_ARGUMENTS;
		return;
	}
	out->RetCode = shop_tell(mig_pointer(in->Head.msgh_remote_port),
		in->number);
}

struct request_shop_wait {
	mach_msg_header_t Head;
	natural_t numberType;
	integer_t number;
};
struct reply_shop_wait {
	mach_msg_header_t Head;
	natural_t RetCodeType;
	kern_return_t RetCode;
};

/* 508 */
static void stub_shop_wait(mach_msg_header_t *request, mach_msg_header_t *reply)
{
	const struct request_shop_wait *in = (const struct request_shop_wait *)request;
	struct reply_shop_wait *out = (struct reply_shop_wait *)reply;

	if (in->Head.msgh_size != sizeof(*in) ||
	    (in->Head.msgh_bits & MACH_MSGH_BITS_COMPLEX) != 0 ||
	    in->numberType != MIG_TYPE(MACH_MSG_TYPE_INTEGER_32, 32, 1)) {
		out->RetCode = MIG_BAD_ARGUMENTS;
		return;
	}
	out->RetCode = shop_wait(mig_pointer(in->Head.msgh_remote_port),
		mig_pointer(in->Head.msgh_local_port),
		in->number);
}

static const struct mig_routine routines[9] = {
	[0] = { stub_shop_values, sizeof(struct reply_shop_values) },
	[3] = { stub_shop_list, sizeof(struct reply_shop_list) },
	[4] = { stub_shop_name, sizeof(struct reply_shop_name) },
	[5] = { stub_shop_ports, sizeof(struct reply_shop_ports) },
	[6] = { stub_shop_memory, sizeof(struct reply_shop_memory) },
	[7] = { stub_shop_tell, sizeof(struct reply_shop_tell) },
	[8] = { stub_shop_wait, sizeof(struct reply_shop_wait) },
};
const struct mig_subsystem shop_subsystem = { 500, 509, routines };
