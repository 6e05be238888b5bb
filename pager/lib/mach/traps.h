/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's traps (mach/syscalls.h). */
#pragma once
#include "mach/machine_syscalls.h"
#include "mach/message.h"
#include "mach/syscalls.h"

kern_return_t mach_null(void);
mach_msg_return_t mach_msg_trap(mach_msg_header_t *msg, mach_msg_option_t option, mach_msg_size_t send_size,
                                mach_msg_size_t rcv_size, mach_port_t rcv_name, mach_msg_timeout_t timeout,
                                mach_port_t notify);
/* A new receive right. */
mach_port_t mach_reply_port(void);
/* Each gives one more reference to the send right. */
mach_port_t mach_thread_self(void);
mach_port_t mach_task_self(void);
mach_port_t mach_host_self(void);
/* Lets others run; true if there was somebody. */
bool swtch(void);
bool swtch_pri(int priority);
/* To a thread, or any (MACH_PORT_NULL); option: SWITCH_OPTION_*; milliseconds. */
kern_return_t thread_switch(mach_port_t thread, int option, mach_msg_timeout_t milliseconds);
