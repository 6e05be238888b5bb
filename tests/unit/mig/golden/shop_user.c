/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Users' stubs of the interface shop, made by mig from shop.defs. */
#include "shop_user.h"

/* 500 */
kern_return_t shop_values(mach_port_t shop, bool flag, integer_t *number, bool *switch_, integer_t *sum)
{
	union {
		struct {
			mach_msg_header_t Head;
			natural_t flagType;
			natural_t flag;
			natural_t numberType;
			integer_t number;
			natural_t switch_Type;
			natural_t switch_;
		} request;
		struct {
			mach_msg_header_t Head;
			natural_t RetCodeType;
			kern_return_t RetCode;
			natural_t numberType;
			integer_t number;
			natural_t switch_Type;
			natural_t switch_;
			natural_t sumType;
			integer_t sum;
		} reply;
	} message;
	const mach_port_t mig_port = mig_get_reply_port();
	mach_msg_return_t mig_result;

	message.request.Head.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE);
	message.request.Head.msgh_remote_port = shop;
	message.request.Head.msgh_local_port = mig_port;
	message.request.Head.msgh_id = 500;
	message.request.flag = flag;
	message.request.flagType = MIG_TYPE(MACH_MSG_TYPE_BOOLEAN, 32, 1);
	message.request.number = *number;
	message.request.numberType = MIG_TYPE(MACH_MSG_TYPE_INTEGER_32, 32, 1);
	message.request.switch_ = *switch_;
	message.request.switch_Type = MIG_TYPE(MACH_MSG_TYPE_BOOLEAN, 32, 1);
	mig_result = mach_msg(&message.request.Head, MACH_SEND_MSG | MACH_RCV_MSG,
		sizeof(message.request),
		sizeof(message.reply), mig_port, MACH_MSG_TIMEOUT_NONE, MACH_PORT_NULL);
	if (mig_result != MACH_MSG_SUCCESS) {
		mig_dealloc_reply_port(mig_port);
		return mig_result;
	}
	if (message.reply.Head.msgh_id != 600)
		return mig_reply_mismatch(&message.reply.Head);
	if (message.reply.Head.msgh_size == sizeof(struct mig_reply_error) && message.reply.RetCode != KERN_SUCCESS)
		return mig_reply_code(&message.reply.Head);
	if (message.reply.Head.msgh_size != sizeof(message.reply) ||
	    (message.reply.Head.msgh_bits & MACH_MSGH_BITS_COMPLEX) != 0 ||
	    message.reply.RetCodeType != MIG_TYPE_RETURN_CODE ||
	    message.reply.numberType != MIG_TYPE(MACH_MSG_TYPE_INTEGER_32, 32, 1) ||
	    message.reply.switch_Type != MIG_TYPE(MACH_MSG_TYPE_BOOLEAN, 32, 1) ||
	    message.reply.sumType != MIG_TYPE(MACH_MSG_TYPE_INTEGER_32, 32, 1))
		return mig_reply_discard(&message.reply.Head, MIG_TYPE_ERROR);
	if (message.reply.RetCode != KERN_SUCCESS)
		return mig_reply_discard(&message.reply.Head, message.reply.RetCode);
	*number = message.reply.number;
	*switch_ = message.reply.switch_ != 0;
	*sum = message.reply.sum;
	return KERN_SUCCESS;
}

