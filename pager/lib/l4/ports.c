/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pager/lib/l4/ports.h"
#include "pager/lib/l4/program.h"

bool ports_get(uint16_t first, unsigned log2)
{
	uint32_t w0 = L4_SIGMA0_IO, w1 = L4_IO_FPAGE(first, log2, 0);
	l4_msgdope_t dope = l4_ipc_call(program_pager(), L4_IPC_SHORT, &w0, &w1, L4_IPC_RECEIVE_WINDOW(PORTS_WINDOW),
	                                L4_NEVER);

	return l4_dope_error(dope) == 0 && (dope & L4_DOPE_FPAGE) != 0;
}
