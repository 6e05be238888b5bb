/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Servers' stubs: check the request, translate what the kernel translates, call the routine, make the reply; and the
 * table in which they are found by message id.  kernel/include/mach/mig.h says who owns what when.
 */
#include <string.h>

#include "generator.h"

static bool in_kernel(const struct output *output)
{
	return output->side == SIDE_KERNEL_SERVER;
}

static void write_structures(const struct output *output, const struct routine *routine)
{
	FILE *file = output->file;

	fprintf(file, "\nstruct request_%s {\n\tmach_msg_header_t Head;\n", routine->name);
	write_items(output, routine, MESSAGE_REQUEST, 1);
	fprintf(file, "};\nstruct reply_%s {\n\tmach_msg_header_t Head;\n", routine->name);
	fputs("\tnatural_t RetCodeType;\n\tkern_return_t RetCode;\n", file);
	write_items(output, routine, MESSAGE_REPLY, 1);
	fputs("};\n", file);
}

static bool translates_in(const struct output *output, const struct argument *argument)
{
	return in_kernel(output) && argument->type->intran.function != NULL && argument->direction != DIRECTION_OUT;
}

static bool checks_in(const struct output *output, const struct argument *argument)
{
	return in_kernel(output) && argument->type->check.function != NULL && argument->direction != DIRECTION_OUT;
}

/* ---- locals ---- */

/* A declaration, with a blank only where the type does not end in a star. */
static void write_local(const struct output *output, const char *type, const char *name, const char *suffix)
{
	fprintf(output->file, "\t%s%s%s%s;\n", type, type[strlen(type) - 1] == '*' ? "" : " ", name, suffix);
}

static void write_locals(const struct output *output, const struct routine *routine)
{
	FILE *file = output->file;

	fprintf(file, "\tconst struct request_%s *in = (const struct request_%s *)request;\n", routine->name,
	        routine->name);
	fprintf(file, "\tstruct reply_%s *out = (struct reply_%s *)reply;\n", routine->name, routine->name);
	for (const struct argument *argument = routine->arguments; argument != NULL; argument = argument->next) {
		const bool returned = item_in(argument, MESSAGE_REPLY);

		if (!is_parameter(output, argument) || argument->role == ROLE_SEQNO)
			continue;
		if (translates_in(output, argument) || (returned && needs_local(output, argument)))
			write_local(output, value_type(output, argument), argument->name, "");
		if (returned && argument->type->variable)
			write_local(output, "mach_msg_type_number_t", argument->name, "_count");
		if (returned && argument->type->port && name_sent(output, argument->type) == NULL)
			write_local(output, "mach_msg_type_name_t", argument->name, "_type");
	}
	fputc('\n', file);
}

/* ---- the request ---- */

static void write_request_check(const struct output *output, const struct routine *routine)
{
	const struct argument *variable = variable_item(routine, MESSAGE_REQUEST);
	const bool complex = message_is_complex(routine, MESSAGE_REQUEST);
	FILE *file = output->file;

	if (variable != NULL)
		fprintf(file, "\tif (in->Head.msgh_size < sizeof(*in) - sizeof(in->%s) ||\n\t    ", variable->name);
	else
		fputs("\tif (in->Head.msgh_size != sizeof(*in) ||\n\t    ", file);
	fprintf(file, "(in->Head.msgh_bits & MACH_MSGH_BITS_COMPLEX) %s 0", complex ? "==" : "!=");
	for (const struct argument *argument = routine->arguments; argument != NULL; argument = argument->next) {
		if (argument->count_in_out)
			fprintf(file, " ||\n\t    in->%sRoomType != MIG_TYPE(MACH_MSG_TYPE_INTEGER_32, 32, 1)",
			        argument->name);
		if (!item_in(argument, MESSAGE_REQUEST))
			continue;
		fputs(" ||\n\t    ", file);
		write_type_check(output, argument, "in->");
	}
	if (variable != NULL) {
		const char *name = variable->name;

		fprintf(file, " ||\n\t    in->Head.msgh_size != sizeof(*in) - sizeof(in->%s) + "
		              "mig_words(MIG_TYPE_NUMBER(in->%sType) * %u)", name, name, element_bytes(variable->type));
		if (variable->type->string)
			fprintf(file, " ||\n\t    !mig_string_ends(in->%s, MIG_TYPE_NUMBER(in->%sType))", name, name);
	}
	fputs(") {\n\t\tout->RetCode = MIG_BAD_ARGUMENTS;\n\t\treturn;\n\t}\n", file);
}

