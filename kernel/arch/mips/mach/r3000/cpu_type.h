/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What host_info says of the processor. */
#pragma once
#define MACHINE_CPU_TYPE CPU_TYPE_MIPS
#define MACHINE_CPU_SUBTYPE CPU_SUBTYPE_MIPS_R3000
