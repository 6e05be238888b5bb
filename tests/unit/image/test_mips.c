/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Images for MIPS: where they lie, what their probes say, which processors they are for; and what a loader hands over. */
#include <criterion/criterion.h>
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/image/image.h"

enum { A0 = 4, SP = 29, RA = 31, K1 = 27, V0 = 2, RAM = 8 << 20, KSEG0 = (int)0x80000000 };

static struct image fixture;
static struct muk_error error;
static uint8_t ram[RAM];

static void open_fixture(void)
{
	cr_assert_eq(image_read_file(&fixture, getenv("MUK_FIXTURE"), &error), MUK_OK, "%s", error.text);
	memset(ram, 0xee, sizeof ram);
}

static void close_fixture(void)
{
	image_free(&fixture);
}

TestSuite(image_mips, .init = open_fixture, .fini = close_fixture);

static const struct image_probe *probe_named(const char *name)
{
	for (unsigned i = 0; i < fixture.probes; i++)
		if (strcmp(fixture.probe[i].name, name) == 0)
			return &fixture.probe[i];
	cr_assert_fail("no probe %s", name);
	return NULL;
}

/* --- where it lies --- */

Test(image_mips, what_is_linked_in_kseg0_lies_in_the_memory_that_it_shows)
{
	const struct image_symbol *second = image_symbol_named(&fixture, "second");
	paddr_t entry;

	cr_assert_eq(fixture.machine, IMAGE_MIPS);
	cr_assert_eq(fixture.segment[0].paddr, 0x100000);
	cr_assert_eq(fixture.segment[0].vaddr, 0x80100000u);
	cr_assert(image_physical(&fixture, fixture.entry, &entry));
	cr_assert_eq(image_symbol_named(&fixture, "_start")->address, entry);
	cr_assert_eq(image_symbol_at(&fixture, second->address + 4), second, "by its physical address");
}

Test(image_mips, labels_of_the_compiler_are_no_functions)
{
	for (unsigned i = 0; i < fixture.symbols; i++)
		cr_assert_neq(fixture.symbol[i].name[0], '$', "%s", fixture.symbol[i].name);
}

/* --- probes --- */

static uint32_t word_at(paddr_t address)
{
	uint32_t word;

	memcpy(&word, fixture.segment[0].data + (address - fixture.segment[0].paddr), 4);
	return word;
}

Test(image_mips, every_probe_is_at_a_no_op_that_is_in_no_slot)
{
	cr_assert_eq(fixture.probes, 6);
	for (unsigned i = 0; i < fixture.probes; i++) {
		uint32_t before = word_at(fixture.probe[i].address - 4) >> 26;

		cr_assert_eq(word_at(fixture.probe[i].address), 0, "%s", fixture.probe[i].name);
		cr_assert(before != 2 && before != 3 && (before < 4 || before > 7), "%s comes after a jump or branch",
		          fixture.probe[i].name);
	}
}

Test(image_mips, operands_are_those_of_its_assembler)
{
	const struct probe_argument *arg = probe_named("registers")->arg;
	cr_assert(arg[0].where == PROBE_REGISTER && arg[0].reg == A0);
	cr_assert(arg[1].reg == SP && arg[2].reg == RA && arg[3].reg == K1);
	cr_assert(arg[3].is_signed && arg[3].size == 2);
	arg = probe_named("constants")->arg;
	cr_assert(arg[0].where == PROBE_CONSTANT && arg[0].value == 5 && arg[1].value == -5);
	arg = probe_named("memory")->arg;
	cr_assert(arg[0].where == PROBE_MEMORY && arg[0].reg == SP && arg[0].value == 16 && arg[0].index == PROBE_NO_REGISTER);
	cr_assert(arg[1].reg == SP && arg[1].value == -4);
	cr_assert(arg[2].reg == 0 && arg[2].size == 1);
}

Test(image_mips, a_low_half_is_what_the_load_adds)
{
	const struct probe_argument *arg = probe_named("low")->arg;
	const struct image_segment *data = &fixture.segment[fixture.segments - 1];
	uint32_t upper[2];

	for (unsigned i = 0; i < 2; i++) {
		cr_assert(arg[i].where == PROBE_MEMORY && arg[i].reg == V0);
		cr_assert(arg[i].value >= -32768 && arg[i].value <= 32767);
		/* lui gives the half that, with this one added, is an address of the data */
		upper[i] = (data->vaddr + 0x8000) & 0xffff0000u;
		cr_assert_lt(upper[i] + (uint32_t)arg[i].value - data->vaddr, data->memory_size);
	}
}

