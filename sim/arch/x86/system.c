/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * System instructions: tables, control and debug registers, looks at descriptors, and what tells a processor.
 *
 * Source: i386 §10 and the instructions' pages; i486 for WP, AM, NW, CD, invlpg, invd, wbinvd; Pentium for CR4,
 * cpuid, rdtsc, rdmsr, wrmsr.
 *
 *   family   CR0                              CR4                             CR3 keeps
 *   3        PE MP EM TS ET PG                -                               directory
 *   4        and NE WP AM NW CD; ET is one    -                               directory, PWT, PCD
 *   5        the same                         TSD DE MCE, PSE, PGE by model   the same
 *
 * Invariants
 *   1. no real mode, no virtual-8086 mode, no SMM: clearing PE ends the run as unsupported.
 *   2. who may not see a thing changes nothing: CPL is checked before an operand is touched.
 */
#include "sim/arch/x86/performing.h"

#define CR3_CACHE_BITS 0x18u
#define CR4_MCE (1u << 6)
enum { MSR_CHECK_ADDRESS = 0x00, MSR_CHECK_TYPE = 0x01, MSR_TSC = 0x10 };

/* --- tables --- */

static bool load_table(struct x86 *x86, const struct x86_instruction *insn, struct x86_table *table,
                       struct x86_fault *fault)
{
	uint8_t image[6];

	if (!insn->has_memory)
		return fault_plain(fault, VECTOR_UD);
	if (!require_ring_0(x86, fault) ||
	    !operand_read(x86, insn->segment, x86_effective_address(insn, &x86->cpu), image, sizeof(image), fault))
		return false;
	memcpy(&table->limit, image, 2);
	memcpy(&table->base, image + 2, 4);
	if (insn->operand_size == 2)
		table->base &= 0x00ffffff;
	return finish(x86, insn, CAUSE_INSTRUCTION, COST_LGDT);
}

static bool store_table(struct x86 *x86, const struct x86_instruction *insn, const struct x86_table *table,
                        struct x86_fault *fault)
{
	uint8_t image[6];

	if (!insn->has_memory)
		return fault_plain(fault, VECTOR_UD);
	memcpy(image, &table->limit, 2);
	memcpy(image + 2, &table->base, 4);
	if (!operand_write(x86, insn->segment, x86_effective_address(insn, &x86->cpu), image, sizeof(image), fault))
		return false;
	return finish(x86, insn, CAUSE_INSTRUCTION, COST_SGDT);
}

/* lgdt m.  charges instruction (LGDT). */
bool perform_lgdt(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	return load_table(x86, insn, &x86->cpu.gdtr, fault);
}

/* lidt m.  charges instruction (LGDT). */
bool perform_lidt(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	return load_table(x86, insn, &x86->cpu.idtr, fault);
}

/* sgdt m.  charges instruction (SGDT). */
bool perform_sgdt(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	return store_table(x86, insn, &x86->cpu.gdtr, fault);
}

/* sidt m.  charges instruction (SGDT). */
bool perform_sidt(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	return store_table(x86, insn, &x86->cpu.idtr, fault);
}

/* A system descriptor of the GDT for lldt, ltr: of one of two types. */
static bool find_system(struct x86 *x86, uint16_t selector, uint32_t type, uint32_t other, struct x86_found *found,
                        struct x86_fault *fault)
{
	if (selector & SELECTOR_TI)
		return fault_selector(fault, VECTOR_GP, selector, 0);
	if (!descriptor_find(x86, selector, VECTOR_GP, 0, found, fault))
		return false;
	uint32_t is = descriptor_type(found->descriptor);
	if (descriptor_s(found->descriptor) || (is != type && is != other))
		return fault_selector(fault, VECTOR_GP, selector, 0);
	return descriptor_present(found->descriptor) || fault_selector(fault, VECTOR_NP, selector, 0);
}

