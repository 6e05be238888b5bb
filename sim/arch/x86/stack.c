/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stacks: pushes and pops of the instructions and transfers that the simulator performs, and the
 * stacks of inner rings that the TSS names.
 *
 * Source: i386 §2.2.3 (stack), §6.3.4.1 (stack switching), instruction CALL and INT.
 *
 *   stack_current -.                                .-> stack_commit (ESP; SS by the caller)
 *                  +-> stack_push, stack_pop, ... --+
 *   stack_inner ---'                                '-> dropped: nothing has happened
 *
 * Invariants
 *   1. the B bit of the stack's own segment tells whether SP or ESP is used; the upper half of ESP stays with SP.
 *   2. all elements of a push are checked against the segment before one of them is written; and against the pages,
 *      unless they are on one page, whose first write tells for all.
 *   3. an element may wrap from offset 0 to the segment's end, but never lies across it.
 */
#include "sim/arch/x86/performing.h"

enum { LONGEST = 4 }; /* double words that one access moves at most */

struct x86_stack stack_current(const struct x86 *x86, uint32_t ext)
{
	const struct x86_cpu *cpu = &x86->cpu;
	return (struct x86_stack){ cpu->seg[SS], cpu->reg[ESP], privilege_of(cpu->cpl), ext };
}

static uint32_t moved(const struct x86_stack *stack, uint32_t sp, uint32_t amount)
{
	if (stack->ss.rights & RIGHTS_BIG)
		return sp + amount;
	return (sp & 0xffff0000u) | ((sp + amount) & 0xffff);
}

static vaddr_t offset_of(const struct x86_stack *stack, uint32_t sp)
{
	return stack->ss.rights & RIGHTS_BIG ? sp : sp & 0xffff;
}

static bool within(const struct x86_stack *stack, uint32_t sp, unsigned size, struct x86_fault *fault)
{
	if (stack->ss.usable && segment_within(&stack->ss, offset_of(stack, sp), size))
		return true;
	return fault_error(fault, VECTOR_SS, stack->ext);
}

bool stack_inner(struct x86 *x86, uint32_t cpl, uint32_t ext, struct x86_stack *stack, struct segment_choice *ss,
                 struct x86_fault *fault)
{
	const struct x86_segment_cache *tr = &x86->cpu.tr;
	uint32_t at = TSS_ESP0 + cpl * TSS_STACK_STRIDE;
	uint32_t pointer[2];

	if (!tr->usable || at + sizeof(pointer) - 1 > tr->limit)
		return fault_selector(fault, VECTOR_TS, tr->selector, ext);
	if (!x86_read(x86, tr->base + at, pointer, sizeof(pointer), AS_SUPERVISOR, fault))
		return false;
	if (!segment_choose_stack(x86, (uint16_t)pointer[1], cpl, VECTOR_TS, ext, ss, fault))
		return false;
	*stack = (struct x86_stack){ ss->cache, pointer[0], privilege_of(cpl), ext };
	return true;
}

/* Whether bytes from lowest on lie on one page and in one piece: then they cannot fault half way. */
static bool is_on_one_page(const struct x86_stack *stack, uint32_t lowest, uint32_t bytes)
{
	laddr_t first = stack->ss.base + offset_of(stack, lowest);
	bool whole = stack->ss.rights & RIGHTS_BIG || offset_of(stack, lowest) + bytes <= 0x10000;

	return whole && PAGE_OF(first) == PAGE_OF(first + bytes - 1);
}

bool stack_room(struct x86 *x86, const struct x86_stack *stack, unsigned width, unsigned count, struct x86_fault *fault)
{
	uint32_t sp = stack->sp;

	for (unsigned i = 0; i < count; i++) {
		sp = moved(stack, sp, 0u - width);
		if (!within(stack, sp, width, fault))
			return false;
	}
	if (is_on_one_page(stack, sp, width * count))
		return true;
	sp = stack->sp;
	for (unsigned i = 0; i < count; i++) {
		sp = moved(stack, sp, 0u - width);
		if (!x86_probe_write(x86, stack->ss.base + offset_of(stack, sp), width, stack->as, fault))
			return false;
	}
	return true;
}

bool stack_push(struct x86 *x86, struct x86_stack *stack, unsigned width, const uint32_t *value, unsigned count,
                struct x86_fault *fault)
{
	return stack_room(x86, stack, width, count, fault) &&
	       stack_push_checked(x86, stack, width, value, count, fault);
}

/* How many of count double words may be moved by one access with the same effect: those on one page, where no cache
 * that sees each of them is modelled. */
static unsigned at_once(const struct x86 *x86, const struct x86_stack *stack, uint32_t lowest, unsigned width,
                        unsigned count)
{
	return width == 4 && count > 1 && !x86->mmu.data_cache && is_on_one_page(stack, lowest, 4 * count) ? count : 1;
}

static unsigned least(unsigned a, unsigned b) { return a < b ? a : b; }

bool stack_push_checked(struct x86 *x86, struct x86_stack *stack, unsigned width, const uint32_t *value, unsigned count,
                        struct x86_fault *fault)
{
	uint32_t sp = stack->sp, image[LONGEST];

	for (unsigned done = 0, n; done < count; done += n) {
		n = least(count - done, LONGEST);
		n = at_once(x86, stack, moved(stack, sp, 0u - 4 * n), width, n);
		for (unsigned i = 0; i < n; i++)
			image[n - 1 - i] = value[done + i];
		sp = moved(stack, sp, 0u - width * n);
		if (!x86_write(x86, stack->ss.base + offset_of(stack, sp), image, width * n, stack->as, fault))
			return false;
	}
	stack->sp = sp;
	return true;
}

bool stack_pop(struct x86 *x86, struct x86_stack *stack, unsigned width, uint32_t *value, unsigned count,
               struct x86_fault *fault)
{
	uint32_t sp = stack->sp;

	for (unsigned done = 0, n; done < count; done += n) {
		n = at_once(x86, stack, sp, width, least(count - done, LONGEST));
		value[done] = 0;
		if (!within(stack, sp, width * n, fault) ||
		    !x86_read(x86, stack->ss.base + offset_of(stack, sp), &value[done], width * n, stack->as, fault))
			return false;
		sp = moved(stack, sp, width * n);
	}
	stack->sp = sp;
	return true;
}

void stack_skip(struct x86_stack *stack, uint32_t bytes)
{
	stack->sp = moved(stack, stack->sp, bytes);
}

void stack_commit(struct x86 *x86, const struct x86_stack *stack)
{
	uint32_t *esp = &x86->cpu.reg[ESP];
	*esp = stack->ss.rights & RIGHTS_BIG ? stack->sp : (*esp & 0xffff0000u) | (stack->sp & 0xffff);
}
