/* SPDX-License-Identifier: GPL-2.0-or-later */
/* S-L4: the claims of claims/pagers.c alone. */
#include "pager/lib/l4/console.h"
#include "scenarios/programs/l4/claims/claims.h"

int program_main(void)
{
	console_open();
	claims_pagers();
	return claims_end();
}