/* lldt r/m16: a null selector leaves no LDT.  charges instruction (LLDT). */
bool perform_lldt(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	struct x86_found found;
	uint16_t selector;

	if (!require_ring_0(x86, fault) || !operand_word_read(x86, insn, &selector, fault))
		return false;
	if (SELECTOR_IS_NULL(selector)) {
		x86->cpu.ldtr = (struct x86_segment_cache){ .selector = selector };
		return finish(x86, insn, CAUSE_INSTRUCTION, COST_LLDT);
	}
	if (!find_system(x86, selector, TYPE_LDT, TYPE_LDT, &found, fault))
		return false;
	descriptor_to_cache(&found, &x86->cpu.ldtr);
	return finish(x86, insn, CAUSE_INSTRUCTION, COST_LLDT);
}

/* ltr r/m16: the TSS becomes busy.  charges instruction (LTR). */
bool perform_ltr(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	struct x86_found found;
	uint16_t selector;

	if (!require_ring_0(x86, fault) || !operand_word_read(x86, insn, &selector, fault))
		return false;
	if (SELECTOR_IS_NULL(selector))
		return fault_error(fault, VECTOR_GP, 0);
	if (!find_system(x86, selector, TYPE_TSS32, TYPE_TSS16, &found, fault))
		return false;
	if (descriptor_type(found.descriptor) == TYPE_TSS16) {
		x86_unsupported(x86, "ltr of a 16-bit TSS");
		return true;
	}
	if (!descriptor_mark_busy(x86, &found, true, fault))
		return false;
	descriptor_to_cache(&found, &x86->cpu.tr);
	return finish(x86, insn, CAUSE_INSTRUCTION, COST_LTR);
}

static bool store_word(struct x86 *x86, const struct x86_instruction *insn, uint32_t value, enum x86_cost cost,
                       struct x86_fault *fault)
{
	return operand_word_write(x86, insn, value, fault) && finish(x86, insn, CAUSE_INSTRUCTION, cost);
}

/* sldt r/m.  charges instruction (SLDT). */
bool perform_sldt(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	return store_word(x86, insn, x86->cpu.ldtr.selector, COST_SLDT, fault);
}

/* str r/m.  charges instruction (SLDT). */
bool perform_str(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	return store_word(x86, insn, x86->cpu.tr.selector, COST_SLDT, fault);
}

/* --- control registers --- */

static uint32_t cr0_of_family(const struct x86 *x86)
{
	uint32_t bits = CR0_PE | CR0_MP | CR0_EM | CR0_TS | CR0_ET | CR0_PG;

	if (x86->model->family >= 4)
		bits |= CR0_NE | CR0_AM | CR0_NW | CR0_CD;
	if (x86->model->write_protect)
		bits |= CR0_WP;
	return bits;
}

/* Sets CR0. False: #GP(0), nothing changed. *supported: false if it would leave protected mode. */
static bool load_cr0(struct x86 *x86, uint32_t value, bool *supported, struct x86_fault *fault)
{
	uint32_t old = x86->cpu.cr0, new = value & cr0_of_family(x86);

	if (x86->model->family >= 4)
		new |= CR0_ET;
	*supported = new & CR0_PE;
	if ((new & CR0_PG) && !(new & CR0_PE))
		return fault_error(fault, VECTOR_GP, 0);
	if ((new & CR0_NW) && !(new & CR0_CD))
		return fault_error(fault, VECTOR_GP, 0);
	if (!*supported) {
		x86_unsupported(x86, "real mode");
		return true;
	}
	x86->cpu.cr0 = new;
	if ((old ^ new) & (CR0_PG | CR0_WP))
		x86_mmu_flush(x86);
	return true;
}

void load_page_directory(struct x86 *x86, uint32_t cr3)
{
	uint32_t kept = ~PAGE_MASK | (x86->model->family >= 4 ? CR3_CACHE_BITS : 0);
	uint32_t arg = cr3 & ~PAGE_MASK;

	x86->cpu.cr3 = cr3 & kept;
	x86->count[COUNT_ADDRESS_SPACE_SWITCHES]++;
	perform_event(x86, EVENT_ADDRESS_SPACE, x86->cpu.eip, 1, &arg);
	x86_mmu_load_cr3(x86);
}

