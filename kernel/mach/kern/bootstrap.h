/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first task: bootstrap service and default memory manager (GD91 §6).
 */
#pragma once
#include "mach/types.h"

/* The kernel's last step of its boot: the bootstrap task runs, out of the boot image; or its threads do in the kernel,
 * if it is linked into it. Panics if there is neither. */
void bootstrap_create(void);
/* Tells by values what the bootstrap task holds of the kernel's memory (GD91 table 7-3), at the end of a run. */
void bootstrap_tell(void);
