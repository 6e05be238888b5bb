/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A random stream of performed instructions over random tables: whatever faults has changed nothing, whatever
 * succeeds keeps the processor's invariants, and every cycle is accounted for.
 */
#include "bed.h"

static uint64_t state;

static uint32_t random_word(void)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(state >> 33);
}

static uint32_t below(uint32_t limit)
{
	return random_word() % limit;
}

/* Instructions that depend on tables, stacks and selectors; the rest are registers alone. */
static const uint8_t menu[][4] = {
	{ 2, 0x8e, 0xd8 }, { 2, 0x8e, 0xc0 }, { 2, 0x8e, 0xd0 }, { 2, 0x8e, 0xe8 }, { 1, 0x1f }, { 1, 0x17 },
	{ 1, 0x07 }, { 2, 0x0f, 0xa1 }, { 2, 0xc5, 0x0b }, { 3, 0x0f, 0xb2, 0x23 }, { 2, 0xff, 0x2b },
	{ 2, 0xff, 0x1b }, { 1, 0xcf }, { 1, 0xcb }, { 3, 0xca, 0x08, 0x00 }, { 3, 0x0f, 0x00, 0xd0 },
	{ 3, 0x0f, 0x00, 0xd8 }, { 3, 0x0f, 0x02, 0xc8 }, { 3, 0x0f, 0x03, 0xc8 }, { 1, 0x9d }, { 1, 0x9c },
	{ 1, 0xfa }, { 1, 0xfb }, { 1, 0xec }, { 1, 0xef }, { 1, 0x6d }, { 1, 0x6e }, { 1, 0xa5 },
	{ 1, 0xab }, { 1, 0xad }, { 3, 0x0f, 0x01, 0x13 }, { 3, 0x0f, 0x01, 0x0b }, { 2, 0x66, 0xcf },
	{ 2, 0x66, 0xcb }, { 2, 0x63, 0x0b }, { 3, 0x0f, 0x01, 0xf0 }, { 1, 0x06 }, { 1, 0x0e },
	{ 2, 0x8c, 0x1b },
};

static uint16_t random_selector(void)
{
	static const uint16_t known[] = { 0,          CODE0,          DATA0,  CODE1,      DATA1,     CODE3, DATA3,
		                          CONFORMING, CONFORMING | 3, TSS,    TSS_OTHER,  LDT,       FREE,  FREE2,
		                          LOCAL,      LOCAL | 3,      BEYOND, CODE3 & ~3, DATA3 & ~3 };
	return below(8) ? known[below(sizeof(known) / sizeof(known[0]))] : (uint16_t)random_word();
}

static unsigned random_access(void)
{
	static const uint8_t kinds[] = { IS_DATA, IS_READ_ONLY, IS_DOWN,   IS_CODE, IS_CODE_ONLY, IS_CONFORMING,
		                         IS_TSS,  IS_CALL,      IS_CALL16, IS_TASK, IS_LDT };
	return (kinds[below(sizeof(kinds))] | ACCESS_DPL(below(4))) ^ (below(6) ? 0 : ABSENT);
}

static void random_tables(struct bed *bed)
{
	bed_segment(bed, FREE, below(2) ? 0 : 0x3100, below(2) ? 0xfffff : below(0x9000), random_access(),
	            below(2) ? G | B : B);
	bed_gate(bed, FREE2, random_selector(), 0x4000 + below(0x8000), random_access(), below(32));
	bed_local(bed, LOCAL, 0, 0xfffff, random_access(), G | B);
	for (unsigned i = 0; i < 6; i++)
		bed_put(bed, BED_TSS2 + TSS_SEGMENTS + 4 * i, i == CS ? CODE3 : DATA3);
	if (below(3) == 0)
		bed_put(bed, BED_TSS + TSS_SS0, random_selector());
	bed_put(bed, BED_TSS + TSS_LINK, random_selector());
	bed_paging(bed);
	bed_page(bed, 0x1000 * (1 + below(9)), below(2) ? 0 : PAGE_P | (below(2) ? PAGE_U : 0));
	if (below(2))
		bed->x86.cpu.cr0 |= CR0_WP;
}

