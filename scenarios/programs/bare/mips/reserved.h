/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words that a generation does not define: r3000/, r4000/. */
#pragma once
#include "cpu.h"

struct reserved_word {
	const char *text;
	uint32_t word;
	bool later; /* later processors define it */
};

extern const struct reserved_word reserved_word[];
extern const unsigned reserved_words;
