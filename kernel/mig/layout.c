/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How arguments look: as C parameters, as items of a message, and as descriptors.
 *
 *   item                       members                                     descriptor
 *   a value, a structure       nameType, name                              short
 *   an array, a string         nameType, name[N]; the last of a message    short, with the number that there are
 *   data out of line           nameType, nameLong, nameNumber, name        long; name is the address
 *   room for what comes out    nameRoomType, nameRoom                      short (countinout)
 */
#include <string.h>

#include "generator.h"

bool is_parameter(const struct output *output, const struct argument *argument)
{
	if (argument->role == ROLE_SEQNO)
		return output->seqnos && side_serves(output->side);
	if (output->side == SIDE_KERNEL_SERVER && argument->type->check.function != NULL)
		return false;
	return side_serves(output->side) ? argument->server_side : argument->user_side;
}

bool item_in(const struct argument *argument, enum message message)
{
	return argument->role == ROLE_DATA &&
	       (argument->direction & (message == MESSAGE_REQUEST ? DIRECTION_IN : DIRECTION_OUT)) != 0;
}

const struct argument *variable_item(const struct routine *routine, enum message message)
{
	for (const struct argument *argument = routine->arguments; argument != NULL; argument = argument->next)
		if (item_in(argument, message) && argument->type->variable && !argument->type->out_of_line)
			return argument;
	return NULL;
}

bool message_is_complex(const struct routine *routine, enum message message)
{
	for (const struct argument *argument = routine->arguments; argument != NULL; argument = argument->next)
		if (item_in(argument, message) && (argument->type->port || argument->type->out_of_line))
			return true;
	return false;
}

const char *name_sent(const struct output *output, const struct type *type)
{
	if (type->out_name == NULL)
		return NULL;
	return output->side == SIDE_KERNEL_SERVER ? type->in_name : type->out_name;
}

const char *name_received(const struct type *type)
{
	return type->in_name;
}

unsigned element_bytes(const struct type *type)
{
	return type->bits / 8;
}

/* ---- C ---- */

const char *value_type(const struct output *output, const struct argument *argument)
{
	const struct type *type = argument->type;

	if (!side_in_kernel(output->side))
		return type->c_type;
	if (type->out_of_line)
		return type->port ? "ipc_port_t *" : "vm_map_copy_t";
	if (!type->port)
		return type->c_type;
	if (output->side == SIDE_KERNEL_SERVER && argument->direction == DIRECTION_OUT && type->outtran.c_type != NULL)
		return type->outtran.c_type;
	if (output->side == SIDE_KERNEL_SERVER && argument->direction != DIRECTION_OUT && type->intran.c_type != NULL)
		return type->intran.c_type;
	return "ipc_port_t";
}

bool needs_local(const struct output *output, const struct argument *argument)
{
	const struct type *type = argument->type;

	return type->out_of_line || strcmp(type->c_type, "bool") == 0 || (type->port && side_in_kernel(output->side));
}

/* Parameters are collected, and broken into lines of at most this many columns. */
enum { COLUMNS = 116 };
struct parameters {
	const struct output *output;
	unsigned column, count;
};

static void write_parameter(struct parameters *parameters, const char *type, const char *stars, const char *name,
                            const char *suffix)
{
	const size_t type_length = strlen(type);
	const bool pointer = type_length > 0 && type[type_length - 1] == '*';
	const char *text = format_name("%s%s%s%s%s", type, pointer ? "" : " ", stars, name, suffix);
	const unsigned length = (unsigned)strlen(text);

	if (parameters->count++ > 0) {
		fputc(',', parameters->output->file);
		parameters->column++;
		if (parameters->column + 1 + length > COLUMNS) {
			fputs("\n\t", parameters->output->file);
			parameters->column = 8;
		} else {
			fputc(' ', parameters->output->file);
			parameters->column++;
		}
	}
	fputs(text, parameters->output->file);
	parameters->column += length;
}

static void write_data_parameter(struct parameters *parameters, const struct argument *argument)
{
	const struct type *type = argument->type;
	const bool out = (argument->direction & DIRECTION_OUT) != 0;
	const char *c_type = value_type(parameters->output, argument);
	const bool in_line = (type->array || type->string) && !type->out_of_line;

	if (in_line)
		write_parameter(parameters, format_name("%s%s", out ? "" : "const ", c_type), "*", argument->name, "");
	else
		write_parameter(parameters, c_type, out ? "*" : "", argument->name, "");
	if (type->variable && !type->string)
		write_parameter(parameters, "mach_msg_type_number_t", out ? "*" : "", argument->name, "_count");
}

static void write_argument(struct parameters *parameters, const struct argument *argument)
{
	const struct output *output = parameters->output;
	const struct type *type = argument->type;
	const bool out = argument->direction == DIRECTION_OUT;
	const bool sends = side_serves(output->side) == out;

	if (argument->role == ROLE_SEQNO)
		write_parameter(parameters, "mach_port_seqno_t", "", argument->name, "");
	else if (argument->role == ROLE_WAIT_TIME)
		write_parameter(parameters, "mach_msg_timeout_t", "", argument->name, "");
	else
		write_data_parameter(parameters, argument);
	if (argument->role == ROLE_SEQNO || argument->role == ROLE_WAIT_TIME)
		return;
	if (type->port && (sends ? name_sent(output, type) : name_received(type)) == NULL)
		write_parameter(parameters, "mach_msg_type_name_t", out ? "*" : "", argument->name, "_type");
	if (argument->deallocate == DEALLOCATE_ASK && output->side == SIDE_USER)
		write_parameter(parameters, "bool", "", argument->name, "_deallocate");
}

