/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sigma0: the initial address space (L95 §2.1, appendix A).  At start it owns all memory and all ports by construction:
 * the kernel maps any page of memory to it, at its physical address, when it touches it.  All other spaces are empty;
 * who wants something asks here, by a page fault or by a call (l4/kip.h), and gets each page and each port only if no
 * other task has it.  The same task may ask again: giving is idempotent.
 *
 * Invariants
 *   1. a page is given to at most one task (owner), except the kernel info page, which everybody may read.
 *   2. the kernel's image and sigma0's own are nobody's.
 *   3. the interrupt controllers and the kernel's own timer channel are given to nobody.
 */
#include "pager/lib/l4/ports.h"
#include "pager/lib/l4/program.h"

enum { PAGES_AT_MOST = 32768 /* 128 MiB */, GRANTED_PORTS = 64, NOBODY = 0, KERNEL = L4_KERNEL_TASK };

static uint16_t owner[PAGES_AT_MOST];
static uint32_t pages, free_below;

struct port_range {
	uint32_t first, ports, task;
};
static struct port_range given[GRANTED_PORTS] = {
	{ 0x20, 2, KERNEL }, { 0xa0, 2, KERNEL }, { 0x40, 1, KERNEL }, /* 8259 pair, channel 0 of the 8254 */
};
static unsigned ranges = 3;

static void reserve(uint32_t begin, uint32_t end, uint16_t task)
{
	const uint32_t beyond = (end + PAGE_SIZE - 1) / PAGE_SIZE;

	for (uint32_t page = begin / PAGE_SIZE; page < beyond && page < PAGES_AT_MOST; page++)
		owner[page] = task;
}

static void read_memory_map(const struct l4_kip *kip)
{
	pages = kip->memory_end / PAGE_SIZE;
	if (pages > PAGES_AT_MOST)
		pages = PAGES_AT_MOST;
	free_below = pages;
	reserve(0, kip->memory_begin, KERNEL);
	reserve(kip->kernel_begin, kip->kernel_end, KERNEL);
	for (unsigned n = 0; n < kip->modules; n++)
		reserve(kip->module[n].begin, kip->module[n].end, n == 0 ? L4_SIGMA0_TASK : L4_ROOT_TASK);
}

/* The answer with a page: touched first, so that it is here to be mapped. */
static uint32_t map_page(uint32_t page, uint32_t flags, uint32_t *w0, uint32_t *w1)
{
	(void)*(volatile uint8_t *)(page * PAGE_SIZE);
	*w0 = page * PAGE_SIZE;
	*w1 = L4_FPAGE(page * PAGE_SIZE, L4_PAGE_SHIFT, flags);
	return L4_IPC_SHORT_MAP;
}

static uint32_t refuse(uint32_t *w0, uint32_t *w1)
{
	*w0 = *w1 = 0;
	return L4_IPC_SHORT;
}

static uint32_t give_page(uint32_t address, uint32_t task, uint32_t *w0, uint32_t *w1)
{
	uint32_t page = address / PAGE_SIZE;

	if (page == L4_KIP_ADDRESS / PAGE_SIZE)
		return map_page(page, 0, w0, w1);
	if (page >= pages || (owner[page] != NOBODY && owner[page] != task))
		return refuse(w0, w1);
	owner[page] = (uint16_t)task;
	return map_page(page, L4_FPAGE_WRITE, w0, w1);
}

/* Free pages are given from the top down. */
static uint32_t give_free_page(uint32_t task, uint32_t *w0, uint32_t *w1)
{
	while (free_below > 0 && owner[free_below - 1] != NOBODY)
		free_below--;
	if (free_below == 0)
		return refuse(w0, w1);
	return give_page((free_below - 1) * PAGE_SIZE, task, w0, w1);
}

static bool ports_taken(uint32_t first, uint32_t ports, uint32_t task)
{
	for (unsigned n = 0; n < ranges; n++)
		if (given[n].task != task && first < given[n].first + given[n].ports && given[n].first < first + ports)
			return true;
	return false;
}

/* Notes whose ports they are, once. False: the table is full. */
static bool note_ports(struct port_range range)
{
	for (unsigned n = 0; n < ranges; n++)
		if (given[n].task == range.task && given[n].first == range.first && given[n].ports == range.ports)
			return true;
	if (ranges == GRANTED_PORTS)
		return false;
	given[ranges++] = range;
	return true;
}

static uint32_t give_ports(l4_fpage_t wanted, uint32_t task, uint32_t *w0, uint32_t *w1)
{
	uint32_t first = l4_fpage_port(wanted), ports;

	if (!l4_fpage_is_io(wanted) || l4_fpage_size(wanted) > L4_WHOLE_IO)
		return refuse(w0, w1);
	ports = 1u << l4_fpage_size(wanted);
	if (ports_taken(first, ports, task) || !note_ports((struct port_range){ first, ports, task }))
		return refuse(w0, w1);
	*w0 = 0;
	*w1 = L4_IO_FPAGE(first, l4_fpage_size(wanted), 0);
	ports_answer(w0, w1);
	return L4_IPC_SHORT_MAP;
}

static uint32_t answer(l4_threadid_t from, uint32_t *w0, uint32_t *w1)
{
	uint32_t task = l4_id_task(from);

	if (*w0 == L4_SIGMA0_FREE_PAGE)
		return give_free_page(task, w0, w1);
	if (*w0 == L4_SIGMA0_IO)
		return give_ports(*w1, task, w0, w1);
	if (l4_is_exception(*w0))
		return refuse(w0, w1);
	return give_page(l4_fault_address(*w0), task, w0, w1);
}

int program_main(void)
{
	l4_threadid_t from;
	uint32_t w0, w1;
	l4_msgdope_t dope;

	read_memory_map(program_kip());
	dope = l4_ipc_wait(&from, &w0, &w1, L4_IPC_SHORT, L4_NEVER);
	for (;;) {
		if (l4_dope_error(dope) != 0) {
			dope = l4_ipc_wait(&from, &w0, &w1, L4_IPC_SHORT, L4_NEVER);
			continue;
		}
		uint32_t send = answer(from, &w0, &w1);

		dope = l4_ipc_reply_and_wait(&from, send, &w0, &w1, L4_IPC_SHORT, L4_SEND_ZERO);
	}
}
