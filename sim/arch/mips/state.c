/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Power on, what mode and interrupts there are, and snapshots.
 *
 * A boot loader leaves the processor in kernel mode with interrupts off and the vectors in its ROM (BEV), which no
 * machine here has: a kernel clears BEV before its first exception.
 *
 * Invariants
 *   1. saved at an instruction boundary; field by field: padding is no state.
 */
#include <string.h>
#include "sim/arch/mips/cp0.h"

/* PRId: the implementation in bits 15..8. */
enum { IMPLEMENTATION_SHIFT = 8, IMPLEMENTATION_R2000 = 1, IMPLEMENTATION_R3000 = 2, IMPLEMENTATION_R4000 = 4 };

static uint32_t prid_of(const struct model *model)
{
	uint32_t implementation = model->generation == 4 ? IMPLEMENTATION_R4000
	                        : model->generation == 3 ? IMPLEMENTATION_R3000 : IMPLEMENTATION_R2000;
	return implementation << IMPLEMENTATION_SHIFT;
}

/* Config (R4000 User's Manual, chapter 4): sizes as 2^(12 + n), lines of 16 or 32 bytes, no secondary cache. */
enum { CONFIG_DC_SHIFT = 6, CONFIG_IC_SHIFT = 9, CONFIG_SIZE_LEAST = 4096, CONFIG_LINE_LONG = 32 };
#define CONFIG_DB (1u << 4)
#define CONFIG_IB (1u << 5)
#define CONFIG_NO_SECONDARY (1u << 17)

static uint32_t size_field(uint32_t size)
{
	uint32_t n = 0;

	while (n < 7 && (uint32_t)CONFIG_SIZE_LEAST << n < size)
		n++;
	return n;
}

static uint32_t config_of(const struct model *model)
{
	const struct cache_geometry *data = model->split_cache ? &model->data_cache : &model->cache;
	const struct cache_geometry *code = model->split_cache ? &model->code_cache : &model->cache;

	return CONFIG_NO_SECONDARY | size_field(code->size) << CONFIG_IC_SHIFT | size_field(data->size) << CONFIG_DC_SHIFT |
	       (code->line == CONFIG_LINE_LONG ? CONFIG_IB : 0) | (data->line == CONFIG_LINE_LONG ? CONFIG_DB : 0) |
	       COHERENCY_NONCOHERENT;
}

/* Power on at the ledger's now, as the boot loader leaves it; the TLB is as mips_mmu_init made it.  Charges nothing. */
void mips_reset(struct mips *mips, const struct processor_boot *boot)
{
	struct mips_cpu *cpu = &mips->cpu;

	memset(cpu, 0, sizeof *cpu);
	memcpy(&cpu->reg[R_A0], boot->argument, sizeof boot->argument);
	cpu->pc = boot->entry;
	cpu->cp0[CP0_STATUS] = SR_BEV;
	cpu->cp0[CP0_PRID] = prid_of(mips->model);
	cpu->random_base = mips->ledger->instructions;
	cpu->count_base = mips->ledger->now;
	cpu->compare_due = CYCLE_NEVER;
	if (!mips_is_r4000(mips))
		return;
	cpu->cp0[CP0_CONFIG] = config_of(mips->model);
	cpu->compare_due = cp0_next_match(mips);
}

/* --- mode and interrupts --- */

bool mips_user_mode(const struct mips *mips)
{
	uint32_t status = mips->cpu.cp0[CP0_STATUS];

	if (!mips_is_r4000(mips))
		return status & SR3_KUC;
	return !(status & (SR4_EXL | SR4_ERL)) && (status & SR4_KSU) >= SR4_KSU_USER;
}

uint32_t mips_interrupt_lines(const struct mips *mips)
{
	const struct processor_bus *bus = &mips->bus;
	uint32_t lines = 0;

	if (bus->interrupt_pending && bus->interrupt_pending(bus->ctx))
		lines |= CAUSE_IP2;
	if (mips->ledger->now >= mips->cpu.compare_due)
		lines |= CAUSE_IP7;
	return lines;
}

static bool interrupts_on(const struct mips *mips)
{
	uint32_t status = mips->cpu.cp0[CP0_STATUS];

	if (!mips_is_r4000(mips))
		return status & SR3_IEC;
	return (status & (SR4_IE | SR4_EXL | SR4_ERL)) == SR4_IE;
}

bool mips_interrupt_due(const struct mips *mips)
{
	uint32_t mask = mips->cpu.cp0[CP0_STATUS] & SR_IM;

	if (!mask || !interrupts_on(mips))
		return false;
	return ((mips->cpu.cp0[CP0_CAUSE] & CAUSE_IP_SOFTWARE) | mips_interrupt_lines(mips)) & mask;
}

cycle_t mips_timer_event(const struct mips *mips)
{
	bool masked = !(mips->cpu.cp0[CP0_STATUS] & CAUSE_IP7);

	return masked || mips->ledger->now >= mips->cpu.compare_due ? CYCLE_NEVER : mips->cpu.compare_due;
}

/* --- snapshots --- */

static void cpu_state(struct stream *stream, struct mips_cpu *cpu)
{
	stream_field(stream, cpu->reg);
	stream_field(stream, cpu->hi);
	stream_field(stream, cpu->lo);
	stream_field(stream, cpu->pc);
	stream_flag(stream, &cpu->in_slot);
	stream_field(stream, cpu->slot_target);
	stream_field(stream, cpu->cp0);
	stream_field(stream, cpu->random_base);
	stream_field(stream, cpu->count_base);
	stream_field(stream, cpu->compare_due);
	stream_field(stream, cpu->hilo_ready);
	stream_field(stream, cpu->ready);
	stream_field(stream, cpu->drained);
	stream_flag(stream, &cpu->linked);
	stream_flag(stream, &cpu->waiting);
	stream_flag(stream, &cpu->shutdown);
	cpu->reg[R_ZERO] = 0;
}

void mips_core_state(struct stream *stream, struct mips *mips)
{
	cpu_state(stream, &mips->cpu);
	mips_mmu_state(stream, mips);
	stream_field(stream, mips->count);
	stream_flag(stream, &mips->refilling);
	mips_watch_state(stream, mips);
	stream_field(stream, mips->reason);
	mips->reason[sizeof mips->reason - 1] = '\0';
}
