/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decoding against Capstone, an independent disassembler: every one-byte and 0F
 * opcode, every modrm byte, three tails, eight prefixes, 16 and 32 bits.
 *
 * Where Capstone 4.0.2 is wrong or speaks of later processors is stated here:
 *   - it knows instructions after the Pentium: what we call undefined is not compared, but no instruction that
 *     it calls by one of the names in `ours` may be undefined to us
 *   - it refuses some reserved ESC encodings, whose length a processor without x87 still has to know
 *   - it gives the wrong direction to arpl, the shifts and rotates, test, setcc, cmpxchg and cmpxchg8b
 *   - it gives far pointers the size of their offset, and lar, lsl and moves of segment registers that of the operand
 * Strings and xlat have operands that Capstone lists and struct x86_instruction does not.
 */
#include <capstone/capstone.h>
#include <criterion/criterion.h>
#include "sim/arch/x86/decode.h"

static csh handle[2];
static cs_insn *theirs[2];

static void open_capstone(void)
{
	cr_assert_eq(cs_open(CS_ARCH_X86, CS_MODE_16, &handle[0]), CS_ERR_OK);
	cr_assert_eq(cs_open(CS_ARCH_X86, CS_MODE_32, &handle[1]), CS_ERR_OK);
	for (int i = 0; i < 2; i++) {
		cs_option(handle[i], CS_OPT_DETAIL, CS_OPT_ON);
		theirs[i] = cs_malloc(handle[i]);
	}
}

static void close_capstone(void)
{
	for (int i = 0; i < 2; i++) {
		cs_free(theirs[i], 1);
		cs_close(&handle[i]);
	}
}

static unsigned segment_number(unsigned reg)
{
	switch (reg) {
	case X86_REG_ES: return ES;
	case X86_REG_CS: return CS;
	case X86_REG_SS: return SS;
	case X86_REG_DS: return DS;
	case X86_REG_FS: return FS;
	case X86_REG_GS: return GS;
	default: return SEGMENTS;
	}
}

static unsigned register_number(unsigned reg)
{
	switch (reg) {
	case X86_REG_EAX: return EAX;
	case X86_REG_ECX: return ECX;
	case X86_REG_EDX: return EDX;
	case X86_REG_EBX: case X86_REG_BX: return EBX;
	case X86_REG_ESP: return ESP;
	case X86_REG_EBP: case X86_REG_BP: return EBP;
	case X86_REG_ESI: case X86_REG_SI: return ESI;
	case X86_REG_EDI: case X86_REG_DI: return EDI;
	default: return NO_REGISTER;
	}
}

static bool has_implicit_operands(const struct x86_instruction *insn)
{
	switch (insn->operation) {
	case OP_MOVS: case OP_STOS: case OP_LODS: case OP_CMPS: case OP_SCAS: case OP_INS: case OP_OUTS: return true;
	default: return insn->opcode == 0xd7;
	}
}

static bool direction_is_wrong_there(unsigned opcode)
{
	return opcode == 0x63 || opcode == 0xc0 || opcode == 0xc1 || (opcode >= 0xd0 && opcode <= 0xd3) ||
	       opcode == 0xf6 || opcode == 0xf7 || (opcode >= 0x0f90 && opcode <= 0x0f9f) || opcode == 0x0fb0 ||
	       opcode == 0x0fb1 || opcode == 0x0fc7;
}

static bool size_is_wrong_there(const struct x86_instruction *insn)
{
	switch (insn->operation) {
	case OP_LOAD_FAR_POINTER: case OP_CALL_FAR_M: case OP_JMP_FAR_M: case OP_LAR: case OP_LSL:
	case OP_MOV_SREG: case OP_MOV_FROM_SREG: case OP_BOUND: case OP_LLDT: case OP_LTR: case OP_SLDT: case OP_STR:
	case OP_LGDT: case OP_LIDT: case OP_SGDT: case OP_SIDT: return true;
	default: return false;
	}
}

