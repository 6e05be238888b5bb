/* SPDX-License-Identifier: GPL-2.0-or-later */
/* S-L1: the claims of claims/grant.c alone. */
#include "pager/lib/l4/console.h"
#include "scenarios/programs/l4/claims/claims.h"

int program_main(void)
{
	console_open();
	claims_grant();
	return claims_end();
}
