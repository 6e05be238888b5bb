/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Users' stubs: put the arguments into a message, send it, and take the results out of the reply, which is checked as
 * a server checks requests.  A reply that is not what was asked for is destroyed with all that is in it.
 *
 * In the kernel there are simpleroutines only: a message of pointers, which does not wait.
 */
#include <string.h>

#include "generator.h"

static const char request[] = "message.request.", reply[] = "message.reply.";

static void write_messages(const struct output *output, const struct routine *routine)
{
	FILE *file = output->file;

	fputs(routine->simple ? "\tstruct {\n" : "\tunion {\n", file);
	fputs("\t\tstruct {\n\t\t\tmach_msg_header_t Head;\n", file);
	write_items(output, routine, MESSAGE_REQUEST, 3);
	fputs("\t\t} request;\n", file);
	if (!routine->simple) {
		fputs("\t\tstruct {\n\t\t\tmach_msg_header_t Head;\n", file);
		fputs("\t\t\tnatural_t RetCodeType;\n\t\t\tkern_return_t RetCode;\n", file);
		write_items(output, routine, MESSAGE_REPLY, 3);
		fputs("\t\t} reply;\n", file);
	}
	fputs("\t} message;\n", file);
}

static const struct argument *find_role(const struct routine *routine, enum role role)
{
	for (const struct argument *argument = routine->arguments; argument != NULL; argument = argument->next)
		if (argument->role == role && argument->user_side)
			return argument;
	return NULL;
}

static void write_locals(const struct output *output, const struct routine *routine)
{
	const struct argument *variable = variable_item(routine, MESSAGE_REQUEST);
	const struct argument *returned = variable_item(routine, MESSAGE_REPLY);
	FILE *file = output->file;

	if (!routine->simple) {
		const struct argument *port = find_role(routine, ROLE_REPLY_PORT);

		fprintf(file, "\tconst mach_port_t mig_port = %s;\n",
		        port != NULL ? port->name : "mig_get_reply_port()");
		fputs("\tmach_msg_return_t mig_result;\n", file);
	}
	if (variable != NULL && variable->type->string)
		fprintf(file, "\tmach_msg_type_number_t %s_count;\n", variable->name);
	if (returned != NULL && !returned->type->string)
		fprintf(file, "\tmach_msg_type_number_t %s_returned;\n", returned->name);
	fputc('\n', file);
	if (variable != NULL && !variable->type->string)
		fprintf(file, "\tif (%s_count > %u)\n\t\treturn MIG_ARRAY_TOO_LARGE;\n", variable->name,
		        variable->type->number);
}

/* ---- the request ---- */

static const char *disposition(const struct output *output, const struct argument *port)
{
	const char *name = name_sent(output, port->type);

	return name != NULL ? name : format_name("%s_type", port->name);
}

static void write_head(const struct output *output, const struct routine *routine)
{
	const struct argument *to = routine->arguments, *reply_port = find_role(routine, ROLE_REPLY_PORT);
	const char *complex = message_is_complex(routine, MESSAGE_REQUEST) ? "MACH_MSGH_BITS_COMPLEX | " : "";
	const char *local = "MACH_PORT_NULL", *local_name = "0";
	FILE *file = output->file;

	if (!routine->simple) {
		local = "mig_port";
		local_name = "MACH_MSG_TYPE_MAKE_SEND_ONCE";
	} else if (reply_port != NULL) {
		local = reply_port->name;
	}
	if (reply_port != NULL)
		local_name = disposition(output, reply_port);
	fprintf(file, "\t%sHead.msgh_bits = %sMACH_MSGH_BITS(%s, %s);\n", request, complex, disposition(output, to),
	        local_name);
	fprintf(file, side_in_kernel(output->side) ? "\t%sHead.msgh_remote_port = mig_word(%s);\n"
	                                           : "\t%sHead.msgh_remote_port = %s;\n", request, to->name);
	fprintf(file, "\t%sHead.msgh_local_port = %s;\n", request, local);
	fprintf(file, "\t%sHead.msgh_id = %d;\n", request, routine->id);
}

static void write_array(const struct output *output, const struct argument *argument)
{
	const struct type *type = argument->type;
	const char *name = argument->name;
	FILE *file = output->file;

	if (type->string) {
		fprintf(file, "\t%s_count = mig_strncpy(%s%s, %s, %u);\n", name, request, name, name, type->number);
		fprintf(file, "\tmig_pad(%s%s, %s_count);\n", request, name, name);
	} else if (type->variable) {
		fprintf(file, "\tmemcpy(%s%s, %s, %s_count * sizeof(%s[0]));\n", request, name, name, name, name);
		if (type->bits == 8)
			fprintf(file, "\tmig_pad(%s%s, %s_count);\n", request, name, name);
	} else {
		fprintf(file, "\tmemcpy(%s%s, %s, %u);\n", request, name, name, type->number * element_bytes(type));
	}
}

