/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decoding, by table: bytes -> what the manuals' opcode tables say of them.
 * The bytes were written from the encoding tables; the assembly stands beside.
 */
#include <criterion/criterion.h>
#include "sim/arch/x86/decode.h"

enum { NO = NO_REGISTER };

struct vector {
	const char *assembly;
	uint8_t bytes[16];
	unsigned length;
	enum x86_operation operation;
	unsigned size;                     /* of the operand */
	bool small;                        /* a 16-bit code segment */
	/* the memory operand; bytes 0: none */
	unsigned bytes_accessed;
	bool reads, writes;
	enum x86_segment segment;
	unsigned base, index, scale;
	int32_t displacement;
	/* the rest */
	int stack;
	uint32_t immediate;
	unsigned immediate2;
};

#define MEM(bytes_, r_, w_, segment_, base_, index_, scale_, disp_) \
	.bytes_accessed = (bytes_), .reads = (r_), .writes = (w_), .segment = (segment_), .base = (base_), \
	.index = (index_), .scale = (scale_), .displacement = (disp_)

static const struct vector vectors[] = {
	{ "add [eax], al", { 0x00, 0x00 }, 2, OP_ORDINARY, 1, MEM(1, 1, 1, DS, EAX, NO, 1, 0) },
	{ "add eax, [ebp+8]", { 0x03, 0x45, 0x08 }, 3, OP_ORDINARY, 4, MEM(4, 1, 0, SS, EBP, NO, 1, 8) },
	{ "cmp [esp+edi*4-128], ecx", { 0x39, 0x4c, 0xbc, 0x80 }, 4, OP_ORDINARY, 4,
	  MEM(4, 1, 0, SS, ESP, EDI, 4, -128) },
	{ "mov [ebx*8+0x12345678], edx", { 0x89, 0x14, 0xdd, 0x78, 0x56, 0x34, 0x12 }, 7, OP_ORDINARY, 4,
	  MEM(4, 0, 1, DS, NO, EBX, 8, 0x12345678) },
	{ "mov eax, [0x1000]", { 0x8b, 0x05, 0x00, 0x10, 0x00, 0x00 }, 6, OP_ORDINARY, 4,
	  MEM(4, 1, 0, DS, NO, NO, 1, 0x1000) },
	{ "mov eax, fs:[0x1000]", { 0x64, 0xa1, 0x00, 0x10, 0x00, 0x00 }, 6, OP_ORDINARY, 4,
	  MEM(4, 1, 0, FS, NO, NO, 1, 0x1000) },
	{ "mov [0x10], al", { 0xa2, 0x10, 0x00, 0x00, 0x00 }, 5, OP_ORDINARY, 1, MEM(1, 0, 1, DS, NO, NO, 1, 0x10) },
	{ "mov ds:[ebp], ax", { 0x3e, 0x66, 0x89, 0x45, 0x00 }, 5, OP_ORDINARY, 2, MEM(2, 0, 1, DS, EBP, NO, 1, 0) },
	{ "mov [bp+si+2], ax (16)", { 0x89, 0x42, 0x02 }, 3, OP_ORDINARY, 2, .small = true,
	  MEM(2, 0, 1, SS, EBP, ESI, 1, 2) },
	{ "mov eax, [0x1234] (16)", { 0x66, 0xa1, 0x34, 0x12 }, 4, OP_ORDINARY, 4, .small = true,
	  MEM(4, 1, 0, DS, NO, NO, 1, 0x1234) },
	{ "inc word [di-1] (32)", { 0x66, 0x67, 0xff, 0x45, 0xff }, 5, OP_ORDINARY, 2,
	  MEM(2, 1, 1, DS, EDI, NO, 1, -1) },
	{ "lea eax, [eax+eax*2]", { 0x8d, 0x04, 0x40 }, 3, OP_ORDINARY, 4, MEM(0, 0, 0, DS, EAX, EAX, 2, 0) },
	{ "mov byte [ecx], 0x80", { 0xc6, 0x01, 0x80 }, 3, OP_ORDINARY, 1, MEM(1, 0, 1, DS, ECX, NO, 1, 0),
	  .immediate = 0xffffff80 },
	{ "mov dword [ecx], 5", { 0xc7, 0x01, 5, 0, 0, 0 }, 6, OP_ORDINARY, 4, MEM(4, 0, 1, DS, ECX, NO, 1, 0),
	  .immediate = 5 },
	{ "test byte [ecx], 1", { 0xf6, 0x01, 0x01 }, 3, OP_ORDINARY, 1, MEM(1, 1, 0, DS, ECX, NO, 1, 0),
	  .immediate = 1 },
	{ "not byte [ecx]", { 0xf6, 0x11 }, 2, OP_ORDINARY, 1, MEM(1, 1, 1, DS, ECX, NO, 1, 0) },
	{ "shl byte [ecx], 3", { 0xc0, 0x21, 0x03 }, 3, OP_ORDINARY, 1, MEM(1, 1, 1, DS, ECX, NO, 1, 0),
	  .immediate = 3 },
	{ "movzx eax, byte [ecx]", { 0x0f, 0xb6, 0x01 }, 3, OP_ORDINARY, 4, MEM(1, 1, 0, DS, ECX, NO, 1, 0) },
	{ "movsx eax, word [ecx]", { 0x0f, 0xbf, 0x01 }, 3, OP_ORDINARY, 4, MEM(2, 1, 0, DS, ECX, NO, 1, 0) },
	{ "sete [ecx]", { 0x0f, 0x94, 0x01 }, 3, OP_ORDINARY, 1, MEM(1, 0, 1, DS, ECX, NO, 1, 0) },
	{ "lock cmpxchg [ecx], edx", { 0xf0, 0x0f, 0xb1, 0x11 }, 4, OP_ORDINARY, 4, MEM(4, 1, 1, DS, ECX, NO, 1, 0) },
	{ "cmpxchg8b [ecx]", { 0x0f, 0xc7, 0x09 }, 3, OP_ORDINARY, 4, MEM(8, 1, 1, DS, ECX, NO, 1, 0) },
	{ "bts [ecx], edx", { 0x0f, 0xab, 0x11 }, 3, OP_ORDINARY, 4, MEM(4, 1, 1, DS, ECX, NO, 1, 0) },
	{ "bt dword [ecx], 7", { 0x0f, 0xba, 0x21, 7 }, 4, OP_ORDINARY, 4, MEM(4, 1, 0, DS, ECX, NO, 1, 0),
	  .immediate = 7 },
	{ "xlat", { 0xd7 }, 1, OP_ORDINARY, 1, MEM(1, 1, 0, DS, EBX, NO, 1, 0) },
	{ "bound eax, [ecx]", { 0x62, 0x01 }, 2, OP_BOUND, 4, MEM(8, 1, 0, DS, ECX, NO, 1, 0) },
	{ "div dword [ecx]", { 0xf7, 0x31 }, 2, OP_DIVIDE, 4, MEM(4, 1, 0, DS, ECX, NO, 1, 0) },
	{ "aam 10", { 0xd4, 10 }, 2, OP_DIVIDE, 1, .immediate = 10 },

	{ "push eax", { 0x50 }, 1, OP_ORDINARY, 4, .stack = 4 },
	{ "push ax", { 0x66, 0x50 }, 2, OP_ORDINARY, 2, .stack = 2 },
	{ "push -1", { 0x6a, 0xff }, 2, OP_ORDINARY, 4, .stack = 4, .immediate = 0xffffffff },
	{ "push dword [ecx]", { 0xff, 0x31 }, 2, OP_ORDINARY, 4, .stack = 4, MEM(4, 1, 0, DS, ECX, NO, 1, 0) },
	{ "pop dword [ecx]", { 0x8f, 0x01 }, 2, OP_ORDINARY, 4, .stack = -4, MEM(4, 0, 1, DS, ECX, NO, 1, 0) },
	{ "pusha", { 0x60 }, 1, OP_PUSHA, 4, .stack = 32 },
	{ "popa (16)", { 0x61 }, 1, OP_POPA, 2, .small = true, .stack = -16 },
	{ "enter 0x20, 2", { 0xc8, 0x20, 0x00, 0x02 }, 4, OP_ENTER, 4, .stack = 4, .immediate = 0x20, .immediate2 = 2 },
	{ "leave", { 0xc9 }, 1, OP_ORDINARY, 4, .stack = -4 },

	{ "jmp $", { 0xeb, 0xfe }, 2, OP_JMP, 4, .immediate = 0xfffffffe },
	{ "je near", { 0x0f, 0x84, 0x00, 0x01, 0x00, 0x00 }, 6, OP_JCC, 4, .immediate = 0x100 },
	{ "je near (16)", { 0x0f, 0x84, 0x00, 0x80 }, 4, OP_JCC, 2, .small = true, .immediate = 0xffff8000 },
	{ "call near", { 0xe8, 0xfb, 0xff, 0xff, 0xff }, 5, OP_CALL, 4, .stack = 4, .immediate = 0xfffffffb },
	{ "call [ecx]", { 0xff, 0x11 }, 2, OP_CALL, 4, .stack = 4, MEM(4, 1, 0, DS, ECX, NO, 1, 0) },
	{ "ret 0xfffc", { 0xc2, 0xfc, 0xff }, 3, OP_RET, 4, .stack = -4, .immediate = 0xfffc },
	{ "loop", { 0xe2, 0x10 }, 2, OP_LOOP, 4, .immediate = 0x10 },
	{ "int 0x80", { 0xcd, 0x80 }, 2, OP_INT, 4, .immediate = 0x80 },
	{ "int3", { 0xcc }, 1, OP_INT3, 4, .stack = 0 },
	{ "into", { 0xce }, 1, OP_INTO, 4, .stack = 0 },
	{ "jmp 0x8:0x12345678", { 0xea, 0x78, 0x56, 0x34, 0x12, 0x08, 0x00 }, 7, OP_JMP_FAR, 4, .immediate = 0x12345678,
	  .immediate2 = 8 },
	{ "call 0x8:0x1234 (16)", { 0x9a, 0x34, 0x12, 0x08, 0x00 }, 5, OP_CALL_FAR, 2, .small = true, .stack = 4,
	  .immediate = 0x1234, .immediate2 = 8 },
	{ "jmp far [ecx]", { 0xff, 0x29 }, 2, OP_JMP_FAR_M, 4, MEM(6, 1, 0, DS, ECX, NO, 1, 0) },
	{ "retf", { 0xcb }, 1, OP_RET_FAR, 4, .stack = -8 },
	{ "iret", { 0xcf }, 1, OP_IRET, 4, .stack = -12 },

	{ "rep movsd", { 0xf3, 0xa5 }, 2, OP_MOVS, 4, .stack = 0 },
	{ "repne scasb", { 0xf2, 0xae }, 2, OP_SCAS, 1, .stack = 0 },
	{ "in al, dx", { 0xec }, 1, OP_IN, 1, .stack = 0 },
	{ "out 0xf8, eax", { 0xe7, 0xf8 }, 2, OP_OUT, 4, .immediate = 0xf8 },

	{ "mov ds, ax", { 0x8e, 0xd8 }, 2, OP_MOV_SREG, 4, .stack = 0 },
	{ "mov ss, [ecx]", { 0x8e, 0x11 }, 2, OP_MOV_SREG, 4, MEM(2, 1, 0, DS, ECX, NO, 1, 0) },
	{ "mov [ecx], gs", { 0x8c, 0x29 }, 2, OP_MOV_FROM_SREG, 4, MEM(2, 0, 1, DS, ECX, NO, 1, 0) },
	{ "lss esp, [ecx]", { 0x0f, 0xb2, 0x21 }, 3, OP_LOAD_FAR_POINTER, 4, MEM(6, 1, 0, DS, ECX, NO, 1, 0) },
	{ "lds cx, [ecx]", { 0x66, 0xc5, 0x09 }, 3, OP_LOAD_FAR_POINTER, 2, MEM(4, 1, 0, DS, ECX, NO, 1, 0) },
	{ "push cs", { 0x0e }, 1, OP_PUSH_SREG, 4, .stack = 4 },
	{ "pop gs", { 0x0f, 0xa9 }, 2, OP_POP_SREG, 4, .stack = -4 },
	{ "lgdt [ecx]", { 0x0f, 0x01, 0x11 }, 3, OP_LGDT, 4, MEM(6, 1, 0, DS, ECX, NO, 1, 0) },
	{ "sidt [ecx]", { 0x0f, 0x01, 0x09 }, 3, OP_SIDT, 4, MEM(6, 0, 1, DS, ECX, NO, 1, 0) },
	{ "ltr ax", { 0x0f, 0x00, 0xd8 }, 3, OP_LTR, 4, .stack = 0 },
	{ "lldt [ecx]", { 0x0f, 0x00, 0x11 }, 3, OP_LLDT, 4, MEM(2, 1, 0, DS, ECX, NO, 1, 0) },
	{ "invlpg [ecx]", { 0x0f, 0x01, 0x39 }, 3, OP_INVLPG, 4, MEM(0, 0, 0, DS, ECX, NO, 1, 0) },
	{ "mov cr3, eax", { 0x0f, 0x22, 0xd8 }, 3, OP_MOV_TO_CR, 4, .stack = 0 },
	{ "mov cr0, eax, mod 0", { 0x0f, 0x22, 0x05 }, 3, OP_MOV_TO_CR, 4, .stack = 0 },
	{ "mov edx, dr7", { 0x0f, 0x21, 0xfa }, 3, OP_MOV_FROM_DR, 4, .stack = 0 },
	{ "fld [ecx]", { 0xd9, 0x01 }, 2, OP_ESC, 4, MEM(0, 0, 0, DS, ECX, NO, 1, 0) },
	{ "cli", { 0xfa }, 1, OP_CLI, 4, .stack = 0 },
	{ "hlt", { 0xf4 }, 1, OP_HLT, 4, .stack = 0 },
	{ "popf (66)", { 0x66, 0x9d }, 2, OP_POPF, 2, .stack = -2 },

	{ "ud2", { 0x0f, 0x0b }, 2, OP_UNDEFINED, 4, .stack = 0 },
	{ "mov cs, ax", { 0x8e, 0xc8 }, 2, OP_UNDEFINED, 4, .stack = 0 },
	{ "mov segment 6, ax", { 0x8e, 0xf0 }, 2, OP_UNDEFINED, 4, .stack = 0 },
	{ "lea eax, ecx", { 0x8d, 0xc1 }, 2, OP_UNDEFINED, 4, .stack = 0 },
	{ "lds eax, ecx", { 0xc5, 0xc1 }, 2, OP_UNDEFINED, 4, .stack = 0 },
	{ "bound eax, ecx", { 0x62, 0xc1 }, 2, OP_UNDEFINED, 4, .stack = 0 },
	{ "jmp far ecx", { 0xff, 0xe9 }, 2, OP_UNDEFINED, 4, .stack = 0 },
	{ "invlpg eax", { 0x0f, 0x01, 0xf8 }, 3, OP_UNDEFINED, 4, .stack = 0 },
	{ "mov cr1, eax", { 0x0f, 0x22, 0xc8 }, 3, OP_UNDEFINED, 4, .stack = 0 },
	{ "lock add eax, ecx", { 0xf0, 0x01, 0xc8 }, 3, OP_UNDEFINED, 4, .stack = 0 },
	{ "lock mov", { 0xf0, 0x8b, 0x01 }, 3, OP_UNDEFINED, 4, .stack = 0 },
	{ "lock add eax, [ecx]", { 0xf0, 0x03, 0x01 }, 3, OP_UNDEFINED, 4, .stack = 0 },
	{ "group 5, 7", { 0xff, 0x39 }, 2, OP_UNDEFINED, 4, .stack = 0 },
};

