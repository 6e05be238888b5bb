/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Replies to device_*_request. */
#pragma once
#include "device_reply_server.h"

/* As device_reply_server, which it calls; and for errors that the device service told at once, by a code alone: the
 * routine gets the code, and null or nothing for the rest. For mach_msg_server. */
bool device_replies(mach_msg_header_t *request, mach_msg_header_t *reply);
