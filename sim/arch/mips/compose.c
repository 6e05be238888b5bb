/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Composing a block: decoding its instructions, finding where it ends, what of it is not the engine's, and what it
 * costs.
 *
 *   decode_all --> find_probes --> find_stop --> find_progress --> costs
 *
 * The block's end is code's alone (timing.h).  `stop`: the engine knows other instructions than these processors, and
 * what the manuals leave undefined it does in its own way; from such an instruction on the simulator goes through the
 * block.
 *
 * Progress.  The engine reports an overflow, a misaligned address or a trap without saying where.  Of the block's
 * instructions that can bring it about it was the first whose registers say so; but where one that went well has had
 * its registers changed since, they may say so by now.  Before the next of its kind, then, the engine is to tell that
 * it has come so far: a mark.  A jump to a misaligned address is one more of the kind, at the jump.  Marks are dear,
 * so it is followed which registers hold multiples of 4 for sure: because of how they were made, or of an access that
 * went well.
 *
 * Invariants
 *   1. prefix is not decreasing and ends in base.
 *   2. a probe's no-op counts and costs nothing.
 *   3. between two instructions with progress, registers that a candidate has looked at do not change so that it
 *      could be taken for another.
 */
#include <stdlib.h>
#include <string.h>
#include "sim/arch/mips/runner.h"
#include "sim/core/error.h"

/* A block while it is decoded: one more for a slot in the next page. */
struct making {
	struct mips *mips;
	laddr_t start;
	paddr_t physical;
	unsigned n;
	bool branches, far_slot;
	unsigned stop;
	enum stop_by stop_by;
	unsigned probes;
	struct mips_instruction insn[BLOCK_MOST + 1];
	struct block_probe probe[BLOCK_MOST + 1];
	uint8_t progress[BLOCK_MOST + 1];
};

static void decode_word(const struct making *making, paddr_t physical, struct mips_instruction *insn)
{
	uint32_t word;

	memcpy(&word, making->mips->ram + physical, 4);
	mips_decode(word, making->mips->model->generation, insn);
}

/* The slot of the branch that was decoded last; in the next page, if need be, where it is now. */
static void decode_slot(struct making *making)
{
	laddr_t at = making->start + 4 * making->n;
	paddr_t physical = making->physical + 4 * making->n;
	struct mips_instruction *insn = &making->insn[making->n];
	struct mips_place place;

	making->branches = true;
	making->far_slot = !(at & PAGE_MASK);
	if (!making->far_slot)
		decode_word(making, physical, insn);
	else if (mips_look(making->mips, at, ACCESS_FETCH, mips_user_mode(making->mips), &place) && place.memory)
		decode_word(making, place.address, insn);
	else
		mips_decode(0, making->mips->model->generation, insn); /* step.c finds what is the matter */
	making->n++;
}

/* An exception, whatever the registers say. */
static bool is_call(const struct mips_instruction *insn)
{
	return insn->operation == MIPS_SYSCALL || insn->operation == MIPS_BREAK;
}

static void decode_all(struct making *making)
{
	do {
		struct mips_instruction *insn = &making->insn[making->n];
		decode_word(making, making->physical + 4 * making->n, insn);
		if (mips_operation_performed(insn->operation)) {
			making->n += making->n == 0; /* alone, or the next block */
			return;
		}
		making->n++;
		if (is_call(insn))
			return;
		if (mips_has_slot(insn)) {
			decode_slot(making);
			return;
		}
	} while ((making->start + 4 * making->n) & PAGE_MASK);
}

/* Which instructions are no-ops of probes. */
static void find_probes(struct making *making)
{
	const struct processor_code_map *map = &making->mips->code_map;
	unsigned here = making->n - making->far_slot;

	if (map->page)
		map->page(map->ctx, PAGE_OF(making->physical));
	for (unsigned n = 0; map->probe && n < here; n++) {
		int number = map->probe(map->ctx, making->physical + 4 * n);
		if (number < 0)
			continue;
		making->insn[n].absent = true;
		making->probe[making->probes++] = (struct block_probe){ (uint16_t)n, number };
	}
}

