/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the R4000 alone has, a file each. */
#include "chapters.h"
#include "cpu.h"

void chapter_generation(void)
{
	claims_of_levels();
	claims_of_registers();
	claims_of_count();
	claims_of_instructions();
	claims_of_pairs();
}
