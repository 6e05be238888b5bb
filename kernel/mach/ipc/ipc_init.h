/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What ipc_init calls in the files of ipc/.
 */
#pragma once

void ipc_port_init(void);
void ipc_pset_init(void);
void ipc_space_init(void);
void ipc_kmsg_init(void);
void ipc_notify_init(void);
