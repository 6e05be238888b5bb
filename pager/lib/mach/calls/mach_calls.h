/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's calls as a user task makes them; servers inside the kernel have a file of this name of their own. */
#pragma once
#include "pager/lib/mach/mach.h"
