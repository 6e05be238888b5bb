// SPDX-License-Identifier: GPL-2.0-or-later
/* Options out of the subcommands' tables: parsing (by getopt_long), usage and help. */
#include <getopt.h>
#include <stdarg.h>
#include <string.h>
#include "sim/cli/cli.h"

enum { OPTIONS_MAX = 24, HELP_VALUE = 1000 };

/* The same table as getopt wants it. */
struct getopt_tables {
	struct option option[OPTIONS_MAX + 2];
	char letters[2 * OPTIONS_MAX + 4];
};

static void fill_tables(const struct command *command, struct getopt_tables *tables)
{
	char *letter = tables->letters;
	memset(tables, 0, sizeof(*tables));
	*letter++ = ':'; /* a missing argument is told apart */
	int n = 0;
	for (const struct option_entry *entry = command->option; entry->name && n < OPTIONS_MAX; entry++, n++) {
		tables->option[n] = (struct option){entry->name, entry->argument ? required_argument : no_argument, NULL,
		                                    HELP_VALUE + 1 + n};
		if (!entry->letter)
			continue;
		*letter++ = entry->letter;
		if (entry->argument)
			*letter++ = ':';
	}
	tables->option[n] = (struct option){"help", no_argument, NULL, HELP_VALUE};
	*letter = 'h';
}

static int index_of_letter(const struct command *command, int letter)
{
	for (int n = 0; command->option[n].name; n++)
		if (command->option[n].letter == letter)
			return n;
	return OPTIONS_WRONG;
}

static void help_print(const struct command *command)
{
	usage_print(stdout, command);
	printf("\n%s.\n", command->summary);
	if (command->option->name)
		printf("\n");
	for (const struct option_entry *entry = command->option; entry->name; entry++) {
		char form[64];
		snprintf(form, sizeof(form), "%c%c%s--%s%s%s", entry->letter ? '-' : ' ', entry->letter ? entry->letter : ' ',
		         entry->letter ? ", " : "  ", entry->name, entry->argument ? " " : "",
		         entry->argument ? entry->argument : "");
		printf("  %-28s %s\n", form, entry->help);
	}
	if (command->notes)
		printf("\n%s", command->notes);
}

int options_next(const struct command *command, int argc, char **argv, const char **argument, int *operand)
{
	struct getopt_tables tables;
	fill_tables(command, &tables);
	opterr = 0;
	int value = getopt_long(argc, argv, tables.letters, tables.option, NULL);
	*argument = optarg;
	*operand = optind;
	if (value == -1)
		return OPTIONS_END;
	if (value == 'h' || value == HELP_VALUE) {
		help_print(command);
		return OPTIONS_HELP;
	}
	if (value == ':')
		usage_wrong(command, "option '%s' needs an argument", argv[optind - 1]);
	else if (value == '?' && optopt > HELP_VALUE)
		usage_wrong(command, "option '--%s' takes no argument", command->option[optopt - HELP_VALUE - 1].name);
	else if (value == '?' && optopt && optopt < HELP_VALUE)
		usage_wrong(command, "there is no option '-%c'", optopt);
	else if (value == '?')
		usage_wrong(command, "there is no option '%s'", argv[optind - 1]);
	if (value == ':' || value == '?')
		return OPTIONS_WRONG;
	return value > HELP_VALUE ? value - HELP_VALUE - 1 : index_of_letter(command, value);
}

void usage_print(FILE *out, const struct command *command)
{
	fprintf(out, "usage: muk %s", command->name);
	if (*command->arguments)
		fprintf(out, " %s", command->arguments);
	for (const struct option_entry *entry = command->option; entry->name; entry++) {
		char letter[2] = {entry->letter, 0};
		fprintf(out, " [%s%s%s%s]", entry->letter ? "-" : "--", entry->letter ? letter : entry->name,
		        entry->argument ? " " : "", entry->argument ? entry->argument : "");
	}
	fprintf(out, "\n");
}

int usage_wrong(const struct command *command, const char *format, ...)
{
	va_list list;
	va_start(list, format);
	fprintf(stderr, "muk %s: ", command->name);
	vfprintf(stderr, format, list);
	fprintf(stderr, "\n");
	va_end(list);
	usage_print(stderr, command);
	return STATUS_USAGE;
}