static void check(const struct vector *v, uint32_t family)
{
	struct x86_instruction got;
	unsigned length = x86_decode(v->bytes, sizeof(v->bytes), !v->small, family, &got);
	cr_expect_eq(length, v->length, "%s: length %u", v->assembly, length);
	cr_expect_eq(got.length, v->length, "%s", v->assembly);
	cr_expect_eq(got.operation, v->operation, "%s: is %s", v->assembly, x86_operation_name(got.operation));
	cr_expect_eq(got.operand_size, v->size, "%s: operand size %u", v->assembly, got.operand_size);
	cr_expect_eq(got.stack, v->stack, "%s: stack %d", v->assembly, got.stack);
	if (v->operation == OP_UNDEFINED)
		return;
	cr_expect_eq(got.immediate, v->immediate, "%s: immediate %x", v->assembly, got.immediate);
	cr_expect_eq(got.immediate2, v->immediate2, "%s: immediate2 %x", v->assembly, got.immediate2);
	cr_expect_eq(got.memory_size, v->bytes_accessed, "%s: accesses %u bytes", v->assembly, got.memory_size);
	cr_expect_eq(got.reads, v->reads, "%s: reads", v->assembly);
	cr_expect_eq(got.writes, v->writes, "%s: writes", v->assembly);
	if (!v->scale) {
		cr_expect_not(got.has_memory, "%s: has no memory operand", v->assembly);
		return;
	}
	cr_expect(got.has_memory, "%s: has a memory operand", v->assembly);
	cr_expect_eq(got.segment, v->segment, "%s: segment %u", v->assembly, got.segment);
	cr_expect_eq(got.base, v->base, "%s: base %u", v->assembly, got.base);
	cr_expect_eq(got.index, v->index, "%s: index %u", v->assembly, got.index);
	cr_expect_eq(got.scale, v->scale, "%s: scale %u", v->assembly, got.scale);
	cr_expect_eq(got.displacement, v->displacement, "%s: displacement %x", v->assembly, (unsigned)got.displacement);
}