Test(image_mips, what_the_compiler_leaves_is_in_registers_or_a_number)
{
	const struct image_probe *probe = probe_named("compiled");

	cr_assert_eq(probe->args, 4);
	cr_assert_str_eq(probe->arg_names, "i constant counter of_table");
	for (unsigned i = 0; i < probe->args; i++)
		cr_assert_neq(probe->arg[i].where, PROBE_MEMORY);
	cr_assert(probe->arg[1].where == PROBE_CONSTANT && probe->arg[1].value == 2);
}

/* --- which processor it is for --- */

static enum muk_err read_with_flags(struct image *image, uint32_t flags)
{
	Elf32_Ehdr header;
	uint8_t *bytes = malloc(fixture.size);

	memcpy(bytes, fixture.bytes, fixture.size);
	memcpy(&header, bytes, sizeof header);
	header.e_flags = flags;
	memcpy(bytes, &header, sizeof header);
	enum muk_err err = image_read(image, "changed.elf", bytes, fixture.size, &error);

	free(bytes);
	return err;
}

Test(image_mips, code_of_a_higher_level_is_for_higher_processors)
{
	static const uint32_t flags[] = { EF_MIPS_ARCH_1, EF_MIPS_ARCH_2, EF_MIPS_ARCH_3, EF_MIPS_ARCH_4 };
	char text[160];

	for (unsigned level = 0; level < 4; level++) {
		struct image image;

		cr_assert_eq(read_with_flags(&image, flags[level]), MUK_OK, "%s", error.text);
		for (unsigned isa = 1; isa <= 4; isa++)
			cr_assert_eq(image_misfit(&image, IMAGE_MIPS, isa, text, sizeof text) == NULL, level + 1 <= isa);
		cr_assert_not_null(image_misfit(&image, IMAGE_X86, 0, text, sizeof text));
		cr_assert(strstr(text, "it is for MIPS, and the model's processor is x86"), "%s", text);
		image_free(&image);
	}
	cr_assert_null(image_misfit(&fixture, IMAGE_MIPS, 1, text, sizeof text), "the fixture is for all");
}

Test(image_mips, what_no_processor_here_has_is_refused_with_a_sentence)
{
	static const struct {
		uint32_t flags;
		const char *said;
	} bad[] = {
		{ EF_MIPS_ARCH_32, "MIPS32 or MIPS64" },       { EF_MIPS_ARCH_64R2, "MIPS32 or MIPS64" },
		{ EF_MIPS_ABI2, "another ABI than o32" },      { EF_MIPS_ABI_ON32 | EF_MIPS_ARCH_3, "another ABI than o32" },
		{ 0x04000000, "MIPS16 or microMIPS" },         { 0x02000000, "MIPS16 or microMIPS" },
	};

	for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct image image;

		cr_assert_eq(read_with_flags(&image, bad[i].flags), MUK_ERR_INPUT);
		cr_assert(strstr(error.text, bad[i].said), "%s", error.text);
	}
}

Test(image_mips, every_truncation_is_refused_or_read_whole)
{
	for (size_t size = 0; size < fixture.size; size += size < 4096 ? 1 : 97) {
		struct image cut;

		if (image_read(&cut, "cut.elf", fixture.bytes, size, &error) == MUK_OK)
			image_free(&cut);
		else
			cr_assert(strstr(error.text, "cut.elf"), "at %zu: %s", size, error.text);
	}
}

/* --- the loader --- */

static uint32_t ram_word(uint32_t kseg0)
{
	uint32_t word;

	cr_assert_lt(kseg0 - (uint32_t)KSEG0, (uint32_t)RAM - 4, "%#x", kseg0);
	memcpy(&word, ram + (kseg0 - (uint32_t)KSEG0), 4);
	return word;
}

static const char *ram_text(uint32_t kseg0)
{
	cr_assert_lt(kseg0 - (uint32_t)KSEG0, (uint32_t)RAM, "%#x", kseg0);
	return (const char *)ram + (kseg0 - (uint32_t)KSEG0);
}

Test(image_mips, a_kernel_alone_gets_its_command_line_and_the_size_of_memory)
{
	struct malta_boot boot;

	cr_assert_eq(malta_load_kernel(ram, RAM, &fixture, "a b=1", NULL, 0, &boot, &error), MUK_OK, "%s", error.text);
	cr_assert(boot.entry == fixture.entry && boot.memory == RAM && boot.argc == 2);
	cr_assert_str_eq(ram_text(ram_word(boot.argv)), fixture.name);
	cr_assert_str_eq(ram_text(ram_word(boot.argv + 4)), "a b=1");
	cr_assert_eq(ram_word(boot.argv + 8), 0);
	cr_assert_str_eq(ram_text(ram_word(boot.envp)), "memsize");
	cr_assert_eq(strtoul(ram_text(ram_word(boot.envp + 4)), NULL, 10), RAM);
	cr_assert_eq(ram_word(boot.envp + 8), 0);
	cr_assert_eq(memcmp(ram + 0x100000, fixture.segment[0].data, fixture.segment[0].file_size), 0);
	const struct image_segment *data = &fixture.segment[fixture.segments - 1];
	cr_assert_eq(ram[data->paddr + data->memory_size - 1], 0, "bss is cleared");
}