/* Where the request's port, or an item that is a port, stands; in the kernel a pointer. */
static const char *port_place(const struct output *output, const struct argument *argument)
{
	if (argument->role == ROLE_REQUEST_PORT)
		return in_kernel(output) ? "in->Head.msgh_remote_port" : "in->Head.msgh_local_port";
	if (argument->role == ROLE_REPLY_PORT)
		return in_kernel(output) ? "in->Head.msgh_local_port" : "in->Head.msgh_remote_port";
	return format_name("in->%s", argument->name);
}

static void write_destructors(const struct output *output, const struct routine *routine, const struct argument *end,
                              const char *tabs)
{
	for (const struct argument *argument = routine->arguments; argument != end; argument = argument->next)
		if (translates_in(output, argument) && argument->type->destructor != NULL)
			fprintf(output->file, "%s%s(%s);\n", tabs, argument->type->destructor, argument->name);
}

static void write_translations(const struct output *output, const struct routine *routine)
{
	FILE *file = output->file;

	for (const struct argument *argument = routine->arguments; argument != NULL; argument = argument->next) {
		const struct translation *translation = &argument->type->intran;

		if (checks_in(output, argument)) {
			translation = &argument->type->check;
			fprintf(file, "\tif (!%s(mig_pointer(%s))) {\n", translation->function,
			        port_place(output, argument));
		} else if (translates_in(output, argument)) {
			fprintf(file, "\t%s = %s(mig_pointer(%s));\n", argument->name, translation->function,
			        port_place(output, argument));
			if (translation->otherwise == NULL)
				continue;
			fprintf(file, "\tif (%s == NULL) {\n", argument->name);
		} else {
			continue;
		}
		fprintf(file, "\t\tout->RetCode = %s;\n", translation->otherwise);
		write_destructors(output, routine, argument, "\t\t");
		fputs("\t\treturn;\n\t}\n", file);
	}
}

/* ---- the call ---- */

static void write_inputs(const struct output *output, const struct routine *routine)
{
	FILE *file = output->file;

	for (const struct argument *argument = routine->arguments; argument != NULL; argument = argument->next) {
		const char *name = argument->name;

		if (!item_in(argument, MESSAGE_REPLY))
			continue;
		if (item_in(argument, MESSAGE_REQUEST) && !translates_in(output, argument)) {
			if (!needs_local(output, argument))
				fprintf(file, "\tout->%s = in->%s;\n", name, name);
			else if (argument->type->port)
				fprintf(file, "\t%s = mig_pointer(in->%s);\n", name, name);
			else
				fprintf(file, "\t%s = in->%s != 0;\n", name, name);
		}
		if (argument->count_in_out)
			fprintf(file, "\t%s_count = in->%sRoom < %u ? in->%sRoom : %u;\n", name, name,
			        argument->type->number, name, argument->type->number);
		else if (argument->type->variable && !argument->type->out_of_line && !argument->type->string)
			fprintf(file, "\t%s_count = %u;\n", name, argument->type->number);
	}
}

/* The bits that say by which right the request's or the reply's port came. */
static const char *head_type(const struct output *output, const struct argument *argument)
{
	const bool remote = (argument->role == ROLE_REQUEST_PORT) == in_kernel(output);

	return remote ? "MACH_MSGH_BITS_REMOTE(in->Head.msgh_bits)" : "MACH_MSGH_BITS_LOCAL(in->Head.msgh_bits)";
}

