/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * x86_accesses against what Unicorn really does: random instructions with random registers, one at a time, their
 * memory accesses recorded by hooks and compared byte by byte.
 *
 * Where the two may differ, and why:
 *   - popa reads esp's place and throws it away; the engine does not read it
 *   - the engine reports a read that crosses a page once more, as the aligned words around it
 */
#include <criterion/criterion.h>
#include <string.h>
#include <unicorn/unicorn.h>
#include "sim/arch/x86/decode.h"

enum { CODE = 0x10000, MEMORY = 0x1000000, LOW = MEMORY + 0x200000, HIGH = MEMORY + 0xe00000, MEMORY_SIZE = 0x1000000 };
enum { RECORDS = 256, ROUNDS = 120000 };

struct record { uint32_t address, size; bool write; };
static struct record record[RECORDS];
static unsigned records;
static uint64_t state = 0x243f6a8885a308d3u;

static uint32_t random_word(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 16);
}

static void memory_hook(uc_engine *uc, uc_mem_type type, uint64_t address, int size, int64_t value, void *ctx)
{
	(void)uc, (void)value, (void)ctx;
	if (records < RECORDS)
		record[records++] = (struct record){ (uint32_t)address, (uint32_t)size, type == UC_MEM_WRITE };
}

static void interrupt_hook(uc_engine *uc, uint32_t number, void *ctx)
{
	(void)number, (void)ctx;
	uc_emu_stop(uc);
}

static uc_engine *open_engine(void)
{
	uc_engine *uc;
	uc_hook hook;
	cr_assert_eq(uc_open(UC_ARCH_X86, UC_MODE_32, &uc), UC_ERR_OK);
	uc_mem_map(uc, CODE, 0x1000, UC_PROT_ALL);
	uc_mem_map(uc, MEMORY, MEMORY_SIZE, UC_PROT_ALL);
	uc_hook_add(uc, &hook, UC_HOOK_MEM_READ | UC_HOOK_MEM_WRITE, (void *)memory_hook, NULL, 1, 0);
	uc_hook_add(uc, &hook, UC_HOOK_INTR, (void *)interrupt_hook, NULL, 1, 0);
	return uc;
}

static void random_bytes(uint8_t bytes[static X86_MAX_LENGTH])
{
	unsigned n = 0;
	if (random_word() % 6 == 0)
		bytes[n++] = 0x66;
	if (random_word() % 20 == 0)
		bytes[n++] = 0xf0;
	if (random_word() & 1)
		bytes[n++] = 0x0f;
	while (n < X86_MAX_LENGTH)
		bytes[n++] = (uint8_t)random_word();
}

static bool bit_offset_is_register(const struct x86_instruction *insn)
{
	return insn->opcode == 0x0fa3 || insn->opcode == 0x0fab || insn->opcode == 0x0fb3 || insn->opcode == 0x0fbb;
}

/* Registers with which all accesses are in memory; false if that cannot be had. */
static bool choose_registers(const struct x86_instruction *insn, struct x86_cpu *cpu)
{
	memset(cpu, 0, sizeof(*cpu));
	cpu->seg[SS].rights = RIGHTS_BIG;
	for (unsigned i = 0; i < 8; i++)
		cpu->reg[i] = MEMORY + 0x400000 + random_word() % 0x400000;
	if (!insn->has_memory)
		return true;
	if (insn->address_size == 2 || insn->base == NO_REGISTER)
		return false;
	if (insn->index != NO_REGISTER)
		cpu->reg[insn->index] = random_word() & 0xffff;
	if (bit_offset_is_register(insn))
		cpu->reg[insn->modrm >> 3 & 7] = random_word() % 0x80000;
	if (insn->base != insn->index && insn->base != ESP)
		cpu->reg[insn->base] = MEMORY + 0x800000 - (uint32_t)insn->displacement + random_word() % 0x1000;
	vaddr_t address = x86_effective_address(insn, cpu);
	return address > LOW && address < HIGH && cpu->reg[ESP] > LOW && cpu->reg[ESP] < HIGH &&
	       cpu->reg[EBP] > LOW && cpu->reg[EBP] < HIGH;
}

