/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * root: the first program above sigma0.  It makes a task of each further module and is their chief and their pager:
 * memory it has from sigma0, page by page, as they touch it.  It answers what pager/lib/protocol.h says, and ends the
 * run when a program says that it has ended, or that it touched what is not its own.
 *
 * Invariants
 *   1. module n (from 2) is task TASK_OF_MODULE(n); numbers after them are given out, each once.
 *   2. a module gets pages of its own image, the kernel info page, and free pages that it asked for; nothing else.
 */
#include "pager/lib/l4/console.h"
#include "pager/lib/l4/ports.h"
#include "pager/lib/l4/program.h"
#include "pager/lib/l4/protocol.h"

enum { FIRST_MODULE = 2, FIRST_TASK = L4_ROOT_TASK + 1, PRIORITY_AT_MOST = 255, FREE_PAGES = 1024 };
enum { TASKS_TO_GIVE = 256, BAD_ACCESS = 14, PORTS = 65536 };

struct free_page {
	uint32_t address, task;
};

static l4_threadid_t module_thread[L4_KIP_MODULES];
static struct free_page free_page[FREE_PAGES];
static unsigned free_pages;
static uint32_t next_task;
static uint8_t own_port[PORTS / 8];
static bool console;

static void end_run(uint32_t code)
{
	for (;;)
		l4_ipc_send(L4_KERNEL_ID, L4_IPC_SHORT, L4_KERNEL_SHUTDOWN, code, L4_NEVER);
}

static void start_modules(const struct l4_kip *kip)
{
	for (unsigned n = FIRST_MODULE; n < kip->modules; n++) {
		l4_threadid_t task = l4_task_id(next_task++);

		module_thread[n] = l4_task_new(task, PRIORITY_AT_MOST, kip->module[n].entry, 0, L4_ROOT_ID);
		program_name_task(module_thread[n], kip->module[n].name);
	}
}

/* Asks sigma0 on a task's behalf; what comes lies at its physical address. The page's address, 0 if refused. */
static uint32_t ask_sigma0(uint32_t w0, uint32_t w1)
{
	const uint32_t anywhere = L4_IPC_RECEIVE_WINDOW(L4_FPAGE_ALL);
	l4_msgdope_t dope = l4_ipc_call(L4_SIGMA0_ID, L4_IPC_SHORT, &w0, &w1, anywhere, L4_NEVER);

	return l4_dope_error(dope) == 0 && (dope & L4_DOPE_FPAGE) ? l4_fpage_address(w1) : 0;
}

static bool have_ports(uint32_t first, uint32_t ports)
{
	for (uint32_t port = first; port < first + ports; port++)
		if (!(own_port[port / 8] & 1u << port % 8))
			return false;
	return true;
}

/* Gets ports from sigma0, unless they are here: to receive them again would flush them from all who have them from
 * here. */
static bool ask_ports(uint32_t fpage)
{
	uint32_t first = l4_fpage_port(fpage), ports = 1u << l4_fpage_size(fpage);
	uint32_t w0 = L4_SIGMA0_IO;
	l4_msgdope_t dope;

	if (have_ports(first, ports))
		return true;
	dope = l4_ipc_call(L4_SIGMA0_ID, L4_IPC_SHORT, &w0, &fpage, L4_IPC_RECEIVE_WINDOW(PORTS_WINDOW), L4_NEVER);
	if (l4_dope_error(dope) != 0 || !(dope & L4_DOPE_FPAGE))
		return false;
	for (uint32_t port = first; port < first + ports; port++)
		own_port[port / 8] |= (uint8_t)(1u << port % 8);
	return true;
}

static void complain(const char *what, l4_threadid_t who, uint32_t w0, uint32_t w1)
{
	if (!console)
		console = ask_ports(L4_IO_FPAGE(0x3f8, 3, 0)); /* COM1 */
	if (console)
		print("root: task %u thread %u: %s: %x at %x\n", l4_id_task(who), l4_id_lthread(who), what,
		      (unsigned)w0, (unsigned)w1);
	end_run(BAD_ACCESS);
}

static bool may_have(const struct l4_kip *kip, uint32_t address, uint32_t task)
{
	unsigned n = task - FIRST_TASK + FIRST_MODULE;

	if (n >= FIRST_MODULE && n < kip->modules && address >= kip->module[n].begin && address < kip->module[n].end)
		return true;
	for (unsigned i = 0; i < free_pages; i++)
		if (free_page[i].task == task && address - free_page[i].address < PAGE_SIZE)
			return true;
	return false;
}

