/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All that a program of Mach needs: the kernel's calls (stubs made by mig), traps, messages, the task's own ports.
 *
 * A program begins in main(argc, argv).  Library by concept: cthreads.h threads and locks; malloc.h memory;
 * print.h and claim.h (pager/lib) words; fork.h tasks; y87.h the interface as Y87 prints it.
 */
#pragma once
#include "device_user.h"
#include "mach/device.h"
#include "mach/exception.h"
#include "mach/host_info.h"
#include "mach/kern_return.h"
#include "mach/memory_object.h"
#include "mach/message.h"
#include "mach/port.h"
#include "mach/special_ports.h"
#include "mach/task_info.h"
#include "mach/thread_status.h"
#include "mach/vm.h"
#include "mach_host_user.h"
#include "mach_port_user.h"
#include "mach_user.h"
#include "pager/lib/mach/traps.h"
#include "pager/lib/string.h"
#include "probe.h"

/* The task's own port, asked for once. */
extern mach_port_t mach_task_self_;
#define mach_task_self() mach_task_self_

/* Takes up a new task's identity: called at its beginning by crt0 and task_fork.  Ports that the library remembers are
 * of one identity: mach_identity is another number in each task of a program. */
void mach_init(void);
extern natural_t mach_identity;

/* The privileged ports (GD91 §6.1): the bootstrap port is asked for them, once.  KERN_SUCCESS, or why there are none;
 * then both are MACH_PORT_NULL. */
kern_return_t mach_privileged_ports(mach_port_t *host_priv, mach_port_t *device_master);
/* Who has them from elsewhere (the bootstrap task) says so. */
void mach_set_privileged_ports(mach_port_t host_priv, mach_port_t device_master);

/* Ends the program: the whole run, with this code, if it has the privileged host port; else its task. */
_Noreturn void exit(int code);

/* A send right beside a receive right, under the same name. */
kern_return_t mach_port_allocate_send(mach_port_t *port);

/* Releases all rights and memory that a received message holds, its header's ports included. */
void mach_msg_destroy(mach_msg_header_t *msg);
/* Receives, lets `demux` (a mig server) answer, replies, for ever, or until receiving fails: that result.
 * max_size: bytes of requests and replies, at most 1024. */
mach_msg_return_t mach_msg_server(bool (*demux)(mach_msg_header_t *request, mach_msg_header_t *reply),
                                  mach_msg_size_t max_size, mach_port_t rcv_name);
/* The same once, with what happens told: it returns after one message has been answered. */
mach_msg_return_t mach_msg_server_once(bool (*demux)(mach_msg_header_t *request, mach_msg_header_t *reply),
                                       mach_msg_size_t max_size, mach_port_t rcv_name, mach_msg_option_t option,
                                       mach_msg_timeout_t timeout);