static bool load_cr4(struct x86 *x86, uint32_t value, struct x86_fault *fault)
{
	uint32_t bits = CR4_TSD | CR4_DE | CR4_MCE;

	if (x86->model->large_pages)
		bits |= CR4_PSE;
	if (x86->model->global_pages)
		bits |= CR4_PGE;
	if (value & ~bits)
		return fault_error(fault, VECTOR_GP, 0);
	if (value != x86->cpu.cr4) {
		x86->cpu.cr4 = value;
		x86_mmu_flush(x86);
	}
	return true;
}

static bool has_control_register(const struct x86 *x86, unsigned number)
{
	return number == 0 || number == 2 || number == 3 || (number == 4 && x86->model->family >= 5);
}

/* mov cr, r32.  charges instruction (MOV_CR0, MOV_CR2, MOV_CR4), address_space_switch (MOV_CR3). */
bool perform_mov_to_cr(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	uint32_t value = x86->cpu.reg[modrm_rm(insn)];
	bool supported;

	if (!has_control_register(x86, modrm_reg(insn)))
		return fault_plain(fault, VECTOR_UD);
	if (!require_ring_0(x86, fault))
		return false;
	switch (modrm_reg(insn)) {
	case 0:
		if (!load_cr0(x86, value, &supported, fault))
			return false;
		return !supported || finish(x86, insn, CAUSE_INSTRUCTION, COST_MOV_CR0);
	case 2:
		x86->cpu.cr2 = value;
		return finish(x86, insn, CAUSE_INSTRUCTION, COST_MOV_CR2);
	case 3:
		load_page_directory(x86, value);
		return finish(x86, insn, CAUSE_ADDRESS_SPACE_SWITCH, COST_MOV_CR3);
	default:
		return load_cr4(x86, value, fault) && finish(x86, insn, CAUSE_INSTRUCTION, COST_MOV_CR4);
	}
}

/* mov r32, cr.  charges instruction (MOV_FROM_CR). */
bool perform_mov_from_cr(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	const struct x86_cpu *cpu = &x86->cpu;
	const uint32_t value[] = { cpu->cr0, 0, cpu->cr2, cpu->cr3, cpu->cr4 };
	unsigned number = modrm_reg(insn);

	if (!has_control_register(x86, number))
		return fault_plain(fault, VECTOR_UD);
	if (!require_ring_0(x86, fault))
		return false;
	x86->cpu.reg[modrm_rm(insn)] = value[number];
	return finish(x86, insn, CAUSE_INSTRUCTION, COST_MOV_FROM_CR);
}

/* lmsw r/m16: the low four bits of CR0; PE can be set, never cleared.  charges instruction (LMSW). */
bool perform_lmsw(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	const uint32_t low = CR0_PE | CR0_MP | CR0_EM | CR0_TS;
	uint16_t value;

	if (!require_ring_0(x86, fault) || !operand_word_read(x86, insn, &value, fault))
		return false;
	x86->cpu.cr0 = (x86->cpu.cr0 & ~(low & ~CR0_PE)) | (value & low);
	return finish(x86, insn, CAUSE_INSTRUCTION, COST_LMSW);
}

/* smsw r/m: a 32-bit register receives all of CR0.  charges instruction (SMSW). */
bool perform_smsw(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	return store_word(x86, insn, x86->cpu.cr0, COST_SMSW, fault);
}

/* clts.  charges instruction (CLTS). */
bool perform_clts(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	if (!require_ring_0(x86, fault))
		return false;
	x86->cpu.cr0 &= ~CR0_TS;
	return finish(x86, insn, CAUSE_INSTRUCTION, COST_CLTS);
}

/* --- debug registers --- */

#define DR6_ONES 0xffff0ff0u
#define DR7_ONES 0x00000400u

/* DR4 and DR5 are DR6 and DR7, unless CR4.DE says that they are not there. */
static bool debug_register(struct x86 *x86, const struct x86_instruction *insn, unsigned *number,
                           struct x86_fault *fault)
{
	*number = modrm_reg(insn);
	if (*number == 4 || *number == 5) {
		if (x86->cpu.cr4 & CR4_DE)
			return fault_plain(fault, VECTOR_UD);
		*number += 2;
	}
	if (!require_ring_0(x86, fault))
		return false;
	if (x86->cpu.dr[7] & DR7_GD) {
		x86->cpu.dr[6] |= DR6_BD;
		return fault_plain(fault, VECTOR_DB);
	}
	return true;
}

