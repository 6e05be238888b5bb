/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decoding one instruction (Intel386 DX Programmer's Reference Manual, chapter 17
 * "Instruction format"): prefixes, opcode, modrm, sib, displacement, immediate.
 *
 *   decode_prefixes -> decode_opcode -> decode_modrm -> decode_immediate -> describe -> judge
 *   (what bytes there are; short: 0)                                       (from the map)  (is it legal)
 *
 * Invariants
 *   1. no byte beyond `available`, and none beyond the 15th, is read.
 *   2. an instruction that judge refuses keeps its length and its bytes' meaning; only the operation
 *      becomes OP_UNDEFINED, and it accesses nothing.
 *   3. the result depends on the bytes, the code segment's size and the family alone.
 */
#include <string.h>
#include "sim/arch/x86/opcode.h"

const char *x86_operation_name(enum x86_operation operation)
{
	static const char *const name[X86_OPERATION_COUNT] = {
#define X(name_) #name_,
		X86_OPERATIONS(X)
#undef X
	};
	return (unsigned)operation < X86_OPERATION_COUNT ? name[operation] : "?";
}

bool x86_operation_performed(enum x86_operation operation)
{
	return operation >= OP_UNDEFINED;
}

/* The bytes, and how far decoding is. */
struct cursor {
	const uint8_t *bytes;
	unsigned available, at;
	bool short_of;       /* a byte was wanted that is not there */
	bool operand_prefix, address_prefix, segment_prefix;
};

static uint8_t next_byte(struct cursor *cursor)
{
	if (cursor->at >= cursor->available) {
		cursor->short_of = true;
		return 0;
	}
	return cursor->bytes[cursor->at++];
}

static uint32_t next_number(struct cursor *cursor, unsigned size)
{
	uint32_t value = 0;
	for (unsigned i = 0; i < size; i++)
		value |= (uint32_t)next_byte(cursor) << (8 * i);
	return value;
}

static uint32_t sign_extend(uint32_t value, unsigned size)
{
	if (size == 1)
		return (uint32_t)(int32_t)(int8_t)value;
	if (size == 2)
		return (uint32_t)(int32_t)(int16_t)value;
	return value;
}

/* Takes one prefix; false if the byte is none. */
static bool take_prefix(uint8_t byte, struct cursor *cursor, struct x86_instruction *out)
{
	switch (byte) {
	case 0x26: out->segment = ES; break;
	case 0x2e: out->segment = CS; break;
	case 0x36: out->segment = SS; break;
	case 0x3e: out->segment = DS; break;
	case 0x64: out->segment = FS; break;
	case 0x65: out->segment = GS; break;
	case 0x66: cursor->operand_prefix = true; return true;
	case 0x67: cursor->address_prefix = true; return true;
	case 0xf0: out->lock = true; return true;
	case 0xf2:
	case 0xf3: out->rep = byte; return true;
	default: return false;
	}
	cursor->segment_prefix = true;
	return true;
}

static void decode_prefixes(struct cursor *cursor, bool big, struct x86_instruction *out)
{
	out->segment = DS;
	while (cursor->at < cursor->available && take_prefix(cursor->bytes[cursor->at], cursor, out)) {
		out->prefixes++;
		cursor->at++;
	}
	out->operand_size = big != cursor->operand_prefix ? 4 : 2;
	out->address_size = big != cursor->address_prefix ? 4 : 2;
}

static const struct opcode *decode_opcode(struct cursor *cursor, struct x86_instruction *out)
{
	out->opcode = next_byte(cursor);
	if (out->opcode != 0x0f)
		return &opcode_one_byte[out->opcode];
	out->opcode = 0x0f00 | next_byte(cursor);
	return &opcode_two_byte[out->opcode & 0xff];
}

static void take_displacement(struct cursor *cursor, struct x86_instruction *out, unsigned size)
{
	out->displacement = (int32_t)sign_extend(next_number(cursor, size), size);
	out->has_displacement = size != 0;
}

