/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ordered accesses of instructions, as the "Operation" sections of the manual make them. */
#include <criterion/criterion.h>
#include "sim/arch/x86/decode.h"

static struct x86_cpu cpu_with_registers(bool big_stack)
{
	struct x86_cpu cpu = { .reg = { [EAX] = 0x10a, [ECX] = 0x2000, [EDX] = 0xffffffdf, [EBX] = 0x3000,
	                                [ESP] = 0x8000, [EBP] = 0x9000, [ESI] = 0x4000, [EDI] = 0x5000 } };
	cpu.seg[SS].rights = big_stack ? RIGHTS_BIG : 0;
	return cpu;
}

enum { R = 0, W = 1 };

struct row {
	const char *assembly;
	uint8_t bytes[8];
	unsigned count;
	struct { unsigned segment, offset, size, write; } access[9];
};

static const struct row rows[] = {
	{ "mov eax, [ecx]", { 0x8b, 0x01 }, 1, { { DS, 0x2000, 4, R } } },
	{ "mov [ecx], al", { 0x88, 0x01 }, 1, { { DS, 0x2000, 1, W } } },
	{ "add [ecx], eax", { 0x01, 0x01 }, 2, { { DS, 0x2000, 4, R }, { DS, 0x2000, 4, W } } },
	{ "xchg [ecx], eax", { 0x87, 0x01 }, 2, { { DS, 0x2000, 4, R }, { DS, 0x2000, 4, W } } },
	{ "cmpxchg8b [ecx]", { 0x0f, 0xc7, 0x09 }, 2, { { DS, 0x2000, 8, R }, { DS, 0x2000, 8, W } } },
	{ "lea eax, [ecx]", { 0x8d, 0x01 }, 0, { { 0 } } },
	{ "nop", { 0x90 }, 0, { { 0 } } },
	{ "xlat", { 0xd7 }, 1, { { DS, 0x300a, 1, R } } },
	{ "mov eax, gs:[0x44]", { 0x65, 0xa1, 0x44, 0, 0, 0 }, 1, { { GS, 0x44, 4, R } } },
	{ "mov ax, [bx+si]", { 0x67, 0x66, 0x8b, 0x00 }, 1, { { DS, 0x7000, 2, R } } },
	{ "mov eax, [si-0x4001], wraps", { 0x67, 0x8b, 0x84, 0xff, 0xbf }, 1, { { DS, 0xffff, 4, R } } },

	{ "push eax", { 0x50 }, 1, { { SS, 0x7ffc, 4, W } } },
	{ "push ax", { 0x66, 0x50 }, 1, { { SS, 0x7ffe, 2, W } } },
	{ "push [ecx]", { 0xff, 0x31 }, 2, { { DS, 0x2000, 4, R }, { SS, 0x7ffc, 4, W } } },
	{ "push [esp]", { 0xff, 0x34, 0x24 }, 2, { { SS, 0x8000, 4, R }, { SS, 0x7ffc, 4, W } } },
	{ "pop [ecx]", { 0x8f, 0x01 }, 2, { { SS, 0x8000, 4, R }, { DS, 0x2000, 4, W } } },
	{ "pop [esp+4], after the pop", { 0x8f, 0x44, 0x24, 0x04 }, 2, { { SS, 0x8000, 4, R }, { SS, 0x8008, 4, W } } },
	{ "call near", { 0xe8, 0, 0, 0, 0 }, 1, { { SS, 0x7ffc, 4, W } } },
	{ "call [ecx]", { 0xff, 0x11 }, 2, { { DS, 0x2000, 4, R }, { SS, 0x7ffc, 4, W } } },
	{ "jmp [ecx]", { 0xff, 0x21 }, 1, { { DS, 0x2000, 4, R } } },
	{ "ret", { 0xc3 }, 1, { { SS, 0x8000, 4, R } } },
	{ "ret 8", { 0xc2, 8, 0 }, 1, { { SS, 0x8000, 4, R } } },
	{ "leave", { 0xc9 }, 1, { { SS, 0x9000, 4, R } } },
	{ "pusha", { 0x60 }, 8,
	  { { SS, 0x7ffc, 4, W }, { SS, 0x7ff8, 4, W }, { SS, 0x7ff4, 4, W }, { SS, 0x7ff0, 4, W },
	  { SS, 0x7fec, 4, W }, { SS, 0x7fe8, 4, W }, { SS, 0x7fe4, 4, W }, { SS, 0x7fe0, 4, W } } },
	{ "popa", { 0x61 }, 8, { { SS, 0x8000, 4, R }, { SS, 0x8004, 4, R }, { SS, 0x8008, 4, R }, { SS, 0x800c, 4, R },
	  { SS, 0x8010, 4, R }, { SS, 0x8014, 4, R }, { SS, 0x8018, 4, R }, { SS, 0x801c, 4, R } } },
	{ "enter 16, 0", { 0xc8, 16, 0, 0 }, 1, { { SS, 0x7ffc, 4, W } } },
	{ "enter 16, 1", { 0xc8, 16, 0, 1 }, 2, { { SS, 0x7ffc, 4, W }, { SS, 0x7ff8, 4, W } } },
	{ "enter 16, 3", { 0xc8, 16, 0, 3 }, 6, { { SS, 0x7ffc, 4, W }, { SS, 0x8ffc, 4, R }, { SS, 0x7ff8, 4, W },
	  { SS, 0x8ff8, 4, R }, { SS, 0x7ff4, 4, W }, { SS, 0x7ff0, 4, W } } },

	{ "bound eax, [ecx]", { 0x62, 0x01 }, 2, { { DS, 0x2000, 4, R }, { DS, 0x2004, 4, R } } },
	{ "cmpsd", { 0xa7 }, 2, { { DS, 0x4000, 4, R }, { ES, 0x5000, 4, R } } },
	{ "cmpsb fs:", { 0x64, 0xa6 }, 2, { { FS, 0x4000, 1, R }, { ES, 0x5000, 1, R } } },
	{ "scasw", { 0x66, 0xaf }, 1, { { ES, 0x5000, 2, R } } },
	{ "bt [ecx], eax: bit 0x10a, 8 operands up", { 0x0f, 0xa3, 0x01 }, 1, { { DS, 0x2020, 4, R } } },
	{ "bts [ecx], edx: bit -33, 2 operands down", { 0x0f, 0xab, 0x11 }, 2,
	  { { DS, 0x1ff8, 4, R }, { DS, 0x1ff8, 4, W } } },
	{ "bt [ecx], dx: bit -33, 3 operands down", { 0x66, 0x0f, 0xa3, 0x11 }, 1, { { DS, 0x1ffa, 2, R } } },
	{ "bt [ecx], 40: within the operand", { 0x0f, 0xba, 0x21, 40 }, 1, { { DS, 0x2000, 4, R } } },
	{ "rep movsd: not the engine's", { 0xf3, 0xa5 }, 0, { { 0 } } },
};

