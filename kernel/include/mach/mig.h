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
 *   4. RetCode MIG_NO_REPLY: nothing is sent, and the request's rights and memory are the routine's.  KERN_SUCCESS:
 *      they are the routine's too.  Anything else: the caller destroys the request with all that is in it.
 *
 * A simpleroutine answers MIG_NO_REPLY where a routine answers KERN_SUCCESS.
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
#define MIG_TYPE(name_, bits_, number_) ((natural_t)(name_) | (natural_t)(bits_) << 8 | (natural_t)(number_) << 16 | 1u << 28)
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
	mach_msg_size_t reply_size; /* the largest */
};

/* The request's answer in a user's server: prepares `reply`, dispatches. False: MIG_BAD_ID. */
bool mig_server(const struct mig_subsystem *subsystem, mach_msg_header_t *request, mach_msg_header_t *reply);

/* The calling thread's port for replies (user library; in the kernel, the environment of servers there). */
mach_port_t mig_get_reply_port(void);
/* It has come to harm: another one next time. */
void mig_dealloc_reply_port(mach_port_t port);

/* Copies a string of at most size - 1 characters and ends it. Result: bytes with the end. */
mach_msg_type_number_t mig_strncpy(char *to, const char *from, mach_msg_type_number_t size);
