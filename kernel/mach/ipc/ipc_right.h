/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rights in a space: what may be done with a name, and what becomes of it.
 *
 *                     MAKE_SEND,        COPY_SEND         MOVE_SEND              MOVE_SEND_ONCE    MOVE_RECEIVE
 *                     MAKE_SEND_ONCE
 *   RECEIVE           stays             -                 -                      -                 free
 *   SEND|RECEIVE      stays             stays             urefs-1; 0: RECEIVE    -                 SEND
 *   SEND              -                 stays             urefs-1; 0: free       -                 -
 *   SEND_ONCE         -                 -                 -                      free              -
 *   DEAD_NAME         -                 stays             urefs-1; 0: free       urefs-1; 0: free  -
 *
 * Coming in, a send right joins what the space has of that port under one name, and so does a receive right; each
 * send-once right is a name of its own.  When a port dies its names become dead names, each as soon as somebody looks
 * at it (ipc_right_lookup): a request for a dead-name notification becomes one more user reference then, as the
 * notification is under way and says so.
 *
 * Functions that take an entry do not block: what they find out that must be told, or released, they hand back.
 */
#pragma once
#include "ipc/ipc_entry.h"

/* What came out of a space. */
struct ipc_right_moved {
	ipc_port_t port;       /* with the right; IP_DEAD: of a dead name */
	ipc_port_t deleted;    /* send-once right: is told that the name is gone (ipc_notify_port_deleted); IP_NULL */
};

/* As ipc_entry_lookup, and a name whose port has died is a dead name from now on. */
struct ipc_entry *ipc_right_lookup(struct ipc_space *space, mach_port_t name);

/* Whether a right can be taken so (a MACH_MSG_TYPE_* of a sender); and it is taken, which cannot fail. */
bool ipc_right_copyin_check(const struct ipc_entry *entry, mach_msg_type_name_t type);
struct ipc_right_moved ipc_right_copyin(struct ipc_space *space, struct ipc_entry *entry, mach_msg_type_name_t type);
/* What arrives of what is sent so: MACH_MSG_TYPE_PORT_*. */
mach_msg_type_name_t ipc_right_copyin_type(mach_msg_type_name_t type);

/*
 * By names. copyin: a dead name gives IP_DEAD for what would be a send right. May block afterwards, to tell who asked.
 * KERN_INVALID_NAME, KERN_INVALID_RIGHT, KERN_INVALID_TASK.
 */
kern_return_t ipc_object_copyin(struct ipc_space *space, mach_port_t name, mach_msg_type_name_t type, ipc_port_t *port);
/* In: type is MACH_MSG_TYPE_PORT_*. overflow: user references may stick at their maximum. On failure the right is the
 * caller's still. KERN_INVALID_CAPABILITY: the port is dead. KERN_UREFS_OVERFLOW, and what ipc_entry_reserve says. */
kern_return_t ipc_object_copyout(struct ipc_space *space, ipc_port_t port, mach_msg_type_name_t type, bool overflow,
                                 mach_port_t *name);
/* Under this very name: KERN_NAME_EXISTS, KERN_RIGHT_EXISTS (it is there under another) as well. */
kern_return_t ipc_object_copyout_name(struct ipc_space *space, ipc_port_t port, mach_msg_type_name_t type,
                                      bool overflow, mach_port_t name);
/* A right that is in nobody's space is given up: IP_NULL and IP_DEAD are fine. Who made it send-once is told. */
void ipc_object_destroy(ipc_port_t port, mach_msg_type_name_t type);

/* The user references of a right change. KERN_INVALID_NAME, _RIGHT, _VALUE, KERN_UREFS_OVERFLOW. May block. */
kern_return_t ipc_right_delta(struct ipc_space *space, mach_port_t name, mach_port_right_t right,
                              mach_port_delta_t delta);
/* One user reference of a send, send-once right or dead name. */
kern_return_t ipc_right_deallocate(struct ipc_space *space, mach_port_t name);
/* Everything that the name has. */
kern_return_t ipc_right_destroy(struct ipc_space *space, mach_port_t name);
/* The kinds of right of a name, with MACH_PORT_TYPE_DNREQUEST. */
mach_port_type_t ipc_right_type(const struct ipc_entry *entry);
/* A dead-name notification is asked for: notify is a send-once right, or IP_NULL to cancel; taken over on success.
 * immediate: a dead name is told at once. *previous: what was asked before. */
kern_return_t ipc_right_dnrequest(struct ipc_space *space, mach_port_t name, bool immediate, ipc_port_t notify,
                                  ipc_port_t *previous);
kern_return_t ipc_right_rename(struct ipc_space *space, mach_port_t old_name, mach_port_t new_name);
