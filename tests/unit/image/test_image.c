/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Images: what is read of a good one, and that no bad one does harm. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/image/image.h"

static struct image fixture;
static struct muk_error error;

static void open_fixture(void)
{
	cr_assert_eq(image_read_file(&fixture, getenv("MUK_FIXTURE"), &error), MUK_OK, "%s", error.text);
}

static void close_fixture(void)
{
	image_free(&fixture);
}

static const struct image_probe *probe_named(const char *name)
{
	for (unsigned i = 0; i < fixture.probes; i++)
		if (strcmp(fixture.probe[i].name, name) == 0)
			return &fixture.probe[i];
	return NULL;
}

TestSuite(image, .init = open_fixture, .fini = close_fixture);

Test(image, should_find_the_function_that_covers_an_address)
{
	const struct image_symbol *second = image_symbol_named(&fixture, "second");

	cr_assert_not_null(second);
	cr_assert_eq(image_symbol_at(&fixture, second->address), second);
	cr_assert_eq(image_symbol_at(&fixture, second->address + second->size - 1), second);
	cr_assert_neq(image_symbol_at(&fixture, second->address + second->size), second);
	cr_assert_null(image_symbol_at(&fixture, 0x1000));
}

Test(image, should_list_functions_only_and_in_order)
{
	cr_assert_null(image_symbol_named(&fixture, "table"));
	for (unsigned i = 1; i < fixture.symbols; i++)
		cr_assert_lt(fixture.symbol[i - 1].address, fixture.symbol[i].address);
}

Test(image, should_find_every_probe_at_a_no_op_of_one_byte)
{
	cr_assert_eq(fixture.probes, 8);
	for (unsigned i = 0; i < fixture.probes; i++) {
		const struct image_segment *text = &fixture.segment[0];

		cr_assert_eq(text->data[fixture.probe[i].address - text->paddr], 0x90);
	}
	cr_assert_not_null(probe_named("work:begin"));
	cr_assert_not_null(probe_named("work:end"));
}

Test(image, should_understand_the_operands_of_probes)
{
	cr_assert_eq(probe_named("no_arguments")->args, 0);
	cr_assert_eq(probe_named("constant")->arg[0].where, PROBE_CONSTANT);
	cr_assert_eq(probe_named("constant")->arg[0].value, 5);
	cr_assert_eq(probe_named("four")->args, 4);
	cr_assert_eq(probe_named("four")->arg[1].value, 2);
	cr_assert_eq(probe_named("in_second")->args, 2);
}

Test(image, should_resolve_symbols_in_operands)
{
	const struct probe_argument *address = &probe_named("address")->arg[0];

	const struct probe_argument *indexed = &probe_named("four")->arg[3];

	cr_assert_eq(address->where, PROBE_CONSTANT);
	cr_assert_lt((paddr_t)address->value - fixture.segment[1].paddr, fixture.segment[1].memory_size);
	cr_assert_eq(indexed->where, PROBE_MEMORY);
	cr_assert_eq((paddr_t)indexed->value, fixture.segment[1].paddr, "table is the first of the data");
	cr_assert_eq(indexed->scale, 4);
	cr_assert_eq(indexed->reg, PROBE_NO_REGISTER, "no base");
}

Test(image, should_name_the_source_line_of_an_address)
{
	char text[128] = "";

	cr_assert(image_line_at(&fixture, image_symbol_named(&fixture, "second")->address, text, sizeof text));
	cr_assert(strstr(text, "fixture.c:"), "%s", text);
	cr_assert_not(image_line_at(&fixture, 0x1000, text, sizeof text));
}

Test(image, should_refuse_every_truncation_or_read_it_whole)
{
	for (size_t size = 0; size < fixture.size; size += size < 4096 ? 1 : 97) {
		struct image cut;

		memset(&error, 0, sizeof error);
		if (image_read(&cut, "cut.elf", fixture.bytes, size, &error) == MUK_OK)
			image_free(&cut);
		else
			cr_assert(strstr(error.text, "cut.elf"), "at %zu: %s", size, error.text);
	}
}

Test(image, should_survive_random_damage)
{
	uint8_t *bytes = malloc(fixture.size);
	uint32_t random = 12345;

	for (int round = 0; round < 3000; round++) {
		struct image bad;

		memcpy(bytes, fixture.bytes, fixture.size);
		for (int i = 0; i < 8; i++) {
			random = random * 1664525u + 1013904223u;
			size_t place = (random >> 8) % (i & 1 ? fixture.size : 256);

			random = random * 1664525u + 1013904223u;
			bytes[place] = (uint8_t)(random >> 16);
		}
		if (image_read(&bad, "bad.elf", bytes, fixture.size, &error) == MUK_OK) {
			char text[64];

			image_line_at(&bad, bad.segment[0].paddr, text, sizeof text);
			image_free(&bad);
		}
	}
	free(bytes);
}

Test(image, should_refuse_what_is_no_image_with_a_sentence)
{
	struct image bad;
	static const char text[256] = "This is a letter and no ELF file at all.";

	cr_assert_eq(image_read(&bad, "letter", text, sizeof text, &error), MUK_ERR_INPUT);
	cr_assert(strstr(error.text, "no ELF file"), "%s", error.text);
	cr_assert_eq(image_read_file(&bad, "/nonexistent/image", &error), MUK_ERR_INPUT);
	cr_assert_eq(image_read_file(&bad, "/", &error), MUK_ERR_INPUT);
}

static uint8_t ram[8 << 20];

Test(image, should_boot_as_a_multiboot_loader_does)
{
	struct boot_module module[2] = { { &fixture, "fixture one" }, { &fixture, "fixture two" } };
	struct multiboot_boot boot;
	uint32_t info[22], mods[8];

	memset(ram, 0xee, sizeof ram);
	fixture.bytes[0] = 0x7f;
	cr_assert_eq(multiboot_load(ram, sizeof ram, &fixture, "a b", module, 0, &boot, &error), MUK_OK, "%s", error.text);
	cr_assert_eq(boot.eax, 0x2badb002);
	cr_assert_eq(boot.entry, fixture.entry);
	memcpy(info, ram + boot.ebx, sizeof info);
	cr_assert_eq(info[5], 0);
	cr_assert_eq(info[2], (sizeof ram >> 10) - 1024);
	cr_assert(strstr((char *)ram + info[4], " a b"));
	cr_assert_eq(ram[fixture.segment[1].paddr], 1, "the data is loaded");
	cr_assert_eq(ram[fixture.segment[1].paddr + fixture.segment[1].memory_size - 1], 0, "bss is cleared");

	/* the same image twice as a module overlaps the kernel */
	cr_assert_eq(multiboot_load(ram, sizeof ram, &fixture, "", module, 2, &boot, &error), MUK_ERR_INPUT);
	cr_assert(strstr(error.text, "overlapping"), "%s", error.text);
	(void)mods;
}

Test(image, should_refuse_a_machine_that_is_too_small)
{
	struct multiboot_boot boot;

	cr_assert_eq(multiboot_load(ram, 1 << 20, &fixture, "", NULL, 0, &boot, &error), MUK_ERR_INPUT);
	cr_assert(strstr(error.text, "does not fit"), "%s", error.text);
}
