/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * embed OUT.c SYMBOL [FILE...]: files as C, for the library to carry with it.
 *
 * Runs while the project is built.  OUT.c defines  const struct embedded_file SYMBOL[], sorted by name, ended by a NULL
 * name (sim/model/embedded.h).  A name is the file's base name, without its ".elf" or ".yaml".  Nothing of the host
 * gets into OUT.c but the bytes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The length of the base name without its ".elf" or ".yaml". */
static int name_length(const char *path)
{
	const char *name = base_name(path), *dot = strrchr(name, '.');

	return (int)(dot && (!strcmp(dot, ".elf") || !strcmp(dot, ".yaml")) ? (size_t)(dot - name) : strlen(name));
}

static int by_name(const void *a, const void *b)
{
	const char *x = *(char *const *)a, *y = *(char *const *)b;
	int size = name_length(x) < name_length(y) ? name_length(x) : name_length(y);
	int order = strncmp(base_name(x), base_name(y), (size_t)size);

	return order ? order : name_length(x) - name_length(y);
}

static _Noreturn void fail(const char *path)
{
	perror(path);
	exit(1);
}

/* The bytes as string literals: compilers read them much faster than lists of numbers. Returns how many. */
static size_t write_bytes(FILE *out, FILE *in)
{
	size_t size = 0;
	int c;

	for (; (c = getc(in)) != EOF; size++) {
		if (size % 32 == 0)
			fputs(size ? "\"\n\t\"" : "\t\"", out);
		if (c >= ' ' && c < 0x7f && !strchr("\"\\?", c))
			putc(c, out);
		else
			fprintf(out, "\\%03o", (unsigned)c);
	}
	fputs(size ? "\"" : "\t\"\"", out);
	return size;
}

static size_t write_file(FILE *out, const char *symbol, int n, const char *path)
{
	FILE *in = fopen(path, "rb");
	size_t size;

	if (!in)
		fail(path);
	fprintf(out, "static const char %s_%d[] =\n", symbol, n);
	size = write_bytes(out, in);
	fputs(";\n\n", out);
	if (ferror(in))
		fail(path);
	fclose(in);
	return size;
}

int main(int argc, char **argv)
{
	size_t *size = calloc((size_t)argc, sizeof(*size));
	FILE *out;

	if (argc < 3 || !size) {
		fputs("usage: embed OUT.c SYMBOL [FILE...]\n", stderr);
		return 2;
	}
	out = fopen(argv[1], "w");
	if (!out)
		fail(argv[1]);
	qsort(argv + 3, (size_t)argc - 3, sizeof(*argv), by_name);
	fputs("/* Made by embed.c. */\n#include \"sim/model/embedded.h\"\n\n", out);
	for (int n = 3; n < argc; n++)
		size[n] = write_file(out, argv[2], n, argv[n]);
	fprintf(out, "const struct embedded_file %s[] = {\n", argv[2]);
	for (int n = 3; n < argc; n++)
		fprintf(out, "\t{\"%.*s\", %s_%d, %zu},\n", name_length(argv[n]), base_name(argv[n]), argv[2], n,
		        size[n]);
	fputs("\t{0, 0, 0},\n};\n", out);
	free(size);
	if (ferror(out) | fclose(out))
		fail(argv[1]);
	return 0;
}
