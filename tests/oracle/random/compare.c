/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See compare.h. */
#include "compare.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "sim/arch/mips/perform.h"
#include "sim/arch/mips/tlb.h"

static void add(struct duel *duel, const char *format, va_list arguments)
{
	size_t used = strlen(duel->report);

	vsnprintf(duel->report + used, sizeof duel->report - used, format, arguments);
}

static void add_line(struct duel *duel, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	add(duel, format, arguments);
	va_end(arguments);
}

/* The instructions that were executed last, the newest at the end. */
static void add_history(struct duel *duel)
{
	char text[64];

	for (unsigned back = DUEL_HISTORY; back-- > 0;) {
		unsigned n = (unsigned)((duel->steps - 1 - back) % DUEL_HISTORY);

		if (duel->steps < back + 1)
			continue;
		oracle_disassemble(duel->history[n].word, duel->model.generation, duel->history[n].pc, text, sizeof text);
		add_line(duel, "%10llu  %08x  %08x  %s%s\n", (unsigned long long)duel->history[n].now, duel->history[n].pc,
		         duel->history[n].word, duel->history[n].slot ? "  " : "", text);
	}
}

void duel_differ(struct duel *duel, const char *format, ...)
{
	va_list arguments;

	if (!duel->reported++)
		add_history(duel);
	if (duel->reported > 24)
		return;
	va_start(arguments, format);
	add(duel, format, arguments);
	va_end(arguments);
	add_line(duel, "\n");
}

static void same(struct duel *duel, const char *what, uint64_t machine, uint64_t oracle)
{
	if (machine != oracle)
		duel_differ(duel, "%s: machine 0x%llx, oracle 0x%llx", what, (unsigned long long)machine,
		            (unsigned long long)oracle);
}

static void compare_registers(struct duel *duel)
{
	const struct mips_cpu *cpu = &duel->mips->cpu;
	const struct oracle *o = duel->oracle;
	static const char *const name[32] = {
		"zero", "at", "v0", "v1", "a0", "a1", "a2", "a3", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7",
		"s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "t8", "t9", "k0", "k1", "gp", "sp", "fp", "ra"
	};

	same(duel, "pc", cpu->pc, o->pc);
	same(duel, "in slot", cpu->in_slot, o->in_slot);
	if (o->in_slot)
		same(duel, "slot's target", cpu->slot_target, o->slot_target);
	for (int n = 0; n < 32; n++)
		same(duel, name[n], cpu->reg[n], o->reg[n]);
	same(duel, "hi", cpu->hi, o->hi);
	same(duel, "lo", cpu->lo, o->lo);
	same(duel, "linked", cpu->linked, o->linked);
	same(duel, "user mode", mips_user_mode(duel->mips), oracle_user_mode(o));
}

static void compare_cp0(struct duel *duel)
{
	for (unsigned n = 0; n < 32; n++) {
		uint32_t a = mips_cp0_read(duel->mips, n), b = oracle_cp0(duel->oracle, n);

		if (a != b)
			duel_differ(duel, "coprocessor 0's %u: machine 0x%x, oracle 0x%x", n, a, b);
	}
}

static void compare_time(struct duel *duel)
{
	static const struct { enum ledger_cause machine; enum oracle_cause oracle; } of[] = {
		{ CAUSE_TLB_WALK, ORACLE_TLB_WALK },
		{ CAUSE_TLB_REFILL, ORACLE_TLB_REFILL }, { CAUSE_TRAP_ENTRY, ORACLE_TRAP_ENTRY },
		{ CAUSE_TRAP_RETURN, ORACLE_TRAP_RETURN }, { CAUSE_CACHE, ORACLE_CACHE }, { CAUSE_BUS_IO, ORACLE_BUS_IO },
		{ CAUSE_WRITE_BUFFER, ORACLE_WRITE_BUFFER },
	};

	same(duel, "clock", duel->ledger.now, duel->oracle->now);
	same(duel, "instructions", duel->ledger.instructions, duel->oracle->retired);
	if (duel->ledger.now != duel->oracle->now)
		return;
	ledger_settle(&duel->ledger);
	/* The machine calls the rounds of a loop that does nothing idle. */
	same(duel, "instruction and idle", duel->ledger.total[CAUSE_INSTRUCTION] + duel->ledger.total[CAUSE_IDLE],
	     duel->oracle->cause[ORACLE_INSTRUCTION] + duel->oracle->cause[ORACLE_IDLE]);
	for (size_t n = 0; n < sizeof of / sizeof *of; n++)
		same(duel, ledger_cause_name(of[n].machine), duel->ledger.total[of[n].machine], duel->oracle->cause[of[n].oracle]);
}

