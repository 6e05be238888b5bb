/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What MIPS I leaves reserved: holes of its opcode map, and what MIPS II, III and later put there. */
#include "reserved.h"

const struct reserved_word reserved_word[] = {
	{ "SPECIAL 0x05", 0x00000005, true },
	{ "SPECIAL 0x01", 0x00000001, true },           /* movci */
	{ "SPECIAL 0x0a, movz", 0x0085100a, true },
	{ "SPECIAL 0x0f, sync", 0x0000000f, true },
	{ "SPECIAL 0x14, dsllv", 0x00851014, true },
	{ "SPECIAL 0x2c, dadd", 0x0085102c, true },
	{ "SPECIAL 0x30, tge", 0x00000030, true },
	{ "SPECIAL 0x34, teq", 0x00000034, true },
	{ "SPECIAL 0x3f, dsra32", 0x0004103f, true },
	{ "beql", 0x50000001, true }, { "bnel", 0x54000001, true },
	{ "blezl", 0x58000001, true }, { "bgtzl", 0x5c000001, true },
	{ "daddi", 0x60820001, true }, { "ldl", 0x68820000, true },
	{ "SPECIAL2, mul", 0x70851002, true },
	{ "opcode 0x1f", 0x7c00003f, false },
	{ "lwu", 0x9c820000, true }, { "sdl", 0xb0820000, true }, { "cache", 0xbc800000, true },
	{ "ll", 0xc0820000, true }, { "sc", 0xe0820000, true }, { "ld", 0xdc820000, true }, { "sd", 0xfc820000, true },
};
const unsigned reserved_words = sizeof reserved_word / sizeof *reserved_word;
