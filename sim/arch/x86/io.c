/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Input and output: in, out, ins, outs, and who may do it.
 *
 * Source: i386 §8.3 (protection and I/O): IOPL, and the I/O permission bitmap of the TSS.
 *
 * Invariants
 *   1. a port is touched only when nothing can fault any more: reading a device cannot be undone.
 *   2. a device sees the clock at the end of its bus cycle: the access is charged first.
 */
#include "sim/arch/x86/performing.h"

static bool needs_bitmap(const struct x86_cpu *cpu)
{
	return cpu->cpl > (cpu->eflags & EFLAGS_IOPL) >> EFLAGS_IOPL_SHIFT;
}

/* All bits of the access must be clear; the processor always reads two bytes of the map. */
static bool bitmap_allows(struct x86 *x86, uint16_t port, unsigned size, struct x86_fault *fault)
{
	const struct x86_segment_cache *tr = &x86->cpu.tr;
	uint16_t start, bits;

	if (!tr->usable || tr->limit < TSS_LEAST_LIMIT)
		return fault_error(fault, VECTOR_GP, 0);
	if (!x86_read(x86, tr->base + TSS_IOMAP, &start, 2, AS_SUPERVISOR, fault))
		return false;
	uint32_t at = start + port / 8u;
	if (at + 1 > tr->limit)
		return fault_error(fault, VECTOR_GP, 0);
	if (!x86_read(x86, tr->base + at, &bits, 2, AS_SUPERVISOR, fault))
		return false;
	if (bits >> (port & 7) & ((1u << size) - 1))
		return fault_error(fault, VECTOR_GP, 0);
	return true;
}

static bool allowed(struct x86 *x86, uint16_t port, unsigned size, struct x86_fault *fault)
{
	return !needs_bitmap(&x86->cpu) || bitmap_allows(x86, port, size, fault);
}

/* --- the bus --- */

static void charge_bus(struct x86 *x86, unsigned size)
{
	x86_charge(x86, CAUSE_BUS_IO, size == 1 ? COST_BUS_IO8 : size == 2 ? COST_BUS_IO16 : COST_BUS_IO32);
}

static uint32_t bus_in(struct x86 *x86, uint16_t port, unsigned size)
{
	charge_bus(x86, size);
	return x86->bus.in ? x86->bus.in(x86->bus.ctx, port, size) : UINT32_MAX;
}

static void bus_out(struct x86 *x86, uint16_t port, unsigned size, uint32_t value)
{
	charge_bus(x86, size);
	if (x86->bus.out)
		x86->bus.out(x86->bus.ctx, port, size, size == 4 ? value : value & ((1u << 8 * size) - 1));
}

/* --- in, out --- */

static uint16_t port_of(const struct x86 *x86, const struct x86_instruction *insn)
{
	bool immediate = insn->opcode >= 0xe4 && insn->opcode <= 0xe7;
	return immediate ? (uint16_t)(insn->immediate & 0xff) : (uint16_t)x86->cpu.reg[EDX];
}

/* in: a port to the accumulator.  charges instruction (IN, IN_CHECKED), bus_io. */
bool perform_in(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	unsigned size = insn->operand_size;
	uint16_t port = port_of(x86, insn);

	if (!allowed(x86, port, size, fault))
		return false;
	finish(x86, insn, CAUSE_INSTRUCTION, needs_bitmap(&x86->cpu) ? COST_IN_CHECKED : COST_IN);
	uint32_t value = bus_in(x86, port, size);
	memcpy(&x86->cpu.reg[EAX], &value, size);
	return true;
}

/* out: the accumulator to a port.  charges instruction (OUT, OUT_CHECKED), bus_io. */
bool perform_out(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	unsigned size = insn->operand_size;
	uint16_t port = port_of(x86, insn);

	if (!allowed(x86, port, size, fault))
		return false;
	finish(x86, insn, CAUSE_INSTRUCTION, needs_bitmap(&x86->cpu) ? COST_OUT_CHECKED : COST_OUT);
	bus_out(x86, port, size, x86->cpu.reg[EAX]);
	return true;
}

/* --- ins, outs --- */

static bool ins_element(struct x86 *x86, const struct x86_instruction *insn, uint32_t cycles, struct x86_fault *fault)
{
	struct x86_cpu *cpu = &x86->cpu;
	const struct x86_access access = { .offset = string_offset(cpu, insn, EDI), .segment = ES,
	                                   .size = insn->operand_size, .write = true };
	laddr_t address = cpu->seg[ES].base + access.offset;

	if (!x86_segment_check(cpu, &access, fault) ||
	    !x86_probe_write(x86, address, access.size, privilege_of(cpu->cpl), fault))
		return false;
	ledger_execute(x86->ledger, 0, cycles);
	uint32_t value = bus_in(x86, (uint16_t)cpu->reg[EDX], access.size);
	return x86_write(x86, address, &value, access.size, privilege_of(cpu->cpl), fault);
}

static bool outs_element(struct x86 *x86, const struct x86_instruction *insn, uint32_t cycles, struct x86_fault *fault)
{
	uint32_t value = 0;

	if (!operand_read(x86, insn->segment, string_offset(&x86->cpu, insn, ESI), &value, insn->operand_size, fault))
		return false;
	ledger_execute(x86->ledger, 0, cycles);
	bus_out(x86, (uint16_t)x86->cpu.reg[EDX], insn->operand_size, value);
	return true;
}

/* ins: port DX to ES:(E)DI.  charges instruction (INS, INS_CHECKED; REP_INS, REP_INS_CHECKED, REP_INS_EACH), bus_io. */
bool perform_ins(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	bool checked = needs_bitmap(&x86->cpu);
	const struct string_kind kind = {
		ins_element, NULL, checked ? COST_INS_CHECKED : COST_INS,
		checked ? COST_REP_INS_CHECKED : COST_REP_INS, COST_REP_INS_EACH, false, true
	};

	return allowed(x86, (uint16_t)x86->cpu.reg[EDX], insn->operand_size, fault) &&
	       string_perform(x86, insn, &kind, fault);
}

/* outs: SEG:(E)SI to port DX.  charges instruction (OUTS, OUTS_CHECKED; REP_OUTS, ...), bus_io. */
bool perform_outs(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	bool checked = needs_bitmap(&x86->cpu);
	const struct string_kind kind = {
		outs_element, NULL, checked ? COST_OUTS_CHECKED : COST_OUTS,
		checked ? COST_REP_OUTS_CHECKED : COST_REP_OUTS, COST_REP_OUTS_EACH, true, false
	};

	return allowed(x86, (uint16_t)x86->cpu.reg[EDX], insn->operand_size, fault) &&
	       string_perform(x86, insn, &kind, fault);
}
