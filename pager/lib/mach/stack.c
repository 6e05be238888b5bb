/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How large stacks are in programs that do not choose: an object of its own in the archive. */
#include "pager/lib/mach/cthreads.h"

CTHREAD_STACK_SIZE(8192);
