/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See witness.h. */
#include "witness.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "sim/arch/mips/perform.h"
#include "sim/arch/mips/tlb.h"

static void add(struct witness *witness, const char *format, va_list arguments)
{
	size_t used = strlen(witness->report);

	vsnprintf(witness->report + used, sizeof witness->report - used, format, arguments);
}

static void add_line(struct witness *witness, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	add(witness, format, arguments);
	va_end(arguments);
}

/* The instructions that were executed last, the newest at the end. */
static void add_history(struct witness *witness)
{
	char text[64];

	for (unsigned back = WITNESS_HISTORY; back-- > 0;) {
		unsigned n = (unsigned)((witness->steps - 1 - back) % WITNESS_HISTORY);

		if (witness->steps < back + 1)
			continue;
		snprintf(text, sizeof text, "a miss");
		if (witness->history[n].known)
			oracle_disassemble(witness->history[n].word, witness->oracle->model.generation, witness->history[n].pc, text,
			                   sizeof text);
		add_line(witness, "%10llu  %08x  %08x  %s%s\n", (unsigned long long)witness->history[n].now, witness->history[n].pc,
		         witness->history[n].word, witness->history[n].slot ? "  " : "", text);
	}
}

void witness_differ(struct witness *witness, const char *format, ...)
{
	va_list arguments;

	if (!witness->reported++)
		add_history(witness);
	if (witness->reported > 24)
		return;
	va_start(arguments, format);
	add(witness, format, arguments);
	va_end(arguments);
	add_line(witness, "\n");
}

static void same(struct witness *witness, const char *what, uint64_t machine, uint64_t oracle)
{
	if (machine != oracle)
		witness_differ(witness, "%s: machine 0x%llx, oracle 0x%llx", what, (unsigned long long)machine,
		            (unsigned long long)oracle);
}

static void compare_registers(struct witness *witness)
{
	const struct mips_cpu *cpu = &witness->mips->cpu;
	const struct oracle *o = witness->oracle;
	static const char *const name[32] = {
		"zero", "at", "v0", "v1", "a0", "a1", "a2", "a3", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7",
		"s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "t8", "t9", "k0", "k1", "gp", "sp", "fp", "ra"
	};

	same(witness, "pc", cpu->pc, o->pc);
	same(witness, "in slot", cpu->in_slot, o->in_slot);
	if (o->in_slot)
		same(witness, "slot's target", cpu->slot_target, o->slot_target);
	for (int n = 0; n < 32; n++)
		same(witness, name[n], cpu->reg[n], o->reg[n]);
	same(witness, "hi", cpu->hi, o->hi);
	same(witness, "lo", cpu->lo, o->lo);
	same(witness, "linked", cpu->linked, o->linked);
	same(witness, "user mode", mips_user_mode(witness->mips), oracle_user_mode(o));
}

static void compare_cp0(struct witness *witness)
{
	for (unsigned n = 0; n < 32; n++) {
		uint32_t a = mips_cp0_read(witness->mips, n), b = oracle_cp0(witness->oracle, n);

		if (a != b)
			witness_differ(witness, "coprocessor 0's %u: machine 0x%x, oracle 0x%x", n, a, b);
	}
}

static void compare_time(struct witness *witness)
{
	static const struct { enum ledger_cause machine; enum oracle_cause oracle; } of[] = {
		{ CAUSE_TLB_WALK, ORACLE_TLB_WALK },
		{ CAUSE_TLB_REFILL, ORACLE_TLB_REFILL }, { CAUSE_TRAP_ENTRY, ORACLE_TRAP_ENTRY },
		{ CAUSE_TRAP_RETURN, ORACLE_TRAP_RETURN }, { CAUSE_CACHE, ORACLE_CACHE }, { CAUSE_BUS_IO, ORACLE_BUS_IO },
		{ CAUSE_WRITE_BUFFER, ORACLE_WRITE_BUFFER },
	};
	const uint64_t *machine = witness->ledger->total, *oracle = witness->oracle->cause;

	same(witness, "clock", witness->ledger->now, witness->oracle->now);
	same(witness, "instructions", witness->ledger->instructions, witness->oracle->retired);
	if (witness->ledger->now != witness->oracle->now)
		return;
	ledger_settle(witness->ledger);
	/* The machine calls the rounds of a loop that does nothing idle. */
	same(witness, "instruction and idle", machine[CAUSE_INSTRUCTION] + machine[CAUSE_IDLE],
	     oracle[ORACLE_INSTRUCTION] + oracle[ORACLE_IDLE]);
	for (size_t n = 0; n < sizeof of / sizeof *of; n++)
		same(witness, ledger_cause_name(of[n].machine), machine[of[n].machine], oracle[of[n].oracle]);
}

