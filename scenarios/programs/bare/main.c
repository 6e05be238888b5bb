/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the loader to the program and to the end; and the command line. */
#include "scenarios/programs/bare/bare.h"
#include "scenarios/programs/bare/setup.h"

enum { COMMAND_LINE = 256, INFO_HAS_COMMAND_LINE = 4 };

struct multiboot_info {
	uint32_t flags, memory_lower, memory_upper, boot_device;
	const char *command_line;
};

static char command_line[COMMAND_LINE];

void bare_main(const struct multiboot_info *info);
void bare_fault(const uint32_t *frame) __attribute__((noreturn));

/* The loader's text is copied: programs use the memory in which it may lie. */
void arguments_init(const struct multiboot_info *info)
{
	if (!(info->flags & INFO_HAS_COMMAND_LINE))
		return;
	for (unsigned i = 0; i < COMMAND_LINE - 1 && info->command_line[i] != '\0'; i++)
		command_line[i] = info->command_line[i];
}

/* The text after "name=" of the word that begins so, or NULL. */
static const char *argument(const char *name)
{
	const char *word = command_line;

	while (*word != '\0') {
		const char *at = word, *want = name;

		while (*want != '\0' && *at == *want)
			at++, want++;
		if (*want == '\0' && *at == '=')
			return at + 1;
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

	if (text == NULL)
		return false;
	while (*value != '\0' && *text == *value)
		text++, value++;
	return *value == '\0' && (*text == '\0' || *text == ' ');
}

void bare_exit(int code)
{
	MUK_PROBE("shutdown", code);
	for (;;)
		__asm__ volatile("cli\nhlt");
}

/* frame: vector, error code, eip, cs, eflags. */
void bare_fault(const uint32_t *frame)
{
	print("fault %u, error %x, at %x\n", frame[0], frame[1], frame[2]);
	bare_exit(1);
}

void bare_main(const struct multiboot_info *info)
{
	arguments_init(info);
	console_init();
	descriptors_init();
	bare_exit(program_main());
}
