/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bootstrap service (GD91 §6.1): finds the paging file and starts the default pager; loads the first server, and
 * gives it the privileged ports.
 */
#pragma once
#include "env.h"
#include "pager/bootfs/bootfs.h"

enum {
	BOOTSTRAP_FAILED = 97,          /* codes of host_reboot: the system cannot be started */
	BOOTSTRAP_SERVER_ENDED = 98,    /* the first server's task is gone */
};

/* argv: name, the names of the privileged host's and the master device's port, words "server=NAME,argument,..." and
 * "pager=unwired". Never returns. */
_Noreturn void bootstrap_main(int argc, char **argv);

/* --- Between its files --- */

struct bootstrap {
	mach_port_t host_priv, master_device;
	mach_port_t port;               /* the bootstrap port: receive right, and a send right */
	mach_port_t device;             /* the disk */
	mach_port_t server;             /* the first server's task */
	struct bootfs fs;
};

/* Says why, and ends the run. why: NULL if there is nothing more to say; result: the kernel's or device's, or 0. */
_Noreturn void bootstrap_fail(const char *what, const char *name, const char *why, kern_return_t result);
/* disk.c: opens the device and mounts its file system. */
void bootstrap_open_disk(struct bootstrap *bootstrap, const char *name);
/* paging_file.c: finds the paging file, and starts the default pager on it. */
void bootstrap_start_pager(struct bootstrap *bootstrap);
/* server.c: loads a program into a new task, with these arguments, and starts it. */
void bootstrap_load_server(struct bootstrap *bootstrap, int argc, char **argv);