/* --- what is not the engine's --- */

/* The engine's own exception stops it there: coprocessor 0 is not usable in its modes, 1 and 2 are not there. */
static bool is_excepted(const struct mips_instruction *insn)
{
	uint32_t opcode = insn->word >> 26;

	switch (insn->operation) {
	case MIPS_SYSCALL:
	case MIPS_BREAK:
		return true;
	case MIPS_LOAD_LINKED:
	case MIPS_STORE_CONDITIONAL:
	case MIPS_SYNC:
	case MIPS_RESERVED:
		return false;
	case MIPS_COPROCESSOR:
		return opcode >= 0x10 && opcode <= 0x12;
	default:
		return opcode == 0x10 || opcode == 0x2f;
	}
}

/* A branch that cannot be left to the engine, or whose coming to its slot could not be taken up by the simulator. */
static bool is_odd_branch(const struct making *making, unsigned at)
{
	const struct mips_instruction *branch = &making->insn[at], *slot = &making->insn[at + 1];
	vaddr_t pc = making->start + 4 * at;
	bool reads_link = branch->writes && branch->reads & 1u << branch->writes;

	if (making->far_slot || reads_link || branch->odd || branch->operation == MIPS_BRANCH_LIKELY || mips_has_slot(slot) ||
	    slot->odd)
		return true;
	if (branch->operation == MIPS_JUMP_REGISTER)
		return slot->writes && slot->writes == branch->rs;
	if (branch->operation == MIPS_JUMP)
		return false;
	/* Taken or not, it goes to the same place: by where control is one could not tell. */
	return pc + 4 + ((uint32_t)branch->immediate << 2) == pc + 8;
}

static void stop_at(struct making *making, unsigned at, enum stop_by by)
{
	making->stop = at;
	making->stop_by = by;
}

static void find_stop(struct making *making)
{
	unsigned branch = making->branches ? making->n - 2 : making->n;

	stop_at(making, making->n, STOP_NOTHING);
	for (unsigned n = 0; n < making->n; n++) {
		const struct mips_instruction *insn = &making->insn[n];
		bool simulators = is_call(insn) || mips_operation_performed(insn->operation);
		if (simulators && is_excepted(insn))
			stop_at(making, n, STOP_EXCEPTION);
		else if (n == branch ? is_odd_branch(making, n) : simulators || insn->odd)
			stop_at(making, n, STOP_MARK);
		else
			continue;
		if (n == branch + 1 && making->stop_by == STOP_MARK)
			making->stop = branch; /* no engine is left between a branch and its slot */
		return;
	}
	/* What follows in the page and is a block of its own stops the engine too, or is to be marked. */
	if (making->branches || !((making->start + 4 * making->n) & PAGE_MASK))
		return;
	making->stop_by = is_excepted(&making->insn[making->n]) ? STOP_EXCEPTION : STOP_MARK;
}

/* --- progress --- */

enum kind { KIND_LOAD, KIND_STORE, KIND_OVERFLOW, KIND_TRAP, KINDS };

static enum kind kind_of(const struct mips_instruction *insn)
{
	switch (insn->operation) {
	case MIPS_LOAD:
		return insn->aligned && insn->size > 1 ? KIND_LOAD : KINDS;
	case MIPS_STORE:
		return insn->aligned && insn->size > 1 ? KIND_STORE : KINDS;
	case MIPS_OVERFLOWING:
		return KIND_OVERFLOW;
	case MIPS_TRAPPING:
		return KIND_TRAP;
	case MIPS_JUMP_REGISTER:
		return KIND_LOAD; /* its target's alignment */
	default:
		return KINDS;
	}
}

/* The registers that decide whether it comes to an exception. */
static uint32_t deciding(const struct mips_instruction *insn)
{
	bool address = kind_of(insn) == KIND_LOAD || kind_of(insn) == KIND_STORE;

	return address ? 1u << insn->rs & ~1u : insn->reads;
}

/* Adds a multiple of 4: of an address's alignment it changes nothing. */
static bool keeps_alignment(const struct mips_instruction *insn)
{
	return insn->word >> 26 == 9 && insn->rs == insn->rt && !(insn->immediate & 3);
}