static void write_in_value(const struct output *output, const struct argument *argument)
{
	const struct type *type = argument->type;
	const char *name = argument->name;
	FILE *file = output->file;

	if (translates_in(output, argument))
		fputs(name, file);
	else if (argument->role == ROLE_SEQNO)
		fputs("in->Head.msgh_seqno", file);
	else if (type->out_of_line && !in_kernel(output))
		fprintf(file, "(%s)(uintptr_t)in->%s", type->c_type, name);
	else if (type->out_of_line)
		fprintf(file, "mig_pointer(in->%s)", name);
	else if (type->port)
		fprintf(file, in_kernel(output) ? "mig_pointer(%s)" : "%s", port_place(output, argument));
	else
		fprintf(file, strcmp(type->c_type, "bool") == 0 ? "in->%s != 0" : "in->%s", name);
	if (argument->role == ROLE_SEQNO)
		return;
	if (type->variable && !type->string)
		fprintf(file, type->out_of_line ? ", in->%sNumber" : ", MIG_TYPE_NUMBER(in->%sType)", name);
	if (type->out_of_line && type->number > 1)
		fprintf(file, " / %u", type->number);
	if (type->port && name_received(type) == NULL) {
		if (argument->role == ROLE_DATA)
			fprintf(file, ", in->%sType & 0xff", name);
		else
			fprintf(file, ", %s", head_type(output, argument));
	}
}

static void write_out_place(const struct output *output, const struct argument *argument)
{
	const struct type *type = argument->type;
	const char *name = argument->name;
	FILE *file = output->file;

	if (needs_local(output, argument))
		fprintf(file, "&%s", name);
	else
		fprintf(file, type->array || type->string ? "out->%s" : "&out->%s", name);
	if (type->variable && !type->string)
		fprintf(file, ", &%s_count", name);
	if (type->port && name_sent(output, type) == NULL)
		fprintf(file, ", &%s_type", name);
}

static void write_call(const struct output *output, const struct routine *routine)
{
	const char *between = "";

	write_inputs(output, routine);
	fprintf(output->file, "\tout->RetCode = %s%s(", output->prefix, routine->name);
	for (const struct argument *argument = routine->arguments; argument != NULL; argument = argument->next) {
		if (!is_parameter(output, argument))
			continue;
		fputs(between, output->file);
		between = ",\n\t\t";
		if (item_in(argument, MESSAGE_REPLY))
			write_out_place(output, argument);
		else
			write_in_value(output, argument);
	}
	fputs(");\n", output->file);
	write_destructors(output, routine, NULL, "\t");
}

/* ---- the reply ---- */

/* A right in the body that was only looked at: the routine has no use for it, and the message is gone. */
static bool has_right_to_release(const struct output *output, const struct argument *argument)
{
	return (translates_in(output, argument) || checks_in(output, argument)) && item_in(argument, MESSAGE_REQUEST);
}

static void write_releases(const struct output *output, const struct routine *routine)
{
	for (const struct argument *argument = routine->arguments; argument != NULL; argument = argument->next)
		if (has_right_to_release(output, argument))
			fprintf(output->file, "\tipc_port_release_send(mig_pointer(in->%s));\n", argument->name);
}

static void write_out_item(const struct output *output, const struct argument *argument)
{
	const struct type *type = argument->type;
	const char *name = argument->name;
	FILE *file = output->file;

	if (in_kernel(output) && type->port && !type->out_of_line && type->outtran.function != NULL &&
	    argument->direction == DIRECTION_OUT)
		fprintf(file, "\tout->%s = mig_word(%s(%s));\n", name, type->outtran.function, name);
	else if (needs_local(output, argument))
		fprintf(file, type->out_of_line || type->port ? "\tout->%s = mig_word(%s);\n" : "\tout->%s = %s;\n",
		        name, name);
	if (type->string)
		fprintf(file, "\t%s_count = mig_string_size(out->%s);\n", name, name);
	if (type->variable && !type->out_of_line && type->bits == 8)
		fprintf(file, "\tmig_pad(out->%s, %s_count);\n", name, name);
	write_type(output, argument, "out->", format_name("%s_count", name),
	           argument->deallocate == DEALLOCATE_YES && !in_kernel(output) ? " | MIG_TYPE_DEALLOCATE" : "");
}