static void compare_counts(struct witness *witness)
{
	const uint64_t *count = witness->mips->count;
	const struct oracle_counts *counts = &witness->oracle->count;

	same(witness, "misses of code", count[MIPS_COUNT_CODE_TLB_MISSES], counts->code_misses);
	same(witness, "misses of data", count[MIPS_COUNT_DATA_TLB_MISSES], counts->data_misses);
	same(witness, "misses to the refill vector", count[MIPS_COUNT_UTLB_MISSES], counts->refill_vector);
	same(witness, "misses to the general vector", count[MIPS_COUNT_KTLB_MISSES], counts->general_vector);
	same(witness, "misses of the code cache", count[MIPS_COUNT_CODE_CACHE_MISSES], counts->code_cache_misses);
	same(witness, "misses of the data cache", count[MIPS_COUNT_DATA_CACHE_MISSES], counts->data_cache_misses);
	same(witness, "invalid", count[MIPS_COUNT_TLB_INVALID], counts->invalid);
	same(witness, "modified", count[MIPS_COUNT_TLB_MODIFIED], counts->modified);
	same(witness, "TLB writes", count[MIPS_COUNT_TLB_WRITES], counts->writes);
	same(witness, "traps", count[MIPS_COUNT_TRAPS], counts->traps);
	same(witness, "interrupts", count[MIPS_COUNT_INTERRUPTS], counts->interrupts);
	same(witness, "address space switches", count[MIPS_COUNT_ADDRESS_SPACE_SWITCHES], counts->asid_changes);
}

static void compare_entry(struct witness *witness, unsigned n)
{
	struct mips_tlb_entry a = mips_tlb_entry(witness->mips, n);
	const struct oracle_entry *b = &witness->oracle->tlb[n];
	unsigned halves = witness->oracle->model.generation == 4 ? 2 : 1;
	bool equal = a.page == b->page && a.mask == b->mask && a.asid == b->asid && a.global == b->global;

	for (unsigned half = 0; half < halves; half++)
		equal = equal && a.half[half].frame == b->frame[half] && a.half[half].valid == b->valid[half] &&
		        a.half[half].dirty == b->dirty[half];
	if (!equal)
		witness_differ(witness, "entry %u: machine page %05x mask %x asid %x%s frame %05x, oracle page %05x mask %x "
		                  "asid %x%s "
		                  "frame %05x", n, a.page, a.mask, a.asid, a.global ? " global" : "", a.half[0].frame, b->page,
		            b->mask, b->asid, b->global ? " global" : "", b->frame[0]);
}

/* Who was used before whom, in each set. */
static void compare_recency(struct witness *witness)
{
	const struct replacement *r = &witness->mips->tlb->replacement;
	const struct oracle *o = witness->oracle;

	for (uint32_t set = 0; set < r->sets && r->policy == TLB_PSEUDO_LRU; set++)
		if (r->tree[set] != o->tree[set])
			witness_differ(witness, "set %u: tree: machine %llx, oracle %llx", set, (unsigned long long)r->tree[set],
			            (unsigned long long)o->tree[set]);
	for (uint32_t set = 0; set < r->sets && r->policy == TLB_LRU; set++) {
		uint32_t way = r->oldest[set], next;

		for (uint32_t n = 1; n < r->ways; n++, way = next) {
			next = r->newer[set * r->ways + way];
			if (o->touched[way * r->sets + set] > o->touched[next * r->sets + set])
				witness_differ(witness, "set %u: way %u used before way %u: the oracle's was the other way about", set, way, next);
		}
	}
}

bool witness_compare(struct witness *witness, bool with_tlb)
{
	if (witness->mips->cpu.shutdown || witness->oracle->shutdown) {
		same(witness, "shut down", witness->mips->cpu.shutdown, witness->oracle->shutdown);
		return !witness->reported;
	}
	compare_registers(witness);
	compare_time(witness);
	compare_cp0(witness);
	compare_counts(witness);
	for (unsigned n = 0; with_tlb && n < witness->oracle->model.entries; n++)
		compare_entry(witness, n);
	compare_recency(witness);
	return !witness->reported;
}

bool witness_compare_memory(struct witness *witness, const uint8_t *machine)
{
	const uint8_t *oracle = witness->oracle->memory;

	if (memcmp(machine, oracle, witness->oracle->memory_size) == 0)
		return !witness->reported;
	for (uint32_t n = 0; n < witness->oracle->memory_size; n++)
		if (machine[n] != oracle[n])
			witness_differ(witness, "memory 0x%05x: machine %02x, oracle %02x", n, machine[n], oracle[n]);
	return false;
}

void witness_remember(struct witness *witness)
{
	const struct oracle *o = witness->oracle;
	unsigned n = (unsigned)(witness->steps++ % WITNESS_HISTORY);

	witness->history[n].pc = o->pc;
	witness->history[n].now = o->now;
	witness->history[n].slot = o->in_slot;
	witness->history[n].known = oracle_peek(o, o->pc, &witness->history[n].word);
}

void witness_follow(struct witness *witness, uint64_t until)
{
	struct oracle *o = witness->oracle;
	uint64_t before;

	o->idle_until = until;
	while (!o->shutdown && !(o->block_begins && o->now >= until)) {
		before = o->now;
		witness_remember(witness);
		oracle_step(o);
		if (o->waiting && o->now == before)
			return;
	}
}