Test(decode, says_of_each_vector_what_the_manual_says)
{
	for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++)
		check(&vectors[i], 5);
}

Test(decode, asks_for_more_bytes_at_every_proper_prefix_of_an_instruction)
{
	for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++)
		for (unsigned n = 0; n < vectors[i].length; n++) {
			struct x86_instruction got;
			cr_expect_eq(x86_decode(vectors[i].bytes, n, !vectors[i].small, 5, &got), 0, "%s cut to %u",
			             vectors[i].assembly, n);
		}
}

/* What each family added, and what the one before makes of it: #UD, with the length that the next gives it. */
Test(decode, knows_the_least_family_of_each_instruction)
{
	static const struct { uint8_t bytes[4]; unsigned length; uint32_t family; } added[] = {
		{ { 0x0f, 0xc8 }, 2, 4 },             /* bswap eax */
		{ { 0x0f, 0xb1, 0x11 }, 3, 4 },       /* cmpxchg [ecx], edx */
		{ { 0x0f, 0xc1, 0x11 }, 3, 4 },       /* xadd [ecx], edx */
		{ { 0x0f, 0x01, 0x39 }, 3, 4 },       /* invlpg [ecx] */
		{ { 0x0f, 0x08 }, 2, 4 },             /* invd */
		{ { 0x0f, 0x09 }, 2, 4 },             /* wbinvd */
		{ { 0x0f, 0xa2 }, 2, 5 },             /* cpuid */
		{ { 0x0f, 0x31 }, 2, 5 },             /* rdtsc */
		{ { 0x0f, 0x30 }, 2, 5 },             /* wrmsr */
		{ { 0x0f, 0x32 }, 2, 5 },             /* rdmsr */
		{ { 0x0f, 0xaa }, 2, 5 },             /* rsm */
		{ { 0x0f, 0xc7, 0x09 }, 3, 5 },       /* cmpxchg8b [ecx] */
		{ { 0x0f, 0x22, 0xe0 }, 3, 5 },       /* mov cr4, eax */
		{ { 0x0f, 0xa3, 0x11 }, 3, 3 },       /* bt [ecx], edx */
	};
	for (size_t i = 0; i < sizeof(added) / sizeof(*added); i++)
		for (uint32_t family = 3; family <= 5; family++) {
			struct x86_instruction got;
			cr_expect_eq(x86_decode(added[i].bytes, 4, true, family, &got), added[i].length);
			cr_expect_eq(got.operation == OP_UNDEFINED, family < added[i].family, "row %zu, family %u", i,
			             family);
		}
}

