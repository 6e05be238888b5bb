/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where an instruction's operands are in memory: effective addresses, and the
 * ordered accesses of every instruction that the engine executes (Intel386 DX
 * Programmer's Reference Manual, chapter 17, the "Operation" of each).
 *
 * Invariants
 *   1. accesses come in the order in which the processor makes them: the first that faults is the fault.
 *   2. nothing here changes a register or reads memory: what a store depends on is known from registers alone.
 *   3. offsets wrap at 16 bits where addresses or the stack are of 16 bits.
 */
#include "sim/arch/x86/decode.h"

/* The list being made. */
struct accesses {
	struct x86_access *out;
	unsigned count;
};

static void add(struct accesses *list, unsigned segment, vaddr_t offset, unsigned size, bool write)
{
	if (list->count < X86_MAX_ACCESSES)
		list->out[list->count++] = (struct x86_access){
			.offset = offset, .segment = (uint8_t)segment, .size = (uint8_t)size, .write = write
		};
}

static uint32_t stack_mask(const struct x86_cpu *cpu)
{
	return cpu->seg[SS].rights & RIGHTS_BIG ? 0xffffffff : 0xffff;
}

static uint32_t address_mask(const struct x86_instruction *insn)
{
	return insn->address_size == 2 ? 0xffff : 0xffffffff;
}

/* With another value of esp: pop m computes its address after the pop. */
static vaddr_t address_with_esp(const struct x86_instruction *insn, const struct x86_cpu *cpu, uint32_t esp)
{
	uint32_t address = (uint32_t)insn->displacement;
	if (insn->base != NO_REGISTER)
		address += insn->base == ESP ? esp : cpu->reg[insn->base];
	if (insn->index != NO_REGISTER)
		address += cpu->reg[insn->index] * insn->scale;
	if (insn->opcode == 0xd7) /* xlat */
		address += cpu->reg[EAX] & 0xff;
	return address & address_mask(insn);
}

vaddr_t x86_effective_address(const struct x86_instruction *insn, const struct x86_cpu *cpu)
{
	return address_with_esp(insn, cpu, cpu->reg[ESP]);
}

/* bt, bts, btr, btc with a register: it counts bits from the operand's address, in both directions. */
static bool bit_offset_is_register(const struct x86_instruction *insn)
{
	return insn->opcode == 0x0fa3 || insn->opcode == 0x0fab || insn->opcode == 0x0fb3 || insn->opcode == 0x0fbb;
}

static vaddr_t bit_address(const struct x86_instruction *insn, const struct x86_cpu *cpu)
{
	uint32_t bits = cpu->reg[(insn->modrm >> 3) & 7];
	int32_t offset = insn->operand_size == 2 ? (int16_t)bits : (int32_t)bits;
	int32_t unit = insn->operand_size == 2 ? 4 : 5; /* log2 of the operand's bits */
	int32_t operands = offset >= 0 ? offset >> unit : ~(~offset >> unit);
	vaddr_t address = x86_effective_address(insn, cpu) + (uint32_t)operands * insn->operand_size;
	return address & address_mask(insn);
}

/* The r/m operand, read, written, or first read and then written. */
static void add_operand(struct accesses *list, const struct x86_instruction *insn, vaddr_t offset)
{
	if (insn->reads)
		add(list, insn->segment, offset, insn->memory_size, false);
	if (insn->writes)
		add(list, insn->segment, offset, insn->memory_size, true);
}

static void add_push(struct accesses *list, const struct x86_cpu *cpu, uint32_t *esp, unsigned size)
{
	*esp -= size;
	add(list, SS, *esp & stack_mask(cpu), size, true);
}

static void add_bound(struct accesses *list, const struct x86_instruction *insn, const struct x86_cpu *cpu)
{
	vaddr_t lower = x86_effective_address(insn, cpu), size = insn->operand_size;
	add(list, insn->segment, lower, size, false);
	add(list, insn->segment, (lower + size) & address_mask(insn), size, false);
}

/* enter: the frame pointer, the enclosing frames' pointers through ebp, and the new frame's. */
static void add_enter(struct accesses *list, const struct x86_instruction *insn, const struct x86_cpu *cpu)
{
	unsigned level = insn->immediate2 & 31, size = insn->operand_size;
	uint32_t esp = cpu->reg[ESP], ebp = cpu->reg[EBP];
	add_push(list, cpu, &esp, size);
	for (unsigned i = 1; i < level; i++) {
		ebp -= size;
		add(list, SS, ebp & stack_mask(cpu), size, false);
		add_push(list, cpu, &esp, size);
	}
	if (level)
		add_push(list, cpu, &esp, size);
}

/* pusha and popa: eight operands; popa reads esp's too, and throws it away. */
static void add_all(struct accesses *list, const struct x86_instruction *insn, const struct x86_cpu *cpu)
{
	uint32_t esp = cpu->reg[ESP];
	for (unsigned i = 0; i < 8; i++) {
		if (insn->operation == OP_PUSHA) {
			add_push(list, cpu, &esp, insn->operand_size);
			continue;
		}
		add(list, SS, esp & stack_mask(cpu), insn->operand_size, false);
		esp += insn->operand_size;
	}
}

static void add_string(struct accesses *list, const struct x86_instruction *insn, const struct x86_cpu *cpu)
{
	uint32_t mask = address_mask(insn);
	if (insn->operation == OP_CMPS)
		add(list, insn->segment, cpu->reg[ESI] & mask, insn->operand_size, false);
	add(list, ES, cpu->reg[EDI] & mask, insn->operand_size, false);
}

/* Everything with one stack operand: push, pop, call, ret, leave; and with an r/m operand beside it. */
static void add_stack(struct accesses *list, const struct x86_instruction *insn, const struct x86_cpu *cpu)
{
	uint32_t esp = insn->opcode == 0xc9 ? cpu->reg[EBP] : cpu->reg[ESP]; /* leave takes esp from ebp */
	unsigned size = insn->operand_size;
	if (insn->stack > 0) {
		add_operand(list, insn, x86_effective_address(insn, cpu));
		add_push(list, cpu, &esp, size);
	} else {
		add(list, SS, esp & stack_mask(cpu), size, false);
		add_operand(list, insn, address_with_esp(insn, cpu, esp + size));
	}
}

/* See decode.h.  Charges nothing. */
unsigned x86_accesses(const struct x86_instruction *insn, const struct x86_cpu *cpu,
                      struct x86_access out[static X86_MAX_ACCESSES])
{
	struct accesses list = { .out = out };
	if (x86_operation_performed(insn->operation))
		return 0;
	switch (insn->operation) {
	case OP_BOUND: add_bound(&list, insn, cpu); break;
	case OP_ENTER: add_enter(&list, insn, cpu); break;
	case OP_PUSHA:
	case OP_POPA: add_all(&list, insn, cpu); break;
	case OP_CMPS:
	case OP_SCAS: add_string(&list, insn, cpu); break;
	default:
		if (insn->stack)
			add_stack(&list, insn, cpu);
		else if (bit_offset_is_register(insn) && insn->has_memory)
			add_operand(&list, insn, bit_address(insn, cpu));
		else
			add_operand(&list, insn, x86_effective_address(insn, cpu));
	}
	return list.count;
}
