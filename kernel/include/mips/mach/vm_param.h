/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A user's address space (kuseg), and the programs that are for it.
 */
#pragma once

#define VM_MAX_ADDRESS 0x80000000u      /* behind the last address that a task can have */
#define PROGRAM_MACHINE 8                   /* e_machine of this processor's programs (EM_MIPS) */
#define PROGRAM_MACHINE_NAME "MIPS"