static void compare_counts(struct duel *duel)
{
	const uint64_t *count = duel->mips->count;
	const struct oracle_counts *counts = &duel->oracle->count;

	same(duel, "misses of code", count[MIPS_COUNT_CODE_TLB_MISSES], counts->code_misses);
	same(duel, "misses of data", count[MIPS_COUNT_DATA_TLB_MISSES], counts->data_misses);
	same(duel, "misses to the refill vector", count[MIPS_COUNT_UTLB_MISSES], counts->refill_vector);
	same(duel, "misses to the general vector", count[MIPS_COUNT_KTLB_MISSES], counts->general_vector);
	same(duel, "invalid", count[MIPS_COUNT_TLB_INVALID], counts->invalid);
	same(duel, "modified", count[MIPS_COUNT_TLB_MODIFIED], counts->modified);
	same(duel, "TLB writes", count[MIPS_COUNT_TLB_WRITES], counts->writes);
	same(duel, "traps", count[MIPS_COUNT_TRAPS], counts->traps);
	same(duel, "interrupts", count[MIPS_COUNT_INTERRUPTS], counts->interrupts);
	same(duel, "address space switches", count[MIPS_COUNT_ADDRESS_SPACE_SWITCHES], counts->asid_changes);
}

static void compare_entry(struct duel *duel, unsigned n)
{
	struct mips_tlb_entry a = mips_tlb_entry(duel->mips, n);
	const struct oracle_entry *b = &duel->oracle->tlb[n];
	unsigned halves = duel->model.generation == 4 ? 2 : 1;
	bool equal = a.page == b->page && a.mask == b->mask && a.asid == b->asid && a.global == b->global;

	for (unsigned half = 0; half < halves; half++)
		equal = equal && a.half[half].frame == b->frame[half] && a.half[half].valid == b->valid[half] &&
		        a.half[half].dirty == b->dirty[half];
	if (!equal)
		duel_differ(duel, "entry %u: machine page %05x mask %x asid %x%s frame %05x, oracle page %05x mask %x asid %x%s "
		                  "frame %05x", n, a.page, a.mask, a.asid, a.global ? " global" : "", a.half[0].frame, b->page,
		            b->mask, b->asid, b->global ? " global" : "", b->frame[0]);
}

/* Who was used before whom, in each set. */
static void compare_recency(struct duel *duel)
{
	const struct replacement *r = &duel->mips->tlb->replacement;
	const struct oracle *o = duel->oracle;

	for (uint32_t set = 0; set < r->sets && r->policy == TLB_PSEUDO_LRU; set++)
		if (r->tree[set] != o->tree[set])
			duel_differ(duel, "set %u: tree: machine %llx, oracle %llx", set, (unsigned long long)r->tree[set],
			            (unsigned long long)o->tree[set]);
	for (uint32_t set = 0; set < r->sets && r->policy == TLB_LRU; set++) {
		uint32_t way = r->oldest[set], next;

		for (uint32_t n = 1; n < r->ways; n++, way = next) {
			next = r->newer[set * r->ways + way];
			if (o->touched[way * r->sets + set] > o->touched[next * r->sets + set])
				duel_differ(duel, "set %u: way %u used before way %u: the oracle's was the other way about", set, way, next);
		}
	}
}

bool duel_compare(struct duel *duel, bool with_tlb)
{
	if (duel->mips->cpu.shutdown || duel->oracle->shutdown) {
		same(duel, "shut down", duel->mips->cpu.shutdown, duel->oracle->shutdown);
		duel->over = true;
		return !duel->reported;
	}
	compare_registers(duel);
	compare_time(duel);
	compare_cp0(duel);
	compare_counts(duel);
	same(duel, "the board's state", duel->board[0].state, duel->board[1].state);
	same(duel, "the board's next event", duel->board[0].due, duel->board[1].due);
	for (unsigned n = 0; with_tlb && n < duel->stage->model.entries; n++)
		compare_entry(duel, n);
	compare_recency(duel);
	return !duel->reported;
}

bool duel_compare_memory(struct duel *duel)
{
	const uint8_t *a = duel->ram, *b = duel->oracle->memory;

	if (memcmp(a, b, STAGE_MEMORY) == 0)
		return !duel->reported;
	for (uint32_t n = 0; n < STAGE_MEMORY; n++)
		if (a[n] != b[n])
			duel_differ(duel, "memory 0x%05x: machine %02x, oracle %02x", n, a[n], b[n]);
	return false;
}