static const char *deallocate_bit(const struct output *output, const struct argument *argument)
{
	if (argument->deallocate == DEALLOCATE_NO || side_in_kernel(output->side))
		return "";
	return argument->deallocate == DEALLOCATE_YES
	               ? " | MIG_TYPE_DEALLOCATE"
	               : format_name(" | (%s_deallocate ? MIG_TYPE_DEALLOCATE : 0)", argument->name);
}

static void write_item(const struct output *output, const struct argument *argument)
{
	const struct type *type = argument->type;
	const char *name = argument->name;

	if ((type->array || type->string) && !type->out_of_line)
		write_array(output, argument);
	else if (type->out_of_line || (type->port && side_in_kernel(output->side)))
		fprintf(output->file, "\t%s%s = mig_word(%s);\n", request, name, name);
	else
		fprintf(output->file, "\t%s%s = %s%s;\n", request, name,
		        (argument->direction & DIRECTION_OUT) != 0 ? "*" : "", name);
	write_type(output, argument, request, format_name("%s_count", name), deallocate_bit(output, argument));
}

static void write_request(const struct output *output, const struct routine *routine)
{
	write_head(output, routine);
	for (const struct argument *argument = routine->arguments; argument != NULL; argument = argument->next) {
		if (argument->count_in_out) {
			fprintf(output->file, "\t%s%sRoomType = MIG_TYPE(MACH_MSG_TYPE_INTEGER_32, 32, 1);\n", request,
			        argument->name);
			fprintf(output->file, "\t%s%sRoom = *%s_count;\n", request, argument->name, argument->name);
		}
		if (item_in(argument, MESSAGE_REQUEST))
			write_item(output, argument);
	}
}

/* ---- sending ---- */

static const char *request_size(const struct routine *routine)
{
	const struct argument *variable = variable_item(routine, MESSAGE_REQUEST);

	if (variable == NULL)
		return "sizeof(message.request)";
	return format_name("sizeof(message.request) - sizeof(%s%s) + mig_words(%s_count * %u)", request, variable->name,
	                   variable->name, element_bytes(variable->type));
}

static void write_simple_send(const struct output *output, const struct routine *routine)
{
	const struct argument *wait = find_role(routine, ROLE_WAIT_TIME);

	if (side_in_kernel(output->side)) {
		fprintf(output->file, "\treturn mach_msg_send_from_kernel(&message.request.Head, %s);\n",
		        request_size(routine));
		return;
	}
	fprintf(output->file, "\treturn mach_msg(&message.request.Head, MACH_SEND_MSG%s,\n\t\t%s, 0,\n",
	        wait != NULL ? " | MACH_SEND_TIMEOUT" : "", request_size(routine));
	fprintf(output->file, "\t\tMACH_PORT_NULL, %s, MACH_PORT_NULL);\n",
	        wait != NULL ? wait->name : "MACH_MSG_TIMEOUT_NONE");
}

static void write_call(const struct output *output, const struct routine *routine)
{
	const struct argument *wait = find_role(routine, ROLE_WAIT_TIME);
	FILE *file = output->file;

	fprintf(file, "\tmig_result = mach_msg(&message.request.Head, MACH_SEND_MSG | MACH_RCV_MSG%s,\n\t\t%s,\n",
	        wait != NULL ? " | MACH_SEND_TIMEOUT | MACH_RCV_TIMEOUT" : "", request_size(routine));
	fprintf(file, "\t\tsizeof(message.reply), mig_port, %s, MACH_PORT_NULL);\n",
	        wait != NULL ? wait->name : "MACH_MSG_TIMEOUT_NONE");
	fputs("\tif (mig_result != MACH_MSG_SUCCESS) {\n", file);
	if (find_role(routine, ROLE_REPLY_PORT) == NULL)
		fputs("\t\tmig_dealloc_reply_port(mig_port);\n", file);
	fputs("\t\treturn mig_result;\n\t}\n", file);
}

/* ---- the reply ---- */

static bool has_results(const struct routine *routine)
{
	for (const struct argument *argument = routine->arguments; argument != NULL; argument = argument->next)
		if (item_in(argument, MESSAGE_REPLY))
			return true;
	return false;
}