/* The eight forms of a 16-bit address (table 17-2). */
static void decode_address_16(struct cursor *cursor, struct x86_instruction *out)
{
	static const struct { uint8_t base, index; } form[8] = {
		{ EBX, ESI }, { EBX, EDI }, { EBP, ESI }, { EBP, EDI },
		{ ESI, NO_REGISTER }, { EDI, NO_REGISTER }, { EBP, NO_REGISTER }, { EBX, NO_REGISTER }
	};
	unsigned mod = out->modrm >> 6, rm = out->modrm & 7;
	if (mod == 0 && rm == 6) {
		take_displacement(cursor, out, 2);
		return;
	}
	out->base = form[rm].base;
	out->index = form[rm].index;
	take_displacement(cursor, out, mod);
}

/* A 32-bit address, with its sib byte (tables 17-3, 17-4). */
static void decode_address_32(struct cursor *cursor, struct x86_instruction *out)
{
	unsigned mod = out->modrm >> 6, rm = out->modrm & 7;
	unsigned base = rm;
	if (rm == 4) {
		uint8_t sib = next_byte(cursor);
		base = sib & 7;
		if (((sib >> 3) & 7) != ESP) {
			out->index = (sib >> 3) & 7;
			out->scale = (uint8_t)(1u << (sib >> 6));
		}
	}
	if (mod == 0 && base == EBP) {
		take_displacement(cursor, out, 4);
		return;
	}
	out->base = (uint8_t)base;
	take_displacement(cursor, out, mod == 2 ? 4 : mod);
}

static void default_segment(struct cursor *cursor, struct x86_instruction *out)
{
	if (!cursor->segment_prefix && (out->base == EBP || out->base == ESP))
		out->segment = SS;
}

static void decode_modrm(struct cursor *cursor, const struct opcode *row, struct x86_instruction *out)
{
	out->modrm = next_byte(cursor);
	out->has_modrm = true;
	if (out->modrm >= 0xc0 || row->flags & OPCODE_MOD_IGNORED)
		return;
	out->has_memory = true;
	if (out->address_size == 2)
		decode_address_16(cursor, out);
	else
		decode_address_32(cursor, out);
	default_segment(cursor, out);
}

/* Groups whose byte forms the opcode's lowest bit tells. */
static bool group_has_byte_forms(unsigned group)
{
	return (group >= GROUP_SHIFT_IMMEDIATE && group <= GROUP_SHIFT_CL) || group == GROUP_MOV;
}

static void decide_operand_size(const struct opcode *row, unsigned group, struct x86_instruction *out)
{
	if (row->flags & OPCODE_BYTE || (group_has_byte_forms(group) && !(out->opcode & 1)))
		out->operand_size = 1;
	if (row->flags & OPCODE_SIZE_32)
		out->operand_size = 4;
}

static void decode_immediate(struct cursor *cursor, const struct opcode *row, struct x86_instruction *out)
{
	unsigned size = out->operand_size;
	out->has_immediate = row->immediate != IMM_NONE && row->immediate != IMM_OFFSET;
	switch (row->immediate) {
	case IMM_S8: out->immediate = sign_extend(next_byte(cursor), 1); break;
	case IMM_U8: out->immediate = next_byte(cursor); break;
	case IMM_U16: out->immediate = next_number(cursor, 2); break;
	case IMM_Z: out->immediate = sign_extend(next_number(cursor, size), size); break;
	case IMM_FAR:
		out->immediate = next_number(cursor, size);
		out->immediate2 = (uint16_t)next_number(cursor, 2);
		break;
	case IMM_ENTER:
		out->immediate = next_number(cursor, 2);
		out->immediate2 = next_byte(cursor);
		break;
	case IMM_OFFSET:
		out->displacement = (int32_t)next_number(cursor, out->address_size);
		out->has_memory = out->has_displacement = true;
		break;
	default: break;
	}
	if (out->opcode == 0xd7) { /* xlat: [ebx + al] */
		out->has_memory = true;
		out->base = EBX;
	}
}