/* The registers that are known to hold multiples of 4: bit n of register n. */
static bool holds(uint32_t aligned, unsigned reg) { return aligned & 1u << reg; }

/* Whether what an instruction writes is a multiple of 4. */
static bool makes_aligned(const struct mips_instruction *insn, uint32_t aligned)
{
	bool s = holds(aligned, insn->rs), t = holds(aligned, insn->rt), immediate = !(insn->immediate & 3);

	switch (insn->word >> 26) {
	case 0: break;
	case 3: return true; /* jal */
	case 8:
	case 9:
	case 13:
	case 14: return s && immediate;
	case 12: return s || immediate;
	case 15: return true;
	default: return false;
	}
	switch (insn->word & 63) {
	case 0: return t || insn->shift >= 2;
	case 9: return true; /* jalr */
	case 33:
	case 35:
	case 37:
	case 38: return s && t;
	case 36: return s || t;
	default: return false;
	}
}

static bool is_address(enum kind kind) { return kind == KIND_LOAD || kind == KIND_STORE; }

/* Its offset is a multiple of what it accesses. */
static bool is_offset_even(const struct mips_instruction *insn)
{
	return !insn->size || !(insn->immediate & (insn->size - 1));
}

/* While a block's progress is found. */
struct looking {
	uint32_t aligned;
	uint32_t looked[KINDS];  /* registers that decided whether a candidate goes well */
	uint32_t uneven[KINDS];  /* of them those with an offset that is not even */
	bool unsure[KINDS];      /* a candidate that went well could be taken for one that has not */
};

static void look_at(struct looking *looking, const struct mips_instruction *insn, enum kind kind)
{
	looking->looked[kind] |= deciding(insn);
	if (!is_address(kind))
		return;
	if (!is_offset_even(insn))
		looking->uneven[kind] |= deciding(insn);
	else if (insn->size != 2) /* it went well: from here on this is known */
		looking->aligned |= 1u << insn->rs;
}

static void note_written(struct looking *looking, const struct mips_instruction *insn)
{
	uint32_t bit = 1u << insn->writes;
	bool aligned = makes_aligned(insn, looking->aligned);

	if (!insn->writes)
		return;
	looking->aligned = aligned ? looking->aligned | bit : looking->aligned & ~bit;
	for (unsigned kind = 0; kind < KINDS; kind++) {
		bool harmless = is_address(kind) && (keeps_alignment(insn) || (aligned && !(looking->uneven[kind] & bit)));
		if (looking->looked[kind] & bit && !harmless)
			looking->unsure[kind] = true;
	}
}

static void find_progress(struct making *making)
{
	struct looking looking = { .aligned = 1 };

	for (unsigned n = 0; n < making->stop; n++) {
		const struct mips_instruction *insn = &making->insn[n];
		enum kind kind = kind_of(insn);
		if (is_address(kind) && holds(looking.aligned, insn->rs) && is_offset_even(insn)) {
			making->progress[n] = PROGRESS_SAFE;
			kind = KINDS;
		}
		if (kind != KINDS && looking.unsure[kind]) {
			making->progress[n] = PROGRESS_MARK;
			looking = (struct looking){ .aligned = looking.aligned };
		}
		if (kind != KINDS)
			look_at(&looking, insn, kind);
		note_written(&looking, insn);
	}
}

/* --- the block --- */

static void *arena_take(uint8_t **arena, size_t size)
{
	void *taken = *arena;

	*arena += (size + 7) & ~(size_t)7;
	return taken;
}

/* One allocation for a block and all that hangs on it. */
static struct block *allocate(const struct making *making)
{
	size_t n = making->n;
	size_t each = sizeof(struct mips_instruction) + 4 + 1 + 4 + sizeof(struct late_load);
	uint8_t *arena = calloc(1, sizeof(struct block) + n * each + making->probes * sizeof(struct block_probe) + 80);

