/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pager/lib/mach/cthreads.h"

CTHREAD_STACK_SIZE(8192);