/* 503 */
kern_return_t shop_list(mach_port_t shop, const natural_t *quad, natural_t *four, natural_t *list,
	mach_msg_type_number_t *list_count, const natural_t *wanted, mach_msg_type_number_t wanted_count)
{
	union {
		struct {
			mach_msg_header_t Head;
			natural_t quadType;
			natural_t quad[4];
			natural_t listRoomType, listRoom;
			natural_t wantedType;
			natural_t wanted[6];
		} request;
		struct {
			mach_msg_header_t Head;
			natural_t RetCodeType;
			kern_return_t RetCode;
			natural_t fourType;
			natural_t four[4];
			natural_t listType;
			natural_t list[6];
		} reply;
	} message;
	const mach_port_t mig_port = mig_get_reply_port();
	mach_msg_return_t mig_result;
	mach_msg_type_number_t list_returned;

	if (wanted_count > 6)
		return MIG_ARRAY_TOO_LARGE;
	message.request.Head.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE);
	message.request.Head.msgh_remote_port = shop;
	message.request.Head.msgh_local_port = mig_port;
	message.request.Head.msgh_id = 503;
	memcpy(message.request.quad, quad, 16);
	message.request.quadType = MIG_TYPE(MACH_MSG_TYPE_INTEGER_32, 32, 4);
	message.request.listRoomType = MIG_TYPE(MACH_MSG_TYPE_INTEGER_32, 32, 1);
	message.request.listRoom = *list_count;
	memcpy(message.request.wanted, wanted, wanted_count * sizeof(wanted[0]));
	message.request.wantedType = MIG_TYPE(MACH_MSG_TYPE_INTEGER_32, 32, wanted_count);
	mig_result = mach_msg(&message.request.Head, MACH_SEND_MSG | MACH_RCV_MSG,
		sizeof(message.request) - sizeof(message.request.wanted) + mig_words(wanted_count * 4),
		sizeof(message.reply), mig_port, MACH_MSG_TIMEOUT_NONE, MACH_PORT_NULL);
	if (mig_result != MACH_MSG_SUCCESS) {
		mig_dealloc_reply_port(mig_port);
		return mig_result;
	}
	if (message.reply.Head.msgh_id != 603)
		return mig_reply_mismatch(&message.reply.Head);
	if (message.reply.Head.msgh_size == sizeof(struct mig_reply_error) && message.reply.RetCode != KERN_SUCCESS)
		return mig_reply_code(&message.reply.Head);
	if (message.reply.Head.msgh_size < sizeof(message.reply) - sizeof(message.reply.list) ||
	    (message.reply.Head.msgh_bits & MACH_MSGH_BITS_COMPLEX) != 0 ||
	    message.reply.RetCodeType != MIG_TYPE_RETURN_CODE ||
	    message.reply.fourType != MIG_TYPE(MACH_MSG_TYPE_INTEGER_32, 32, 4) ||
	    (message.reply.listType & ~MIG_TYPE_NUMBER_MASK) != MIG_TYPE(MACH_MSG_TYPE_INTEGER_32, 32, 0) ||
	    MIG_TYPE_NUMBER(message.reply.listType) > 6 ||
	    message.reply.Head.msgh_size != sizeof(message.reply) - sizeof(message.reply.list) +
		mig_words(MIG_TYPE_NUMBER(message.reply.listType) * 4))
		return mig_reply_discard(&message.reply.Head, MIG_TYPE_ERROR);
	if (message.reply.RetCode != KERN_SUCCESS)
		return mig_reply_discard(&message.reply.Head, message.reply.RetCode);
	memcpy(four, message.reply.four, 16);
	list_returned = MIG_TYPE_NUMBER(message.reply.listType);
	if (list_returned > *list_count)
		return MIG_ARRAY_TOO_LARGE;
	memcpy(list, message.reply.list, list_returned * sizeof(list[0]));
	*list_count = list_returned;
	return KERN_SUCCESS;
}

