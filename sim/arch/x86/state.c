/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Power on, and snapshots.
 *
 * A snapshot holds what the guest or the clock could ever notice: the processor,
 * what its TLBs, caches and branch buffer remember, and the counters.  Of the
 * engine nothing is in it: after loading it starts afresh, and all that follows
 * is the same, since nothing depends on what the engine had translated or held.
 *
 * Invariants
 *   1. saved at an instruction boundary (x86_run has returned): no block runs.
 *   2. field by field: padding is no state.
 */
#include <string.h>
#include "sim/arch/x86/runner.h"

enum { DR6_AT_RESET = 0xffff0ff0u, DR7_AT_RESET = 0x400 };
enum { FLAT = RIGHTS_PRESENT | RIGHTS_S | RIGHTS_WRITABLE | RIGHTS_ACCESSED | RIGHTS_BIG | RIGHTS_GRANULAR };

static struct x86_segment_cache flat(uint16_t selector, uint32_t more)
{
	return (struct x86_segment_cache){ .selector = selector, .usable = true, .limit = 0xffffffff,
	                                   .rights = FLAT | more };
}

void x86_reset(struct x86 *x86, uint32_t entry, uint32_t eax, uint32_t ebx)
{
	struct x86_cpu *cpu = &x86->cpu;

	memset(cpu, 0, sizeof *cpu);
	cpu->reg[EAX] = eax;
	cpu->reg[EBX] = ebx;
	cpu->eip = entry;
	cpu->eflags = EFLAGS_ONE;
	for (unsigned n = 0; n < SEGMENTS; n++)
		cpu->seg[n] = n == CS ? flat(0x08, RIGHTS_CODE) : flat(0x10, 0);
	cpu->cr0 = CR0_PE | CR0_ET;
	cpu->dr[6] = DR6_AT_RESET;
	cpu->dr[7] = DR7_AT_RESET;
	cpu->tr.limit = 0xffff;
	cpu->ldtr.limit = 0xffff;
}

static void segment_state(struct stream *stream, struct x86_segment_cache *segment)
{
	stream_field(stream, segment->selector);
	stream_field(stream, segment->usable);
	stream_field(stream, segment->base);
	stream_field(stream, segment->limit);
	stream_field(stream, segment->rights);
}

static void table_state(struct stream *stream, struct x86_table *table)
{
	stream_field(stream, table->base);
	stream_field(stream, table->limit);
}

static void cpu_state(struct stream *stream, struct x86_cpu *cpu)
{
	stream_field(stream, cpu->reg);
	stream_field(stream, cpu->eip);
	stream_field(stream, cpu->eflags);
	stream_field(stream, cpu->cpl);
	for (unsigned n = 0; n < SEGMENTS; n++)
		segment_state(stream, &cpu->seg[n]);
	segment_state(stream, &cpu->ldtr);
	segment_state(stream, &cpu->tr);
	table_state(stream, &cpu->gdtr);
	table_state(stream, &cpu->idtr);
	stream_field(stream, cpu->cr0);
	stream_field(stream, cpu->cr2);
	stream_field(stream, cpu->cr3);
	stream_field(stream, cpu->cr4);
	stream_field(stream, cpu->dr);
	stream_field(stream, cpu->tsc_offset);
	stream_field(stream, cpu->shadow);
	stream_field(stream, cpu->string_begun);
	stream_field(stream, cpu->halted);
	stream_field(stream, cpu->shutdown);
}

static void mmu_state(struct stream *stream, struct x86_mmu *mmu)
{
	struct tlb *const tlb[MODEL_TLBS] = { mmu->data, mmu->code, mmu->large };

	for (unsigned n = 0; n < MODEL_TLBS; n++)
		if (tlb[n])
			tlb_state(stream, tlb[n]);
	if (mmu->data_cache)
		cache_state(stream, mmu->data_cache);
	if (mmu->code_cache && mmu->code_cache != mmu->data_cache)
		cache_state(stream, mmu->code_cache);
	stream_field(stream, mmu->tag);
	stream_field(stream, mmu->tag_owner);
	stream_field(stream, mmu->tags_used);
}

void x86_state(struct stream *stream, struct x86 *x86)
{
	struct x86_runner *r = x86->runner;

	cpu_state(stream, &x86->cpu);
	mmu_state(stream, &x86->mmu);
	stream_field(stream, x86->count);
	if (!r)
		return;
	if (x86->model->branch_prediction)
		branch_state(stream, &r->branches);
	if (!stream->loading)
		return;
	transferred(r);
	r->current = NULL;
	r->walk = NULL;
	r->early = r->passed = r->resuming = false;
	r->loaded_cpl = 4;
	engine_afresh(x86);
}
