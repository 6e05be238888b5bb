/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text that nodes and diagnostics point into, kept as long as one of them lives. */
#include "sim/yaml/tree.h"
#include <stdlib.h>
#include <string.h>

struct yaml_document *document_new(const char *name, const char *text, size_t size)
{
	struct yaml_document *document = calloc(1, sizeof(*document));

	if (!document)
		return NULL;
	document->references = 1;
	document->name = strdup(name);
	document->text = malloc(size + 1);
	document->size = size;
	if (!document->name || !document->text) {
		document_release(document);
		return NULL;
	}
	if (size)
		memcpy(document->text, text, size);
	document->text[size] = '\0';
	const char *slash = strrchr(document->name, '/');
	document->origin = slash ? slash + 1 : document->name;
	return document;
}

void document_release(struct yaml_document *document)
{
	if (!document || --document->references)
		return;
	free(document->name);
	free(document->text);
	free(document);
}

char *document_line(const struct yaml_document *document, int line)
{
	const char *at = document->text, *end = document->text + document->size;

	for (int n = 1; n < line && at < end; n++) {
		const char *feed = memchr(at, '\n', (size_t)(end - at));
		at = feed ? feed + 1 : end;
	}
	const char *feed = memchr(at, '\n', (size_t)(end - at));
	size_t length = (size_t)((feed ? feed : end) - at);
	if (length && at[length - 1] == '\r')
		length--;
	return strndup(at, length);
}