static void random_stack(struct bed *bed)
{
	struct x86_cpu *cpu = &bed->x86.cpu;

	for (unsigned i = 0; i < 4; i++)
		bed_push(bed, below(3) ? random_selector() : random_word());
	bed_push(bed, below(2) ? below(0x9000) : 0x3000u | EFLAGS_ONE);
	bed_push(bed, random_selector());
	bed_push(bed, below(0x10000));
	cpu->reg[EAX] = random_selector();
	cpu->reg[EBX] = BED_DATA + below(0x1000);
	cpu->reg[EDX] = below(0x200);
	cpu->reg[ESI] = 0x8000 + below(0x3000);
	cpu->reg[EDI] = 0x8000 + below(0x3000);
	bed_put(bed, cpu->reg[EBX], below(0x9000));
	bed_put(bed, cpu->reg[EBX] + 4, random_selector());
	if (below(4) == 0)
		cpu->eflags |= EFLAGS_NT;
	if (below(3) == 0)
		cpu->eflags |= below(4) << EFLAGS_IOPL_SHIFT;
}

static void assert_sound(const struct bed *bed, unsigned seed)
{
	const struct x86_cpu *cpu = &bed->x86.cpu;

	cr_assert_eq(cpu->seg[CS].selector & 3u, cpu->cpl, "seed %u", seed);
	cr_assert(cpu->seg[CS].usable && (cpu->seg[CS].rights & RIGHTS_CODE), "seed %u", seed);
	cr_assert(cpu->seg[SS].usable && RIGHTS_DPL(cpu->seg[SS].rights) == cpu->cpl, "seed %u", seed);
	cr_assert(cpu->eip <= cpu->seg[CS].limit, "seed %u", seed);
	cr_assert(cpu->eflags & EFLAGS_ONE, "seed %u", seed);
	cr_assert(!(cpu->eflags & EFLAGS_VM), "seed %u", seed);
	for (unsigned i = 0; i < SEGMENTS; i++)
		cr_assert(!cpu->seg[i].usable ||
		          (cpu->seg[i].rights & (RIGHTS_S | RIGHTS_PRESENT)) == (RIGHTS_S | RIGHTS_PRESENT));
}

/* One random bed and one instruction on it; returns whether it faulted. */
static bool try_one(unsigned seed, unsigned trap)
{
	static const uint8_t rings[] = { 0, 1, 3 };
	struct bed *bed;

	state = seed;
	random_word();
	bed = bed_create(3 + below(3), rings[below(3)]);
	random_tables(bed);
	random_stack(bed);
	struct bed_copy *copy = bed_copy(bed);
	bool faulted = false;
	if (trap) {
		bed_vector(bed, trap, random_selector(), 0x4000 + below(0x8000),
		           (below(2) ? IS_INT : IS_TRAP) | ACCESS_DPL(3));
		x86_trap(&bed->x86, (int)trap, TRAP_SOFTWARE, bed->x86.cpu.eip + 2, false, 0);
	} else {
		const uint8_t *row = menu[below(sizeof(menu) / sizeof(menu[0]))];
		faulted = bed_perform(bed, row + 1, row[0]) >= 0;
	}
	bool switched = bed->ledger.total[CAUSE_TASK_SWITCH] != 0;
	if (faulted && !switched)
		cr_assert(bed_same(bed, copy), "seed %u: vector %d", seed, bed->fault.vector);
	else if (!faulted && !bed->unsupported && !bed->x86.cpu.shutdown)
		assert_sound(bed, seed);
	ledger_settle(&bed->ledger);
	free(copy);
	bed_destroy(bed);
	return faulted;
}

Test(stream, no_fault_changes_the_cpu_or_memory)
{
	unsigned faults = 0, count = 20000;

	for (unsigned seed = 0; seed < count; seed++)
		faults += try_one(seed, 0);
	cr_assert(faults > count / 5 && faults < count * 4 / 5, "both kinds must be met: %u faults", faults);
}

Test(stream, every_trap_arrives_somewhere_sound_or_shuts_down)
{
	for (unsigned seed = 0; seed < 10000; seed++)
		try_one(seed + 1000000, 0x40);
}
