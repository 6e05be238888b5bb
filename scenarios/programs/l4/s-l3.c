/* SPDX-License-Identifier: GPL-2.0-or-later */
/* S-L3: the claims of claims/interrupts.c alone. */
#include "pager/lib/l4/console.h"
#include "scenarios/programs/l4/claims/claims.h"

int program_main(void)
{
	console_open();
	claims_interrupts();
	return claims_end();
}
