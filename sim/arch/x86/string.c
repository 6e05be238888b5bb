/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * String instructions that move: movs, stos, lods, with rep; and the loop that ins and outs (io.c) share.
 *
 * Source: i386 §3.6 (string instructions), instruction REP.
 *
 *                  count is 0, or no rep
 *   fresh --------------------------------------> complete
 *     |  elements                                    ^
 *     v                                              | count reaches 0
 *   begun --- deadline, STRING_LONGEST, TF, breakpoint: eip stays; entered again ---> begun
 *     |
 *     | a fault, an interrupt: x86_trap makes it fresh again
 *
 * Invariants
 *   1. between elements the registers tell exactly what is done: a fault, an interrupt and a restart lose nothing.
 *   2. the begin cost is charged once each time the instruction begins afresh: again after an interrupt or a fault,
 *      as on the processor, but not when the loop merely gave the devices their turn (cpu->string_begun).
 *   3. a bulk of elements leaves memory, registers, TLB, caches and clock as element after element would: it is used
 *      only after an element in the same pages met no TLB miss, so that further ones cannot change the TLB.
 */
#include "sim/arch/x86/performing.h"

enum { STRING_LONGEST = 4096 }; /* elements performed at most before the run loop is asked again */
#define DR7_ENABLED 0xffu              /* any of L0 G0 .. L3 G3 */

static uint32_t width_mask(const struct x86_instruction *insn)
{
	return insn->address_size == 4 ? UINT32_MAX : 0xffff;
}

vaddr_t string_offset(const struct x86_cpu *cpu, const struct x86_instruction *insn, enum x86_register number)
{
	return cpu->reg[number] & width_mask(insn);
}

static void add_to(struct x86_cpu *cpu, const struct x86_instruction *insn, enum x86_register number, uint32_t amount)
{
	uint32_t mask = width_mask(insn);
	cpu->reg[number] = (cpu->reg[number] & ~mask) | ((cpu->reg[number] + amount) & mask);
}

static uint32_t step(const struct x86_cpu *cpu, const struct x86_instruction *insn)
{
	return cpu->eflags & EFLAGS_DF ? 0u - insn->operand_size : insn->operand_size;
}

/* --- the loop --- */

static void advance(struct x86_cpu *cpu, const struct x86_instruction *insn, const struct string_kind *kind, uint32_t n)
{
	if (kind->source)
		add_to(cpu, insn, ESI, n * step(cpu, insn));
	if (kind->destination)
		add_to(cpu, insn, EDI, n * step(cpu, insn));
	if (insn->rep)
		add_to(cpu, insn, ECX, 0u - n);
}

static bool complete(struct x86 *x86, const struct x86_instruction *insn)
{
	ledger_execute(x86->ledger, 1, 0);
	x86->cpu.string_begun = false;
	x86->cpu.eip = next_eip(&x86->cpu, insn);
	return true;
}

/* What an element costs in bulk: what it waits for memory is charged with it. */
static uint32_t bulk_cycles(const struct x86 *x86, const struct x86_instruction *insn, const struct string_kind *kind)
{
	return x86->model->cost[kind->each] +
	       (kind->source ? x86_wait_cycles(x86->model, insn->operand_size, false) : 0) +
	       (kind->destination ? x86_wait_cycles(x86->model, insn->operand_size, true) : 0);
}

/* How many of `most` elements fit until the deadline, at least 1. */
static uint32_t until_deadline(const struct ledger *ledger, uint32_t most, uint32_t each)
{
	if (ledger->now >= ledger->deadline || each == 0)
		return ledger->now >= ledger->deadline ? 1 : most;
	cycle_t fit = (ledger->deadline - ledger->now - 1) / each + 1;
	return fit < most ? (uint32_t)fit : most;
}

/* Breakpoints on data must see each element. */
static bool may_go_in_bulk(const struct x86 *x86, const struct string_kind *kind)
{
	return kind->bulk && !(x86->cpu.dr[7] & DR7_ENABLED);
}

static bool repeat(struct x86 *x86, const struct x86_instruction *insn, const struct string_kind *kind,
                   struct x86_fault *fault)
{
	struct x86_cpu *cpu = &x86->cpu;
	const uint32_t *cost = x86->model->cost;
	uint32_t budget = cpu->eflags & EFLAGS_TF ? 1 : STRING_LONGEST, left;
	uint32_t begin = cpu->string_begun ? 0 : cost[kind->begin] + prefix_cycles(x86, insn);