/* mov dr, r32.  charges instruction (MOV_DR). */
bool perform_mov_to_dr(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	uint32_t value = x86->cpu.reg[modrm_rm(insn)];
	unsigned number;

	if (!debug_register(x86, insn, &number, fault))
		return false;
	x86->cpu.dr[number] = value;
	return finish(x86, insn, CAUSE_INSTRUCTION, COST_MOV_DR);
}

/* mov r32, dr.  charges instruction (MOV_DR). */
bool perform_mov_from_dr(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	unsigned number;

	if (!debug_register(x86, insn, &number, fault))
		return false;
	uint32_t ones = number == 6 ? DR6_ONES : number == 7 ? DR7_ONES : 0;
	uint32_t zeros = number == 6 ? 0x00001000u : number == 7 ? 0x0000d800u : 0;
	x86->cpu.reg[modrm_rm(insn)] = (x86->cpu.dr[number] | ones) & ~zeros;
	return finish(x86, insn, CAUSE_INSTRUCTION, COST_MOV_DR);
}

/* --- looks at descriptors: lar, lsl, verr, verw, arpl --- */

static void set_zero_flag(struct x86_cpu *cpu, bool set)
{
	cpu->eflags = set ? cpu->eflags | EFLAGS_ZF : cpu->eflags & ~(uint32_t)EFLAGS_ZF;
}

/*
 * The descriptor of a selector, if the program may see it at its privilege: *visible.
 * False only for a page fault in the table.
 */
static bool look(struct x86 *x86, uint16_t selector, struct x86_found *found, bool *visible, struct x86_fault *fault)
{
	*visible = false;
	if (SELECTOR_IS_NULL(selector))
		return true;
	if (!descriptor_find(x86, selector, VECTOR_GP, 0, found, fault)) {
		bool beyond = fault->vector != VECTOR_PF;
		if (beyond)
			fault->vector = -1;
		return beyond;
	}
	uint32_t dpl = descriptor_dpl(found->descriptor);
	*visible = descriptor_is_conforming_code(found->descriptor) ||
	           (dpl >= x86->cpu.cpl && dpl >= (uint32_t)(selector & SELECTOR_RPL));
	return true;
}

#define BIT(n) (1u << (n))
static const uint32_t types_with_rights =
	BIT(TYPE_TSS16) | BIT(TYPE_LDT) | BIT(TYPE_TSS16_BUSY) | BIT(TYPE_CALL16) | BIT(TYPE_TASK_GATE) |
	BIT(TYPE_TSS32) | BIT(TYPE_TSS32_BUSY) | BIT(TYPE_CALL32);
static const uint32_t types_with_limit =
	BIT(TYPE_TSS16) | BIT(TYPE_LDT) | BIT(TYPE_TSS16_BUSY) | BIT(TYPE_TSS32) | BIT(TYPE_TSS32_BUSY);

/* lar and lsl: the register and ZF, or ZF alone. */
static bool load_look(struct x86 *x86, const struct x86_instruction *insn, bool limit, struct x86_fault *fault)
{
	struct x86_segment_cache cache;
	struct x86_found found;
	uint16_t selector;
	bool visible;

	if (!operand_word_read(x86, insn, &selector, fault) || !look(x86, selector, &found, &visible, fault))
		return false;
	if (visible && !descriptor_s(found.descriptor))
		visible = (limit ? types_with_limit : types_with_rights) & BIT(descriptor_type(found.descriptor));
	if (visible) {
		descriptor_to_cache(&found, &cache);
		register_set(&x86->cpu, modrm_reg(insn), insn->operand_size, limit ? cache.limit : cache.rights);
	}
	set_zero_flag(&x86->cpu, visible);
	return finish(x86, insn, CAUSE_INSTRUCTION, COST_LAR);
}

/* lar r, r/m16.  charges instruction (LAR). */
bool perform_lar(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	return load_look(x86, insn, false, fault);
}

/* lsl r, r/m16: the limit in bytes.  charges instruction (LAR). */
bool perform_lsl(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	return load_look(x86, insn, true, fault);
}

