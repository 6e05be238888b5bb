/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between ipc_right.c and ipc_right_move.c.
 */
#pragma once
#include "ipc/ipc_right.h"

/* The entry goes, whatever port right it was; its reference is the caller's. Result: who asked for news of the name, a
 * send-once right, or IP_NULL. */
ipc_port_t ipc_entry_remove(struct ipc_space *space, struct ipc_entry *entry);