static uint32_t map_page(uint32_t address, uint32_t flags, uint32_t *w0, uint32_t *w1)
{
	*w0 = address & ~(uint32_t)(PAGE_SIZE - 1);
	*w1 = L4_FPAGE(address, L4_PAGE_SHIFT, flags);
	return L4_IPC_SHORT_MAP;
}

static uint32_t refuse(uint32_t *w0, uint32_t *w1)
{
	*w0 = *w1 = 0;
	return L4_IPC_SHORT;
}

static uint32_t give_free_page(uint32_t task, uint32_t *w0, uint32_t *w1)
{
	uint32_t address = free_pages < FREE_PAGES ? ask_sigma0(L4_SIGMA0_FREE_PAGE, 0) : 0;

	if (address == 0)
		return refuse(w0, w1);
	free_page[free_pages++] = (struct free_page){ address, task };
	return map_page(address, L4_FPAGE_WRITE, w0, w1);
}

/* A page of this program is here when it is touched: root's own pager is sigma0. */
static uint32_t handle_fault(const struct l4_kip *kip, l4_threadid_t from, uint32_t *w0, uint32_t *w1)
{
	uint32_t address = l4_fault_address(*w0);

	if (address / PAGE_SIZE == L4_KIP_ADDRESS / PAGE_SIZE && !l4_is_write_fault(*w0))
		return map_page(address, 0, w0, w1);
	if (!may_have(kip, address, l4_id_task(from)))
		complain("page fault", from, *w0, *w1);
	(void)*(volatile uint8_t *)address;
	return map_page(address, L4_FPAGE_WRITE, w0, w1);
}

static void give_task(l4_threadid_t to, uint32_t *w0)
{
	*w0 = 0;
	if (next_task >= FIRST_TASK + TASKS_TO_GIVE)
		return;
	l4_task_new(l4_task_id(next_task), l4_id_task(to), 0, 0, L4_NIL_ID);
	*w0 = next_task++;
}

static void find_module(const struct l4_kip *kip, uint32_t n, uint32_t *w0, uint32_t *w1)
{
	l4_threadid_t id = n >= FIRST_MODULE && n < kip->modules ? module_thread[n] : L4_NIL_ID;

	*w0 = id.low;
	*w1 = id.high;
}

static uint32_t answer(const struct l4_kip *kip, l4_threadid_t from, uint32_t *w0, uint32_t *w1)
{
	switch (*w0) {
	case ROOT_EXIT:
		end_run(*w1);
		break;
	case ROOT_TASK:
		give_task(from, w0);
		return L4_IPC_SHORT;
	case ROOT_MODULE:
		find_module(kip, *w1, w0, w1);
		return L4_IPC_SHORT;
	case L4_SIGMA0_FREE_PAGE:
		return give_free_page(l4_id_task(from), w0, w1);
	case L4_SIGMA0_IO:
		if (!l4_fpage_is_io(*w1) || l4_fpage_size(*w1) > L4_WHOLE_IO ||
		    l4_fpage_port(*w1) + (1u << l4_fpage_size(*w1)) > PORTS || !ask_ports(*w1))
			return refuse(w0, w1);
		*w0 = 0;
		ports_answer(w0, w1);
		return L4_IPC_SHORT_MAP;
	default:
		break;
	}
	if (l4_is_exception(*w0))
		complain("exception", from, l4_exception_vector(*w0), *w1);
	return handle_fault(kip, from, w0, w1);
}

int program_main(void)
{
	const struct l4_kip *kip = program_kip();
	l4_threadid_t from;
	uint32_t w0, w1;
	l4_msgdope_t dope;

	next_task = FIRST_TASK;
	start_modules(kip);
	dope = l4_ipc_wait(&from, &w0, &w1, L4_IPC_SHORT, L4_NEVER);
	for (;;) {
		if (l4_dope_error(dope) != 0) {
			dope = l4_ipc_wait(&from, &w0, &w1, L4_IPC_SHORT, L4_NEVER);
			continue;
		}
		uint32_t send = answer(kip, from, &w0, &w1);

		dope = l4_ipc_reply_and_wait(&from, send, &w0, &w1, L4_IPC_SHORT, L4_SEND_ZERO);
	}
}
