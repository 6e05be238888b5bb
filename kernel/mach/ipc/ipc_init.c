/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The beginning of IPC: zones first, as tasks and threads are made of ports; then the host's ports.
 */
#include "ipc/ipc_init.h"
#include "ipc/ipc_port.h"
#include "kern/thread.h"
#include "kern/zalloc.h"
#include "vm/vm_page.h"

/* Memory for names and ports is wired. Who asks for ever more of it is refused before all that is left is the pageout
 * daemon's reserve, and nobody could ever run again. */
enum { PAGES_LEFT_FOR_ALL = 64 };

static natural_t pages_left(void) { return vm_page_free_count + vm_page_active_count + vm_page_inactive_count; }

bool ipc_memory_is_short(void)
{
	if (pages_left() >= PAGES_LEFT_FOR_ALL || current_thread()->vm_privilege)
		return false;
	consider_zone_gc(); /* what others have given up */
	return pages_left() < PAGES_LEFT_FOR_ALL;
}

/* As soon as there are zones. */
void ipc_bootstrap(void)
{
	ipc_port_init();
	ipc_pset_init();
	ipc_space_init();
	ipc_kmsg_init();
	ipc_notify_init();
}

/* When the kernel's memory is as it will be. */
void ipc_init(void) { ipc_host_init(); }
