/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What programs usually do: hash tables, lists, sorting, text, and a call of the
 * kernel every 4,600 instructions (6,000 calls a second of a 486 at 50 MHz).  All of it fits into the TLB.
 */
#include "scenarios/programs/speed/speed.h"

enum { TABLE = 2048, NODES = 504 /* with the seed, a page */, NUMBERS = 1024, TEXT = 2048 };
enum { TALKS = 4 /* a round, of four calls each */ };

struct node {
	struct node *next;
	uint32_t key;
};

static uint32_t table[TABLE], number[NUMBERS];
static struct node node[NODES];
static char text[TEXT], other[TEXT];
static uint32_t seed = 12345;

static uint32_t next_random(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed;
}

/* --- the kernel is called --- */

static uint32_t talk(uint32_t round)
{
	uint32_t message[MESSAGE_WORDS], answer[MESSAGE_WORDS], sum = 0;

	for (unsigned i = 0; i < MESSAGE_WORDS; i++)
		message[i] = round + i;
	sum += speed_call(SPEED_SEND, round, (uint32_t)(uintptr_t)message);
	sum += speed_call(SPEED_LOOKUP, round % 50 + 1, 0);
	sum += speed_call(SPEED_YIELD, 0, 0);
	if (speed_call(SPEED_RECEIVE, round, (uint32_t)(uintptr_t)answer))
		sum += answer[round % MESSAGE_WORDS];
	return sum;
}

/* --- a hash table: half full, linear probing --- */

static uint32_t hash_round(void)
{
	uint32_t found = 0;

	for (unsigned i = 0; i < TABLE; i++)
		table[i] = 0;
	for (unsigned i = 0; i < TABLE / 2; i++) {
		uint32_t key = next_random() | 1, at = key * 2654435761u >> 21;

		while (table[at] != 0 && table[at] != key)
			at = (at + 1) % TABLE;
		found += at;
		table[at] = key;
	}
	return found;
}

/* --- a list: built, sorted by merging, summed up --- */

static struct node *merge(struct node *a, struct node *b)
{
	struct node *first, **end = &first;

	while (a != NULL && b != NULL) {
		struct node **least = a->key <= b->key ? &a : &b;

		*end = *least;
		end = &(*least)->next;
		*least = *end;
	}
	*end = a != NULL ? a : b;
	return first;
}

static struct node *sort_list(struct node *list, unsigned length)
{
	struct node *middle = list, *second;

	if (length < 2)
		return list;
	for (unsigned i = 1; i < length / 2; i++)
		middle = middle->next;
	second = middle->next;
	middle->next = NULL;
	return merge(sort_list(list, length / 2), sort_list(second, length - length / 2));
}

static uint32_t list_round(void)
{
	struct node *list = NULL;
	uint32_t sum = 0, place = 0;

	for (unsigned i = 0; i < NODES; i++) {
		node[i] = (struct node){ list, next_random() >> 8 };
		list = &node[i];
	}
	for (list = sort_list(list, NODES); list != NULL; list = list->next)
		sum += list->key * ++place;
	return sum;
}

/* --- an array: quicksort, the small parts by insertion --- */

static void sort_numbers(uint32_t *first, uint32_t *last)
{
	while (last - first > 8) {
		uint32_t pivot = first[(last - first) / 2], *i = first, *j = last;

		while (i <= j) {
			while (*i < pivot)
				i++;
			while (*j > pivot)
				j--;
			if (i <= j) {
				uint32_t held = *i;

				*i++ = *j;
				*j-- = held;
			}
		}
		sort_numbers(first, j);
		first = i;
	}
	for (uint32_t *i = first + 1; i <= last; i++) {
		uint32_t held = *i, *j = i;

		for (; j > first && j[-1] > held; j--)
			*j = j[-1];
		*j = held;
	}
}

static uint32_t sort_round(void)
{
	uint32_t sum = 0;

	for (unsigned i = 0; i < NUMBERS; i++)
		number[i] = next_random();
	sort_numbers(number, number + NUMBERS - 1);
	for (unsigned i = 0; i < NUMBERS; i++)
		sum += number[i] * i;
	return sum;
}

/* --- text: words made, copied, turned round, counted --- */

static uint32_t text_round(void)
{
	uint32_t words = 0, same = 0;

	for (unsigned i = 0; i < TEXT - 1; i++) {
		uint32_t random = next_random();

		text[i] = random % 6 == 0 ? ' ' : (char)('a' + random / 8 % 26);
	}
	for (unsigned i = 0; i < TEXT - 1; i++)
		other[i] = text[TEXT - 2 - i];
	for (unsigned i = 1; i < TEXT - 1; i++) {
		words += text[i] != ' ' && text[i - 1] == ' ';
		same += text[i] == other[i];
	}
	return words * 1000 + same;
}

uint32_t work_usual(uint32_t count)
{
	static uint32_t (*const round_of[])(void) = { hash_round, list_round, sort_round, text_round };
	uint32_t sum = 0;

	for (uint32_t round = 0; round < count; round++) {
		sum = sum * 31 + round_of[round % 4]();
		for (unsigned i = 0; i < TALKS; i++)
			sum = sum * 31 + talk(round * TALKS + i);
	}
	return sum;
}
