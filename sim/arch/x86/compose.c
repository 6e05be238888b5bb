/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Composing a block: decoding its instructions, finding where it ends, and what it costs.
 *
 *   decode_all --> finish_block: probes, kind, counts, costs, attention
 *
 * Where a block ends: runner.h.  All that hangs on a block is one allocation with it.
 *
 * Invariants
 *   1. offset is increasing; counted and prefix are not decreasing, and end in count and cycles.
 *   2. a probe's no-op counts and costs nothing, and is as if it were not there for its neighbours.
 */
#include <stdlib.h>
#include <string.h>
#include "sim/arch/x86/runner.h"
#include "sim/core/error.h"

/* A block while it is decoded. */
struct making {
	struct x86 *x86;
	laddr_t start;
	uint32_t most;           /* bytes */
	unsigned most_instructions;
	bool guess;              /* where the engine's block ends is not known: at a transfer */
	unsigned n;
	unsigned operations;     /* of the engine's, at most */
	uint32_t bytes;
	enum block_cut cut;
	bool crossing;
	struct x86_instruction insn[BLOCK_INSTRUCTIONS];
	uint16_t offset[BLOCK_INSTRUCTIONS];
};

static bool is_repeated(const struct x86_instruction *insn)
{
	return insn->rep && (insn->operation == OP_CMPS || insn->operation == OP_SCAS);
}

/* An instruction that is a block of its own; crossing ones besides. */
static bool stands_alone(const struct x86_instruction *insn)
{
	return x86_operation_performed(insn->operation) || is_repeated(insn);
}

static bool crosses(laddr_t address, const struct x86_instruction *insn)
{
	return !insn->length || (address & PAGE_MASK) + insn->length > PAGE_SIZE;
}

/*
 * The engine ends a block when it has made some 4000 operations of it, of which each access takes more where a hook sees
 * it.  So that blocks are the same in all gears, one ends well before that: operations are counted at their most.
 */
enum { OPERATIONS_MOST = 2400, OPERATIONS_INSTRUCTION = 16, OPERATIONS_ACCESS = 12 };

static unsigned operations(const struct x86_instruction *insn)
{
	unsigned accesses = insn->stack != 0;

	if (insn->has_memory)
		accesses += (insn->reads + insn->writes) * (insn->memory_size > 4 ? 2u : 1u);
	if (insn->operation == OP_PUSHA || insn->operation == OP_POPA)
		accesses += 8;
	else if (insn->operation == OP_ENTER)
		accesses += 2 * (insn->immediate2 & 31u);
	else if (insn->operation == OP_CMPS || insn->operation == OP_SCAS)
		accesses += 2;
	return OPERATIONS_INSTRUCTION + accesses * OPERATIONS_ACCESS;
}

/* Decodes from start on until the engine's block or the book's ends. */
static void decode_all(struct making *making)
{
	while (making->n < making->most_instructions && making->bytes < making->most) {
		struct x86_instruction *insn = &making->insn[making->n];
		laddr_t at = making->start + making->bytes;
		bool first = making->n == 0;

		if (PAGE_OF(at) != PAGE_OF(making->start)) {
			making->cut = CUT_BLOCK;
			return;
		}
		code_decode(making->x86, at, insn);
		bool crossing = crosses(at, insn), alone = crossing || stands_alone(insn);
		if (alone && !first) {
			making->cut = x86_operation_performed(insn->operation) && !crossing ? CUT_PERFORMED : CUT_BLOCK;
			return;
		}
		making->operations += operations(insn);
		if (!first && making->operations > OPERATIONS_MOST) {
			making->cut = CUT_PERFORMED;
			return;
		}
		making->offset[making->n++] = (uint16_t)making->bytes;
		making->bytes += insn->length;
		making->crossing = crossing;
		if (alone) {
			making->cut = making->bytes < making->most ? CUT_BLOCK : CUT_NONE;
			return;
		}
		if (making->guess && insn->ends_block)
			return;
	}
}

static void *arena_take(uint8_t **arena, size_t size)
{
	void *taken = *arena;

	*arena += (size + 7) & ~(size_t)7;
	return taken;
}

/* One allocation for a block and all that hangs on it. */
static struct block *allocate(const struct making *making, unsigned probes)
{
	size_t n = making->n;
	size_t size = sizeof(struct block) + 16 + (n + 8) * 2 + (n + 9) * 2 + (n + 3) * 4 + making->bytes + 8 +
	              sizeof(struct x86_instruction) + 8 + (probes + 1) * sizeof(struct block_probe);
	uint8_t *arena = calloc(1, size);

	muk_assert(arena); /* nothing can be run without it */
	struct block *block = arena_take(&arena, sizeof *block);
	block->offset = arena_take(&arena, n * 2);
	block->counted = arena_take(&arena, (n + 1) * 2);
	block->prefix = arena_take(&arena, (n + 1) * 4);
	block->insn = arena_take(&arena, sizeof *block->insn);
	block->probe = arena_take(&arena, probes * sizeof *block->probe);
	block->code = arena;
	return block;
}