/* 504 */
kern_return_t shop_name(mach_port_t shop, const char *name, char *answer)
{
	union {
		struct {
			mach_msg_header_t Head;
			natural_t nameType;
			char name[20];
		} request;
		struct {
			mach_msg_header_t Head;
			natural_t RetCodeType;
			kern_return_t RetCode;
			natural_t answerType;
			char answer[20];
		} reply;
	} message;
	const mach_port_t mig_port = mig_get_reply_port();
	mach_msg_return_t mig_result;
	mach_msg_type_number_t name_count;

	message.request.Head.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE);
	message.request.Head.msgh_remote_port = shop;
	message.request.Head.msgh_local_port = mig_port;
	message.request.Head.msgh_id = 504;
	name_count = mig_strncpy(message.request.name, name, 20);
	mig_pad(message.request.name, name_count);
	message.request.nameType = MIG_TYPE(MACH_MSG_TYPE_STRING_C, 8, name_count);
	mig_result = mach_msg(&message.request.Head, MACH_SEND_MSG | MACH_RCV_MSG,
		sizeof(message.request) - sizeof(message.request.name) + mig_words(name_count * 1),
		sizeof(message.reply), mig_port, MACH_MSG_TIMEOUT_NONE, MACH_PORT_NULL);
	if (mig_result != MACH_MSG_SUCCESS) {
		mig_dealloc_reply_port(mig_port);
		return mig_result;
	}
	if (message.reply.Head.msgh_id != 604)
		return mig_reply_mismatch(&message.reply.Head);
	if (message.reply.Head.msgh_size == sizeof(struct mig_reply_error) && message.reply.RetCode != KERN_SUCCESS)
		return mig_reply_code(&message.reply.Head);
	if (message.reply.Head.msgh_size < sizeof(message.reply) - sizeof(message.reply.answer) ||
	    (message.reply.Head.msgh_bits & MACH_MSGH_BITS_COMPLEX) != 0 ||
	    message.reply.RetCodeType != MIG_TYPE_RETURN_CODE ||
	    (message.reply.answerType & ~MIG_TYPE_NUMBER_MASK) != MIG_TYPE(MACH_MSG_TYPE_STRING_C, 8, 0) ||
	    MIG_TYPE_NUMBER(message.reply.answerType) > 20 ||
	    message.reply.Head.msgh_size != sizeof(message.reply) - sizeof(message.reply.answer) +
		mig_words(MIG_TYPE_NUMBER(message.reply.answerType) * 1))
		return mig_reply_discard(&message.reply.Head, MIG_TYPE_ERROR);
	if (message.reply.RetCode != KERN_SUCCESS)
		return mig_reply_discard(&message.reply.Head, message.reply.RetCode);
	if (!mig_string_ends(message.reply.answer, MIG_TYPE_NUMBER(message.reply.answerType)))
		return MIG_TYPE_ERROR;
	mig_strncpy(answer, message.reply.answer, 20);
	return KERN_SUCCESS;
}

