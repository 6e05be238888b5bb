/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The default memory manager (GD91): backing store for temporary memory, in the paging space.
 *
 * Its threads, and the port sets from which each takes messages:
 *
 *   default     the service port: objects that the kernel makes, and clients' questions    privileged
 *   internal    the kernel's objects: paging                                                privileged
 *   external    objects made for clients                                                    not privileged
 *
 *   1. A privileged thread waits for no memory (GD91 §4), nor for a lock that somebody holds who waits for memory.
 *   2. Nobody waits for a message in answer to which memory is needed, but the device's.
 *
 * In the kernel, threads belong to the task bootstrap; as a user task, they are the bootstrap task's (pager/env).
 */
#pragma once
#include "env.h"

enum { DEFAULT_PAGER_INTERNAL_THREADS = 2, DEFAULT_PAGER_EXTERNAL_THREADS = 1 };

struct default_pager {
	mach_port_t port, default_set, internal_set, external_set;
};
extern struct default_pager default_pager;

struct paging_file;
/* Becomes the kernel's default manager, with this file for its space; its threads run when it returns. */
kern_return_t default_pager_start(mach_port_t host_priv, const struct paging_file *file);

/* --- Between the files of the pager --- */

/* Nobody but the pager has a right to a client's object any more. */
kern_return_t default_pager_no_senders(mach_port_t port, mach_port_seqno_t seqno);
/* A message to this port is not to be answered, but has had a number. */
void default_pager_pass_turn(mach_port_t port, mach_port_seqno_t seqno);