static void check(const struct row *row)
{
	struct x86_instruction insn;
	struct x86_access got[X86_MAX_ACCESSES];
	struct x86_cpu cpu = cpu_with_registers(true);
	cr_assert_neq(x86_decode(row->bytes, 8, true, 5, &insn), 0);
	unsigned count = x86_accesses(&insn, &cpu, got);
	cr_expect_eq(count, row->count, "%s: %u accesses", row->assembly, count);
	for (unsigned i = 0; i < row->count && i < count; i++) {
		cr_expect_eq(got[i].segment, row->access[i].segment, "%s, access %u", row->assembly, i);
		cr_expect_eq(got[i].offset, row->access[i].offset, "%s, access %u: at %x", row->assembly, i,
		             got[i].offset);
		cr_expect_eq(got[i].size, row->access[i].size, "%s, access %u", row->assembly, i);
		cr_expect_eq(got[i].write, row->access[i].write, "%s, access %u", row->assembly, i);
	}
}

Test(accesses, come_as_the_manual_orders_them)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		check(&rows[i]);
}

Test(accesses, of_enter_with_all_levels_fit)
{
	static const uint8_t enter[] = { 0xc8, 0, 0, 31 };
	struct x86_instruction insn;
	struct x86_access got[X86_MAX_ACCESSES];
	struct x86_cpu cpu = cpu_with_registers(true);
	x86_decode(enter, 4, true, 3, &insn);
	cr_expect_eq(x86_accesses(&insn, &cpu, got), 62);
	cr_expect_eq(got[61].offset, 0x8000 - 4 * 32);
}

Test(accesses, wrap_at_64_kib_on_a_small_stack)
{
	static const uint8_t push[] = { 0x50 };
	struct x86_instruction insn;
	struct x86_access got[X86_MAX_ACCESSES];
	struct x86_cpu cpu = cpu_with_registers(false);
	cpu.reg[ESP] = 0x12340002;
	x86_decode(push, 1, true, 3, &insn);
	cr_assert_eq(x86_accesses(&insn, &cpu, got), 1);
	cr_expect_eq(got[0].offset, 0xfffe);
}