/* Executes it; false if it did not come to its end (a divide error, say). */
static bool execute(uc_engine *uc, const uint8_t *bytes, const struct x86_instruction *insn, struct x86_cpu *cpu)
{
	static const int name[8] = { UC_X86_REG_EAX, UC_X86_REG_ECX, UC_X86_REG_EDX, UC_X86_REG_EBX,
	                             UC_X86_REG_ESP, UC_X86_REG_EBP, UC_X86_REG_ESI, UC_X86_REG_EDI };
	uint8_t code[32];
	uint32_t flags = EFLAGS_ONE;
	memset(code, 0x90, sizeof(code));
	memcpy(code, bytes, insn->length);
	uc_mem_write(uc, CODE, code, sizeof(code));
	uc_ctl_remove_cache(uc, (uint64_t)CODE, (uint64_t)CODE + sizeof(code));
	for (unsigned i = 0; i < 8; i++)
		uc_reg_write(uc, name[i], &cpu->reg[i]);
	uc_reg_write(uc, UC_X86_REG_EFLAGS, &flags);
	records = 0;
	uc_err err = uc_emu_start(uc, CODE, CODE + insn->length, 0, 1);
	return err == UC_ERR_OK || err == UC_ERR_FETCH_UNMAPPED; /* a jump went somewhere */
}

/* The crossing read's repetition: aligned, and next to one that crosses a page. */
static bool is_repetition(unsigned i)
{
	for (unsigned back = 1; back <= 2 && back <= i; back++) {
		const struct record *before = &record[i - back];
		uint32_t end = (before->address | PAGE_MASK) + 1;
		if (!before->write && before->address + before->size > end && !record[i].write &&
		    (record[i].address == end || record[i].address == (before->address & ~(before->size - 1))))
			return true;
	}
	return false;
}

static bool ours_has(const struct x86_access *access, unsigned n, uint32_t address, bool write)
{
	for (unsigned i = 0; i < n; i++)
		if (access[i].write == write && address - access[i].offset < access[i].size)
			return true;
	return false;
}

static bool theirs_has(uint32_t address, bool write)
{
	for (unsigned i = 0; i < records; i++)
		if (record[i].write == write && address - record[i].address < record[i].size)
			return true;
	return false;
}

static bool agree(const struct x86_instruction *insn, const struct x86_access *access, unsigned n)
{
	for (unsigned i = 0; i < records; i++)
		for (uint32_t byte = 0; byte < record[i].size && !is_repetition(i); byte++)
			if (!ours_has(access, n, record[i].address + byte, record[i].write))
				return false;
	for (unsigned i = 0; i < n && insn->operation != OP_POPA; i++)
		for (uint32_t byte = 0; byte < access[i].size; byte++)
			if (!theirs_has(access[i].offset + byte, access[i].write))
				return false;
	return true;
}

static bool is_the_engines(const struct x86_instruction *insn)
{
	return !x86_operation_performed(insn->operation) && insn->operation != OP_INT && insn->operation != OP_INT3 &&
	       insn->operation != OP_INTO && !(insn->rep && (insn->operation == OP_CMPS || insn->operation == OP_SCAS));
}

Test(accesses, are_those_that_the_engine_makes)
{
	uc_engine *uc = open_engine();
	bool seen[512] = { false };
	unsigned kinds = 0, compared = 0;
	for (unsigned round = 0; round < ROUNDS; round++) {
		uint8_t bytes[X86_MAX_LENGTH];
		struct x86_instruction insn;
		struct x86_access access[X86_MAX_ACCESSES];
		struct x86_cpu cpu;
		random_bytes(bytes);
		if (!x86_decode(bytes, sizeof(bytes), true, 5, &insn) || !is_the_engines(&insn) ||
		    !choose_registers(&insn, &cpu))
			continue;
		unsigned n = x86_accesses(&insn, &cpu, access);
		if (!execute(uc, bytes, &insn, &cpu))
			continue;
		compared++;
		unsigned kind = (insn.opcode > 0xff) << 8 | (insn.opcode & 0xff);
		kinds += !seen[kind];
		seen[kind] = true;
		cr_expect(agree(&insn, access, n), "opcode %x modrm %02x, operands of %u", insn.opcode, insn.modrm,
		          insn.operand_size);
	}
	uc_close(uc);
	cr_expect_gt(compared, ROUNDS / 8, "%u compared", compared);
	cr_expect_gt(kinds, 230, "%u opcodes", kinds);
}
