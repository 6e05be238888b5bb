/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The elementary types of messages: bits of an element, and what the receiver of a right sees of a disposition.
 */
#include <string.h>

#include "generator.h"

static const struct {
	const char *name, *received;    /* received NULL: the same */
	unsigned bits;
	bool port;
	const char *c_type;
} message_types[] = {
	{ "BOOLEAN", NULL, 32, false, "natural_t" },
	{ "INTEGER_8", NULL, 8, false, "char" },
	{ "INTEGER_16", NULL, 16, false, "int16_t" },
	{ "INTEGER_32", NULL, 32, false, "integer_t" },
	{ "CHAR", NULL, 8, false, "char" },
	{ "BYTE", NULL, 8, false, "char" },
	{ "STRING_C", NULL, 8, false, "char" },
	{ "PORT_NAME", NULL, 32, false, "mach_port_t" },
	{ "MOVE_RECEIVE", "MACH_MSG_TYPE_PORT_RECEIVE", 32, true, "mach_port_t" },
	{ "MOVE_SEND", "MACH_MSG_TYPE_PORT_SEND", 32, true, "mach_port_t" },
	{ "COPY_SEND", "MACH_MSG_TYPE_PORT_SEND", 32, true, "mach_port_t" },
	{ "MAKE_SEND", "MACH_MSG_TYPE_PORT_SEND", 32, true, "mach_port_t" },
	{ "MOVE_SEND_ONCE", "MACH_MSG_TYPE_PORT_SEND_ONCE", 32, true, "mach_port_t" },
	{ "MAKE_SEND_ONCE", "MACH_MSG_TYPE_PORT_SEND_ONCE", 32, true, "mach_port_t" },
	{ "PORT_RECEIVE", NULL, 32, true, "mach_port_t" },
	{ "PORT_SEND", NULL, 32, true, "mach_port_t" },
	{ "PORT_SEND_ONCE", NULL, 32, true, "mach_port_t" },
};

bool type_of_message_name(const char *message_name, struct type *type)
{
	static const char start[] = "MACH_MSG_TYPE_";
	const size_t length = sizeof(start) - 1;

	*type = (struct type){ .number = 1 };
	if (strcmp(message_name, "polymorphic") == 0) {
		type->bits = 32;
		type->port = true;
		type->c_type = "mach_port_t";
		return true;
	}
	if (strncmp(message_name, start, length) != 0)
		return false;
	for (size_t i = 0; i < sizeof(message_types) / sizeof(message_types[0]); i++) {
		if (strcmp(message_name + length, message_types[i].name) != 0)
			continue;
		type->out_name = message_name;
		type->in_name = message_types[i].received != NULL ? message_types[i].received : message_name;
		type->bits = message_types[i].bits;
		type->port = message_types[i].port;
		type->c_type = message_types[i].c_type;
		return true;
	}
	return false;
}

struct type *type_find(const struct interface *interface, const char *name)
{
	for (struct type *type = interface->types; type != NULL; type = type->next)
		if (strcmp(type->name, name) == 0)
			return type;
	return NULL;
}
