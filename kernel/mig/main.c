/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mig OPTION... FILE.defs: writes one side of an interface.
 *
 *   -user, -server             which side; both with -kernel for the kernel's own
 *   -prefix P                  before each routine's name, instead of the file's userprefix or serverprefix
 *   -seqnos                    servers' routines get the messages' numbers; the server's name gets the prefix, too
 *   -include FILE              one more header for the output to include
 *   -I FOLDER                  where #include looks
 *   -c FILE, -h FILE           what to write; #include "..." of the one names the other
 *
 * Exit 0, or 1 after errors, and then nothing is written.
 */
#include <stdlib.h>
#include <string.h>

#include "generator.h"

enum { FOLDERS_MAX = 16 };

struct options {
	bool user, server, kernel, seqnos;
	const char *prefix, *extra_include, *c_file, *header_file, *file;
	const char *folders[FOLDERS_MAX];
	unsigned folder_count;
};

static _Noreturn void usage(void)
{
	fputs("usage: mig -user|-server [-kernel] [-seqnos] [-prefix P] [-include FILE] [-I FOLDER]... "
	      "[-c FILE] -h FILE FILE.defs\n", stderr);
	exit(1);
}

/* An option with a word after it: where that goes. */
static const char **word_of(struct options *options, const char *option)
{
	if (strcmp(option, "-prefix") == 0)
		return &options->prefix;
	if (strcmp(option, "-include") == 0)
		return &options->extra_include;
	if (strcmp(option, "-c") == 0)
		return &options->c_file;
	if (strcmp(option, "-h") == 0)
		return &options->header_file;
	if (strcmp(option, "-I") == 0 && options->folder_count < FOLDERS_MAX)
		return &options->folders[options->folder_count++];
	return NULL;
}

static bool *switch_of(struct options *options, const char *option)
{
	if (strcmp(option, "-user") == 0)
		return &options->user;
	if (strcmp(option, "-server") == 0)
		return &options->server;
	if (strcmp(option, "-kernel") == 0)
		return &options->kernel;
	if (strcmp(option, "-seqnos") == 0)
		return &options->seqnos;
	return NULL;
}

static void parse_options(struct options *options, int count, char **words)
{
	for (int i = 1; i < count; i++) {
		bool *flag = switch_of(options, words[i]);
		const char **word = flag == NULL ? word_of(options, words[i]) : NULL;

		if (flag != NULL)
			*flag = true;
		else if (word != NULL && i + 1 < count)
			*word = words[++i];
		else if (word == NULL && words[i][0] != '-' && options->file == NULL)
			options->file = words[i];
		else
			usage();
	}
	if (options->user == options->server || options->file == NULL || options->header_file == NULL)
		usage();
}

static const char *without_folders(const char *name)
{
	const char *slash = strrchr(name, '/');

	return slash != NULL ? slash + 1 : name;
}

static FILE *create(const char *name)
{
	FILE *file = fopen(name, "wb");

	if (file == NULL) {
		fprintf(stderr, "mig: %s cannot be written\n", name);
		exit(1);
	}
	return file;
}

static void finish(FILE *file, const char *name)
{
	const bool failed = ferror(file) != 0;

	if (fclose(file) != 0 || failed) {
		fprintf(stderr, "mig: %s cannot be written\n", name);
		errors++;
	}
	if (errors > 0)
		(void)remove(name);
}

int main(int count, char **words)
{
	struct options options = { 0 };
	struct output output = { 0 };
	const struct interface *interface;

	parse_options(&options, count, words);
	interface = read_interface(options.file, options.folders, options.folder_count);
	if (errors > 0)
		return 1;
	output.side = options.user ? (options.kernel ? SIDE_KERNEL_USER : SIDE_USER)
	                           : (options.kernel ? SIDE_KERNEL_SERVER : SIDE_SERVER);
	output.seqnos = options.seqnos;
	output.source = without_folders(options.file);
	output.header = without_folders(options.header_file);
	output.extra_include = options.extra_include;
	output.prefix = options.user ? interface->user_prefix : interface->server_prefix;
	if (options.prefix != NULL)
		output.prefix = options.prefix;
	output.file = create(options.header_file);
	write_header(&output, interface);
	finish(output.file, options.header_file);
	if (options.c_file == NULL)
		return errors > 0;
	output.file = create(options.c_file);
	(options.user ? write_user : write_server)(&output, interface);
	finish(output.file, options.c_file);
	if (errors > 0)
		(void)remove(options.header_file);
	return errors > 0;
}