/* 505 */
kern_return_t shop_ports(mach_port_t shop, mach_port_t taken, mach_port_t any, mach_msg_type_name_t any_type,
	mach_port_t *given, mach_port_t *other, mach_msg_type_name_t *other_type)
{
	union {
		struct {
			mach_msg_header_t Head;
			natural_t takenType;
			mach_port_t taken;
			natural_t anyType;
			mach_port_t any;
		} request;
		struct {
			mach_msg_header_t Head;
			natural_t RetCodeType;
			kern_return_t RetCode;
			natural_t givenType;
			mach_port_t given;
			natural_t otherType;
			mach_port_t other;
		} reply;
	} message;
	const mach_port_t mig_port = mig_get_reply_port();
	mach_msg_return_t mig_result;

	message.request.Head.msgh_bits = MACH_MSGH_BITS_COMPLEX | MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE);
	message.request.Head.msgh_remote_port = shop;
	message.request.Head.msgh_local_port = mig_port;
	message.request.Head.msgh_id = 505;
	message.request.taken = taken;
	message.request.takenType = MIG_TYPE(MACH_MSG_TYPE_COPY_SEND, 32, 1);
	message.request.any = any;
	message.request.anyType = MIG_TYPE(any_type, 32, 1);
	mig_result = mach_msg(&message.request.Head, MACH_SEND_MSG | MACH_RCV_MSG,
		sizeof(message.request),
		sizeof(message.reply), mig_port, MACH_MSG_TIMEOUT_NONE, MACH_PORT_NULL);
	if (mig_result != MACH_MSG_SUCCESS) {
		mig_dealloc_reply_port(mig_port);
		return mig_result;
	}
	if (message.reply.Head.msgh_id != 605)
		return mig_reply_mismatch(&message.reply.Head);
	if (message.reply.Head.msgh_size == sizeof(struct mig_reply_error) && message.reply.RetCode != KERN_SUCCESS)
		return mig_reply_code(&message.reply.Head);
	if (message.reply.Head.msgh_size != sizeof(message.reply) ||
	    (message.reply.Head.msgh_bits & MACH_MSGH_BITS_COMPLEX) == 0 ||
	    message.reply.RetCodeType != MIG_TYPE_RETURN_CODE ||
	    message.reply.givenType != MIG_TYPE(MACH_MSG_TYPE_PORT_SEND, 32, 1) ||
	    !mig_type_is_right(message.reply.otherType))
		return mig_reply_discard(&message.reply.Head, MIG_TYPE_ERROR);
	if (message.reply.RetCode != KERN_SUCCESS)
		return mig_reply_discard(&message.reply.Head, message.reply.RetCode);
	*given = message.reply.given;
	*other = message.reply.other;
	*other_type = message.reply.otherType & 0xff;
	return KERN_SUCCESS;
}

/* 506 */
kern_return_t shop_memory(mach_port_t shop, vm_offset_t data, mach_msg_type_number_t data_count,
	bool data_deallocate, vm_statistics_data_t *statistics, vm_offset_t *result_data,
	mach_msg_type_number_t *result_data_count, char *letters, mach_msg_type_number_t *letters_count)
{
	union {
		struct {
			mach_msg_header_t Head;
			natural_t dataType, dataLong, dataNumber, data;
		} request;
		struct {
			mach_msg_header_t Head;
			natural_t RetCodeType;
			kern_return_t RetCode;
			natural_t statisticsType;
			vm_statistics_data_t statistics;
			natural_t result_dataType, result_dataLong, result_dataNumber, result_data;
			natural_t lettersType;
			char letters[12];
		} reply;
	} message;
	const mach_port_t mig_port = mig_get_reply_port();
	mach_msg_return_t mig_result;
	mach_msg_type_number_t letters_returned;

	message.request.Head.msgh_bits = MACH_MSGH_BITS_COMPLEX | MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE);
	message.request.Head.msgh_remote_port = shop;
	message.request.Head.msgh_local_port = mig_port;
	message.request.Head.msgh_id = 506;
	message.request.data = mig_word(data);
	message.request.dataType = MIG_TYPE_OUT_OF_LINE | (data_deallocate ? MIG_TYPE_DEALLOCATE : 0);
	message.request.dataLong = MIG_TYPE_LONG(MACH_MSG_TYPE_BYTE, 8);
	message.request.dataNumber = data_count;
	mig_result = mach_msg(&message.request.Head, MACH_SEND_MSG | MACH_RCV_MSG,
		sizeof(message.request),
		sizeof(message.reply), mig_port, MACH_MSG_TIMEOUT_NONE, MACH_PORT_NULL);
	if (mig_result != MACH_MSG_SUCCESS) {
		mig_dealloc_reply_port(mig_port);
		return mig_result;
	}
	if (message.reply.Head.msgh_id != 606)
		return mig_reply_mismatch(&message.reply.Head);
	if (message.reply.Head.msgh_size == sizeof(struct mig_reply_error) && message.reply.RetCode != KERN_SUCCESS)
		return mig_reply_code(&message.reply.Head);
	if (message.reply.Head.msgh_size < sizeof(message.reply) - sizeof(message.reply.letters) ||
	    (message.reply.Head.msgh_bits & MACH_MSGH_BITS_COMPLEX) == 0 ||
	    message.reply.RetCodeType != MIG_TYPE_RETURN_CODE ||
	    message.reply.statisticsType != MIG_TYPE(MACH_MSG_TYPE_INTEGER_32, 32, 13) ||
	    (message.reply.result_dataType & ~MIG_TYPE_DEALLOCATE) != MIG_TYPE_OUT_OF_LINE ||
	    message.reply.result_dataLong != MIG_TYPE_LONG(MACH_MSG_TYPE_BYTE, 8) ||
	    (message.reply.lettersType & ~MIG_TYPE_NUMBER_MASK) != MIG_TYPE(MACH_MSG_TYPE_CHAR, 8, 0) ||
	    MIG_TYPE_NUMBER(message.reply.lettersType) > 9 ||
	    message.reply.Head.msgh_size != sizeof(message.reply) - sizeof(message.reply.letters) +
		mig_words(MIG_TYPE_NUMBER(message.reply.lettersType) * 1))
		return mig_reply_discard(&message.reply.Head, MIG_TYPE_ERROR);
	if (message.reply.RetCode != KERN_SUCCESS)
		return mig_reply_discard(&message.reply.Head, message.reply.RetCode);
	*statistics = message.reply.statistics;
	*result_data = (vm_offset_t)(uintptr_t)message.reply.result_data;
	*result_data_count = message.reply.result_dataNumber;
	letters_returned = MIG_TYPE_NUMBER(message.reply.lettersType);
	memcpy(letters, message.reply.letters, letters_returned * sizeof(letters[0]));
	*letters_count = letters_returned;
	return KERN_SUCCESS;
}