/* What Capstone 5 gets wrong and Capstone 4 does not: the direction of test; in 16-bit code operand sizes of two-byte
 * opcodes after a prefix; bsf and bsr after a repeat prefix, which were no other instructions then. */
static bool is_wrong_in_five(const struct x86_instruction *insn, const char *what, int big)
{
	if (cs_version(NULL, NULL) < CS_MAKE_VERSION(5, 0))
		return false;
	if (strcmp(what, "direction") == 0)
		return insn->opcode == 0x84 || insn->opcode == 0x85;
	if (strcmp(what, "size") == 0)
		return !big && insn->prefixes && insn->opcode >= 0x0fa3 && insn->opcode <= 0x0fc1;
	return insn->rep && (insn->opcode == 0x0fbc || insn->opcode == 0x0fbd);
}

/* Names of i386, i486 and Pentium that Capstone must not know where we say undefined (lock and registers apart). */
static bool is_name_of_ours(const char *name)
{
	static const char *const ours[] = {
		"add", "adc", "and", "call", "cmp", "dec", "div", "idiv", "imul", "inc", "jmp", "lcall",
		"ljmp", "lea", "mov", "mul", "neg", "not", "or", "pop", "push", "rcl", "rcr", "ret", "rol",
		"ror", "sar", "sbb", "shl", "shr", "sub", "test", "xadd", "xchg", "xor", "cmpxchg", "bswap",
		"bt", "btc", "btr", "bts", "shld", "shrd", "movzx", "movsx"
	};
	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++)
		if (strcmp(name, ours[i]) == 0)
			return true;
	return false;
}

/* Loading cs or segments 6 and 7, and control registers that the Pentium has not. */
static bool is_refused_register(const struct x86_instruction *insn)
{
	return insn->opcode == 0x8c || insn->opcode == 0x8e || (insn->opcode >= 0x0f20 && insn->opcode <= 0x0f26);
}

static const char *compare_memory(const struct x86_instruction *insn, const cs_x86_op *op)
{
	uint32_t mask = insn->address_size == 2 ? 0xffff : 0xffffffff;
	unsigned implied = insn->base == EBP || insn->base == ESP ? SS : DS;
	unsigned segment = segment_number(op->mem.segment);
	if (register_number(op->mem.base) != insn->base || register_number(op->mem.index) != insn->index)
		return "registers";
	if (insn->index != NO_REGISTER && op->mem.scale != insn->scale)
		return "scale";
	if (((uint32_t)op->mem.disp ^ (uint32_t)insn->displacement) & mask)
		return "displacement";
	if (insn->segment != (segment == SEGMENTS ? implied : segment))
		return "segment";
	if (insn->operation == OP_ESC || !insn->memory_size)
		return NULL;
	if (!direction_is_wrong_there(insn->opcode) &&
	    (!!(op->access & CS_AC_READ) != insn->reads || !!(op->access & CS_AC_WRITE) != insn->writes))
		return "direction";
	if (!size_is_wrong_there(insn) && op->size != insn->memory_size)
		return "size";
	return NULL;
}

static const char *compare_operands(const struct x86_instruction *insn, const cs_x86 *x86)
{
	const cs_x86_op *memory = NULL;
	for (unsigned i = 0; i < x86->op_count; i++)
		if (x86->operands[i].type == X86_OP_MEM)
			memory = &x86->operands[i];
	if (has_implicit_operands(insn))
		return NULL;
	if ((memory != NULL) != insn->has_memory)
		return "whether there is memory";
	return memory ? compare_memory(insn, memory) : NULL;
}

/* What differs, or NULL. */
static const char *compare(const uint8_t *bytes, size_t n, int big, struct x86_instruction *insn)
{
	unsigned length = x86_decode(bytes, (unsigned)n, big, 5, insn);
	uint64_t address = 0x1000;
	bool known = cs_disasm_iter(handle[big], &bytes, &n, &address, theirs[big]);
	if (insn->operation == OP_UNDEFINED)
		return known && !insn->lock && !is_refused_register(insn) && is_name_of_ours(theirs[big]->mnemonic)
		           ? "whether it is defined" : NULL;
	if (!known)
		return insn->operation == OP_ESC ? NULL : "whether it is defined";
	if (theirs[big]->size != length)
		return "length";
	return compare_operands(insn, &theirs[big]->detail->x86);
}