static uint8_t size_of_rm(const struct opcode *row, unsigned operand_size)
{
	switch (row->size) {
	case SIZE_1: return 1;
	case SIZE_2: return 2;
	case SIZE_6: return 6;
	case SIZE_8: return 8;
	case SIZE_FAR: return (uint8_t)(operand_size + 2);
	case SIZE_PAIR: return (uint8_t)(operand_size * 2);
	case SIZE_NOTHING: return 0;
	default: return (uint8_t)operand_size;
	}
}

/* A general register as the bit of its whole: byte registers 4..7 are the high bytes of 0..3. */
static uint8_t register_bit(unsigned number, unsigned size)
{
	return (uint8_t)(1u << (size == 1 ? number & 3 : number & 7));
}

static void note_register(struct x86_instruction *out, uint8_t bit, bool read, bool written)
{
	if (read)
		out->reads_registers |= bit;
	if (written)
		out->writes_registers |= bit;
}

static uint8_t address_bits(const struct x86_instruction *insn)
{
	uint8_t bits = 0;
	if (insn->base != NO_REGISTER)
		bits |= (uint8_t)(1u << insn->base);
	if (insn->index != NO_REGISTER)
		bits |= (uint8_t)(1u << insn->index);
	return bits;
}

static void describe_registers(const struct opcode *row, struct x86_instruction *out)
{
	unsigned flags = row->flags, size = out->operand_size;
	out->reads_registers = row->reads | address_bits(out);
	out->writes_registers = row->writes;
	note_register(out, register_bit(out->modrm >> 3, size), flags & OPCODE_REG_READ, flags & OPCODE_REG_WRITE);
	note_register(out, register_bit(out->opcode, size), flags & OPCODE_LOW_READ, flags & OPCODE_LOW_WRITE);
	if (out->has_modrm && !out->has_memory && row->size != SIZE_NOTHING)
		note_register(out, register_bit(out->modrm, row->size == SIZE_1 ? 1 : size),
		              flags & OPCODE_RM_READ, flags & OPCODE_RM_WRITE);
	if (row->stack)
		note_register(out, 1u << ESP, true, true);
	if (out->rep && out->operation >= OP_UNDEFINED && row->reads & (1u << ECX))
		return; /* ins, outs: counted already */
	if (out->rep && (out->operation == OP_CMPS || out->operation == OP_SCAS || out->operation == OP_MOVS ||
	                 out->operation == OP_STOS || out->operation == OP_LODS))
		note_register(out, 1u << ECX, true, true);
}

/* mov to a control register has a key for each register. */
static uint16_t control_register_cost(unsigned number)
{
	static const uint16_t cost[8] = { COST_MOV_CR0, X86_COST_COUNT, COST_MOV_CR2, COST_MOV_CR3, COST_MOV_CR4,
		X86_COST_COUNT, X86_COST_COUNT, X86_COST_COUNT };
	return cost[number & 7];
}

_Static_assert(COST_MUL32 == COST_MUL16 + 1 && COST_DIV32 == COST_DIV16 + 1 && COST_IDIV32 == COST_IDIV16 + 1,
               "OPCODE_SIZED_COST");
_Static_assert(COST_SCAS == COST_MOVS + 4 && COST_REP_SCAS_EACH == COST_REP_MOVS + 9, "repeated strings");

static void describe_cost(const struct opcode *row, struct x86_instruction *out)
{
	out->cost = out->has_memory ? row->cost_memory : row->cost_register;
	out->extra_cost = out->has_memory && row->extra_memory ? row->extra_memory : X86_COST_COUNT;
	if (row->flags & OPCODE_SIZED_COST && out->operand_size == 4)
		out->cost++;
	if (out->operation == OP_MOV_TO_CR)
		out->cost = control_register_cost(out->modrm >> 3);
	if (out->rep && out->cost >= COST_MOVS && out->cost <= COST_SCAS) {
		unsigned which = out->cost - COST_MOVS;
		out->cost = (uint16_t)(COST_REP_MOVS + 2 * which);
		out->extra_cost = (uint16_t)(out->cost + 1);
	}
	out->pairing = row->pairing;
}