	while ((left = string_offset(cpu, insn, ECX)) != 0 && budget > 0) {
		uint64_t misses = x86->count[COUNT_TLB_MISSES];
		if (!kind->element(x86, insn, begin + cost[kind->each], fault))
			return false;
		advance(cpu, insn, kind, 1);
		cpu->string_begun = true;
		begin = 0;
		budget--;
		left--;
		if (x86->ledger->now >= x86->ledger->deadline || x86->debug_hits)
			break;
		if (!may_go_in_bulk(x86, kind) || misses != x86->count[COUNT_TLB_MISSES] || left == 0 || budget == 0)
			continue;
		uint32_t each = bulk_cycles(x86, insn, kind);
		uint32_t most = until_deadline(x86->ledger, left < budget ? left : budget, each);
		uint32_t done = kind->bulk(x86, insn, most, each);
		advance(cpu, insn, kind, done);
		budget -= done;
		if (x86->ledger->now >= x86->ledger->deadline)
			break;
	}
	if (string_offset(cpu, insn, ECX) != 0)
		return true;
	ledger_execute(x86->ledger, 0, begin);
	return complete(x86, insn);
}

bool string_perform(struct x86 *x86, const struct x86_instruction *insn, const struct string_kind *kind,
                    struct x86_fault *fault)
{
	if (insn->rep)
		return repeat(x86, insn, kind, fault);
	if (!kind->element(x86, insn, x86->model->cost[kind->single] + prefix_cycles(x86, insn), fault))
		return false;
	advance(&x86->cpu, insn, kind, 1);
	return complete(x86, insn);
}

/* --- bulks: runs of elements within one page --- */

/* A run of elements in one page of one segment. */
struct span {
	laddr_t linear;  /* of the first element */
	paddr_t lowest;  /* physical, of the element at the lowest address */
	uint8_t *host;   /* the first element */
};

/* How many elements of size bytes lie in the page from address on, in the direction of DF. */
static uint32_t in_page(laddr_t address, uint32_t size, bool down)
{
	uint32_t offset = address & PAGE_MASK;

	if (offset + size > PAGE_SIZE)
		return 0;
	return down ? offset / size + 1 : (PAGE_SIZE - offset) / size;
}

/* How many of n elements, from an index register on, lie in one page; 0 if they are not all within the segment, or if
 * the element before, the neighbour, did not touch the page: then the TLB is not known to be at rest. */
static uint32_t fit(const struct x86 *x86, const struct x86_instruction *insn, unsigned segment,
                    enum x86_register number, uint32_t n, laddr_t *linear)
{
	const struct x86_segment_cache *cache = &x86->cpu.seg[segment];
	uint32_t size = insn->operand_size, offset = string_offset(&x86->cpu, insn, number);
	bool down = x86->cpu.eflags & EFLAGS_DF;
	laddr_t neighbour = cache->base + ((offset - step(&x86->cpu, insn)) & width_mask(insn));

	*linear = cache->base + offset;
	if (PAGE_OF(neighbour) != PAGE_OF(*linear) && PAGE_OF(neighbour + size - 1) != PAGE_OF(*linear))
		return 0;
	uint32_t room = in_page(*linear, size, down);
	n = n < room ? n : room;
	if (n == 0)
		return 0;
	uint32_t reach = (n - 1) * size;
	if (down && offset < reach)
		return 0;
	uint32_t lowest = down ? offset - reach : offset;
	bool wraps = (uint64_t)lowest + reach + size - 1 > width_mask(insn);
	return !wraps && segment_within(cache, lowest, reach + size) ? n : 0;
}

/* Where the run lies in memory; false if it is not all RAM. */
static bool locate(struct x86 *x86, laddr_t linear, enum access access, uint32_t n, uint32_t size, struct span *span)
{
	struct tlb_entry entry;
	struct x86_fault fault;
	uint32_t reach = (n - 1) * size;

	if (!x86_translate(x86, linear, access, privilege_of(x86->cpu.cpl), &entry, &fault))
		return false;
	paddr_t first = entry.frame << PAGE_SHIFT | (linear & PAGE_MASK);
	span->linear = linear;
	span->lowest = x86->cpu.eflags & EFLAGS_DF ? first - reach : first;
	if (x86->ram_size < PAGE_SIZE || span->lowest > x86->ram_size - reach - size)
		return false;
	span->host = x86->ram + first;
	return true;
}

static void tell_written(struct x86 *x86, const struct span *span, uint32_t bytes)
{
	if (x86->engine.written)
		x86->engine.written(x86->engine.ctx, span->lowest, bytes);
}

static paddr_t physical(const struct x86 *x86, const struct span *span, ptrdiff_t at)
{
	return (paddr_t)(span->host + at - x86->ram);
}

/* An element through the cache model. */
static void pass_caches(struct x86 *x86, const struct span *from, const struct span *to, ptrdiff_t at, uint32_t size)
{
	if (from)
		x86_cache_access(x86, physical(x86, from, at), size, ACCESS_READ);
	x86_cache_access(x86, physical(x86, to, at), size, ACCESS_WRITE);
}

/* --- movs --- */