	muk_assert(arena); /* nothing can be run without it */
	struct block *block = arena_take(&arena, sizeof *block);
	block->insn = arena_take(&arena, n * sizeof *block->insn);
	block->prefix = arena_take(&arena, (n + 1) * 4);
	block->progress = arena_take(&arena, n);
	block->store = arena_take(&arena, n * 4);
	block->late = arena_take(&arena, n * sizeof *block->late);
	block->probe = arena_take(&arena, making->probes * sizeof *block->probe);
	return block;
}

/* Goes to itself, and nothing in it changes a register or memory. */
static bool is_idle(const struct making *making)
{
	laddr_t branch = making->start + 4 * (making->n - 2);

	if (!making->branches || making->far_slot || making->probes)
		return false;
	const struct mips_instruction *last = &making->insn[making->n - 2];
	if (last->operation == MIPS_JUMP_REGISTER || mips_branch_target(last, branch, making->mips->cpu.reg) != making->start)
		return false;
	for (unsigned n = 0; n < making->n; n++) {
		const struct mips_instruction *insn = &making->insn[n];
		bool quiet = insn->operation == MIPS_ORDINARY || (mips_has_slot(insn) && n + 2 == making->n);
		if (!quiet || insn->writes)
			return false;
	}
	return true;
}

static void set_kind(struct block *block, const struct making *making)
{
	bool marks = making->probes || making->stop_by == STOP_MARK;

	block->stop = (uint16_t)making->stop;
	block->stop_by = (uint8_t)making->stop_by;
	block->slack = making->stop == making->n && making->stop_by == STOP_EXCEPTION ? 4 : 0;
	if (making->stop_by == STOP_MARK)
		block->slack = UINT16_MAX - PAGE_SIZE;
	block->branches = making->branches;
	block->jumps = making->branches && making->insn[making->n - 2].operation >= MIPS_JUMP;
	block->far_slot = making->far_slot;
	block->idle = is_idle(making);
	block->brief = !making->branches && making->n <= 4 && making->stop_by != STOP_NOTHING;
	for (unsigned n = 0; n < making->stop; n++)
		marks |= making->progress[n] == PROGRESS_MARK;
	block->marked = !marks || !making->stop;
	block->attention = block->idle || !making->stop || !block->marked || making->far_slot;
}

static void set_costs(struct block *block, const struct mips *mips)
{
	struct mips_block_cost cost;

	mips_block_cost(mips->model, block->insn, block->instructions, block->prefix, &cost);
	block->base = cost.cycles;
	block->slot_taken = block->branches ? cost.taken : 0;
	block->cycles = cost.cycles + (block->jumps ? cost.taken : 0);
	block->taken = block->jumps ? 0 : block->slot_taken;
	for (unsigned n = 0; n < block->instructions; n++) {
		block->count += !block->insn[n].absent;
		block->writes |= (1u << block->insn[n].writes & ~1u) | block->insn[n].writes_hilo;
	}
	mips_pace_block(mips, block);
}

static struct block *finish_block(const struct making *making)
{
	struct mips *mips = making->mips;
	struct block *block = allocate(making);

	memcpy(block->insn, making->insn, making->n * sizeof *block->insn);
	memcpy(block->probe, making->probe, making->probes * sizeof *block->probe);
	memcpy(block->progress, making->progress, making->n);
	block->probes = (uint16_t)making->probes;
	block->start = making->start;
	block->physical = making->physical;
	block->instructions = (uint16_t)making->n;
	block->bytes = (uint16_t)(4 * making->n);
	block->next = making->start + block->bytes;
	block->function = mips->code_map.function ? mips->code_map.function(mips->code_map.ctx, making->physical) : 0;
	set_kind(block, making);
	set_costs(block, mips);
	return block;
}

struct block *mips_compose_block(struct mips *mips, laddr_t address)
{
	struct making making;

	making.mips = mips;
	making.start = address;
	making.physical = mips->runner->code->frame << PAGE_SHIFT | (address & PAGE_MASK);
	making.n = making.probes = 0;
	making.branches = making.far_slot = false;
	decode_all(&making);
	memset(making.progress, 0, making.n);
	find_probes(&making);
	find_stop(&making);
	find_progress(&making);
	return finish_block(&making);
}