static bool verify(struct x86 *x86, const struct x86_instruction *insn, bool (*fits)(struct x86_descriptor),
                   struct x86_fault *fault)
{
	struct x86_found found;
	uint16_t selector;
	bool visible;

	if (!operand_word_read(x86, insn, &selector, fault) || !look(x86, selector, &found, &visible, fault))
		return false;
	set_zero_flag(&x86->cpu, visible && fits(found.descriptor));
	return finish(x86, insn, CAUSE_INSTRUCTION, COST_VERR);
}

/* verr r/m16.  charges instruction (VERR). */
bool perform_verr(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	return verify(x86, insn, descriptor_is_readable, fault);
}

/* verw r/m16.  charges instruction (VERR). */
bool perform_verw(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	return verify(x86, insn, descriptor_is_writable_data, fault);
}

/* arpl r/m16, r16: raises the RPL of a selector to that of the register.  charges instruction (ARPL). */
bool perform_arpl(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	uint16_t selector, rpl = x86->cpu.reg[modrm_reg(insn)] & SELECTOR_RPL;

	if (!operand_word_read(x86, insn, &selector, fault))
		return false;
	bool raised = (selector & SELECTOR_RPL) < rpl;
	selector = raised ? (uint16_t)((selector & ~SELECTOR_RPL) | rpl) : selector;
	if (insn->has_memory && raised && !operand_word_write(x86, insn, selector, fault))
		return false;
	if (!insn->has_memory)
		register_set(&x86->cpu, modrm_rm(insn), 2, selector);
	set_zero_flag(&x86->cpu, raised);
	return finish(x86, insn, CAUSE_INSTRUCTION, COST_ARPL);
}

/* --- TLB and caches --- */

/* invlpg m.  charges instruction (INVLPG). */
bool perform_invlpg(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	if (!insn->has_memory)
		return fault_plain(fault, VECTOR_UD);
	if (!require_ring_0(x86, fault))
		return false;
	x86_mmu_invlpg(x86, x86->cpu.seg[insn->segment].base + x86_effective_address(insn, &x86->cpu));
	return finish(x86, insn, CAUSE_INSTRUCTION, COST_INVLPG);
}

/* Empties the caches that are modelled; returns how many dirty lines there were. */
static uint32_t flush_caches(struct x86 *x86)
{
	struct cache *data = x86->mmu.data_cache, *code = x86->mmu.code_cache;
	uint32_t dirty = data ? cache_flush(data) : 0;

	if (code && code != data)
		cache_flush(code);
	return dirty;
}

/* invd: dirty lines are lost to the clock alone, since memory itself is always current.  charges instruction (INVD). */
bool perform_invd(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	if (!require_ring_0(x86, fault))
		return false;
	flush_caches(x86);
	return finish(x86, insn, CAUSE_INSTRUCTION, COST_INVD);
}

/* wbinvd.  charges instruction (WBINVD), cache (CACHE_WRITE_BACK for each dirty line). */
bool perform_wbinvd(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	if (!require_ring_0(x86, fault))
		return false;
	cycle_t lines = flush_caches(x86);
	ledger_charge(x86->ledger, CAUSE_CACHE, lines * x86->model->cost[COST_CACHE_WRITE_BACK]);
	return finish(x86, insn, CAUSE_INSTRUCTION, COST_WBINVD);
}

/* --- the processor about itself --- */

/* hlt: the run loop waits, and charges idle.  charges instruction (HLT). */
bool perform_hlt(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	if (!require_ring_0(x86, fault))
		return false;
	cycle_t until = x86->bus.next_event ? x86->bus.next_event(x86->bus.ctx) : CYCLE_NEVER;
	uint32_t arg[] = { (uint32_t)until, (uint32_t)(until >> 32) };
	perform_event(x86, EVENT_HALT, x86->cpu.eip, 2, arg);
	x86->cpu.halted = true;
	return finish(x86, insn, CAUSE_INSTRUCTION, COST_HLT);
}

enum { CPUID_PSE = 1 << 3, CPUID_TSC = 1 << 4, CPUID_MSR = 1 << 5, CPUID_CX8 = 1 << 8, CPUID_PGE = 1 << 13 };

