/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A refill without end: software that is to mend a TLB miss, and after which the same instruction misses again, and
 * again.  Real machines hang; a run ends with a sentence that says which instruction.
 *
 *              an exception of the TLB, at another instruction or with other registers, WATCH_OTHERS times
 *          .---------------------------------------------------------------------------------------------.
 *          v                                                                                             |
 *   WATCHED instruction ---- the same exception, registers as they were ----> once more ---- WATCH_MOST: shutdown
 *          ^                                                                   |
 *          '-------- an interrupt, an access to a device ----------------------'
 *          '-------- the user's program has missed elsewhere: it gets on ------'
 *
 * It is no accident then: nothing that the instruction's program can see has changed (k0 and k1, which belong to the
 * handlers, aside), no interrupt came and no device was asked, so that what the handlers do next is what they did.
 * Other exceptions may lie between, as the handler's own on its tables do.  Those of another of the user's instructions
 * do not: what was watched has been executed, and may miss with the same registers in each round of a loop whose count
 * is in memory.
 */
#include <stdio.h>
#include <string.h>

#include "sim/arch/mips/perform.h"

enum { WATCH_MOST = 10000, WATCH_OTHERS = 8 };

static bool of_tlb(int code)
{
	return code == EXC_TLBL || code == EXC_TLBS || code == EXC_MOD;
}

/* What the interrupted program is, as far as it goes on from here. */
static void look(const struct mips *mips, const struct mips_fault *fault, struct mips_watched *now)
{
	const struct mips_cpu *cpu = &mips->cpu;

	memset(now, 0, sizeof *now);
	memcpy(now->reg, cpu->reg, sizeof now->reg);
	now->reg[R_K0] = now->reg[R_K1] = 0;
	now->hi = cpu->hi;
	now->lo = cpu->lo;
	now->pc = cpu->pc;
	now->in_slot = cpu->in_slot;
	now->address = fault->address;
	now->code = (uint32_t)fault->code;
	now->bus_io = mips->ledger->total[CAUSE_BUS_IO];
}

/* Where the program would go on: at the branch, if it is its slot that misses. */
static vaddr_t restart(const struct mips_watched *at)
{
	return at->in_slot ? at->pc - 4 : at->pc;
}

/* Both are the user's, whose code alone is in kuseg, and the program has come from the one to the other. */
static bool got_on(const struct mips_watched *from, const struct mips_watched *to)
{
	return from->pc < KSEG0 && to->pc < KSEG0 && restart(from) != restart(to);
}

static void give_up(struct mips *mips)
{
	const struct mips_watched *watched = &mips->watch.watched;

	snprintf(mips->reason, sizeof mips->reason,
	         "a refill without end: the instruction at 0x%08x has missed page 0x%05x %u times",
	         (unsigned)watched->pc, (unsigned)PAGE_OF(watched->address), (unsigned)WATCH_MOST);
	mips->cpu.shutdown = true;
}

void mips_watch_fault(struct mips *mips, const struct mips_fault *fault)
{
	struct mips_watch *watch = &mips->watch;
	struct mips_watched now;

	if (!of_tlb(fault->code) || mips->cpu.shutdown)
		return;
	look(mips, fault, &now);
	if (watch->times && !memcmp(&now, &watch->watched, sizeof now)) {
		watch->others = 0;
		if (++watch->times == WATCH_MOST)
			give_up(mips);
	} else if (!watch->times || got_on(&watch->watched, &now) || ++watch->others == WATCH_OTHERS) {
		*watch = (struct mips_watch){ .watched = now, .times = 1 };
	}
}

void mips_watch_interrupt(struct mips *mips)
{
	mips->watch.times = 0;
}

void mips_watch_state(struct stream *stream, struct mips *mips)
{
	struct mips_watched *watched = &mips->watch.watched;

	stream_field(stream, watched->reg);
	stream_field(stream, watched->hi);
	stream_field(stream, watched->lo);
	stream_field(stream, watched->pc);
	stream_field(stream, watched->in_slot);
	stream_field(stream, watched->address);
	stream_field(stream, watched->code);
	stream_field(stream, watched->bus_io);
	stream_field(stream, mips->watch.times);
	stream_field(stream, mips->watch.others);
}
