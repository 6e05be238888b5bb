/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The header of a side: prototypes of the stubs that users call, or of the routines that a server has to provide.
 */
#include "generator.h"

void write_header(const struct output *output, const struct interface *interface)
{
	const bool serves = side_serves(output->side);

	write_opening(output, interface, serves ? "What a server provides" : "Users' calls");
	fputs("#pragma once\n#include \"mach/mig.h\"\n", output->file);
	for (const struct import *import = interface->imports; import != NULL; import = import->next)
		fprintf(output->file, "#include \"%s\"\n", import->file);
	if (output->extra_include != NULL)
		fprintf(output->file, "#include \"%s\"\n", output->extra_include);
	fputc('\n', output->file);
	for (const struct routine *routine = interface->routines; routine != NULL; routine = routine->next) {
		fprintf(output->file, "/* %d */\n", routine->id);
		write_prototype(output, routine);
		fputs(";\n", output->file);
	}
	if (serves) {
		const char *prefix = output->seqnos ? output->prefix : "";

		fprintf(output->file, "\nextern const struct mig_subsystem %s%s_subsystem;\n", prefix, interface->name);
		if (output->side == SIDE_KERNEL_SERVER)
			return;
		fprintf(output->file, "/* As mig_server. */\n");
		fprintf(output->file, "bool %s%s_server(mach_msg_header_t *request, mach_msg_header_t *reply);\n",
		        prefix, interface->name);
	}
}