/* A program as the kernel's modules are: linked for user mode, at its physical address. */
static void make_program(struct image *program, struct image_segment *segment)
{
	*program = fixture;
	*segment = fixture.segment[0];
	segment->paddr = segment->vaddr = 0x400000;
	program->segment = segment;
	program->segments = 1;
	program->entry = 0x400000;
}

Test(image_mips, modules_are_in_an_archive_that_the_command_line_names)
{
	struct image_segment segment;
	struct image program;
	struct malta_boot boot;
	unsigned start, size;
	int end = 0;

	make_program(&program, &segment);
	const struct boot_module module[2] = { { &program, "one x" }, { &program, "two" } };
	cr_assert_eq(malta_load_kernel(ram, RAM, &fixture, "a b=1", module, 2, &boot, &error), MUK_OK, "%s", error.text);
	const char *line = ram_text(ram_word(boot.argv + 4));
	cr_assert_eq(sscanf(line, "rd_start=0x%x rd_size=%u%n", &start, &size, &end), 2, "%s", line);
	cr_assert_str_eq(line + end, " a b=1");
	cr_assert(start % PAGE_SIZE == 0 && start - (uint32_t)KSEG0 >= 0x400000 + segment.memory_size);
	cr_assert_eq(ram_word(start), 0x4d4b554d);
	cr_assert_eq(ram_word(start + 4), 2);
	for (unsigned i = 0; i < 2; i++) {
		uint32_t entry = start + 8 + 256 * i, offset = ram_word(entry), bytes = ram_word(entry + 4);
		Elf32_Ehdr header;

		cr_assert(offset % PAGE_SIZE == 0 && offset + bytes <= size);
		cr_assert_str_eq(ram_text(entry + 8), module[i].command_line);
		memcpy(&header, ram + (start - (uint32_t)KSEG0) + offset, sizeof header);
		cr_assert_eq(memcmp(header.e_ident, ELFMAG, SELFMAG), 0);
		cr_assert(header.e_entry == fixture.entry && header.e_shnum == 0, "the file, as if stripped");
	}
}

Test(image_mips, what_cannot_be_loaded_is_said)
{
	char line[1100], words[300];
	struct image_segment segment;
	struct image program;
	struct malta_boot boot;

	make_program(&program, &segment);
	cr_assert_eq(malta_load_kernel(ram, RAM, &program, "", NULL, 0, &boot, &error), MUK_ERR_INPUT);
	cr_assert(strstr(error.text, "entry 0x400000 is not in kseg0 or kseg1"), "%s", error.text);
	program.entry = 0x80500000;
	cr_assert_eq(malta_load_kernel(ram, RAM, &program, "", NULL, 0, &boot, &error), MUK_ERR_INPUT);
	cr_assert(strstr(error.text, "lies outside all its segments"), "%s", error.text);
	cr_assert_eq(malta_load_kernel(ram, 1 << 20, &fixture, "", NULL, 0, &boot, &error), MUK_ERR_INPUT);
	cr_assert(strstr(error.text, "does not fit into the machine's memory of 1024 KiB"), "%s", error.text);
	const struct boot_module self = { &fixture, "self" };
	cr_assert_eq(malta_load_kernel(ram, RAM, &fixture, "", &self, 1, &boot, &error), MUK_ERR_INPUT);
	cr_assert(strstr(error.text, "overlapping"), "%s", error.text);
	memset(line, 'x', sizeof line);
	line[sizeof line - 1] = words[sizeof words - 1] = 0;
	cr_assert_eq(malta_load_kernel(ram, RAM, &fixture, line, NULL, 0, &boot, &error), MUK_ERR_INPUT);
	cr_assert(strstr(error.text, "too long"), "%s", error.text);
	memset(words, 'x', sizeof words - 1);
	const struct boot_module wordy = { &program, words };
	cr_assert_eq(malta_load_kernel(ram, RAM, &fixture, "", &wordy, 1, &boot, &error), MUK_ERR_INPUT);
	cr_assert(strstr(error.text, "longer than 247 bytes"), "%s", error.text);
}