/* 507 */
kern_return_t shop_tell(mach_port_t shop, mach_port_t answer_to, integer_t number)
{
	struct {
		struct {
			mach_msg_header_t Head;
			natural_t numberType;
			integer_t number;
		} request;
	} message;

	message.request.Head.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE);
	message.request.Head.msgh_remote_port = shop;
	message.request.Head.msgh_local_port = answer_to;
	message.request.Head.msgh_id = 507;
	message.request.number = number;
	message.request.numberType = MIG_TYPE(MACH_MSG_TYPE_INTEGER_32, 32, 1);
	return mach_msg(&message.request.Head, MACH_SEND_MSG,
		sizeof(message.request), 0,
		MACH_PORT_NULL, MACH_MSG_TIMEOUT_NONE, MACH_PORT_NULL);
}

/* 508 */
kern_return_t shop_wait(mach_port_t shop, mach_msg_timeout_t timeout, integer_t number)
{
	union {
		struct {
			mach_msg_header_t Head;
			natural_t numberType;
			integer_t number;
		} request;
		struct {
			mach_msg_header_t Head;
			natural_t RetCodeType;
			kern_return_t RetCode;
		} reply;
	} message;
	const mach_port_t mig_port = mig_get_reply_port();
	mach_msg_return_t mig_result;

	message.request.Head.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MAKE_SEND_ONCE);
	message.request.Head.msgh_remote_port = shop;
	message.request.Head.msgh_local_port = mig_port;
	message.request.Head.msgh_id = 508;
	message.request.number = number;
	message.request.numberType = MIG_TYPE(MACH_MSG_TYPE_INTEGER_32, 32, 1);
	mig_result = mach_msg(&message.request.Head, MACH_SEND_MSG | MACH_RCV_MSG | MACH_SEND_TIMEOUT | MACH_RCV_TIMEOUT,
		sizeof(message.request),
		sizeof(message.reply), mig_port, timeout, MACH_PORT_NULL);
	if (mig_result != MACH_MSG_SUCCESS) {
		mig_dealloc_reply_port(mig_port);
		return mig_result;
	}
	if (message.reply.Head.msgh_id != 608)
		return mig_reply_mismatch(&message.reply.Head);
	return mig_reply_code(&message.reply.Head);
}