static bool movs_element(struct x86 *x86, const struct x86_instruction *insn, uint32_t cycles, struct x86_fault *fault)
{
	uint32_t value, size = insn->operand_size;

	if (!operand_read(x86, insn->segment, string_offset(&x86->cpu, insn, ESI), &value, size, fault) ||
	    !operand_write(x86, ES, string_offset(&x86->cpu, insn, EDI), &value, size, fault))
		return false;
	ledger_execute(x86->ledger, 0, cycles);
	return true;
}

/* The whole run as one copy where that is the same as element after element. */
static bool copy_at_once(struct x86 *x86, const struct span *from, const struct span *to, uint32_t bytes)
{
	uint32_t distance = from->lowest > to->lowest ? from->lowest - to->lowest : to->lowest - from->lowest;

	if (x86->mmu.data_cache || distance < bytes)
		return false;
	memcpy(x86->ram + to->lowest, x86->ram + from->lowest, bytes);
	return true;
}

static uint32_t movs_bulk(struct x86 *x86, const struct x86_instruction *insn, uint32_t most, uint32_t each)
{
	uint32_t size = insn->operand_size, done = 0;
	laddr_t source, destination;
	struct span from, to;

	most = fit(x86, insn, insn->segment, ESI, most, &source);
	most = most ? fit(x86, insn, ES, EDI, most, &destination) : 0;
	if (!most || !locate(x86, source, ACCESS_READ, most, size, &from) ||
	    !locate(x86, destination, ACCESS_WRITE, most, size, &to))
		return 0;
	if (copy_at_once(x86, &from, &to, most * size)) {
		ledger_execute(x86->ledger, 0, most * each);
		tell_written(x86, &to, most * size);
		return most;
	}
	ptrdiff_t at = 0, stride = (int32_t)step(&x86->cpu, insn);
	do {
		memmove(to.host + at, from.host + at, size);
		if (x86->mmu.data_cache)
			pass_caches(x86, &from, &to, at, size);
		ledger_execute(x86->ledger, 0, each);
		at += stride;
	} while (++done < most && x86->ledger->now < x86->ledger->deadline);
	tell_written(x86, &to, most * size);
	return done;
}

/* movs: SEG:(E)SI to ES:(E)DI.  charges instruction (MOVS; REP_MOVS, REP_MOVS_EACH). */
bool perform_movs(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	static const struct string_kind kind = { movs_element, movs_bulk, COST_MOVS, COST_REP_MOVS, COST_REP_MOVS_EACH,
	                                         true, true };
	return string_perform(x86, insn, &kind, fault);
}

/* --- stos --- */

static bool stos_element(struct x86 *x86, const struct x86_instruction *insn, uint32_t cycles, struct x86_fault *fault)
{
	if (!operand_write(x86, ES, string_offset(&x86->cpu, insn, EDI), &x86->cpu.reg[EAX], insn->operand_size, fault))
		return false;
	ledger_execute(x86->ledger, 0, cycles);
	return true;
}

static uint32_t stos_bulk(struct x86 *x86, const struct x86_instruction *insn, uint32_t most, uint32_t each)
{
	uint32_t size = insn->operand_size, done = 0;
	laddr_t destination;
	struct span to;

	most = fit(x86, insn, ES, EDI, most, &destination);
	if (!most || !locate(x86, destination, ACCESS_WRITE, most, size, &to))
		return 0;
	ptrdiff_t at = 0, stride = (int32_t)step(&x86->cpu, insn);
	do {
		memcpy(to.host + at, &x86->cpu.reg[EAX], size);
		if (x86->mmu.data_cache)
			pass_caches(x86, NULL, &to, at, size);
		ledger_execute(x86->ledger, 0, each);
		at += stride;
	} while (++done < most && x86->ledger->now < x86->ledger->deadline);
	tell_written(x86, &to, most * size);
	return done;
}

/* stos: the accumulator to ES:(E)DI.  charges instruction (STOS; REP_STOS, REP_STOS_EACH). */
bool perform_stos(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	static const struct string_kind kind = { stos_element, stos_bulk, COST_STOS, COST_REP_STOS, COST_REP_STOS_EACH,
	                                         false, true };
	return string_perform(x86, insn, &kind, fault);
}

/* --- lods --- */

static bool lods_element(struct x86 *x86, const struct x86_instruction *insn, uint32_t cycles, struct x86_fault *fault)
{
	uint32_t value = x86->cpu.reg[EAX];

	if (!operand_read(x86, insn->segment, string_offset(&x86->cpu, insn, ESI), &value, insn->operand_size, fault))
		return false;
	ledger_execute(x86->ledger, 0, cycles);
	x86->cpu.reg[EAX] = value;
	return true;
}

/* lods: SEG:(E)SI to the accumulator.  charges instruction (LODS; REP_LODS, REP_LODS_EACH). */
bool perform_lods(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault)
{
	static const struct string_kind kind = { lods_element, NULL, COST_LODS, COST_REP_LODS, COST_REP_LODS_EACH,
	                                         true, false };
	return string_perform(x86, insn, &kind, fault);
}
