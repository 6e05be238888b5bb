/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What MIPS III leaves reserved, in 32-bit mode in user mode its 64-bit instructions with it (R4000, appendix A). */
#include "reserved.h"

const struct reserved_word reserved_word[] = {
	{ "SPECIAL 0x05", 0x00000005, true },
	{ "SPECIAL 0x01", 0x00000001, true },           /* movci */
	{ "SPECIAL 0x0a, movz", 0x0085100a, true },
	{ "SPECIAL 0x0e", 0x0000000e, false },
	{ "SPECIAL 0x28", 0x00000028, false },
	{ "SPECIAL 0x35", 0x00000035, true },
	{ "REGIMM 0x04", 0x04040001, false },
	{ "REGIMM 0x0d", 0x040d0001, false },
	{ "REGIMM 0x1f", 0x041f0001, true },
	{ "SPECIAL2, mul", 0x70851002, true },
	{ "opcode 0x1e", 0x78000000, true },
	{ "opcode 0x1f", 0x7c00003f, false },
};
const unsigned reserved_words = sizeof reserved_word / sizeof *reserved_word;
