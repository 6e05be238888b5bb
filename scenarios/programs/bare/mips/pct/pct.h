/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel of one idea, for an R2000: protected control transfer, as L95 §5.2 describes that of the Exokernel.
 *
 * There are environments, each with an address space tag, a processor status and an agreed-upon program counter.  A
 * transfer changes the program counter to the callee's, gives it the rest of the caller's time slice, and installs what
 * of its context the processor needs.  It moves no register and waits for nobody: messages are what registers hold.
 */
#pragma once

/* Calls, in v0. */
#define CALL_NULL 0          /* comes back */
#define CALL_PCT 1           /* a0: the environment; there v1 is who called */
#define CALL_END 2           /* a0: the code with which the run ends */
#define CALLS 3

/* Environments. */
#define CLIENT 0             /* of transfers alone */
#define SERVER 1
#define RPC_CLIENT 2         /* of procedure calls by them */
#define RPC_SERVER 3
#define ENVIRONMENTS 4

/* An environment's record: 16 bytes. */
#define ENV_ENTRY 0          /* 0: it takes no transfer */
#define ENV_TAG 4            /* as EntryHi has it */
#define ENV_STATUS 8         /* while it runs, in the previous pair of Status: rfe makes it the current one */
#define ENV_SHIFT 4

#define STATUS_USER 0x0c     /* previous: user, interrupts off: nothing here would interrupt */

#define USER_STACK 0x00410000 /* a page, where every environment sees its own */
