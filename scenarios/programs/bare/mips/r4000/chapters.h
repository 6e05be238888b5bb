/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The R4000's own chapters. */
#pragma once

void claims_of_levels(void);       /* levels.c */
void claims_of_registers(void);    /* registers.c */
void claims_of_count(void);        /* count.c */
void claims_of_instructions(void); /* instructions.c */
void claims_of_pairs(void);        /* pairs.c */