static void write_reply(const struct output *output, const struct routine *routine)
{
	const struct argument *variable = variable_item(routine, MESSAGE_REPLY);
	FILE *file = output->file;
	bool returns = false, releases = false;

	for (const struct argument *argument = routine->arguments; argument != NULL; argument = argument->next) {
		returns |= item_in(argument, MESSAGE_REPLY);
		releases |= has_right_to_release(output, argument);
	}
	if (!returns && !releases)
		return;
	fputs("\tif (out->RetCode != KERN_SUCCESS)\n\t\treturn;\n", file);
	write_releases(output, routine);
	for (const struct argument *argument = routine->arguments; argument != NULL; argument = argument->next)
		if (item_in(argument, MESSAGE_REPLY))
			write_out_item(output, argument);
	if (!returns)
		return;
	if (message_is_complex(routine, MESSAGE_REPLY))
		fputs("\tout->Head.msgh_bits |= MACH_MSGH_BITS_COMPLEX;\n", file);
	if (variable == NULL)
		fputs("\tout->Head.msgh_size = sizeof(*out);\n", file);
	else
		fprintf(file, "\tout->Head.msgh_size = sizeof(*out) - sizeof(out->%s) + mig_words(%s_count * %u);\n",
		        variable->name, variable->name, element_bytes(variable->type));
}

/* ---- the file ---- */

static void write_routine(const struct output *output, const struct routine *routine)
{
	write_structures(output, routine);
	fprintf(output->file,
	        "\n/* %d */\nstatic void stub_%s(mach_msg_header_t *request, mach_msg_header_t *reply)\n{\n",
	        routine->id, routine->name);
	write_locals(output, routine);
	write_request_check(output, routine);
	write_translations(output, routine);
	write_call(output, routine);
	write_reply(output, routine);
	fputs("}\n", output->file);
}

/* Structures in messages have the size that their descriptors say. */
static void write_size_checks(const struct output *output, const struct interface *interface)
{
	for (const struct type *type = interface->types; type != NULL; type = type->next)
		if (type->structure)
			fprintf(output->file, "_Static_assert(sizeof(%s) == %u, \"as its type says\");\n", type->c_type,
			        type->number * element_bytes(type));
}

static void write_table(const struct output *output, const struct interface *interface)
{
	const char *prefix = output->seqnos ? output->prefix : "";
	FILE *file = output->file;

	fprintf(file, "\nstatic const struct mig_routine routines[%d] = {\n", interface->end - interface->first);
	for (const struct routine *routine = interface->routines; routine != NULL; routine = routine->next)
		fprintf(file, "\t[%d] = { stub_%s, sizeof(struct reply_%s) },\n", routine->id - interface->first,
		        routine->name, routine->name);
	fprintf(file, "};\nconst struct mig_subsystem %s%s_subsystem = { %d, %d, routines };\n", prefix,
	        interface->name, interface->first, interface->end);
	if (in_kernel(output))
		return;
	fprintf(file, "\nbool %s%s_server(mach_msg_header_t *request, mach_msg_header_t *reply)\n{\n", prefix,
	        interface->name);
	fprintf(file, "\treturn mig_server(&%s%s_subsystem, request, reply);\n}\n", prefix, interface->name);
}

void write_server(const struct output *output, const struct interface *interface)
{
	write_opening(output, interface, "The server");
	fprintf(output->file, "#include \"%s\"\n\n", output->header);
	write_size_checks(output, interface);
	for (const struct routine *routine = interface->routines; routine != NULL; routine = routine->next)
		write_routine(output, routine);
	write_table(output, interface);
}
