/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pager/lib/l4/program.h"
#include "pager/lib/l4/protocol.h"

extern char image_begin[], image_end[];
void program_begin(void);

static l4_threadid_t pager;
static const char *arguments = "";

l4_threadid_t program_pager(void)
{
	return pager;
}

bool program_owns(uintptr_t address)
{
	return address >= (uintptr_t)image_begin && address < (uintptr_t)image_end;
}

/* The module that lies where this program does. */
static void find_arguments(void)
{
	const struct l4_kip *kip = program_kip();

	for (unsigned n = 0; n < kip->modules && n < L4_KIP_MODULES; n++)
		if (kip->module[n].begin == (uintptr_t)image_begin)
			arguments = (const char *)kip + kip->module[n].command_line;
}

static const char *argument(const char *name)
{
	size_t length = strlen(name);
	const char *word = arguments;

	while (*word != '\0') {
		if (strncmp(word, name, length) == 0 && word[length] == '=')
			return word + length + 1;
		while (*word != '\0' && *word != ' ')
			word++;
		while (*word == ' ')
			word++;
	}
	return NULL;
}

uint32_t argument_number(const char *name, uint32_t fallback)
{
	const char *text = argument(name);
	uint32_t number = 0;

	if (text == NULL || *text < '0' || *text > '9')
		return fallback;
	while (*text >= '0' && *text <= '9')
		number = number * 10 + (uint32_t)(*text++ - '0');
	return number;
}

bool argument_is(const char *name, const char *value)
{
	const char *text = argument(name);
	size_t length = strlen(value);

	return text != NULL && strncmp(text, value, length) == 0 && (text[length] == '\0' || text[length] == ' ');
}

static l4_threadid_t module_thread(unsigned n)
{
	uint32_t w0 = ROOT_MODULE, w1 = n;
	l4_msgdope_t dope = l4_ipc_call(L4_ROOT_ID, L4_IPC_SHORT, &w0, &w1, L4_IPC_SHORT, L4_NEVER);

	return l4_dope_error(dope) == 0 ? (l4_threadid_t){ w0, w1 } : L4_NIL_ID;
}

l4_threadid_t program_find(const char *module)
{
	const struct l4_kip *kip = program_kip();

	for (unsigned n = 0; n < kip->modules && n < L4_KIP_MODULES; n++)
		if (strcmp(kip->module[n].name, module) == 0)
			return module_thread(n);
	return L4_NIL_ID;
}

void program_exit(int code)
{
	uint32_t w0 = ROOT_EXIT, w1 = (uint32_t)code;

	for (;;)
		l4_ipc_call(L4_ROOT_ID, L4_IPC_SHORT, &w0, &w1, L4_IPC_SHORT, L4_NEVER);
}

void program_begin(void)
{
	struct l4_registers own = { (l4_u32)-1, (l4_u32)-1, L4_INVALID_ID, 0 };

	l4_lthread_ex_regs(0, &own);
	pager = own.pager;
	find_arguments();
	program_exit(program_main());
}
