/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How pager/lib/mach/reply.c calls the kernel when it is in it. */
#pragma once
#include "env.h"