void write_prototype(const struct output *output, const struct routine *routine)
{
	struct parameters parameters = { .output = output };

	parameters.column = (unsigned)fprintf(output->file, "kern_return_t %s%s(", output->prefix, routine->name);
	for (const struct argument *argument = routine->arguments; argument != NULL; argument = argument->next)
		if (is_parameter(output, argument))
			write_argument(&parameters, argument);
	if (parameters.count == 0)
		fputs("void", output->file);
	fputc(')', output->file);
}

/* ---- messages ---- */

static const char *member_type(const struct type *type)
{
	if (type->port)
		return "mach_port_t";
	return strcmp(type->c_type, "bool") == 0 ? "natural_t" : type->c_type;
}

/* Elements that the member has room for: whole words. */
static unsigned member_elements(const struct type *type)
{
	const unsigned bytes = (type->number * element_bytes(type) + 3) & ~3u;

	return bytes / element_bytes(type);
}

static void write_line(const struct output *output, unsigned tabs, const char *text)
{
	for (unsigned i = 0; i < tabs; i++)
		fputc('\t', output->file);
	fprintf(output->file, "%s\n", text);
}

void write_items(const struct output *output, const struct routine *routine, enum message message, unsigned tabs)
{
	for (const struct argument *argument = routine->arguments; argument != NULL; argument = argument->next) {
		const struct type *type = argument->type;
		const char *name = argument->name;

		if (message == MESSAGE_REQUEST && argument->count_in_out)
			write_line(output, tabs, format_name("natural_t %sRoomType, %sRoom;", name, name));
		if (!item_in(argument, message))
			continue;
		if (type->out_of_line) {
			write_line(output, tabs, format_name("natural_t %sType, %sLong, %sNumber, %s;", name, name,
			                                     name, name));
			continue;
		}
		write_line(output, tabs, format_name("natural_t %sType;", name));
		if (type->array || type->string)
			write_line(output, tabs,
			           format_name("%s %s[%u];", member_type(type), name, member_elements(type)));
		else
			write_line(output, tabs, format_name("%s %s;", member_type(type), name));
	}
}

/* ---- descriptors ---- */

void write_type_check(const struct output *output, const struct argument *argument, const char *from)
{
	const struct type *type = argument->type;
	const char *name = argument->name, *received = name_received(type);
	FILE *file = output->file;

	if (type->out_of_line) {
		fprintf(file, "(%s%sType & ~MIG_TYPE_DEALLOCATE) != MIG_TYPE_OUT_OF_LINE ||\n\t    ", from, name);
		fprintf(file, "%s%sLong != MIG_TYPE_LONG(%s, %u)", from, name, received, type->bits);
	} else if (received == NULL) {
		fprintf(file, "!mig_type_is_right(%s%sType)", from, name);
	} else if (type->variable) {
		fprintf(file, "(%s%sType & ~MIG_TYPE_NUMBER_MASK) != MIG_TYPE(%s, %u, 0) ||\n\t    ", from, name,
		        received, type->bits);
		fprintf(file, "MIG_TYPE_NUMBER(%s%sType) > %u", from, name, type->number);
	} else {
		fprintf(file, "%s%sType != MIG_TYPE(%s, %u, %u)", from, name, received, type->bits, type->number);
	}
}

void write_type(const struct output *output, const struct argument *argument, const char *to, const char *count,
                const char *deallocate)
{
	const struct type *type = argument->type;
	const char *name = argument->name, *sent = name_sent(output, type);
	FILE *file = output->file;

	if (sent == NULL)
		sent = format_name("%s_type", name);
	if (!type->out_of_line) {
		if (type->variable)
			fprintf(file, "\t%s%sType = MIG_TYPE(%s, %u, %s);\n", to, name, sent, type->bits, count);
		else
			fprintf(file, "\t%s%sType = MIG_TYPE(%s, %u, %u);\n", to, name, sent, type->bits, type->number);
		return;
	}
	fprintf(file, "\t%s%sType = MIG_TYPE_OUT_OF_LINE%s;\n", to, name, deallocate);
	fprintf(file, "\t%s%sLong = MIG_TYPE_LONG(%s, %u);\n", to, name, sent, type->bits);
	if (type->number > 1)
		fprintf(file, "\t%s%sNumber = %s * %u;\n", to, name, count, type->number);
	else
		fprintf(file, "\t%s%sNumber = %s;\n", to, name, count);
}

void write_opening(const struct output *output, const struct interface *interface, const char *what)
{
	fprintf(output->file, "/* SPDX-License-Identifier: GPL-2.0-or-later */\n");
	fprintf(output->file, "/* %s of the interface %s, made by mig from %s. */\n", what, interface->name,
	        output->source);
}