static uint32_t features(const struct model *model)
{
	uint32_t bits = CPUID_TSC | CPUID_MSR | CPUID_CX8;

	if (model->large_pages)
		bits |= CPUID_PSE;
	if (model->global_pages)
		bits |= CPUID_PGE;
	return bits;
}

/* cpuid: leaf 0 the maker, leaf 1 the family (model 2, stepping 4) and what this model has: no FPU, no virtual-8086
 * extensions.  charges instruction (CPUID). */
bool perform_cpuid(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	uint32_t *reg = x86->cpu.reg, leaf = reg[EAX];

	(void)fault;
	reg[EAX] = reg[EBX] = reg[ECX] = reg[EDX] = 0;
	if (leaf == 0) {
		reg[EAX] = 1;
		memcpy(&reg[EBX], "Genu", 4);
		memcpy(&reg[EDX], "ineI", 4);
		memcpy(&reg[ECX], "ntel", 4);
	} else if (leaf == 1) {
		reg[EAX] = x86->model->family << 8 | 2u << 4 | 4u;
		reg[EDX] = features(x86->model);
	}
	return finish(x86, insn, CAUSE_INSTRUCTION, COST_CPUID);
}

static void put_pair(struct x86_cpu *cpu, uint64_t value)
{
	cpu->reg[EAX] = (uint32_t)value;
	cpu->reg[EDX] = (uint32_t)(value >> 32);
}

/* rdtsc: the clock of the ledger as the instruction begins.  charges instruction (RDTSC). */
bool perform_rdtsc(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	if ((x86->cpu.cr4 & CR4_TSD) && !require_ring_0(x86, fault))
		return false;
	put_pair(&x86->cpu, x86->ledger->now + x86->cpu.tsc_offset);
	return finish(x86, insn, CAUSE_INSTRUCTION, COST_RDTSC);
}

/* rdmsr: the time stamp; the machine check registers read as zero; others #GP(0).  charges instruction (RDMSR). */
bool perform_rdmsr(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	uint32_t number = x86->cpu.reg[ECX];

	if (!require_ring_0(x86, fault))
		return false;
	if (number != MSR_TSC && number != MSR_CHECK_ADDRESS && number != MSR_CHECK_TYPE)
		return fault_error(fault, VECTOR_GP, 0);
	put_pair(&x86->cpu, number == MSR_TSC ? x86->ledger->now + x86->cpu.tsc_offset : 0);
	return finish(x86, insn, CAUSE_INSTRUCTION, COST_RDMSR);
}

/* wrmsr: the time stamp; the machine check registers ignore it; others #GP(0).  charges instruction (WRMSR). */
bool perform_wrmsr(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	uint32_t number = x86->cpu.reg[ECX];

	if (!require_ring_0(x86, fault))
		return false;
	if (number != MSR_TSC && number != MSR_CHECK_ADDRESS && number != MSR_CHECK_TYPE)
		return fault_error(fault, VECTOR_GP, 0);
	if (number == MSR_TSC)
		x86->cpu.tsc_offset = ((uint64_t)x86->cpu.reg[EDX] << 32 | x86->cpu.reg[EAX]) - x86->ledger->now;
	return finish(x86, insn, CAUSE_INSTRUCTION, COST_WRMSR);
}

/* --- what there is not --- */

/* rsm: there is no system management mode to return from. */
bool perform_rsm(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	(void)x86, (void)insn;
	return fault_plain(fault, VECTOR_UD);
}

/* A floating-point instruction: no unit is there, #NM always.  charges instruction (ESC), uncounted. */
bool perform_esc(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	(void)insn;
	ledger_execute(x86->ledger, 0, x86->model->cost[COST_ESC]);
	return fault_plain(fault, VECTOR_NM);
}

/* wait: #NM if MP and TS.  charges instruction (WAIT). */
bool perform_wait(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	if ((x86->cpu.cr0 & CR0_MP) && (x86->cpu.cr0 & CR0_TS))
		return fault_plain(fault, VECTOR_NM);
	return finish(x86, insn, CAUSE_INSTRUCTION, COST_WAIT);
}

bool perform_undefined(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	(void)x86;
	if (insn->length == X86_TOO_LONG)
		return fault_error(fault, VECTOR_GP, 0);
	return fault_plain(fault, VECTOR_UD);
}
