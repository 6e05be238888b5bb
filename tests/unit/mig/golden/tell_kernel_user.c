/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Users' stubs of the interface tell, made by mig from tell.defs. */
#include "tell_kernel_user.h"

/* 700 */
kern_return_t say_tell_data(ipc_port_t home, mach_msg_type_name_t home_type, ipc_port_t control, ipc_port_t right,
	vm_map_copy_t data, mach_msg_type_number_t data_count, bool dirty)
{
	struct {
		struct {
			mach_msg_header_t Head;
			natural_t controlType;
			mach_port_t control;
			natural_t rightType;
			mach_port_t right;
			natural_t dataType, dataLong, dataNumber, data;
			natural_t dirtyType;
			natural_t dirty;
		} request;
	} message;

	message.request.Head.msgh_bits = MACH_MSGH_BITS_COMPLEX | MACH_MSGH_BITS(home_type, 0);
	message.request.Head.msgh_remote_port = mig_word(home);
	message.request.Head.msgh_local_port = MACH_PORT_NULL;
	message.request.Head.msgh_id = 700;
	message.request.control = mig_word(control);
	message.request.controlType = MIG_TYPE(MACH_MSG_TYPE_MAKE_SEND, 32, 1);
	message.request.right = mig_word(right);
	message.request.rightType = MIG_TYPE(MACH_MSG_TYPE_MOVE_RECEIVE, 32, 1);
	message.request.data = mig_word(data);
	message.request.dataType = MIG_TYPE_OUT_OF_LINE;
	message.request.dataLong = MIG_TYPE_LONG(MACH_MSG_TYPE_BYTE, 8);
	message.request.dataNumber = data_count;
	message.request.dirty = dirty;
	message.request.dirtyType = MIG_TYPE(MACH_MSG_TYPE_BOOLEAN, 32, 1);
	return mach_msg_send_from_kernel(&message.request.Head, sizeof(message.request));
}