Test(decode, lets_lock_stand_before_bt_until_the_pentium_forbids_it)
{
	static const uint8_t lock_bt[] = { 0xf0, 0x0f, 0xa3, 0x11 };
	struct x86_instruction got;
	x86_decode(lock_bt, 4, true, 3, &got);
	cr_expect_eq(got.operation, OP_ORDINARY);
	x86_decode(lock_bt, 4, true, 5, &got);
	cr_expect_eq(got.operation, OP_UNDEFINED);
}

Test(decode, refuses_the_sixteenth_byte)
{
	uint8_t bytes[32];
	struct x86_instruction got;
	memset(bytes, 0x26, sizeof(bytes));
	bytes[14] = 0x90; /* 14 prefixes and nop: 15 bytes */
	cr_expect_eq(x86_decode(bytes, 32, true, 5, &got), 15);
	cr_expect_eq(got.operation, OP_ORDINARY);
	bytes[14] = 0x26;
	bytes[15] = 0x90;
	cr_expect_eq(x86_decode(bytes, 32, true, 5, &got), X86_TOO_LONG);
	cr_expect_eq(got.operation, OP_UNDEFINED);
	cr_expect_eq(x86_decode(bytes, 14, true, 5, &got), 0, "14 prefixes may yet become an instruction");
	cr_expect_eq(x86_decode(bytes, 15, true, 5, &got), X86_TOO_LONG);
}

