/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * integer: what two processors need for the same work of integers (L95 §5.2: "based on SPECints, 1.4 486-cycles appear
 * to do as much work as one R2000-cycle").
 *
 * The SPEC programs cannot be carried along.  These are five of the same habits, small enough for any cache: sorting by
 * a comparison function (as eqntott does), covers of bit sets (espresso), lists (li), a dictionary's compression
 * (compress), and the words of a program text (gcc).
 *
 * Spans: sort, cover, list, compress, words; each at whose end the value sum is the same on every processor.
 * Argument: rounds=N (4).
 */
#include "pager/lib/l4/console.h"
#include "pager/lib/l4/program.h"

/* Numbers that every processor draws alike. */
static uint32_t draw_state;

static uint32_t draw(void)
{
	draw_state = draw_state * 1103515245u + 12345u;
	return draw_state >> 8;
}

/* --- sort --- */

enum { TERMS = 256, TERM_WORDS = 4 };
static uint16_t term[TERMS][TERM_WORDS];
static uint16_t *order[TERMS];

static int compare_terms(const uint16_t *a, const uint16_t *b)
{
	for (unsigned i = 0; i < TERM_WORDS; i++) {
		if (a[i] < b[i])
			return -1;
		if (a[i] > b[i])
			return 1;
	}
	return 0;
}

static void sort_range(uint16_t **from, uint16_t **to, int (*compare)(const uint16_t *, const uint16_t *))
{
	while (to - from > 1) {
		uint16_t *pivot = from[(to - from) / 2], **low = from, **high = to - 1;

		while (low <= high) {
			while (compare(*low, pivot) < 0)
				low++;
			while (compare(*high, pivot) > 0)
				high--;
			if (low <= high) {
				uint16_t *other = *low;

				*low++ = *high;
				*high-- = other;
			}
		}
		sort_range(from, high + 1, compare);
		from = low;
	}
}

static uint32_t sort(void)
{
	uint32_t sum = 0;

	for (unsigned i = 0; i < TERMS; i++) {
		for (unsigned k = 0; k < TERM_WORDS; k++)
			term[i][k] = (uint16_t)(draw() & 3); /* many are equal at first, as in a truth table */
		order[i] = term[i];
	}
	sort_range(order, order + TERMS, compare_terms);
	for (unsigned i = 0; i < TERMS; i++)
		sum = sum * 5 + order[i][0] + order[i][TERM_WORDS - 1];
	return sum;
}

/* --- cover --- */

enum { CUBES = 64, CUBE_WORDS = 4 };
static uint32_t cube[CUBES][CUBE_WORDS];

static bool cube_within(const uint32_t *inner, const uint32_t *outer)
{
	for (unsigned i = 0; i < CUBE_WORDS; i++)
		if (inner[i] & ~outer[i])
			return false;
	return true;
}

static unsigned bits_of(uint32_t word)
{
	unsigned n = 0;

	for (; word; word &= word - 1)
		n++;
	return n;
}

static uint32_t cover(void)
{
	uint32_t sum = 0;

	for (unsigned i = 0; i < CUBES; i++)
		for (unsigned k = 0; k < CUBE_WORDS; k++)
			cube[i][k] = i % 4 ? draw() | draw() << 9 : cube[i ? i - 1 : 0][k] & draw();
	for (unsigned i = 0; i < CUBES; i++)
		for (unsigned k = 0; k < CUBES; k++)
			if (i != k && cube_within(cube[i], cube[k]))
				sum += bits_of(cube[k][0] ^ cube[i][0]) + 1;
	return sum;
}

/* --- list --- */

struct cell { struct cell *next; uint32_t key, value; };
enum { CELLS = 256, KEYS = 32 };
static struct cell cells[CELLS];

static struct cell *reverse(struct cell *list)
{
	struct cell *reversed = NULL;

	while (list) {
		struct cell *next = list->next;

		list->next = reversed;
		reversed = list;
		list = next;
	}
	return reversed;
}

static uint32_t list(void)
{
	struct cell *all = NULL;
	uint32_t sum = 0;

	for (unsigned i = 0; i < CELLS; i++) {
		cells[i] = (struct cell){all, draw() % KEYS, i};
		all = &cells[i];
	}
	for (uint32_t key = 0; key < KEYS; key++) {
		all = reverse(all);
		for (struct cell *c = all; c; c = c->next)
			if (c->key == key) {
				sum = sum * 3 + c->value;
				break;
			}
	}
	return sum;
}

/* --- compress --- */

enum { INPUT = 2048, CODES = 1024 };
static struct { uint16_t prefix; uint8_t byte; bool used; } code[CODES];
static uint8_t input[INPUT];

static unsigned code_slot(uint32_t prefix, uint32_t byte)
{
	unsigned slot = (byte << 4 ^ prefix) % CODES;

	while (code[slot].used && (code[slot].prefix != prefix || code[slot].byte != byte))
		slot = slot ? slot - 1 : CODES - 1;
	return slot;
}

static uint32_t compress(void)
{
	uint32_t sum = 0, prefix, codes = 0;

	for (unsigned i = 0; i < CODES; i++)
		code[i].used = false;
	for (unsigned i = 0; i < INPUT; i++)
		input[i] = (uint8_t)("etaoinsr"[draw() & 7]);
	prefix = input[0];
	for (unsigned i = 1; i < INPUT; i++) {
		unsigned slot = code_slot(prefix, input[i]);

		if (code[slot].used) {
			prefix = 256 + slot;
			continue;
		}
		sum = sum * 7 + prefix;
		if (codes++ < CODES * 3 / 4) {
			code[slot].prefix = (uint16_t)prefix;
			code[slot].byte = input[i];
			code[slot].used = true;
		}
		prefix = input[i];
	}
	return sum + prefix;
}

/* --- words --- */

enum { BUCKETS = 64, NAMES = 128, NAME = 16 };
static struct name { struct name *next; char text[NAME]; uint32_t count; } name[NAMES];
static struct name *bucket[BUCKETS];
static const char source[] =
	"static struct cell *reverse(struct cell *list) { struct cell *reversed = NULL; while (list) { struct cell *next = "
	"list->next; list->next = reversed; reversed = list; list = next; } return reversed; } static unsigned code_slot("
	"uint32_t prefix, uint32_t byte) { unsigned slot = (byte << 4 ^ prefix) % 1024; while (code[slot].used && "
	"(code[slot].prefix != prefix || code[slot].byte != byte)) slot = slot ? slot - 1 : 1023; return slot; }";

static bool in_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool same_word(const char *text, const char *word, unsigned length)
{
	for (unsigned i = 0; i < length; i++)
		if (text[i] != word[i])
			return false;
	return !text[length];
}

static uint32_t note_word(const char *word, unsigned length, unsigned *names)
{
	uint32_t hash = 0;
	struct name *n;

	for (unsigned i = 0; i < length; i++)
		hash = hash * 31 + (uint8_t)word[i];
	for (n = bucket[hash % BUCKETS]; n; n = n->next)
		if (same_word(n->text, word, length))
			return ++n->count;
	n = &name[(*names)++];
	for (unsigned i = 0; i < length; i++)
		n->text[i] = word[i];
	n->text[length] = '\0';
	n->count = 1;
	n->next = bucket[hash % BUCKETS];
	bucket[hash % BUCKETS] = n;
	return 1;
}

static uint32_t words(void)
{
	uint32_t sum = 0;
	unsigned names = 0;

	for (unsigned i = 0; i < BUCKETS; i++)
		bucket[i] = NULL;
	for (const char *at = source; *at;) {
		const char *begin = at;

		while (in_word(*at))
			at++;
		if (at != begin)
			sum = sum * 3 + note_word(begin, (unsigned)(at - begin), &names);
		else
			at++;
	}
	return sum + names;
}

int program_main(void)
{
	uint32_t rounds = argument_number("rounds", 4), sum = 0;

	draw_state = 1;
	for (uint32_t i = 0; i < rounds; i++) {
		MUK_SPAN_BEGIN("sort");
		sum += sort();
		MUK_SPAN_END("sort");
		MUK_SPAN_BEGIN("cover");
		sum = sum * 3 + cover();
		MUK_SPAN_END("cover");
		MUK_SPAN_BEGIN("list");
		sum = sum * 3 + list();
		MUK_SPAN_END("list");
		MUK_SPAN_BEGIN("compress");
		sum = sum * 3 + compress();
		MUK_SPAN_END("compress");
		MUK_SPAN_BEGIN("words");
		sum = sum * 3 + words();
		MUK_SPAN_END("words");
	}
	MUK_VALUE("sum", sum);
	if (console_open())
		print("integer: sum %x\n", (unsigned)sum);
	return 0;
}