static void describe(const struct opcode *row, struct x86_instruction *out)
{
	out->operation = row->operation;
	if (out->has_memory) {
		out->memory_size = size_of_rm(row, out->operand_size);
		out->reads = row->flags & OPCODE_RM_READ && out->memory_size;
		out->writes = row->flags & OPCODE_RM_WRITE && out->memory_size;
	}
	out->stack = (int8_t)(row->stack * out->operand_size);
	out->ends_block = row->flags & OPCODE_ENDS ||
	                  (out->rep && (out->operation == OP_CMPS || out->operation == OP_SCAS));
	describe_registers(row, out);
	describe_cost(row, out);
}

static bool lock_is_legal(const struct opcode *row, uint32_t family, const struct x86_instruction *insn)
{
	if (!insn->has_memory)
		return false;
	return row->flags & OPCODE_LOCK || (row->flags & OPCODE_LOCK_BEFORE_5 && family < 5);
}

/* Segment registers 6 and 7 are none, and cs is not loaded; control registers that a family has. */
static bool register_field_is_legal(uint32_t family, const struct x86_instruction *insn)
{
	unsigned reg = (insn->modrm >> 3) & 7;
	switch (insn->operation) {
	case OP_MOV_FROM_SREG: return reg < SEGMENTS;
	case OP_MOV_SREG: return reg < SEGMENTS && reg != CS;
	case OP_MOV_TO_CR:
	case OP_MOV_FROM_CR: return reg == 0 || reg == 2 || reg == 3 || (reg == 4 && family >= 5);
	default: return true;
	}
}

static bool is_legal(const struct opcode *row, uint32_t family, const struct x86_instruction *insn)
{
	if (row->family == 0 || row->family > family)
		return false;
	if (row->flags & OPCODE_MEMORY_ONLY && !insn->has_memory)
		return false;
	if (insn->lock && !lock_is_legal(row, family, insn))
		return false;
	return register_field_is_legal(family, insn);
}

static void make_undefined(struct x86_instruction *out)
{
	out->operation = OP_UNDEFINED;
	out->reads = out->writes = false;
	out->stack = 0;
	out->reads_registers = out->writes_registers = 0;
	out->cost = out->extra_cost = X86_COST_COUNT;
	out->pairing = PAIR_NONE;
	out->ends_block = true;
}

/* Too long, or more bytes are needed. */
static unsigned decode_short(unsigned available, struct x86_instruction *out)
{
	if (available < X86_MAX_LENGTH) {
		out->length = 0;
		return 0;
	}
	make_undefined(out);
	out->length = X86_TOO_LONG;
	return X86_TOO_LONG;
}

/* See decode.h.  Charges nothing. */
unsigned x86_decode(const uint8_t *bytes, unsigned available, bool big, uint32_t family, struct x86_instruction *out)
{
	struct cursor cursor = {
		.bytes = bytes, .available = available < X86_MAX_LENGTH ? available : X86_MAX_LENGTH
	};
	memset(out, 0, sizeof(*out));
	out->base = out->index = NO_REGISTER;
	out->scale = 1;

	decode_prefixes(&cursor, big, out);
	const struct opcode *row = decode_opcode(&cursor, out);
	unsigned group = row->group;
	if (row->flags & OPCODE_MODRM)
		decode_modrm(&cursor, row, out);
	if (group != GROUP_NONE)
		row = &opcode_group[group][(out->modrm >> 3) & 7];
	decide_operand_size(row, group, out);
	decode_immediate(&cursor, row, out);
	if (cursor.short_of)
		return decode_short(available, out);

	out->length = (uint8_t)cursor.at;
	describe(row, out);
	if (!is_legal(row, family, out))
		make_undefined(out);
	return out->length;
}
