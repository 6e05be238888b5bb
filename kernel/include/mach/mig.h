/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the interface generator's output (kernel/mig) and its callers agree on: servers' tables, the short reply, and
 * type descriptors as constants.
 *
 * A server answers like this, in a user's server and in the kernel's ipc_kobject_server alike:
 *
 *   1. The caller prepares the reply: `struct mig_reply_error` with bits, ports, id + 100, its size, RetCodeType.
 *   2. It finds routine[id - first]; none: RetCode MIG_BAD_ID.
 *   3. The stub checks the request (MIG_BAD_ARGUMENTS), calls the routine, writes RetCode, and on KERN_SUCCESS what
 *      the routine returns: then msgh_size grows, and MACH_MSGH_BITS_COMPLEX is set if it must be.
 *   4. RetCode MIG_NO_REPLY: nothing is sent, and the request's rights and memory are the routine's, its reply port
 *      among them.  KERN_SUCCESS: what is in the body is the routine's too.  Anything else: the caller destroys the
 *      request with all that is in it.
 *   5. The reply goes to the request's reply port, if it has one (requests of a simpleroutine have none, as a rule).
 *
 * In the kernel (KernelServer) a request is as ipc_kmsg_copyin left it: its own port is msgh_remote_port, the reply's
 * msgh_local_port, both pointers; ports in the body are pointers, memory out of line is a vm_map_copy_t, an
 * out-of-line array of ports lies in kalloc's memory.  Replies have MACH_MSG_TYPE_PORT_* names and such pointers, too:
 * they need no copyin.  In a user's server the request's own port is msgh_local_port, the reply's msgh_remote_port.
 */
#pragma once
#include "mach/kern_return.h"
#include "mach/message.h"

/* A type descriptor, in line, short. number: at most 4095. */
#define MIG_TYPE(name_, bits_, number_) \
	((natural_t)(name_) | (natural_t)(bits_) << 8 | (natural_t)(number_) << 16 | 1u << 28)
/* The first words of descriptors of the long form: out of line, kept or deallocated by the sender. */
#define MIG_TYPE_OUT_OF_LINE (1u << 29)
#define MIG_TYPE_DEALLOCATE (1u << 30)
/* The second word of a descriptor of the long form. */
#define MIG_TYPE_LONG(name_, bits_) ((natural_t)(name_) | (natural_t)(bits_) << 16)
/* A short descriptor without its number; the number that is in one. */
#define MIG_TYPE_NUMBER_MASK (0xfffu << 16)
#define MIG_TYPE_NUMBER(type_) ((type_) >> 16 & 0xfff)

#define MIG_TYPE_RETURN_CODE MIG_TYPE(MACH_MSG_TYPE_INTEGER_32, 32, 1)

/* The reply that has nothing but a code. */
struct mig_reply_error {
	mach_msg_header_t Head;
	natural_t RetCodeType;
	kern_return_t RetCode;
};

struct mig_routine {
	void (*stub)(mach_msg_header_t *request, mach_msg_header_t *reply); /* NULL: no such message */
	mach_msg_size_t reply_size; /* bytes that the reply may need, at least sizeof(struct mig_reply_error) */
};
struct mig_subsystem {
	mach_msg_id_t first, end;   /* ids first .. end - 1 */
	const struct mig_routine *routine;
};

/* The stub for a message id, or NULL. */
static inline const struct mig_routine *mig_find(const struct mig_subsystem *subsystem, mach_msg_id_t id)
{
	const struct mig_routine *routine;

	if (id < subsystem->first || id >= subsystem->end)
		return NULL;
	routine = &subsystem->routine[id - subsystem->first];
	return routine->stub != NULL ? routine : NULL;
}

/* The request's answer in a user's server: prepares `reply`, dispatches. False: MIG_BAD_ID.
 * reply: has room for the largest reply of the subsystem. */
static inline bool mig_server(const struct mig_subsystem *subsystem, mach_msg_header_t *request,
                              mach_msg_header_t *reply)
{
	struct mig_reply_error *out = (struct mig_reply_error *)reply;
	const struct mig_routine *routine = mig_find(subsystem, request->msgh_id);

	reply->msgh_bits = MACH_MSGH_BITS(MACH_MSGH_BITS_REMOTE(request->msgh_bits), 0);
	reply->msgh_size = sizeof(*out);
	reply->msgh_remote_port = request->msgh_remote_port;
	reply->msgh_local_port = MACH_PORT_NULL;
	reply->msgh_seqno = 0;
	reply->msgh_id = request->msgh_id + 100;
	out->RetCodeType = MIG_TYPE_RETURN_CODE;
	if (routine == NULL) {
		out->RetCode = MIG_BAD_ID;
		return false;
	}
	routine->stub(request, reply);
	return true;
}

/* ---- what users' stubs need of the library ---- */

/* The calling thread's port for replies; it has come to harm, and there must be another one. */
mach_port_t mig_get_reply_port(void);
void mig_dealloc_reply_port(mach_port_t port);
/* The reply is a code and nothing else: the code, or MIG_TYPE_ERROR. */
kern_return_t mig_reply_code(mach_msg_header_t *reply);
/* It answers something else: MIG_SERVER_DIED if nobody will answer, or MIG_REPLY_MISMATCH. */
kern_return_t mig_reply_mismatch(mach_msg_header_t *reply);
/* Releases all that is in it. Result: the code. */
kern_return_t mig_reply_discard(mach_msg_header_t *reply, kern_return_t code);

/* In the kernel: between pointers and the words of messages that hold them. */
#define mig_pointer(word_) ((void *)(uintptr_t)(word_))
#define mig_word(pointer_) ((natural_t)(uintptr_t)(pointer_))

/* Bytes, in whole words. */
#define mig_words(bytes_) (((bytes_) + 3u) & ~3u)

/* A descriptor of one right, of whatever kind. */
static inline bool mig_type_is_right(natural_t type)
{
	return (type & ~0xffu) == MIG_TYPE(0, 32, 1) && MACH_MSG_TYPE_PORT_ANY_RIGHT(type & 0xff);
}

/* Zeroes between the last byte and the end of its word: nothing is told that nobody said. */
static inline void mig_pad(char *data, mach_msg_type_number_t count)
{
	while ((count & 3) != 0)
		data[count++] = '\0';
}

/* Copies a string, cut to size - 1 characters, and ends it. Result: bytes with the end. */
static inline mach_msg_type_number_t mig_strncpy(char *to, const char *from, mach_msg_type_number_t size)
{
	mach_msg_type_number_t length = 0;

	while (length < size - 1 && from[length] != '\0') {
		to[length] = from[length];
		length++;
	}
	to[length] = '\0';
	return length + 1;
}

/* A string's bytes with the end. */
static inline mach_msg_type_number_t mig_string_size(const char *string)
{
	mach_msg_type_number_t length = 0;

	while (string[length++] != '\0')
		;
	return length;
}

/* Whether count bytes are a string that ends at the last one at the latest. */
static inline bool mig_string_ends(const char *string, mach_msg_type_number_t count)
{
	return count > 0 && string[count - 1] == '\0';
}

void *memcpy(void *to, const void *from, size_t size);