/* Which instructions are no-ops of probes: they cost nothing and count as nothing. */
static unsigned find_probes(struct making *making, struct block_probe *probe)
{
	struct x86 *x86 = making->x86;
	paddr_t physical = x86->runner->code->frame << PAGE_SHIFT | (making->start & PAGE_MASK);
	unsigned found = 0;

	if (!x86->code_map.probe)
		return 0;
	for (unsigned n = 0; n < making->n; n++) {
		int number = x86->code_map.probe(x86->code_map.ctx, physical + making->offset[n]);
		if (number < 0 || found == 255)
			continue;
		making->insn[n].absent = true;
		probe[found++] = (struct block_probe){ (uint8_t)n, making->start + making->offset[n], number };
	}
	return found;
}

static uint8_t attention_of(const struct making *making)
{
	uint8_t attention = ATTEND_CODE;

	for (unsigned n = 0; n < making->n; n++) {
		const struct x86_instruction *insn = &making->insn[n];
		if (insn->has_memory && (insn->reads || insn->writes))
			attention |= ATTEND_SEGMENT << insn->segment;
		if (insn->stack || insn->operation == OP_ENTER || insn->operation == OP_PUSHA ||
		    insn->operation == OP_POPA)
			attention |= ATTEND_SEGMENT << SS;
		if (insn->operation == OP_CMPS)
			attention |= ATTEND_SEGMENT << insn->segment | ATTEND_SEGMENT << ES;
		if (insn->operation == OP_SCAS)
			attention |= ATTEND_SEGMENT << ES;
	}
	return attention;
}

static void set_counts(struct block *block, const struct making *making)
{
	for (unsigned n = 0; n < making->n; n++) {
		block->offset[n] = making->offset[n];
		block->counted[n + 1] = (uint16_t)(block->counted[n] + !making->insn[n].absent);
	}
	block->count = block->counted[making->n];
}

static void set_costs(struct block *block, const struct making *making, const struct x86 *x86)
{
	struct x86_block_cost cost;

	x86_block_cost(x86->model, making->insn, making->n, block->prefix, &cost);
	block->cycles = cost.cycles;
	block->taken = cost.taken;
	block->predicted = cost.predicted;
	block->conditional = cost.conditional;
	block->begin = cost.begin;
}

static bool is_careful(const struct x86_instruction *insn)
{
	return insn->has_memory && ((insn->writes && insn->segment == CS) || rotates_through_carry(insn));
}

/* What kind of block it is, by its first and last instruction. */
static void set_kind(struct block *block, const struct making *making)
{
	const struct x86_instruction *first = &making->insn[0], *last = &making->insn[making->n - 1];

	block->performed = x86_operation_performed(first->operation);
	block->repeated = is_repeated(first);
	block->crossing = making->crossing;
	block->short_count = first->address_size == 2;
	block->last = last->operation;
	block->branch = making->start + making->offset[making->n - 1];
	block->cut = making->cut;
	block->attention = attention_of(making);
	*block->insn = *first;
	for (unsigned n = 0; n < making->n; n++)
		block->careful |= is_careful(&making->insn[n]);
	if (block->performed || block->repeated || block->crossing || block->careful)
		block->attention |= ATTEND_ALWAYS;
}

static struct block *finish_block(struct making *making, uint32_t engine_size)
{
	struct x86 *x86 = making->x86;
	struct block_probe probe[256];
	uint32_t frame = x86->runner->code->frame;
	paddr_t physical = frame << PAGE_SHIFT | (making->start & PAGE_MASK);

	if (x86->code_map.page)
		x86->code_map.page(x86->code_map.ctx, frame);
	unsigned probes = find_probes(making, probe);
	struct block *block = allocate(making, probes);

	memcpy(block->probe, probe, probes * sizeof *probe);
	block->probes = (uint8_t)probes;
	block->start = making->start;
	block->next = making->start + making->bytes;
	block->bytes = (uint16_t)making->bytes;
	block->engine_size = (uint16_t)engine_size;
	block->instructions = (uint16_t)making->n;
	set_kind(block, making);
	set_counts(block, making);
	if (!block->performed)
		set_costs(block, making, x86);
	code_read(x86, block->start, block->code, block->bytes);
	block->function = x86->code_map.function ? x86->code_map.function(x86->code_map.ctx, physical) : 0;
	block->marked = !probes && block->cut == CUT_NONE;
	if (x86->mmu.code_cache)
		block->attention |= ATTEND_ALWAYS;
	return block;
}

struct block *compose_block(struct x86 *x86, laddr_t address, uint32_t size, unsigned most, bool guess)
{
	struct making making;

	making.x86 = x86;
	making.start = address;
	making.most = size;
	making.most_instructions = most;
	making.guess = guess;
	making.n = making.operations = making.bytes = 0;
	making.cut = CUT_NONE;
	making.crossing = false;
	decode_all(&making);
	return finish_block(&making, size);
}