Test(decode, takes_the_last_of_several_segment_prefixes)
{
	static const uint8_t bytes[] = { 0x26, 0x65, 0x8b, 0x01 }; /* mov eax, gs:[ecx], es before */
	struct x86_instruction got;
	x86_decode(bytes, 4, true, 3, &got);
	cr_expect_eq(got.segment, GS);
	cr_expect_eq(got.prefixes, 2);
}

Test(decode, names_the_registers_that_are_read_and_written)
{
	static const struct { uint8_t bytes[4]; unsigned reads, writes; } row[] = {
		{ { 0x01, 0xc8 }, 1 << EAX | 1 << ECX, 1 << EAX },               /* add eax, ecx */
		{ { 0x8b, 0x44, 0x8b, 0x04 }, 1 << EBX | 1 << ECX, 1 << EAX },   /* mov eax, [ebx+ecx*4+4] */
		{ { 0x88, 0xe5 }, 1 << EAX, 1 << ECX },                          /* mov ch, ah */
		{ { 0xb7, 0x01 }, 0, 1 << EBX },                                 /* mov bh, 1 */
		{ { 0x0f, 0xb6, 0xc7 }, 1 << EBX, 1 << EAX },                    /* movzx eax, bh */
		{ { 0x53 }, 1 << EBX | 1 << ESP, 1 << ESP },                     /* push ebx */
		{ { 0xf7, 0xf1 }, 1 << EAX | 1 << EDX | 1 << ECX, 1 << EAX | 1 << EDX }, /* div ecx */
		{ { 0xf3, 0xa6 }, 1 << ESI | 1 << EDI | 1 << ECX, 1 << ESI | 1 << EDI | 1 << ECX }, /* repe cmpsb */
		{ { 0x8d, 0x04, 0x40 }, 1 << EAX, 1 << EAX },                    /* lea eax, [eax+eax*2] */
		{ { 0x39, 0xc8 }, 1 << EAX | 1 << ECX, 0 },                      /* cmp eax, ecx */
	};
	for (size_t i = 0; i < sizeof(row) / sizeof(*row); i++) {
		struct x86_instruction got;
		x86_decode(row[i].bytes, 4, true, 5, &got);
		cr_expect_eq(got.reads_registers, row[i].reads, "row %zu reads %x", i, got.reads_registers);
		cr_expect_eq(got.writes_registers, row[i].writes, "row %zu writes %x", i, got.writes_registers);
	}
}