static bool is_prefix(unsigned opcode)
{
	return opcode == 0x26 || opcode == 0x2e || opcode == 0x36 || opcode == 0x3e ||
	       (opcode >= 0x64 && opcode <= 0x67) || opcode == 0xf0 || opcode == 0xf2 || opcode == 0xf3;
}

/* All modrm bytes of one opcode after some prefixes; counts differences and names the first few. */
static unsigned sweep_opcode(const char *prefix, unsigned opcode, int big)
{
	static const uint8_t sib[3] = { 0x94, 0x25, 0x6d }; /* [esp+edx*4], no index and base 5, [ebp*2+...] */
	unsigned different = 0;
	for (unsigned modrm = 0; modrm < 256; modrm++)
		for (unsigned tail = 0; tail < 3; tail++) {
			uint8_t bytes[24] = { 0 };
			size_t n = strlen(prefix);
			memcpy(bytes, prefix, n);
			if (opcode >= 0x0f00)
				bytes[n++] = 0x0f;
			bytes[n++] = (uint8_t)opcode;
			bytes[n++] = (uint8_t)modrm;
			bytes[n++] = sib[tail];
			memcpy(bytes + n, "\x83\x72\xf1\x55\x66\x12\x34\x56\x78\x9a\x01", 11);
			struct x86_instruction insn;
			const char *what = compare(bytes, n + 11, big, &insn);
			if (what && !is_wrong_in_five(&insn, what, big) && different++ == 0)
				cr_log_error("opcode %x modrm %02x sib %02x, %u prefixes, %d bits: %s (%s %s)", opcode,
				             modrm, sib[tail], (unsigned)strlen(prefix), big ? 32 : 16, what,
				             theirs[big]->mnemonic, theirs[big]->op_str);
		}
	return different;
}

Test(decode, agrees_with_capstone_on_lengths_and_memory_operands, .init = open_capstone, .fini = close_capstone)
{
	static const char *const prefix[] = { "", "\x66", "\x67", "\x66\x67", "\x64", "\xf0", "\xf2", "\xf3" };
	unsigned different = 0;
	for (int big = 0; big < 2; big++)
		for (unsigned p = 0; p < 8; p++)
			for (unsigned opcode = 0; opcode < 256; opcode++) {
				if (opcode != 0x0f && !is_prefix(opcode))
					different += sweep_opcode(prefix[p], opcode, big);
				different += sweep_opcode(prefix[p], 0x0f00 | opcode, big);
			}
	cr_expect_eq(different, 0, "%u encodings differ", different);
}

/* Deterministic random bytes: lengths stay in bounds. */
Test(decode, keeps_its_bounds_on_random_bytes)
{
	uint64_t state = 0x9e3779b97f4a7c15u;
	for (unsigned round = 0; round < 300000; round++) {
		uint8_t bytes[20];
		for (unsigned i = 0; i < sizeof(bytes); i++) {
			state = state * 6364136223846793005u + 1442695040888963407u;
			bytes[i] = (uint8_t)(state >> 56);
		}
		unsigned n = 1 + bytes[19] % 16;
		uint8_t *exact = malloc(n); /* of just this size: a read beyond it is seen by a sanitizer */
		cr_assert_not_null(exact);
		memcpy(exact, bytes, n);
		struct x86_instruction insn;
		unsigned length = x86_decode(exact, n, bytes[18] & 1, 3 + bytes[17] % 3, &insn);
		free(exact);
		cr_assert(length <= X86_TOO_LONG);
		cr_assert(length == 0 || length == X86_TOO_LONG || length <= n);
		cr_assert(insn.operation < X86_OPERATION_COUNT);
	}
}
