/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The trap mach_msg, and its continuations.
 *
 * Called as a function by threads that run inside the kernel (kernel_loaded), with addresses of the kernel: then it
 * returns as functions do, and never gives the stack away.
 */
#pragma once
#include "mach/message.h"

/* mach_msg of mach/message.h. */
mach_msg_return_t mach_msg_trap(mach_msg_header_t *msg, mach_msg_option_t option, mach_msg_size_t send_size,
                                mach_msg_size_t rcv_size, mach_port_t rcv_name, mach_msg_timeout_t timeout,
                                mach_port_t notify);
/* Where a user's thread goes on that has waited for a message: it leaves for user mode with it. */
void mach_msg_continue(void);
/* The traps of mach/syscalls.h: names in the caller's space; MACH_PORT_NULL, or _DEAD, without room for one. */
mach_port_t mach_reply_port(void);
mach_port_t mach_thread_self(void);
mach_port_t mach_task_self(void);
mach_port_t mach_host_self(void);
