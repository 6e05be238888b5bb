/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What devices there are on a Malta, beside a disk and a serial line (mach/device.h). */
#pragma once

#define MACHINE_HAS_SCREEN 0           /* "vga" */