static void write_reply_check(const struct output *output, const struct routine *routine)
{
	const struct argument *variable = variable_item(routine, MESSAGE_REPLY);
	const bool complex = message_is_complex(routine, MESSAGE_REPLY);
	FILE *file = output->file;

	fprintf(file, "\tif (message.reply.Head.msgh_id != %d)\n", routine->id + 100);
	fputs("\t\treturn mig_reply_mismatch(&message.reply.Head);\n", file);
	if (!has_results(routine)) {
		fputs("\treturn mig_reply_code(&message.reply.Head);\n", file);
		return;
	}
	fputs("\tif (message.reply.Head.msgh_size == sizeof(struct mig_reply_error) && message.reply.RetCode != "
	      "KERN_SUCCESS)\n\t\treturn mig_reply_code(&message.reply.Head);\n", file);
	if (variable != NULL)
		fprintf(file, "\tif (message.reply.Head.msgh_size < sizeof(message.reply) - sizeof(%s%s) ||\n\t    ",
		        reply, variable->name);
	else
		fputs("\tif (message.reply.Head.msgh_size != sizeof(message.reply) ||\n\t    ", file);
	fprintf(file, "(message.reply.Head.msgh_bits & MACH_MSGH_BITS_COMPLEX) %s 0 ||\n\t    ", complex ? "==" : "!=");
	fputs("message.reply.RetCodeType != MIG_TYPE_RETURN_CODE", file);
	for (const struct argument *argument = routine->arguments; argument != NULL; argument = argument->next)
		if (item_in(argument, MESSAGE_REPLY)) {
			fputs(" ||\n\t    ", file);
			write_type_check(output, argument, reply);
		}
	if (variable != NULL)
		fprintf(file, " ||\n\t    message.reply.Head.msgh_size != sizeof(message.reply) - sizeof(%s%s) +\n\t\t"
		              "mig_words(MIG_TYPE_NUMBER(%s%sType) * %u)", reply, variable->name, reply, variable->name,
		        element_bytes(variable->type));
	fputs(")\n\t\treturn mig_reply_discard(&message.reply.Head, MIG_TYPE_ERROR);\n", file);
	fputs("\tif (message.reply.RetCode != KERN_SUCCESS)\n"
	      "\t\treturn mig_reply_discard(&message.reply.Head, message.reply.RetCode);\n", file);
}

static void write_array_result(const struct output *output, const struct argument *argument)
{
	const struct type *type = argument->type;
	const char *name = argument->name;
	FILE *file = output->file;

	if (type->string) {
		fprintf(file, "\tif (!mig_string_ends(%s%s, MIG_TYPE_NUMBER(%s%sType)))\n\t\treturn MIG_TYPE_ERROR;\n",
		        reply, name, reply, name);
		fprintf(file, "\tmig_strncpy(%s, %s%s, %u);\n", name, reply, name, type->number);
	} else if (!type->variable) {
		fprintf(file, "\tmemcpy(%s, %s%s, %u);\n", name, reply, name, type->number * element_bytes(type));
	} else {
		fprintf(file, "\t%s_returned = MIG_TYPE_NUMBER(%s%sType);\n", name, reply, name);
		if (argument->count_in_out)
			fprintf(file, "\tif (%s_returned > *%s_count)\n\t\treturn MIG_ARRAY_TOO_LARGE;\n", name, name);
		fprintf(file, "\tmemcpy(%s, %s%s, %s_returned * sizeof(%s[0]));\n", name, reply, name, name, name);
		fprintf(file, "\t*%s_count = %s_returned;\n", name, name);
	}
}

static void write_result(const struct output *output, const struct argument *argument)
{
	const struct type *type = argument->type;
	const char *name = argument->name;
	FILE *file = output->file;

	if (type->out_of_line) {
		fprintf(file, "\t*%s = (%s)(uintptr_t)%s%s;\n", name, type->c_type, reply, name);
		fprintf(file, type->number > 1 ? "\t*%s_count = %s%sNumber / %u;\n" : "\t*%s_count = %s%sNumber;\n",
		        name, reply, name, type->number);
	} else if (type->array || type->string) {
		write_array_result(output, argument);
	} else {
		fprintf(file, "\t*%s = %s%s%s;\n", name, reply, name, strcmp(type->c_type, "bool") == 0 ? " != 0" : "");
		if (type->port && name_received(type) == NULL)
			fprintf(file, "\t*%s_type = %s%sType & 0xff;\n", name, reply, name);
	}
}

static void write_results(const struct output *output, const struct routine *routine)
{
	if (!has_results(routine))
		return;
	for (const struct argument *argument = routine->arguments; argument != NULL; argument = argument->next)
		if (item_in(argument, MESSAGE_REPLY))
			write_result(output, argument);
	fputs("\treturn KERN_SUCCESS;\n", output->file);
}

/* ---- the file ---- */

static void write_routine(const struct output *output, const struct routine *routine)
{
	fprintf(output->file, "\n/* %d */\n", routine->id);
	write_prototype(output, routine);
	fputs("\n{\n", output->file);
	write_messages(output, routine);
	write_locals(output, routine);
	write_request(output, routine);
	if (routine->simple) {
		write_simple_send(output, routine);
	} else {
		write_call(output, routine);
		write_reply_check(output, routine);
		write_results(output, routine);
	}
	fputs("}\n", output->file);
}

void write_user(const struct output *output, const struct interface *interface)
{
	write_opening(output, interface, "Users' stubs");
	fprintf(output->file, "#include \"%s\"\n", output->header);
	if (side_in_kernel(output->side))
		for (const struct routine *routine = interface->routines; routine != NULL; routine = routine->next)
			if (!routine->simple)
				error_at(routine->place, "%s has a reply, and the kernel waits for none",
				         routine->name);
	for (const struct routine *routine = interface->routines; routine != NULL; routine = routine->next)
		write_routine(output, routine);
}
