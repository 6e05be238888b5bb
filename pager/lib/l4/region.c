/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pager/lib/l4/region.h"
#include "pager/lib/l4/thread.h"

struct region {
	uintptr_t begin, end;
	l4_threadid_t manager;
	uint32_t faults;
};

static struct region region[REGIONS_AT_MOST];
static unsigned regions;
THREAD_STACK(mapper_stack);

unsigned region_add(uintptr_t begin, uintptr_t end, l4_threadid_t manager)
{
	if (regions == REGIONS_AT_MOST)
		return REGIONS_AT_MOST;
	region[regions] = (struct region){ begin, end, manager, 0 };
	return regions++;
}

uint32_t region_faults(unsigned n)
{
	return *(volatile uint32_t *)&region[n].faults;
}

static struct region *region_of(uintptr_t address)
{
	for (unsigned n = 0; n < regions; n++)
		if (address >= region[n].begin && address < region[n].end)
			return &region[n];
	return NULL;
}

bool region_request(l4_threadid_t manager, uintptr_t address, bool write)
{
	uint32_t w0 = (address & ~(uintptr_t)3) | (write ? 2 : 0), w1 = 0;
	l4_msgdope_t dope = l4_ipc_call(manager, L4_IPC_SHORT, &w0, &w1, L4_IPC_RECEIVE_WINDOW(L4_FPAGE_ALL), L4_NEVER);

	return l4_dope_error(dope) == 0 && (dope & L4_DOPE_FPAGE) != 0;
}

/* True: the thread may go on. A thread whose fault cannot be resolved, or that met an exception, stays where it is. */
static bool resolve(uint32_t w0)
{
	struct region *at = region_of(l4_fault_address(w0));

	if (l4_is_exception(w0))
		return false;
	if (!region_request(at != NULL ? at->manager : program_pager(), l4_fault_address(w0), l4_is_write_fault(w0)))
		return false;
	if (at != NULL)
		at->faults++;
	return true;
}

static void map_regions(void *unused)
{
	l4_threadid_t from;
	uint32_t w0, w1;
	l4_msgdope_t dope = l4_ipc_wait(&from, &w0, &w1, L4_IPC_SHORT, L4_NEVER);

	(void)unused;
	for (;;) {
		bool go_on = l4_dope_error(dope) == 0 && resolve(w0);

		w0 = w1 = 0;
		dope = go_on ? l4_ipc_reply_and_wait(&from, L4_IPC_SHORT, &w0, &w1, L4_IPC_SHORT, L4_SEND_ZERO)
		             : l4_ipc_wait(&from, &w0, &w1, L4_IPC_SHORT, L4_NEVER);
	}
}

void region_open(void)
{
	struct l4_registers own = { (l4_u32)-1, (l4_u32)-1, L4_NIL_ID, 0 };
	unsigned lthread = l4_id_lthread(l4_myself());

	own.pager = thread_start(REGION_MAPPER, mapper_stack, sizeof(mapper_stack), map_regions, NULL);
	l4_lthread_ex_regs(lthread, &own);
}
